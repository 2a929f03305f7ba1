/* problem.c - synthetic problems of matrix recovery.
 *
 * The truth is made by plain loops, whose bits do not depend on the machine's vectors. What is observed is
 * the beginning of one permutation of all entries, or of one sequence of measurements; the noise is drawn in
 * that order too.
 */
#include <cblas.h>
#include <ermine/memory.h>
#include <ermine/random.h>
#include <ermine/recovery.h>
#include <inttypes.h>
#include <math.h>

static struct er_random stream(const struct er_recovery_spec *spec, enum er_purpose purpose, uint64_t index)
{
    return er_random_open(spec->seed, er_stream(purpose, index));
}

struct er_recovery_spec er_recovery_spec_default(void)
{
    return (struct er_recovery_spec){
        .kind = ER_COMPLETION, .rows = 100, .columns = 100, .rank = 5, .observed = 2000};
}

void er_recovery_clear(struct er_recovery *p)
{
    er_sparse_clear(&p->train);
    er_sparse_clear(&p->test);
    er_free(p->a);
    er_free(p->y);
    er_free(p->truth);
    *p = (struct er_recovery){0};
}

static enum er_status no_memory(const struct er_recovery_spec *spec, struct er_error *err)
{
    return er_fail(err, ER_E_NOMEM,
                   "matrix recovery: out of memory for a matrix of %" PRId64 " x %" PRId64 " and %" PRId64
                   " observations",
                   spec->rows, spec->columns, spec->observed);
}

static enum er_status check(const struct er_recovery_spec *s, struct er_error *err)
{
    enum { MOST = 1 << 20 };
    if (s->rows < 1 || s->columns < 1 || s->rows > MOST || s->columns > MOST ||
        s->rows * s->columns > INT32_MAX)
        return er_fail(err, ER_E_USAGE,
                       "matrix recovery: a dense truth of %" PRId64 " x %" PRId64
                       "; sides are 1 to %d, and all entries together fewer than 2^31",
                       s->rows, s->columns, MOST);
    const int64_t least = s->rows < s->columns ? s->rows : s->columns;
    if (s->rank < 1 || s->rank > least)
        return er_fail(err, ER_E_USAGE,
                       "matrix recovery: rank is %" PRId64 ", it must be 1 to %" PRId64 ", the smaller side",
                       s->rank, least);
    if (s->symmetric && s->rows != s->columns)
        return er_fail(err, ER_E_USAGE,
                       "matrix recovery: a symmetric matrix is square, not %" PRId64 " x %" PRId64, s->rows,
                       s->columns);
    if (s->observed < 1 || (s->kind == ER_COMPLETION && s->observed > s->rows * s->columns))
        return er_fail(err, ER_E_USAGE,
                       "matrix recovery: %" PRId64 " observations of the %" PRId64 " entries of a %" PRId64
                       " x %" PRId64 " matrix",
                       s->observed, s->rows * s->columns, s->rows, s->columns);
    if (!(s->noise >= 0 && isfinite(s->noise)))
        return er_fail(err, ER_E_USAGE, "matrix recovery: noise is %g, it must be a number from 0 up",
                       s->noise);
    return ER_OK;
}

/* n x rank normals; NULL: out of memory. */
static double *draw_factor(const struct er_recovery_spec *spec, uint64_t index, int64_t n)
{
    double *u = er_alloc(n * spec->rank, sizeof *u);
    struct er_random r = stream(spec, ER_PURPOSE_TRUTH, index);
    for (int64_t i = 0; u && i < n * spec->rank; i++) u[i] = er_random_normal(&r);
    return u;
}

/* truth = U V^T, to the norm sqrt(rows columns). */
static void multiply(const struct er_recovery_spec *spec, const double *u, const double *v, double *truth)
{
    const int64_t entries = spec->rows * spec->columns;
    double squares = 0;
    for (int64_t i = 0; i < spec->rows; i++)
        for (int64_t j = 0; j < spec->columns; j++) {
            double sum = 0;
            for (int64_t k = 0; k < spec->rank; k++) sum += u[i * spec->rank + k] * v[j * spec->rank + k];
            truth[i * spec->columns + j] = sum;
            squares += sum * sum;
        }
    const double scale = sqrt((double)entries / squares);
    for (int64_t i = 0; i < entries; i++) truth[i] *= scale;
}

static enum er_status make_truth(const struct er_recovery_spec *spec, struct er_recovery *p,
                                 struct er_error *err)
{
    double *u = draw_factor(spec, 0, spec->rows);
    double *v = spec->symmetric ? u : draw_factor(spec, 1, spec->columns);
    p->truth = er_alloc(spec->rows * spec->columns, sizeof *p->truth);
    const bool made = u && v && p->truth;
    if (made) multiply(spec, u, v, p->truth);
    if (v != u) er_free(v);
    er_free(u);
    return made ? ER_OK : no_memory(spec, err);
}

static enum er_status observe_entries(const struct er_recovery_spec *spec, struct er_recovery *p,
                                      struct er_error *err)
{
    const int64_t n = spec->observed, entries = spec->rows * spec->columns;
    int64_t *order = er_alloc(entries, sizeof *order);
    int32_t *row = er_alloc(n, sizeof *row), *column = er_alloc(n, sizeof *column);
    double *value = er_alloc(n, sizeof *value);
    enum er_status status = ER_OK;
    if (order && row && column && value) {
        struct er_random places = stream(spec, ER_PURPOSE_PLACES, 0),
                         noise = stream(spec, ER_PURPOSE_OBSERVATIONS, 0);
        er_random_permutation(&places, entries, order);
        for (int64_t k = 0; k < n; k++) {
            row[k] = (int32_t)(order[k] / spec->columns);
            column[k] = (int32_t)(order[k] % spec->columns);
            value[k] = p->truth[order[k]] + spec->noise * er_random_normal(&noise);
        }
        status = er_sparse_new(spec->rows, spec->columns, n, row, column, value, &p->train, err);
    } else {
        status = no_memory(spec, err);
    }
    er_free(order);
    er_free(row);
    er_free(column);
    er_free(value);
    return status;
}

static enum er_status measure(const struct er_recovery_spec *spec, struct er_recovery *p,
                              struct er_error *err)
{
    const int64_t entries = spec->rows * spec->columns;
    const double scale = 1 / sqrt((double)entries);
    struct er_random noise = stream(spec, ER_PURPOSE_OBSERVATIONS, 0);
    if (spec->observed > INT64_MAX / entries) return no_memory(spec, err);
    p->a = er_alloc(spec->observed * entries, sizeof *p->a);
    p->y = er_alloc(spec->observed, sizeof *p->y);
    if (!p->a || !p->y) return no_memory(spec, err);
    for (int64_t k = 0; k < spec->observed; k++) {
        double *a = p->a + k * entries;
        struct er_random elements = stream(spec, ER_PURPOSE_MEASUREMENTS, (uint64_t)k);
        for (int64_t i = 0; i < entries; i++) a[i] = scale * er_random_normal(&elements);
        p->y[k] = cblas_ddot((blasint)entries, a, 1, p->truth, 1) + spec->noise * er_random_normal(&noise);
    }
    return ER_OK;
}

enum er_status er_recovery_new(const struct er_recovery_spec *spec, struct er_recovery *out,
                               struct er_error *err)
{
    enum er_status status = check(spec, err);
    if (status != ER_OK) return status;
    struct er_recovery p = {
        .kind = spec->kind, .rows = spec->rows, .columns = spec->columns, .n = spec->observed};
    status = make_truth(spec, &p, err);
    if (status == ER_OK)
        status = spec->kind == ER_COMPLETION ? observe_entries(spec, &p, err) : measure(spec, &p, err);
    if (status == ER_OK)
        *out = p;
    else
        er_recovery_clear(&p);
    return status;
}
