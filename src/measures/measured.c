/* measured.c - a run as its measures see it: what it has. */
#include "measures/measured.h"

#include "net/net.h"

#include <ermine/memory.h>
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
    *run = (struct er_measured_run){.is = *what, .pool = pool};
    *out = run;
    return ER_OK;
}

void er_measured_run_free(struct er_measured_run *run)
{
    if (!run) return;
    er_slots_free(run->slots);
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
