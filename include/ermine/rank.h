/* <ermine/rank.h> - how well measures predict the gap of many networks: every published criterion.
 *
 *     model          a trained network: levels of its hyper-parameters, its gap, a value mu of each measure
 *     configuration  one combination of levels; its models differ in their seed
 *     gap            g = test error - training error, as shares of 1
 *     direction      a measure whose large values mean a small gap (-1) is compared as -mu: in all that follows larger
 *                    values are meant to mean larger gaps, and 1 is a perfect tau, 0 a perfect sign error
 *
 *     tau-a          (concordant - discordant) / pairs, over pairs of models; ties count in the pairs alone
 *     tau-b          (concordant - discordant) / sqrt(pairs without ties in mu x pairs without ties in g)
 *     psi_i, Psi     tau-a along each line of axis i (all other hyper-parameters fixed), mean over lines; mean over axes
 *     K              min over S, |S| <= 2, of  I(V_mu; V_g | U_S) / H(V_g | U_S): V the sign of the difference of a pair
 *                    of models, U_S both models' values of the hyper-parameters S; blind to the sign of the dependence
 *     sign error     (1 - sign(mu1 - mu2) sign(g1 - g2)) / 2, mean over the pairs of an environment with weights that
 *                    leave out gaps that may differ by chance; an environment is two configurations that differ in one
 *                    hyper-parameter. Robust: the largest over environments
 *     PGDL score     100 min over |S| = 2 of the same quotient as K as the organisers coded it
 *
 * Each with an interval of the bootstrap.
 *
 * <ermine/kendall.h> has tau of two sequences, <ermine/rank_scores.h> single scores and baselines, <ermine/rank_file.h>
 * reads tables of models.
 *
 * Sources: Jiang et al., "Fantastic generalization measures and where to find them", ICLR 2020 (tau, Psi, K); Dziugaite
 * et al., "In search of robust measures of generalization", NeurIPS 2020 (sign error); the scoring program of the
 * competition "Predicting generalization in deep learning", NeurIPS 2020 (PGDL).
 */
#ifndef ERMINE_RANK_H
#define ERMINE_RANK_H

#include <ermine/pool.h>
#include <ermine/progress.h>
#include <stdbool.h>

/* A hyper-parameter: its value in each model, as the index of a level. */
struct er_rank_parameter {
    const char *name;
    int64_t levels;       /* 1 .. ER_RANK_LEVELS_MAX */
    const int32_t *level; /* n: 0 .. levels - 1, in rising order of the values where they are numbers */

    /* +1: larger values are held to generalise better (width); -1: smaller ones (batch); 0: nothing is held. For the baseline
     * "canonical" alone. */
    int better;
};

/* How the values mu of a measure are compared where models differ in their number m of training examples. Only what enters a
 * bound as sqrt(mu / m) is to be divided: not what holds m already, and not what does not grow with m. */
enum er_rank_scale {
    ER_RANK_AS_IS,        /* mu */
    ER_RANK_NUMERATOR,    /* sqrt(mu / m), with the sign of mu */
    ER_RANK_LOG_NUMERATOR /* mu is the natural logarithm of a numerator: (mu - ln m) / 2 */
};

struct er_rank_measure {
    const char *name;
    const double *value; /* n; NaN or infinite: missing */
    int direction;       /* +1 or -1 */
    enum er_rank_scale scale;
};

enum {
    ER_RANK_LEVELS_MAX = 4096,
    ER_RANK_PARAMETERS_MAX = 64,
    ER_RANK_MODELS_MAX = 1000000,
    ER_RANK_CELLS_MAX = 1 << 24, /* of K: sum over pairs of hyper-parameters of (levels x levels)^2 */
};

/* A table of models, by columns. All of it is borrowed for a call. */
struct er_rank_table {
    int64_t n;
    const double *gap; /* n; a model without one (NaN or infinite) is dropped */
    int64_t parameters;
    const struct er_rank_parameter
        *parameter; /* those that do not vary among the compared models are passed over */
    int64_t measures;
    const struct er_rank_measure *measure;
    const int32_t
        *seed; /* n: number of each model's seed; NULL: none is known. Used by ER_RANK_SEEDS_APART */

    /* n: examples of training, > 0, by which numerators are divided (Dziugaite et al.); NULL: all are compared as they are. */
    const double *train_size;
};

/* What models of one configuration are. Sign errors always compare single models. */
enum er_rank_seeds {
    ER_RANK_SEEDS_AVERAGED, /* one point: means of gap and measures over seeds first, of 36 bits: so equal means are ties */
    ER_RANK_SEEDS_APART /* points each; tau and K compare them among all, psi is taken seed by seed */
};

/* Two groups of models of which all pairs are an environment. */
enum er_rank_environments {
    ER_RANK_ENVIRONMENTS_AUTO, /* levels where configurations have fewer than 4 models on average, else configurations */
    ER_RANK_ENVIRONMENTS_CONFIGURATIONS, /* two configurations that differ in one hyper-parameter: Dziugaite et al. */

    /* All such pairs for one pair of levels of one hyper-parameter together: for tables with few seeds, where single pairs of
     * configurations have too few pairs of models. */
    ER_RANK_ENVIRONMENTS_LEVELS
};

/* What is drawn again for intervals. */
enum er_rank_resample {
    ER_RANK_RESAMPLE_CONFIGURATIONS, /* configurations, with their models: what another grid of the kind might have given */
    ER_RANK_RESAMPLE_SEEDS /* within each configuration its models: the same grid with other seeds */
};

struct er_rank_options {
    enum er_rank_seeds seeds;               /* [averaged] */
    enum er_rank_environments environments; /* [auto] */

    /* A measure is compared on all models that have it. [false]: on those that have all measures. */
    bool each_by_itself;

    /* 0 .. 1: a measure that fewer models than this share have drops no model of others; it is compared by itself. [0.5] */
    double least_share;

    /* Examples behind each gap: of the weights of sign errors; 0: all pairs weigh 1. [10000] */
    int64_t test_size;

    /* An environment of a smaller effective number of pairs, (sum w)^2 / sum w^2, is dropped. [12] */
    double least_pairs;

    int64_t resamples;              /* of the bootstrap: 0 (no intervals) .. 100000. [200] */
    enum er_rank_resample resample; /* [configurations] */
    double level;                   /* of intervals, in (0, 1). [0.95] */
    uint64_t seed;                  /* of the resamples. [0] */
};

ER_API struct er_rank_options er_rank_options_default(void);

/* A statistic and the interval of its resamples: their quantiles (1 -+ level) / 2, moved so that their median is the value,
 * within the statistic's range. NaN where there is none; low and high are NaN without resamples. */
struct er_rank_estimate {
    double value, low, high;
};

/* Sign errors over environments. NaN where there are none. The interval of the largest is the roughest of all: it is of those
 * environments that are near it. */
struct er_rank_sign_errors {
    int64_t environments; /* pairs, not ordered: the paper counts each twice */
    struct er_rank_estimate mean, max;
    double p90;
};

/* One measure. */
struct er_rank_result {
    const char *name; /* the table's */
    int64_t models;   /* compared */
    int64_t points;   /* configurations, or models where seeds are apart */
    int64_t dropped;  /* models of the table that are not compared, for want of a gap or a measure */
    int64_t missing;  /* models with a gap that have no value of this very measure */

    struct er_rank_estimate tau_a, tau_b, psi, cmi;
    struct er_rank_estimate *psi_axis; /* parameters of the table; NaN where no line has two points */
    int cmi_set[2];                    /* the S of K, as indices of the table's parameters; -1: none */
    double cmi_by_size[3];             /* min over |S| = 0, 1, 2 alone; NaN where there is no such S */

    /* What K a measure that knows nothing stays below, with probability `level`: the quantile over `resamples` random orders of
     * the points. NaN without resamples. K is never negative, so that an interval above 0 is no evidence; K above this is. */
    double cmi_chance;

    struct er_rank_sign_errors sign;       /* over all environments */
    struct er_rank_sign_errors *sign_axis; /* by the hyper-parameter that differs; parameters of the table */

    /* The organisers' score, 0 .. 100, of the points; NaN unless they are a complete grid of two or more hyper-parameters, each
     * cell once: then pgdl_why (static) says what is amiss. */
    struct er_rank_estimate pgdl;
    const char *pgdl_why;
    double pgdl_strict; /* 100 K: no pairs of a model with itself, cells by their frequency, |S| <= 2 */
};

struct er_rank_results {
    int64_t n; /* measures, in the table's order */
    struct er_rank_result *result;
    int64_t parameters; /* of the table */
};

/**
 * All criteria of all measures of a table.
 *
 * Ties. tau: as above. K: a tied pair counts half as greater and half as smaller, so that a constant measure has K = 0 and K
 * is blind to sign. S whose H is 0 are passed over; K is NaN when all are. PGDL: "not greater" is minus, pairs of a model
 * with itself are counted: its score depends on the sign. Psi: lines with fewer than two points are left out, axes without
 * lines left out of the mean.
 *
 * Resamples. A draw of configurations with replacement gives each a number of copies c; the copies of one point are not
 * compared with each other (they would be ties). tau: pairs weigh c1 c2. psi_i: sum over lines of pairs, each weighing c1
 * c2 / (pairs of the line), so that the estimate itself is the mean over lines. K: pairs likewise. PGDL: likewise, each copy
 * being paired with itself. Sign errors: of the environments that the table itself has, pairs of models weighing c1 c2 more;
 * an environment of two configurations counts c1 c2 times in the mean where configurations are drawn. Few resamples of few
 * points make K larger than it is, as few points do: the reason why intervals are moved.
 *
 * How often intervals of 95 % hold what they are of, by simulation with 27 models on a 3 x 3 x 3 grid, of measures that know nothing and
 * of some that know something: tau 94 %; psi and Psi 98 %, for a line of three points loses pairs in a draw, so that these are a
 * quarter wider than need be; the mean sign error 97 %, the PGDL score 96 to 100 %, the robust sign error 68 to 99 %.
 *
 * A model that is dropped is dropped for all measures (but see each_by_itself and least_share): what is compared between
 * measures is compared on the same models.
 *
 * @param options  NULL: the default.
 * @param pool     NULL: the caller's thread alone. The same bits for any number of threads.
 * @param out      cleared by er_rank_results_clear(); names are borrowed from the table. Untouched on failure.
 * Errors: ER_E_USAGE (an option or a level out of its range, no model has a gap, fewer than two points), ER_E_LIMIT (too
 * many models, hyper-parameters, levels or cells), ER_E_NOMEM, ER_E_STOPPED.
 *
 * Cost: N log N times (levels of all pairs of hyper-parameters together) / 16 operations a measure and resample for N
 * points; bench/rank.c. Memory: about 4 bytes x levels of all pairs x N / 16 a thread.
 */
ER_API enum er_status er_rank(const struct er_rank_table *table, const struct er_rank_options *options,
                              struct er_pool *pool, const struct er_progress *progress,
                              struct er_rank_results *out, struct er_error *err);

/** Frees what the results hold and zeroes them. */
ER_API void er_rank_results_clear(struct er_rank_results *results);

#endif
