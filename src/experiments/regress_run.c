/* regress_run.c - see regress_run.h.
 *
 * One of three ways: a solution with its validation, gradient descent, a decomposition over training sets.
 */
#include "experiments/regress_run.h"

#include "experiments/data_keys.h"
#include "experiments/regress_curve.h"
#include "experiments/regress_descent.h"
#include "experiments/regress_keys.h"
#include "experiments/regress_memory.h"
#include "experiments/regress_risk.h"
#include "experiments/regress_validation.h"
#include "experiments/regress_variance.h"
#include <ermine/memory.h>
#include <ermine/random.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* What a fit leaves of the targets' mean square, above which it does not count as going through them. */
static const double INTERPOLATES = 1e-12;

/* A run under way. */
struct running {
    const struct er_point *point;
    struct er_regress_spec spec;
    const struct er_regression_split *split;
    const struct er_progress *progress;
    struct er_basis basis;
    struct er_examples train,
        test; /* all training examples, and for gradient descent the test part; y and label are the split's, as is
                 a linear phi */
    double *w;
    struct er_regress_result *result;
};

static void range_of(const struct er_regression *r, double *low, double *high)
{
    for (int64_t i = 0; i < r->n * r->d; i++) {
        *low = fmin(*low, r->x[i]);
        *high = fmax(*high, r->x[i]);
    }
}

static enum er_status open_basis(struct running *r, struct er_error *err)
{
    double low = (double)INFINITY, high = -(double)INFINITY;
    enum er_status status = er_regress_keys_fit(r->point, r->split->train.n, r->split->train.d, err);
    if (status != ER_OK) return status;
    if (er_basis_is_of_one(r->spec.basis)) {
        range_of(&r->split->train, &low, &high);
        range_of(&r->split->test, &low, &high);
    }
    return er_basis_open(r->spec.basis, r->spec.features, r->spec.bandwidth, r->split->train.d, low, high,
                         r->spec.seed, r->progress, &r->basis, err);
}

/* The features of a part; those of the linear basis are its inputs. */
static enum er_status design(const struct running *r, const struct er_regression *from,
                             struct er_examples *out, struct er_error *err)
{
    const struct er_basis *basis = &r->basis;
    *out = (struct er_examples){
        .n = from->n, .features = basis->n, .k = from->k, .y = from->y, .label = from->label};
    if (basis->kind == ER_BASIS_LINEAR) {
        out->phi = from->x;
        return ER_OK;
    }
    out->phi = er_alloc(from->n * basis->n, sizeof *out->phi);
    if (!out->phi)
        return er_fail(err, ER_E_NOMEM,
                       "regress: out of memory for %" PRId64 " features of %" PRId64 " examples", basis->n,
                       from->n);
    return er_basis_design(basis, from->n, from->x, out->phi, r->progress, err);
}

static enum er_status prepare(struct running *r, struct er_error *err)
{
    enum er_status status = design(r, &r->split->train, &r->train, err);
    if (status == ER_OK && r->spec.descent) status = design(r, &r->split->test, &r->test, err);
    if (status == ER_OK && er_progress_stopped(r->progress))
        status = er_fail(err, ER_E_STOPPED, "regress: interrupted");
    if (status != ER_OK) return status;
    r->w = er_alloc(r->basis.n * r->train.k, sizeof *r->w);
    return r->w ? ER_OK : er_fail(err, ER_E_NOMEM, "regress: out of memory for weights");
}

static void clear(struct running *r)
{
    er_free(r->w);
    if (r->spec.basis != ER_BASIS_LINEAR) {
        er_free(r->train.phi);
        er_free(r->test.phi);
    }
    er_basis_clear(&r->basis);
}

/* --- values --- */

static void say_error(double *value, const struct er_error_sums *sums, bool labelled, int mse, int rmse,
                      int error)
{
    if (sums->n == 0) return;
    const double mean = sums->squared / (double)sums->n;
    if (mse >= 0) value[mse] = mean;
    value[rmse] = sqrt(mean);
    if (labelled) value[error] = (double)sums->wrong / (double)sums->n;
}

/* Errors of w on the test part, whose features are there (gradient descent looks at them often), or are made of some
 * rows at a time. */
static enum er_status test(const struct running *r, struct er_error_sums *sums, struct er_error *err)
{
    const struct er_regression *all = &r->split->test;
    const int64_t rows = er_regress_rows_at_once(r->basis.n);
    enum er_status status = ER_OK;
    if (r->spec.descent) return er_regress_errors(&r->test, r->w, sums, err);
    for (int64_t i = 0, n; i < all->n && status == ER_OK; i += n) {
        n = all->n - i < 2 * rows ? all->n - i : rows;
        const struct er_regression some = {.n = n,
                                           .d = all->d,
                                           .k = all->k,
                                           .x = all->x + i * all->d,
                                           .y = all->y + i * all->k,
                                           .label = all->label ? all->label + i : NULL};
        struct er_examples part;
        status = design(r, &some, &part, err);
        if (status == ER_OK) status = er_regress_errors(&part, r->w, sums, err);
        if (r->spec.basis != ER_BASIS_LINEAR) er_free(part.phi);
    }
    return status;
}

/* Errors of w on what was fitted and on the test part, and what else is known of w. */
static enum er_status measure(struct running *r, const struct er_examples *fitted,
                              const struct er_fit_facts *facts, struct er_error *err)
{
    double *value = r->result->value, targets = 0;
    const int64_t size = r->basis.n * r->train.k;
    const struct er_regression_split *split = r->split;
    struct er_error_sums train = {0}, tested = {0};
    enum er_status status = er_regress_errors(fitted, r->w, &train, err);
    if (status == ER_OK) status = test(r, &tested, err);
    if (status != ER_OK) return status;
    say_error(value, &train, r->train.label != NULL, ER_REGRESS_TRAIN_MSE, ER_REGRESS_TRAIN_RMSE,
              ER_REGRESS_TRAIN_ERROR);
    say_error(value, &tested, split->test.label != NULL, ER_REGRESS_TEST_MSE, ER_REGRESS_TEST_RMSE,
              ER_REGRESS_TEST_ERROR);
    for (int64_t i = 0; i < fitted->n * fitted->k; i++) targets += fitted->y[i] * fitted->y[i];
    value[ER_REGRESS_TRAIN_SSE] = train.squared;
    value[ER_REGRESS_INTERPOLATES] = train.squared <= INTERPOLATES * targets;
    value[ER_REGRESS_PARAMETERS] = (double)size;
    value[ER_REGRESS_RANK] = (double)facts->rank;
    value[ER_REGRESS_CONDITION] = facts->condition;
    value[ER_REGRESS_NORM] = er_regress_norm(size, r->w);
    if (split->theta && r->spec.basis == ER_BASIS_LINEAR)
        value[ER_REGRESS_EXCESS_RISK] = er_regress_excess_risk(size, r->w, split->theta, split->variance);
    return ER_OK;
}

/* Where the theory of the solution of least norm holds: all inputs of one variance, nothing done to the
 * fit. */
static double theory(const struct running *r, int64_t n)
{
    const struct er_regression_split *split = r->split;
    const struct er_regress_spec *s = &r->spec;
    if (!split->theta || s->basis != ER_BASIS_LINEAR || s->ridge > 0 || s->null > 0) return (double)NAN;
    for (int64_t j = 1; j < split->train.d; j++)
        if (split->variance[j] != split->variance[0]) return (double)NAN;
    const double norm = er_regress_norm(split->train.d, split->theta);
    return er_regress_theory_risk(n, split->train.d, split->variance[0] * norm * norm, split->noise);
}

/* --- curves --- */

static enum er_status new_curve(struct er_regress_result *result, int64_t n, struct er_error *err)
{
    double *block = er_alloc(n, ER_REGRESS_CURVES * sizeof *block);
    if (!block) return er_fail(err, ER_E_NOMEM, "regress: out of memory for a curve");
    for (int64_t i = 0; i < n * ER_REGRESS_CURVES; i++) block[i] = (double)NAN;
    for (int c = 0; c < ER_REGRESS_CURVES; c++) result->curve[c] = block + c * n;
    result->n_curve = n;
    return ER_OK;
}

/* The fit over x: of w, or of the bootstrap the mean of its fits; the spread is over the fits of a
 * validation. */
static enum er_status fit_curve(struct running *r, const struct er_regress_points *points,
                                const struct er_bundle *bundle, struct er_error *err)
{
    enum er_status status = new_curve(r->result, points->n, err);
    if (status != ER_OK) return status;
    double *const *curve = r->result->curve, *fit = curve[ER_REGRESS_C_FIT];
    const bool bagged = r->spec.validation == ER_VALIDATION_BOOTSTRAP;
    er_regress_predict(points->n, r->basis.n, 1, bundle->phi, r->w, fit);
    for (int64_t i = 0; i < points->n; i++) {
        curve[ER_REGRESS_C_X][i] = points->x[i];
        curve[ER_REGRESS_C_TARGET][i] = points->target[i];
        curve[ER_REGRESS_C_TRUTH][i] = points->truth[i];
        if (bagged) fit[i] = bundle->mean[i];
        if (!isfinite(fit[i])) fit[i] = (double)NAN;
        if (bundle->curves > 1 && !isnan(fit[i]))
            curve[ER_REGRESS_C_SPREAD][i] = sqrt(bundle->squares[i] / (double)(bundle->curves - 1));
    }
    return ER_OK;
}

static enum er_status descent_curve(struct er_regress_result *result, const struct er_descent *d,
                                    struct er_error *err)
{
    enum er_status status = new_curve(result, d->n_records, err);
    for (int64_t i = 0; status == ER_OK && i < d->n_records; i++) {
        const struct er_descent_record *record = &d->record[i];
        result->curve[ER_REGRESS_C_STEP][i] = record->step;
        result->curve[ER_REGRESS_C_TRAIN_MSE][i] = record->train_mse;
        result->curve[ER_REGRESS_C_TEST_MSE][i] = record->test_mse;
        result->curve[ER_REGRESS_C_EXCESS_RISK][i] = record->excess_risk;
        result->curve[ER_REGRESS_C_NORM][i] = record->norm;
        result->curve[ER_REGRESS_C_DISTANCE][i] = record->distance;
    }
    return status;
}

/* --- the three ways --- */

/* w <- w + a random component in the null space of the training set, `null` times as long as w. */
static enum er_status solve(struct running *r, const struct er_examples *fitted, struct er_fit_facts *facts,
                            struct er_error *err)
{
    const struct er_regress_spec *s = &r->spec;
    const int64_t size = r->basis.n * r->train.k;
    if (s->null == 0) return er_regress_solve(fitted, s->ridge, s->cut_off, r->w, NULL, facts, err);
    double *unseen = er_alloc(size, sizeof *unseen);
    if (!unseen) return er_fail(err, ER_E_NOMEM, "regress: out of memory for weights");
    struct er_random random = er_random_open(s->seed, er_stream(ER_PURPOSE_NULL, 0));
    for (int64_t i = 0; i < size; i++) unseen[i] = er_random_normal(&random);
    const double drawn = er_regress_norm(size, unseen);
    enum er_status status = er_regress_solve(fitted, 0, s->cut_off, r->w, unseen, facts, err);
    const double left = er_regress_norm(size, unseen);
    if (status == ER_OK && facts->rank == r->basis.n)
        snprintf(r->result->note, sizeof r->result->note,
                 "the training set sees every direction: no component was added");
    else if (status == ER_OK && left > 1e-9 * drawn) {
        const double scale = s->null * er_regress_norm(size, r->w) / left;
        for (int64_t i = 0; i < size; i++) r->w[i] += scale * unseen[i];
    }
    er_free(unseen);
    return status;
}

static enum er_status fit(struct running *r, const struct er_examples *fitted, struct er_bundle *bundle,
                          struct er_error *err)
{
    double *value = r->result->value;
    struct er_error_sums held = {0};
    struct er_fit_facts facts;
    enum er_status status = solve(r, fitted, &facts, err);
    if (status == ER_OK) status = measure(r, fitted, &facts, err);
    if (status == ER_OK)
        status = er_regress_validate(&r->spec, &r->train, r->split->train.x, &held, bundle, r->progress, err);
    if (status != ER_OK) return status;
    say_error(value, &held, r->train.label != NULL, -1, ER_REGRESS_VALIDATION_RMSE,
              ER_REGRESS_VALIDATION_ERROR);
    value[ER_REGRESS_THEORY_RISK] = theory(r, fitted->n);
    r->result->outcome = "solved";
    return ER_OK;
}

static enum er_status fit_with_curve(struct running *r, const struct er_examples *fitted,
                                     struct er_error *err)
{
    struct er_regress_points points;
    if (r->split->train.d != 1 || r->train.k != 1) return fit(r, fitted, NULL, err);
    enum er_status status = er_regress_points_open(r->split, &points, err);
    if (status != ER_OK) return status;
    double *phi = er_alloc(points.n * r->basis.n, sizeof *phi);
    struct er_bundle bundle = {.n = points.n,
                               .phi = phi,
                               .mean = er_alloc(points.n, sizeof *bundle.mean),
                               .squares = er_alloc(points.n, sizeof *bundle.squares)};
    if (!phi || !bundle.mean || !bundle.squares)
        status = er_fail(err, ER_E_NOMEM, "regress: out of memory for a curve");
    if (status == ER_OK) {
        status = er_basis_design(&r->basis, points.n, points.x, phi, r->progress, err);
    }
    if (status == ER_OK) status = fit(r, fitted, &bundle, err);
    if (status == ER_OK) status = fit_curve(r, &points, &bundle, err);
    er_free(phi);
    er_free(bundle.mean);
    er_free(bundle.squares);
    er_regress_points_clear(&points);
    return status;
}

/* A hold-out is fitted without the part held out; every other validation reports the fit to all beside it. */
static enum er_status run_solution(struct running *r, struct er_error *err)
{
    if (r->spec.validation != ER_VALIDATION_HOLD_OUT) return fit_with_curve(r, &r->train, err);
    struct er_fold fold;
    struct er_examples part = {0};
    enum er_status status = er_fold_open(&r->spec, r->train.n, r->split->train.x, 0, &fold, err);
    if (status != ER_OK) return status;
    status = er_examples_rows(&r->train, fold.fit, fold.n_fit, &part, err);
    if (status == ER_OK) status = fit_with_curve(r, &part, err);
    er_examples_clear(&part);
    er_fold_clear(&fold);
    return status;
}

static enum er_status run_descent(struct running *r, struct er_error *err)
{
    const bool linear = r->spec.basis == ER_BASIS_LINEAR;
    struct er_descent d = {.train = &r->train,
                           .test = &r->test,
                           .w = r->w,
                           .theta = linear ? r->split->theta : NULL,
                           .variance = r->split->variance};
    enum er_status status = er_regress_descend(&r->spec, &d, r->progress, err);
    if (status != ER_OK) return status;
    status = measure(r, &r->train, &d.facts, err);
    if (status == ER_OK) status = descent_curve(r->result, &d, err);
    if (status == ER_OK) {
        r->result->value[ER_REGRESS_STEPS] = (double)d.steps;
        r->result->value[ER_REGRESS_DISTANCE] = d.record[d.n_records - 1].distance;
        r->result->outcome = d.diverged ? "diverged" : "steps";
        if (d.diverged)
            snprintf(r->result->note, sizeof r->result->note,
                     "the squared error was no finite number at step %" PRId64, d.steps);
        else if (d.facts.curvature == 0)
            snprintf(r->result->note, sizeof r->result->note,
                     "all features of the training examples are 0: nothing is learned from them");
    }
    er_free(d.record);
    return status;
}

static enum er_status run_sets(struct running *r, const struct er_data_places *places, struct er_error *err)
{
    struct er_data_spec data = er_data_keys_spec(r->point);
    struct er_regression_split sets;
    struct er_decomposition d;
    double *value = r->result->value;
    if (!r->split->test.clean || isnan(r->split->noise)) {
        const struct er_setting *at = er_point_get(r->point, "regress.sets");
        return er_fail_at(err, ER_E_INPUT, NULL, at->line, at->column,
                          "regress.sets draws training sets; it needs data that are made, with a test part");
    }
    data.train = r->spec.sets * r->split->train.n;
    enum er_status status = er_regression_open(&data, places, &sets, err);
    if (status != ER_OK) return status;
    status = er_regress_decompose(&r->spec, &sets, &r->basis, r->progress, &d, err);
    er_regression_split_clear(&sets);
    if (status != ER_OK) return status;
    value[ER_REGRESS_PARAMETERS] = (double)(r->basis.n * r->split->train.k);
    value[ER_REGRESS_TRAIN_MSE] = d.train_mse;
    value[ER_REGRESS_TRAIN_RMSE] = sqrt(d.train_mse);
    value[ER_REGRESS_TEST_MSE] = d.test_mse;
    value[ER_REGRESS_TEST_RMSE] = sqrt(d.test_mse);
    value[ER_REGRESS_BIAS2] = d.bias2;
    value[ER_REGRESS_VARIANCE] = d.variance;
    value[ER_REGRESS_BIAS2_MEDIAN] = d.bias2_median;
    value[ER_REGRESS_VARIANCE_MEDIAN] = d.variance_median;
    value[ER_REGRESS_TOTAL_RISK] = d.bias2 + d.variance + r->split->noise * r->split->noise;
    r->result->outcome = "solved";
    return ER_OK;
}

enum er_status er_regress_run(const struct er_point *point, const struct er_data_places *places,
                              const struct er_regression_split *split, const struct er_progress *progress,
                              struct er_regress_result *out, struct er_error *err)
{
    struct er_regress_result result = {.outcome = ""};
    struct running r = {.point = point,
                        .spec = er_regress_keys_spec(point),
                        .split = split,
                        .progress = progress,
                        .result = &result};
    for (int i = 0; i < ER_REGRESS_VALUES; i++) result.value[i] = (double)NAN;
    enum er_status status = open_basis(&r, err);
    if (status == ER_OK && r.spec.sets > 0)
        status = run_sets(&r, places, err);
    else if (status == ER_OK) {
        status = prepare(&r, err);
        if (status == ER_OK) status = r.spec.descent ? run_descent(&r, err) : run_solution(&r, err);
    }
    clear(&r);
    if (status == ER_OK)
        *out = result;
    else
        er_regress_result_clear(&result);
    return status;
}

void er_regress_result_clear(struct er_regress_result *result)
{
    er_free(result->curve[0]);
    *result = (struct er_regress_result){0};
}
