/* bounds_vc.c - growth functions, VC dimension, and the bounds made of them.
 *
 *     Sauer:     Pi(m) <= sum_{i <= D} C(m, i) <= (e m / D)^D
 *     Massart:   Rhat <= sqrt(2 ln Pi(m) / m);   loss class: half of it, which the bound takes twice
 *
 * Networks. m points, W parameters: a stage whose q signs an example are those of polynomials of degree D divides
 * the parameters' space, by a lemma of Warren's, into at most 2 (2 e m q D / W)^W parts within which none of them
 * changes. Stage after stage the parts multiply. By the inequality of weighted means the product is at most
 * 2^n (2 e m R / w)^w, and 2^m <= 2^n (m r / w)^w, r = 2 e R, gives m <= n + w log2(2 r log2 r) for r >= 16 (lemma 18 of
 * Bartlett et al.); a smaller r is taken for 16, which allows no less.
 */
#include "measures/range.h"

#include <ermine/bounds.h>

static const double LN2 = 0.693147180559945309417, E = 2.718281828459045235360;

double er_sauer_ln_sum(int64_t D, int64_t m)
{
    if (D < 0 || m < 0) return (double)NAN;
    double term = 0, sum = 0; /* ln C(m, i), and ln of their sum */
    for (int64_t i = 1; i <= D && i <= m; i++) {
        term += log((double)(m - i + 1) / (double)i);
        sum = fmax(sum, term) + log1p(exp(-fabs(sum - term)));
    }
    return sum;
}

double er_sauer_ln_bound(double D, double m)
{
    if (!(D >= 0) || !(m >= 0)) return (double)NAN;
    if (D == 0) return 0;
    return m < D ? m * LN2 : D * (1 + log(m / D));
}

double er_bound_growth(double ln_growth, double m, double delta)
{
    if (!er_in_range(m, delta) || !(ln_growth >= 0)) return (double)NAN;
    return sqrt(2 * ln_growth / m) + er_bound_hoeffding(m, delta, false);
}

double er_bound_vc(double D, double m, double delta)
{
    const double sauer = er_sauer_ln_bound(D, m);
    return er_bound_growth(sauer > m * LN2 ? m * LN2 : sauer, m, delta);
}

double er_rademacher_vc(double D, double m)
{
    return m >= 1 ? sqrt(2 * er_sauer_ln_bound(D, m) / m) : (double)NAN;
}

static bool are_positive(const struct er_vc_stage *stage, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        if (!(stage[i].parameters > 0) || !(stage[i].signs > 0) || !(stage[i].degree > 0)) return false;
    return n > 0;
}

double er_vc_dimension(const struct er_vc_stage *stage, int64_t n)
{
    double w = 0, R = 0;
    if (!are_positive(stage, n)) return (double)NAN;
    for (int64_t i = 0; i < n; i++) {
        w += stage[i].parameters;
        R += stage[i].signs * stage[i].degree;
    }
    const double r = fmax(2 * E * R, 16);
    return (double)n + w * log2(2 * r * log2(r));
}

double er_growth_ln(const struct er_vc_stage *stage, int64_t n, double m)
{
    double all = 0;
    if (!(m >= 1) || !are_positive(stage, n)) return (double)NAN;
    for (int64_t i = 0; i < n; i++) {
        const double signs = m * stage[i].signs, W = stage[i].parameters;
        all += signs < W ? signs * LN2 : LN2 + W * log(2 * E * signs * stage[i].degree / W);
    }
    return fmin(all, m * LN2);
}

double er_vc_convolutional(double d, double n, double weights)
{
    if (!(d >= 1) || !(n >= 1) || !(weights >= 0)) return (double)NAN;
    const double bits = log2(6 * d * n);
    return d * bits * bits * bits * weights;
}

double er_bound_vc_convolutional(double capacity, double m, double delta)
{
    if (!er_in_range(m, delta) || !(capacity >= 0)) return (double)NAN;
    return 4000 * sqrt(capacity / m) + sqrt(-log(delta) / m);
}
