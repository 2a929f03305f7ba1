/* dual_quadrature.c - expectations over a pair of Gaussians, one within the other. */
#include "math/dual_quadrature.h"

#include "core/vector.h"
#include "math/determinant.h"
#include "math/elementary_double.h"

#include <math.h>

enum { HALF = 6, NODES = 2 * HALF, LANES = 8 };
enum { LEVELS = 48, PANELS = 2 * (LEVELS + 8), MOST = PANELS * NODES + LANES };

static const double REACH = 7.5; /* standard deviations: 6e-14 is beyond */
static const double LONGEST = 4; /* panel, likewise */

/* The trapezoidal rule's steps: of standard deviations, for the Gaussian; and of x, for poles at i pi / 2. Both leave 1e-11.
 * Beyond the standard deviation SMOOTH panels are fewer nodes. */
static const double STEP = 0.7, STEP_OF_X = 0.28, SMOOTH = 1.5;

/* Gauss and Legendre's rule of 12 nodes on [-1, 1], its right half. */
static const double node[HALF] = {0.1252334085114689, 0.3678314989981802, 0.5873179542866175,
                                  0.7699026741943047, 0.9041172563704749, 0.9815606342467193};
static const double weight[HALF] = {0.2491470458134028, 0.2334925365383548, 0.2031674267230659,
                                    0.1600783285433462, 0.1069393259953184, 0.0471753363865118};

/* Gauss and Hermite's rule of 8 nodes for z ~ N(0, 1), its right half: exact to z^15, which below the standard deviation NARROW
 * is as much of phi as 1e-10 wants. */
static const double NARROW = 0.15;
static const double hermite_node[LANES / 2] = {0.53907981135137511, 1.6365190424351080, 2.8024858612875416,
                                               4.1445471861258945};
static const double hermite_weight[LANES / 2] = {0.37301225767907740, 0.11723990766175900,
                                                 0.0096352201207882630, 0.00011261453837536777};

/* E f(m + s z) = sum_i w[i] f(m + s z[i]) for z ~ N(0, 1); n is a multiple of LANES. */
struct rule {
    int n;
    double z[MOST], w[MOST];
};

/* Weights are without the density until finish(). */
static void add_panel(double from, double to, struct rule *r)
{
    const int pieces = (int)ceil((to - from) / LONGEST);
    for (int piece = 0; piece < pieces; piece++) {
        const double half = (to - from) / (2 * pieces), middle = from + (2 * piece + 1) * half;
        for (int j = 0; j < HALF; j++) {
            r->z[r->n] = middle - half * node[j];
            r->z[r->n + 1] = middle + half * node[j];
            r->w[r->n] = r->w[r->n + 1] = half * weight[j];
            r->n += 2;
        }
    }
}

/* The panels from 0 outwards in the direction of `sign`, of which the first ends at `least`. */
static void add_side(double m, double s, double least, double sign, struct rule *r)
{
    const double end = sign * m + REACH * s;
    double from = 0, to = least;
    int level = 0;
    while (from < end) {
        if (to > end || level++ == LEVELS) to = end;
        const double a = (sign * from - m) / s, b = (sign * to - m) / s;
        add_panel(fmin(a, b), fmax(a, b), r);
        from = to;
        to *= 3;
    }
}

ER_VECTOR
static void finish(struct rule *r)
{
    for (; r->n % LANES != 0; r->n++) r->z[r->n] = r->w[r->n] = 0;
#pragma omp simd
    for (int i = 0; i < r->n; i++) r->w[i] *= er_exp(-0.5 * r->z[i] * r->z[i]) * (M_SQRT1_2 * M_2_SQRTPI / 2);
}

/* Panels that end at 0, and next to it at +-least. */
static void make_panels(double m, double s, double least, struct rule *r)
{
    r->n = 0;
    add_side(m, s, least, 1, r);
    add_side(m, s, least, -1, r);
    finish(r);
}

static void make_narrow(struct rule *r)
{
    r->n = LANES;
    for (int i = 0; i < LANES; i++) {
        const double node_of_half = hermite_node[i / 2];
        r->z[i] = i % 2 ? node_of_half : -node_of_half;
        r->w[i] = hermite_weight[i / 2];
    }
}

/* For phi that is smooth at the scale of s. */
static void make_steps(double s, struct rule *r)
{
    const double step = fmin(STEP, STEP_OF_X / s);
    const int steps = (int)ceil(REACH / step);
    r->n = 0;
    for (int i = -steps; i <= steps; i++, r->n++) {
        r->z[r->n] = step * i;
        r->w[r->n] = step;
    }
    finish(r);
}

ER_VECTOR
static void place(const struct rule *r, double m, double s, double *x)
{
#pragma omp simd
    for (int i = 0; i < r->n; i++) x[i] = m + s * r->z[i];
}

/* sum_i w_i y_i, in the same order at every vector width. */
ER_VECTOR
static double sum(int n, const double *w, const double *y)
{
    double part[LANES] = {0};
    for (int i = 0; i < n; i += LANES)
        for (int l = 0; l < LANES; l++) part[l] += w[i + l] * y[i + l];
    return ((part[0] + part[4]) + (part[2] + part[6])) + ((part[1] + part[5]) + (part[3] + part[7]));
}

struct places {
    double x[MOST], f[MOST], df[MOST];
};

/* y[i] and dy[i] times E phi and E phi' around mean[i], i < n <= MOST / rule->n. */
static void multiply_means(const struct er_dual_function *phi, const double *p, const struct rule *rule,
                           int64_t n, const double *mean, double s, struct places *at, double *y, double *dy)
{
    for (int64_t i = 0; i < n; i++) place(rule, mean[i], s, at->x + i * rule->n);
    phi->evaluate(p, n * rule->n, at->x, at->f, at->df);
    for (int64_t i = 0; i < n; i++) {
        y[i] *= sum(rule->n, rule->w, at->f + i * rule->n);
        dy[i] *= sum(rule->n, rule->w, at->df + i * rule->n);
    }
}

void er_dual_quadrature(const struct er_dual_function *phi, const double *p, double q1, double q2, double c,
                        double *T, double *slope)
{
    const double q = fmax(q1, q2), m = c / q;
    double det;
    er_determinant(1, &q1, &q2, &c, &det);
    const double s = sqrt(det / q), blur = s / fabs(m);
    double least = 2;
    for (int level = 0; level < LEVELS / 2 && phi->kink && s > 0 && least > blur; level++) least /= 3;
    const bool smooth = !phi->kink && s < SMOOTH;
    const double bent = smooth ? 0 : REACH * s; /* means below it want panels */
    struct rule outer, steps, panels;
    struct places at;
    double mean[MOST], y[MOST], dy[MOST];
    make_panels(0, sqrt(q), least, &outer);
    if (s < NARROW)
        make_narrow(&steps);
    else
        make_steps(smooth ? s : 0, &steps);
    place(&outer, 0, sqrt(q), mean);
    phi->evaluate(p, outer.n, mean, y, dy);
    place(&outer, 0, m * sqrt(q), mean);
    for (int i = 0, n; i < outer.n; i += n) {
        for (n = 0; i + n < outer.n && n < MOST / steps.n && fabs(mean[i + n]) >= bent; n++) continue;
        if (n > 0) {
            multiply_means(phi, p, &steps, n, mean + i, s, &at, y + i, dy + i);
        } else {
            make_panels(mean[i], s, 2, &panels);
            n = 1;
            multiply_means(phi, p, &panels, n, mean + i, s, &at, y + i, dy + i);
        }
    }
    *T = sum(outer.n, outer.w, y);
    *slope = sum(outer.n, outer.w, dy);
}
