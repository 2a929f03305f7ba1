/* spec_values.c - values by themselves, in a row for each series: ticks, with their density above them in a ridgeline.
 *
 * Rows of ridges are numbers on a y axis whose labels are the series' names, since a ridge is higher than its row.
 */
#include "note/density.h"
#include "note/spec_parts.h"
#include "note/thin.h"
#include "note/words.h"

#include "core/buffer.h"
#include <stdlib.h>

/* How high a ridge is, in rows. */
static const double ridge_height = 1.3;

/* Series of all values of the slider share rows: one for each quantity and colour. */
static int64_t rows(const struct er_spec *m)
{
    const int64_t colours = m->drawing->aggregate.colour.n;
    return m->view->n_y * (colours > 0 ? colours : 1);
}

static int64_t row_of(const struct er_spec *m, const struct er_series *series)
{
    const int64_t colours = m->drawing->aggregate.colour.n;
    return series->y * (colours > 0 ? colours : 1) + series->colour;
}

/* Rows are told apart by numbers alone, whose title is the axis' then. */
static bool numbered(const struct er_spec *m)
{
    return m->view->n_y == 1 && m->drawing->aggregate.colour.numeric && m->drawing->aggregate.colour.n > 0;
}

/* The name of a row; "" of the only one. */
static json_t *name(struct er_spec *m, int64_t row)
{
    const int64_t colours = m->drawing->aggregate.colour.n, n = colours > 0 ? colours : 1;
    const struct er_series series = {.y = row / n, .colour = row % n};
    struct er_buffer text = {0};
    if (numbered(m))
        er_words_number(&text, m->drawing->aggregate.colour.number[row], 4, m->view->colour_fraction);
    else if (rows(m) > 1)
        er_drawing_say_series(&text, m->drawing, &series);
    json_t *made = text.status == ER_OK ? json_string(text.data ? text.data : "") : NULL;
    er_buffer_clear(&text);
    return er_spec_made(m, made);
}

static const char *title(const struct er_spec *m)
{
    return numbered(m) ? m->view->colour_title : NULL;
}

/* Where a row is: its name, or from the top down the place of its base. */
static void put_place(struct er_spec *m, json_t *row, const struct er_series *series)
{
    if (m->view->mark == ER_MARK_STRIP)
        er_spec_put(m, row, "group", name(m, row_of(m, series)));
    else
        er_spec_put(m, row, "base", json_integer(rows(m) - 1 - row_of(m, series)));
}

static json_t *ticks(struct er_spec *m)
{
    json_t *values = er_spec_made(m, json_array());
    for (int64_t s = 0; s < m->drawing->aggregate.n_series; s++) {
        const struct er_series *series = &m->drawing->aggregate.series[s];
        bool *keep = er_alloc(series->samples, sizeof *keep);
        if (!keep) m->failed = true;
        if (keep) er_thin_runs(series->sample, series->samples, m->drawing->most_runs, keep);
        for (int64_t i = 0; i < series->samples && keep; i++) {
            const size_t before = json_array_size(values);
            if (keep[i]) er_spec_add_run(m, values, series, &series->sample[i]);
            if (json_array_size(values) > before) put_place(m, json_array_get(values, before), series);
        }
        er_free(keep);
    }
    return er_spec_object(m, "values", values);
}

/* The points of the densities, or the medians. */
static json_t *points(struct er_spec *m)
{
    json_t *values = er_spec_made(m, json_array());
    for (int64_t s = 0; s < m->drawing->aggregate.n_series; s++) {
        const struct er_series *series = &m->drawing->aggregate.series[s];
        for (int64_t i = 0; i < series->points; i++) {
            json_t *row = er_spec_row(m, series, series->point[i].x, 0);
            const double base = (double)(rows(m) - 1 - row_of(m, series));
            put_place(m, row, series);
            er_spec_put(m, row, m->view->mark == ER_MARK_STRIP ? "median" : "value",
                        er_spec_number(m, series->point[i].x));
            if (m->view->mark == ER_MARK_RIDGELINE)
                er_spec_put(m, row, "top", er_spec_number(m, base + ridge_height * series->point[i].mean));
            er_spec_append(m, values, row);
        }
    }
    return er_spec_object(m, "values", values);
}

/* The colour of a series, which its row names: without a legend. NULL: there is one series only. */
static json_t *colour(struct er_spec *m)
{
    json_t *channel = er_spec_colour(m);
    if (channel) er_spec_put(m, channel, "legend", json_null());
    return channel;
}

static void put_colour(struct er_spec *m, json_t *channels, const char *channel)
{
    json_t *made = colour(m);
    if (made) er_spec_put(m, channels, channel, made);
}

static void say(struct er_spec *m, json_t *list, const char *field, const char *title, bool fraction)
{
    json_t *entry = er_spec_object(m, "field", json_string(field));
    er_spec_text(m, entry, "title", title);
    if (fraction) er_spec_text(m, entry, "format", ".1%");
    er_spec_append(m, list, entry);
}

static json_t *tooltip(struct er_spec *m, const char *field)
{
    const struct er_view *view = m->view;
    const bool run = field[0] == 'v';
    json_t *list = er_spec_made(m, json_array());
    if (m->folded) say(m, list, "quantity", "quantity", false);
    if (view->colour >= 0) say(m, list, m->colour, view->colour_title, view->colour_fraction);
    if (view->seed >= 0 && run) say(m, list, "seed", "seed", false);
    say(m, list, field, run ? view->x_title : "median", view->x_fraction);
    return list;
}

static json_t *mark(struct er_spec *m, const char *type, const char *style)
{
    json_t *object = er_spec_object(m, "type", json_string(type));
    er_spec_text(m, object, "style", style);
    return object;
}

static json_t *strip_rows(struct er_spec *m)
{
    json_t *channel = er_spec_channel(m, "group", "nominal", title(m)),
           *order = er_spec_made(m, json_array());
    for (int64_t i = 0; i < rows(m); i++) er_spec_append(m, order, name(m, i));
    er_spec_put(m, channel, "sort", json_null());
    er_spec_put(m, channel, "scale", er_spec_object(m, "domain", order));
    return channel;
}

static void draw_strip(struct er_spec *m, json_t *spec, json_t *layers)
{
    er_spec_put(m, spec, "encoding", er_spec_object(m, "y", strip_rows(m)));
    json_t *tick = er_spec_object(m, "x", er_spec_along(m, "value"));
    put_colour(m, tick, "color");
    er_spec_put(m, tick, "tooltip", tooltip(m, "value"));
    er_spec_layer(m, layers, ticks(m), mark(m, "tick", "one"), tick);
    json_t *middle = er_spec_object(m, "x", er_spec_along(m, "median"));
    er_spec_put(m, middle, "tooltip", tooltip(m, "median"));
    er_spec_layer(m, layers, points(m), mark(m, "tick", "middle"), middle);
}

/* The y axis of ridges: a place for each row, its name as the label. */
static json_t *ridge_rows(struct er_spec *m, const char *field)
{
    json_t *channel = er_spec_channel(m, field, "quantitative", title(m));
    json_t *scale = er_spec_object(
        m, "domain", er_spec_made(m, json_pack("[ff]", -0.2, (double)rows(m) - 1 + ridge_height + 0.1)));
    er_spec_put(m, scale, "nice", json_false());
    er_spec_put(m, scale, "zero", json_false());
    er_spec_put(m, channel, "scale", scale);
    json_t *at = er_spec_made(m, json_array()), *names = er_spec_made(m, json_array());
    for (int64_t i = rows(m) - 1; i >= 0; i--) {
        er_spec_append(m, at, json_integer(rows(m) - 1 - i));
        er_spec_append(m, names, name(m, i));
    }
    json_t *axis = er_spec_object(m, "values", at);
    char *list = json_dumps(names, JSON_COMPACT);
    struct er_buffer label = {0};
    if (list) er_buffer_format(&label, "%s[datum.value]", list);
    er_spec_put(m, axis, "labelExpr", label.data ? json_string(label.data) : NULL);
    er_buffer_clear(&label);
    free(list);
    json_decref(names);
    er_spec_put(m, channel, "axis", axis);
    return channel;
}

static void draw_ridges(struct er_spec *m, json_t *spec, json_t *layers)
{
    er_spec_put(m, spec, "encoding", er_spec_object(m, "x", er_spec_along(m, "value")));
    json_t *ridge = er_spec_object(m, "y", ridge_rows(m, "top"));
    er_spec_put(m, ridge, "y2", er_spec_object(m, "field", json_string("base")));
    er_spec_put(m, ridge, "detail", er_spec_object(m, "field", json_string("base")));
    put_colour(m, ridge, "color");
    put_colour(m, ridge, "stroke");
    er_spec_put(m, ridge, "tooltip", json_null());
    er_spec_layer(m, layers, points(m), mark(m, "area", "ridge"), ridge);
    json_t *tick = er_spec_object(m, "y", ridge_rows(m, "base")), *one = mark(m, "tick", "under-ridge");
    er_spec_text(m, one, "orient", "vertical");
    put_colour(m, tick, "color");
    er_spec_put(m, tick, "tooltip", tooltip(m, "value"));
    er_spec_layer(m, layers, ticks(m), one, tick);
    er_spec_put(m, spec, "usermeta", er_spec_object(m, "rows", json_integer(rows(m))));
}

void er_spec_draw_values(struct er_spec *m, json_t *spec, json_t *layers)
{
    if (m->view->mark == ER_MARK_STRIP)
        draw_strip(m, spec, layers);
    else
        draw_ridges(m, spec, layers);
}
