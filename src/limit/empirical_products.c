/* empirical_products.c - Theta^ column by column: v = J(x2)' e_o, then J(x1) v of all x1. A column of pairs is a task. */
#include "limit/empirical.h"

#include <ermine/memory.h>
#include <string.h>

struct work {
    struct er_empirical *e;
    struct er_finite_space *one, *many; /* of each worker: backward of one input, tangents of a block */
    double *v;                          /* P of each worker */
    double *df;                         /* O of each worker */
};

/* Column j, of all rows or of those up to j, for output o2 of x2. */
static void push(const struct work *w, int64_t j, int64_t o2, const double *v, struct er_finite_space *space)
{
    struct er_empirical *e = w->e;
    const struct er_finite *f = e->network->finite;
    const int64_t O = f->net->n_out, end = e->symmetric ? j + 1 : e->n1;
    for (int64_t i = 0; i < end; i += f->rows) {
        const int64_t rows = end - i < f->rows ? end - i : f->rows;
        if (er_task_count_stopped(&e->count)) return;
        er_finite_forward(e->network, v, rows, 1, e->x1 + i * f->net->n_in, space);
        const double *moved = er_finite_value(f, f->net->output, rows, 1, space) + rows * O;
        for (int64_t r = 0; r < rows; r++) {
            double *theta = e->theta + ((i + r) * e->n2 + j) * e->numbers;
            for (int64_t o1 = 0; o1 < O; o1++) {
                if (e->kept == ER_OUTPUTS_ALL)
                    theta[o1 * O + o2] = moved[r * O + o1];
                else if (o1 == o2)
                    theta[e->kept == ER_OUTPUTS_MEAN ? 0 : o1] += moved[r * O + o1];
            }
        }
        er_task_count_add(&e->count, 3 * (double)rows * er_net_flops(f->net));
    }
}

static void column_task(void *ctx, int64_t j, int worker)
{
    const struct work *w = ctx;
    struct er_empirical *e = w->e;
    const struct er_finite *f = e->network->finite;
    const int64_t O = f->net->n_out, P = f->net->n_parameters;
    double *v = w->v + worker * P, *df = w->df + worker * O;
    const double *x = (e->symmetric ? e->x1 : e->x2) + j * f->net->n_in;
    er_finite_forward(e->network, NULL, 1, 0, x, &w->one[worker]);
    for (int64_t o = 0; o < O; o++) {
        memset(v, 0, (size_t)P * sizeof *v);
        memset(df, 0, (size_t)O * sizeof *df);
        df[o] = 1;
        er_finite_backward(e->network, 1, df, v, NULL, &w->one[worker]);
        er_task_count_add(&e->count, 3 * er_net_flops(f->net));
        push(w, j, o, v, &w->many[worker]);
    }
}

enum er_status er_empirical_products(struct er_empirical *e, struct er_error *err)
{
    const struct er_finite *f = e->network->finite;
    const int threads = er_finite_threads(e->pool);
    struct work w = {
        .e = e,
        .one = er_alloc(threads, sizeof *w.one),
        .many = er_alloc(threads, sizeof *w.many),
        .v = er_alloc(threads * f->net->n_parameters, sizeof *w.v),
        .df = er_alloc(threads * f->net->n_out, sizeof *w.df),
    };
    enum er_status status = ER_OK;
    if (!w.one || !w.many || !w.v || !w.df)
        status = er_fail(err, ER_E_NOMEM, "empirical kernel: out of memory for products");
    for (int t = 0; t < threads && status == ER_OK; t++) {
        status = er_finite_space_new(f, 1, 0, true, &w.one[t], err);
        if (status == ER_OK)
            status = er_finite_space_new(f, e->n1 < f->rows ? e->n1 : f->rows, 1, false, &w.many[t], err);
    }
    if (status == ER_OK) er_finite_run(e->pool, e->n2, column_task, &w);
    for (int t = 0; t < threads; t++) {
        if (w.one) er_finite_space_free(&w.one[t]);
        if (w.many) er_finite_space_free(&w.many[t]);
    }
    er_free(w.one);
    er_free(w.many);
    er_free(w.v);
    er_free(w.df);
    return status;
}
