/* dropout.c - in training every value is dropped with probability q, and kept ones are scaled up by as much.
 *
 *     training     y = m x     dx = m dy     ty = m tx     tdx = m tdy      m = 0 or 1 / (1 - q)
 *     evaluation   y = x
 *
 * Value e = row n_in + unit of a batch is dropped where word e mod 4 of
 *
 *     er_random_words(seed, er_stream(ER_PURPOSE_DROPOUT, layer), step 2^32 + floor(e / 4))
 *
 * is below q 2^32 (rounded: the probability is q to 2^-33). So the mask is a function of seed, layer, step,
 * row and unit alone: threads and the number of rows change nothing, and no two values share a word while a
 * batch has at most 2^34 of them (the plan refuses more) and the training 2^32 steps.
 *
 * Cache: m. Source: Srivastava et al., JMLR 2014; scaling in training, not in evaluation ("inverted"), is
 * their section 10.
 */
#include "core/vector.h"
#include "net/layer.h"

#include <ermine/random.h>
#include <math.h>
#include <string.h>

enum { GRAIN = 16, WORDS = 4 };

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

/* m for values at .. at + n; at is a multiple of WORDS. */
static void draw(const struct er_layer *l, const struct er_pass *p, int64_t at, int64_t n, float *m)
{
    const double rate = l->argument[0];
    const uint32_t threshold = (uint32_t)llround(rate * 0x1p32);
    const uint64_t stream = er_stream(ER_PURPOSE_DROPOUT, l->index), step = p->step << 32;
    const float kept = (float)(1 / (1 - rate));
    for (int64_t i = 0; i < n; i += WORDS) {
        uint32_t word[WORDS];
        er_random_words(p->seed, stream, step + (uint64_t)((at + i) / WORDS), word);
        for (int64_t j = 0; j < WORDS && i + j < n; j++) m[i + j] = word[j] < threshold ? 0 : kept;
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

static void forward(const struct er_layer *l, const struct er_pass *p)
{
    int64_t at, end;
    er_share(p->plan->rows * l->n_in, GRAIN, p->part, p->parts, &at, &end);
    if (p->training) draw(l, p, at, end - at, p->cache + at);
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
};
