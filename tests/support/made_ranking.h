/* made_ranking.h - tables of models for tests of rankings, put together model by model. */
#ifndef ERMINE_TESTS_SUPPORT_MADE_RANKING_H
#define ERMINE_TESTS_SUPPORT_MADE_RANKING_H

#include <ermine/rank.h>

enum { MADE_RANKING_MODELS = 400, MADE_RANKING_AXES = 4 };

/* A table of one measure, or of up to three; borrows from the columns below. Don't copy. */
struct made_ranking {
    struct er_rank_table table;
    struct er_rank_parameter parameter[MADE_RANKING_AXES];
    struct er_rank_measure measure[3];
    int32_t level[MADE_RANKING_AXES][MADE_RANKING_MODELS], rows[MADE_RANKING_MODELS * MADE_RANKING_AXES],
        seed[MADE_RANKING_MODELS];
    double gap[MADE_RANKING_MODELS], value[3][MADE_RANKING_MODELS], train_size[MADE_RANKING_MODELS];
};

/* An empty table of hyper-parameters "a", "b", ... with so many levels. */
void made_ranking_begin(struct made_ranking *m, int axes, const int *levels);

/* A model more, of which all three measures have the value. */
void made_ranking_add(struct made_ranking *m, const int32_t *level, int32_t seed, double gap, double value);

/* A full grid, a model a cell, in lexicographic order. */
void made_ranking_grid(struct made_ranking *m, int axes, const int *levels, const double *gap,
                       const double *value);

/* er_rank(), with a failed test where it fails. */
struct er_rank_results made_ranking_results(const struct made_ranking *m,
                                            const struct er_rank_options *options, struct er_pool *pool);

/* The defaults, without resamples. */
struct er_rank_options made_ranking_options(void);

#endif
