/* points.h - what is compared: models of a table, their configurations, and the lines of each axis.
 *
 * Letters: M models compared, C configurations, N points, A axes: the hyper-parameters that differ among the models.
 */
#ifndef ERMINE_RANK_POINTS_H
#define ERMINE_RANK_POINTS_H

#include <ermine/rank.h>

struct er_rank_points {
    int64_t models;
    int32_t *model; /* M: rows of the table, configuration by configuration */
    int64_t configurations;
    int64_t *first; /* C + 1: configuration c has models first[c] .. first[c+1] - 1 */

    int64_t axes;
    int64_t *axis;   /* A: of the table's parameters, rising */
    int64_t *levels; /* A: how many levels are present */
    int32_t *level;  /* C x A: 0 .. levels - 1 */
    int64_t n;       /* N */
    int32_t *at;     /* N: the point's configuration */
    int32_t *seed;   /* N: 0 .. seeds - 1 */
    int64_t seeds;   /* 1 where seeds are averaged */
    bool apart;      /* points are models: point p is model[p] */
};

/* The points of those of the table's models that are `kept` (n flags). ER_E_USAGE (no such model; seeds apart without seeds, or
 * two models of one configuration and seed), ER_E_NOMEM. The table has been checked. */
enum er_status er_rank_points_new(const struct er_rank_table *table, const bool *kept,
                                  enum er_rank_seeds seeds, struct er_rank_points *out, struct er_error *err);
void er_rank_points_clear(struct er_rank_points *points);

/* value (N) = numbers of the table's models, or their means over each configuration's: of 36 bits, so that means that are equal
 * but for rounding are ties, and whatever the order of the table's rows. copies (M, NULL: 1 each): how often each model counts; some of each configuration do. */
void er_rank_points_values(const struct er_rank_points *points, const double *of_models,
                           const int32_t *copies, double *value);

/* copies (M) = how often each model counts in resample `number` > 0, of configurations or of the models within each; 1 each in
 * number 0. */
void er_rank_points_draw(const struct er_rank_points *points, const struct er_rank_options *options,
                         int64_t number, int32_t *copies);

/* Points that differ along one axis at most. */
struct er_rank_lines {
    int64_t n;
    int64_t *first; /* n + 1 */
    int32_t *point; /* by line, along a line by rising level */
};

/* The lines of axis a: of points (seed by seed), or of configurations. ER_E_NOMEM. */
enum er_status er_rank_lines_new(const struct er_rank_points *points, int64_t a, bool of_configurations,
                                 struct er_rank_lines *out, struct er_error *err);
void er_rank_lines_clear(struct er_rank_lines *lines);

#endif
