/* slice_work.h - tiles of pairs and chunks of displacements, in float32 or float64.
 *
 * slice_chunk.h is compiled twice, for both (slice_chunk32.c, slice_chunk64.c).
 */
#ifndef ERMINE_LIMIT_SLICE_WORK_H
#define ERMINE_LIMIT_SLICE_WORK_H

#include "limit/slice_plan.h"

enum { ER_SLICE_MOST = 8 }; /* rows and columns of a tile */

/* K and Theta: of the output, or the means that a sum makes of its input. */
struct er_slice_value {
    double k, theta;
};

/* A point with itself; its variances and tables are written where `store`, in the first chunk of every run, which has D = 0
 * of all nodes; with the masks of dropout in training. */
struct er_slice_self {
    double *block, *tables;
    bool store, training;
};

/* Pairs: the points x[0] of the rows and x[1] of the columns, with their blocks, one behind the other, and their tables,
 * table_step apart. */
struct er_slice_tile {
    const struct er_limit *limit;
    const double *x[2], *block[2], *tables[2];
    int64_t table_step;
    int64_t rows, columns;
    bool theta;                   /* whether Theta is computed */
    bool float64;                 /* whatever the options say */
    struct er_slice_self *self;   /* one point with itself, in float64; NULL: different points */
    struct er_slice_value *value; /* by node, ER_SLICE_MOST^2 each: what sums have made; then the output's */
    char *scratch;
};

/* Masks of the moves of a map that are cut: 1 where one applies, else 0. */
struct er_slice_masks {
    const struct er_slice_map *y, *x;
    int64_t at, bits; /* where the numbers begin, and the bits of slice_relu.h */
};

/* Where the parts of a worker's scratch begin, in bytes, for a tile of `pairs`; numbers of `real` bytes. Values, tables and stored
 * means lie at the same place for all runs. */
struct er_slice_parts {
    int64_t values, tables, stored, stored_lines, masks, lane, slot, line, mask, planes, spread;
    int64_t bytes;
};
struct er_slice_parts er_slice_parts(const struct er_limit *limit, const struct er_slice_run *run,
                                     int64_t pairs, int64_t real);

/* out[i * ER_SLICE_MOST + j]: of row i and column j the run's target; of a run that sums, the means of its input; of one that
 * stores nothing: that goes to the scratch. */
void er_slice_tile32(const struct er_slice_tile *tile, const struct er_slice_run *run,
                     struct er_slice_value *out);
void er_slice_tile64(const struct er_slice_tile *tile, const struct er_slice_run *run,
                     struct er_slice_value *out);

#define REAL    float
#define NAME(x) x##32
#include "limit/slice_pair.h"
#undef REAL
#undef NAME
#define REAL    double
#define NAME(x) x##64
#include "limit/slice_pair.h"
#undef REAL
#undef NAME

#endif
