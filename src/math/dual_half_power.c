/* dual_half_power.c - the duals of steps and of powers of a half line.
 *
 *     M_0 = pi - angle     M_1 = s + (pi - angle) c     M_(k+1) = (2k + 1) c M_k + k^2 det M_(k-1)
 *     (x >= 0) x^k:  T = M_k / (2 pi)     T' = k^2 M_(k-1) / (2 pi), 0 for k = 0     T(q, q, q) = (2k-1)!!/2 q^k
 *     sign x:        T = 1 - 2 angle / pi                            T' taken as 0     T(q, q, q) = 1, 0 at 0
 *
 * s = sqrt(det), angle = atan2(s, c), pi/2 where a variance is 0: there (x >= 0) counts as 1/2. M_k = R^k J_k of Cho and Saul,
 * NeurIPS 2009; the recurrence, which divides by no R, is that of (-1)^k (d/d cos)^k (pi - angle) / sin, from
 * (1 - u^2) g' = u g + 1 differentiated k times. T' of a jump grows without bound towards a point with itself.
 */
#include "core/vector.h"
#include "math/dual_pairs.h"
#include "math/duals.h"
#include "math/elementary_double.h"

ER_VECTOR
static void jump(const double *p, int64_t n, const double *q1, const double *q2, const double *det, double *k,
                 double *theta)
{
    (void)q1;
    (void)q2;
    const double from = p[0], by = p[1];
#pragma omp simd
    for (int64_t i = 0; i < n; i++) {
        k[i] = from - by * er_angle(sqrt(det[i]), k[i]);
        theta[i] *= 0;
    }
}

static void sign_loop(const double *p, int64_t n, const double *q1, const double *q2, const double *det,
                      double *k, double *theta)
{
    (void)p;
    jump((const double[]){1, 2 / M_PI}, n, q1, q2, det, k, theta);
}

static void step_loop(const double *p, int64_t n, const double *q1, const double *q2, const double *det,
                      double *k, double *theta)
{
    (void)p;
    jump((const double[]){0.5, 0.5 / M_PI}, n, q1, q2, det, k, theta);
}

static void jump_self(int64_t n, const double *q, double at_0, double beyond, double *k, double *theta)
{
    for (int64_t i = 0; i < n; i++) {
        k[i] = q[i] > 0 ? beyond : at_0;
        if (theta) theta[i] *= 0;
    }
}

static void sign_self(const double *p, int64_t n, const double *q, const double *table, double *k,
                      double *theta)
{
    (void)p;
    (void)table;
    jump_self(n, q, 0, 1, k, theta);
}

static void step_self(const double *p, int64_t n, const double *q, const double *table, double *k,
                      double *theta)
{
    (void)p;
    (void)table;
    jump_self(n, q, 0.25, 0.5, k, theta);
}

/* M_0 and M_1. */
ER_VECTOR
static void begin(int64_t n, const double *det, const double *c, double *M0, double *M1)
{
#pragma omp simd
    for (int64_t i = 0; i < n; i++) {
        const double s = sqrt(det[i]);
        M0[i] = M_PI - er_angle(s, c[i]);
        M1[i] = s + M0[i] * c[i];
    }
}

/* (M_(k-1), M_k) <- (M_k, M_(k+1)) */
ER_VECTOR
static void advance(int k, int64_t n, const double *det, const double *c, double *before, double *M)
{
    const double own = 2 * k + 1, other = (double)k * k;
#pragma omp simd
    for (int64_t i = 0; i < n; i++) {
        const double next = own * c[i] * M[i] + other * det[i] * before[i];
        before[i] = M[i];
        M[i] = next;
    }
}

static void power(const double *p, int64_t n, const double *q1, const double *q2, const double *det,
                  double *k, double *theta)
{
    (void)q1;
    (void)q2;
    const int degree = (int)p[0];
    double before[ER_DUAL_PIECE], M[ER_DUAL_PIECE];
    begin(n, det, k, before, M);
    for (int j = 1; j < degree; j++) advance(j, n, det, k, before, M);
    for (int64_t i = 0; i < n; i++) {
        k[i] = M[i] * (0.5 / M_PI);
        theta[i] *= degree * degree * before[i] * (0.5 / M_PI);
    }
}

static void power_self(const double *p, int64_t n, const double *q, const double *table, double *k,
                       double *theta)
{
    (void)table;
    const int degree = (int)p[0];
    for (int64_t i = 0; i < n; i++) {
        double slope = q[i] > 0 || degree > 1 ? 0.5 : 0.25; /* degree^2 (2 degree - 3)!! / 2 q^(degree-1) */
        for (int j = 1; j < degree; j++) slope *= (2 * j - 1) * q[i];
        const double value = slope * (2 * degree - 1) * q[i];
        if (theta) theta[i] *= degree * degree * slope;
        k[i] = value;
    }
}

ER_DUAL_OF(sign_loop)
ER_DUAL_OF(step_loop)
ER_DUAL_OF(power)

const struct er_dual er_dual_sign = {.pair = sign_loop_pair, .self = sign_self, .pair32 = sign_loop_pair32};
const struct er_dual er_dual_step = {.pair = step_loop_pair, .self = step_self, .pair32 = step_loop_pair32};
const struct er_dual er_dual_rectified_monomial = {
    .slope = true, .pair = power_pair, .self = power_self, .pair32 = power_pair32};
