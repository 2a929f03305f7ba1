/* dual_hermite.c - tables of Hermite coefficients, sums over them, and who is left to quadrature.
 *
 * A table is made for eight variances at once. The nodes are those of z, the same for all: on a panel the he_k, by
 *
 *     he_(k+1) = (z he_k - sqrt(k) he_(k-1)) / sqrt(k+1)
 *
 * times the normal density and the weight of the rule, are one matrix, against which go the even and odd parts of phi.
 */
#include "math/dual_hermite.h"

#include "core/vector.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

enum { NODES = 20, PANELS = 17, HALVINGS = 17, ORDER = 2 * (ER_HERMITE_TERMS - 1), LANES = 8 };
enum { CHAINS = 6 }; /* sums side by side: an even divisor of ORDER */

/* Finer towards 0, where functions of large variances bend; beyond 13 the density is below 1e-37. */
static const double edge[PANELS + 1] = {0, 0.0625, 0.125, 0.25, 0.5, 1,  2,  3,  4,
                                        5, 6,      7,     8,    9,   10, 11, 12, 13};

/* Beyond this variance they bend in the first panel, which then is HALVINGS panels, each half of the next. */
static const double BENT = 1024;

/* Quadrature takes over where the series may be off by more, relative to the sizes of phi and phi'. */
static const double TOLERANCE = 1e-9;

typedef double lanes __attribute__((vector_size(64)));

struct rule {
    double x[NODES], w[NODES]; /* on [-1, 1] */
};

/* Legendre's P_n and its derivative by the recurrence, Newton from Chebyshev's guess. */
static void gauss_legendre(struct rule *rule)
{
    for (int i = 0; i < NODES; i++) {
        double x = -cos(M_PI * (i + 0.75) / (NODES + 0.5)), slope = 1;
        for (int step = 0; step < 6; step++) {
            double P = 1, before = 0;
            for (int k = 0; k < NODES; k++) {
                const double next = ((2 * k + 1) * x * P - k * before) / (k + 1);
                before = P;
                P = next;
            }
            slope = NODES * (before - x * P) / (1 - x * x);
            x -= P / slope;
        }
        rule->x[i] = x;
        rule->w[i] = 2 / ((1 - x * x) * slope * slope);
    }
}

/* H[k][j] = w_j he_k(z_j). */
ER_VECTOR
static void hermite(const double *z, const double *w, double (*H)[NODES])
{
    for (int j = 0; j < NODES; j++) {
        H[0][j] = w[j];
        H[1][j] = w[j] * z[j];
    }
    for (int k = 1; k + 1 < ORDER; k++) {
        const double before = sqrt(k / (k + 1.0)), factor = sqrt(1 / (k + 1.0));
#pragma omp simd
        for (int j = 0; j < NODES; j++) H[k + 1][j] = factor * z[j] * H[k][j] - before * H[k - 1][j];
    }
}

/* For each variance in a lane: the coefficients, and E of the squares of the even and the odd part. */
struct sums {
    lanes a[ORDER], energy[2];
};

/* part[0], part[1]: f(z) + f(-z), f(z) - f(-z) at the nodes. */
ER_VECTOR
static void add_panel(double (*H)[NODES], lanes (*part)[NODES], struct sums *s)
{
    for (int k = 0; k < ORDER; k += CHAINS) {
        lanes sum[CHAINS];
        for (int c = 0; c < CHAINS; c++) sum[c] = s->a[k + c];
        for (int j = 0; j < NODES; j++)
            for (int c = 0; c < CHAINS; c++) sum[c] += H[k + c][j] * part[c % 2][j];
        for (int c = 0; c < CHAINS; c++) s->a[k + c] = sum[c];
    }
    for (int j = 0; j < NODES; j++)
        for (int odd = 0; odd < 2; odd++) s->energy[odd] += 0.5 * H[0][j] * part[odd][j] * part[odd][j];
}

/* A lane's sums as a table: evens, odds, each with the root of what is left as its last. Returns the share of what is left. */
static double write_out(const struct sums *s, int lane, double *table)
{
    double left = 0;
    for (int odd = 0; odd < 2; odd++, table += ER_HERMITE_TERMS) {
        double rest = s->energy[odd][lane];
        for (int k = 0; k < ER_HERMITE_TERMS - 1; k++) {
            table[k] = s->a[2 * k + odd][lane];
            rest -= table[k] * table[k];
        }
        table[ER_HERMITE_TERMS - 1] = rest > 0 ? sqrt(rest) : 0;
        left += rest > 0 ? rest : 0;
    }
    const double energy = s->energy[0][lane] + s->energy[1][lane];
    return energy > 0 ? left / energy : 0;
}

/* The even and odd parts of phi and phi' at sqrt(q) z. */
static void parts(const struct er_dual_function *phi, const double *p, double root, const double *z, int lane,
                  lanes (*value)[NODES], lanes (*slope)[NODES])
{
    double x[2 * NODES], y[2 * NODES], dy[2 * NODES];
    for (int j = 0; j < NODES; j++) {
        x[j] = root * z[j];
        x[NODES + j] = -x[j];
    }
    phi->evaluate(p, 2 * NODES, x, y, dy);
    for (int j = 0; j < NODES; j++) {
        value[0][j][lane] = y[j] + y[NODES + j];
        value[1][j][lane] = y[j] - y[NODES + j];
        slope[0][j][lane] = dy[j] + dy[NODES + j];
        slope[1][j][lane] = dy[j] - dy[NODES + j];
    }
}

/* What a block of at most LANES variances works on. */
struct block {
    const struct er_dual_function *phi;
    const double *p, *q;
    int n;
    const struct rule *rule;
    struct sums value, slope;
};

/* A panel, for the variances in (above, to_variance]; nothing is added to the others. */
static void integrate(struct block *b, double from, double to, double above, double to_variance)
{
    double H[ORDER][NODES], z[NODES], w[NODES];
    lanes value[2][NODES] = {0}, slope[2][NODES] = {0};
    const double half = (to - from) / 2;
    bool any = false;
    for (int j = 0; j < NODES; j++) {
        z[j] = from + half * (1 + b->rule->x[j]);
        w[j] = half * b->rule->w[j] * exp(-z[j] * z[j] / 2) / sqrt(2 * M_PI);
    }
    for (int lane = 0; lane < b->n; lane++) {
        if (!(b->q[lane] > above && b->q[lane] <= to_variance)) continue;
        parts(b->phi, b->p, sqrt(b->q[lane]), z, lane, value, slope);
        any = true;
    }
    if (!any) return;
    hermite(z, w, H);
    add_panel(H, value, &b->value);
    add_panel(H, slope, &b->slope);
}

static void write_table(const struct block *b, int lane, double *table)
{
    const double left_of_value = write_out(&b->value, lane, table),
                 left_of_slope = write_out(&b->slope, lane, table + 2 * ER_HERMITE_TERMS);
    table[ER_HERMITE_WIDTH - 1] = sqrt(fmax(left_of_value, left_of_slope));
}

/* The tables of at most LANES variances. */
static void tabulate(struct block *b, double *table)
{
    const double all = (double)INFINITY;
    integrate(b, 0, edge[1], -1, BENT);
    for (int i = 1; i <= HALVINGS; i++)
        integrate(b, i == 1 ? 0 : ldexp(edge[1], i - 1 - HALVINGS), ldexp(edge[1], i - HALVINGS), BENT, all);
    for (int panel = 1; panel < PANELS; panel++) integrate(b, edge[panel], edge[panel + 1], -1, all);
    for (int lane = 0; lane < b->n; lane++) write_table(b, lane, table + (int64_t)lane * ER_HERMITE_WIDTH);
}

void er_hermite_prepare(const struct er_dual_function *phi, const double *p, int64_t n, const double *q,
                        double *table)
{
    struct rule rule;
    gauss_legendre(&rule);
    for (int64_t i = 0; i < n; i += LANES) {
        struct block b = {
            phi, p, q + i, n - i < LANES ? (int)(n - i) : LANES, &rule, {{{0}}, {{0}}}, {{{0}}, {{0}}}};
        tabulate(&b, table + i * ER_HERMITE_WIDTH);
    }
}

#define INLINE static inline __attribute__((always_inline))

/* sum <- sum + a b power, of eight numbers at a and b. */
INLINE void add_products(const double *a, const double *b, const lanes *power, lanes *sum)
{
    lanes x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    *sum += x * y * *power;
}

INLINE double total(const lanes *v)
{
    const lanes s = *v;
    return ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]));
}

/* sum_k a_k b_k rho^k of the tables a and b, of phi and with `both` of phi' too: eight terms of either parity at a time,
 * until rho^k is below 2^-64. */
INLINE void series(const double *a, const double *b, double rho, const bool both, double *value,
                   double *slope)
{
    enum { TERMS = ER_HERMITE_TERMS };
    const double r = rho * rho, r2 = r * r, r4 = r2 * r2, r8 = r4 * r4;
    lanes power = {1, r, r2, r2 * r, r4, r4 * r, r4 * r2, r4 * r2 * r}, sum[4] = {0};
    double least = 1;
    for (int j = 0; j < TERMS && least > 0x1p-64; j += LANES) {
        for (int part = 0; part < (both ? 4 : 2); part++)
            add_products(a + part * TERMS + j, b + part * TERMS + j, &power, &sum[part]);
        power *= r8;
        least *= r8;
    }
    *value = total(&sum[0]) + rho * total(&sum[1]);
    if (both) *slope = total(&sum[2]) + rho * total(&sum[3]);
}

/* Whether the series may be off by more than TOLERANCE: twice the roots of the shares that it leaves out, times |rho|^126. */
INLINE bool is_short(double share1, double share2, double rho)
{
    const double r = rho * rho, r2 = r * r, r4 = r2 * r2, r8 = r4 * r4, r16 = r8 * r8, r32 = r16 * r16;
    const double r63 = r32 * r16 * r8 * r4 * r2 * r;
    return 2 * share1 * share2 * r63 > TOLERANCE;
}

ER_VECTOR
void er_hermite_pair(const struct er_dual_function *phi, const double *p, int64_t n,
                     const struct er_dual_side *one, const struct er_dual_side *two, double *k, double *theta)
{
    const int64_t width1 = one->step * ER_HERMITE_WIDTH, width2 = two->step * ER_HERMITE_WIDTH;
    for (int64_t i = 0; i < n; i++) {
        const double *table1 = one->table + i * width1, *table2 = two->table + i * width2;
        const double q1 = one->q[i * one->step], q2 = two->q[i * two->step], c = k[i];
        double rho = q1 * q2 > 0 ? c / sqrt(q1 * q2) : 0, slope = 1;
        rho = rho > 1 ? 1 : rho < -1 ? -1 : rho;
        const bool end = q1 == q2 && (c >= q1 || c <= -q1); /* what is left out of one is exact for both */
        if (!end && is_short(table1[ER_HERMITE_WIDTH - 1], table2[ER_HERMITE_WIDTH - 1], rho))
            er_dual_quadrature(phi, p, q1, q2, c, &k[i], &slope);
        else if (theta)
            series(table1, table2, rho, true, &k[i], &slope);
        else
            series(table1, table2, rho, false, &k[i], NULL);
        if (theta) theta[i] *= slope;
    }
}

ER_VECTOR
void er_hermite_self(int64_t n, const double *table, double *k, double *theta)
{
    for (int64_t i = 0; i < n; i++, table += ER_HERMITE_WIDTH) {
        double slope;
        series(table, table, 1, true, &k[i], &slope);
        if (theta) theta[i] *= slope;
    }
}
