/* sparse_descent.c - see sparse_descent.h. */
#include "experiments/sparse_descent.h"

#include <cblas.h>
#include <ermine/memory.h>
#include <ermine/random.h>
#include <inttypes.h>
#include <math.h>

/* Of |y|^2: where descent has arrived, to rounding. */
static const double FITTED = 1e-24;

enum { UNASKED = 1 << 12 };

enum er_status er_sparse_problem_new(const struct er_sparse_spec *spec, struct er_sparse_problem *out,
                                     struct er_error *err)
{
    const int64_t n = spec->examples, d = spec->dimension;
    double *x = er_alloc(n * d + n + d, sizeof *x);
    if (!x)
        return er_fail(err, ER_E_NOMEM, "sparse: out of memory for %" PRId64 " examples of %" PRId64, n, d);
    struct er_sparse_problem p = {n, d, x, x + n * d, x + n * d + n};
    struct er_random inputs = er_random_open(spec->seed, er_stream(ER_PURPOSE_GENERATE, 0)),
                     noise = er_random_open(spec->seed, er_stream(ER_PURPOSE_GENERATE, 1));
    for (int64_t i = 0; i < n * d; i++) x[i] = er_random_normal(&inputs);
    for (int64_t j = 0; j < spec->nonzeros; j++) p.beta[j] = j % 2 ? -1 : 1;
    for (int64_t i = 0; i < n; i++)
        p.y[i] = cblas_ddot((blasint)d, x + i * d, 1, p.beta, 1) + spec->noise * er_random_normal(&noise);
    *out = p;
    return ER_OK;
}

void er_sparse_problem_clear(struct er_sparse_problem *problem)
{
    er_free(problem->x);
    *problem = (struct er_sparse_problem){0};
}

double er_sparse_residual(const struct er_sparse_problem *p, const double *w, double *residual)
{
    cblas_dcopy((blasint)p->n, p->y, 1, residual, 1);
    cblas_dgemv(CblasRowMajor, CblasNoTrans, (blasint)p->n, (blasint)p->d, 1, p->x, (blasint)p->d, w, 1, -1,
                residual, 1);
    return cblas_ddot((blasint)p->n, residual, 1, residual, 1);
}

enum er_status er_sparse_descent_new(const struct er_sparse_problem *problem,
                                     const struct er_sparse_spec *spec, struct er_sparse_descent *out,
                                     struct er_error *err)
{
    const int64_t n = problem->n, d = problem->d;
    double *u = er_alloc(4 * d + n, sizeof *u);
    if (!u) return er_fail(err, ER_E_NOMEM, "sparse: out of memory for %" PRId64 " weights", d);
    *out = (struct er_sparse_descent){.problem = problem,
                                      .rate = spec->rate,
                                      .u = u,
                                      .v = u + d,
                                      .w = u + 2 * d,
                                      .g = u + 3 * d,
                                      .residual = u + 4 * d};
    for (int64_t j = 0; j < d; j++) out->u[j] = out->v[j] = spec->start;
    out->square = er_sparse_residual(problem, out->w, out->residual);
    return ER_OK;
}

void er_sparse_descent_clear(struct er_sparse_descent *descent)
{
    er_free(descent->u);
    *descent = (struct er_sparse_descent){0};
}

static void step_once(struct er_sparse_descent *s)
{
    const struct er_sparse_problem *p = s->problem;
    const double rate = 2 * s->rate;
    cblas_dgemv(CblasRowMajor, CblasTrans, (blasint)p->n, (blasint)p->d, 1 / (double)p->n, p->x,
                (blasint)p->d, s->residual, 1, 0, s->g, 1);
    for (int64_t j = 0; j < p->d; j++) {
        s->u[j] -= rate * s->u[j] * s->g[j];
        s->v[j] += rate * s->v[j] * s->g[j];
        s->w[j] = s->u[j] * s->u[j] - s->v[j] * s->v[j];
    }
    s->square = er_sparse_residual(p, s->w, s->residual);
}

enum er_status er_sparse_descent_until(struct er_sparse_descent *descent, int64_t step, bool *fits,
                                       const struct er_progress *progress, struct er_error *err)
{
    const struct er_sparse_problem *p = descent->problem;
    const double enough = FITTED * cblas_ddot((blasint)p->n, p->y, 1, p->y, 1);
    while (descent->step < step && descent->square > enough && isfinite(descent->square)) {
        if (descent->step % UNASKED == 0 && er_progress_stopped(progress))
            return er_fail(err, ER_E_STOPPED, "sparse: interrupted");
        step_once(descent);
        descent->step++;
    }
    *fits = descent->square <= enough;
    return ER_OK;
}
