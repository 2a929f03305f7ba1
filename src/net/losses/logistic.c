/* logistic.c - logistic loss.
 *
 *     two classes: one output f, s = +1 for label 1, -1 for label 0:    loss = log(1 + exp(-s f))
 *     K > 2 classes: K outputs, one against the rest:                   loss = sum_k log(1 + exp(-s_k f_k)),
 *                                                                       s_k = +1 for k = y, else -1
 *     dloss/df = -s / (1 + exp(s f))     d2loss/df2 = exp(f) / (1 + exp(f))^2
 *
 * With one output a prediction is right when s f > 0.
 */
#include "core/vector.h"
#include "net/loss.h"
#include "net/row_block.h"

enum { R = ER_BLOCK_ROWS, CHUNK = 16 }; /* columns that are turned at a time */

static int64_t outputs(int64_t classes)
{
    return classes == 2 ? 1 : classes;
}

/* t becomes the margins s f; the label of an only output is 1, of the k-th of several k. */
ER_INLINE void margins(int64_t n, int32_t first, const int32_t *own, float (*t)[R])
{
    for (int32_t k = 0; k < n; k++)
#pragma omp simd
        for (int r = 0; r < R; r++) t[k][r] = er_select(own[r] == first + k, t[k][r], -t[k][r]);
}

/* sum[r] += log(1 + exp(-t[k, r])) for each k in turn, in double. */
ER_INLINE void add_losses(int64_t n, float (*t)[R], double *sum)
{
    double v[CHUNK][R];
    for (int64_t k = 0; k < n; k++)
#pragma omp simd
        for (int r = 0; r < R; r++) v[k][r] = -(double)t[k][r];
    er_softplus_array(n * R, v[0], v[0]);
    for (int64_t k = 0; k < n; k++)
#pragma omp simd
        for (int r = 0; r < R; r++) sum[r] += v[k][r];
}

/* t becomes scale d/df: -s / (1 + exp(m)) of margin m. */
ER_INLINE void slopes(int64_t n, int32_t first, const int32_t *own, float scale, float (*t)[R])
{
    for (int32_t k = 0; k < n; k++)
#pragma omp simd
        for (int r = 0; r < R; r++) {
            const float e = er_expf(-er_absf(t[k][r]));
            const float s = er_select(own[r] == first + k, scale, -scale);
            t[k][r] = -s * (er_select(t[k][r] > 0, e, 1.0f) / (1.0f + e));
        }
}

ER_VECTOR
static void evaluate_block(int64_t rows, int64_t n_out, const float *f, const int32_t *label, float scale,
                           float *df, double *loss, unsigned char *wrong)
{
    float t[CHUNK][R], chosen[R] = {0};
    int32_t own[R] = {0}, behind[R] = {0};
    double sum[R] = {0};
    for (int64_t r = 0; r < rows; r++) own[r] = label[r];
    if (n_out > 1)
        for (int64_t r = 0; r < rows; r++) chosen[r] = f[r * n_out + label[r]];
    for (int64_t k = 0; k < n_out; k += CHUNK) {
        const int64_t n = er_block_length(k, n_out, CHUNK);
        const int32_t first = n_out == 1 ? 1 : (int32_t)k;
        er_block_read(rows, n, n_out, f + k, t);
        if (n_out > 1) er_block_behind(n, t, chosen, behind);
        margins(n, first, own, t);
        if (n_out == 1)
            for (int r = 0; r < R; r++) behind[r] = 1 + !(t[0][r] > 0);
        if (loss) add_losses(n, t, sum);
        if (!df) continue;
        slopes(n, first, own, scale, t);
        er_block_write(rows, n, n_out, t, df + k);
    }
    if (loss)
        for (int64_t r = 0; r < rows; r++) loss[r] = sum[r];
    if (wrong)
        for (int64_t r = 0; r < rows; r++) wrong[r] = behind[r] != 1;
}

static void evaluate(int64_t rows, int64_t n_out, const float *f, const int32_t *label, float scale,
                     float *df, double *loss, unsigned char *wrong)
{
    for (int64_t b = 0; b < rows; b += R)
        evaluate_block(er_block_length(b, rows, R), n_out, f + b * n_out, label + b, scale,
                       df ? df + b * n_out : NULL, loss ? loss + b : NULL, wrong ? wrong + b : NULL);
}

ER_VECTOR
static void curvature(int64_t rows, int64_t n_out, const float *f, const int32_t *label, float scale,
                      const float *tf, float *out)
{
    (void)label;
#pragma omp simd
    for (int64_t i = 0; i < rows * n_out; i++) {
        const float e = er_expf(-er_absf(f[i])), inverse = 1.0f / (1.0f + e);
        out[i] = scale * (e * inverse * inverse) * tf[i];
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
