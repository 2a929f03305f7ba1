/* growth.c - how the cost of training grows with members, width and batch.
 *
 *     bench_growth [--threads N]
 *
 * Three sweeps around small networks trained by SGD with momentum on 2,048 Gaussian examples: members 1 to
 * 4096 of [64-32-10] at batch 32, width 8 to 2048 of [784-W-10] at batch 64, batch 1 to 1024 of [784-64-10].
 * One JSON object a line: the sweep and its value, time of an example-step (wall time x threads / (members x
 * steps x batch)), the part of the threads' FMA peak, and what a member takes in memory (er_train_memory()).
 * Each training is checked: its loss must fall. The best of three.
 *
 * A training records its losses at its start and its end: the whole set forwards, twice. Two such records,
 * timed by themselves (er_train_calibrate()), are taken off the wall time; of the operations they are below
 * 6%, for there are at least FEWEST_EPOCHS.
 */
#include "core/clock.h"
#include "math/peak.h"
#include "timed.h"

#include <ermine/memory.h>
#include <ermine/train.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { REPEATS = 3, MOST = 4096, FEWEST_EPOCHS = 12, EXAMPLES = 2048 };
static const double TARGET_FLOPS = 4e9,
                    PEAK_SECONDS = 0.2; /* each measurement of the peak, and the calibration */

struct point {
    const char *sweep;
    int64_t value, inputs, width, batch, members;
};

struct trace {
    double flops, first, last;
};

static enum er_status on_end(void *ctx, int64_t member, const struct er_train_result *result,
                             struct er_error *err)
{
    struct trace *t = (struct trace *)ctx + member;
    (void)err;
    *t = (struct trace){result->flops, result->curve[0].train_loss,
                        result->curve[result->n_curve - 1].train_loss};
    return ER_OK;
}

static struct timed_case case_of(const struct point *p, const char *model)
{
    return (struct timed_case){.model = model,
                               .shape = {1, 1, p->inputs},
                               .classes = 10,
                               .batch = p->batch,
                               .members = p->members,
                               .examples = EXAMPLES};
}

/* The best time of all members' training; their losses must fall. */
static enum er_status best_time(const struct er_member *member, const struct point *p, struct er_pool *pool,
                                struct trace *trace, double *seconds, struct er_error *err)
{
    const struct er_train_events events = {.ctx = trace, .end = on_end};
    *seconds = INFINITY;
    for (int i = 0; i < REPEATS; i++) {
        const double start = er_clock_s();
        enum er_status status = er_train(member, p->members, pool, NULL, &events, err);
        if (status != ER_OK) return status;
        *seconds = fmin(*seconds, er_clock_s() - start);
        for (int64_t m = 0; m < p->members; m++)
            if (!(trace[m].last < trace[m].first))
                return er_fail(err, ER_E_NONFINITE, "%s %d: the loss of member %d did not fall", p->sweep,
                               (int)p->value, (int)m);
    }
    return ER_OK;
}

static enum er_status measure(const struct point *p, const struct er_dataset *data, struct er_pool *pool,
                              struct er_error *err)
{
    char model[64];
    snprintf(model, sizeof model, "dense %d, relu, dense", (int)p->width);
    const struct timed_case what = case_of(p, model);
    struct er_net *net = NULL;
    struct er_member *member = er_alloc(p->members, sizeof *member);
    struct trace *trace = er_alloc(p->members, sizeof *trace);
    enum er_status status =
        member && trace ? timed_net(&what, &net, err) : er_fail(err, ER_E_NOMEM, "out of memory");
    if (status != ER_OK) goto done;
    const double epoch = er_net_gradient_flops(net) * (double)(data->n * p->members);
    struct er_train_spec spec = er_train_spec_default();
    spec.optimiser.momentum = 0.9;
    spec.optimiser.rate = fmin(0.01, 2e-4 * (double)p->batch);
    spec.optimiser.batch = p->batch;
    spec.stop.epochs = spec.every = FEWEST_EPOCHS + (int64_t)(TARGET_FLOPS / epoch);
    for (int64_t m = 0; m < p->members; m++)
        member[m] = (struct er_member){.net = net,
                                       .train = data,
                                       .spec = spec,
                                       .seed_initialise = (uint64_t)m,
                                       .seed_batches = (uint64_t)m};
    size_t bytes;
    double step_s, record_s, seconds, flops = 0, peak = er_peak_gflops(pool, PEAK_SECONDS, NULL);
    const int threads = er_pool_threads(pool);
    status = er_train_memory(&member[0], 1, &bytes, err);
    if (status == ER_OK) status = er_train_calibrate(&member[0], PEAK_SECONDS, NULL, &step_s, &record_s, err);
    if (status == ER_OK) status = best_time(member, p, pool, trace, &seconds, err);
    if (status != ER_OK) goto done;
    peak = fmax(peak, er_peak_gflops(pool, PEAK_SECONDS, NULL));
    for (int64_t m = 0; m < p->members; m++) flops += trace[m].flops;
    const double at_once = (double)(p->members < threads ? p->members : threads);
    const double steps_s = seconds - 2 * record_s * (double)p->members / at_once;
    printf("{\"sweep\": \"%s\", \"value\": %d, \"model\": \"%d-%d-10\", \"batch\": %d, \"members\": %d, "
           "\"threads\": %d, \"ns_per_example_step\": %.5g, \"gflops\": %.4g, \"of_peak\": %.3f, "
           "\"member_bytes\": %zu}\n",
           p->sweep, (int)p->value, (int)p->inputs, (int)p->width, (int)p->batch, (int)p->members, threads,
           1e9 * steps_s * threads / (double)(p->members * spec.stop.epochs * data->n), flops / seconds / 1e9,
           flops / seconds / 1e9 / peak, bytes);
    fflush(stdout);
done:
    er_net_free(net);
    er_free(member);
    er_free(trace);
    return status;
}

static enum er_status sweep(struct er_pool *pool, struct er_error *err)
{
    struct er_split small = {0}, image = {0};
    struct timed_case what = case_of(&(struct point){.inputs = 64}, "");
    enum er_status status = timed_data(&what, &small, err);
    what.shape.channels = 784;
    if (status == ER_OK) status = timed_data(&what, &image, err);
    const int64_t pair = 2 * er_pool_threads(pool);
    for (int64_t m = 1; m <= MOST && status == ER_OK; m *= 2)
        status = measure(&(struct point){"members", m, 64, 32, 32, m}, &small.train, pool, err);
    for (int64_t w = 8; w <= 2048 && status == ER_OK; w *= 2)
        status = measure(&(struct point){"width", w, 784, w, 64, pair}, &image.train, pool, err);
    for (int64_t b = 1; b <= 1024 && status == ER_OK; b *= 2)
        status = measure(&(struct point){"batch", b, 784, 64, b, pair}, &image.train, pool, err);
    er_split_clear(&small);
    er_split_clear(&image);
    return status;
}

int main(int argc, char **argv)
{
    struct er_error err = {0};
    struct er_pool *pool = NULL;
    int threads = 0;
    if (argc != 1 && !(argc == 3 && strcmp(argv[1], "--threads") == 0 && timed_threads(argv[2], &threads))) {
        fprintf(stderr, "bench_growth [--threads N], N from 1 to %d\n", ER_POOL_MAX_THREADS);
        return 2;
    }
    enum er_status status = er_pool_new(threads, &pool, &err);
    if (status == ER_OK) status = sweep(pool, &err);
    er_pool_free(pool);
    if (status != ER_OK) fprintf(stderr, "bench_growth: %s\n", err.msg);
    return status != ER_OK;
}
