/* <ermine/rank_scores.h> - single scores of <ermine/rank.h>, baselines, and the prediction of gaps by one measure.
 *
 * Tables as <ermine/rank.h> describes them. Any thread.
 */
#ifndef ERMINE_RANK_SCORES_H
#define ERMINE_RANK_SCORES_H

#include <ermine/rank.h>

/**
 * The score of one task of the competition "Predicting generalization in deep learning", NeurIPS 2020, as its scoring
 * program has it:
 *
 *     cell of S = {a, b}: the values of a and b in both models of a pair (A, B), A = B among them
 *     count[i][j] += 1 of i = [g_A > g_B], j = [mu_A > mu_B]
 *     score = 100 min over S of  mean over cells of I(i; j) / mean over cells of H(i)         H with ln(p + 1e-12)
 *
 * Depends on the sign of the measure, since a model paired with itself is "not greater" twice: exact gaps score 100, their
 * negatives less. 0 of a constant measure.
 *
 * @param value  n values of the measure, finite, larger ones meaning larger gaps.
 * Errors: ER_E_UNSUPPORTED (fewer than two hyper-parameters that vary; not a complete grid with each cell exactly once),
 * ER_E_NONFINITE (a value or gap), ER_E_LIMIT, ER_E_NOMEM. Uses the table's n, gap and parameters. Cost: n^2 x pairs of
 * hyper-parameters.
 */
ER_API enum er_status er_rank_pgdl(const struct er_rank_table *table, const double *value, double *score,
                                   struct er_error *err);

/** The weight of a pair of models whose gaps differ by `difference`, each measured on `test_size` examples: w - 1/2 where w >
 * 1/2, else 0, of w = max(0, 1 - phi)^2, phi = 2 exp(-2 n (D/2)^2): the confidence that they do differ. 1 when test_size is 0. Source:
 * Dziugaite et al. 2020, section 5. */
ER_API double er_rank_pair_weight(double difference, int64_t test_size);

/** The value of model i as it is compared: turned by the direction, scaled by the table's train_size; NaN: missing. */
ER_API double er_rank_compared(const struct er_rank_table *table, const struct er_rank_measure *measure,
                               int64_t i);

/** The names of baselines: "oracle" (the gap itself), "oracle_0.02" and "oracle_0.05" (with Gaussian noise of that standard
 * deviation), "random" (independent uniform numbers), "canonical" (the sum of level numbers, each over
 * that of the axis's last level, with a minus where larger values are held to generalise better: the order of each axis as it is
 * commonly thought of). NULL behind the last. Static. */
ER_API const char *const *er_rank_baselines(void);

/** value (table->n) = the baseline `name`, of direction +1; drawn by (seed, ER_PURPOSE_BASELINE, model's number). NaN for models
 * without a gap where it is asked for. ER_E_NOT_FOUND names the nearest; ER_E_UNSUPPORTED: canonical, when nothing is
 * held of any hyper-parameter. */
ER_API enum er_status er_rank_baseline(const struct er_rank_table *table, const char *name, uint64_t seed,
                                       double *value, struct er_error *err);

/** What is commonly held of a hyper-parameter by the last part of its name ("model.width": "width"): +1 for width, depth,
 * dropout, rate, learning_rate, lr, weight_decay, momentum, train, epochs; -1 for batch, batch_size; 0 otherwise. For er_rank_parameter.better. */
ER_API int er_rank_better(const char *name);

/** Levels of n numbers: equal within 1e-9 of their size is one level, in rising order. *levels of them in level[n]. A value that
 * is not finite is ER_E_NONFINITE; ER_E_LIMIT: more than ER_RANK_LEVELS_MAX; ER_E_NOMEM. */
ER_API enum er_status er_rank_number_levels(int64_t n, const double *value, int32_t *level, int64_t *levels,
                                            struct er_error *err);

/** Levels of n words (NULL is a word of its own, the first), in the order of strcmp(). Errors as above. */
ER_API enum er_status er_rank_word_levels(int64_t n, const char *const *word, int32_t *level, int64_t *levels,
                                          struct er_error *err);

/* How finely models are grouped into environments for er_rank_regress(). */
enum er_rank_grain {
    ER_RANK_GRAIN_CONFIGURATION = 1, /* v1: each configuration */
    ER_RANK_GRAIN_LINE = 2,          /* v2: all hyper-parameters fixed but one: each line of each axis */
    ER_RANK_GRAIN_LEVEL = 3          /* v3: one value of one hyper-parameter */
};

struct er_rank_regression {
    double slope, intercept; /* of the gap on the standardised measure */
    double worst, mean;      /* mean squared error of the worst environment, and over all models */
    double baseline;         /* that of the worst environment for a constant prediction alone */
    int64_t environments;
};

/**
 * The gap predicted by one measure, in the worst environment: g = a z + b, z the measure less its mean over its standard
 * deviation, a >= 0, minimising the largest mean squared error of an environment.
 *
 * The paper takes 500 steps of SGD; this is the minimum itself: the problem is convex and has two variables.
 *
 * @param value  n values of the measure, larger ones meaning larger gaps, taken as they are, whatever the table's train_size
 * (er_rank_compared() adjusts); models without value or gap are left out.
 * Errors: ER_E_UNSUPPORTED (fewer than two models, a constant measure), ER_E_USAGE (grain), ER_E_NOMEM.
 * Source: Dziugaite et al. 2020, the experiment on single networks.
 */
ER_API enum er_status er_rank_regress(const struct er_rank_table *table, const double *value,
                                      enum er_rank_grain grain, struct er_rank_regression *out,
                                      struct er_error *err);

#endif
