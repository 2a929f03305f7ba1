/* output_hessian.c - roots of the Hessian of a loss in the outputs. */
#include "measures/output_hessian.h"

#include "net/net.h"

#include <math.h>
#include <string.h>

/* 1 - p_k is the sum of the others, so that a probability near 1 loses no digits. */
static void cross_entropy(int64_t O, const float *f, double *q)
{
    double most = (double)f[0], sum = 0;
    for (int64_t j = 1; j < O; j++) most = fmax(most, (double)f[j]);
    for (int64_t j = 0; j < O; j++) sum += exp((double)f[j] - most);
    for (int64_t k = 0; k < O; k++) {
        const double p = exp((double)f[k] - most) / sum;
        double others = 0;
        for (int64_t j = 0; j < O; j++) {
            const double other = exp((double)f[j] - most) / sum;
            q[k * O + j] = -sqrt(p) * other;
            others += j == k ? 0 : other;
        }
        q[k * O + k] = sqrt(p) * others;
    }
}

/* s (1 - s) = e / (1 + e)^2, e = exp(-|f|). */
static void logistic(int64_t O, const float *f, double *q)
{
    memset(q, 0, (size_t)(O * O) * sizeof *q);
    for (int64_t k = 0; k < O; k++) {
        const double e = exp(-fabs((double)f[k]));
        q[k * O + k] = sqrt(e) / (1 + e);
    }
}

static void mean_squared(int64_t O, const float *f, double *q)
{
    (void)f;
    memset(q, 0, (size_t)(O * O) * sizeof *q);
    for (int64_t k = 0; k < O; k++) q[k * O + k] = 1;
}

static const struct {
    const char *loss;
    void (*root)(int64_t O, const float *f, double *q);
} table[] = {{"cross-entropy", cross_entropy}, {"logistic", logistic}, {"mean-squared", mean_squared}};
enum { LOSSES = sizeof table / sizeof table[0] };

static int find(const struct er_net *net)
{
    int i = 0;
    while (i < LOSSES && strcmp(table[i].loss, net->loss->name) != 0) i++;
    return i;
}

enum er_status er_output_hessian_check(const struct er_net *net, const char *what, struct er_error *err)
{
    if (find(net) < LOSSES) return ER_OK;
    return er_fail(err, ER_E_UNSUPPORTED, "%s: loss %s has no second derivative in the outputs", what,
                   net->loss->name);
}

void er_output_hessian_root(const struct er_net *net, const float *f, double *q)
{
    table[find(net)].root(net->n_out, f, q);
}
