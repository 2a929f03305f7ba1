/* measured.c - a run as its measures see it: what it has, and what they ask for. */
#include "measures/measured.h"

#include "measures/perturbed.h"
#include "measures/weight_posterior.h"
#include "net/net.h"

#include <ermine/memory.h>
#include <ermine/networks.h>
#include <math.h>

static enum er_status check_set(const struct er_net *net, const struct er_dataset *set, const char *which,
                                struct er_error *err)
{
    if (!set) return ER_OK;
    if (set->n < 1) return er_fail(err, ER_E_USAGE, "measures: the %s set has no examples", which);
    return er_net_check_data(net, set, err);
}

static enum er_status check(const struct er_measured *what, struct er_error *err)
{
    const struct er_net *net = what->net;
    const bool moments = er_net_statistics(net) > 0;
    if (moments && ((what->w && !what->statistics) || (what->initial_w && !what->initial_statistics) ||
                    (what->first_epoch_w && !what->first_epoch_statistics)))
        return er_fail(err, ER_E_USAGE,
                       "measures: the net has batch norm, and its running statistics are missing");
    const enum er_status status = check_set(net, what->train, "training", err);
    return status == ER_OK ? check_set(net, what->test, "test", err) : status;
}

enum er_status er_measured_run_new(const struct er_measured *what, struct er_pool *pool,
                                   struct er_measured_run **out, struct er_error *err)
{
    const enum er_status status = check(what, err);
    if (status != ER_OK) return status;
    struct er_measured_run *run = er_alloc(1, sizeof *run);
    if (!run) return er_fail(err, ER_E_NOMEM, "measures: out of memory");
    *run = (struct er_measured_run){
        .is = *what, .pool = pool, .train_error = what->train_error, .test_error = what->test_error};
    *out = run;
    return ER_OK;
}

void er_measured_run_free(struct er_measured_run *run)
{
    if (!run) return;
    er_free(run->outputs);
    er_free(run->margins);
    er_derivatives_free(run->derivatives);
    er_perturbed_free(run->perturbed);
    er_measured_flatness_free(run->flatness);
    er_measured_kernel_free(run->kernel);
    for (int i = 0; i < 2; i++) {
        er_weight_posterior_free(run->posterior[i]);
        er_chain_clear(&run->chain[i]);
        er_folded_clear(&run->folded[i]);
        er_free(run->radius[i]);
    }
    er_layer_norms_clear(&run->norms);
    er_free(run);
}

/* What a run has, as needs. */
static unsigned has(const struct er_measured *is)
{
    return (is->w ? ER_NEEDS_WEIGHTS : 0) | (is->initial_w ? ER_NEEDS_INITIAL : 0) |
           (is->train ? ER_NEEDS_TRAIN : 0) | (is->test ? ER_NEEDS_TEST : 0) |
           (is->first_epoch_w ? ER_NEEDS_FIRST_EPOCH : 0) | (is->course ? ER_NEEDS_COURSE : 0) |
           (is->w && is->train ? ER_NEEDS_OUTPUTS | ER_NEEDS_DERIVATIVES | ER_NEEDS_GRADIENTS |
                                     ER_NEEDS_PERTURBED | ER_NEEDS_KERNEL
                               : 0);
}

static const struct {
    enum er_measure_need need;
    const char *name;
} needs[] = {{ER_NEEDS_WEIGHTS, "the weights"},
             {ER_NEEDS_INITIAL, "the initial weights"},
             {ER_NEEDS_TRAIN, "the training set"},
             {ER_NEEDS_TEST, "a test set"},
             {ER_NEEDS_OUTPUTS, "the weights and the training set"},
             {ER_NEEDS_DERIVATIVES, "the weights and the training set"},
             {ER_NEEDS_FIRST_EPOCH, "the weights after the first epoch"},
             {ER_NEEDS_COURSE, "the training loss along the training"},
             {ER_NEEDS_GRADIENTS, "the weights and the training set"},
             {ER_NEEDS_PERTURBED, "the weights and the training set"},
             {ER_NEEDS_KERNEL, "the weights and the training set"}};

static enum er_status check_needs(const struct er_measure *measure, const struct er_measured_run *run,
                                  struct er_error *err)
{
    for (size_t i = 0; i < sizeof needs / sizeof needs[0]; i++)
        if (measure->needs & needs[i].need & ~has(&run->is))
            return er_fail(err, ER_E_UNSUPPORTED, "%s needs %s", measure->name, needs[i].name);
    return ER_OK;
}

enum er_status er_measure_compute(const struct er_measure *measure, struct er_measured_run *run, double *out,
                                  struct er_error *err)
{
    double value;
    enum er_status status = check_needs(measure, run, err);
    if (status == ER_OK) status = measure->compute(run, &value, err);
    if (status != ER_OK) return status;
    if (!isfinite(value)) return er_fail(err, ER_E_NONFINITE, "%s: its value is %g", measure->name, value);
    *out = value;
    return ER_OK;
}

enum er_status er_measure_test_error(const struct er_measure *measure, struct er_measured_run *run,
                                     double *out, struct er_error *err)
{
    if (measure->guarantee == ER_GUARANTEE_NONE)
        return er_fail(err, ER_E_UNSUPPORTED, "%s guarantees no error", measure->name);
    if (!run->is.test || !run->is.w)
        return er_fail(err, ER_E_UNSUPPORTED, "%s: its error needs weights and a test set", measure->name);
    const enum er_status status = check_needs(measure, run, err);
    if (status != ER_OK) return status;
    return measure->test_error ? measure->test_error(run, out, err) : er_measured_test_error(run, out, err);
}

/* A coordinate's sum is over examples in their order. */
enum er_status er_measured_inputs(struct er_measured_run *run, struct er_input_norms *out,
                                  struct er_error *err)
{
    if (!run->has_inputs) {
        const struct er_dataset *set = run->is.train;
        const int64_t D = er_shape_size(set->shape);
        double all = 0, most = 0, longest = 0, *square = er_alloc(D, sizeof *square);
        if (!square) return er_fail(err, ER_E_NOMEM, "measures: out of memory for %lld sums", (long long)D);
        for (int64_t i = 0; i < set->n; i++) {
            double own = 0;
            for (int64_t k = 0; k < D; k++) {
                const double x = (double)set->x[i * D + k];
                square[k] += x * x;
                own += x * x;
            }
            longest = fmax(longest, own);
        }
        for (int64_t k = 0; k < D; k++) {
            all += square[k];
            most = fmax(most, square[k]);
        }
        er_free(square);
        run->inputs = (struct er_input_norms){sqrt(all), sqrt(most / (double)set->n), sqrt(longest)};
        run->has_inputs = true;
    }
    *out = run->inputs;
    return ER_OK;
}

enum er_status er_measured_test_error(struct er_measured_run *run, double *out, struct er_error *err)
{
    if (isnan(run->test_error)) {
        const struct er_network network = {.w = run->is.w, .statistics = run->is.statistics};
        struct er_network_measures measures;
        const enum er_status status = er_network_measure(run->is.net, &network, run->is.test, &measures, err);
        if (status != ER_OK) return status;
        run->test_error = measures.error;
    }
    *out = run->test_error;
    return ER_OK;
}

enum er_status er_measured_train_error(struct er_measured_run *run, double *out, struct er_error *err)
{
    struct er_margins margins;
    if (isnan(run->train_error)) {
        const enum er_status status = er_measured_margins(run, &margins, err);
        if (status != ER_OK) return status;
        run->train_error = 1 - (double)margins.right / (double)margins.m;
    }
    *out = run->train_error;
    return ER_OK;
}

enum er_status er_measured_derivatives(struct er_measured_run *run, struct er_derivatives **out,
                                       struct er_error *err)
{
    const struct er_measured *is = &run->is;
    if (!run->derivatives) {
        run->network = (struct er_network){.w = is->w, .statistics = is->statistics};
        const enum er_status status =
            er_derivatives_new(is->net, &run->network, is->train, run->pool, NULL, &run->derivatives, err);
        if (status != ER_OK) return status;
    }
    *out = run->derivatives;
    return ER_OK;
}

static enum er_status folded_of(struct er_measured_run *run, int which, const float *w,
                                const float *statistics, const struct er_folded **out, struct er_error *err)
{
    if (!run->has_folded[which]) {
        const struct er_network network = {.w = w, .statistics = statistics};
        const enum er_status status = er_folded_new(run->is.net, &network, &run->folded[which], err);
        if (status != ER_OK) return status;
        run->has_folded[which] = true;
    }
    *out = &run->folded[which];
    return ER_OK;
}

enum er_status er_measured_folded(struct er_measured_run *run, const struct er_folded **out,
                                  struct er_error *err)
{
    return folded_of(run, 0, run->is.w, run->is.statistics, out, err);
}

enum er_status er_measured_initial_folded(struct er_measured_run *run, const struct er_folded **out,
                                          struct er_error *err)
{
    return folded_of(run, 1, run->is.initial_w, run->is.initial_statistics, out, err);
}

enum er_status er_measured_gradient_moments(struct er_measured_run *run, struct er_gradient_moments *out,
                                            struct er_error *err)
{
    if (!run->has_moments) {
        struct er_derivatives *derivatives;
        enum er_status status = er_measured_derivatives(run, &derivatives, err);
        if (status == ER_OK) status = er_derivatives_moments(derivatives, &run->moments, NULL, err);
        if (status != ER_OK) return status;
        run->has_moments = true;
    }
    *out = run->moments;
    return ER_OK;
}

static enum er_status chain_of(struct er_measured_run *run, int which, const float *w,
                               const float *statistics, const struct er_chain **out, struct er_error *err)
{
    if (!run->has_chain[which]) {
        const struct er_network network = {.w = w, .statistics = statistics};
        const enum er_status status = er_chain_new(run->is.net, &network, &run->chain[which], err);
        if (status != ER_OK) return status;
        run->has_chain[which] = true;
    }
    *out = &run->chain[which];
    return ER_OK;
}

enum er_status er_measured_chain(struct er_measured_run *run, const struct er_chain **out,
                                 struct er_error *err)
{
    return chain_of(run, 0, run->is.w, run->is.statistics, out, err);
}

enum er_status er_measured_initial_chain(struct er_measured_run *run, const struct er_chain **out,
                                         struct er_error *err)
{
    return chain_of(run, 1, run->is.initial_w, run->is.initial_statistics, out, err);
}
