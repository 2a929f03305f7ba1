/* taylor.c - outputs, their Taylor expansions in the parameters, and products with the Jacobian's transpose: blocks of rows
 * as tasks of a pool; sums over blocks in their order.
 */
#include "limit/finite.h"
#include "limit/product.h"

#include <ermine/memory.h>
#include <string.h>

struct sweep {
    const struct er_finite_network *network;
    const double *d, *x, *v;
    int64_t n, first; /* rows; the first block of a wave */
    int order;
    double *f;       /* (order + 1) x n x O, or NULL */
    double *partial; /* of each block of a wave P, or NULL */
    struct er_finite_space *space;
};

static void block_task(void *ctx, int64_t task, int worker)
{
    const struct sweep *s = ctx;
    const struct er_finite *f = s->network->finite;
    struct er_finite_space *space = &s->space[worker];
    const int64_t O = f->net->n_out, D = f->net->n_in, P = f->net->n_parameters;
    const int64_t first = (s->first + task) * f->rows, rows = er_least(f->rows, s->n - first);
    er_finite_forward(s->network, s->d, rows, s->order, s->x + first * D, space);
    const double *y = er_finite_value(f, f->net->output, rows, s->order, space);
    for (int k = 0; s->f && k <= s->order; k++)
        memcpy(s->f + (k * s->n + first) * O, y + k * rows * O, (size_t)(rows * O) * sizeof *y);
    if (!s->partial) return;
    memset(s->partial + task * P, 0, (size_t)P * sizeof *y);
    er_finite_backward(s->network, rows, s->v + first * O, s->partial + task * P, NULL, space);
}

static void close_spaces(struct sweep *s, int threads)
{
    for (int t = 0; s->space && t < threads; t++) er_finite_space_free(&s->space[t]);
    er_free(s->space);
}

static enum er_status open_spaces(struct sweep *s, int threads, struct er_error *err)
{
    const struct er_finite *f = s->network->finite;
    enum er_status status = ER_OK;
    s->space = er_alloc(threads, sizeof *s->space);
    if (!s->space) return er_fail(err, ER_E_NOMEM, "a net in float64: out of memory");
    for (int t = 0; t < threads && status == ER_OK; t++)
        status = er_finite_space_new(f, er_least(f->rows, s->n), s->order, s->partial, &s->space[t], err);
    return status;
}

static int64_t blocks_of(const struct sweep *s)
{
    const int64_t rows = s->network->finite->rows;
    return (s->n + rows - 1) / rows;
}

static enum er_status run_sweep(struct sweep *s, struct er_pool *pool, struct er_error *err)
{
    const int threads = er_finite_threads(pool);
    enum er_status status = open_spaces(s, threads, err);
    if (status == ER_OK) er_finite_run(pool, blocks_of(s), block_task, s);
    close_spaces(s, threads);
    return status;
}

enum er_status er_finite_outputs(const struct er_finite_network *network, int64_t n, const double *x,
                                 double *f, struct er_pool *pool, struct er_error *err)
{
    return er_finite_taylor(network, NULL, 0, n, x, f, pool, err);
}

enum er_status er_finite_taylor(const struct er_finite_network *network, const double *d, int degree,
                                int64_t n, const double *x, double *f, struct er_pool *pool,
                                struct er_error *err)
{
    const int64_t outputs = n * network->finite->net->n_out;
    struct sweep s = {.network = network, .d = d, .x = x, .n = n, .order = degree, .f = f};
    if (degree < 0 || degree > ER_TAYLOR_DEGREE)
        return er_fail(err, ER_E_USAGE, "a Taylor expansion of degree %d: it must be 0 to %d", degree,
                       (int)ER_TAYLOR_DEGREE);
    enum er_status status = run_sweep(&s, pool, err);
    if (status != ER_OK) return status;
    for (int64_t i = outputs; i < (degree + 1) * outputs; i++) f[i] += f[i - outputs];
    return er_finite_check("outputs", (degree + 1) * outputs, f, err);
}

/* Adds the partial sums of a wave, block after block. */
static void add_partials(const struct sweep *s, int64_t n, double *g)
{
    const int64_t P = s->network->finite->net->n_parameters;
    for (int64_t b = 0; b < n; b++)
        for (int64_t i = 0; i < P; i++) g[i] += s->partial[b * P + i];
}

enum er_status er_finite_vjp(const struct er_finite_network *network, int64_t n, const double *x,
                             const double *v, double *g, struct er_pool *pool, struct er_error *err)
{
    const int64_t P = network->finite->net->n_parameters;
    const int threads = er_finite_threads(pool);
    struct sweep s = {.network = network, .x = x, .v = v, .n = n};
    s.partial = er_alloc(threads * P, sizeof *s.partial);
    if (!s.partial)
        return er_fail(err, ER_E_NOMEM, "a net in float64: out of memory for gradients of %lld parameters",
                       (long long)P);
    enum er_status status = open_spaces(&s, threads, err);
    if (status == ER_OK) {
        memset(g, 0, (size_t)P * sizeof *g);
        for (int64_t blocks = blocks_of(&s); s.first < blocks; s.first += threads) {
            const int64_t wave = er_least(threads, blocks - s.first);
            er_finite_run(pool, wave, block_task, &s);
            add_partials(&s, wave, g);
        }
    }
    close_spaces(&s, threads);
    er_free(s.partial);
    return status == ER_OK ? er_finite_check("a gradient", P, g, err) : status;
}

/* J(x1) v is the term of degree 1 alone. */
static enum er_status push(const struct er_finite_network *network, const double *d, int64_t n,
                           const double *x, double *out, struct er_pool *pool, struct er_error *err)
{
    const int64_t outputs = n * network->finite->net->n_out;
    double *f = er_alloc(2 * outputs, sizeof *f);
    if (!f) return er_fail(err, ER_E_NOMEM, "a kernel product: out of memory");
    struct sweep s = {.network = network, .d = d, .x = x, .n = n, .order = 1, .f = f};
    enum er_status status = run_sweep(&s, pool, err);
    if (status == ER_OK) status = er_finite_check("a kernel product", outputs, f + outputs, err);
    if (status == ER_OK) memcpy(out, f + outputs, (size_t)outputs * sizeof *out);
    er_free(f);
    return status;
}

enum er_status er_empirical_product(const struct er_finite_network *network, int64_t n1, const double *x1,
                                    int64_t n2, const double *x2, const double *v, double *out,
                                    struct er_pool *pool, struct er_error *err)
{
    double *g = er_alloc(network->finite->net->n_parameters, sizeof *g);
    if (!g) return er_fail(err, ER_E_NOMEM, "a kernel product: out of memory");
    enum er_status status = x2 ? er_finite_vjp(network, n2, x2, v, g, pool, err)
                               : er_finite_vjp(network, n1, x1, v, g, pool, err);
    if (status == ER_OK) status = push(network, g, n1, x1, out, pool, err);
    er_free(g);
    return status;
}

enum er_status er_finite_initialise(const struct er_finite *finite, uint64_t seed, double *w,
                                    double *statistics, struct er_error *err)
{
    const int64_t P = finite->net->n_parameters, S = finite->net->n_statistics;
    float *drawn = er_alloc(P + S, sizeof *drawn);
    if (!drawn)
        return er_fail(err, ER_E_NOMEM, "a net in float64: out of memory for %lld weights", (long long)P);
    er_net_initialise(finite->net, seed, drawn, S > 0 ? drawn + P : NULL);
    for (int64_t i = 0; i < P; i++) w[i] = (double)drawn[i];
    for (int64_t i = 0; statistics && i < S; i++) statistics[i] = (double)drawn[P + i];
    er_free(drawn);
    return ER_OK;
}
