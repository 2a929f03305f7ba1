/* Steps with momentum in closed form against the steps themselves in long double: roots that are positive, equal, complex,
 * negative; no force, first steps, a million of them, and steps that diverge. */
#include "limit/heavy_ball.h"

#include "t.h"
#include <float.h>

enum { FEW = 2000, MANY = 1000000 };

/* v <- beta v + e, e <- e - x v from e = 1, v = 0; sum: of v. At 1, 2, 4, 7, 11, .. steps, while e is of a size. */
static void compare(double beta, double x, int64_t steps)
{
    const long double momentum = (long double)beta, step = (long double)x;
    long double e = 1, v = 0, sum = 0;
    double most_sum = 0, most = 1;
    int64_t at = 1, wrong = 0;
    for (int64_t k = 1; k <= steps && fabsl(e) < 1e30L; k++) {
        double got_sum, got;
        v = momentum * v + e;
        e -= step * v;
        sum += v;
        most_sum = fmax(most_sum, (double)fabsl(sum));
        most = fmax(most, (double)fabsl(e));
        if (k < at && k < steps) continue;
        er_heavy_ball((double)k, beta, x, &got_sum, &got);
        /* the phase of a root, or its logarithm, is some epsilon off, k times; 1 - e loses a digit or two */
        const double bound = (100 + 4 * (double)k * fmin(1, sqrt(x))) * DBL_EPSILON;
        const double off_sum = (double)fabsl((long double)got_sum - sum),
                     off = (double)fabsl((long double)got - e);
        wrong += !(off_sum <= bound * most_sum) || !(off <= bound * most);
        at = k + 1 + k / 2;
    }
    T_EQ_INT(wrong, 0, "momentum %.17g, x = %.17g", beta, x);
}

int main(void)
{
    static const double beta[] = {1e-12, 0.01, 0.25, 0.5, 0.9, 0.99, 0.9999, 1 - 1e-8};
    static const double of[] = {0,   1e-15, 1e-9, 1e-6,   1e-4, 1e-3, 0.01, 0.1,     0.5, 0.999, 1,
                                1.5, 1.9,   2,    2.0001, 2.3,  3,    3.9,  3.99999, 5,   30};
    static const double beside[] = {-1e-3, -1e-10, -DBL_EPSILON, 0, DBL_EPSILON, 1e-10, 1e-3};
    for (size_t b = 0; b < sizeof beta / sizeof *beta; b++) {
        const double r = sqrt(beta[b]), first = (1 - r) * (1 - r), second = (1 + r) * (1 + r);
        for (size_t i = 0; i < sizeof of / sizeof *of; i++) compare(beta[b], of[i], FEW);
        for (size_t i = 0; i < sizeof beside / sizeof *beside; i++) {
            compare(beta[b], first * (1 + beside[i]), FEW);
            compare(beta[b], second * (1 + beside[i]), FEW);
            compare(beta[b], 2 * (1 + beta[b]) * (1 + beside[i]), FEW);
        }
    }
    compare(0.9, 1e-7, MANY);
    compare(0.9999, 0.99 * 2.500125e-9, MANY); /* roots that are nearly equal */
    compare(0.9999, 1e-4, MANY);
    compare(0.999, 2 * 1.999 * (1 - 1e-9), MANY);
    return t_done();
}
