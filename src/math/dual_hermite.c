/* dual_hermite.c - tables of Hermite coefficients, and sums over them.
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
#include <string.h>

enum { NODES = 20, PANELS = 17, ORDER = 2 * (ER_HERMITE_TERMS - 1), LANES = 8 };
enum { CHAINS = 6 }; /* sums side by side: an even divisor of ORDER */

/* Finer towards 0, where functions of large variances bend; beyond 13 the density is below 1e-37. */
static const double edge[PANELS + 1] = {0, 0.0625, 0.125, 0.25, 0.5, 1,  2,  3,  4,
                                        5, 6,      7,     8,    9,   10, 11, 12, 13};

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

/* A lane's sums as a table: evens, odds, each with the root of what is left as its last. */
static void write_out(const struct sums *s, int lane, double *table)
{
    for (int odd = 0; odd < 2; odd++, table += ER_HERMITE_TERMS) {
        double rest = s->energy[odd][lane];
        for (int k = 0; k < ER_HERMITE_TERMS - 1; k++) {
            table[k] = s->a[2 * k + odd][lane];
            rest -= table[k] * table[k];
        }
        table[ER_HERMITE_TERMS - 1] = rest > 0 ? sqrt(rest) : 0;
    }
}

/* The even and odd parts of phi and phi' at sqrt(q) z. */
static void parts(er_hermite_function *phi, const double *p, double root, const double *z, int lane,
                  lanes (*value)[NODES], lanes (*slope)[NODES])
{
    double x[2 * NODES], y[2 * NODES], dy[2 * NODES];
    for (int j = 0; j < NODES; j++) {
        x[j] = root * z[j];
        x[NODES + j] = -x[j];
    }
    phi(p, 2 * NODES, x, y, dy);
    for (int j = 0; j < NODES; j++) {
        value[0][j][lane] = y[j] + y[NODES + j];
        value[1][j][lane] = y[j] - y[NODES + j];
        slope[0][j][lane] = dy[j] + dy[NODES + j];
        slope[1][j][lane] = dy[j] - dy[NODES + j];
    }
}

/* The tables of at most LANES variances. */
static void block(er_hermite_function *phi, const double *p, const struct rule *rule, int n, const double *q,
                  double *table)
{
    double H[ORDER][NODES], z[NODES], w[NODES];
    lanes value[2][NODES] = {0}, slope[2][NODES] = {0};
    struct sums of_value = {0}, of_slope = {0};
    for (int panel = 0; panel < PANELS; panel++) {
        const double half = (edge[panel + 1] - edge[panel]) / 2;
        for (int j = 0; j < NODES; j++) {
            z[j] = edge[panel] + half * (1 + rule->x[j]);
            w[j] = half * rule->w[j] * exp(-z[j] * z[j] / 2) / sqrt(2 * M_PI);
        }
        hermite(z, w, H);
        for (int lane = 0; lane < n; lane++) parts(phi, p, sqrt(q[lane]), z, lane, value, slope);
        add_panel(H, value, &of_value);
        add_panel(H, slope, &of_slope);
    }
    for (int lane = 0; lane < n; lane++, table += ER_HERMITE_WIDTH) {
        write_out(&of_value, lane, table);
        write_out(&of_slope, lane, table + ER_HERMITE_WIDTH / 2);
    }
}

void er_hermite_prepare(er_hermite_function *phi, const double *p, int64_t n, const double *q, double *table)
{
    struct rule rule;
    gauss_legendre(&rule);
    for (int64_t i = 0; i < n; i += LANES)
        block(phi, p, &rule, n - i < LANES ? (int)(n - i) : LANES, q + i, table + i * ER_HERMITE_WIDTH);
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

ER_VECTOR
void er_hermite_pair(int64_t n, const struct er_dual_side *one, const struct er_dual_side *two, double *k,
                     double *theta)
{
    const int64_t width1 = one->step * ER_HERMITE_WIDTH, width2 = two->step * ER_HERMITE_WIDTH;
    for (int64_t i = 0; i < n; i++) {
        const double product = one->q[i * one->step] * two->q[i * two->step];
        double rho = product > 0 ? k[i] / sqrt(product) : 0, slope = 1;
        rho = rho > 1 ? 1 : rho < -1 ? -1 : rho;
        if (theta) {
            series(one->table + i * width1, two->table + i * width2, rho, true, &k[i], &slope);
            theta[i] *= slope;
        } else {
            series(one->table + i * width1, two->table + i * width2, rho, false, &k[i], NULL);
        }
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
