/* trace.c - Hutchinson's estimates of tr A and tr A^2. */
#include "math/inner.h"
#include "math/krylov.h"
#include "math/probe.h"

#include <ermine/memory.h>
#include <inttypes.h>
#include <math.h>

/* Mean and sum of squared deviations of what came so far (Welford 1962). */
struct running {
    double mean, deviation;
};

static void add(struct running *r, int64_t count, double x)
{
    const double from = x - r->mean;
    r->mean += from / (double)count;
    r->deviation += from * (x - r->mean);
}

static double standard_error(const struct running *r, int64_t count)
{
    if (count < 2) return NAN;
    return sqrt(r->deviation / (double)(count - 1) / (double)count);
}

enum er_status er_trace(const struct er_operator *a, int64_t probes, uint64_t seed, uint64_t stream,
                        struct er_trace *out, struct er_error *err)
{
    enum er_status status = er_operator_check(a, err);
    if (status != ER_OK) return status;
    if (probes < 1)
        return er_fail(err, ER_E_USAGE, "trace: at least one probe is needed, got %" PRId64, probes);
    float *v = er_alloc(a->n, sizeof *v), *w = er_alloc(a->n, sizeof *w);
    if (!v || !w) {
        status = er_fail(err, ER_E_NOMEM, "trace: no memory for 2 vectors of %" PRId64 " floats", a->n);
        goto done;
    }
    struct running trace = {0}, square = {0};
    for (int64_t p = 0; p < probes; p++) {
        er_probe_fill(ER_PROBE_RADEMACHER, seed, stream + (uint64_t)p, a->n, v);
        double length;
        status = er_operator_apply(a, v, w, &length, err);
        if (status != ER_OK) goto done;
        add(&trace, p + 1, er_inner(a->n, v, w));
        add(&square, p + 1, length);
    }
    *out = (struct er_trace){.trace = trace.mean,
                             .trace_error = standard_error(&trace, probes),
                             .square = square.mean,
                             .square_error = standard_error(&square, probes)};
done:
    er_free(v);
    er_free(w);
    return status;
}
