/* empirical.c - empirical kernels of one network: pieces of the inputs that fit in memory, all pairs of pieces. */
#include "limit/empirical.h"
#include "limit/product.h"

#include <string.h>

/* Inputs of a piece: all where both sides fit in memory, else whole tiles, or single inputs. */
static int64_t piece_of(const struct er_empirical *e, const struct er_empirical_options *options)
{
    const struct er_finite *f = e->network->finite;
    const double room = options->memory > 0 ? options->memory : 0x1p30;
    double row = (double)er_empirical_side_doubles(f, e->theta);
    for (int64_t t = 0; e->theta && t < f->n_trained; t++) {
        const double own = (double)(f->net->n_out * f->net->node[f->trained[t]].layer.n_parameters);
        const bool formed =
            !er_empirical_structured(f, t, e->plan.algorithm, e->kept, (double)e->n1, (double)e->n2);
        if (formed && own + (double)er_empirical_side_doubles(f, true) > row)
            row = own + (double)er_empirical_side_doubles(f, true);
    }
    const double fits = room / (sizeof(double) * row);
    const int64_t most = e->symmetric ? e->n1 : e->n1 > e->n2 ? e->n1 : e->n2;
    if (fits >= (double)(e->symmetric ? e->n1 : e->n1 + e->n2)) return most;
    const int64_t piece = (int64_t)(fits / 2);
    return piece < 1 ? 1 : piece < ER_EMPIRICAL_TILE ? piece : piece / ER_EMPIRICAL_TILE * ER_EMPIRICAL_TILE;
}

/* What two pieces make: their part of k, and of theta. */
static enum er_status multiply(struct er_empirical *e, const struct er_empirical_side *a,
                               const struct er_empirical_side *b, struct er_error *err)
{
    const int64_t O = e->network->finite->net->n_out;
    if (e->k)
        er_finite_gemm(false, true, a->n, b->n, O, 1 / (double)O, a->f, O, b->f, O, 0,
                       e->k + a->first * e->n2 + b->first, e->n2);
    return e->theta ? er_empirical_pairs(e, a, b, err) : ER_OK;
}

/* Piece a with all pieces of the other side, from `from` on. */
static enum er_status run_against(struct er_empirical *e, const struct er_empirical_side *a,
                                  struct er_empirical_side *b, int64_t from, struct er_error *err)
{
    const double *x = e->symmetric ? e->x1 : e->x2;
    enum er_status status = ER_OK;
    for (int64_t j = from; j < e->n2 && status == ER_OK; j += e->piece) {
        const int64_t n = er_least(e->piece, e->n2 - j);
        const bool kept = b->n == n && b->first == j && e->n2 <= e->piece; /* the only piece of x2 */
        if (!kept) status = er_empirical_side_fill(e, b, j, n, x, err);
        if (status == ER_OK) status = multiply(e, a, b, err);
    }
    return status;
}

static enum er_status run_pieces(struct er_empirical *e, struct er_error *err)
{
    const struct er_finite *f = e->network->finite;
    struct er_empirical_side a = {0}, b = {0};
    const bool two = !e->symmetric || e->piece < e->n1;
    enum er_status status = er_empirical_side_new(f, er_least(e->piece, e->n1), e->theta, &a, err);
    if (status == ER_OK && two)
        status = er_empirical_side_new(f, er_least(e->piece, e->n2), e->theta, &b, err);
    for (int64_t i = 0; i < e->n1 && status == ER_OK; i += e->piece) {
        status = er_empirical_side_fill(e, &a, i, er_least(e->piece, e->n1 - i), e->x1, err);
        if (status == ER_OK && e->symmetric) status = multiply(e, &a, &a, err);
        if (status == ER_OK) status = run_against(e, &a, &b, e->symmetric ? i + e->piece : 0, err);
    }
    er_empirical_side_free(&a);
    er_empirical_side_free(&b);
    return status;
}

/* The lower triangle, from the upper one: Theta^[x2, x1] is the transpose. On the diagonal the two halves are made one. */
static void mirror(const struct er_empirical *e)
{
    const int64_t n = e->n1, O = e->kept == ER_OUTPUTS_ALL ? e->network->finite->net->n_out : 1;
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j <= i; j++) {
            const double *from = e->theta ? e->theta + (j * n + i) * e->numbers : NULL;
            double *to = e->theta ? e->theta + (i * n + j) * e->numbers : NULL;
            if (e->k) e->k[i * n + j] = e->k[j * n + i];
            for (int64_t p = 0; from && p < e->numbers; p++) {
                const int64_t o1 = p / O, o2 = p % O;
                if (e->kept != ER_OUTPUTS_ALL)
                    to[p] = from[p];
                else if (j < i || o2 < o1)
                    to[p] = from[o2 * O + o1];
            }
        }
}

static enum er_status finish(struct er_empirical *e, struct er_error *err)
{
    const int64_t O = e->network->finite->net->n_out, n = e->n1 * e->n2;
    for (int64_t i = 0; e->theta && e->kept == ER_OUTPUTS_MEAN && i < n; i++) e->theta[i] /= (double)O;
    if (e->symmetric) mirror(e);
    enum er_status status = e->k ? er_finite_check("the empirical NNGP", n, e->k, err) : ER_OK;
    if (status == ER_OK && e->theta)
        status = er_finite_check("the empirical NTK", n * e->numbers, e->theta, err);
    return status;
}

enum er_status er_empirical_kernel(const struct er_finite_network *network, int64_t n1, const double *x1,
                                   int64_t n2, const double *x2, const struct er_empirical_options *options,
                                   double *k, double *theta, struct er_empirical_plan *plan,
                                   struct er_pool *pool, const struct er_progress *progress,
                                   struct er_error *err)
{
    struct er_empirical e = {
        .network = network,
        .plan = er_empirical_plan(network->finite, n1, x2 ? n2 : 0, options, er_finite_threads(pool)),
        .kept = options->outputs,
        .symmetric = !x2,
        .n1 = n1,
        .n2 = x2 ? n2 : n1,
        .numbers = er_finite_kept(network->finite->net->n_out, options->outputs),
        .x1 = x1,
        .x2 = x2,
        .k = k,
        .theta = theta,
        .pool = pool,
    };
    enum er_status status = ER_OK;
    if (plan) *plan = e.plan;
    er_task_count_open(&e.count, progress, theta ? e.plan.flops[e.plan.algorithm] : 0);
    if (theta) memset(theta, 0, (size_t)(e.n1 * e.n2 * e.numbers) * sizeof *theta);
    if (theta && e.plan.algorithm == ER_EMPIRICAL_PRODUCTS) {
        status = er_empirical_products(&e, err);
        e.theta = NULL; /* what is left is k */
    }
    e.piece = piece_of(&e, options);
    if (status == ER_OK && (e.k || e.theta)) status = run_pieces(&e, err);
    e.theta = theta;
    const enum er_status ended =
        er_task_count_close(&e.count, "empirical kernel", status == ER_OK ? err : NULL);
    if (status == ER_OK) status = ended;
    return status == ER_OK ? finish(&e, err) : status;
}
