/* cross_entropy.c - softmax cross-entropy, natural logarithm.
 *
 *     loss = log sum_k exp(f_k) - f_y     dloss/df_k = p_k - 1[k = y]     p_k = exp(f_k) / sum_j exp(f_j)
 *     Hessian: (H t)_k = p_k (t_k - sum_j p_j t_j)
 *
 * O = K outputs. The largest output is subtracted first, so that nothing overflows.
 */
#include "net/loss.h"

#include <math.h>

static int64_t outputs(int64_t classes)
{
    return classes;
}

static float largest(int64_t n_out, const float *f)
{
    float most = f[0];
    for (int64_t k = 1; k < n_out; k++) most = f[k] > most ? f[k] : most;
    return most;
}

static void evaluate(int64_t rows, int64_t n_out, const float *f, const int32_t *label, float scale,
                     float *df, double *loss, unsigned char *wrong)
{
    for (int64_t b = 0; b < rows; b++, f += n_out) {
        const int32_t y = label[b];
        const float most = largest(n_out, f);
        double sum = 0;
        for (int64_t k = 0; k < n_out; k++) {
            const float e = expf(f[k] - most);
            sum += (double)e;
            if (df) df[k] = e;
        }
        if (loss) loss[b] = log(sum) - ((double)f[y] - (double)most);
        if (wrong) wrong[b] = !er_row_predicts(f, n_out, y);
        if (!df) continue;
        const float factor = scale / (float)sum;
        for (int64_t k = 0; k < n_out; k++) df[k] *= factor;
        df[y] -= scale;
        df += n_out;
    }
}

static void curvature(int64_t rows, int64_t n_out, const float *f, const int32_t *label, float scale,
                      const float *tf, float *out)
{
    (void)label;
    for (int64_t b = 0; b < rows; b++, f += n_out, tf += n_out, out += n_out) {
        const float most = largest(n_out, f);
        double sum = 0, mean = 0;
        for (int64_t k = 0; k < n_out; k++) {
            out[k] = expf(f[k] - most);
            sum += (double)out[k];
            mean += (double)out[k] * (double)tf[k];
        }
        mean /= sum;
        for (int64_t k = 0; k < n_out; k++)
            out[k] = (float)((double)scale * (double)out[k] / sum * ((double)tf[k] - mean));
    }
}

const struct er_loss_ops er_loss_cross_entropy = {
    .name = "cross-entropy",
    .help = "softmax cross-entropy, in nats",
    .likelihood = true,
    .outputs = outputs,
    .evaluate = evaluate,
    .curvature = curvature,
};
