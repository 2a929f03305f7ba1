/* one_against_one.c - pair by pair: the rows of both classes, a machine, its votes. */
#include "experiments/one_against_one.h"

#include "math/support_vectors.h"

#include <ermine/memory.h>
#include <inttypes.h>

enum { MOST_STEPS = 1000000 };

static const double TOLERANCE = 1e-3;

struct votes {
    const struct er_labelled_kernel *kernel;
    const struct er_rows *rows;
    int64_t *pair;  /* rows of the two classes */
    double *k, *y;  /* their kernel and sides */
    int32_t *count; /* n_predict x classes */
    int64_t unfinished;
};

double er_one_against_one_bytes(int64_t n, int64_t classes)
{
    const double rows = (double)n;
    return rows * rows * sizeof(double) + rows * (7 * sizeof(double) + (double)classes * sizeof(int32_t));
}

static int64_t take_pair(struct votes *v, int32_t a, int32_t b)
{
    const struct er_labelled_kernel *kernel = v->kernel;
    int64_t n = 0;
    bool both[2] = {false, false};
    for (int64_t i = 0; i < v->rows->n_learn; i++) {
        const int64_t row = v->rows->learn[i];
        if (kernel->label[row] != a && kernel->label[row] != b) continue;
        both[kernel->label[row] == b] = true;
        v->y[n] = kernel->label[row] == a ? 1 : -1;
        v->pair[n++] = row;
    }
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < n; j++) v->k[i * n + j] = kernel->k[v->pair[i] * kernel->n + v->pair[j]];
    return both[0] && both[1] ? n : 0;
}

static enum er_status vote(struct votes *v, int32_t a, int32_t b, double C,
                           const struct er_progress *progress, struct er_error *err)
{
    struct er_support_vectors machine;
    const int64_t n = take_pair(v, a, b);
    if (n == 0) return ER_OK;
    enum er_status status =
        er_support_vectors_fit(n, v->k, v->y, C, TOLERANCE, MOST_STEPS, progress, &machine, err);
    if (status != ER_OK) return status;
    v->unfinished += !machine.converged;
    for (int64_t t = 0; t < v->rows->n_predict; t++) {
        const double *row = v->kernel->k + v->rows->predict[t] * v->kernel->n;
        double f = machine.bias;
        for (int64_t i = 0; i < n; i++) f += machine.weight[i] * row[v->pair[i]];
        v->count[t * v->kernel->classes + (f > 0 ? a : b)]++;
    }
    er_support_vectors_clear(&machine);
    return ER_OK;
}

static int64_t count_wrong(const struct votes *v)
{
    const int64_t classes = v->kernel->classes;
    int64_t wrong = 0;
    for (int64_t t = 0; t < v->rows->n_predict; t++) {
        const int32_t *count = v->count + t * classes;
        int64_t best = 0;
        for (int64_t c = 1; c < classes; c++)
            if (count[c] > count[best]) best = c;
        wrong += best != v->kernel->label[v->rows->predict[t]];
    }
    return wrong;
}

enum er_status er_one_against_one(const struct er_labelled_kernel *kernel, const struct er_rows *rows,
                                  double C, const struct er_progress *progress, int64_t *wrong,
                                  int64_t *unfinished, struct er_error *err)
{
    const int64_t n = rows->n_learn;
    struct votes v = {.kernel = kernel,
                      .rows = rows,
                      .pair = er_alloc(n, sizeof *v.pair),
                      .k = er_alloc(n, (size_t)n * sizeof *v.k),
                      .y = er_alloc(n, sizeof *v.y),
                      .count = er_alloc(rows->n_predict * kernel->classes, sizeof *v.count)};
    enum er_status status = ER_OK;
    if (!v.pair || !v.k || !v.y || !v.count) {
        er_fail(err, ER_E_NOMEM, "kernel-selection: out of memory for %" PRId64 " examples", n);
        status = ER_E_NOMEM;
    }
    for (int32_t a = 0; a < kernel->classes; a++)
        for (int32_t b = a + 1; b < kernel->classes && status == ER_OK; b++)
            status = vote(&v, a, b, C, progress, err);
    if (status == ER_OK) {
        *wrong = count_wrong(&v);
        *unfinished += v.unfinished;
    }
    er_free(v.pair);
    er_free(v.k);
    er_free(v.y);
    er_free(v.count);
    return status;
}
