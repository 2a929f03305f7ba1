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

/* E f(x) = sum_i w[i] f(x[i]) for x ~ N(m, s^2); n is a multiple of LANES. */
struct rule {
    int n;
    double x[MOST], w[MOST];
};

/* Until fill(): nodes in standard deviations from m, weights without the density. */
static void add_panel(double from, double to, struct rule *r)
{
    const int pieces = (int)ceil((to - from) / LONGEST);
    for (int piece = 0; piece < pieces; piece++) {
        const double half = (to - from) / (2 * pieces), middle = from + (2 * piece + 1) * half;
        for (int j = 0; j < HALF; j++) {
            r->x[r->n] = middle - half * node[j];
            r->x[r->n + 1] = middle + half * node[j];
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
    for (int level = 0; from < end; level++, from = to, to *= 3) {
        if (to > end || level == LEVELS) to = end;
        const double a = (sign * from - m) / s, b = (sign * to - m) / s;
        add_panel(fmin(a, b), fmax(a, b), r);
    }
}

ER_VECTOR
static void fill(double m, double s, struct rule *r)
{
    for (; r->n % LANES != 0; r->n++) r->x[r->n] = r->w[r->n] = 0;
#pragma omp simd
    for (int i = 0; i < r->n; i++) {
        const double z = r->x[i];
        r->w[i] *= er_exp(-0.5 * z * z) * (M_SQRT1_2 * M_2_SQRTPI / 2);
        r->x[i] = m + s * z;
    }
}

static void add_steps(double step, struct rule *r)
{
    const int steps = (int)ceil(REACH / step);
    for (int i = -steps; i <= steps; i++, r->n++) {
        r->x[r->n] = step * i;
        r->w[r->n] = step;
    }
}

/* least: where the first panel beside 0 ends. */
static void make(double m, double s, bool kink, double least, struct rule *r)
{
    r->n = 0;
    if (fabs(m) >= REACH * s) {
        add_steps(STEP, r);
    } else if (!kink && s < SMOOTH) {
        add_steps(fmin(STEP, STEP_OF_X / s), r);
    } else {
        add_side(m, s, least, 1, r);
        add_side(m, s, least, -1, r);
    }
    fill(m, s, r);
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

void er_dual_quadrature(const struct er_dual_function *phi, const double *p, double q1, double q2, double c,
                        double *T, double *slope)
{
    const double q = fmax(q1, q2), m = c / q;
    double det;
    er_determinant(1, &q1, &q2, &c, &det);
    const double s = sqrt(det / q), blur = s / fabs(m);
    double least = 2;
    for (int level = 0; level < LEVELS / 2 && phi->kink && s > 0 && least > blur; level++) least /= 3;
    struct rule outer, inner;
    double y[MOST], dy[MOST], f[MOST], df[MOST];
    make(0, sqrt(q), phi->kink, least, &outer);
    phi->evaluate(p, outer.n, outer.x, y, dy);
    for (int i = 0; i < outer.n; i++) {
        make(m * outer.x[i], s, phi->kink, 2, &inner);
        phi->evaluate(p, inner.n, inner.x, f, df);
        y[i] *= sum(inner.n, inner.w, f);
        dy[i] *= sum(inner.n, inner.w, df);
    }
    *T = sum(outer.n, outer.w, y);
    *slope = sum(outer.n, outer.w, dy);
}
