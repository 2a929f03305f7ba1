/* spec_map_parts.h - the parts of a map's specification: lines, labels of iso-lines, points and paths.
 */
#ifndef ERMINE_NOTE_SPEC_MAP_PARTS_H
#define ERMINE_NOTE_SPEC_MAP_PARTS_H

#include "note/isolines.h"
#include "note/spec_parts.h"

enum { ER_MAP_TAKEN = 256 };

struct er_spec_map {
    struct er_spec *m;
    json_t *layers;                /* what is drawn so far */
    double tolerance;              /* of outlines, in cells */
    int64_t vertices;              /* of what is drawn so far */
    double x[2], y[2];             /* the ends of the axes */
    double unit_x, unit_y;         /* coordinates are rounded to */
    json_t *labels;                /* rows of the labels of iso-lines; NULL: none yet */
    double taken[ER_MAP_TAKEN][2]; /* where labels, points and paths are on a plane, as shares of the axes */
    int64_t n_taken;
};

/* A row with a place on a plane, and the slider's value there; NaN: a break in a line. */
json_t *er_spec_map_row(struct er_spec_map *map, const struct er_map_plane *plane, double x, double y);

/* Adds a place in cells, and a break, to the rows of lines. */
void er_spec_map_add(struct er_spec_map *map, json_t *values, const struct er_map_plane *plane, double x,
                     double y);
void er_spec_map_break(struct er_spec_map *map, json_t *values, const struct er_map_plane *plane);

/* Rows of the outlines on all planes of where a column is at least `level`: closed, or only where they are no end of the
 * grid. (er_sketch_outline() has the other arguments.) */
json_t *er_spec_map_outlines(struct er_spec_map *map, int64_t column, double level, bool logarithmic,
                             bool yes_or_no, bool closed);

/* A layer of lines with breaks, in a style of the theme (NULL: its own); nothing where there are no rows. It takes `values` and `colour`
 * (NULL: that of the style). */
void er_spec_map_lines(struct er_spec_map *map, json_t *values, const char *style, json_t *colour,
                       bool filled);

/* Labels of iso-lines: begun on a plane, one for each level at the place on its lines that is farthest from what is
 * there already, and all of them drawn. */
void er_spec_map_begin_labels(struct er_spec_map *map, const struct er_map_plane *plane);
void er_spec_map_label(struct er_spec_map *map, const struct er_map_plane *plane,
                       const struct er_rings *rings, double level);
void er_spec_map_draw_labels(struct er_spec_map *map);

/* Regions, with their legend. */
void er_spec_map_draw_regions(struct er_spec_map *map);

/* Paths, and points with their letters. */
void er_spec_map_draw_marks(struct er_spec_map *map);

/* Where a row of the table lies. */
double er_spec_map_cell(const struct er_spec_map *map, int64_t row, int64_t column);

#endif
