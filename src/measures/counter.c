/* counter.c - errors of perturbed networks, counted until they are enough. */
#include "measures/counter.h"

#include "core/available.h"
#include "net/net.h"
#include "train/batch.h"

#include <ermine/memory.h>
#include <ermine/random.h>
#include <math.h>
#include <string.h>

/* So many pairs at a time between looks at the count. Products with blocks take LEAST_ROWS, and at least the time of
 * writing the weights of a draw REBUILT times. */
enum { WAVE = 10, LEAST_ROWS = 32, ORDER = 1 << 20 };
static const double REBUILT = 240, STANDARD_ERRORS = 3;

static int64_t rows_of(const struct er_net *net)
{
    const int64_t most = er_net_chunk(net);
    int64_t rows = LEAST_ROWS;
    while (rows < most && (double)rows * er_net_flops(net) < REBUILT * (double)er_net_parameters(net))
        rows *= 2;
    return rows;
}

enum er_status er_counter_new(const struct er_net *net, const struct er_dataset *set, struct er_pool *pool,
                              struct er_counter *out, struct er_error *err)
{
    struct er_counter c = {.net = net,
                           .set = set,
                           .pool = pool,
                           .threads = pool ? er_pool_threads(pool) : 1,
                           .rows = rows_of(net)};
    const int64_t P = er_net_parameters(net), n = set->n;
    size_t bytes[2] = {0, 0};
    c.blocks = (n + c.rows - 1) / c.rows;
    enum er_status status = n >= c.rows ? er_plan_new(net, c.rows, &c.whole, err) : ER_OK;
    if (status == ER_OK && n % c.rows) status = er_plan_new(net, n % c.rows, &c.rest, err);
    if (status == ER_OK) {
        if (c.whole) bytes[0] = er_plan_call_bytes(c.whole, 1, ER_PLAN_FORWARD);
        if (c.rest) bytes[1] = er_plan_call_bytes(c.rest, 1, ER_PLAN_FORWARD);
        c.scratch_bytes = ((bytes[0] > bytes[1] ? bytes[0] : bytes[1]) + ER_ALIGN - 1) / ER_ALIGN * ER_ALIGN;
        status = er_memory_check(c.threads * ((double)c.scratch_bytes + 4 * (double)P +
                                              4 * (double)c.rows * (double)(net->n_in + 1)),
                                 "measures: perturbed networks", err);
    }
    if (status == ER_OK) {
        c.scratch = er_alloc(c.threads, c.scratch_bytes);
        c.w = er_alloc(c.threads * P, sizeof *c.w);
        c.wrong = er_alloc(WAVE, sizeof *c.wrong);
        c.order = er_alloc(n, sizeof *c.order);
        c.x = er_alloc(c.threads * c.rows * net->n_in, sizeof *c.x);
        c.label = er_alloc(c.threads * c.rows, sizeof *c.label);
        if (!c.scratch || !c.w || !c.wrong || !c.order || !c.x || !c.label)
            status = er_fail(err, ER_E_NOMEM, "measures: out of memory for networks of %lld parameters",
                             (long long)P);
    }
    if (status != ER_OK) {
        er_counter_clear(&c);
        return status;
    }
    struct er_random random = er_random_open(0, er_stream(ER_PURPOSE_PERTURBATION, ORDER));
    er_random_permutation(&random, n, c.order);
    *out = c;
    return ER_OK;
}

void er_counter_clear(struct er_counter *counter)
{
    er_plan_free(counter->whole);
    er_plan_free(counter->rest);
    er_free(counter->scratch);
    er_free(counter->w);
    er_free(counter->wrong);
    er_free(counter->order);
    er_free(counter->x);
    er_free(counter->label);
    *counter = (struct er_counter){0};
}

/* Pairs first .. first + n - 1 of all. */
struct wave {
    struct er_counter *counter;
    er_perturb *perturb; /* NULL: the weights are ctx */
    const void *ctx;
    int64_t draws, first;
};

/* Pair i is of draw i mod D; a draw goes through all blocks, from a place of its own on, by strides over the set. */
static int64_t block_of(const struct wave *wave, int64_t i)
{
    const int64_t B = wave->counter->blocks, stride = B > WAVE ? (B + WAVE - 1) / WAVE : 1;
    const int64_t draw = i % wave->draws, turn = (i / wave->draws + draw * B / wave->draws) % B;
    /* turn t of B in the order 0, stride, 2 stride, ..., 1, 1 + stride, ... */
    const int64_t full = B / stride, extra = B % stride, longer = extra * (full + 1);
    if (turn < longer) return turn / (full + 1) + turn % (full + 1) * stride;
    return extra + (turn - longer) / full + (turn - longer) % full * stride;
}

static int64_t examples_of(const struct er_counter *c, int64_t block)
{
    const int64_t left = c->set->n - block * c->rows;
    return left < c->rows ? left : c->rows;
}

static void work(void *ctx, int64_t task, int worker)
{
    const struct wave *wave = ctx;
    struct er_counter *c = wave->counter;
    const int64_t i = wave->first + task, block = block_of(wave, i), rows = examples_of(c, block);
    float *own = c->w + worker * er_net_parameters(c->net), *x = c->x + worker * c->rows * c->net->n_in;
    int32_t *label = c->label + worker * c->rows;
    const struct er_network network = {.w = wave->perturb ? own : wave->ctx};
    double loss;
    if (wave->perturb) wave->perturb(wave->ctx, i % wave->draws, own);
    er_batch_gather(c->set, NULL, 0, 0, c->order + block * c->rows, rows, x, label);
    er_plan_run(&(struct er_plan_call){.plan = rows < c->rows ? c->rest : c->whole,
                                       .network = &network,
                                       .x = x,
                                       .label = label,
                                       .scratch = c->scratch + (size_t)worker * c->scratch_bytes,
                                       .loss_sum = &loss,
                                       .errors = &c->wrong[task]});
}

/* The pairs from wave->first on, at most WAVE of them; adds to both counts. */
static void run_wave(struct wave *wave, int64_t pairs, int64_t *wrong, int64_t *counted)
{
    struct er_counter *c = wave->counter;
    const int64_t n = pairs - wave->first < WAVE ? pairs - wave->first : WAVE;
    if (c->pool)
        er_pool_run(c->pool, n, work, wave);
    else
        for (int64_t i = 0; i < n; i++) work(wave, i, 0);
    for (int64_t i = 0; i < n; i++) {
        *wrong += c->wrong[i];
        *counted += examples_of(c, block_of(wave, wave->first + i));
    }
    wave->first += n;
}

static struct er_deviation estimate(double wrong, double counted, double all, double error)
{
    const double p = (wrong + 1) / (counted + 2);
    return (struct er_deviation){wrong / counted - error,
                                 STANDARD_ERRORS * sqrt(p * (1 - p) / counted * (1 - counted / all))};
}

struct er_deviation er_counter_deviation(struct er_counter *counter, double error, int64_t draws,
                                         er_perturb *perturb, const void *ctx)
{
    struct wave wave = {.counter = counter, .perturb = perturb, .ctx = ctx, .draws = draws};
    const int64_t pairs = draws * counter->blocks, all = draws * counter->set->n;
    struct er_deviation is = {0, 1};
    int64_t wrong = 0, counted = 0;
    while (wave.first < pairs && !er_deviation_decided(is)) {
        run_wave(&wave, pairs, &wrong, &counted);
        is = estimate((double)wrong, (double)counted, (double)all, error);
    }
    counter->evaluated += counted;
    return is;
}

double er_counter_error(struct er_counter *counter, const float *w)
{
    struct wave wave = {.counter = counter, .ctx = w, .draws = 1};
    int64_t wrong = 0, counted = 0;
    while (wave.first < counter->blocks) run_wave(&wave, counter->blocks, &wrong, &counted);
    return (double)wrong / (double)counted;
}
