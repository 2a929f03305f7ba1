/* prior.c - random weights by the laws of a net's layers, many a microsecond.
 *
 *     uniform    w = scale (int32)word 2^-31
 *     normal     a pair from words a, b:  r = scale sqrt(-2 log u), u = (floor(a / 2^8) + 1/2) 2^-24
 *                w = r cos(2 pi v), w' = r sin(2 pi v),  v = floor(b / 2^8) 2^-24
 *
 * Loops go element by element, so every vector width gives the same bits.
 */
#include "minima/prior.h"

#include "core/vector.h"
#include "math/elementary.h"
#include "net/net.h"

#include <ermine/memory.h>
#include <ermine/random.h>
#include <string.h>

static void add_span(struct er_prior *prior, int64_t at, int64_t n, bool uniform, double scale)
{
    if (n <= 0 || scale <= 0) return; /* a law of one value: its parameters are 0 from the start */
    prior->span[prior->n_spans++] = (struct er_prior_span){
        .at = at, .n = n, .word = prior->words, .uniform = uniform, .scale = (float)scale};
    prior->words += (n + 3) / 4 * 4;
}

enum er_status er_prior_new(const struct er_net *net, enum er_prior_law law, double scale,
                            struct er_prior *out, struct er_error *err)
{
    struct er_prior prior = {.n = er_net_parameters(net)};
    int64_t drawn = 0;
    float *statistics = er_alloc(er_net_statistics(net), sizeof *statistics);
    prior.span = er_alloc(2 * net->n, sizeof *prior.span);
    prior.start = er_alloc(prior.n, sizeof *prior.start);
    if (!prior.span || !prior.start || !statistics) {
        er_free(statistics);
        er_prior_clear(&prior);
        return er_fail(err, ER_E_NOMEM, "minima: out of memory for a prior");
    }
    er_net_initialise(net, 0, prior.start, statistics);
    er_free(statistics);
    if (law == ER_PRIOR_NORMAL) memset(prior.start, 0, (size_t)prior.n * sizeof *prior.start);
    for (int64_t i = 0; i < net->n; i++) {
        const struct er_layer *layer = &net->node[i].layer;
        const int64_t at = net->bound[i].at, n = layer->n_parameters;
        struct er_layer_laws laws;
        if (!layer->ops->laws || n == 0) continue;
        layer->ops->laws(layer, &laws);
        memset(prior.start + at, 0, (size_t)n * sizeof *prior.start);
        if (law != ER_PRIOR_OWN) laws = (struct er_layer_laws){n, law == ER_PRIOR_UNIFORM, 1, 1};
        add_span(&prior, at, laws.n, laws.uniform, scale * laws.scale);
        add_span(&prior, at + laws.n, n - laws.n, laws.uniform, scale * laws.bias_scale);
    }
    for (int64_t i = 0; i < prior.n_spans; i++) drawn += prior.span[i].n;
    prior.kept = prior.n - drawn;
    *out = prior;
    return ER_OK;
}

void er_prior_clear(struct er_prior *prior)
{
    er_free(prior->span);
    er_free(prior->start);
    *prior = (struct er_prior){0};
}

ER_VECTOR
static void draw_uniform(int64_t n, float scale, const uint32_t *restrict word, float *restrict w)
{
    const float unit = scale * 0x1p-31f;
#pragma omp simd
    for (int64_t i = 0; i < n; i++) w[i] = unit * (float)(int32_t)word[i];
}

/* Pair i of `half`: parameters i and half + i, of words i and half + i. */
ER_VECTOR
static void draw_normal(int64_t half, float scale, const uint32_t *restrict word, float *restrict first,
                        float *restrict second)
{
#pragma omp simd
    for (int64_t i = 0; i < half; i++) {
        const float u = ((float)(int32_t)(word[i] >> 8) + 0.5f) * 0x1p-24f;
        const float angle = 6.28318531f * ((float)(int32_t)(word[half + i] >> 8) * 0x1p-24f);
        const float r = scale * sqrtf(-2.0f * er_logf(u));
        first[i] = r * er_cosf(angle);
        second[i] = r * er_sinf(angle);
    }
}

static void draw_span(const struct er_prior_span *span, uint32_t *word, float *w)
{
    const int64_t half = span->n / 2;
    word += span->word;
    w += span->at;
    if (span->uniform) {
        draw_uniform(span->n, span->scale, word, w);
        return;
    }
    draw_normal(half, span->scale, word, w, w + half);
    if (span->n % 2) {
        float other;
        draw_normal(1, span->scale, word + span->n - 1, w + span->n - 1, &other);
    }
}

void er_prior_draw(const struct er_prior *prior, uint64_t seed, uint64_t stream, uint32_t *word, float *w)
{
    er_random_many_words(seed, stream, 0, prior->words / 4, word);
    if (prior->kept > 0) memcpy(w, prior->start, (size_t)prior->n * sizeof *w);
    for (int64_t i = 0; i < prior->n_spans; i++) draw_span(&prior->span[i], word, w);
}
