/* derivatives.c - blocks chosen, plans made, memory taken. */
#include "derivatives/derivatives.h"

#include <ermine/memory.h>
#include <string.h>

static const int64_t MOST_ROWS = (int64_t)1 << 24;
static const int64_t EXAMPLE_FLOATS = (int64_t)1 << 21;
static const int64_t LEAST_CHUNK = 128, SOME_CHUNKS = 8;

/* Which depends on the number of examples, not on that of threads, for bits do. */
static int64_t choose_chunk(const struct er_net *net, int64_t n)
{
    int64_t chunk = er_net_chunk(net);
    while (chunk > LEAST_CHUNK && chunk * SOME_CHUNKS > n) chunk /= 2;
    return chunk;
}

static enum er_status check_option(const char *name, int64_t value, struct er_error *err)
{
    if (value >= 0 && value <= MOST_ROWS) return ER_OK;
    return er_fail(err, ER_E_USAGE, "derivatives: %s is %lld, outside of 0 to 2^24", name, (long long)value);
}

static enum er_status plan_blocks(const struct er_net *net, int64_t n, int64_t rows, struct er_blocks *blocks,
                                  struct er_error *err)
{
    blocks->rows = rows < n ? rows : n;
    blocks->n = (n + blocks->rows - 1) / blocks->rows;
    enum er_status status = er_plan_new(net, blocks->rows, &blocks->whole, err);
    if (status == ER_OK && n % blocks->rows) status = er_plan_new(net, n % blocks->rows, &blocks->rest, err);
    return status;
}

/* Plans, and the sizes of all that is to be allocated. */
static enum er_status lay_out(struct er_derivatives *d, bool training,
                              const struct er_derivatives_options *options, struct er_error *err)
{
    const struct er_derivatives_options o = options ? *options : (struct er_derivatives_options){0};
    const int64_t line = ER_ALIGN / sizeof(float);
    d->P = er_net_parameters(d->net);
    if (d->n < 1) return er_fail(err, ER_E_USAGE, "derivatives: a data set without examples");
    if (d->P < 1) return er_fail(err, ER_E_USAGE, "derivatives: a net without parameters");
    enum er_status status = check_option("chunk", o.chunk, err);
    if (status == ER_OK) status = check_option("example_rows", o.example_rows, err);
    if (status != ER_OK) return status;

    const bool mixed = training && er_net_mixes_rows(d->net);
    const int64_t chunk = mixed ? d->n : o.chunk ? o.chunk : choose_chunk(d->net, d->n);
    int64_t rows = o.example_rows ? o.example_rows : EXAMPLE_FLOATS / d->P;
    if (mixed || rows < 1) rows = 1; /* nobody can ask for them in the mixed case */
    if (!o.example_rows && rows > chunk) rows = chunk;
    status = plan_blocks(d->net, d->n, chunk, &d->chunks, err);
    if (status == ER_OK) status = plan_blocks(d->net, d->n, rows, &d->examples, err);
    if (status != ER_OK) return status;

    const struct er_plan *plan[] = {d->chunks.whole, d->chunks.rest, d->examples.whole, d->examples.rest};
    for (int i = 0; i < 4; i++) {
        const size_t bytes = plan[i] ? er_plan_call_bytes(plan[i], 1, ER_PLAN_TANGENTS) : 0;
        if (bytes > d->scratch_bytes) d->scratch_bytes = bytes;
    }
    d->scratch_bytes = (d->scratch_bytes + ER_ALIGN - 1) / ER_ALIGN * ER_ALIGN;
    d->partial_floats = (d->examples.rows * d->P + line - 1) / line * line;
    return ER_OK;
}

static size_t plan_bytes(const struct er_plan *plan)
{
    return plan ? sizeof *plan + (size_t)plan->net->n * sizeof *plan->node : 0;
}

static void free_plans(struct er_derivatives *d)
{
    er_plan_free(d->chunks.whole);
    er_plan_free(d->chunks.rest);
    er_plan_free(d->examples.whole);
    er_plan_free(d->examples.rest);
}

enum er_status er_derivatives_bytes(const struct er_net *net, bool training, int64_t examples, int threads,
                                    const struct er_derivatives_options *options, size_t *bytes,
                                    struct er_error *err)
{
    struct er_derivatives d = {.net = net, .n = examples};
    if (threads < 1 || threads > ER_POOL_MAX_THREADS)
        return er_fail(err, ER_E_USAGE, "derivatives: %d threads, outside of 1 to %d", threads,
                       ER_POOL_MAX_THREADS);
    enum er_status status = lay_out(&d, training, options, err);
    if (status == ER_OK)
        *bytes = (size_t)threads * (d.scratch_bytes + (size_t)d.partial_floats * sizeof(float)) +
                 (size_t)(d.P + d.n) * sizeof(double) +
                 (size_t)d.chunks.n * (sizeof *d.block_loss + sizeof *d.block_wrong) +
                 plan_bytes(d.chunks.whole) + plan_bytes(d.chunks.rest) + plan_bytes(d.examples.whole) +
                 plan_bytes(d.examples.rest) + sizeof d;
    free_plans(&d);
    return status;
}

enum er_status er_derivatives_new(const struct er_net *net, const struct er_network *network,
                                  const struct er_dataset *set, struct er_pool *pool,
                                  const struct er_derivatives_options *options, struct er_derivatives **out,
                                  struct er_error *err)
{
    struct er_error why = {0};
    enum er_status status = er_net_check_data(net, set, &why);
    if (status != ER_OK) return er_fail(err, status, "derivatives: %s", why.msg);
    status = ER_E_NOMEM;
    struct er_derivatives *d = er_alloc(1, sizeof *d);
    if (!d) goto fail;
    *d = (struct er_derivatives){.net = net, .network = network, .set = set, .pool = pool, .n = set->n};
    d->threads = pool ? er_pool_threads(pool) : 1;
    status = lay_out(d, network->training, options, err);
    if (status != ER_OK) goto fail;
    status = ER_E_NOMEM;
    d->scratch = er_alloc(d->threads, d->scratch_bytes);
    d->partial = er_alloc(d->threads, (size_t)d->partial_floats * sizeof *d->partial);
    d->sum = er_alloc(d->P, sizeof *d->sum);
    d->row = er_alloc(d->n, sizeof *d->row);
    d->block_loss = er_alloc(d->chunks.n, sizeof *d->block_loss);
    d->block_wrong = er_alloc(d->chunks.n, sizeof *d->block_wrong);
    if (!d->scratch || !d->partial || !d->sum || !d->row || !d->block_loss || !d->block_wrong) goto fail;
    *out = d;
    return ER_OK;
fail:
    if (status == ER_E_NOMEM) er_fail(err, status, "derivatives: out of memory");
    er_derivatives_free(d);
    return status;
}

void er_derivatives_free(struct er_derivatives *d)
{
    if (!d) return;
    free_plans(d);
    er_free(d->scratch);
    er_free(d->partial);
    er_free(d->sum);
    er_free(d->row);
    er_free(d->block_loss);
    er_free(d->block_wrong);
    er_free(d);
}
