/* sampler.h - what a sampler is: one file, src/minima/samplers/NAME.c, and one line in samplers.def.
 */
#ifndef ERMINE_MINIMA_SAMPLER_H
#define ERMINE_MINIMA_SAMPLER_H

#include <ermine/minima.h>

/* The requests that one sampler is to answer: request[which[0..n)]. */
struct er_sampling {
    const struct er_minimum_request *request;
    const int64_t *which;
    int64_t n;
    struct er_pool *pool;
    const struct er_progress *progress; /* counts these requests */
    const struct er_minima_events *events;
};

struct er_sampler {
    struct er_sampler_info info;
    /* What is wrong with a request, beyond its training specification; NULL: nothing can be. */
    enum er_status (*check)(const struct er_minimum_request *request, struct er_error *err);
    enum er_status (*find)(const struct er_sampling *sampling, struct er_error *err);
};

/* All samplers in the order of samplers.def; *n of them. */
const struct er_sampler *const *er_sampler_list(int64_t *n);

/* The measured numbers of a minimum from its weights: losses, errors, margin, norms. `initial` may be NULL. */
enum er_status er_minimum_measure(const struct er_minimum_request *request, struct er_minimum *minimum,
                                  struct er_error *err);

/* *product = prod_l ||W_l||_F over the *layers layers with weights, by which margins are divided. er_net_norm()'s. */
enum er_status er_minimum_scale(const struct er_net *net, const float *w, double *product, int64_t *layers,
                                struct er_error *err);

/* The margin of one row of outputs, not normalised: f_y - max_{j != y} f_j, or with one output f or -f. */
double er_minimum_row_margin(const float *f, int64_t O, int32_t label);

/* The smaller of two margins; NaN where one of them is. */
double er_minimum_least(double a, double b);

/* The member of an ensemble that a request asks for: training on S from its seed. */
struct er_member er_minimum_member(const struct er_minimum_request *request);

#endif
