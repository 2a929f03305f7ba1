/* mean_squared.c - half the squared distance to the one-hot vector of the label.
 *
 *     loss = 1/2 sum_k (f_k - 1[k = y])^2     dloss/df_k = f_k - 1[k = y]
 *
 * O = K outputs. The mean is the one over examples; there is no division by K. The factor 1/2 is that of
 * Cohen et al., ICLR 2021, and makes gradient flow on the outputs that of the tangent kernel: df/dt = -Theta
 * (f - y).
 */
#include "core/vector.h"
#include "net/loss.h"
#include "net/row_block.h"

enum { R = ER_BLOCK_ROWS, CHUNK = 32 }; /* columns that are turned at a time */

static int64_t outputs(int64_t classes)
{
    return classes;
}

ER_VECTOR
static void differentiate(int64_t rows, int64_t n_out, const float *f, const int32_t *label, float scale,
                          float *df)
{
#pragma omp simd
    for (int64_t i = 0; i < rows * n_out; i++) df[i] = scale * f[i];
    for (int64_t b = 0; b < rows; b++) {
        const int64_t own = b * n_out + label[b];
        df[own] = scale * (f[own] - 1.0f);
    }
}

/* Squares are exact in double. */
ER_VECTOR
static void measure_block(int64_t rows, int64_t n_out, const float *f, const int32_t *label, double *loss,
                          unsigned char *wrong)
{
    float t[CHUNK][R], chosen[R] = {0};
    int32_t own[R] = {0}, behind[R] = {0};
    double sum[R] = {0};
    for (int64_t r = 0; r < rows; r++) own[r] = label[r];
    for (int64_t r = 0; r < rows; r++) chosen[r] = f[r * n_out + label[r]];
    for (int64_t k = 0; k < n_out; k += CHUNK) {
        const int64_t n = er_block_length(k, n_out, CHUNK);
        er_block_read(rows, n, n_out, f + k, t);
        er_block_behind(n, t, chosen, behind);
        for (int64_t i = 0; i < n; i++)
#pragma omp simd
            for (int r = 0; r < R; r++) {
                const double distance = (double)(t[i][r] - er_select(own[r] == k + i, 1.0f, 0.0f));
                sum[r] += distance * distance;
            }
    }
    if (loss)
        for (int64_t r = 0; r < rows; r++) loss[r] = 0.5 * sum[r];
    if (wrong)
        for (int64_t r = 0; r < rows; r++) wrong[r] = behind[r] != 1;
}

static void evaluate(int64_t rows, int64_t n_out, const float *f, const int32_t *label, float scale,
                     float *df, double *loss, unsigned char *wrong)
{
    if (loss || wrong)
        for (int64_t b = 0; b < rows; b += R)
            measure_block(er_block_length(b, rows, R), n_out, f + b * n_out, label + b,
                          loss ? loss + b : NULL, wrong ? wrong + b : NULL);
    if (df) differentiate(rows, n_out, f, label, scale, df);
}

ER_VECTOR
static void curvature(int64_t rows, int64_t n_out, const float *f, const int32_t *label, float scale,
                      const float *tf, float *out)
{
    (void)f;
    (void)label;
#pragma omp simd
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
