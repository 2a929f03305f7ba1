/* mode_flow.c - one singular value under a quadratic loss, from its start to its target.
 *
 * The way is cut into pieces in which sigma, or near its target sigma - target, changes by a factor: in time units of the
 * linear equation at the target an explicit step stays stable, and what has come to the target is seen there.
 */
#include "math/dormand_prince.h"

#include <ermine/matrix_flow.h>
#include <inttypes.h>
#include <math.h>

static const double at_target = 1e-12, tolerance = 1e-10;

struct mode {
    double depth, curvature, target;
};

/* N sigma^(2-2/N) curvature (target - sigma) */
static double speed(const struct mode *m, double sigma)
{
    return m->depth * pow(sigma, 2 - 2 / m->depth) * m->curvature * (m->target - sigma);
}

static enum er_status slope(void *ctx, const double *y, double *dy, struct er_error *err)
{
    const struct mode *m = ctx;
    *dy = *y > 0 ? speed(m, *y) : 0;
    if (isfinite(*dy)) return ER_OK;
    return er_fail(err, ER_E_NONFINITE, "a mode's flow: the slope at %g is not finite", *y);
}

static double measure(void *ctx, const double *y, const double *e)
{
    (void)ctx;
    return *y > 0 ? fabs(*e) / (tolerance * *y) : (double)INFINITY;
}

static bool has_come(const struct mode *m, double sigma)
{
    return fabs(sigma - m->target) <= at_target * fabs(m->target);
}

/* How long sigma or its distance from the target takes to change by a factor of a few. */
static double piece(const struct mode *m, double sigma)
{
    if (m->target > 0 && sigma > m->target / 2 && sigma < m->target * 2)
        return 1 / (m->depth * pow(fmax(sigma, m->target), 2 - 2 / m->depth) * m->curvature);
    return sigma / fabs(speed(m, sigma));
}

static enum er_status integrate(struct mode *m, double start, int64_t n, const double *time, double *sigma,
                                struct er_error *err)
{
    const struct er_ode ode = {.n = 1, .slope = slope, .measure = measure, .ctx = m};
    struct er_dormand_prince s;
    enum er_status status = er_dormand_prince_open(&ode, &start, &s, err);
    if (status != ER_OK) return status;
    for (int64_t i = 0; i < n && status == ER_OK; i++) {
        while (s.t < time[i] && status == ER_OK && !has_come(m, *s.y))
            status = er_dormand_prince_until(&s, fmin(time[i], s.t + piece(m, *s.y)), NULL, err);
        sigma[i] = has_come(m, *s.y) ? m->target : *s.y;
    }
    er_dormand_prince_clear(&s);
    return status;
}

static enum er_status check(const struct mode *m, double start, int64_t n, const double *time,
                            struct er_error *err)
{
    if (!(m->depth >= 1))
        return er_fail(err, ER_E_USAGE, "a mode's flow: depth is %g, it must be at least 1", m->depth);
    if (!(m->curvature > 0 && isfinite(m->curvature)) || !isfinite(m->target))
        return er_fail(err, ER_E_USAGE, "a mode's flow: curvature %g must be above 0, target %g a number",
                       m->curvature, m->target);
    if (!(start >= 0 && isfinite(start)))
        return er_fail(err, ER_E_USAGE, "a mode's flow: it starts at %g, below 0 or nowhere", start);
    for (int64_t i = 0; i < n; i++)
        if (!(time[i] >= (i > 0 ? time[i - 1] : 0) && isfinite(time[i])))
            return er_fail(err, ER_E_USAGE, "a mode's flow: time %" PRId64 " is %g, it must not fall", i,
                           time[i]);
    return ER_OK;
}

enum er_status er_mode_flow(int64_t depth, double curvature, double start, double target, int64_t n,
                            const double *time, double *sigma, struct er_error *err)
{
    struct mode m = {.depth = (double)depth, .curvature = curvature, .target = target};
    const enum er_status status = check(&m, start, n, time, err);
    if (status != ER_OK) return status;
    if (depth > 1 && start > 0) return integrate(&m, start, n, time, sigma, err);
    for (int64_t i = 0; i < n; i++)
        sigma[i] = depth > 1 ? 0 : target + (start - target) * exp(-curvature * time[i]);
    return ER_OK;
}
