/* regress_risk.c - see regress_risk.h. */
#include "experiments/regress_risk.h"

#include <math.h>

double er_regress_excess_risk(int64_t d, const double *w, const double *theta, const double *variance)
{
    double sum = 0;
    for (int64_t j = 0; j < d; j++) sum += variance[j] * (w[j] - theta[j]) * (w[j] - theta[j]);
    return sum;
}

double er_regress_theory_risk(int64_t n, int64_t d, double signal, double noise)
{
    const double examples = (double)n, inputs = (double)d;
    if (n < d - 1)
        return (1 - examples / inputs) * signal + noise * noise * examples / (inputs - examples - 1);
    if (n > d + 1) return noise * noise * inputs / (examples - inputs - 1);
    return (double)NAN;
}
