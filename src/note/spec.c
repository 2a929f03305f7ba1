/* spec.c - a drawing as a Vega-Lite specification, in the forms of web/README.md ("Specifications"). */
#include "note/spec_parts.h"

#include <ermine/memory.h>
#include <stdlib.h>
#include <string.h>

/* The last part of a path, with what is no letter or digit as "_", and unlike the names that rows have
 * anyway. */
static void name_field(const char *column, const char *taken, const char *too, char out[ER_SPEC_FIELD])
{
    static const char *const reserved[] = {"mean",    "low",    "high",   "value", "quantity",  "seed",
                                           "bar",     "",       "median", "count", "reference", "label",
                                           "letter",  "region", "group",  "base",  "top",       "filled",
                                           "contour", "first",  "second"};
    const char *dot = strrchr(column, '.');
    size_t n = 0;
    for (const char *c = dot && dot[1] ? dot + 1 : column; *c && n < ER_SPEC_FIELD - 4; c++) {
        bool plain = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9');
        out[n++] = (char)(plain ? *c : '_');
    }
    out[n] = '\0';
    bool clash = false;
    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
        clash = clash || strcmp(out, reserved[i]) == 0;
    for (; clash || strcmp(out, taken) == 0 || strcmp(out, too) == 0; clash = false) {
        out[n++] = '_';
        out[n] = '\0';
    }
}

json_t *er_spec_mark(struct er_spec *m, const char *type, const char *style)
{
    if (!style && !er_spec_clipped(m)) return json_string(type);
    json_t *object = er_spec_object(m, "type", json_string(type));
    if (style) er_spec_text(m, object, "style", style);
    if (er_spec_clipped(m)) er_spec_put(m, object, "clip", json_true());
    return object;
}

void er_spec_layer(struct er_spec *m, json_t *layers, json_t *own_data, json_t *drawn, json_t *channels)
{
    json_t *layer = er_spec_made(m, json_object());
    if (own_data) er_spec_put(m, layer, "data", own_data);
    er_spec_put(m, layer, "mark", drawn);
    er_spec_put(m, layer, "encoding", channels);
    er_spec_append(m, layers, layer);
}

/* A layer's own colour, where they are apart. */
static void colour_layer(struct er_spec *m, json_t *channels, bool legend)
{
    json_t *colour = er_spec_apart(m) ? er_spec_colour(m) : NULL;
    if (!colour) return;
    if (legend && er_spec_overlaid(m)) er_spec_put(m, colour, "legend", er_spec_legend(m, 0, m->view->n_y));
    if (!legend) er_spec_put(m, colour, "legend", json_null());
    er_spec_put(m, channels, "color", colour);
}

/* What parts the lines of a layer beside their colour. */
static void part_lines(struct er_spec *m, json_t *line, bool legend)
{
    json_t *second = er_spec_second_dash(m);
    if (er_spec_twofold(m)) er_spec_put(m, line, "strokeDash", er_spec_dash(m));
    if (second && !legend) er_spec_put(m, second, "legend", json_null());
    if (second) er_spec_put(m, line, "strokeDash", second);
    if (er_spec_many(m)) er_spec_put(m, line, "detail", er_spec_object(m, "field", json_string(m->colour)));
    colour_layer(m, line, legend);
}

/* What parts the bands: they have no dashes. */
static void part_bands(struct er_spec *m, json_t *area)
{
    json_t *detail = er_spec_made(m, json_array());
    if (er_spec_twofold(m)) er_spec_append(m, detail, er_spec_quantity(m));
    if (er_spec_many(m)) er_spec_append(m, detail, er_spec_object(m, "field", json_string(m->colour)));
    if (json_array_size(detail) > 0)
        er_spec_put(m, area, "detail", detail);
    else
        json_decref(detail);
    colour_layer(m, area, false);
}

static void draw_lines(struct er_spec *m, json_t *spec, json_t *layers)
{
    const bool band = m->drawing->aggregate.most > 1;
    er_spec_put(m, spec, "data", er_spec_data(m, ER_SPEC_RANGES));
    if (band) {
        json_t *area = er_spec_object(m, "y", er_spec_y(m, "low"));
        er_spec_put(m, area, "y2", er_spec_object(m, "field", json_string("high")));
        part_bands(m, area);
        er_spec_layer(m, layers, NULL, er_spec_mark(m, "area", "band"), area);
    }
    json_t *line = er_spec_object(m, "y", er_spec_y(m, er_spec_middle(m)));
    part_lines(m, line, true);
    er_spec_put(m, line, "tooltip", er_spec_tooltip(m, ER_SPEC_RANGES));
    er_spec_layer(m, layers, NULL, er_spec_mark(m, "line", NULL), line);
}

static void draw_points(struct er_spec *m, json_t *spec, json_t *layers)
{
    er_spec_put(m, spec, "data", er_spec_data(m, ER_SPEC_RUNS));
    if (er_drawing_has_mean_line(m->drawing)) {
        json_t *line = er_spec_object(m, "y", er_spec_y(m, er_spec_middle(m)));
        part_lines(m, line, false);
        er_spec_put(m, line, "tooltip", er_spec_tooltip(m, ER_SPEC_MEANS));
        er_spec_layer(m, layers, er_spec_data(m, ER_SPEC_MEANS), er_spec_mark(m, "line", NULL), line);
    }
    json_t *point = er_spec_object(m, "y", er_spec_y(m, "value")), *second = er_spec_second_shape(m);
    if (er_spec_twofold(m)) er_spec_put(m, point, "shape", er_spec_quantity(m));
    if (second) er_spec_put(m, point, "shape", second);
    colour_layer(m, point, true);
    er_spec_put(m, point, "tooltip", er_spec_tooltip(m, ER_SPEC_RUNS));
    er_spec_layer(m, layers, NULL, er_spec_mark(m, "point", NULL), point);
}

/* Lying bars, one a name and colour, with the range over the runs and the runs themselves. */
static void draw_bars(struct er_spec *m, json_t *spec, json_t *layers)
{
    er_spec_put(m, spec, "data", er_spec_data(m, ER_SPEC_RANGES));
    json_t *length = er_spec_y(m, er_spec_middle(m));
    er_spec_put(m, length, "stack", json_null());
    json_t *bar = er_spec_object(m, "x", length);
    if (er_spec_twofold(m)) {
        json_t *strength = er_spec_quantity(m);
        er_spec_put(m, strength, "scale",
                    er_spec_object(m, "range", er_spec_made(m, json_pack("[ffff]", 0.95, 0.6, 0.4, 0.25))));
        er_spec_put(m, bar, "opacity", strength);
    }
    er_spec_put(m, bar, "tooltip", er_spec_tooltip(m, ER_SPEC_RANGES));
    er_spec_layer(m, layers, NULL, er_spec_mark(m, "bar", NULL), bar);
    if (m->drawing->aggregate.most < 2) return;
    json_t *range = er_spec_object(m, "x", er_spec_y(m, "low"));
    er_spec_put(m, range, "x2", er_spec_object(m, "field", json_string("high")));
    er_spec_put(m, range, "color", json_null());
    er_spec_layer(m, layers, NULL, er_spec_mark(m, "rule", "range"), range);
    json_t *point = er_spec_object(m, "x", er_spec_y(m, "value"));
    er_spec_put(m, point, "tooltip", er_spec_tooltip(m, ER_SPEC_RUNS));
    er_spec_put(m, point, "color", json_null());
    er_spec_layer(m, layers, er_spec_data(m, ER_SPEC_RUNS), er_spec_mark(m, "point", "range"), point);
}

/* Bars and points of one name lie side by side. */
static void part_names(struct er_spec *m, json_t *shared, const char *channel, const char *field)
{
    json_t *offset = er_spec_object(m, "field", json_string(field));
    er_spec_put(m, offset, "sort", json_null());
    er_spec_put(m, shared, channel, offset);
}

static json_t *shared_encoding(struct er_spec *m)
{
    const struct er_view *view = m->view;
    json_t *object = er_spec_made(m, json_object()), *colour = er_spec_colour(m);
    const bool bars = view->mark == ER_MARK_BAR;
    const char *field = bars && er_spec_twofold(m) ? "bar" : er_spec_colour_field(m);
    if (view->mark != ER_MARK_HISTOGRAM) /* has two fields along x */
        er_spec_put(m, object, bars ? "y" : "x", bars ? er_spec_names(m) : er_spec_x(m));
    if (colour && bars) part_names(m, object, "yOffset", field);
    if (colour && view->mark == ER_MARK_POINT && !view->x_numeric && !m->drawing->aggregate.continuum)
        part_names(m, object, "xOffset", field);
    if (colour && !er_spec_apart(m))
        er_spec_put(m, object, "color", colour);
    else
        json_decref(colour);
    return object;
}

/* The names of the fields of rows, and what the axes have to show. */
static void prepare(struct er_spec *m)
{
    const struct er_table_column *column = m->view->table->column;
    if (m->view->x >= 0) name_field(column[m->view->x].name, "", "", m->x);
    if (m->view->colour >= 0) name_field(column[m->view->colour].name, m->x, "", m->colour);
    if (m->view->slider >= 0) name_field(column[m->view->slider].name, m->x, m->colour, m->slider);
    if (m->view->mark == ER_MARK_MAP) name_field(column[m->view->y[0]].name, m->x, m->slider, m->y_field);
    er_spec_spans(m);
}

/* Layers that say their colours themselves have their legends to themselves. */
static json_t *own_legends(struct er_spec *m)
{
    static const char *const channel[] = {"color", "strokeDash", "shape"};
    json_t *legend = er_spec_made(m, json_object());
    for (size_t i = 0; i < sizeof channel / sizeof *channel; i++)
        er_spec_text(m, legend, channel[i], "independent");
    return er_spec_object(m, "legend", legend);
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
    struct er_spec m = {.drawing = drawing, .view = &drawing->view};
    m.folded = m.view->n_y > 1 || er_spec_overlaid(&m);
    prepare(&m);
    json_t *spec = er_spec_made(&m, json_object()), *layers = er_spec_made(&m, json_array());
    const bool shares = m.view->mark <= ER_MARK_HISTOGRAM; /* others put their own */
    json_t *shared = shares ? shared_encoding(&m) : NULL;
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
    case ER_MARK_HISTOGRAM:
        er_spec_draw_histogram(&m, spec, layers);
        break;
    case ER_MARK_STRIP:
    case ER_MARK_RIDGELINE:
        er_spec_draw_values(&m, spec, layers);
        break;
    case ER_MARK_MAP:
        er_spec_draw_map(&m, spec, &layers);
        break;
    }
    if (m.view->n_points > 0) er_spec_draw_overlay(&m, layers);
    er_spec_draw_references(&m, layers);
    if (shares) er_spec_put(&m, spec, "encoding", shared);
    er_spec_put(&m, spec, "layer", layers);
    if (shares && er_spec_apart(&m)) er_spec_put(&m, spec, "resolve", own_legends(&m));
    if (m.view->slider >= 0 && er_spec_slider(&m, spec, err) != ER_OK) m.failed = true;
    if (m.failed || !dump(spec, &text)) {
        json_decref(spec);
        return er_fail(err, ER_E_NOMEM, "out of memory while drawing a figure");
    }
    json_decref(spec);
    *out = text;
    return ER_OK;
}
