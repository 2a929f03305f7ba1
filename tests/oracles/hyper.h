/* hyper.h - hyper-dual numbers: a value with its derivatives along two directions and the mixed second one.
 *
 *     x = v + a e1 + b e2 + ab e1 e2        e1^2 = e2^2 = 0
 *     g(x) = g(v) + g'(v) a e1 + g'(v) b e2 + (g'(v) ab + g''(v) a b) e1 e2
 *
 * Nothing is cut off, so derivatives are as exact as values: there is no step to choose. Where a function has
 * a kink, the side on which the value lies counts.
 * Source: Fike and Alonso, "The development of hyper-dual numbers for exact second-derivative calculations",
 * AIAA 2011-886.
 */
#ifndef ERMINE_TESTS_ORACLES_HYPER_H
#define ERMINE_TESTS_ORACLES_HYPER_H

struct hyper {
    double v, a, b, ab;
};

/* x + y, x - y, x y, c x, x + c. */
static inline struct hyper hyper_add(struct hyper x, struct hyper y)
{
    return (struct hyper){x.v + y.v, x.a + y.a, x.b + y.b, x.ab + y.ab};
}

static inline struct hyper hyper_subtract(struct hyper x, struct hyper y)
{
    return (struct hyper){x.v - y.v, x.a - y.a, x.b - y.b, x.ab - y.ab};
}

static inline struct hyper hyper_multiply(struct hyper x, struct hyper y)
{
    return (struct hyper){x.v * y.v, x.v * y.a + x.a * y.v, x.v * y.b + x.b * y.v,
                          x.v * y.ab + x.a * y.b + x.b * y.a + x.ab * y.v};
}

static inline struct hyper hyper_scale(double c, struct hyper x)
{
    return (struct hyper){c * x.v, c * x.a, c * x.b, c * x.ab};
}

static inline struct hyper hyper_shift(struct hyper x, double c)
{
    return (struct hyper){x.v + c, x.a, x.b, x.ab};
}

/* g(x) from g, g' and g'' at x.v: the chain rule above. */
struct hyper hyper_chain(struct hyper x, double g, double slope, double curvature);

struct hyper hyper_exp(struct hyper x);
struct hyper hyper_log(struct hyper x);          /* x.v > 0 */
struct hyper hyper_inverse_root(struct hyper x); /* 1 / sqrt(x), x.v > 0 */
struct hyper hyper_sin(struct hyper x);
struct hyper hyper_tanh(struct hyper x);
struct hyper hyper_erf(struct hyper x);
struct hyper hyper_softplus(struct hyper x);          /* log(1 + exp(x)), without overflow */
struct hyper hyper_power(struct hyper x, int degree); /* x^degree, degree >= 0 */

#endif
