/* heavy_ball.c - see heavy_ball.h. e_{k+1} = (1 + beta - x) e_k - beta e_{k-1} with e_0 = e_{-1} = 1, in closed form by the
 * roots z of z^2 - (1 + beta - x) z + beta. With r = sqrt(beta):
 *
 *     x < (1 - r)^2     0 < z2 = r exp(-eta) < z1 = r exp(eta),   sinh(eta/2)^2 = ((1 - r)^2 - x) / (4 r)
 *                       e = z1^k (z1 + (1 - z1) R(k+1)),   R(m) = (1 - (z2/z1)^m) / (1 - z2/z1), m where z1 = z2
 *     between           z = r exp(+-i theta),   sin(theta/2)^2 = (x - (1 - r)^2) / (4 r)
 *                       e = r^k (cos k theta + (cos theta - r) sin k theta / sin theta)
 *     x > (1 + r)^2     both are negative, of sizes r exp(+-eta):   e = (-|z1|)^k (R(k+1) + |z2| R(k))
 *
 * 1 - z1 comes from (1 - z1) (1 - z2) = x, 1 + z1 from (1 + z1) (1 + z2) = 2 (1 + beta) - x: neither cancels. Nor may
 * sum = (1 - e) / x, where e is nearly 1:
 *
 *     sum = (G(z1) - G(z2)) / (z1 - z2),   G(z) = z + .. + z^k
 *         = k^2 sum_m (-1)^(m+1) C(k+1, m+1) k^-(m+1) h_{m-1},   h_m = k s h_{m-1} - k^2 x h_{m-2},   s = 1 - beta + x
 *
 * the latter, in the complete symmetric polynomials h of k (1 - z1) and k (1 - z2), for the first steps.
 */
#include "limit/heavy_ball.h"

#include <math.h>
#include <stdbool.h>

/* (1 - w^m) / (1 - w), w = exp(-2 eta). */
static double ratio(double m, double eta)
{
    return eta > 0 ? expm1(-2 * m * eta) / expm1(-2 * eta) : m;
}

/* z + .. + z^k of z = 1 - y. */
static double geometric(double k, double y)
{
    return y > 0 ? -(1 - y) * expm1(k * log1p(-y)) / y : k;
}

static double first_steps(double k, double s, double x)
{
    double sum = 0, binomial = (1 + 1 / k) / 2, before = 0, h = 1;
    for (int m = 1; m < 24; m++) {
        const double next = s * h - x * before;
        sum += binomial * h;
        binomial *= -(1 - m / k) / (m + 2);
        before = h;
        h = next;
    }
    return sum * k * k;
}

/* near: 1 - r. */
static void creep(double k, double r, double near, double below, double x, double *sum, double *left)
{
    const double eta = 2 * asinh(sqrt(below / r) / 2);
    const double fast = near - r * expm1(-eta), slow = x / fast; /* 1 - z2, 1 - z1 */
    *left = exp(k * log1p(-slow)) * (1 - slow + slow * ratio(k + 1, eta));
    *sum = slow > fast / 4 ? (1 - *left) / x : (geometric(k, slow) - geometric(k, fast)) / (fast - slow);
}

/* Of the angle from the nearer end of the half circle, so that it is exact: `turned` from its negative end. */
static void swing(double k, double beta, double near, double square, bool turned, double x, double *sum,
                  double *left)
{
    const double r = sqrt(beta), half = sqrt(square / r) / 2, theta = 2 * asin(half);
    const double across = half > 0 ? sin(k * theta) / (2 * half * sqrt(1 - half * half)) : k;
    const double beside = (turned ? 1 + r : near) - 2 * half * half; /* cos theta +- r */
    const double sign = turned && fmod(k, 2) == 1 ? -1 : 1;
    *left = sign * pow(beta, k / 2) * (cos(k * theta) + beside * across);
    *sum = (1 - *left) / x;
}

/* turn: 2 (1 + beta) - x. */
static void bounce(double k, double r, double near, double above, double turn, double x, double *sum,
                   double *left)
{
    const double eta = 2 * asinh(sqrt(above / r) / 2),
                 inside = turn / (near - r * expm1(-eta)); /* 1 - |z1| */
    const double size = exp(k * log1p(-inside)) * (ratio(k + 1, eta) + r * exp(-eta) * ratio(k, eta));
    *left = fmod(k, 2) == 1 ? -size : size;
    *sum = (1 - *left) / x;
}

void er_heavy_ball(double k, double beta, double x, double *sum, double *left)
{
    const double r = sqrt(beta), near = (1 - beta) / (1 + r), s = 1 - beta + x, turn = 2 - x + 2 * beta;
    const double below = near * near - x, above = near * near - turn; /* x - (1 + r)^2 */
    if (k * fmax(s, sqrt(x)) <= 1) {
        *sum = first_steps(k, k * s, k * k * x);
        *left = 1 - x * *sum;
    } else if (below >= 0)
        creep(k, r, near, below, x, sum, left);
    else if (above > 0)
        bounce(k, r, near, above, turn, x, sum, left);
    else
        swing(k, beta, near, fmin(-below, -above), above > below, x, sum, left);
}
