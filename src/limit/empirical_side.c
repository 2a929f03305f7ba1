/* empirical_side.c - passes over a piece of the inputs: what each layer sees, and what comes back to it for each output. */
#include "limit/empirical.h"

#include <ermine/memory.h>
#include <string.h>

int64_t er_empirical_side_doubles(const struct er_finite *f, bool theta)
{
    int64_t n = f->net->n_out;
    for (int64_t t = 0; theta && t < f->n_trained; t++) {
        const struct er_layer *l = &f->net->node[f->trained[t]].layer;
        n += l->n_in + f->net->n_out * l->n_out;
    }
    return n;
}

enum er_status er_empirical_side_new(const struct er_finite *f, int64_t n, bool theta,
                                     struct er_empirical_side *out, struct er_error *err)
{
    *out = (struct er_empirical_side){
        .block = er_alloc(n * er_empirical_side_doubles(f, theta), sizeof *out->block),
        .x = er_alloc(f->n_trained, sizeof *out->x),
        .d = er_alloc(f->n_trained, sizeof *out->d),
    };
    if (out->block && out->x && out->d) return ER_OK;
    er_empirical_side_free(out);
    return er_fail(err, ER_E_NOMEM,
                   "empirical kernel: out of memory for what %lld inputs leave in the layers", (long long)n);
}

void er_empirical_side_free(struct er_empirical_side *side)
{
    er_free(side->block);
    er_free(side->x);
    er_free(side->d);
    *side = (struct er_empirical_side){0};
}

struct fill {
    struct er_empirical *e;
    struct er_empirical_side *side;
    const double *x;
    struct er_finite_space *space; /* of each worker */
    double *df;                    /* rows x O of each worker */
    double **delta;                /* of each worker, of each node */
};

static void keep_inputs(const struct er_finite *f, const struct er_empirical_side *side, int64_t at,
                        int64_t rows, const struct er_finite_space *space)
{
    for (int64_t t = 0; t < f->n_trained; t++) {
        const struct er_node *node = &f->net->node[f->trained[t]];
        const double *x = er_finite_value(f, node->from[0], rows, 0, space);
        memcpy(side->x[t] + at * node->layer.n_in, x, (size_t)(rows * node->layer.n_in) * sizeof *x);
    }
}

static void fill_task(void *ctx, int64_t task, int worker)
{
    const struct fill *w = ctx;
    struct er_empirical *e = w->e;
    const struct er_finite *f = e->network->finite;
    const int64_t O = f->net->n_out, at = task * f->rows;
    const int64_t rows = w->side->n - at < f->rows ? w->side->n - at : f->rows;
    double *df = w->df + worker * f->rows * O, **delta = w->delta + worker * f->net->n;
    struct er_finite_space *space = &w->space[worker];
    if (er_task_count_stopped(&e->count)) return;
    er_finite_forward(e->network, NULL, rows, 0, w->x + (w->side->first + at) * f->net->n_in, space);
    const double *y = er_finite_value(f, f->net->output, rows, 0, space);
    memcpy(w->side->f + at * O, y, (size_t)(rows * O) * sizeof *y);
    const double flops = (double)rows * er_net_flops(f->net);
    er_task_count_add(&e->count, flops);
    if (!e->theta) return;
    keep_inputs(f, w->side, at, rows, space);
    for (int64_t o = 0; o < O; o++) {
        memset(df, 0, (size_t)(rows * O) * sizeof *df);
        for (int64_t r = 0; r < rows; r++) df[r * O + o] = 1;
        for (int64_t t = 0; t < f->n_trained; t++) {
            const int64_t n_out = f->net->node[f->trained[t]].layer.n_out;
            delta[f->trained[t]] = w->side->d[t] + (o * w->side->n + at) * n_out;
        }
        er_finite_backward(e->network, rows, df, NULL, delta, space);
        er_task_count_add(&e->count, flops);
    }
}

static void place(const struct er_finite *f, bool theta, struct er_empirical_side *side)
{
    double *at = side->block + side->n * f->net->n_out;
    side->f = side->block;
    for (int64_t t = 0; theta && t < f->n_trained; t++) {
        const struct er_layer *l = &f->net->node[f->trained[t]].layer;
        side->x[t] = at;
        side->d[t] = at + side->n * l->n_in;
        at = side->d[t] + side->n * f->net->n_out * l->n_out;
    }
}

enum er_status er_empirical_side_fill(struct er_empirical *e, struct er_empirical_side *side, int64_t first,
                                      int64_t n, const double *x, struct er_error *err)
{
    const struct er_finite *f = e->network->finite;
    const int threads = er_finite_threads(e->pool);
    const int64_t rows = n < f->rows ? n : f->rows;
    enum er_status status = ER_OK;
    side->first = first;
    side->n = n;
    place(f, e->theta, side);
    struct fill w = {.e = e,
                     .side = side,
                     .x = x,
                     .space = er_alloc(threads, sizeof *w.space),
                     .df = er_alloc(threads * f->rows * f->net->n_out, sizeof *w.df),
                     .delta = er_alloc(threads * f->net->n, sizeof *w.delta)};
    if (!w.space || !w.df || !w.delta) status = er_fail(err, ER_E_NOMEM, "empirical kernel: out of memory");
    for (int t = 0; t < threads && status == ER_OK; t++)
        status = er_finite_space_new(f, rows, 0, e->theta, &w.space[t], err);
    if (status == ER_OK) er_finite_run(e->pool, (n + f->rows - 1) / f->rows, fill_task, &w);
    for (int t = 0; w.space && t < threads; t++) er_finite_space_free(&w.space[t]);
    er_free(w.space);
    er_free(w.df);
    er_free(w.delta);
    return status;
}
