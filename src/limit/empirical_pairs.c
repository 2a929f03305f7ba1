/* empirical_pairs.c - Theta^ layer by layer: each layer's part of a tile of pairs, by its own formula for pairs or by rows of
 * the Jacobian, G1 G2'. Tiles are tasks; each pair is one task's, and layers follow each other: the same bits on any number
 * of threads.
 */
#include "limit/empirical.h"
#include "limit/product.h"

#include <ermine/memory.h>
#include <string.h>

enum { TILE = ER_EMPIRICAL_TILE };

struct work {
    struct er_empirical *e;
    const struct er_empirical_side *a, *b;
    const struct er_layer *layer;
    const struct er_finite_ops *ops;
    int64_t t;
    bool structured;
    const struct er_empirical_side *side; /* whose rows are being made */
    double *rows[2];                      /* G of a and b: n x O x n_parameters */
    double *scratch;                      /* of each worker */
    int64_t scratch_doubles;
};

static int64_t tiles(int64_t n)
{
    return (n + TILE - 1) / TILE;
}

bool er_empirical_structured(const struct er_finite *f, int64_t t, enum er_empirical_algorithm algorithm,
                             enum er_outputs_kept kept, double n1, double n2)
{
    const int64_t node = f->trained[t];
    const struct er_layer *l = &f->net->node[node].layer;
    if (algorithm != ER_EMPIRICAL_STRUCTURED || !f->ops[node]->pairs) return false;
    const double O = (double)f->net->n_out, P = (double)l->n_parameters;
    const double rows = (n1 + n2) * O * (l->flops > P ? l->flops : P);
    const double products = 2 * n1 * n2 * P * (kept == ER_OUTPUTS_ALL ? O * O : O);
    return n1 * n2 * f->ops[node]->pair_flops(l, f->net->n_out, kept) < rows + products;
}

/* Rows of the Jacobian of TILE inputs. */
static void rows_task(void *ctx, int64_t task, int worker)
{
    const struct work *w = ctx;
    const struct er_finite_network *n = w->e->network;
    const int64_t node = n->finite->trained[w->t], O = n->finite->net->n_out, P = w->layer->n_parameters;
    const int64_t at = task * TILE, rows = er_least(TILE, w->side->n - at);
    if (er_task_count_stopped(&w->e->count)) return;
    for (int64_t o = 0; o < O; o++) {
        struct er_finite_call call = {
            .rows = rows,
            .w = n->w + n->finite->net->bound[node].at,
            .statistics = n->statistics ? n->statistics + n->finite->net->bound[node].statistics_at : NULL,
            .x = w->side->x[w->t] + at * w->layer->n_in,
            .dy = w->side->d[w->t] + (o * w->side->n + at) * w->layer->n_out,
            .g = w->rows[w->side != w->a] + (at * O + o) * P,
            .stride = O * P,
            .scratch = w->scratch + worker * w->scratch_doubles,
        };
        for (int64_t r = 0; r < rows; r++) memset(call.g + r * O * P, 0, (size_t)P * sizeof *call.g);
        w->ops->gradient(w->layer, &call);
    }
    er_task_count_add(&w->e->count, (double)(rows * O) * w->layer->flops);
}

/* theta += G1 G2' of a tile: of MEAN one product over outputs and parameters. */
static void multiply_rows(const struct work *w, const struct er_finite_pairs *p, const double *g1,
                          const double *g2)
{
    const int64_t O = p->outputs, P = w->layer->n_parameters, R = p->rows, C = p->columns;
    const int64_t kept = er_finite_kept(O, p->kept);
    if (p->kept == ER_OUTPUTS_MEAN) {
        er_finite_gemm(false, true, R, C, O * P, 1, g1, O * P, g2, O * P, 1, p->theta, C);
        return;
    }
    for (int64_t k = 0; k < kept; k++) {
        const int64_t o1 = p->kept == ER_OUTPUTS_ALL ? k / O : k, o2 = p->kept == ER_OUTPUTS_ALL ? k % O : k;
        er_finite_gemm(false, true, R, C, P, 1, g1 + o1 * P, O * P, g2 + o2 * P, O * P, 0, p->scratch, C);
        for (int64_t i = 0; i < R * C; i++) p->theta[i * kept + k] += p->scratch[i];
    }
}

static void tile_task(void *ctx, int64_t task, int worker)
{
    const struct work *w = ctx;
    struct er_empirical *e = w->e;
    const int64_t O = e->network->finite->net->n_out, numbers = e->numbers, P = w->layer->n_parameters;
    const int64_t i = task / tiles(w->b->n) * TILE, j = task % tiles(w->b->n) * TILE;
    if ((w->a == w->b && j < i) || er_task_count_stopped(&e->count)) return;
    double *theta = w->scratch + worker * w->scratch_doubles;
    const struct er_finite_pairs p = {
        .rows = er_least(TILE, w->a->n - i),
        .columns = er_least(TILE, w->b->n - j),
        .x1 = w->a->x[w->t] + i * w->layer->n_in,
        .x2 = w->b->x[w->t] + j * w->layer->n_in,
        .d1 = w->a->d[w->t] + i * w->layer->n_out,
        .d2 = w->b->d[w->t] + j * w->layer->n_out,
        .stride1 = w->a->n * w->layer->n_out,
        .stride2 = w->b->n * w->layer->n_out,
        .outputs = O,
        .kept = e->kept,
        .theta = theta,
        .scratch = theta + TILE * TILE * numbers,
    };
    memset(theta, 0, (size_t)(p.rows * p.columns * numbers) * sizeof *theta);
    if (w->structured)
        w->ops->pairs(w->layer, &p);
    else
        multiply_rows(w, &p, w->rows[0] + i * O * P, w->rows[1] + j * O * P);
    for (int64_t r = 0; r < p.rows; r++) {
        double *to = e->theta + ((w->a->first + i + r) * e->n2 + w->b->first + j) * numbers;
        for (int64_t c = 0; c < p.columns * numbers; c++) to[c] += theta[r * p.columns * numbers + c];
    }
    const double pairs = (double)(p.rows * p.columns);
    er_task_count_add(&e->count,
                      pairs * (w->structured ? w->ops->pair_flops(w->layer, O, e->kept)
                                             : 2 * (double)P * (double)(numbers < O ? O : numbers)));
}

static int64_t scratch_of(const struct work *w, int64_t numbers)
{
    int64_t own = w->ops->scratch ? w->ops->scratch(w->layer, TILE, 0) : 0, pairs = TILE * TILE;
    if (w->structured) pairs = w->ops->pair_scratch(w->layer, TILE, TILE);
    pairs += TILE * TILE * numbers;
    return own > pairs ? own : pairs;
}

static enum er_status layer_pairs(struct work *w, struct er_error *err)
{
    const int64_t row = w->e->network->finite->net->n_out * w->layer->n_parameters;
    const bool one = w->a == w->b;
    enum er_status status = ER_OK;
    w->scratch_doubles = scratch_of(w, w->e->numbers);
    w->scratch = er_alloc(er_finite_threads(w->e->pool) * w->scratch_doubles, sizeof *w->scratch);
    if (!w->structured) {
        w->rows[0] = er_alloc(w->a->n * row, sizeof(double));
        w->rows[1] = one ? w->rows[0] : er_alloc(w->b->n * row, sizeof(double));
    }
    if (!w->scratch || (!w->structured && (!w->rows[0] || !w->rows[1])))
        status = er_fail(err, ER_E_NOMEM, "empirical kernel: out of memory for layer %lld, %s",
                         (long long)w->layer->index + 1, w->layer->ops->name);
    for (int s = 0; status == ER_OK && !w->structured && s < (one ? 1 : 2); s++) {
        w->side = s ? w->b : w->a;
        er_finite_run(w->e->pool, tiles(w->side->n), rows_task, w);
    }
    if (status == ER_OK) er_finite_run(w->e->pool, tiles(w->a->n) * tiles(w->b->n), tile_task, w);
    er_free(w->scratch);
    er_free(w->rows[0]);
    if (!one) er_free(w->rows[1]);
    return status;
}

enum er_status er_empirical_pairs(struct er_empirical *e, const struct er_empirical_side *a,
                                  const struct er_empirical_side *b, struct er_error *err)
{
    const struct er_finite *f = e->network->finite;
    enum er_status status = ER_OK;
    for (int64_t t = 0; t < f->n_trained && status == ER_OK; t++) {
        struct work w = {.e = e,
                         .a = a,
                         .b = b,
                         .t = t,
                         .layer = &f->net->node[f->trained[t]].layer,
                         .ops = f->ops[f->trained[t]],
                         .structured = er_empirical_structured(f, t, e->plan.algorithm, e->kept,
                                                               (double)e->n1, (double)e->n2)};
        status = layer_pairs(&w, err);
    }
    return status;
}
