/* targets.c - one-hot vectors and signs. */
#include "experiments/targets.h"

#include <math.h>

int64_t er_targets_of(int64_t classes)
{
    return classes == 2 ? 1 : classes;
}

static double target(const struct er_dataset *data, int64_t i, int64_t c)
{
    if (data->classes == 2) return data->label[i] == 1 ? 1 : -1;
    return data->label[i] == c;
}

void er_targets_fill(const struct er_dataset *data, double *y)
{
    const int64_t k = er_targets_of(data->classes);
    for (int64_t i = 0; i < data->n; i++)
        for (int64_t c = 0; c < k; c++) y[i * k + c] = target(data, i, c);
}

/* -1 for outputs that are not all numbers. */
static int64_t predicted(int64_t k, const double *f)
{
    int64_t best = 0;
    for (int64_t c = 0; c < k; c++) {
        if (isnan(f[c])) return -1;
        if (f[c] > f[best]) best = c;
    }
    return k == 1 ? f[0] >= 0 : best;
}

struct er_targets_fit er_targets_measure(const struct er_dataset *data, const double *f)
{
    const int64_t k = er_targets_of(data->classes);
    struct er_targets_fit fit = {0};
    int64_t wrong = 0;
    for (int64_t i = 0; i < data->n; i++) {
        wrong += predicted(k, f + i * k) != data->label[i];
        for (int64_t c = 0; c < k; c++) {
            const double off = fabs(f[i * k + c] - target(data, i, c));
            fit.mse += off * off;
            if (!(off <= fit.worst)) fit.worst = off;
        }
    }
    if (data->n == 0) return (struct er_targets_fit){(double)NAN, (double)NAN, (double)NAN};
    fit.error = (double)wrong / (double)data->n;
    fit.mse /= (double)data->n;
    return fit;
}
