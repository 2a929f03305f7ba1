/* map.h - the rows of a map: planes, each a grid of cells with points and paths over it.
 *
 * A run is the rows that share all axes; its cells are those where the column of marks is 0 (all, without
 * such a column). Runs lie in planes of their own, whose coordinates have nothing in common, so nothing is averaged: at
 * each value of the slider the first run that has it is shown. What is counted of regions is counted in every run.
 */
#ifndef ERMINE_NOTE_MAP_H
#define ERMINE_NOTE_MAP_H

#include "note/aggregate.h"

enum { ER_MAP_SIDE = 512 /* cells along an axis at most */ };

/* Marks of rows: a cell, a point with its letter, a place on the path that leads to a point. */
enum { ER_MARKED_CELL = 0, ER_MARKED_POINT = 1, ER_MARKED_PATH = 4, ER_MARKED_END = 7 };

/* Cells of one run. */
struct er_map_run {
    int64_t begin, end;             /* its rows in the table */
    int64_t step;                   /* index of the slider's value; 0 without it; -1: none */
    int64_t cells, region[2], both; /* how many there are, how many are in a region */
    bool known[2];                  /* whether a cell has a value of the region's column */
};

/* The run that is shown at one value of the slider. */
struct er_map_plane {
    int64_t run; /* -1: there is none */
    int64_t nx, ny;
    const double *x, *y; /* where the cells are, rising */
    const int64_t *cell; /* row of the table at place j * nx + i; -1: missing */
};

struct er_map {
    const struct er_map_run *run;
    int64_t runs;
    const struct er_map_plane *plane; /* one for each value of the slider, or one */
    int64_t planes;
};

/* Everything is allocated from `memory`. ER_E_INPUT at the figure's place: cells that lie on no grid; ER_E_LIMIT:
 * more than ER_MAP_SIDE along an axis; ER_E_NOMEM. Cost: sorting of the rows. */
enum er_status er_map_make(const struct er_view *view, const struct er_figure *figure,
                           const struct er_aggregate *aggregate, struct er_arena *memory, struct er_map *out,
                           struct er_error *err);

/* A column at the places of a plane, NaN where it has no value; its logarithm to base 10 where `logarithmic`: that of 0
 * is minus infinity, which is below all levels. NULL when memory is out. */
double *er_map_values(const struct er_view *view, const struct er_map_plane *plane, int64_t column,
                      bool logarithmic, struct er_arena *memory);

/* Where a place counted in cells is on an axis of a plane, which has n >= 2 of them at at[0] .. at[n - 1]. */
double er_map_place(const double *at, int64_t n, double cells);

/* What a row is marked as: ER_MARKED_CELL, ...; -1 where that is no whole number from 0 to 6. */
int er_map_mark(const struct er_view *view, int64_t row);

/* Whether two rows differ in nothing but seeds. */
bool er_map_same_setting(const struct er_view *view, int64_t a, int64_t b);

/* Whether a row is in a region (0 or 1) of the view. */
bool er_map_in(const struct er_view *view, int64_t row, int region);

#endif
