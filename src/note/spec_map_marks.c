/* spec_map_marks.c - what lies over a map: labels of iso-lines, paths, points with letters. */
#include "note/spec_map_parts.h"

#include "core/buffer.h"
#include "note/words.h"

#include <math.h>

/* A label nearer to another one, or to an end of the axes, would cover it or be cut. */
static const double least_distance = 0.06;

double er_spec_map_cell(const struct er_spec_map *map, int64_t row, int64_t column)
{
    const struct er_table *table = map->m->view->table;
    return table->cell[row * table->columns + column].number;
}

static double share(double value, const double span[2])
{
    return span[1] > span[0] ? (value - span[0]) / (span[1] - span[0]) : 0.5;
}

static void take(struct er_spec_map *map, double x, double y)
{
    if (map->n_taken == ER_MAP_TAKEN) return;
    map->taken[map->n_taken][0] = x;
    map->taken[map->n_taken++][1] = y;
}

/* Each row of a plane that is marked from `first` on, below `end`; the next after `row` (-1: the first), or -1. */
static int64_t next_marked(const struct er_spec_map *map, const struct er_plane *plane, int64_t row,
                           int first, int end)
{
    if (plane->run < 0) return -1;
    const struct er_map_run *run = &map->m->drawing->map.run[plane->run];
    for (int64_t i = row < 0 ? run->begin : row + 1; i < run->end; i++) {
        const int mark = er_map_mark(map->m->view, i);
        if (mark >= first && mark < end) return i;
    }
    return -1;
}

void er_spec_map_begin_labels(struct er_spec_map *map, const struct er_plane *plane)
{
    const struct er_view *view = map->m->view;
    map->n_taken = 0;
    if (!map->labels) map->labels = er_spec_made(map->m, json_array());
    if (view->marks < 0) return;
    int64_t marked = 0, n = 0;
    for (int64_t i = -1; (i = next_marked(map, plane, i, ER_MARKED_POINT, ER_MARKED_END)) >= 0;) marked++;
    for (int64_t i = -1; (i = next_marked(map, plane, i, ER_MARKED_POINT, ER_MARKED_END)) >= 0; n++)
        if (er_map_mark(view, i) < ER_MARKED_PATH || n % (4 * marked / ER_MAP_TAKEN + 1) == 0)
            take(map, share(er_spec_map_cell(map, i, view->x), map->x),
                 share(er_spec_map_cell(map, i, view->y[0]), map->y));
}

/* How far a place is from all that is there, and twice as far from the ends. */
static double room(const struct er_spec_map *map, double x, double y)
{
    double least = fmin(fmin(x, 1 - x), fmin(y, 1 - y)) * 2;
    for (int64_t i = 0; i < map->n_taken; i++)
        least = fmin(least, hypot(x - map->taken[i][0], y - map->taken[i][1]));
    return least;
}

/* A place for a label. */
struct spot {
    double x, y, room;
};

/* Whether a place on an iso-line has more room than the best so far. */
static void try_spot(const struct er_spec_map *map, const struct er_plane *plane, double x, double y,
                     struct spot *best)
{
    const double at_x = er_plane_place(plane->x, plane->nx, x), at_y = er_plane_place(plane->y, plane->ny, y);
    const double here = room(map, share(at_x, map->x), share(at_y, map->y));
    if (here > best->room) *best = (struct spot){at_x, at_y, here};
}

void er_spec_map_label(struct er_spec_map *map, const struct er_plane *plane, const struct er_rings *rings,
                       double level)
{
    enum { PIECES = 8 }; /* of a side, which may be long where the line is straight */
    struct er_spec *m = map->m;
    struct spot best = {.room = least_distance};
    for (int64_t r = 0, first = 0; r < rings->n; first = rings->end[r++])
        for (int64_t i = first; i < rings->end[r]; i++) {
            const struct er_vertex *a = &rings->vertex[i],
                                   *b = &rings->vertex[i + 1 < rings->end[r] ? i + 1 : first];
            for (int k = 0; k < PIECES && !a->end && !b->end; k++)
                try_spot(map, plane, a->x + (b->x - a->x) * k / PIECES, a->y + (b->y - a->y) * k / PIECES,
                         &best);
        }
    if (best.room <= least_distance) return;
    take(map, share(best.x, map->x), share(best.y, map->y));
    struct er_buffer text = {0};
    er_words_number(&text, level, 2, m->view->contours_fraction);
    json_t *row = er_spec_map_row(map, plane, best.x, best.y);
    er_spec_put(m, row, "label", text.status == ER_OK ? json_string(text.data) : NULL);
    er_spec_append(m, map->labels, row);
    er_buffer_clear(&text);
}

/* Words with the paper around them, so that they can be read on any ground: first that, then the words. */
static void draw_words(struct er_spec_map *map, json_t *values, const char *field, const char *halo,
                       const char *style)
{
    struct er_spec *m = map->m;
    const char *const styles[] = {halo, style};
    for (int i = 0; i < 2 && json_array_size(values) > 0; i++) {
        json_t *mark = er_spec_object(m, "type", json_string("text"));
        er_spec_text(m, mark, "style", styles[i]);
        json_t *channels = er_spec_object(m, "text", er_spec_object(m, "field", json_string(field)));
        er_spec_put(m, channels, "tooltip", json_null());
        er_spec_layer(m, map->layers, er_spec_object(m, "values", json_incref(values)), mark, channels);
    }
    json_decref(values);
}

void er_spec_map_draw_labels(struct er_spec_map *map)
{
    draw_words(map, map->labels ? map->labels : er_spec_made(map->m, json_array()), "label", "isoline-halo",
               "isoline-label");
    map->labels = NULL;
}

static json_t *paths(struct er_spec_map *map)
{
    struct er_spec *m = map->m;
    json_t *values = er_spec_made(m, json_array());
    for (int64_t s = 0; s < m->drawing->map.planes; s++)
        for (int path = ER_MARKED_PATH; path < ER_MARKED_END; path++) {
            const struct er_plane *plane = &m->drawing->map.plane[s];
            bool any = false;
            for (int64_t i = -1; (i = next_marked(map, plane, i, path, path + 1)) >= 0; any = true)
                er_spec_append(m, values,
                               er_spec_map_row(map, plane, er_spec_map_cell(map, i, m->view->x),
                                               er_spec_map_cell(map, i, m->view->y[0])));
            if (any) er_spec_append(m, values, er_spec_map_row(map, plane, NAN, NAN));
        }
    return values;
}

static void put_measured(struct er_spec_map *map, json_t *row, const char *field, int64_t i, int64_t column)
{
    if (column >= 0)
        er_spec_put(map->m, row, field, er_spec_number(map->m, er_spec_map_cell(map, i, column)));
}

static void put_region(struct er_spec_map *map, json_t *row, const char *field, int64_t i, int region)
{
    if (map->m->view->region[region] >= 0)
        er_spec_text(map->m, row, field, er_map_in(map->m->view, i, region) ? "yes" : "no");
}

/* Points with their letters on the left or on the right of them. */
static json_t *points(struct er_spec_map *map, bool left)
{
    struct er_spec *m = map->m;
    json_t *values = er_spec_made(m, json_array());
    for (int64_t s = 0; s < m->drawing->map.planes; s++) {
        const struct er_plane *plane = &m->drawing->map.plane[s];
        for (int64_t i = -1; (i = next_marked(map, plane, i, ER_MARKED_POINT, ER_MARKED_PATH)) >= 0;) {
            const double x = er_spec_map_cell(map, i, m->view->x);
            const char letter[] = {(char)('A' + er_map_mark(m->view, i) - ER_MARKED_POINT), '\0'};
            if ((share(x, map->x) > 0.9) != left) continue;
            json_t *row = er_spec_map_row(map, plane, x, er_spec_map_cell(map, i, m->view->y[0]));
            er_spec_text(m, row, "letter", letter);
            put_measured(map, row, "filled", i, m->view->colour);
            put_measured(map, row, "contour", i, m->view->contours);
            put_region(map, row, "first", i, 0);
            put_region(map, row, "second", i, 1);
            er_spec_append(m, values, row);
        }
    }
    return values;
}

static void say(struct er_spec *m, json_t *list, const char *field, const char *title, const char *format)
{
    json_t *entry = er_spec_object(m, "field", json_string(field));
    er_spec_text(m, entry, "title", title);
    if (format) er_spec_text(m, entry, "format", format);
    er_spec_append(m, list, entry);
}

static json_t *tooltip(struct er_spec *m)
{
    const struct er_view *view = m->view;
    json_t *list = er_spec_made(m, json_array());
    say(m, list, "letter", "minimum", NULL);
    if (view->colour >= 0) say(m, list, "filled", view->colour_title, view->colour_fraction ? ".1%" : NULL);
    if (view->contours >= 0 && view->contours != view->colour)
        say(m, list, "contour", view->contours_title, view->contours_fraction ? ".1%" : NULL);
    if (view->region[0] >= 0) {
        say(m, list, "first", view->region_title[0], NULL);
        say(m, list, "second", view->region_title[1], NULL);
    }
    return list;
}

void er_spec_map_draw_marks(struct er_spec_map *map)
{
    struct er_spec *m = map->m;
    json_t *trail = paths(map);
    er_spec_map_lines(map, json_incref(trail), "trail-halo", NULL, false);
    er_spec_map_lines(map, trail, "trail", NULL, false);
    for (int left = 0; left < 2; left++) {
        json_t *values = points(map, left);
        if (json_array_size(values) > 0) {
            json_t *mark = er_spec_object(m, "type", json_string("point"));
            er_spec_text(m, mark, "style", "minimum");
            er_spec_layer(m, map->layers, er_spec_object(m, "values", json_incref(values)), mark,
                          er_spec_object(m, "tooltip", tooltip(m)));
        }
        draw_words(map, values, "letter", left ? "letter-halo-left" : "letter-halo",
                   left ? "letter-left" : "letter");
    }
}
