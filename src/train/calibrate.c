/* calibrate.c - how long a member's steps and records take here, from a few of each, or from a part of one. */
#include "core/clock.h"
#include "train/trainee.h"

#include <ermine/memory.h>
#include <math.h>

/* The mean time of a step with a whole batch after the first, which warms up: of at least three and for half
 * of `seconds`; of fewer where they take longer than `seconds`, at the least the time of the first. */
static double time_steps(struct er_trainee *t, double seconds, const struct er_progress *progress)
{
    double total = 0, first = 0, spent = 0;
    int64_t counted = 0;
    const double begin = er_clock_s();
    while (spent <= (counted < 3 ? seconds : seconds / 2) && !er_progress_stopped(progress)) {
        const bool whole = t->steps_per_epoch == 1 || t->n % t->batch == 0 ||
                           t->steps % t->steps_per_epoch < t->steps_per_epoch - 1;
        const double start = er_clock_s();
        const bool warms_up = t->steps == 0;
        er_trainee_step(t);
        const double end = er_clock_s();
        if (warms_up)
            first = end - start;
        else if (whole) {
            total += end - start;
            counted++;
        }
        spent = end - begin;
    }
    return counted ? total / (double)counted : first;
}

/* The time of the member's step if it had so many rows. Of all examples at once the first ones are taken. */
static enum er_status try_rows(const struct er_member *member, int64_t rows, bool whole, double seconds,
                               const struct er_progress *progress, double *step_s, struct er_error *err)
{
    struct er_dataset first = *member->train;
    struct er_member m = *member;
    struct er_plans plans = {0};
    struct er_trainee t = {0};
    m.test = NULL;
    if (whole) {
        first.n = rows;
        m.train = &first;
    } else {
        m.spec.optimiser.batch = rows;
    }
    enum er_status status = er_trainee_plans(&m, &plans, err);
    if (status == ER_OK) status = er_trainee_open(&t, &m, &plans, NULL, err);
    if (status == ER_OK) *step_s = time_steps(&t, seconds, progress);
    er_trainee_clear(&t);
    er_plans_clear(&plans);
    return status;
}

/* The time of a step, which may be long: from steps of few rows to steps of more, until they take a good part
 * of `seconds`; the rest takes its time in proportion. */
static enum er_status time_step(const struct er_member *member, double seconds,
                                const struct er_progress *progress, double *step_s, struct er_error *err)
{
    const int64_t n = member->train->n, asked = member->spec.optimiser.batch,
                  chunk = er_net_chunk(member->net);
    const bool whole = asked == 0 || asked >= n;
    const int64_t batch = whole ? n : asked;
    int64_t rows = chunk < batch ? chunk : batch;
    for (;;) {
        const double share = rows < batch ? seconds / 8 : seconds;
        enum er_status status = try_rows(member, rows, whole, share, progress, step_s, err);
        if (status != ER_OK) return status;
        if (rows == batch || *step_s > share || er_progress_stopped(progress)) break;
        rows = rows < batch / 4 ? 4 * rows : batch;
    }
    *step_s *= (double)batch / (double)rows;
    return ER_OK;
}

/* The time of a record: one chunk of it is measured, at the initial weights; the rest takes its time in
 * proportion. */
static enum er_status time_record(const struct er_member *member, double *seconds, struct er_error *err)
{
    const struct er_dataset *train = member->train;
    const int64_t chunk = er_net_chunk(member->net), rows = chunk < train->n ? chunk : train->n;
    const int64_t all = train->n + (member->test && !member->spec.test_last ? member->test->n : 0);
    struct er_plan *plan = NULL;
    double loss_sum, start = 0;
    int64_t errors;
    enum er_status status = er_plan_new(member->net, rows, &plan, err);
    if (status != ER_OK) return status;
    float *w = er_alloc(er_net_parameters(member->net), sizeof *w);
    float *statistics = er_alloc(er_net_statistics(member->net), sizeof *statistics);
    void *scratch = er_alloc((int64_t)er_plan_call_bytes(plan, 1, ER_PLAN_FORWARD), 1);
    if (w && statistics && scratch) {
        er_net_initialise(member->net, member->seed_initialise, w, statistics);
        for (int i = 0; i < 2; i++) { /* once to warm up */
            start = er_clock_s();
            er_plan_loss(plan, &(struct er_network){.w = w, .statistics = statistics}, train->x, train->label,
                         &loss_sum, &errors, scratch);
        }
        *seconds = (er_clock_s() - start) * (double)all / (double)rows;
    } else {
        status = er_fail(err, ER_E_NOMEM, "train: out of memory");
    }
    er_free(w);
    er_free(statistics);
    er_free(scratch);
    er_plan_free(plan);
    return status;
}

enum er_status er_train_calibrate(const struct er_member *member, double seconds,
                                  const struct er_progress *progress, double *step_s, double *record_s,
                                  struct er_error *err)
{
    enum er_status status = time_step(member, seconds, progress, step_s, err);
    if (status == ER_OK && !er_progress_stopped(progress)) status = time_record(member, record_s, err);
    if (status == ER_OK && er_progress_stopped(progress))
        status = er_fail(err, ER_E_STOPPED, "calibration was stopped");
    return status;
}
