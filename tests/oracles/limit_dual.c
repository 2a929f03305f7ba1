/* limit_dual.c - E phi(u) phi(v) of the oracle of limits.
 *
 * ReLU and its kin by the angle theta between u and v (Cho and Saul, NeurIPS 2009, eq. 3 to 7): with
 * R = sqrt(q1 q2), E relu(u) relu(v) = R (sin theta + (pi - theta) cos theta) / 2 pi, and max(b x, a x) =
 * (b - a) relu(x) + a x. erf by Williams, NeurIPS 1997, eq. 11. In long double, so that small angles are right to what
 * double can tell.
 *
 * The integral: u = sqrt(q1) r cos(t), v = sqrt(q2) r cos(t - theta), over r and t, cut where u or v is 0.
 */
#include "oracles/limit.h"
#include "oracles/network_layer.h"

#include <math.h>
#include <string.h>

static const long double pi = 3.14159265358979323846264338327950288L;

/* The angle between u and v; of a zero, a right one. */
static long double angle(double q1, double q2, double c)
{
    const long double square = (long double)q1 * q2 - (long double)c * c;
    if (square <= 0 && c == 0) return pi / 2;
    return atan2l(sqrtl(fmaxl(square, 0)), c);
}

/* phi(x) = b x above 0, a x below. */
static void broken_line(double a, double b, bool same, double q1, double q2, double c, double *t,
                        double *slope)
{
    const long double theta = same ? (q1 > 0 ? 0 : pi / 2) : angle(q1, q2, c),
                      R = sqrtl((long double)q1 * q2);
    const long double one_sided = R * (sinl(theta) + (pi - theta) * cosl(theta)) / (2 * pi);
    const long double d = (long double)b - a;
    /* E relu(u) v = c / 2 for each of the two mixed terms. */
    *t = (double)(d * d * one_sided + d * a * c + (long double)a * a * c);
    *slope = (double)(d * d * (pi - theta) / (2 * pi) + d * a + (long double)a * a);
    if (same) {
        *t = (a * a + b * b) / 2 * q1;
        if (q1 > 0) *slope = (a * a + b * b) / 2;
    }
}

static void error_function(double q1, double q2, double c, double *t, double *slope)
{
    const long double one = 1 + 2 * (long double)q1, two = 1 + 2 * (long double)q2;
    *t = (double)(2 / pi * asinl(2 * (long double)c / sqrtl(one * two)));
    *slope = (double)(4 / pi / sqrtl(one * two - 4 * (long double)c * c));
}

enum { NODES = 24, PANELS = 5 };
static const double REACH = 11; /* exp(-REACH^2 / 2) is 5e-27 */

/* Nodes and weights of Gauss and Legendre on [-1, 1], by Newton's iteration. */
static void gauss_legendre(int n, double *node, double *weight)
{
    for (int i = 0; i < n; i++) {
        double x = cos((double)pi * (i + 0.75) / (n + 0.5)), slope = 1;
        for (int round = 0; round < 100; round++) {
            double before = 1, p = x;
            for (int k = 2; k <= n; k++) {
                const double next = ((2 * k - 1) * x * p - (k - 1) * before) / k;
                before = p;
                p = next;
            }
            slope = n * (x * p - before) / (x * x - 1);
            x -= p / slope;
        }
        node[i] = x;
        weight[i] = 2 / ((1 - x * x) * slope * slope);
    }
}

struct rule_of_integral {
    const struct layer *layer;
    double one, two, theta; /* sqrt of the variances */
    double node[NODES], weight[NODES];
    double t, slope;
};

/* Adds the sector of angles from..to. */
static void add_sector(struct rule_of_integral *s, double from, double to)
{
    for (int i = 0; i < NODES; i++) {
        const double at = (from + to + (to - from) * s->node[i]) / 2, along = s->one * cos(at),
                     beside = s->two * cos(at - s->theta);
        for (int k = 0; k < PANELS * NODES; k++) {
            const int panel = k / NODES;
            const double r = REACH / PANELS * (panel + (1 + s->node[k % NODES]) / 2);
            const double mass = s->weight[i] * (to - from) / 2 * s->weight[k % NODES] * REACH / PANELS / 2 *
                                r * exp(-r * r / 2) / (2 * (double)pi);
            const struct hyper u = s->layer->rule->each(s->layer, (struct hyper){.v = r * along, .a = 1}),
                               v = s->layer->rule->each(s->layer, (struct hyper){.v = r * beside, .a = 1});
            s->t += mass * u.v * v.v;
            s->slope += mass * u.a * v.a;
        }
    }
}

void limit_dual_integral(const struct layer *l, double q1, double q2, double c, double *t, double *slope)
{
    struct rule_of_integral s = {.layer = l, .one = sqrt(q1), .two = sqrt(q2)};
    s.theta = (double)angle(q1, q2, c);
    gauss_legendre(NODES, s.node, s.weight);
    const double half = (double)pi / 2;
    const double cut[] = {-half, s.theta - half, half, s.theta + half, 3 * half};
    for (int i = 0; i < 4; i++) add_sector(&s, cut[i], cut[i + 1]);
    *t = s.t;
    *slope = s.slope;
}

/* u = v: an integral over the line, cut at 0. */
static void line_integral(const struct layer *l, double q, double *t, double *slope)
{
    double node[NODES], weight[NODES];
    gauss_legendre(NODES, node, weight);
    *t = *slope = 0;
    for (int k = 0; k < 2 * PANELS * NODES; k++) {
        const int panel = k / NODES - PANELS;
        const double width = REACH / PANELS, z = width * (panel + (1 + node[k % NODES]) / 2);
        const double mass = weight[k % NODES] * width / 2 * exp(-z * z / 2) / sqrt(2 * (double)pi);
        const struct hyper u = l->rule->each(l, (struct hyper){.v = sqrt(q) * z, .a = 1});
        *t += mass * u.v * u.v;
        *slope += mass * u.a * u.a;
    }
}

void limit_dual(const struct layer *l, bool same, double q1, double q2, double c, double *t, double *slope)
{
    const char *name = l->rule->name;
    if (strcmp(name, "relu") == 0)
        broken_line(0, 1, same, q1, q2, c, t, slope);
    else if (strcmp(name, "leaky_relu") == 0)
        broken_line(layer_number(l, "slope", 0.01), 1, same, q1, q2, c, t, slope);
    else if (strcmp(name, "erf") == 0 && !l->value[0] && !l->value[1] && !l->value[2])
        error_function(q1, q2, c, t, slope);
    else if (same)
        line_integral(l, q1, t, slope);
    else
        limit_dual_integral(l, q1, q2, c, t, slope);
}
