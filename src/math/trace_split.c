/* trace_split.c - the trace as a part that is exact and a rest that is estimated (Hutch++). */
#include "math/inner.h"
#include "math/krylov.h"
#include "math/probe.h"

#include <ermine/memory.h>
#include <inttypes.h>
#include <math.h>

/* What is left of a vector that lies among the others is rounding. */
static const double RELATIVE = 1e-5;

/* v less its parts along k orthonormal rows of q, twice, so that float32 will do. */
static void project(int64_t n, int64_t k, const float *q, float *v)
{
    for (int64_t j = 0; j < 2 * k; j++) {
        const float *row = q + j % k * n;
        const float along = (float)er_inner(n, row, v);
        for (int64_t i = 0; i < n; i++) v[i] -= along * row[i];
    }
}

/* *rank <= k rows of q: an orthonormal basis of A v_p. The trace of A within it is added to *trace. */
static enum er_status split_off(const struct er_operator *a, int64_t k, uint64_t seed, uint64_t stream,
                                float *q, int64_t *rank, float *v, double *trace, struct er_error *err)
{
    double length;
    *rank = 0;
    for (int64_t p = 0; p < k; p++) {
        float *row = q + *rank * a->n;
        er_probe_fill(ER_PROBE_RADEMACHER, seed, stream + (uint64_t)p, a->n, v);
        const enum er_status status = er_operator_apply(a, v, row, &length, err);
        if (status != ER_OK) return status;
        project(a->n, *rank, q, row);
        const double left = er_inner(a->n, row, row);
        if (!(left > RELATIVE * RELATIVE * length)) continue;
        er_scale(a->n, 1 / sqrt(left), row);
        (*rank)++;
    }
    for (int64_t j = 0; j < *rank; j++) {
        const enum er_status status = er_operator_apply(a, q + j * a->n, v, &length, err);
        if (status != ER_OK) return status;
        *trace += er_inner(a->n, q + j * a->n, v);
    }
    return ER_OK;
}

enum er_status er_trace_split(const struct er_operator *a, int64_t products, uint64_t seed, uint64_t stream,
                              double *trace, double *error, struct er_error *err)
{
    const int64_t k = products / 3, probes = products - 2 * k;
    int64_t rank = 0;
    double exact = 0, mean = 0, deviation = 0, length;
    enum er_status status = er_operator_check(a, err);
    if (status != ER_OK) return status;
    if (products < 3)
        return er_fail(err, ER_E_USAGE, "trace: at least three products are needed, got %" PRId64, products);
    float *q = er_alloc(k * a->n, sizeof *q), *v = er_alloc(a->n, sizeof *v), *w = er_alloc(a->n, sizeof *w);
    if (q && v && w)
        status = split_off(a, k, seed, stream, q, &rank, v, &exact, err);
    else
        status = er_fail(err, ER_E_NOMEM, "trace: no memory for %" PRId64 " vectors of %" PRId64 " floats",
                         k + 2, a->n);
    for (int64_t p = 0; p < probes && status == ER_OK && rank < a->n; p++) {
        er_probe_fill(ER_PROBE_RADEMACHER, seed, stream + (uint64_t)(k + p), a->n, v);
        project(a->n, rank, q, v);
        status = er_operator_apply(a, v, w, &length, err);
        if (status != ER_OK) break;
        const double is = er_inner(a->n, v, w), from = is - mean;
        mean += from / (double)(p + 1);
        deviation += from * (is - mean);
    }
    if (status == ER_OK) {
        *trace = exact + mean;
        *error = probes > 1 ? sqrt(deviation / (double)(probes - 1) / (double)probes) : (double)NAN;
    }
    er_free(q);
    er_free(v);
    er_free(w);
    return status;
}
