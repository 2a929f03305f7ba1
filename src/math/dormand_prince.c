/* dormand_prince.c - see dormand_prince.h. */
#include "math/dormand_prince.h"

#include <ermine/memory.h>
#include <float.h>
#include <math.h>
#include <string.h>

enum { STAGES = 7 };

static const double a[STAGES][STAGES - 1] = {
    {0},
    {1.0 / 5},
    {3.0 / 40, 9.0 / 40},
    {44.0 / 45, -56.0 / 15, 32.0 / 9},
    {19372.0 / 6561, -25360.0 / 2187, 64448.0 / 6561, -212.0 / 729},
    {9017.0 / 3168, -355.0 / 33, 46732.0 / 5247, 49.0 / 176, -5103.0 / 18656},
    {35.0 / 384, 0, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784, 11.0 / 84}, /* = b: the new y */
};

/* b - b* */
static const double difference[STAGES] = {71.0 / 57600,      0,          -71.0 / 16695, 71.0 / 1920,
                                          -17253.0 / 339200, 22.0 / 525, -1.0 / 40};

enum er_status er_dormand_prince_open(const struct er_ode *ode, const double *y,
                                      struct er_dormand_prince *out, struct er_error *err)
{
    struct er_dormand_prince s = {.ode = *ode,
                                  .y = er_alloc(ode->n, sizeof *s.y),
                                  .k = er_alloc(ode->n * STAGES, sizeof *s.k),
                                  .trial = er_alloc(ode->n * 2, sizeof *s.trial)};
    if (!s.y || !s.k || !s.trial) {
        er_dormand_prince_clear(&s);
        return er_fail(err, ER_E_NOMEM, "differential equation: out of memory for %lld unknowns",
                       (long long)ode->n);
    }
    memcpy(s.y, y, (size_t)ode->n * sizeof *y);
    *out = s;
    return ER_OK;
}

void er_dormand_prince_clear(struct er_dormand_prince *s)
{
    er_free(s->y);
    er_free(s->k);
    er_free(s->trial);
    s->y = s->k = s->trial = NULL;
}

/* out = base + h sum_i weight_i k_i over the first `stages`; base may be NULL for 0. */
static void combine(const struct er_dormand_prince *s, int stages, const double *weight, double h,
                    const double *base, double *out)
{
    const int64_t n = s->ode.n;
    for (int64_t i = 0; i < n; i++) out[i] = base ? base[i] : 0;
    for (int stage = 0; stage < stages; stage++) {
        const double w = h * weight[stage], *k = s->k + stage * n;
        if (weight[stage] == 0) continue;
        for (int64_t i = 0; i < n; i++) out[i] += w * k[i];
    }
}

/* The measure of a step of size h, whose end is in trial; infinite where f cannot be taken along it. */
static enum er_status attempt(struct er_dormand_prince *s, double h, double *measure, struct er_error *err)
{
    const int64_t n = s->ode.n;
    enum er_status status = ER_OK;
    for (int stage = 1; stage < STAGES && status == ER_OK; stage++) {
        combine(s, stage, a[stage], h, s->y, s->trial);
        status = s->ode.slope(s->ode.ctx, s->trial, s->k + stage * n, err);
    }
    *measure = (double)INFINITY;
    if (status == ER_E_NONFINITE) return ER_OK;
    if (status != ER_OK) return status;
    combine(s, STAGES, difference, h, NULL, s->trial + n);
    *measure = s->ode.measure(s->ode.ctx, s->trial, s->trial + n);
    if (!isfinite(*measure)) *measure = (double)INFINITY;
    return ER_OK;
}

/* The first h: a hundredth of what would move y by as much as is allowed, to the power that an error of order 5 has. */
static enum er_status begin(struct er_dormand_prince *s, double to, struct er_error *err)
{
    enum er_status status = s->ode.slope(s->ode.ctx, s->y, s->k, err);
    if (status != ER_OK) return status;
    s->fresh = true;
    if (s->h > 0) return ER_OK;
    const double speed = s->ode.measure(s->ode.ctx, s->y, s->k);
    s->h = speed > 0 && isfinite(speed) ? fmin(1 / speed, to - s->t) : to - s->t;
    return ER_OK;
}

enum er_status er_dormand_prince_until(struct er_dormand_prince *s, double t,
                                       const struct er_progress *progress, struct er_error *err)
{
    const int64_t n = s->ode.n;
    while (s->t < t) {
        if (er_progress_stopped(progress))
            return er_fail(err, ER_E_STOPPED, "differential equation: stopped at %g", s->t);
        if (s->ode.tries > 0 && s->tried == s->ode.tries)
            return er_fail(err, ER_E_LIMIT, "differential equation: the steps allowed end at %g, before %g",
                           s->t, t);
        s->tried++;
        enum er_status status = s->fresh ? ER_OK : begin(s, t, err);
        const bool last = s->t + s->h >= t;
        const double h = last ? t - s->t : s->h;
        double measure = 0;
        if (status == ER_OK) status = attempt(s, h, &measure, err);
        if (status != ER_OK) return status;
        const double next = h * fmin(5, fmax(0.2, 0.9 * pow(measure, -0.2)));
        if (measure > 1) {
            s->h = next;
            if (s->t + s->h > s->t && s->h > 0) continue;
            return er_fail(err, ER_E_NONFINITE, "differential equation: at %g no step is small enough", s->t);
        }
        memcpy(s->y, s->trial, (size_t)n * sizeof *s->y);
        memcpy(s->k, s->k + (STAGES - 1) * n, (size_t)n * sizeof *s->k);
        s->t = last ? t : s->t + h;
        s->h = last ? fmax(next, s->h) : next; /* a step that was cut short says little of what is possible */
        s->steps++;
    }
    return ER_OK;
}
