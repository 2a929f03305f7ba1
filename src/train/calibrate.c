/* calibrate.c - how long a member's steps and records take here, from a few of each. */
#include "core/clock.h"
#include "train/trainee.h"

#include <math.h>

/* At most so many rows of a set are measured; the rest takes its time in proportion. */
static struct er_dataset first_rows(const struct er_dataset *set, int64_t chunk)
{
    struct er_dataset part = *set;
    if (part.n > 2 * chunk) part.n = 2 * chunk;
    return part;
}

/* The least time of a step, of at least three and for at least half of `seconds`. */
static double time_steps(struct er_trainee *t, double seconds)
{
    double least = INFINITY;
    const double begin = er_clock_s();
    for (int i = 0; i < 3 || er_clock_s() - begin < seconds / 2; i++) {
        const double start = er_clock_s();
        er_trainee_step(t);
        least = fmin(least, er_clock_s() - start);
    }
    return least;
}

static enum er_status time_record(const struct er_member *member, double *seconds, struct er_error *err)
{
    const int64_t chunk = er_net_chunk(member->net);
    const struct er_dataset train = first_rows(member->train, chunk),
                            test = member->test ? first_rows(member->test, chunk) : (struct er_dataset){0};
    struct er_member some = *member;
    some.train = &train;
    some.test = member->test ? &test : NULL;
    struct er_plans plans = {0};
    struct er_trainee t = {0};
    enum er_status status = er_trainee_plans(&some, &plans, err);
    if (status == ER_OK) status = er_trainee_open(&t, &some, &plans, NULL, err);
    if (status == ER_OK) status = er_trainee_record(&t, err); /* once to warm up */
    const double start = er_clock_s();
    if (status == ER_OK) status = er_trainee_record(&t, err);
    const double all = (double)(member->train->n + (member->test ? member->test->n : 0));
    *seconds = (er_clock_s() - start) * all / (double)(train.n + test.n);
    er_trainee_clear(&t);
    er_plans_clear(&plans);
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
    er_trainee_clear(&t);
    er_plans_clear(&plans);
    return status == ER_OK ? time_record(member, record_s, err) : status;
}
