/* lanczos.c - extreme eigenpairs by thick-restart Lanczos.
 *
 *     S y = theta y on a basis of at most m vectors;   ||A V y - theta V y|| = beta |y_last|
 */
#include "math/inner.h"
#include "math/krylov.h"

#include <ermine/memory.h>
#include <inttypes.h>
#include <lapacke.h>
#include <math.h>
#include <string.h>

struct er_lanczos_options er_lanczos_options_default(void)
{
    return (struct er_lanczos_options){.k = 1,
                                       .end = ER_SPECTRUM_LARGEST,
                                       .tolerance = 1e-5,
                                       .applies = 1000,
                                       .stream = er_stream(ER_PURPOSE_PROBES, 0)};
}

static enum er_status check(const struct er_operator *a, const struct er_lanczos_options *o,
                            struct er_error *err)
{
    const enum er_status status = er_operator_check(a, err);
    if (status != ER_OK) return status;
    if (o->k < 1 || o->k > ER_KRYLOV_MAX - 2)
        return er_fail(err, ER_E_USAGE, "Lanczos: k must be in 1 .. %d, got %" PRId64, ER_KRYLOV_MAX - 2,
                       o->k);
    if (o->end != ER_SPECTRUM_LARGEST && o->end != ER_SPECTRUM_SMALLEST && o->end != ER_SPECTRUM_MAGNITUDE)
        return er_fail(err, ER_E_USAGE, "Lanczos: no such end of the spectrum: %d", (int)o->end);
    if (!(o->tolerance >= 1e-7 && o->tolerance <= 1))
        return er_fail(err, ER_E_USAGE, "Lanczos: the tolerance must be in 1e-7 .. 1, got %g", o->tolerance);
    if (o->vectors != 0 && (o->vectors < o->k + 2 || o->vectors > ER_KRYLOV_MAX))
        return er_fail(err, ER_E_USAGE,
                       "Lanczos: the basis must have k + 2 = %" PRId64 " .. %d vectors, got %" PRId64,
                       o->k + 2, ER_KRYLOV_MAX, o->vectors);
    const double start = o->start ? er_inner(a->n, o->start, o->start) : 1;
    if (!(start > 0 && isfinite(start)))
        return er_fail(err, ER_E_USAGE, "Lanczos: the start vector has a length of %g", sqrt(start));
    if (o->applies < 1)
        return er_fail(err, ER_E_USAGE, "Lanczos: at least one product is needed, got a limit of %" PRId64,
                       o->applies);
    return ER_OK;
}

/* The small problem: all of order m or m^2. */
struct ritz {
    struct er_krylov basis;
    enum er_spectrum_end end;
    int64_t k;        /* pairs wanted, <= n */
    int64_t solved;   /* size of the basis when S was last solved */
    double *theta;    /* ascending */
    double *y;        /* eigenvectors of S, leading dimension m */
    int64_t *order;   /* of theta, the wanted end first */
    double *previous; /* k values before the present search for copies */
    double *work;
    lapack_int n_work;
};

static double largest(const struct ritz *r)
{
    return fmax(fabs(r->theta[0]), fabs(r->theta[r->basis.size - 1]));
}

static void rank(struct ritz *r)
{
    int64_t low = 0, high = r->basis.size - 1;
    for (int64_t i = 0; low <= high; i++) {
        const bool top = r->end == ER_SPECTRUM_LARGEST ||
                         (r->end == ER_SPECTRUM_MAGNITUDE && fabs(r->theta[high]) >= fabs(r->theta[low]));
        r->order[i] = top ? high-- : low++;
    }
}

static enum er_status solve(struct ritz *r, struct er_error *err)
{
    const struct er_krylov *b = &r->basis;
    const lapack_int size = (lapack_int)b->size, m = (lapack_int)b->m;
    for (int64_t j = 0; j < b->size; j++)
        memcpy(r->y + j * b->m, b->s + j * b->m, (size_t)(j + 1) * sizeof *r->y);
    const lapack_int info =
        LAPACKE_dsyev_work(LAPACK_COL_MAJOR, 'V', 'U', size, r->y, m, r->theta, r->work, r->n_work);
    if (info != 0)
        return er_fail(err, ER_E_NONFINITE, "Lanczos: the eigenvalues of a %d x %d matrix did not converge",
                       (int)size, (int)size);
    r->solved = b->size;
    rank(r);
    return ER_OK;
}

/* The first `count` pairs are within the tolerance by the estimate beta |y_last|. */
static bool converged(const struct ritz *r, int64_t count, double tolerance)
{
    const struct er_krylov *b = &r->basis;
    if (b->size < count) return false;
    for (int64_t i = 0; i < count; i++)
        if (b->beta * fabs(r->y[b->size - 1 + r->order[i] * b->m]) > tolerance * largest(r)) return false;
    return true;
}

/* The wanted values have moved since the last search for copies, or this is the first; they are remembered.
 */
static bool moved(struct ritz *r, double tolerance)
{
    bool far = false;
    for (int64_t i = 0; i < r->k; i++) {
        const double theta = r->theta[r->order[i]];
        far = far || !(fabs(theta - r->previous[i]) <= tolerance * largest(r));
        r->previous[i] = theta;
    }
    return far;
}

/* The first p Ritz vectors become the basis. */
static void restart(struct ritz *r, int64_t p)
{
    struct er_krylov *b = &r->basis;
    er_krylov_rotate(b, r->y, r->order, p);
    for (int64_t j = 0; j < p; j++) {
        memset(b->s + j * b->m, 0, (size_t)(j + 1) * sizeof *b->s);
        b->s[j + j * b->m] = r->theta[r->order[j]];
    }
    r->solved = 0;
}

static enum er_status iterate(struct ritz *r, const struct er_lanczos_options *o,
                              struct er_lanczos_report *report, struct er_error *err)
{
    struct er_krylov *b = &r->basis;
    int64_t target = r->k; /* one more while copies are looked for */
    for (int64_t i = 0; i < r->k; i++) r->previous[i] = NAN;
    for (;;) {
        if (b->size == b->m) { /* solved: see below */
            restart(r, target + (b->m - target) / 2);
            report->restarts++;
        }
        if (b->beta == 0) er_krylov_turn(b);
        enum er_status status = er_krylov_step(b, err);
        if (status != ER_OK) return status;
        const bool last = b->size == b->n || b->applies >= o->applies;
        /* solving costs size^3: at every eighth part of growth that is m^3 in all */
        const bool due = b->size == b->m || b->beta == 0 || b->size - r->solved >= 1 + b->size / 8;
        if (!last && !due) continue;
        if ((status = solve(r, err)) != ER_OK) return status;
        if (last) return ER_OK;
        /* half: what the estimate leaves out (rounding, a search for copies) gets the other */
        if (!converged(r, target, o->tolerance / 2)) continue;
        if (!o->repeated || !moved(r, o->tolerance)) return ER_OK;
        restart(r, r->k);
        b->beta = 0;
        target = r->k + 1 < b->n ? r->k + 1 : b->n;
    }
}

struct pair {
    double value, residual;
    int64_t vector;
};

static bool before(enum er_spectrum_end end, double a, double b)
{
    if (end == ER_SPECTRUM_LARGEST) return a > b;
    if (end == ER_SPECTRUM_SMALLEST) return a < b;
    return fabs(a) > fabs(b) || (fabs(a) == fabs(b) && a > b);
}

/* lambda = x . A x / x . x and ||A x - lambda x|| for the Ritz vectors, in the order of their values. */
static enum er_status measure(struct ritz *r, struct pair *pair, int64_t found, struct er_error *err)
{
    struct er_krylov *b = &r->basis;
    const double norm = largest(r);
    er_krylov_rotate(b, r->y, r->order, found);
    for (int64_t i = 0; i < found; i++) {
        const float *x = b->v[i];
        float *w = b->v[found];
        double square;
        const enum er_status status = er_operator_apply(b->a, x, w, &square, err);
        if (status != ER_OK) return status;
        b->applies++;
        const double value = er_inner(b->n, x, w) / er_inner(b->n, x, x);
        double sum = 0;
        for (int64_t e = 0; e < b->n; e++) {
            const double difference = (double)w[e] - value * (double)x[e];
            sum += difference * difference;
        }
        const double residual = sqrt(sum) / (norm > 0 ? norm : 1);
        int64_t at = i;
        for (; at > 0 && before(r->end, value, pair[at - 1].value); at--) pair[at] = pair[at - 1];
        pair[at] = (struct pair){value, residual, i};
    }
    return ER_OK;
}

enum er_status er_lanczos(const struct er_operator *a, const struct er_lanczos_options *options,
                          double *value, double *residual, float *vector, struct er_lanczos_report *report,
                          struct er_error *err)
{
    enum er_status status = check(a, options, err);
    if (status != ER_OK) return status;
    const int64_t limit = options->vectors ? options->vectors : 2 * options->k + 20;
    int64_t m = limit < ER_KRYLOV_MAX ? limit : ER_KRYLOV_MAX;
    if (m > a->n) m = a->n;
    struct ritz r = {.end = options->end,
                     .k = options->k < a->n ? options->k : a->n,
                     .n_work = (lapack_int)(34 * m)}; /* dsytrd's blocks of 32, and 2 */
    struct er_lanczos_report told = {0};
    struct pair *pair = er_alloc(r.k, sizeof *pair);
    r.theta = er_alloc(m, sizeof *r.theta);
    r.y = er_alloc(m * m, sizeof *r.y);
    r.order = er_alloc(m, sizeof *r.order);
    r.previous = er_alloc(r.k, sizeof *r.previous);
    r.work = er_alloc(r.n_work, sizeof *r.work);
    if (!pair || !r.theta || !r.y || !r.order || !r.previous || !r.work) {
        status = er_fail(err, ER_E_NOMEM, "Lanczos: no memory for matrices of %" PRId64 " x %" PRId64, m, m);
        goto done;
    }
    status = er_krylov_open(&r.basis, a, m, options->seed, options->stream, err);
    if (status == ER_OK && options->start) {
        memcpy(r.basis.v[0], options->start, (size_t)a->n * sizeof(float));
        er_krylov_begin(&r.basis);
    }
    if (status == ER_OK) status = iterate(&r, options, &told, err);
    if (status != ER_OK) goto done;
    told.found = r.k < r.basis.size ? r.k : r.basis.size;
    status = measure(&r, pair, told.found, err);
    if (status != ER_OK) goto done;
    for (int64_t i = 0; i < told.found; i++) {
        value[i] = pair[i].value;
        if (residual) residual[i] = pair[i].residual;
        if (vector) memcpy(vector + i * a->n, r.basis.v[pair[i].vector], (size_t)a->n * sizeof *vector);
        told.converged += pair[i].residual <= options->tolerance;
    }
    told.applies = r.basis.applies;
    told.asymmetry = r.basis.norm > 0 ? r.basis.asymmetry / r.basis.norm : 0;
    if (report) *report = told;
done:
    er_krylov_close(&r.basis);
    er_free(pair);
    er_free(r.theta);
    er_free(r.y);
    er_free(r.order);
    er_free(r.previous);
    er_free(r.work);
    return status;
}
