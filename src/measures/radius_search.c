/* radius_search.c - where a deviation meets its target. */
#include "measures/radius_search.h"

#include <math.h>

enum { MOST_EVALUATIONS = 100, REFERENCE_DEPTH = 15 };
static const double OUTWARDS = 4, NARROW = 1e-3, KEPT_AWAY = 0.1, FLOOR = 0.005, REFERENCE_MOST = 2,
                    LEAST_SLOPE = 1, NEGLIGIBLE = 0.75;

/* How far inside the tolerance, where above 0. */
static double inside(double value)
{
    return ER_RADIUS_TOLERANCE - fabs(value - ER_RADIUS_TARGET);
}

bool er_deviation_decided(struct er_deviation deviation)
{
    return fabs(inside(deviation.value)) >= deviation.off ||
           deviation.off <= NEGLIGIBLE * ER_RADIUS_TOLERANCE;
}

/* An end of the bracket: the logarithm of a size, NaN where there is none yet, and dev there. */
struct end {
    double x, dev;
};

struct bracket {
    struct end end[2]; /* below the target, above it */
    int moved, times;  /* the end that moved last, and how often in a row */
};

static double within_limits(double x)
{
    return fmin(fmax(x, log(ER_RADIUS_LEAST)), log(ER_RADIUS_MOST));
}

static double height(const struct end *end)
{
    return log(fmax(end->dev, FLOOR) / ER_RADIUS_TARGET);
}

/* An end that moves twice in a row leaves the other one far away: then the middle. */
static double next(const struct bracket *b)
{
    const struct end *below = &b->end[0], *above = &b->end[1];
    if (isnan(below->x)) return within_limits(above->x - log(OUTWARDS));
    if (isnan(above->x)) return within_limits(below->x + log(OUTWARDS));
    double share = 0.5;
    if (b->times < 2) share = height(below) / (height(below) - height(above));
    share = fmin(fmax(share, KEPT_AWAY), 1 - KEPT_AWAY);
    return below->x + share * (above->x - below->x);
}

static void move(struct bracket *b, double x, double dev)
{
    const int which = dev > ER_RADIUS_TARGET;
    const bool bracketed = !isnan(b->end[0].x) && !isnan(b->end[1].x);
    b->times = bracketed && which == b->moved ? b->times + 1 : 1;
    b->moved = which;
    b->end[which] = (struct end){x, dev};
}

/* Nothing lies beyond the end that moved last. */
static bool at_limit(const struct bracket *b)
{
    const double x = b->end[b->moved].x;
    return isnan(b->end[!b->moved].x) && x == within_limits(b->moved ? -(double)INFINITY : (double)INFINITY);
}

/* Where dev meets the target on a line in ln s and ln dev: to the end on its other side or, without one, as if dev grew with
 * s^2. */
static double refine(const struct bracket *b, double x, double dev)
{
    const struct end is = {x, dev}, *other = &b->end[dev <= ER_RADIUS_TARGET];
    const double slope = isnan(other->x) ? 2 : (height(other) - height(&is)) / (other->x - x);
    return within_limits(x - height(&is) / fmax(slope, LEAST_SLOPE));
}

/* The radius near x, where dev is within the tolerance after i evaluations. */
static struct er_radius settle(er_deviation_at *at, void *ctx, const struct bracket *b, double x, double dev,
                               int64_t i)
{
    const double s = exp(refine(b, x, dev)), there = at(ctx, s).value;
    if (inside(there) >= 0) return (struct er_radius){s, there, i + 1, false};
    return (struct er_radius){exp(x), dev, i + 1, false};
}

enum er_status er_radius_search(er_deviation_at *at, void *ctx, double start, const char *what,
                                struct er_radius *out, struct er_error *err)
{
    struct bracket b = {.end = {{(double)NAN, 0}, {(double)NAN, 0}}};
    double x = within_limits(log(start));
    for (int64_t i = 1; i <= MOST_EVALUATIONS; i++) {
        const double dev = at(ctx, exp(x)).value;
        if (inside(dev) >= 0) {
            *out = settle(at, ctx, &b, x, dev, i);
            return ER_OK;
        }
        move(&b, x, dev);
        if (at_limit(&b))
            return er_fail(err, ER_E_UNSUPPORTED,
                           "%s: the training error rises by %.3g at the %s size, %g, where %g is looked for",
                           what, dev, b.moved ? "least" : "largest", exp(x), ER_RADIUS_TARGET);
        if (b.end[1].x - b.end[0].x <= NARROW) {
            *out = (struct er_radius){exp(b.end[0].x), b.end[0].dev, i, true};
            return ER_OK;
        }
        x = next(&b);
    }
    return er_fail(err, ER_E_UNSUPPORTED, "%s: no radius was found with %d sizes tried", what,
                   (int)MOST_EVALUATIONS);
}

bool er_reference_search(er_deviation_at *at, void *ctx, struct er_radius *out)
{
    double low = 0, high = REFERENCE_MOST;
    for (int64_t i = 1; i <= REFERENCE_DEPTH; i++) {
        const double s = (low + high) / 2, dev = fabs(at(ctx, s).value);
        *out = (struct er_radius){s, dev, i, false};
        if (fabs(dev - ER_RADIUS_TARGET) < ER_RADIUS_TOLERANCE) return true;
        if (dev > ER_RADIUS_TARGET)
            high = s;
        else
            low = s;
    }
    return false;
}
