/* dropout.c - in training every value is dropped with probability q, and kept ones are scaled up by as much.
 *
 *     training     y = m x     dx = m dy     ty = m tx     tdx = m tdy      m = 0 or 1 / (1 - q)
 *     evaluation   y = x
 *
 * Value e = row n_in + unit of a batch (rows counted from first_row, where the batch is a piece of a larger
 * one) is dropped where word e mod 4 of
 *
 *     er_random_words(seed, er_stream(ER_PURPOSE_DROPOUT, layer), step 2^32 + floor(e / 4))
 *
 * is below q 2^32 (rounded: the probability is q to 2^-33). So the mask is a function of seed, layer, step,
 * row and unit alone: threads and the number of rows change nothing, and no two values share a word while a
 * batch has at most 2^34 of them and the training 2^32 steps. A plan refuses more; of a batch that comes in
 * pieces it sees one, and values from number 2^34 on have the words of the next step's first ones.
 *
 * Cache: m. Source: Srivastava et al., JMLR 2014; scaling in training, not in evaluation ("inverted"), is
 * their section 10.
 */
#include "core/vector.h"
#include "net/norm.h"

#include <ermine/random.h>
#include <math.h>
#include <string.h>

enum { GRAIN = 16, WORDS = 4 }; /* of a counter */
enum { BLOCK = 1024 };          /* values drawn at a time */

static const struct er_argument argument[] = {
    {"rate", ER_ARGUMENT_REAL, true, 0, 0.9999, NULL, NULL, "probability that a value is dropped"},
    {0},
};

static enum er_status bind(struct er_layer *l, struct er_error *err)
{
    enum er_status status = er_layer_bind_pointwise(l, err);
    l->n_cache = l->n_in;
    return status;
}

static enum er_status plan(const struct er_layer *l, struct er_layer_plan *p, struct er_error *err)
{
    if (p->rows <= ((int64_t)1 << 34) / l->n_in) return ER_OK;
    return er_fail(err, ER_E_LIMIT, "dropout: %lld rows of %lld values, more than 2^34 in a batch",
                   (long long)p->rows, (long long)l->n_in);
}

ER_VECTOR
static void multiply(int64_t n, const float *restrict m, const float *restrict in, float *restrict out)
{
#pragma omp simd
    for (int64_t i = 0; i < n; i++) out[i] = m[i] * in[i];
}

ER_VECTOR
static void choose(int64_t n, const uint32_t *restrict word, uint32_t threshold, float kept,
                   float *restrict m)
{
#pragma omp simd
    for (int64_t i = 0; i < n; i++) m[i] = word[i] < threshold ? 0 : kept;
}

/* m for values at .. at + n; at is a multiple of WORDS. */
static void draw(const struct er_layer *l, const struct er_pass *p, int64_t at, int64_t n, float *m)
{
    const double rate = l->argument[0];
    const uint64_t stream = er_stream(ER_PURPOSE_DROPOUT, l->index), step = p->step << 32;
    for (int64_t i = 0; i < n; i += BLOCK) {
        const int64_t values = n - i < BLOCK ? n - i : BLOCK;
        uint32_t word[BLOCK];
        er_random_many_words(p->seed, stream, step + (uint64_t)((at + i) / WORDS),
                             (values + WORDS - 1) / WORDS, word);
        choose(values, word, (uint32_t)llround(rate * 0x1p32), (float)(1 / (1 - rate)), m + i);
    }
}

/* out = m in for this part's share of the batch. */
static void apply(const struct er_layer *l, const struct er_pass *p, const float *in, float *out)
{
    int64_t at, end;
    er_share(p->plan->rows * l->n_in, GRAIN, p->part, p->parts, &at, &end);
    if (!in)
        memset(out + at, 0, (size_t)(end - at) * sizeof *out);
    else if (p->training)
        multiply(end - at, p->cache + at, in + at, out + at);
    else
        memcpy(out + at, in + at, (size_t)(end - at) * sizeof *out);
}

/* The same for any at: the words that it begins within are drawn apart. */
static void draw_anywhere(const struct er_layer *l, const struct er_pass *p, int64_t at, int64_t n, float *m)
{
    const int64_t skip = at % WORDS, left = WORDS - skip, taken = skip == 0 ? 0 : left < n ? left : n;
    if (taken > 0) {
        float first[WORDS];
        draw(l, p, at - skip, WORDS, first);
        memcpy(m, first + skip, (size_t)taken * sizeof *m);
    }
    draw(l, p, at + taken, n - taken, m + taken);
}

static void forward(const struct er_layer *l, const struct er_pass *p)
{
    int64_t at, end;
    er_share(p->plan->rows * l->n_in, GRAIN, p->part, p->parts, &at, &end);
    if (p->training) draw_anywhere(l, p, p->first_row * l->n_in + at, end - at, p->cache + at);
    apply(l, p, p->x, p->y);
}

static void backward_x(const struct er_layer *l, const struct er_pass *p)
{
    apply(l, p, p->dy, p->dx);
}

static void tangent(const struct er_layer *l, const struct er_pass *p)
{
    apply(l, p, p->tx, p->ty);
}

static void tangent_x(const struct er_layer *l, const struct er_pass *p)
{
    apply(l, p, p->tdy, p->tdx);
}

/* Of evaluation. */
static enum er_status norm(const struct er_layer *l, enum er_norm which, const float *w,
                           const float *statistics, double *out, struct er_error *err)
{
    (void)w;
    (void)statistics;
    return er_norm_factors(l, which, 1, out, err);
}

/* Of training. */
static enum er_status kernel(const struct er_layer *l, struct er_kernel_map *out, struct er_error *err)
{
    (void)err;
    *out = (struct er_kernel_map){.form = ER_KERNEL_DROPOUT, .keep = 1 - l->argument[0]};
    return ER_OK;
}

const struct er_layer_ops er_layer_dropout = {
    .name = "dropout",
    .help = "drops values in training with a given probability",
    .argument = argument,
    .bind = bind,
    .plan = plan,
    .forward = forward,
    .backward_x = backward_x,
    .tangent = tangent,
    .tangent_x = tangent_x,
    .norm = norm,
    .kernel = kernel,
};
