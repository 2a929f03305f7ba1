/* lazy_run.c - see lazy_run.h.
 *
 *     L = 1/(2n) |f(X) - y|^2      weights -= rate / alpha^2 grad L
 *
 * A step moves outputs by -rate / n K (f - y) to first order, K the kernel of lazy_kernel.h, whatever alpha is.
 *
 * The curve has a record of steps 0 and 1, of those that are the next whole number from GROWTH times the one before, and
 * of the last.
 */
#include "experiments/lazy_run.h"

#include "experiments/lazy_watch.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

static const double GROWTH = 1.25;
enum { STOP_EVERY = 32 };

static int64_t record_after(int64_t step)
{
    return step + (int64_t)fmax(1, ceil((double)step * (GROWTH - 1)));
}

static int64_t records_of(int64_t steps)
{
    int64_t n = 1;
    for (int64_t step = 0; step < steps; n++) step = record_after(step);
    return n;
}

double er_lazy_run_bytes(const struct er_lazy_spec *spec, int64_t n, int64_t m, int64_t d)
{
    return (er_lazy_watch_numbers(n, m, d, spec->units) +
            (double)(records_of(spec->steps) * ER_LAZY_CURVES)) *
           sizeof(double);
}

static void add_record(struct er_spread_result *result, int64_t step, const struct er_lazy_sight *s)
{
    const double value[ER_LAZY_CURVES] = {[ER_LAZY_C_STEP] = (double)step,
                                          [ER_LAZY_C_TRAIN_MSE] = s->train_mse,
                                          [ER_LAZY_C_TEST_MSE] = s->test_mse,
                                          [ER_LAZY_C_TRAIN_ERROR] = s->train_error,
                                          [ER_LAZY_C_TEST_ERROR] = s->test_error,
                                          [ER_LAZY_C_MOVEMENT] = s->movement,
                                          [ER_LAZY_C_SIGN_FLIPS] = s->flips,
                                          [ER_LAZY_C_KERNEL_DISTANCE] = s->distance,
                                          [ER_LAZY_C_ALIGNMENT] = s->alignment,
                                          [ER_LAZY_C_CENTRED] = s->centred,
                                          [ER_LAZY_C_LINEAR_TEST_MSE] = s->linear_test_mse,
                                          [ER_LAZY_C_LINEAR_GAP] = s->gap};
    for (int c = 0; c < ER_LAZY_CURVES; c++) result->curve[c][result->n_curve] = value[c];
    result->n_curve++;
}

static void fill_values(const struct er_lazy_spec *spec, struct er_lazy_watch *w, int64_t steps,
                        const struct er_lazy_sight *s, struct er_spread_result *result)
{
    const double value[ER_LAZY_VALUES] = {[ER_LAZY_STEPS] = (double)steps,
                                          [ER_LAZY_PARAMETERS] =
                                              (double)(spec->units * (w->split->train.d + 1)),
                                          [ER_LAZY_TRAIN_MSE] = s->train_mse,
                                          [ER_LAZY_TEST_MSE] = s->test_mse,
                                          [ER_LAZY_TRAIN_ERROR] = s->train_error,
                                          [ER_LAZY_TEST_ERROR] = s->test_error,
                                          [ER_LAZY_MOVEMENT] = s->movement,
                                          [ER_LAZY_SIGN_FLIPS] = s->flips,
                                          [ER_LAZY_KERNEL_DISTANCE] = s->distance,
                                          [ER_LAZY_KERNEL_ANGLE] = s->angle,
                                          [ER_LAZY_ALIGNMENT_START] = w->alignment,
                                          [ER_LAZY_ALIGNMENT] = s->alignment,
                                          [ER_LAZY_CENTRED_START] = w->centred,
                                          [ER_LAZY_CENTRED] = s->centred,
                                          [ER_LAZY_LINEAR_TEST_MSE] = s->linear_test_mse,
                                          [ER_LAZY_LINEAR_GAP] = s->gap,
                                          [ER_LAZY_LIMIT_TEST_MSE] = er_lazy_watch_limit(w),
                                          [ER_LAZY_INFINITE_DISTANCE] = w->infinite};
    for (int v = 0; v < ER_LAZY_VALUES; v++) result->value[v] = isfinite(value[v]) ? value[v] : (double)NAN;
}

/* c = rate / alpha^2 times the slope of L with respect to the outputs. */
static void step(const struct er_lazy_spec *spec, struct er_lazy_watch *w)
{
    const struct er_regression *train = &w->split->train;
    const double factor = spec->rate / (spec->alpha * spec->alpha * (double)train->n);
    for (int64_t i = 0; i < train->n; i++) w->c[i] = factor * (w->f[i] - train->y[i]);
    er_lazy_network_move(&w->network, train->n, train->x, w->c, w->hidden);
    er_lazy_network_outputs(&w->network, train->n, train->x, w->hidden, w->f);
}

static enum er_status descend(const struct er_lazy_spec *spec, struct er_lazy_watch *w,
                              const struct er_progress *progress, struct er_spread_result *result,
                              struct er_error *err)
{
    struct er_lazy_sight sight;
    for (int64_t t = 0, next = 0;; t++) {
        const double mse = er_lazy_mse(&w->split->train, w->f);
        const bool diverged = !isfinite(mse), reached = mse <= spec->until,
                   last = diverged || reached || t == spec->steps;
        if (t % STOP_EVERY == 0 && er_progress_stopped(progress))
            return er_fail(err, ER_E_STOPPED, "lazy: interrupted");
        if (t == next || last) {
            er_lazy_watch_look(w, spec->rate, (double)t, &sight);
            add_record(result, t, &sight);
            next = record_after(next);
        }
        if (last) {
            fill_values(spec, w, t, &sight, result);
            result->outcome = diverged ? "diverged" : reached ? "train_mse" : "steps";
            if (diverged)
                snprintf(result->note, sizeof result->note,
                         "the squared error was no finite number at step %" PRId64, t);
            return ER_OK;
        }
        step(spec, w);
    }
}

enum er_status er_lazy_run(const struct er_lazy_spec *spec, const struct er_regression_split *split,
                           const struct er_progress *progress, struct er_spread_result *result,
                           struct er_error *err)
{
    struct er_lazy_network network;
    struct er_lazy_watch watch;
    enum er_status status = er_lazy_network_new(split->train.d, spec->units, spec->alpha, spec->doubled,
                                                spec->seed, &network, err);
    if (status == ER_OK) status = er_lazy_watch_new(&network, split, &watch, err);
    if (status != ER_OK) return status;
    status = er_spread_curves(result, "lazy", ER_LAZY_CURVES, records_of(spec->steps) + 1, err);
    if (status == ER_OK) status = descend(spec, &watch, progress, result, err);
    er_lazy_watch_clear(&watch);
    return status;
}
