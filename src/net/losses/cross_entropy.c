/* cross_entropy.c - softmax cross-entropy, natural logarithm.
 *
 *     loss = log sum_k exp(f_k) - f_y     dloss/df_k = exp(f_k) / sum_j exp(f_j) - 1[k = y]
 *
 * O = K outputs. The largest output is subtracted first, so that nothing overflows.
 */
#include "net/loss.h"

#include <math.h>

static int64_t outputs(int64_t classes)
{
    return classes;
}

static void evaluate(int64_t rows, int64_t n_out, const float *f, const int32_t *label, float scale,
                     float *df, double *loss_sum, int64_t *errors)
{
    double loss = 0;
    int64_t wrong = 0;
    for (int64_t b = 0; b < rows; b++, f += n_out) {
        const int32_t y = label[b];
        float largest = f[0];
        for (int64_t k = 1; k < n_out; k++) largest = f[k] > largest ? f[k] : largest;
        double sum = 0;
        for (int64_t k = 0; k < n_out; k++) {
            const float e = expf(f[k] - largest);
            sum += (double)e;
            if (df) df[k] = e;
        }
        loss += log(sum) - ((double)f[y] - (double)largest);
        wrong += !er_row_predicts(f, n_out, y);
        if (!df) continue;
        const float factor = scale / (float)sum;
        for (int64_t k = 0; k < n_out; k++) df[k] *= factor;
        df[y] -= scale;
        df += n_out;
    }
    *loss_sum = loss;
    *errors = wrong;
}

const struct er_loss_ops er_loss_cross_entropy = {
    .name = "cross-entropy",
    .help = "softmax cross-entropy, in nats",
    .outputs = outputs,
    .evaluate = evaluate,
};
