/* speed.c - times er_train() on synthetic data. */
#include "speed.h"

#include "core/clock.h"

#include <ermine/memory.h>
#include <ermine/train.h>

#include <math.h>

enum { REPEATS = 3, MEMBERS_PER_THREAD = 2 };
static const double target_flops = 2e10; /* of one member: about a fifth of a second */

struct sum {
    double flops, first_loss, last_loss;
};

/* Calls come from any worker; each member has a sum of its own. */
static enum er_status on_end(void *ctx, int64_t member, const struct er_train_result *result,
                             struct er_error *err)
{
    (void)err;
    struct sum *sum = (struct sum *)ctx + member;
    sum->flops = result->flops;
    sum->first_loss = result->curve[0].train_loss;
    sum->last_loss = result->curve[result->n_curve - 1].train_loss;
    return ER_OK;
}

/* Trains once; *flops is the sum over members. */
static enum er_status train(const struct er_member *member, struct sum *sum, int64_t n, struct er_pool *pool,
                            const struct er_progress *progress, double *flops, struct er_error *err)
{
    const struct er_progress silent = {.stop = progress->stop};
    struct er_train_events events = {.ctx = sum, .end = on_end};
    enum er_status status = er_train(member, n, pool, &silent, &events, err);
    if (status != ER_OK) return status;
    *flops = 0;
    for (int64_t i = 0; i < n; i++) {
        *flops += sum[i].flops;
        if (!(sum[i].last_loss < sum[i].first_loss))
            return er_fail(err, ER_E_NONFINITE, "the training loss of member %d did not fall: from %g to %g",
                           (int)i, sum[i].first_loss, sum[i].last_loss);
    }
    return ER_OK;
}

enum er_status speed_measure(const struct timed_case *what, struct er_pool *pool,
                             const struct er_progress *progress, struct speed *out, struct er_error *err)
{
    const int64_t n = (int64_t)MEMBERS_PER_THREAD * er_pool_threads(pool);
    struct er_split split = {0};
    struct er_net *net = NULL;
    struct er_member *member = er_alloc(n, sizeof *member);
    struct sum *sum = er_alloc(n, sizeof *sum);
    struct speed best = {.seconds = INFINITY};
    enum er_status status = ER_OK;
    if (!member || !sum) {
        status = er_fail(err, ER_E_NOMEM, "out of memory");
        goto done;
    }
    status = timed_data(what, &split, err);
    if (status == ER_OK) status = timed_net(what, &net, err);
    if (status != ER_OK) goto done;

    struct er_train_spec spec = er_train_spec_default();
    spec.optimiser.rate = 0.01;
    spec.optimiser.momentum = 0.9;
    spec.optimiser.batch = what->batch;
    spec.stop.epochs = 1 + (int64_t)(target_flops / (3 * er_net_flops(net) * (double)split.train.n));
    spec.every = spec.stop.epochs;
    for (int64_t i = 0; i < n; i++)
        member[i] = (struct er_member){.net = net,
                                       .train = &split.train,
                                       .spec = spec,
                                       .seed_initialise = (uint64_t)i,
                                       .seed_batches = (uint64_t)i};

    for (int repeat = 0; repeat < REPEATS && status == ER_OK; repeat++) {
        struct er_progress_report report = {
            .what = what->id, .unit = "trainings", .done = repeat, .total = REPEATS};
        if (progress->report) progress->report(progress->ctx, &report);
        double flops, start = er_clock_s();
        status = train(member, sum, n, pool, progress, &flops, err);
        double seconds = er_clock_s() - start;
        if (status == ER_OK && seconds < best.seconds)
            best = (struct speed){.seconds = seconds, .gflops = flops / seconds / 1e9};
    }
    if (status == ER_OK) *out = best;
done:
    er_net_free(net);
    er_split_clear(&split);
    er_free(member);
    er_free(sum);
    return status;
}
