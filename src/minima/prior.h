/* prior.h - weights drawn at random, as a function of (seed, stream): independent draws for a sampler that looks at
 * many millions of them.
 *
 *     own        each parameter by the law of its layer (net/weights.h), times scale
 *     uniform    weights and biases alike on [-scale, scale]
 *     normal     weights and biases alike, with standard deviation scale
 *
 * What a layer does not draw (gains of norms, say) is as it starts; with `normal`, which is for steps, 0. A draw reads
 * one stream, word i for parameter i (of a normal law two words make two
 * parameters, by Box and Muller's transform). Words are of 32 bits, computed with in float32: a uniform is a multiple
 * of scale 2^-31 before rounding, a normal lies within 5.9 standard deviations. So these are other draws than
 * er_net_initialise()'s, from the same laws to that precision, at a tenth of the cost: about 2 ns a parameter.
 */
#ifndef ERMINE_MINIMA_PRIOR_H
#define ERMINE_MINIMA_PRIOR_H

#include <ermine/net.h>

enum er_prior_law { ER_PRIOR_OWN, ER_PRIOR_UNIFORM, ER_PRIOR_NORMAL };

/* Parameters that follow each other and have one law. */
struct er_prior_span {
    int64_t at, n;
    int64_t word; /* where its words begin; a normal span has an even number of them */
    bool uniform;
    float scale;
};

struct er_prior {
    struct er_prior_span *span;
    int64_t n_spans;
    int64_t words;   /* in all, a multiple of 4 */
    float *start;    /* P: what is not drawn */
    int64_t n, kept; /* P; how many of them are not drawn */
};

/* scale > 0. ER_E_NOMEM. */
enum er_status er_prior_new(const struct er_net *net, enum er_prior_law law, double scale,
                            struct er_prior *out, struct er_error *err);
void er_prior_clear(struct er_prior *prior);

/* w (P) = the draw of a stream (er_stream()). `word`: prior->words words of scratch. Any thread. */
void er_prior_draw(const struct er_prior *prior, uint64_t seed, uint64_t stream, uint32_t *word, float *w);

#endif
