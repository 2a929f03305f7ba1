/* spec_map.c - a map: bands of colour or regions, iso-lines, paths and points over them.
 *
 * Outlines are lines that are filled, with a break (a row of nulls) between rings: one path for each region whatever its
 * size, where cells would be thousands of marks. Bands lie over each other, each where the column is at least its level.
 */
#include "note/sketch.h"
#include "note/spec_map_parts.h"

#include <math.h>

/* A number with four digits of the axis. */
static double rounded(double value, double unit)
{
    return unit > 0 ? round(value / unit) * unit : value;
}

json_t *er_spec_map_row(struct er_spec_map *map, const struct er_map_plane *plane, double x, double y)
{
    struct er_spec *m = map->m;
    json_t *row = er_spec_object(m, m->x, er_spec_number(m, rounded(x, map->unit_x)));
    er_spec_put(m, row, m->y_field, er_spec_number(m, rounded(y, map->unit_y)));
    if (m->view->slider < 0) return row;
    const struct er_values *slider = &m->drawing->aggregate.slider;
    const int64_t step = plane - m->drawing->map.plane;
    er_spec_put(m, row, m->slider,
                slider->numeric ? er_spec_number(m, slider->number[step]) : json_string(slider->text[step]));
    return row;
}

void er_spec_map_add(struct er_spec_map *map, json_t *values, const struct er_map_plane *plane, double x,
                     double y)
{
    er_spec_append(map->m, values,
                   er_spec_map_row(map, plane, er_map_place(plane->x, plane->nx, x),
                                   er_map_place(plane->y, plane->ny, y)));
    map->vertices++;
}

void er_spec_map_break(struct er_spec_map *map, json_t *values, const struct er_map_plane *plane)
{
    er_spec_append(map->m, values, er_spec_map_row(map, plane, NAN, NAN));
}

static void add_rings(struct er_spec_map *map, json_t *values, const struct er_map_plane *plane,
                      const struct er_rings *rings)
{
    for (int64_t r = 0, first = 0; r < rings->n; first = rings->end[r++]) {
        for (int64_t i = first; i < rings->end[r]; i++)
            er_spec_map_add(map, values, plane, rings->vertex[i].x, rings->vertex[i].y);
        er_spec_map_add(map, values, plane, rings->vertex[first].x, rings->vertex[first].y);
        er_spec_map_break(map, values, plane);
    }
}

/* The parts of closed rings that are no end of the grid. */
static void add_lines(struct er_spec_map *map, json_t *values, const struct er_map_plane *plane,
                      const struct er_rings *rings)
{
    for (int64_t r = 0, first = 0; r < rings->n; first = rings->end[r++]) {
        const int64_t n = rings->end[r] - first;
        int64_t begin = 0; /* after an end, so that no part goes on past the first vertex */
        for (int64_t i = 0; i < n; i++)
            if (rings->vertex[first + i].end) begin = i;
        const bool closed = !rings->vertex[first + begin].end;
        int64_t length = 0;
        for (int64_t i = 0; i < n + closed; i++) {
            const struct er_vertex *v = &rings->vertex[first + (begin + i < n ? begin + i : begin + i - n)];
            if (!v->end) er_spec_map_add(map, values, plane, v->x, v->y);
            if (v->end && length > 0) er_spec_map_break(map, values, plane);
            length = v->end ? 0 : length + 1;
        }
        er_spec_map_break(map, values, plane);
    }
}

static json_t *mark(struct er_spec *m, const char *style, bool filled)
{
    json_t *object = er_spec_object(m, "type", json_string("line"));
    if (style) er_spec_text(m, object, "style", style);
    er_spec_put(m, object, "clip", json_true());
    if (filled) er_spec_put(m, object, "filled", json_true());
    return object;
}

void er_spec_map_lines(struct er_spec_map *map, json_t *values, const char *style, json_t *colour,
                       bool filled)
{
    struct er_spec *m = map->m;
    if (json_array_size(values) == 0) {
        json_decref(values);
        json_decref(colour);
        return;
    }
    json_t *channels = er_spec_object(m, "order", er_spec_object(m, "value", json_null()));
    er_spec_put(m, channels, "tooltip", json_null());
    if (colour) er_spec_put(m, channels, "color", colour);
    er_spec_layer(m, map->layers, er_spec_object(m, "values", values), mark(m, style, filled), channels);
}

json_t *er_spec_map_outlines(struct er_spec_map *map, int64_t column, double level, bool logarithmic,
                             bool yes_or_no, bool closed)
{
    struct er_spec *m = map->m;
    json_t *values = er_spec_made(m, json_array());
    for (int64_t s = 0; s < m->drawing->map.planes; s++) {
        const struct er_map_plane *plane = &m->drawing->map.plane[s];
        struct er_rings rings;
        if (!er_sketch_outline(m->drawing, plane, column, level, logarithmic, yes_or_no, map->tolerance,
                               &rings))
            m->failed = true;
        else if (closed)
            add_rings(map, values, plane, &rings);
        else
            add_lines(map, values, plane, &rings);
    }
    return values;
}

/* --- bands of colour */

static json_t *band_colour(struct er_spec_map *map, const struct er_sketch_levels *bands, int64_t k)
{
    struct er_spec *m = map->m;
    const double from = bands->level[k], to = k + 1 < bands->n ? bands->level[k + 1] : bands->high;
    json_t *colour = er_spec_object(
        m, "datum", er_spec_number(m, bands->logarithmic ? sqrt(from) * sqrt(to) : from + (to - from) / 2));
    er_spec_text(m, colour, "type", "quantitative");
    er_spec_text(m, colour, "title", m->view->colour_title);
    json_t *scale = er_spec_object(m, "domain", er_spec_made(m, json_pack("[ff]", bands->low, bands->high)));
    er_spec_text(m, scale, "range", "heatmap");
    if (bands->logarithmic) er_spec_text(m, scale, "type", "log");
    er_spec_put(m, colour, "scale", scale);
    if (m->view->colour_fraction)
        er_spec_put(m, colour, "legend", er_spec_object(m, "format", json_string("~%")));
    return colour;
}

static void draw_bands(struct er_spec_map *map)
{
    const struct er_view *view = map->m->view;
    const struct er_sketch_levels bands = er_sketch_bands(map->m->drawing, view->colour, view->colour_log);
    for (int64_t k = 0; k < bands.n; k++)
        er_spec_map_lines(map,
                          er_spec_map_outlines(map, view->colour, k > 0 ? bands.level[k] : -(double)INFINITY,
                                               view->colour_log, false, true),
                          NULL, band_colour(map, &bands, k), true);
}

/* --- iso-lines */

static void draw_contours(struct er_spec_map *map)
{
    struct er_spec *m = map->m;
    const struct er_view *view = m->view;
    const struct er_sketch_levels levels = er_sketch_round(m->drawing, view->contours, view->contours_log);
    json_t *values = er_spec_made(m, json_array());
    for (int64_t s = 0; s < m->drawing->map.planes; s++) {
        const struct er_map_plane *plane = &m->drawing->map.plane[s];
        er_spec_map_begin_labels(map, plane);
        for (int64_t k = levels.n - 1; k >= 0; k--) {
            struct er_rings rings;
            if (!er_sketch_outline(m->drawing, plane, view->contours, levels.level[k], view->contours_log,
                                   false, map->tolerance, &rings)) {
                m->failed = true;
                continue;
            }
            add_lines(map, values, plane, &rings);
            er_spec_map_label(map, plane, &rings, levels.level[k]);
        }
    }
    if (view->colour >= 0) /* on any ground */
        er_spec_map_lines(map, json_incref(values), "isoline-ground", NULL, false);
    er_spec_map_lines(map, values, "isoline", NULL, false);
    er_spec_map_draw_labels(map);
}

/* --- all of it */

static json_t *along(struct er_spec *m, const char *field, const char *title, const double span[2],
                     bool fraction)
{
    json_t *channel = er_spec_channel(m, field, "quantitative", title);
    if (span[0] <= span[1]) {
        json_t *scale = er_spec_object(m, "domain", er_spec_made(m, json_pack("[ff]", span[0], span[1])));
        er_spec_put(m, scale, "nice", json_false());
        er_spec_put(m, scale, "zero", json_false());
        er_spec_put(m, channel, "scale", scale);
    }
    json_t *axis = er_spec_object(m, "grid", json_false());
    if (fraction) er_spec_text(m, axis, "format", "~%");
    er_spec_put(m, channel, "axis", axis);
    return channel;
}

/* A ten-thousandth of the axis, made a power of ten. */
static double unit(const double span[2])
{
    return span[1] > span[0] ? pow(10, floor(log10(span[1] - span[0])) - 4) : 0;
}

static json_t *draw(struct er_spec_map *map)
{
    const struct er_view *view = map->m->view;
    map->layers = er_spec_made(map->m, json_array());
    map->vertices = 0;
    if (view->colour >= 0) draw_bands(map);
    if (view->region[0] >= 0) er_spec_map_draw_regions(map);
    if (view->contours >= 0) draw_contours(map);
    if (view->marks >= 0) er_spec_map_draw_marks(map);
    return map->layers;
}

void er_spec_draw_map(struct er_spec *m, json_t *spec, json_t **layers)
{
    struct er_spec_map map = {.m = m, .tolerance = 0.05};
    const struct er_view *view = m->view;
    er_sketch_window(m->drawing, map.x, map.y);
    map.unit_x = unit(map.x);
    map.unit_y = unit(map.y);
    json_decref(*layers);
    *layers = draw(&map);
    while (map.vertices > m->drawing->most_points && map.tolerance < 4 && !m->failed) {
        map.tolerance *= 2;
        json_decref(*layers);
        *layers = draw(&map);
    }
    json_t *shared = er_spec_object(m, "x", along(m, m->x, view->x_title, map.x, view->x_fraction));
    er_spec_put(m, shared, "y", along(m, m->y_field, view->y_title, map.y, view->y_fraction));
    er_spec_put(m, spec, "encoding", shared);
    const double aspect = er_sketch_aspect(m->drawing);
    if (!isnan(aspect))
        er_spec_put(m, spec, "usermeta", er_spec_object(m, "aspect", er_spec_number(m, aspect)));
}
