/* statistics.h - the statistics of all measures of a comparison, of the points themselves and of resamples of them. */
#ifndef ERMINE_RANK_STATISTICS_H
#define ERMINE_RANK_STATISTICS_H

#include "rank/comparison.h"

#include <ermine/pool.h>
#include <ermine/progress.h>

struct er_rank_statistics {
    const struct er_rank_comparison *c;
    const struct er_rank_options *options;
    int64_t draws;         /* resamples + 1: draw 0 is the points themselves */
    int64_t width;         /* ER_RANK_STATISTICS + A: those, then psi of each axis */
    double *value;         /* K x draws x width */
    struct er_rank_cmi *k; /* K: of draw 0 */
    double *chance;        /* draws - 1: K of random orders of the points */
};

/* Why there is no PGDL score of the points, or NULL. Static. */
const char *er_rank_pgdl_missing(const struct er_rank_points *points);

/* The same bits for any pool. ER_E_NOMEM, ER_E_STOPPED. */
enum er_status er_rank_statistics_new(const struct er_rank_comparison *c,
                                      const struct er_rank_options *options, struct er_pool *pool,
                                      const struct er_progress *progress, struct er_rank_statistics *out,
                                      struct er_error *err);
void er_rank_statistics_clear(struct er_rank_statistics *s);

/* Statistic j of measure k with its interval, within [low, high]. `work` holds `draws` numbers. */
struct er_rank_estimate er_rank_statistics_estimate(const struct er_rank_statistics *s, int64_t k, int64_t j,
                                                    double low, double high, double *work);

/* The same of draws + 1 values, `stride` apart, the first of them the statistic itself. */
struct er_rank_estimate er_rank_estimate_of(const double *value, int64_t draws, int64_t stride, double level,
                                            double low, double high, double *work);

/* What K of a measure that knows nothing stays below with probability options->level; sorts s->chance. NaN without draws. */
double er_rank_statistics_chance(const struct er_rank_statistics *s);

#endif
