/* logistic.c - logistic loss.
 *
 *     two classes: one output f, s = +1 for label 1, -1 for label 0:    loss = log(1 + exp(-s f))
 *     K > 2 classes: K outputs, one against the rest:                   loss = sum_k log(1 + exp(-s_k f_k)),
 *                                                                       s_k = +1 for k = y, else -1
 *     dloss/df = -s / (1 + exp(s f))
 *
 * With one output a prediction is right when s f > 0.
 */
#include "net/loss.h"

#include <math.h>

static int64_t outputs(int64_t classes)
{
    return classes == 2 ? 1 : classes;
}

static void evaluate(int64_t rows, int64_t n_out, const float *f, const int32_t *label, float scale,
                     float *df, double *loss_sum, int64_t *errors)
{
    double loss = 0;
    int64_t wrong = 0;
    for (int64_t b = 0; b < rows; b++, f += n_out) {
        for (int64_t k = 0; k < n_out; k++) {
            const double s = (n_out == 1 ? label[b] == 1 : label[b] == k) ? 1 : -1;
            const double margin = s * (double)f[k];
            const double small = exp(-fabs(margin)); /* log(1 + exp(-m)) = max(-m, 0) + log(1 + exp(-|m|)) */
            loss += (margin > 0 ? 0 : -margin) + log1p(small);
            if (df) df[k] = scale * (float)(-s * (margin > 0 ? small : 1) / (1 + small));
            if (n_out == 1) wrong += !(margin > 0);
        }
        if (n_out > 1) wrong += !er_row_predicts(f, n_out, label[b]);
        if (df) df += n_out;
    }
    *loss_sum = loss;
    *errors = wrong;
}

const struct er_loss_ops er_loss_logistic = {
    .name = "logistic",
    .help = "log(1 + exp(-s f)); more than two classes: one against the rest, summed",
    .outputs = outputs,
    .evaluate = evaluate,
};
