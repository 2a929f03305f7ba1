/* grid.h - what a study's YAML says of its runs: fixed settings, and axes of alternatives that multiply.
 *
 *     runs = |axis_1| x |axis_2| x ... x |seeds|        the last axis fastest
 *
 * An alternative is a set of settings that are chosen together: one for a list of values, several for a list
 * of maps or for axes that are zipped. No row is set by two axes.
 */
#ifndef ERMINE_STUDY_GRID_H
#define ERMINE_STUDY_GRID_H

#include "study/schema.h"
#include "study/setting.h"
#include <ermine/study.h>

/* Settings, each with the index of its row. */
struct er_alternative {
    const struct er_setting **setting;
    int64_t *row;
    int64_t n;
};

struct er_grid_axis {
    int64_t row;                        /* the row where the list is written; the axes are in this order */
    int64_t line, column;               /* of the list */
    struct er_alternative *alternative; /* n of them */
    int64_t n;
};

struct er_grid {
    struct er_reading reading;
    const struct er_schema *schema;
    const struct er_setting **fixed; /* schema->n: written once for all runs, or NULL */
    const struct er_setting **usual; /* schema->n: defaults, or absent */
    struct er_grid_axis *axis;
    int64_t axes, capacity;
    int64_t points;       /* product of the axes' lengths, the seeds not among them */
    int64_t line, column; /* of the study, for errors that have no better place */
};

/* Fails with "ABOVE.KEY: no such key", at the key of `node`, and a hint: the nearest path, when there is one.
 */
enum er_status er_study_unknown_key(const char *file, const char *above, const struct er_node *node,
                                    const char *near, struct er_error *err);

/* Reads the keys of `root`, all of them known, into fixed settings and axes; the study's own are skipped.
 * `grid` has reading, schema, line and column. ER_E_INPUT, ER_E_LIMIT, ER_E_NOMEM. */
enum er_status er_grid_read(struct er_grid *grid, const struct er_node *root, struct er_error *err);

/* Adds an axis of one row, which nothing sets: n > 0 words, as if written at the place of `line` and `column`. */
enum er_status er_grid_spread(struct er_grid *grid, int64_t row, const char *const *word, int64_t n,
                              int64_t line, int64_t column, struct er_error *err);

/* Joins axes as the list of lists of paths `zip` says. */
enum er_status er_grid_zip(struct er_grid *grid, const struct er_node *zip, struct er_error *err);

/* Refuses an axis that says the same twice, at the second place. ER_E_INPUT, ER_E_NOMEM. */
enum er_status er_grid_distinct(const struct er_grid *grid, const struct er_grid_axis *axis,
                                struct er_error *err);

/* Refuses equal alternatives in any axis; multiplies the axes into grid->points; at most ER_STUDY_MAX_RUNS of
 * them (ER_E_LIMIT). */
enum er_status er_grid_count(struct er_grid *grid, struct er_error *err);

/* The settings of point `p` (0..points-1) by row: setting[row], NULL where the key does not exist there.
 * ER_E_INPUT with place for a required key that is missing and for a key of a member that is not chosen. */
enum er_status er_grid_point(const struct er_grid *grid, int64_t p, const struct er_setting **setting,
                             struct er_error *err);

#endif
