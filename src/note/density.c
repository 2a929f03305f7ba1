/* density.c - kernel densities of the values of series. */
#include "note/density.h"

#include "math/quantile.h"

#include <math.h>

static double along(double value, bool logarithmic)
{
    if (!logarithmic) return value;
    return value > 0 ? log10(value) : (double)NAN;
}

/* The values of a series as they lie along the axis, sorted; n of them. */
struct values {
    double *at;
    int64_t n;
};

static double width(const struct values *v, double least)
{
    double mean = 0, squares = 0;
    for (int64_t i = 0; i < v->n; i++) mean += v->at[i] / (double)v->n;
    for (int64_t i = 0; i < v->n; i++) squares += (v->at[i] - mean) * (v->at[i] - mean);
    const double deviation = v->n > 1 ? sqrt(squares / (double)(v->n - 1)) : 0;
    const double range = (er_quantile(v->at, v->n, 0.75) - er_quantile(v->at, v->n, 0.25)) / 1.34;
    const double spread = range > 0 && range < deviation ? range : deviation;
    return fmax(0.9 * spread * pow((double)v->n, -0.2), least);
}

static double kernel(double x)
{
    return fabs(x) < 8 ? exp(-x * x / 2) : 0;
}

struct axis {
    double low, high; /* beyond which nothing is; infinite: no such end */
    double least;     /* width of a kernel */
    bool logarithmic;
};

static void fill(const struct values *v, const struct axis *axis, int64_t places, struct er_summary *point)
{
    const double h = width(v, axis->least);
    const double begin = fmax(v->at[0] - 3 * h, axis->low), end = fmin(v->at[v->n - 1] + 3 * h, axis->high);
    double peak = 0;
    for (int64_t k = 0; k < places; k++) {
        const double x = begin + (end - begin) * (double)k / (double)(places - 1);
        double sum = 0;
        for (int64_t i = 0; i < v->n; i++) {
            sum += kernel((x - v->at[i]) / h);
            if (isfinite(axis->low)) sum += kernel((x - 2 * axis->low + v->at[i]) / h);
            if (isfinite(axis->high)) sum += kernel((x - 2 * axis->high + v->at[i]) / h);
        }
        peak = fmax(peak, sum);
        point[k] = (struct er_summary){.x = axis->logarithmic ? pow(10, x) : x, .mean = sum, .n = v->n};
    }
    for (int64_t k = 0; k < places; k++) {
        point[k].mean /= peak;
        point[k].low = 0;
        point[k].high = point[k].mean;
    }
}

/* The axis of all series: shares of 1 that are never negative end at 0, those that are never above 1 there too. */
static struct axis axis_of(const struct er_view *view, const struct er_aggregate *aggregate)
{
    double low = INFINITY, high = -INFINITY;
    for (int64_t s = 0; s < aggregate->n_series; s++)
        for (int64_t i = 0; i < aggregate->series[s].samples; i++) {
            low = fmin(low, along(aggregate->series[s].sample[i].x, view->x_log));
            high = fmax(high, along(aggregate->series[s].sample[i].x, view->x_log));
        }
    const bool shares = view->x_fraction && !view->x_log;
    const double range = high > low ? high - low : fabs(low) > 0 && isfinite(low) ? fabs(low) : 1;
    return (struct axis){.low = shares && low >= 0 ? 0 : -INFINITY,
                         .high = shares && high <= 1 ? 1 : INFINITY,
                         .least = range / 100,
                         .logarithmic = view->x_log};
}

double er_density_median(const struct er_series *series)
{
    const struct er_sample *lower = &series->sample[(series->samples - 1) / 2],
                           *upper = &series->sample[series->samples / 2];
    return lower->x + (upper->x - lower->x) / 2;
}

bool er_density_make(const struct er_view *view, struct er_aggregate *aggregate, int64_t places,
                     struct er_arena *memory)
{
    const struct axis axis = axis_of(view, aggregate);
    const bool ridge = view->mark == ER_MARK_RIDGELINE;
    for (int64_t s = 0; s < aggregate->n_series; s++) {
        struct er_series *series = &aggregate->series[s];
        struct er_summary *point = er_arena_alloc(memory, ridge ? places : 1, sizeof *point);
        struct values v = {.at = er_arena_alloc(memory, series->samples + 1, sizeof *v.at)};
        if (!point || !v.at) return false;
        for (int64_t i = 0; i < series->samples; i++) {
            const double at = along(series->sample[i].x, axis.logarithmic);
            if (!isnan(at)) v.at[v.n++] = at;
        }
        const double median = er_density_median(series);
        point[0] = (struct er_summary){.x = median,
                                       .mean = median,
                                       .low = series->sample[0].x,
                                       .high = series->sample[series->samples - 1].x,
                                       .n = series->samples};
        if (ridge && v.n > 0) fill(&v, &axis, places, point);
        series->point = point;
        series->points = v.n == 0 ? 0 : ridge ? places : 1;
    }
    return true;
}
