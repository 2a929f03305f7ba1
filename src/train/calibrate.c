/* calibrate.c - how long a member's steps and records take here, from a few of each. */
#include "core/clock.h"
#include "train/trainee.h"

#include <ermine/memory.h>
#include <math.h>

/* The mean time of a step with a whole batch, over at least three and at least half of `seconds`; the first one
 * warms up. */
static double time_steps(struct er_trainee *t, double seconds)
{
    double total = 0;
    int counted = -1;
    const double begin = er_clock_s();
    while (counted < 3 || er_clock_s() - begin < seconds / 2) {
        const bool whole = t->steps_per_epoch == 1 || t->n % t->batch == 0 ||
                           t->steps % t->steps_per_epoch < t->steps_per_epoch - 1;
        const double start = er_clock_s();
        er_trainee_step(t);
        if (whole && counted++ >= 0) total += er_clock_s() - start;
    }
    return total / counted;
}

/* The time of a record: one chunk of it is measured, the rest takes its time in proportion. */
static enum er_status time_record(const struct er_trainee *t, double *seconds, struct er_error *err)
{
    const struct er_dataset *train = t->member->train;
    const int64_t rows = t->chunk < t->n ? t->chunk : t->n;
    const struct er_network network = er_trainee_network(t, false);
    struct er_plan *plan = NULL;
    double loss_sum, start = 0;
    int64_t errors;
    enum er_status status = er_plan_new(t->member->net, rows, &plan, err);
    if (status != ER_OK) return status;
    void *scratch = er_alloc((int64_t)er_plan_call_bytes(plan, 1, ER_PLAN_FORWARD), 1);
    if (!scratch) status = er_fail(err, ER_E_NOMEM, "train: out of memory");
    for (int i = 0; i < 2 && scratch; i++) { /* once to warm up */
        start = er_clock_s();
        er_plan_loss(plan, &network, train->x, train->label, &loss_sum, &errors, scratch);
    }
    *seconds =
        (er_clock_s() - start) * (double)(t->n + (t->member->test ? t->member->test->n : 0)) / (double)rows;
    er_free(scratch);
    er_plan_free(plan);
    return status;
}

enum er_status er_train_calibrate(const struct er_member *member, double seconds, double *step_s,
                                  double *record_s, struct er_error *err)
{
    struct er_plans plans = {0};
    struct er_trainee t = {0};
    enum er_status status = er_trainee_plans(member, &plans, err);
    if (status == ER_OK) status = er_trainee_open(&t, member, &plans, NULL, err);
    if (status == ER_OK) *step_s = time_steps(&t, seconds);
    if (status == ER_OK) status = time_record(&t, record_s, err);
    er_trainee_clear(&t);
    er_plans_clear(&plans);
    return status;
}
