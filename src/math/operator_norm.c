/* operator_norm.c - the largest singular value of a linear map, as the root of the largest eigenvalue of B^T
 * B. */
#include <ermine/memory.h>
#include <ermine/spectrum.h>
#include <inttypes.h>
#include <math.h>

/* B^T B on the columns, or B B^T on the rows. */
struct gram {
    const struct er_linear_map *b;
    bool on_rows;
    float *middle; /* a vector of the other side */
};

static enum er_status apply(void *ctx, const float *v, float *out, struct er_error *err)
{
    const struct gram *g = ctx;
    const struct er_linear_map *b = g->b;
    const enum er_status status =
        g->on_rows ? b->apply_transposed(b->ctx, v, g->middle, err) : b->apply(b->ctx, v, g->middle, err);
    if (status != ER_OK) return status;
    return g->on_rows ? b->apply(b->ctx, g->middle, out, err)
                      : b->apply_transposed(b->ctx, g->middle, out, err);
}

enum er_status er_operator_norm(const struct er_linear_map *b, double tolerance, int64_t applies,
                                uint64_t seed, uint64_t stream, double *norm, double *error,
                                struct er_error *err)
{
    if (b->rows < 1 || b->columns < 1)
        return er_fail(err, ER_E_USAGE,
                       "operator norm: rows and columns must be at least 1, got %" PRId64 " x %" PRId64,
                       b->rows, b->columns);
    if (!b->apply || !b->apply_transposed)
        return er_fail(err, ER_E_USAGE, "operator norm: the map lacks its product or that of its transpose");
    if (!(tolerance >= 1e-7 && tolerance <= .5))
        return er_fail(err, ER_E_USAGE, "operator norm: the tolerance must be in 1e-7 .. 0.5, got %g",
                       tolerance);
    struct gram gram = {.b = b, .on_rows = b->rows < b->columns};
    const int64_t n = gram.on_rows ? b->rows : b->columns;
    gram.middle = er_alloc(gram.on_rows ? b->columns : b->rows, sizeof *gram.middle);
    if (!gram.middle) return er_fail(err, ER_E_NOMEM, "operator norm: no memory for a vector");
    const struct er_operator squared = {.n = n, .ctx = &gram, .apply = apply};
    struct er_lanczos_options options = er_lanczos_options_default();
    options.tolerance = 2 * tolerance;
    options.applies = applies;
    options.seed = seed;
    options.stream = stream;
    double value, residual;
    const enum er_status status = er_lanczos(&squared, &options, &value, &residual, NULL, NULL, err);
    er_free(gram.middle);
    if (status != ER_OK) return status;
    *norm = sqrt(fmax(value, 0));
    if (error) *error = value > 0 ? residual / 2 : 0;
    return ER_OK;
}
