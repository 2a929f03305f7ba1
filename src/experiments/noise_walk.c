/* noise_walk.c - see noise_walk.h. */
#include "experiments/noise_walk.h"

#include "experiments/log_steps.h"

#include <ermine/random.h>
#include <math.h>

/* Steps of a walker between questions whether to stop. */
enum { UNASKED = 1 << 16 };

double er_noise_temperature(const struct er_noise_spec *s)
{
    return s->rate * s->sd * s->sd / (2 * (double)s->batch);
}

double er_noise_free(const struct er_noise_spec *s)
{
    return s->rate * s->rate * s->sd * s->sd / (double)s->batch * (double)s->steps;
}

double er_noise_variance_limit(const struct er_noise_spec *s)
{
    const double product = s->rate * s->curvature;
    return product < 2 ? s->rate * s->sd * s->sd / ((double)s->batch * s->curvature * (2 - product))
                       : (double)INFINITY;
}

double er_noise_variance(const struct er_noise_spec *s, int64_t step)
{
    const double rho = 1 - s->rate * s->curvature, kick = s->rate * s->sd / sqrt((double)s->batch);
    if (fabs(rho) == 1) return kick * kick * (double)step;
    if (rho == 0) return kick * kick;
    return kick * kick * expm1(2 * (double)step * log(fabs(rho))) / (rho * rho - 1);
}

/* The noise of one walker. */
static struct er_random noise_of(const struct er_noise_spec *s, int64_t walker)
{
    return er_random_open(s->seed, er_stream(ER_PURPOSE_BATCHES, (uint64_t)walker));
}

static enum er_status interrupted(struct er_error *err)
{
    return er_fail(err, ER_E_STOPPED, "noise: interrupted");
}

enum er_status er_noise_walk_quadratic(const struct er_noise_spec *s, double *square, double *mean,
                                       double *error, const struct er_progress *progress,
                                       struct er_error *err)
{
    const double rho = 1 - s->rate * s->curvature, kick = s->rate * s->sd / sqrt((double)s->batch),
                 walkers = (double)s->walkers;
    const int64_t from = s->steps / 2; /* steps after it are averaged */
    double sum = 0, squares = 0;
    for (int64_t i = 0; i < s->walkers; i++) {
        struct er_random noise = noise_of(s, i);
        double x = 0, of_walker = 0;
        int64_t record = 0, next = 1;
        for (int64_t t = 1; t <= s->steps; t++) {
            if (t % UNASKED == 1 && er_progress_stopped(progress)) return interrupted(err);
            x = rho * x - kick * er_random_normal(&noise);
            if (t > from) of_walker += x * x;
            if (t != next) continue;
            square[record++] += x * x / walkers;
            next = er_log_step_after(t, s->per_decade, s->steps);
        }
        of_walker /= (double)(s->steps - from);
        sum += of_walker;
        squares += of_walker * of_walker;
    }
    *mean = sum / walkers;
    *error = s->walkers > 1 ? sqrt(fmax(squares / walkers - *mean * *mean, 0) / (walkers - 1)) : (double)NAN;
    return ER_OK;
}

enum er_status er_noise_walk_wells(const struct er_noise_spec *s, int bins, double *count, double *wide,
                                   const struct er_progress *progress, struct er_error *err)
{
    const struct er_wells *w = &s->wells;
    const double kick = s->rate * s->sd / sqrt((double)s->batch), period = w->narrow + w->wide;
    const int64_t last = s->steps / 10 > 1 ? s->steps / 10 : 1;
    int64_t in_wide = 0;
    for (int64_t i = 0; i < s->walkers; i++) {
        struct er_random noise = noise_of(s, i);
        double x = -w->narrow / 2;
        for (int64_t t = 1; t <= s->steps; t++) {
            if (t % UNASKED == 1 && er_progress_stopped(progress)) return interrupted(err);
            x = er_wells_fold(w, x - s->rate * er_wells_slope(w, x) - kick * er_random_normal(&noise));
            if (t <= s->steps - last) continue;
            const int bin = (int)((x + w->narrow) / period * bins);
            count[bin < bins ? bin : bins - 1]++;
            in_wide += x >= 0;
        }
    }
    *wide = (double)in_wide / ((double)last * (double)s->walkers);
    return ER_OK;
}
