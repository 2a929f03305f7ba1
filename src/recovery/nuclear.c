/* nuclear.c - minimum nuclear norm (<ermine/nuclear.h>): what is asked, which method, what is told. */
#include "recovery/nuclear_methods.h"

#include <ermine/memory.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

enum {
    INTERIOR_MOST = 16384, /* observations: normal equations of 2 GiB */
    INTERIOR_SIDES = 8000, /* rows + columns: eigenvalues of as many take about a minute */
    INTERIOR_ITERATIONS = 100,
    SPLITTING_ITERATIONS = 20000,
    SPLITTING_TRIED = 1000, /* its iterations where the interior point method is slower but surer */
    USUAL_INTERIOR = 15     /* iterations that it usually takes */
};

/* n^3 over rows columns min(rows, columns) at which both methods were measured to take about as long: some 12 decompositions
 * of n^3 / 3 at the machine's peak against some hundred singular value decompositions far below it. */
static const double even = 4000;

/* A singular value decomposition takes as long as so many operations of products for each of rows columns min(rows, columns):
 * 20, at an eighth of their speed. */
static const double svd_flops = 160;

/* rows columns min(rows, columns) whose singular value decomposition takes about a minute: 4e-10 s each were measured. */
static const double svd_most = 1e11;

struct er_nuclear_spec er_nuclear_spec_default(void)
{
    return (struct er_nuclear_spec){.gap = 1e-6};
}

static bool interior_fits(const struct er_recovery *problem)
{
    return problem->n <= INTERIOR_MOST && problem->rows + problem->columns <= INTERIOR_SIDES;
}

/* What is tried first; where that is splitting and nothing was asked for, the interior point method may follow. */
static enum er_nuclear_method first(const struct er_recovery *problem, const struct er_nuclear_spec *spec)
{
    const double n = (double)problem->n, rows = (double)problem->rows, columns = (double)problem->columns;
    if (spec->method != ER_NUCLEAR_AUTO) return spec->method;
    if (problem->kind == ER_SENSING) return ER_NUCLEAR_INTERIOR;
    if (!interior_fits(problem)) return ER_NUCLEAR_SPLITTING;
    /* within a tolerance, splitting hardly gets on once the matrix is determined */
    const bool interior = spec->tolerance > 0 || n * n * n <= even * rows * columns * fmin(rows, columns);
    return interior ? ER_NUCLEAR_INTERIOR : ER_NUCLEAR_SPLITTING;
}

static bool interior_may_follow(const struct er_recovery *problem, const struct er_nuclear_spec *spec)
{
    return spec->method == ER_NUCLEAR_AUTO && spec->iterations == 0 && interior_fits(problem);
}

static enum er_status check_size(const struct er_recovery *problem, enum er_nuclear_method method,
                                 struct er_error *err)
{
    const double rows = (double)problem->rows, columns = (double)problem->columns;
    if (rows * columns * fmin(rows, columns) > svd_most)
        return er_fail(err, ER_E_LIMIT,
                       "least nuclear norm: a matrix of %" PRId64 " x %" PRId64
                       " takes minutes for each singular value decomposition, of which it needs hundreds; "
                       "its sides' product times the smaller one is at most %g: take soft-impute or als",
                       problem->rows, problem->columns, svd_most);
    if (method == ER_NUCLEAR_INTERIOR && problem->n > INTERIOR_MOST)
        return er_fail(err, ER_E_LIMIT,
                       "least nuclear norm: %" PRId64
                       " observations; the interior point method takes at most %d",
                       problem->n, INTERIOR_MOST);
    if (method == ER_NUCLEAR_INTERIOR && problem->rows + problem->columns > INTERIOR_SIDES)
        return er_fail(err, ER_E_LIMIT,
                       "least nuclear norm: sides of %" PRId64 " and %" PRId64
                       "; the interior point method takes at most %d together: take soft-impute or als",
                       problem->rows, problem->columns, INTERIOR_SIDES);
    return ER_OK;
}

static enum er_status check(const struct er_recovery *problem, const struct er_nuclear_spec *spec,
                            struct er_error *err)
{
    const enum er_nuclear_method method = first(problem, spec);
    if (!(spec->tolerance >= 0) || !isfinite(spec->tolerance))
        return er_fail(err, ER_E_USAGE, "least nuclear norm: a tolerance of %g; it is at least 0",
                       spec->tolerance);
    if (!(spec->gap >= 0 && spec->gap <= 1))
        return er_fail(err, ER_E_USAGE, "least nuclear norm: a gap of %g; it is 0 to 1", spec->gap);
    if (spec->iterations < 0)
        return er_fail(err, ER_E_USAGE,
                       "least nuclear norm: %" PRId64
                       " iterations; they are at least 0, for the method's own number",
                       spec->iterations);
    if (method == ER_NUCLEAR_SPLITTING && problem->kind == ER_SENSING)
        return er_fail(
            err, ER_E_USAGE,
            "least nuclear norm: splitting is for completion; sensing has the interior point method");
    return check_size(problem, method, err);
}

enum er_status er_nuclear_stopped(const struct er_progress *progress, struct er_error *err)
{
    return er_progress_stopped(progress) ? er_fail(err, ER_E_STOPPED, "least nuclear norm: interrupted")
                                         : ER_OK;
}

enum er_status er_nuclear_report(const struct er_progress *progress, int64_t done, struct er_error *err)
{
    if (progress && progress->report)
        progress->report(progress->ctx, &(struct er_progress_report){.what = "least nuclear norm",
                                                                     .unit = "iterations",
                                                                     .done = (double)done});
    return er_nuclear_stopped(progress, err);
}

double er_nuclear_bytes(const struct er_recovery *problem, const struct er_nuclear_spec *spec)
{
    const bool splitting = first(problem, spec) == ER_NUCLEAR_SPLITTING;
    const double split = splitting ? er_nuclear_splitting_bytes(problem) : 0;
    const bool alone = splitting && !interior_may_follow(problem, spec);
    const double interior = alone ? 0 : er_nuclear_interior_bytes(problem, 1);
    return fmax(split, interior) + er_observation_bytes(problem) + er_certificate_bytes(problem);
}

double er_nuclear_flops(const struct er_recovery *problem, const struct er_nuclear_spec *spec)
{
    const double n = (double)problem->n, rows = (double)problem->rows, columns = (double)problem->columns,
                 sides = rows + columns, entries = rows * columns, least = fmin(rows, columns);
    const bool sensing = problem->kind == ER_SENSING;
    const double measured = sensing ? n * n * entries + 16 * n * entries * sides : 0,
                 interior =
                     USUAL_INTERIOR * (n * n * n / 3 + 2 * n * n + 40 * sides * sides * sides + measured),
                 splitting = SPLITTING_TRIED * svd_flops * entries * least;
    if (first(problem, spec) == ER_NUCLEAR_INTERIOR) return interior;
    return splitting + (interior_may_follow(problem, spec) ? interior : 0);
}

/* Zero is the solution, and there is nothing to look for. */
static bool zero_agrees(const struct er_observation *o, double tolerance)
{
    for (int64_t k = 0; k < o->n; k++)
        if (fabs(o->y[k]) > tolerance) return false;
    return true;
}

static enum er_status solve(const struct er_observation *o, const struct er_nuclear_spec *spec,
                            struct er_certificate *c, struct er_nuclear_result *result, struct er_pool *pool,
                            const struct er_progress *progress, struct er_error *err)
{
    struct er_nuclear_spec own = *spec;
    const bool follows = interior_may_follow(o->problem, spec);
    enum er_status status = ER_OK;
    result->method = first(o->problem, spec);
    if (zero_agrees(o, spec->tolerance)) { /* x and lambda are 0 */
        c->primal = 0;
        return ER_OK;
    }
    if (result->method == ER_NUCLEAR_SPLITTING) {
        if (spec->iterations == 0) own.iterations = follows ? SPLITTING_TRIED : SPLITTING_ITERATIONS;
        status = er_nuclear_splitting(o, &own, c, &result->iterations, progress, err);
        result->exhausted = result->iterations >= own.iterations;
        if (status != ER_OK || !follows || er_certificate_gap(c) <= spec->gap) return status;
        result->method = ER_NUCLEAR_INTERIOR;
    }
    if (spec->iterations == 0) own.iterations = INTERIOR_ITERATIONS;
    status = er_nuclear_interior(o, &own, c, &result->iterations, pool, progress, err);
    result->exhausted = result->iterations >= own.iterations;
    return status;
}

static void tell(struct er_certificate *c, double gap, double *x, double *lambda,
                 struct er_nuclear_result *result)
{
    memcpy(x, c->x, (size_t)c->o->size * sizeof *x);
    if (lambda) memcpy(lambda, c->lambda, (size_t)c->o->n * sizeof *lambda);
    result->primal = c->primal;
    result->dual = c->dual;
    result->gap = er_certificate_gap(c);
    result->violation = er_certificate_violation(c);
    result->reached = result->gap <= gap;
    result->exhausted = result->exhausted && !result->reached;
}

enum er_status er_nuclear_minimum(const struct er_recovery *problem, const struct er_nuclear_spec *spec,
                                  double *x, double *lambda, struct er_nuclear_result *result,
                                  struct er_pool *pool, const struct er_progress *progress,
                                  struct er_error *err)
{
    const struct er_progress quiet = {.stop = progress ? progress->stop : NULL};
    struct er_observation o = {0};
    struct er_certificate c = {0};
    struct er_pool *own = NULL;
    struct er_nuclear_result r = {0};
    enum er_status status = check(problem, spec, err);
    if (status == ER_OK && !pool) {
        status = er_pool_new(1, &own, err);
        pool = own;
    }
    if (status == ER_OK) status = er_observation_open(problem, pool, &quiet, &o, err);
    if (status == ER_OK) status = er_certificate_open(&o, spec->tolerance, &c, err);
    if (status == ER_OK) status = solve(&o, spec, &c, &r, pool, progress, err);
    if (status == ER_OK) {
        tell(&c, spec->gap, x, lambda, &r);
        *result = r;
    }
    er_certificate_close(&c);
    er_observation_close(&o);
    er_pool_free(own);
    return status;
}
