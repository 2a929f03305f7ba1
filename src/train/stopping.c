/* stopping.c - a member from step to step until one of its rules says stop.
 *
 * The rules on error, loss and plateau are looked at where the curve is recorded: at ends of epochs. The
 * record after the last step is always there.
 */
#include "core/clock.h"
#include "math/finite.h"
#include "train/trainee.h"

#include <math.h>
#include <stdio.h>

static void stop(struct er_trainee *t, enum er_stop_reason reason)
{
    t->stopped = true;
    t->reason = reason;
}

static const char *infinite_or_nan(double value)
{
    return isnan(value) ? "NaN" : "infinite";
}

static void diverge(struct er_trainee *t, const char *what, const char *became)
{
    stop(t, ER_STOP_DIVERGED);
    snprintf(t->cause, sizeof t->cause, "%s became %s at step %lld (epoch %.4g)", what, became,
             (long long)t->steps, (double)t->steps / (double)t->steps_per_epoch);
}

/* One of the extra records of the first epoch is due after this step: at the first step at or past i / (early
 * + 1). */
static bool early_due(const struct er_trainee *t)
{
    const int64_t parts = t->member->spec.early + 1, S = t->steps_per_epoch;
    if (parts == 1 || t->steps >= S) return false;
    return t->steps * parts / S > (t->steps - 1) * parts / S;
}

/* A newest record that is not finite, or weights that are not: an activation that saturates hides them from
 * the loss. */
static void check_finite(struct er_trainee *t)
{
    const double loss = t->curve[t->n_curve - 1].train_loss;
    if (!isfinite(loss)) {
        diverge(t, "the training loss", infinite_or_nan(loss));
        return;
    }
    const int64_t i = er_first_not_finite(t->P, t->w);
    if (i >= 0) diverge(t, "a weight", infinite_or_nan((double)t->w[i]));
}

/* The rules that look at the newest record, which ends an epoch. */
static void apply_rules(struct er_trainee *t, int64_t epoch)
{
    const struct er_stop *rule = &t->member->spec.stop;
    const struct er_curve_point *p = &t->curve[t->n_curve - 1];
    if (p->train_loss < t->best_loss * (1 - 1e-4)) {
        t->best_loss = p->train_loss;
        t->best_epoch = epoch;
    }
    if (p->train_error <= rule->train_error)
        stop(t, ER_STOP_TRAIN_ERROR);
    else if (p->train_loss <= rule->train_loss)
        stop(t, ER_STOP_TRAIN_LOSS);
    else if (rule->plateau > 0 && epoch - t->best_epoch >= rule->plateau)
        stop(t, ER_STOP_PLATEAU);
}

/* The newest record is complete, and whoever listens hears of it. It is known by now whether it is the last. */
static enum er_status complete(struct er_trainee *t, const struct er_trainee_hooks *hooks,
                               struct er_error *err)
{
    if (t->stopped || !t->member->spec.test_last) er_trainee_record_test(t);
    if (!hooks->record) return ER_OK;
    const struct er_kept at = er_trainee_kept(t, t->steps == 0 ? ER_KEPT_INIT
                                                 : t->stopped  ? ER_KEPT_END
                                                               : ER_KEPT_EPOCH);
    return hooks->record(hooks->ctx, &t->curve[t->n_curve - 1], &at, err);
}

static enum er_status judge(struct er_trainee *t, bool finite, double seconds,
                            const struct er_trainee_hooks *hooks, struct er_error *err)
{
    const struct er_train_spec *spec = &t->member->spec;
    if (!finite) {
        diverge(t, "an output of the network", "infinite or NaN");
        const enum er_status status = er_trainee_record(t, err);
        return status == ER_OK ? complete(t, hooks, err) : status;
    }
    const int64_t epoch = t->steps / t->steps_per_epoch;
    const bool ends_epoch = t->steps % t->steps_per_epoch == 0;
    bool last = false;
    if (ends_epoch && epoch >= spec->stop.epochs) {
        last = true;
        stop(t, ER_STOP_EPOCHS);
    } else if (spec->stop.steps > 0 && t->steps >= spec->stop.steps) {
        last = true;
        stop(t, ER_STOP_STEPS);
    } else if (ends_epoch && spec->stop.seconds > 0 && seconds >= spec->stop.seconds) {
        last = true;
        stop(t, ER_STOP_SECONDS);
    }
    if (!last && !(ends_epoch && epoch % spec->every == 0) && !early_due(t)) return ER_OK;
    const enum er_status status = er_trainee_record(t, err);
    if (status != ER_OK) return status;
    check_finite(t);
    if (ends_epoch && t->reason != ER_STOP_DIVERGED) apply_rules(t, epoch);
    return complete(t, hooks, err);
}

/* What a step leads to: a record, a rule that stops, a network that is kept. */
static enum er_status after_step(struct er_trainee *t, bool finite, double seconds,
                                 const struct er_trainee_hooks *hooks, struct er_error *err)
{
    enum er_status status = judge(t, finite, seconds, hooks, err);
    if (status == ER_OK && t->steps % t->steps_per_epoch == 0)
        status = er_trainee_keep(t, ER_KEPT_EPOCH, hooks, err);
    if (status == ER_OK && t->stopped) status = er_trainee_keep(t, ER_KEPT_END, hooks, err);
    return status;
}

enum er_status er_trainee_run(struct er_trainee *t, const struct er_trainee_hooks *hooks,
                              struct er_error *err)
{
    const double before = t->seconds;
    double start = er_clock_s();
    if (t->n_curve == 0) {
        enum er_status status = er_trainee_record(t, err);
        if (status != ER_OK) return status;
        check_finite(t);
        status = complete(t, hooks, err);
        if (status == ER_OK) status = er_trainee_keep(t, ER_KEPT_INIT, hooks, err);
        if (status != ER_OK) return status;
        if (t->stopped) return er_trainee_keep(t, ER_KEPT_END, hooks, err);
    }
    start -= before;
    while (!t->stopped) {
        const bool finite = er_trainee_step(t);
        t->seconds = er_clock_s() - start;
        enum er_status status = after_step(t, finite, t->seconds, hooks, err);
        if (status != ER_OK) return status;
        t->seconds = er_clock_s() - start;
        if (!t->stopped && hooks->leave(hooks->ctx, t)) break;
    }
    return ER_OK;
}
