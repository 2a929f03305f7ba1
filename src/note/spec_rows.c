/* spec_rows.c - a figure's rows, as many as its limit says, as JSON. */
#include "note/spec_parts.h"
#include "note/thin.h"

#include <ermine/memory.h>
#include <math.h>
#include <stdio.h>

json_t *er_spec_made(struct er_spec *m, json_t *value)
{
    if (!value) m->failed = true;
    return value;
}

void er_spec_put(struct er_spec *m, json_t *object, const char *key, json_t *value)
{
    if (json_object_set_new(object, key, value) != 0) m->failed = true;
}

void er_spec_append(struct er_spec *m, json_t *array, json_t *value)
{
    if (json_array_append_new(array, value) != 0) m->failed = true;
}

void er_spec_text(struct er_spec *m, json_t *object, const char *key, const char *text)
{
    er_spec_put(m, object, key, json_string(text));
}

json_t *er_spec_object(struct er_spec *m, const char *key, json_t *value)
{
    json_t *object = er_spec_made(m, json_object());
    er_spec_put(m, object, key, value);
    return object;
}

json_t *er_spec_number(struct er_spec *m, double value)
{
    const bool whole = value == floor(value) && fabs(value) < 1e15;
    return er_spec_made(m, !isfinite(value) ? json_null()
                           : whole          ? json_integer((json_int_t)value)
                                            : json_real(value));
}

static void put_number(struct er_spec *m, json_t *object, const char *key, double value)
{
    er_spec_put(m, object, key, er_spec_number(m, value));
}

static bool shown(double value, bool logarithmic)
{
    return !logarithmic || value > 0;
}

static double or_null(double value, bool logarithmic)
{
    return shown(value, logarithmic) ? value : (double)NAN;
}

static void put_level(struct er_spec *m, json_t *object, const char *key, const struct er_values *values,
                      int64_t i)
{
    if (values->numeric)
        put_number(m, object, key, values->number[i]);
    else
        er_spec_text(m, object, key, values->text[i]);
}

json_t *er_spec_row(struct er_spec *m, const struct er_series *series, double x, int64_t table_row)
{
    const struct er_aggregate *aggregate = &m->drawing->aggregate;
    const struct er_view *view = m->view;
    json_t *object = er_spec_made(m, json_object());
    if (!view->x_numeric)
        er_spec_text(m, object, m->x, aggregate->x.text[(int64_t)x]);
    else if (view->x >= 0)
        put_number(m, object, m->x, x);
    if (view->colour >= 0 && aggregate->continuum)
        put_number(m, object, m->colour,
                   view->table->cell[table_row * view->table->columns + view->colour].number);
    else if (view->colour >= 0 && series->colour != ER_SHARED)
        put_level(m, object, m->colour, &aggregate->colour, series->colour);
    if (m->folded || series->y >= view->n_y) er_spec_text(m, object, "quantity", view->quantity[series->y]);
    if (view->slider >= 0) put_level(m, object, m->slider, &aggregate->slider, series->step);
    if (er_spec_twofold(m) && view->mark == ER_MARK_BAR) { /* each has a bar of its own */
        char bar[32];
        snprintf(bar, sizeof bar, "%d %d", (int)series->y, (int)series->colour);
        er_spec_text(m, object, "bar", bar);
    }
    return object;
}

static void add_mean(struct er_spec *m, json_t *values, const struct er_series *series,
                     const struct er_summary *p, bool range)
{
    const struct er_view *view = m->view;
    if (!shown(p->x, view->x_log)) return;
    json_t *object = er_spec_row(m, series, p->x, 0);
    put_number(m, object, er_spec_middle(m), or_null(p->mean, view->y_log));
    if (range && p->n > 1) {
        put_number(m, object, "low", or_null(p->low, view->y_log));
        put_number(m, object, "high", or_null(p->high, view->y_log));
    }
    er_spec_append(m, values, object);
}

void er_spec_add_run(struct er_spec *m, json_t *values, const struct er_series *series,
                     const struct er_sample *s)
{
    const struct er_view *view = m->view;
    const struct er_table *table = view->table;
    if (!shown(s->x, view->x_log) || !shown(s->y, view->y_log)) return;
    json_t *object = er_spec_row(m, series, s->x, s->row);
    if (view->seed >= 0 && table->column[view->seed].numeric)
        put_number(m, object, "seed", table->cell[s->row * table->columns + view->seed].number);
    put_number(m, object, "value", s->y);
    er_spec_append(m, values, object);
}

static void add_series(struct er_spec *m, json_t *values, const struct er_series *series,
                       enum er_spec_rows which)
{
    const int64_t n = which == ER_SPEC_RUNS ? series->samples : series->points;
    bool *keep = er_alloc(n, sizeof *keep);
    if (!keep) {
        m->failed = true;
        return;
    }
    if (which == ER_SPEC_RUNS)
        er_thin_runs(series->sample, n, m->drawing->most_runs, keep);
    else
        er_thin_line(series->point, n, m->view->x_log, m->drawing->most_points, keep);
    for (int64_t i = 0; i < n; i++) {
        if (!keep[i]) continue;
        if (which == ER_SPEC_RUNS)
            er_spec_add_run(m, values, series, &series->sample[i]);
        else
            add_mean(m, values, series, &series->point[i], which == ER_SPEC_RANGES);
    }
    er_free(keep);
}

json_t *er_spec_data(struct er_spec *m, enum er_spec_rows which)
{
    json_t *values = er_spec_made(m, json_array());
    for (int64_t s = 0; s < m->drawing->aggregate.n_series; s++)
        add_series(m, values, &m->drawing->aggregate.series[s], which);
    return er_spec_object(m, "values", values);
}
