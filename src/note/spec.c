/* spec.c - a drawing as a Vega-Lite specification, in the forms of web/README.md ("Specifications").
 *
 * Fields have names without dots; a field is null where a logarithmic axis has no place for its value.
 * Numbers have six significant digits.
 */
#include "note/figure.h"
#include "note/thin.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FIELD = 40 };

struct maker {
    const struct er_drawing *drawing;
    const struct er_view *view;
    char x[FIELD], colour[FIELD];
    bool folded; /* several quantities: rows say which in "quantity" */
    bool failed; /* out of memory somewhere; said once at the end */
};

static json_t *made(struct maker *m, json_t *value)
{
    if (!value) m->failed = true;
    return value;
}

/* Adds to an object or array and takes `value`. */
static void put(struct maker *m, json_t *object, const char *key, json_t *value)
{
    if (json_object_set_new(object, key, value) != 0) m->failed = true;
}

static void append(struct maker *m, json_t *array, json_t *value)
{
    if (json_array_append_new(array, value) != 0) m->failed = true;
}

static void put_text(struct maker *m, json_t *object, const char *key, const char *text)
{
    put(m, object, key, json_string(text));
}

static void put_number(struct maker *m, json_t *object, const char *key, double value)
{
    const bool whole = value == floor(value) && fabs(value) < 1e15;
    put(m, object, key,
        !isfinite(value) ? json_null()
        : whole          ? json_integer((json_int_t)value)
                         : json_real(value));
}

/* The last part of a path, with what is no letter or digit as "_", and unlike the names that rows have
 * anyway. */
static void name_field(const char *column, const char *taken, char out[FIELD])
{
    static const char *const reserved[] = {"mean", "low", "high", "value", "quantity", "seed"};
    const char *dot = strrchr(column, '.');
    size_t n = 0;
    for (const char *c = dot && dot[1] ? dot + 1 : column; *c && n < FIELD - 3; c++) {
        bool plain = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9');
        out[n++] = (char)(plain ? *c : '_');
    }
    out[n] = '\0';
    bool clash = n == 0 || strcmp(out, taken) == 0;
    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
        clash = clash || strcmp(out, reserved[i]) == 0;
    if (!clash) return;
    out[n] = '_';
    out[n + 1] = '\0';
    if (strcmp(out, taken) == 0) {
        out[n + 1] = '_';
        out[n + 2] = '\0';
    }
}

/* --- rows */

static bool shown(double value, bool logarithmic)
{
    return !logarithmic || value > 0;
}

static double or_null(double value, bool logarithmic)
{
    return shown(value, logarithmic) ? value : (double)NAN;
}

/* A row with what all rows have: x, the colour, which quantity. */
static json_t *row(struct maker *m, const struct er_series *series, double x, int64_t table_row)
{
    const struct er_aggregate *aggregate = &m->drawing->aggregate;
    const struct er_view *view = m->view;
    json_t *object = made(m, json_object());
    if (!view->x_numeric)
        put_text(m, object, m->x, aggregate->x.text[(int64_t)x]);
    else
        put_number(m, object, m->x, x);
    if (view->colour >= 0) {
        if (aggregate->continuum)
            put_number(m, object, m->colour,
                       view->table->cell[table_row * view->table->columns + view->colour].number);
        else if (aggregate->colour.numeric)
            put_number(m, object, m->colour, aggregate->colour.number[series->colour]);
        else
            put_text(m, object, m->colour, aggregate->colour.text[series->colour]);
    }
    if (m->folded) put_text(m, object, "quantity", view->quantity[series->y]);
    return object;
}

/* Adds series' means; the smallest and the largest of them are kept when there are too many. */
static void add_means(struct maker *m, json_t *values, const struct er_series *series, bool range)
{
    const struct er_view *view = m->view;
    int64_t lowest = 0, highest = 0, next = 0;
    for (int64_t i = 0; i < series->points; i++) {
        if (series->point[i].mean < series->point[lowest].mean) lowest = i;
        if (series->point[i].mean > series->point[highest].mean) highest = i;
    }
    for (int64_t i = 0; i < series->points; i++) {
        const struct er_summary *p = &series->point[i];
        const bool due = i == er_thin(next, series->points, ER_FIGURE_LINE_POINTS - 2);
        next += due;
        if ((!due && i != lowest && i != highest) || !shown(p->x, view->x_log)) continue;
        json_t *object = row(m, series, p->x, 0);
        put_number(m, object, "mean", or_null(p->mean, view->y_log));
        if (range && p->n > 1) {
            put_number(m, object, "low", or_null(p->low, view->y_log));
            put_number(m, object, "high", or_null(p->high, view->y_log));
        }
        append(m, values, object);
    }
}

static void add_runs(struct maker *m, json_t *values, const struct er_series *series)
{
    const struct er_view *view = m->view;
    const int64_t most = er_drawing_samples(m->drawing, series);
    for (int64_t i = 0; i < most; i++) {
        const struct er_sample *s = &series->sample[er_thin(i, series->samples, most)];
        if (!shown(s->x, view->x_log) || !shown(s->y, view->y_log)) continue;
        json_t *object = row(m, series, s->x, s->row);
        const struct er_table *table = view->table;
        if (view->seed >= 0 && table->column[view->seed].numeric)
            put_number(m, object, "seed", table->cell[s->row * table->columns + view->seed].number);
        put_number(m, object, "value", s->y);
        append(m, values, object);
    }
}

/* {"values": [...]} of all series: the means with their range, the means, or the runs. */
enum rows { MEANS, RANGES, RUNS };
static json_t *data(struct maker *m, enum rows which)
{
    json_t *values = made(m, json_array()), *object = made(m, json_object());
    for (int64_t s = 0; s < m->drawing->aggregate.n_series; s++) {
        const struct er_series *series = &m->drawing->aggregate.series[s];
        if (which == RUNS)
            add_runs(m, values, series);
        else
            add_means(m, values, series, which == RANGES);
    }
    put(m, object, "values", values);
    return object;
}

/* --- channels */

static json_t *channel(struct maker *m, const char *field, const char *type, const char *title)
{
    json_t *object = made(m, json_object());
    put_text(m, object, "field", field);
    put_text(m, object, "type", type);
    put(m, object, "title", title ? json_string(title) : json_null());
    return object;
}

static void measure(struct maker *m, json_t *object, bool logarithmic, bool fraction)
{
    if (logarithmic) {
        json_t *scale = made(m, json_object());
        put_text(m, scale, "type", "log");
        put(m, scale, "nice", json_false());
        put(m, object, "scale", scale);
    }
    if (fraction) {
        json_t *axis = made(m, json_object());
        put_text(m, axis, "format", "~%");
        put(m, object, "axis", axis);
    }
}

static json_t *x_channel(struct maker *m)
{
    const struct er_view *view = m->view;
    json_t *object = channel(m, m->x, view->x_numeric ? "quantitative" : "ordinal", view->x_title);
    if (view->x_numeric)
        measure(m, object, view->x_log, view->x_fraction);
    else
        put(m, object, "sort", json_null()); /* words keep the order of the study */
    return object;
}

static json_t *y_channel(struct maker *m, const char *field)
{
    json_t *object = channel(m, field, "quantitative", m->view->y_title);
    measure(m, object, m->view->y_log, m->view->y_fraction);
    return object;
}

static json_t *quantity_channel(struct maker *m)
{
    json_t *object = channel(m, "quantity", "nominal", NULL);
    put(m, object, "sort", json_null());
    return object;
}

/* Dashes with gaps that round caps leave open. */
static json_t *dash_channel(struct maker *m)
{
    json_t *object = quantity_channel(m), *scale = made(m, json_object());
    put(m, scale, "range", made(m, json_pack("[[ii][ii][ii][iiii]]", 1, 0, 7, 6, 1, 6, 9, 6, 1, 6)));
    put(m, object, "scale", scale);
    return object;
}

/* The colour: the column that the figure names, else the quantity when there are several; NULL: none. */
static json_t *colour_channel(struct maker *m)
{
    const struct er_view *view = m->view;
    if (view->colour < 0) return m->folded ? quantity_channel(m) : NULL;
    const bool numeric = m->drawing->aggregate.colour.numeric;
    const char *type = m->drawing->aggregate.continuum ? "quantitative" : numeric ? "ordinal" : "nominal";
    json_t *object = channel(m, m->colour, type, view->colour_title);
    if (!numeric) put(m, object, "sort", json_null());
    if (view->colour_fraction) {
        json_t *legend = made(m, json_object());
        put_text(m, legend, "format", "~%");
        put(m, object, "legend", legend);
    }
    return object;
}

static json_t *encoding(struct maker *m, const char *key, json_t *value)
{
    json_t *object = made(m, json_object());
    put(m, object, key, value);
    return object;
}

static json_t *styled(struct maker *m, const char *type, const char *style)
{
    json_t *mark = made(m, json_object());
    put_text(m, mark, "type", type);
    put_text(m, mark, "style", style);
    return mark;
}

/* Colour and quantity at once: the quantity is a dash pattern or a shape beside the colour. */
static bool twofold(const struct maker *m)
{
    return m->folded && m->view->colour >= 0;
}

static void add_layer(struct maker *m, json_t *layers, json_t *own_data, json_t *mark, json_t *channels)
{
    json_t *layer = made(m, json_object());
    if (own_data) put(m, layer, "data", own_data);
    put(m, layer, "mark", mark);
    put(m, layer, "encoding", channels);
    append(m, layers, layer);
}

/* --- the three marks */

static void draw_lines(struct maker *m, json_t *spec, json_t *layers)
{
    const bool band = m->drawing->aggregate.most > 1;
    put(m, spec, "data", data(m, RANGES));
    if (band) {
        json_t *area = encoding(m, "y", y_channel(m, "low"));
        put(m, area, "y2", encoding(m, "field", json_string("high")));
        if (twofold(m)) put(m, area, "detail", quantity_channel(m));
        add_layer(m, layers, NULL, styled(m, "area", "band"), area);
    }
    json_t *line = encoding(m, "y", y_channel(m, "mean"));
    if (twofold(m)) put(m, line, "strokeDash", dash_channel(m));
    add_layer(m, layers, NULL, json_string("line"), line);
}

static json_t *tooltip(struct maker *m, const char *field, const char *title, bool fraction)
{
    json_t *object = made(m, json_object());
    put_text(m, object, "field", field);
    put_text(m, object, "title", title);
    if (fraction) put_text(m, object, "format", ".1%");
    return object;
}

static json_t *run_tooltip(struct maker *m)
{
    const struct er_view *view = m->view;
    json_t *list = made(m, json_array());
    if (m->folded) append(m, list, tooltip(m, "quantity", "quantity", false));
    if (view->colour >= 0) append(m, list, tooltip(m, m->colour, view->colour_title, view->colour_fraction));
    append(m, list, tooltip(m, m->x, view->x_title, view->x_fraction));
    if (view->seed >= 0) append(m, list, tooltip(m, "seed", "seed", false));
    append(m, list, tooltip(m, "value", view->y_title, view->y_fraction));
    return list;
}

static void draw_points(struct maker *m, json_t *spec, json_t *layers)
{
    put(m, spec, "data", data(m, RUNS));
    if (er_drawing_has_mean_line(m->drawing)) {
        json_t *line = encoding(m, "y", y_channel(m, "mean"));
        if (twofold(m)) put(m, line, "strokeDash", dash_channel(m));
        add_layer(m, layers, data(m, MEANS), json_string("line"), line);
    }
    json_t *point = encoding(m, "y", y_channel(m, "value"));
    if (twofold(m)) put(m, point, "shape", quantity_channel(m));
    put(m, point, "tooltip", run_tooltip(m));
    add_layer(m, layers, NULL, json_string("point"), point);
}

/* Lying bars, one a name and colour, with the range over the runs and the runs themselves. */
static void draw_bars(struct maker *m, json_t *spec, json_t *layers)
{
    put(m, spec, "data", data(m, RANGES));
    add_layer(m, layers, NULL, json_string("bar"), encoding(m, "x", y_channel(m, "mean")));
    if (m->drawing->aggregate.most < 2) return;
    json_t *range = encoding(m, "x", y_channel(m, "low"));
    put(m, range, "x2", encoding(m, "field", json_string("high")));
    put(m, range, "color", json_null());
    add_layer(m, layers, NULL, styled(m, "rule", "range"), range);
    json_t *point = encoding(m, "x", y_channel(m, "value"));
    put(m, point, "tooltip", run_tooltip(m));
    put(m, point, "color", json_null());
    add_layer(m, layers, data(m, RUNS), styled(m, "point", "range"), point);
}

static json_t *shared_encoding(struct maker *m)
{
    const bool bars = m->view->mark == ER_MARK_BAR;
    json_t *object = made(m, json_object()), *colour = colour_channel(m);
    if (bars) {
        json_t *name = channel(m, m->x, m->view->x_numeric ? "ordinal" : "nominal",
                               m->view->x_numeric ? m->view->x_title : NULL);
        put(m, name, "sort", json_null());
        measure(m, name, false, m->view->x_numeric && m->view->x_fraction);
        put(m, object, "y", name);
        if (colour) {
            json_t *offset = made(m, json_object());
            put_text(m, offset, "field", m->view->colour >= 0 ? m->colour : "quantity");
            put(m, offset, "sort", json_null());
            put(m, object, "yOffset", offset);
        }
    } else {
        put(m, object, "x", x_channel(m));
    }
    if (colour) put(m, object, "color", colour);
    return object;
}

static bool dump(json_t *spec, char **out)
{
    char *text = json_dumps(spec, JSON_COMPACT | JSON_REAL_PRECISION(6));
    *out = text ? er_strdup(text) : NULL;
    free(text);
    return *out != NULL;
}

enum er_status er_drawing_spec(const struct er_drawing *drawing, char **out, struct er_error *err)
{
    struct maker m = {.drawing = drawing, .view = &drawing->view, .folded = drawing->view.n_y > 1};
    const struct er_table_column *column = m.view->table->column;
    name_field(column[m.view->x].name, "", m.x);
    if (m.view->colour >= 0) name_field(column[m.view->colour].name, m.x, m.colour);
    json_t *spec = made(&m, json_object()), *layers = made(&m, json_array());
    json_t *shared = shared_encoding(&m);
    char *text = NULL;
    switch (m.view->mark) {
    case ER_MARK_LINE:
        draw_lines(&m, spec, layers);
        break;
    case ER_MARK_POINT:
        draw_points(&m, spec, layers);
        break;
    case ER_MARK_BAR:
        draw_bars(&m, spec, layers);
        break;
    }
    put(&m, spec, "encoding", shared);
    put(&m, spec, "layer", layers);
    if (m.failed || !dump(spec, &text)) {
        json_decref(spec);
        return er_fail(err, ER_E_NOMEM, "out of memory while drawing a figure");
    }
    json_decref(spec);
    *out = text;
    return ER_OK;
}
