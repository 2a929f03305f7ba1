/* sampled_error.c - errors of networks that are drawn, a few examples each. Counts are whole numbers: in
 * what order they are added makes no difference.
 */
#include "stochastic/bound_descent.h"
#include "stochastic/certificate.h"
#include "stochastic/streams.h"

#include <ermine/memory.h>
#include <math.h>
#include <stdatomic.h>
#include <string.h>

enum { TASK = 16 }; /* draws */

/* What one thread needs. */
struct hand {
    float *noise, *w, *x;
    int32_t *label;
    void *scratch;
};

struct call {
    const struct er_stochastic *q;
    const struct er_dataset *set;
    const struct er_sampling *how;
    const struct er_progress *progress;
    struct er_plan *plan;
    struct hand *hand;
    atomic_llong errors, squares; /* over draws: of errors, of errors^2 */
    atomic_bool stopped;
};

static bool open_hand(const struct call *c, struct hand *h)
{
    const int64_t P = er_net_parameters(c->q->net);
    h->noise = er_alloc(2 * P, sizeof *h->noise);
    h->w = h->noise ? h->noise + P : NULL;
    h->x = er_alloc(c->how->rows * er_net_inputs(c->q->net), sizeof *h->x);
    h->label = er_alloc(c->how->rows, sizeof *h->label);
    h->scratch = er_alloc((int64_t)er_plan_scratch_bytes(c->plan), 1);
    return h->noise && h->x && h->label && h->scratch;
}

static void close_hand(struct hand *h)
{
    er_free(h->noise);
    er_free(h->x);
    er_free(h->label);
    er_free(h->scratch);
}

enum er_status er_sampled_error_bytes(const struct er_net *net, int64_t rows, double *bytes,
                                      struct er_error *err)
{
    struct er_plan *plan;
    const enum er_status status = er_plan_new(net, rows, &plan, err);
    if (status != ER_OK) return status;
    *bytes = sizeof(float) *
                 (2 * (double)er_net_parameters(net) + (double)rows * (double)(er_net_inputs(net) + 1)) +
             (double)er_plan_scratch_bytes(plan);
    er_plan_free(plan);
    return ER_OK;
}

static int64_t errors_of(const struct call *c, struct hand *h, int64_t draw)
{
    const int64_t P = er_net_parameters(c->q->net), d = er_net_inputs(c->q->net);
    const uint64_t seed = c->how->seed, index = (uint64_t)draw;
    struct er_random r = er_random_open(seed, er_stochastic_stream(ER_EXAMPLES, 2 * index + c->how->search));
    double loss;
    int64_t errors;
    for (int64_t b = 0; b < c->how->rows; b++) {
        const int64_t i = er_random_below(&r, c->set->n);
        memcpy(h->x + b * d, c->set->x + i * d, (size_t)d * sizeof *h->x);
        h->label[b] = c->set->label[i];
    }
    er_sample_network(P, c->q->mean, c->q->deviation, seed,
                      er_stochastic_stream(c->how->search ? ER_SEARCH : ER_DRAWS, index), h->noise, h->w);
    const struct er_network network = {.w = h->w};
    er_plan_loss(c->plan, &network, h->x, h->label, &loss, &errors, h->scratch);
    return errors;
}

static void task(void *ctx, int64_t number, int worker)
{
    struct call *c = ctx;
    const int64_t from = number * TASK, to = from + TASK < c->how->draws ? from + TASK : c->how->draws;
    long long sum = 0, squares = 0;
    if (er_progress_stopped(c->progress)) atomic_store(&c->stopped, true);
    if (atomic_load(&c->stopped)) return;
    for (int64_t k = from; k < to; k++) {
        const int64_t errors = errors_of(c, &c->hand[worker], k);
        sum += errors;
        squares += errors * errors;
    }
    atomic_fetch_add(&c->errors, sum);
    atomic_fetch_add(&c->squares, squares);
}

static struct er_sampled_error result(struct call *c)
{
    const double n = (double)c->how->draws, rows = (double)c->how->rows,
                 mean = (double)atomic_load(&c->errors) / n / rows,
                 square = (double)atomic_load(&c->squares) / n / rows / rows;
    return (struct er_sampled_error){mean, sqrt(fmax(0, square - mean * mean) / n)};
}

enum er_status er_sampled_error(const struct er_stochastic *q, const struct er_dataset *set,
                                const struct er_sampling *how, struct er_pool *pool,
                                const struct er_progress *progress, struct er_sampled_error *out,
                                struct er_error *err)
{
    struct call c = {.q = q, .set = set, .how = how, .progress = progress};
    const int threads = pool ? er_pool_threads(pool) : 1;
    const int64_t tasks = (how->draws + TASK - 1) / TASK;
    atomic_init(&c.errors, 0);
    atomic_init(&c.squares, 0);
    atomic_init(&c.stopped, false);
    enum er_status status = er_plan_new(q->net, how->rows, &c.plan, err);
    if (status != ER_OK) return status;
    c.hand = er_alloc(threads, sizeof *c.hand);
    bool fits = c.hand;
    for (int i = 0; fits && i < threads; i++) fits = open_hand(&c, &c.hand[i]);
    if (!fits) status = er_fail(err, ER_E_NOMEM, "networks that are drawn: out of memory");
    if (status == ER_OK && pool) er_pool_run(pool, tasks, task, &c);
    if (status == ER_OK && !pool)
        for (int64_t i = 0; i < tasks; i++) task(&c, i, 0);
    if (status == ER_OK && atomic_load(&c.stopped))
        status = er_fail(err, ER_E_STOPPED, "networks that are drawn: interrupted");
    if (status == ER_OK) *out = result(&c);
    for (int i = 0; c.hand && i < threads; i++) close_hand(&c.hand[i]);
    er_free(c.hand);
    er_plan_free(c.plan);
    return status;
}
