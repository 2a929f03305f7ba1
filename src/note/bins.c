/* bins.c - the values of a histogram counted in bins. */
#include "note/bins.h"

#include <math.h>
#include <string.h>

enum { FEWEST = 5, USUAL = 50 };

/* Edges are begin + i step, for i from 0 to n; of their logarithms on a logarithmic axis. */
struct bins {
    double begin, step;
    int64_t n;
    bool logarithmic;
};

static double along(double value, bool logarithmic)
{
    if (!logarithmic) return value;
    return value > 0 ? log10(value) : (double)NAN;
}

static double edge(const struct bins *bins, int64_t i)
{
    const double at = bins->begin + bins->step * (double)i;
    return bins->logarithmic ? pow(10, at) : at;
}

double er_bins_step(double step)
{
    const double power = pow(10, floor(log10(step)));
    for (int factor = 1; factor <= 5; factor += factor == 1 ? 1 : 3)
        if (factor * power >= step * (1 - 1e-12)) return factor * power;
    return 10 * power;
}

/* Round edges around [low, high]; no more than `most` bins. */
static void choose_round(struct bins *bins, double low, double high, int64_t most)
{
    double least = (high - low) / (double)most;
    do {
        bins->step = er_bins_step(least);
        bins->begin = floor(low / bins->step) * bins->step;
        bins->n = (int64_t)floor((high - bins->begin) / bins->step) + 1;
        least = bins->step * 1.5;
    } while (bins->n > most && bins->n > 1);
}

static struct bins choose(const struct er_view *view, const struct er_aggregate *aggregate, int64_t wanted,
                          int64_t most)
{
    struct bins bins = {.logarithmic = view->x_log, .n = 1, .step = 1};
    double low = (double)INFINITY, high = -(double)INFINITY;
    int64_t longest = 1;
    for (int64_t s = 0; s < aggregate->n_series; s++) {
        const struct er_series *series = &aggregate->series[s];
        longest = series->samples > longest ? series->samples : longest;
        for (int64_t i = 0; i < series->samples; i++) {
            low = fmin(low, along(series->sample[i].x, bins.logarithmic));
            high = fmax(high, along(series->sample[i].x, bins.logarithmic));
        }
    }
    if (!(low <= high)) return bins;
    if (!(high - low > 1e-12 * fmax(fabs(low), fabs(high)))) { /* one value: a bin around it */
        bins.step = low != 0 ? fabs(low) / 5 : 1;
        bins.begin = low - bins.step / 2;
        return bins;
    }
    if (wanted > 0) {
        bins.n = wanted < most ? wanted : most;
        bins.begin = low;
        bins.step = (high - low) / (double)bins.n;
        return bins;
    }
    int64_t n = (int64_t)ceil(3 * cbrt((double)longest)); /* round steps make fewer */
    n = n < FEWEST ? FEWEST : n > USUAL ? USUAL : n;
    choose_round(&bins, low, high, n < most ? n : most);
    return bins;
}

static int64_t find(const struct bins *bins, double value)
{
    const double at = along(value, bins->logarithmic);
    if (isnan(at)) return -1;
    const int64_t i = (int64_t)floor((at - bins->begin) / bins->step + 1e-9); /* 0.3 is on the edge 3 x 0.1 */
    return i < 0 ? 0 : i >= bins->n ? bins->n - 1 : i;
}

bool er_bins_make(const struct er_view *view, struct er_aggregate *aggregate, int64_t wanted, int64_t most,
                  struct er_arena *memory)
{
    const struct bins bins = choose(view, aggregate, wanted, most);
    int64_t *count = er_arena_alloc(memory, bins.n, sizeof *count);
    if (!count) return false;
    for (int64_t s = 0; s < aggregate->n_series; s++) {
        struct er_series *series = &aggregate->series[s];
        struct er_summary *point = er_arena_alloc(memory, bins.n, sizeof *point);
        if (!point) return false;
        memset(count, 0, (size_t)bins.n * sizeof *count);
        for (int64_t i = 0; i < series->samples; i++) {
            const int64_t bin = find(&bins, series->sample[i].x);
            if (bin >= 0) count[bin]++;
        }
        series->points = 0;
        for (int64_t i = 0; i < bins.n; i++)
            if (count[i] > 0)
                point[series->points++] = (struct er_summary){.x = edge(&bins, i),
                                                              .high = edge(&bins, i + 1),
                                                              .low = edge(&bins, i),
                                                              .mean = (double)count[i],
                                                              .n = count[i]};
        series->point = point;
    }
    return true;
}
