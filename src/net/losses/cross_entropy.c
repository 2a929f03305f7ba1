/* cross_entropy.c - softmax cross-entropy, natural logarithm.
 *
 *     loss = log sum_k exp(f_k) - f_y     dloss/df_k = p_k - 1[k = y]     p_k = exp(f_k) / sum_j exp(f_j)
 *     Hessian: (H t)_k = p_k (t_k - sum_j p_j t_j)
 *
 * O = K outputs. The largest output is subtracted first, so that nothing overflows. Exponentials are float,
 * their sums double: a loss near 0 keeps its digits, and so does p_y - 1, taken as (exp f_y - sum) / sum.
 */
#include "core/vector.h"
#include "net/loss.h"
#include "net/row_block.h"
#include "net/rows.h"

/* Columns that are turned at a time. Up to so many outputs are turned once; with more, exponentials wait for
 * their sum in the rows of the result. */
enum { R = ER_BLOCK_ROWS, CHUNK = 32 };

static int64_t outputs(int64_t classes)
{
    return classes;
}

ER_INLINE void largest(int64_t n, float (*t)[R], float *most)
{
    for (int64_t k = 0; k < n; k++)
#pragma omp simd
        for (int r = 0; r < R; r++) most[r] = t[k][r] > most[r] ? t[k][r] : most[r];
}

/* What t has in the column of the label, where that is one of k .. k + n - 1. */
ER_INLINE void choose(int64_t k, int64_t n, float (*t)[R], const int32_t *label, float *chosen)
{
    for (int64_t i = 0; i < n; i++)
#pragma omp simd
        for (int r = 0; r < R; r++) chosen[r] = er_select(label[r] == (int32_t)(k + i), t[i][r], chosen[r]);
}

/* t becomes exp(t - most), and is added to sum. */
ER_INLINE void exponentials(int64_t n, const float *most, float (*t)[R], double *sum)
{
    for (int64_t k = 0; k < n; k++) {
#pragma omp simd
        for (int r = 0; r < R; r++) t[k][r] = er_expf(t[k][r] - most[r]);
#pragma omp simd
        for (int r = 0; r < R; r++) sum[r] += (double)t[k][r];
    }
}

ER_VECTOR
static void evaluate_block(int64_t rows, int64_t n_out, const float *f, const int32_t *label, float scale,
                           float *df, double *loss, unsigned char *wrong)
{
    float t[CHUNK][R], most[R], chosen[R] = {0}, own[R] = {0}, factor[R]; /* own: the label's df */
    int32_t y[R] = {0}, behind[R] = {0};
    double sum[R] = {0}, logarithm[R];
    for (int r = 0; r < R; r++) most[r] = -INFINITY;
    memcpy(y, label, (size_t)rows * sizeof *y);
    for (int64_t r = 0; (loss || wrong) && r < rows; r++) chosen[r] = f[r * n_out + label[r]];
    for (int64_t k = 0; k < n_out; k += CHUNK) {
        const int64_t n = er_block_length(k, n_out, CHUNK);
        er_block_read(rows, n, n_out, f + k, t);
        largest(n, t, most);
        if (wrong) er_block_behind(n, t, chosen, behind);
    }
    for (int64_t k = 0; k < n_out; k += CHUNK) {
        const int64_t n = er_block_length(k, n_out, CHUNK);
        if (n_out > CHUNK) er_block_read(rows, n, n_out, f + k, t);
        exponentials(n, most, t, sum);
        if (df) choose(k, n, t, y, own);
        if (df && n_out > CHUNK) er_block_write(rows, n, n_out, t, df + k);
    }
    if (loss) {
        er_log_array(R, sum, logarithm);
        for (int64_t r = 0; r < rows; r++) loss[r] = logarithm[r] - ((double)chosen[r] - (double)most[r]);
    }
    if (wrong)
        for (int64_t r = 0; r < rows; r++) wrong[r] = behind[r] != 1;
    if (!df) return;
#pragma omp simd
    for (int r = 0; r < R; r++) {
        factor[r] = scale / (float)sum[r];
        own[r] = (float)((double)own[r] - sum[r]) * factor[r];
    }
    if (n_out <= CHUNK) {
        for (int64_t k = 0; k < n_out; k++)
#pragma omp simd
            for (int r = 0; r < R; r++) t[k][r] = er_select(y[r] == (int32_t)k, own[r], t[k][r] * factor[r]);
        er_block_write(rows, n_out, n_out, t, df);
        return;
    }
    for (int64_t r = 0; r < rows; r++) {
        er_rows_scale(n_out, factor[r], df + r * n_out);
        df[r * n_out + label[r]] = own[r];
    }
}

static void evaluate(int64_t rows, int64_t n_out, const float *f, const int32_t *label, float scale,
                     float *df, double *loss, unsigned char *wrong)
{
    for (int64_t b = 0; b < rows; b += R)
        evaluate_block(er_block_length(b, rows, R), n_out, f + b * n_out, label + b, scale,
                       df ? df + b * n_out : NULL, loss ? loss + b : NULL, wrong ? wrong + b : NULL);
}

ER_VECTOR
static void curvature_block(int64_t rows, int64_t n_out, const float *f, float scale, const float *tf,
                            float *out)
{
    float t[CHUNK][R], u[CHUNK][R], most[R];
    double sum[R] = {0}, mean[R] = {0};
    for (int r = 0; r < R; r++) most[r] = -INFINITY;
    for (int64_t k = 0; k < n_out; k += CHUNK) {
        const int64_t n = er_block_length(k, n_out, CHUNK);
        er_block_read(rows, n, n_out, f + k, t);
        largest(n, t, most);
    }
    for (int64_t k = 0; k < n_out; k += CHUNK) {
        const int64_t n = er_block_length(k, n_out, CHUNK);
        if (n_out > CHUNK) er_block_read(rows, n, n_out, f + k, t);
        er_block_read(rows, n, n_out, tf + k, u);
        exponentials(n, most, t, sum);
        for (int64_t i = 0; i < n; i++)
#pragma omp simd
            for (int r = 0; r < R; r++) mean[r] += (double)t[i][r] * (double)u[i][r];
        if (n_out > CHUNK) er_block_write(rows, n, n_out, t, out + k);
    }
    for (int r = 0; r < R; r++) mean[r] /= sum[r];
    for (int r = 0; r < R; r++) sum[r] = (double)scale / sum[r];
    for (int64_t k = 0; k < n_out; k += CHUNK) {
        const int64_t n = er_block_length(k, n_out, CHUNK);
        if (n_out > CHUNK) {
            er_block_read(rows, n, n_out, out + k, t);
            er_block_read(rows, n, n_out, tf + k, u);
        }
        for (int64_t i = 0; i < n; i++)
#pragma omp simd
            for (int r = 0; r < R; r++)
                t[i][r] = (float)((double)t[i][r] * sum[r] * ((double)u[i][r] - mean[r]));
        er_block_write(rows, n, n_out, t, out + k);
    }
}

static void curvature(int64_t rows, int64_t n_out, const float *f, const int32_t *label, float scale,
                      const float *tf, float *out)
{
    (void)label;
    for (int64_t b = 0; b < rows; b += R)
        curvature_block(er_block_length(b, rows, R), n_out, f + b * n_out, scale, tf + b * n_out,
                        out + b * n_out);
}

const struct er_loss_ops er_loss_cross_entropy = {
    .name = "cross-entropy",
    .help = "softmax cross-entropy, in nats",
    .likelihood = true,
    .outputs = outputs,
    .evaluate = evaluate,
    .curvature = curvature,
};
