/* regress_validation.c - see regress_validation.h. */
#include "experiments/regress_validation.h"

#include <ermine/memory.h>
#include <ermine/random.h>
#include <math.h>
#include <string.h>

int64_t er_folds(const struct er_regress_spec *spec, int64_t n)
{
    switch (spec->validation) {
    case ER_VALIDATION_NONE:
        return 0;
    case ER_VALIDATION_HOLD_OUT:
        return 1;
    case ER_VALIDATION_LEAVE_ONE_OUT:
        return n;
    case ER_VALIDATION_K_FOLD:
    case ER_VALIDATION_BOOTSTRAP:
        return spec->folds;
    }
    return 0;
}

/* chosen[i]: how often example i is fitted. */
static enum er_status choose(const struct er_regress_spec *spec, int64_t n, const double *x, int64_t fold,
                             int64_t *chosen, struct er_error *err)
{
    const enum er_validation kind = spec->validation;
    for (int64_t i = 0; i < n; i++) chosen[i] = kind != ER_VALIDATION_BOOTSTRAP;
    if (kind == ER_VALIDATION_LEAVE_ONE_OUT) chosen[fold] = 0;
    if (kind == ER_VALIDATION_BOOTSTRAP) {
        struct er_random r = er_random_open(spec->seed, er_stream(ER_PURPOSE_RESAMPLES, (uint64_t)fold));
        for (int64_t i = 0; i < n; i++) chosen[er_random_below(&r, n)]++;
    }
    if (kind == ER_VALIDATION_HOLD_OUT && !isnan(spec->above))
        for (int64_t i = 0; i < n; i++) chosen[i] = !(x[i] > spec->above);
    if (kind == ER_VALIDATION_K_FOLD || (kind == ER_VALIDATION_HOLD_OUT && isnan(spec->above))) {
        int64_t *order = er_alloc(n, sizeof *order), from = 0, to = llround(spec->share * (double)n);
        if (!order) return er_fail(err, ER_E_NOMEM, "regress: out of memory for a permutation");
        struct er_random r = er_random_open(spec->seed, er_stream(ER_PURPOSE_FOLDS, 0));
        er_random_permutation(&r, n, order);
        if (kind == ER_VALIDATION_K_FOLD) {
            from = fold * n / spec->folds;
            to = (fold + 1) * n / spec->folds;
        }
        for (int64_t i = from; i < to; i++) chosen[order[i]] = 0;
        er_free(order);
    }
    return ER_OK;
}

enum er_status er_fold_open(const struct er_regress_spec *spec, int64_t n, const double *x, int64_t i,
                            struct er_fold *out, struct er_error *err)
{
    struct er_fold fold = {.fit = er_alloc(n, sizeof *fold.fit), .held = er_alloc(n, sizeof *fold.held)};
    int64_t *chosen = er_alloc(n, sizeof *chosen);
    if (!fold.fit || !fold.held || !chosen) {
        er_free(chosen);
        er_fold_clear(&fold);
        return er_fail(err, ER_E_NOMEM, "regress: out of memory for a fold");
    }
    enum er_status status = choose(spec, n, x, i, chosen, err);
    for (int64_t e = 0; e < n && status == ER_OK; e++) {
        if (chosen[e] == 0) fold.held[fold.n_held++] = e;
        for (int64_t c = 0; c < chosen[e]; c++) fold.fit[fold.n_fit++] = e;
    }
    er_free(chosen);
    if (status == ER_OK && fold.n_fit == 0)
        status = er_fail(err, ER_E_INPUT, "regress: all examples are held out, none is left to fit");
    if (status == ER_OK && fold.n_held == 0 && spec->validation == ER_VALIDATION_HOLD_OUT)
        status = er_fail(err, ER_E_INPUT, "regress: no example is held out");
    if (status != ER_OK) {
        er_fold_clear(&fold);
        return status;
    }
    *out = fold;
    return ER_OK;
}

void er_fold_clear(struct er_fold *fold)
{
    er_free(fold->fit);
    er_free(fold->held);
    *fold = (struct er_fold){0};
}

enum er_status er_examples_rows(const struct er_examples *from, const int64_t *row, int64_t n,
                                struct er_examples *out, struct er_error *err)
{
    const int64_t features = from->features, k = from->k;
    double *phi = er_alloc(n * features, sizeof *phi), *y = er_alloc(n * k, sizeof *y);
    int32_t *label = from->label ? er_alloc(n, sizeof *label) : NULL;
    if (!phi || !y || (from->label && !label)) {
        er_free(phi);
        er_free(y);
        er_free(label);
        return er_fail(err, ER_E_NOMEM, "regress: out of memory for a part of the examples");
    }
    for (int64_t i = 0; i < n; i++) {
        memcpy(phi + i * features, from->phi + row[i] * features, (size_t)features * sizeof *phi);
        memcpy(y + i * k, from->y + row[i] * k, (size_t)k * sizeof *y);
        if (label) label[i] = from->label[row[i]];
    }
    *out = (struct er_examples){.n = n, .features = features, .k = k, .phi = phi, .y = y, .label = label};
    return ER_OK;
}

void er_examples_clear(struct er_examples *examples)
{
    er_free(examples->phi);
    er_free(examples->y);
    er_free(examples->label);
    *examples = (struct er_examples){0};
}

/* Welford's update. */
static enum er_status add_curve(struct er_bundle *bundle, int64_t features, const double *w,
                                struct er_error *err)
{
    double *curve = er_alloc(bundle->n, sizeof *curve);
    if (!curve) return er_fail(err, ER_E_NOMEM, "regress: out of memory for a curve");
    er_regress_predict(bundle->n, features, 1, bundle->phi, w, curve);
    bundle->curves++;
    for (int64_t i = 0; i < bundle->n; i++) {
        const double away = curve[i] - bundle->mean[i];
        bundle->mean[i] += away / (double)bundle->curves;
        bundle->squares[i] += away * (curve[i] - bundle->mean[i]);
    }
    er_free(curve);
    return ER_OK;
}

static enum er_status validate_fold(const struct er_regress_spec *spec, const struct er_examples *examples,
                                    const struct er_fold *fold, double *w, struct er_error_sums *held,
                                    struct er_bundle *bundle, struct er_error *err)
{
    struct er_examples fit = {0}, rest = {0};
    enum er_status status = er_examples_rows(examples, fold->fit, fold->n_fit, &fit, err);
    if (status == ER_OK) status = er_examples_rows(examples, fold->held, fold->n_held, &rest, err);
    if (status == ER_OK) status = er_regress_solve(&fit, spec->ridge, spec->cut_off, w, NULL, NULL, err);
    if (status == ER_OK) status = er_regress_errors(&rest, w, held, err);
    if (status == ER_OK && bundle) status = add_curve(bundle, examples->features, w, err);
    er_examples_clear(&fit);
    er_examples_clear(&rest);
    return status;
}

enum er_status er_regress_validate(const struct er_regress_spec *spec, const struct er_examples *examples,
                                   const double *x, struct er_error_sums *held, struct er_bundle *bundle,
                                   const struct er_progress *progress, struct er_error *err)
{
    double *w = er_alloc(examples->features * examples->k, sizeof *w);
    if (!w) return er_fail(err, ER_E_NOMEM, "regress: out of memory for weights");
    enum er_status status = ER_OK;
    for (int64_t i = 0; i < er_folds(spec, examples->n) && status == ER_OK; i++) {
        struct er_fold fold = {0};
        status = er_progress_stopped(progress) ? er_fail(err, ER_E_STOPPED, "regress: interrupted")
                                               : er_fold_open(spec, examples->n, x, i, &fold, err);
        if (status != ER_OK) break;
        status = validate_fold(spec, examples, &fold, w, held, bundle, err);
        er_fold_clear(&fold);
    }
    er_free(w);
    return status;
}
