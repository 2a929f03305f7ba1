/* estimate.c - the interval of a statistic: quantiles of its resamples, moved so that their median is the value. */
#include "math/quantile.h"
#include "rank/statistics.h"

#include <math.h>
#include <stdlib.h>

static int rising(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static double within(double x, double low, double high)
{
    return x < low ? low : x > high ? high : x;
}

struct er_rank_estimate er_rank_estimate_of(const double *value, int64_t draws, int64_t stride, double level,
                                            double low, double high, double *work)
{
    struct er_rank_estimate e = {.value = value[0], .low = NAN, .high = NAN};
    int64_t n = 0;
    for (int64_t r = 1; r <= draws; r++)
        if (!isnan(value[r * stride])) work[n++] = value[r * stride];
    if (isnan(e.value) || n == 0 || 2 * n < draws) return e;
    qsort(work, (size_t)n, sizeof *work, rising);
    const double tail = 0.5 * (1 - level), move = e.value - er_quantile(work, n, 0.5);
    e.low = within(er_quantile(work, n, tail) + move, low, high);
    e.high = within(er_quantile(work, n, 1 - tail) + move, low, high);
    return e;
}

struct er_rank_estimate er_rank_statistics_estimate(const struct er_rank_statistics *s, int64_t k, int64_t j,
                                                    double low, double high, double *work)
{
    return er_rank_estimate_of(s->value + k * s->draws * s->width + j, s->draws - 1, s->width,
                               s->options->level, low, high, work);
}

double er_rank_statistics_chance(const struct er_rank_statistics *s)
{
    const int64_t n = s->draws - 1;
    if (n == 0 || isnan(s->chance[0])) return NAN; /* all or none: H is of the gaps */
    qsort(s->chance, (size_t)n, sizeof *s->chance, rising);
    return er_quantile(s->chance, n, s->options->level);
}
