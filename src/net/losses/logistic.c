/* logistic.c - logistic loss.
 *
 *     two classes: one output f, s = +1 for label 1, -1 for label 0:    loss = log(1 + exp(-s f))
 *     K > 2 classes: K outputs, one against the rest:                   loss = sum_k log(1 + exp(-s_k f_k)),
 *                                                                       s_k = +1 for k = y, else -1
 *     dloss/df = -s / (1 + exp(s f))     d2loss/df2 = exp(f) / (1 + exp(f))^2
 *
 * With one output a prediction is right when s f > 0.
 */
#include "net/loss.h"

#include <math.h>

static int64_t outputs(int64_t classes)
{
    return classes == 2 ? 1 : classes;
}

/* s of output k in a row of label y. */
static double sign_of(int64_t n_out, int64_t k, int32_t y)
{
    return (n_out == 1 ? y == 1 : y == k) ? 1 : -1;
}

static void evaluate(int64_t rows, int64_t n_out, const float *f, const int32_t *label, float scale,
                     float *df, double *loss, unsigned char *wrong)
{
    for (int64_t b = 0; b < rows; b++, f += n_out) {
        double sum = 0;
        for (int64_t k = 0; k < n_out; k++) {
            const double s = sign_of(n_out, k, label[b]), margin = s * (double)f[k];
            const double small = exp(-fabs(margin)); /* log(1 + exp(-m)) = max(-m, 0) + log(1 + exp(-|m|)) */
            sum += (margin > 0 ? 0 : -margin) + log1p(small);
            if (df) df[k] = scale * (float)(-s * (margin > 0 ? small : 1) / (1 + small));
            if (wrong && n_out == 1) wrong[b] = !(margin > 0);
        }
        if (loss) loss[b] = sum;
        if (wrong && n_out > 1) wrong[b] = !er_row_predicts(f, n_out, label[b]);
        if (df) df += n_out;
    }
}

static void curvature(int64_t rows, int64_t n_out, const float *f, const int32_t *label, float scale,
                      const float *tf, float *out)
{
    (void)label;
    for (int64_t i = 0; i < rows * n_out; i++) {
        const double small = exp(-fabs((double)f[i])), one = 1 + small;
        out[i] = (float)((double)scale * small / (one * one) * (double)tf[i]);
    }
}

const struct er_loss_ops er_loss_logistic = {
    .name = "logistic",
    .help = "log(1 + exp(-s f)); more than two classes: one against the rest, summed",
    .likelihood = true,
    .outputs = outputs,
    .evaluate = evaluate,
    .curvature = curvature,
};
