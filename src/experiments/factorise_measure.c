/* factorise_measure.c - see factorise_measure.h. */
#include "experiments/factorise_measure.h"

#include <ermine/matrix_flow.h>
#include <ermine/memory.h>
#include <math.h>

static int64_t smaller_side(const struct er_recovery *problem)
{
    return problem->rows < problem->columns ? problem->rows : problem->columns;
}

double er_factorise_watch_bytes(const struct er_factorise_request *request, const struct er_recovery *problem)
{
    const double entries = (double)problem->rows * (double)problem->columns;
    return 8 *
           ((problem->truth || request->alignment ? entries : 0) + (request->alignment ? 4 * entries : 0) +
            (double)problem->test.n + (double)smaller_side(problem));
}

enum er_status er_factorise_watch_new(const struct er_factorise_request *request,
                                      const struct er_recovery *problem, struct er_factorise_watch *out,
                                      struct er_error *err)
{
    struct er_factorise_watch watch = {.request = request, .problem = problem, .n_s = smaller_side(problem)};
    const int64_t entries = problem->rows * problem->columns;
    const bool dense = problem->truth || request->alignment;
    watch.s = er_alloc(watch.n_s, sizeof *watch.s);
    watch.at = er_alloc(problem->test.n, sizeof *watch.at);
    if (dense) watch.w = er_alloc(entries, sizeof *watch.w);
    if (request->alignment) watch.gradient = er_alloc(entries, sizeof *watch.gradient);
    *out = watch;
    if (watch.s && watch.at && (!dense || watch.w) && (!request->alignment || watch.gradient)) return ER_OK;
    er_factorise_watch_clear(out);
    return er_fail(err, ER_E_NOMEM, "factorise: out of memory to look at a matrix of %lld x %lld",
                   (long long)problem->rows, (long long)problem->columns);
}

void er_factorise_watch_clear(struct er_factorise_watch *watch)
{
    er_free(watch->s);
    er_free(watch->at);
    er_free(watch->w);
    er_free(watch->gradient);
    *watch = (struct er_factorise_watch){0};
}

enum er_status er_factorise_test(struct er_factorise_watch *watch, const struct er_factorisation *f,
                                 double *error, struct er_error *err)
{
    const struct er_sparse *test = &watch->problem->test;
    *error = (double)NAN;
    if (watch->problem->truth) {
        const enum er_status status = er_factorisation_product(f, watch->w, err);
        if (status == ER_OK) *error = er_recovery_risk(watch->problem, watch->w);
        return status;
    }
    if (test->n == 0) return ER_OK;
    const enum er_status status = er_factorisation_entries(f, test, watch->at, err);
    if (status == ER_OK) *error = er_sparse_mean_square(test, watch->at);
    return status;
}

static enum er_status align(struct er_factorise_watch *watch, const struct er_factorisation *f,
                            double column[ER_FACTORISE_CURVES], struct er_error *err)
{
    const struct er_recovery *problem = watch->problem;
    struct er_mode_alignment a;
    enum er_status status = er_factorisation_product(f, watch->w, err);
    if (status != ER_OK) return status;
    er_recovery_gradient(problem, watch->w, watch->gradient);
    status = er_matrix_modes(problem->rows, problem->columns, watch->w, watch->gradient, 1, 0, NULL, NULL, &a,
                             err);
    if (status != ER_OK) return status;
    column[ER_FACTORISE_C_DIAGONAL] = a.diagonal;
    column[ER_FACTORISE_C_OFF_DIAGONAL] = a.off;
    return ER_OK;
}

static void fill_spectrum(const struct er_factorise_watch *watch, double column[ER_FACTORISE_CURVES])
{
    double squares = 0;
    for (int64_t i = 0; i < watch->n_s; i++) squares += watch->s[i] * watch->s[i];
    column[ER_FACTORISE_C_NUCLEAR] = er_nuclear_norm(watch->n_s, watch->s);
    column[ER_FACTORISE_C_FROBENIUS] = sqrt(squares);
    column[ER_FACTORISE_C_RANK] = er_effective_rank(watch->n_s, watch->s);
    for (int64_t i = 0; i < watch->request->modes && i < watch->n_s; i++)
        column[ER_FACTORISE_C_SIGMA + i] = watch->s[i];
}

enum er_status er_factorise_measure(struct er_factorise_watch *watch, const struct er_factorisation *f,
                                    double column[ER_FACTORISE_CURVES], bool *finite, struct er_error *err)
{
    *finite = isfinite(er_factorisation_loss(f));
    if (!*finite) return ER_OK;
    for (int c = 0; c < ER_FACTORISE_CURVES; c++) column[c] = (double)NAN;
    column[ER_FACTORISE_C_STEP] = (double)er_factorisation_step(f);
    column[ER_FACTORISE_C_TRAIN_LOSS] = er_factorisation_loss(f);
    enum er_status status = er_factorise_test(watch, f, &column[ER_FACTORISE_C_TEST_ERROR], err);
    if (status == ER_OK) status = er_factorisation_singular_values(f, watch->s, watch->progress, err);
    if (status == ER_OK) fill_spectrum(watch, column);
    if (status == ER_OK && watch->request->alignment) status = align(watch, f, column, err);
    return status;
}
