/* mean_squared.c - half the squared distance to the one-hot vector of the label.
 *
 *     loss = 1/2 sum_k (f_k - 1[k = y])^2     dloss/df_k = f_k - 1[k = y]
 *
 * O = K outputs. The mean is the one over examples; there is no division by K. The factor 1/2 is that of
 * Cohen et al., ICLR 2021, and makes gradient flow on the outputs that of the tangent kernel: df/dt = -Theta
 * (f - y).
 */
#include "net/loss.h"

static int64_t outputs(int64_t classes)
{
    return classes;
}

static void evaluate(int64_t rows, int64_t n_out, const float *f, const int32_t *label, float scale,
                     float *df, double *loss, unsigned char *wrong)
{
    for (int64_t b = 0; b < rows; b++, f += n_out) {
        double sum = 0;
        for (int64_t k = 0; k < n_out; k++) {
            const float distance = f[k] - (k == label[b] ? 1.0f : 0.0f);
            sum += 0.5 * (double)distance * (double)distance;
            if (df) df[k] = scale * distance;
        }
        if (loss) loss[b] = sum;
        if (wrong) wrong[b] = !er_row_predicts(f, n_out, label[b]);
        if (df) df += n_out;
    }
}

static void curvature(int64_t rows, int64_t n_out, const float *f, const int32_t *label, float scale,
                      const float *tf, float *out)
{
    (void)f;
    (void)label;
    for (int64_t i = 0; i < rows * n_out; i++) out[i] = scale * tf[i];
}

const struct er_loss_ops er_loss_mean_squared = {
    .name = "mean-squared",
    .help = "half the squared distance to the one-hot label",
    .likelihood = true,
    .outputs = outputs,
    .evaluate = evaluate,
    .curvature = curvature,
};
