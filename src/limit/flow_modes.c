/* flow_modes.c - one eigenvalue under descent. With mu = max(lambda, 0) + r, h = rate / (n O), e the share of an error that
 * is left at time t:
 *
 *     psi = (1 - e) / mu                    by which targets enter predictions
 *     1 - lambda psi = e + r psi            what is left of the error with the ridge (e without)
 *
 *     flow            e = exp(-mu h t)
 *     steps           e = (1 - mu h)^t
 *     heavy ball      e_{k+1} = (1 + beta - mu h) e_k - beta e_{k-1},  e_0 = e_{-1} = 1: heavy_ball.h
 *     momentum flow   the damped oscillator e'' = -(mu/(n O)) e - g e', e(0) = 1, e'(0) = 0, at s = sqrt(rate) t: with
 *                     roots -a, -b (a + b = g, a b = mu/(n O)), e = (a exp(-b s) - b exp(-a s)) / (a - b)
 *
 * None of them divides by a mu that may be 0.
 */
#include "limit/flow.h"

#include "limit/heavy_ball.h"
#include "limit/posterior.h"

#include <ermine/memory.h>
#include <float.h>
#include <inttypes.h>
#include <math.h>

/* What all modes share. */
struct descent {
    enum er_descent kind;
    double time, momentum, step; /* step: h */
    double targets;              /* n O */
    double friction, duration;   /* g, s */
    double least;                /* mu at or below this does not move in infinite time */
};

struct mode {
    double psi, e;
};

static const double small = 1e-8; /* x below which (1 - exp(-x)) / x is 1 - x / 2 to rounding */

static struct mode flow_mode(const struct descent *d, double mu)
{
    const double x = mu * d->step * d->time;
    if (x < small) return (struct mode){d->step * d->time * (1 - x / 2), exp(-x)};
    return (struct mode){-expm1(-x) / mu, exp(-x)};
}

static struct mode steps_mode(const struct descent *d, double mu)
{
    const double x = mu * d->step;
    if (x * d->time < small)
        return (struct mode){d->step * d->time * (1 - x * (d->time - 1) / 2), 1 - x * d->time};
    if (x < 1) return (struct mode){-expm1(d->time * log1p(-x)) / mu, exp(d->time * log1p(-x))};
    const double e = pow(1 - x, d->time);
    return (struct mode){(1 - e) / mu, e};
}

static struct mode heavy_ball_mode(const struct descent *d, double mu)
{
    double sum, left;
    er_heavy_ball(d->time, d->momentum, mu * d->step, &sum, &left);
    return (struct mode){d->step * sum, left};
}

/* The oscillator's power series in s, for short times: psi = s^2 sum_k d_k s^k / (n O). */
static struct mode early_mode(const struct descent *d, double mu)
{
    const double s = d->duration, g = d->friction, stiffness = mu / d->targets;
    double before = 0, term = s * s / 2, sum = term; /* d_k s^k for k = 1, 2 */
    for (int k = 1; k < 40; k++) {
        const double next =
            -s * (stiffness * s * before + g * (k + 1) * term) / ((double)(k + 2) * (double)(k + 1));
        before = term;
        term = next;
        sum += term;
    }
    return (struct mode){sum / d->targets, 1 - stiffness * sum};
}

static struct mode momentum_flow_mode(const struct descent *d, double mu)
{
    const double s = d->duration, g = d->friction, stiffness = mu / d->targets;
    const double square = stiffness - g * g / 4, w = sqrt(fabs(square)), decay = exp(-g * s / 2);
    if (stiffness * s * s < 1 && g * s < 4) return early_mode(d, mu);
    if (square > 0 || w * s < 1) { /* w^2 < 0 makes cosh and sinh of it */
        const double even = square > 0 ? cos(w * s) : cosh(w * s);
        const double odd = square > 0 ? sin(w * s) : sinh(w * s);
        const double e = decay * (even + g / 2 * (w > 0 ? odd / w : s));
        return (struct mode){(1 - e) / mu, e};
    }
    const double a = g / 2 + w, b = stiffness / a; /* b = g / 2 - w without cancellation */
    const double slow = b * s < small ? s * (1 - b * s / 2) : -expm1(-b * s) / b, fast = -expm1(-a * s) / a;
    return (struct mode){(slow - fast) / (2 * w * d->targets), (a * exp(-b * s) - b * exp(-a * s)) / (2 * w)};
}

static struct mode mode_of(const struct descent *d, double mu)
{
    if (d->time == 0) return (struct mode){0, 1};
    if (isinf(d->time)) return mu > d->least ? (struct mode){1 / mu, 0} : (struct mode){0, 1};
    if (d->kind == ER_DESCENT_FLOW) return flow_mode(d, mu);
    if (d->kind == ER_DESCENT_MOMENTUM_FLOW) return momentum_flow_mode(d, mu);
    return d->momentum > 0 ? heavy_ball_mode(d, mu) : steps_mode(d, mu);
}

static bool has_steps(enum er_descent kind)
{
    return kind == ER_DESCENT_STEPS || kind == ER_DESCENT_HEAVY_BALL;
}

static bool has_momentum(enum er_descent kind)
{
    return kind == ER_DESCENT_HEAVY_BALL || kind == ER_DESCENT_MOMENTUM_FLOW;
}

static enum er_status check(const struct er_descent_options *o, struct er_error *err)
{
    if (!(o->rate > 0) || isinf(o->rate))
        return er_fail(err, ER_E_USAGE, "descent: rate %g is not a number > 0", o->rate);
    if (!(o->time >= 0)) return er_fail(err, ER_E_USAGE, "descent: time %g is not >= 0", o->time);
    if (has_steps(o->kind) && !isinf(o->time) && (o->time != floor(o->time) || o->time > 1e15))
        return er_fail(err, ER_E_USAGE, "descent: %g is not a number of steps", o->time);
    if (has_momentum(o->kind) && !(o->momentum >= 0 && o->momentum < 1))
        return er_fail(err, ER_E_USAGE, "descent: momentum %g is not in [0, 1)", o->momentum);
    return er_ridge_check(o->ridge, err);
}

static enum er_status find(const struct er_flow *flow, const struct er_descent_options *o,
                           struct er_flow_modes *modes, struct er_error *err)
{
    const double targets = (double)flow->n * (double)flow->outputs, root = sqrt(o->rate);
    const double momentum = has_momentum(o->kind) ? o->momentum : 0, most = flow->value[flow->n - 1];
    const struct descent d = {.kind = o->kind,
                              .time = o->time,
                              .momentum = momentum,
                              .step = o->rate / targets,
                              .targets = targets,
                              .friction = (1 - momentum) / root,
                              .duration = root * o->time,
                              .least = (double)flow->n * DBL_EPSILON * fmax(most, 0)};
    const double stable = er_flow_max_rate(flow, o->ridge, momentum);
    bool finite = !(has_steps(o->kind) && isinf(o->time) && o->rate >= stable);
    for (int64_t v = 0; v < flow->n && finite; v++) {
        const struct mode mode = mode_of(&d, fmax(flow->value[v], 0) + modes->ridge);
        modes->psi[v] = mode.psi;
        modes->left[v] = mode.e + modes->ridge * mode.psi;
        finite = isfinite(modes->psi[v]) && isfinite(modes->left[v]);
    }
    if (finite) return ER_OK;
    if (o->rate >= stable && has_steps(o->kind))
        return er_fail(err, ER_E_NONFINITE, "descent: steps of rate %g diverge; the largest stable one is %g",
                       o->rate, stable);
    return er_fail(err, ER_E_NONFINITE, "descent: a result is infinite or NaN at time %g", o->time);
}

enum er_status er_flow_modes_find(const struct er_flow *flow, const struct er_descent_options *options,
                                  struct er_flow_modes *out, struct er_error *err)
{
    enum er_status status = check(options, err);
    if (status != ER_OK) return status;
    struct er_flow_modes modes = {.ridge = er_flow_ridge(flow, options->ridge)};
    modes.psi = er_alloc(flow->n, sizeof *modes.psi);
    modes.left = er_alloc(flow->n, sizeof *modes.left);
    if (modes.psi && modes.left)
        status = find(flow, options, &modes, err);
    else
        status = er_fail(err, ER_E_NOMEM, "descent: out of memory for %" PRId64 " eigenvalues", flow->n);
    if (status == ER_OK)
        *out = modes;
    else
        er_flow_modes_clear(&modes);
    return status;
}

void er_flow_modes_clear(struct er_flow_modes *modes)
{
    er_free(modes->psi);
    er_free(modes->left);
}
