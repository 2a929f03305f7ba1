/* path_train.c - the bend of a path, trained by Adam on batches at random places.
 *
 *     C <- Adam's step by c(t) dL_batch(phi(t))/dw      t ~ U(0, 1), a new one each step; c = d phi / d C
 *
 * Random numbers: t is a function of (seed, step), the order of examples of (seed, epoch) as in training.
 */
#include "landscape/path.h"
#include "net/net.h"
#include "train/batch.h"
#include "train/optimiser.h"

#include <ermine/memory.h>
#include <ermine/random.h>
#include <math.h>

struct bending {
    const struct er_net *net;
    const struct er_dataset *set;
    const struct er_path_training *training;
    struct er_path path; /* its bend: what is trained */
    float *bend;
    int64_t P, batch, per_epoch;
    struct er_plan *whole, *rest;
    float *w, *g, *state; /* P each, state 2 P */
    float *statistics;    /* S; training reads none of them */
    float *x;
    int32_t *label;
    int64_t *order;
    void *scratch;
};

struct er_path_training er_path_training_default(void)
{
    return (struct er_path_training){.rate = 3e-3, .steps = 1500, .batch = 100};
}

static enum er_status check(const struct er_net *net, const struct er_path *path,
                            const struct er_dataset *set, const struct er_path_training *t,
                            struct er_error *err)
{
    if (path->kind == ER_PATH_LINE) return er_fail(err, ER_E_USAGE, "path: a line has no bend to train");
    if (!(t->rate > 0) || !isfinite(t->rate))
        return er_fail(err, ER_E_USAGE, "path: rate is %g, must be above 0 and finite", t->rate);
    if (t->steps < 1)
        return er_fail(err, ER_E_USAGE, "path: steps is %lld, must be 1 or more", (long long)t->steps);
    if (t->batch < 1)
        return er_fail(err, ER_E_USAGE, "path: batch is %lld, must be 1 or more", (long long)t->batch);
    if (set->n < 1) return er_fail(err, ER_E_USAGE, "path: a data set without examples");
    return er_net_check_data(net, set, err);
}

static enum er_status open_bending(struct bending *b, struct er_error *err)
{
    const int64_t n = b->set->n, S = b->net->n_statistics;
    b->P = b->net->n_parameters;
    b->batch = b->training->batch < n ? b->training->batch : n;
    b->per_epoch = (n + b->batch - 1) / b->batch;
    enum er_status status = er_plan_new(b->net, b->batch, &b->whole, err);
    if (status == ER_OK && n % b->batch) status = er_plan_new(b->net, n % b->batch, &b->rest, err);
    if (status != ER_OK) return status;
    const size_t whole = er_plan_scratch_bytes(b->whole), rest = b->rest ? er_plan_scratch_bytes(b->rest) : 0;
    b->w = er_alloc(b->P, sizeof *b->w);
    b->g = er_alloc(b->P, sizeof *b->g);
    b->state = er_alloc(2 * b->P, sizeof *b->state);
    b->statistics = er_alloc(S, sizeof *b->statistics);
    b->x = er_alloc(b->batch * b->net->n_in, sizeof *b->x);
    b->label = er_alloc(b->batch, sizeof *b->label);
    b->order = er_alloc(n, sizeof *b->order);
    b->scratch = er_alloc((int64_t)(whole > rest ? whole : rest), 1);
    if (b->w && b->g && b->state && b->statistics && b->x && b->label && b->order && b->scratch) return ER_OK;
    return er_fail(err, ER_E_NOMEM, "path: out of memory for a bend of %lld parameters", (long long)b->P);
}

static void close_bending(struct bending *b)
{
    er_plan_free(b->whole);
    er_plan_free(b->rest);
    er_free(b->w);
    er_free(b->g);
    er_free(b->state);
    er_free(b->statistics);
    er_free(b->x);
    er_free(b->label);
    er_free(b->order);
    er_free(b->scratch);
}

/* Gathers the batch of a step; its rows. */
static int64_t gather(const struct bending *b, int64_t step)
{
    const int64_t first = step % b->per_epoch * b->batch, left = b->set->n - first;
    const int64_t rows = left < b->batch ? left : b->batch;
    if (first == 0) {
        struct er_random r =
            er_random_open(b->training->seed, er_stream(ER_PURPOSE_BATCHES, (uint64_t)(step / b->per_epoch)));
        er_random_permutation(&r, b->set->n, b->order);
    }
    er_batch_gather(b->set, NULL, 0, 0, b->order + first, rows, b->x, b->label);
    return rows;
}

static enum er_status step_once(struct bending *b, const struct er_optimiser_ops *adam, int64_t step,
                                double t, struct er_error *err)
{
    const struct er_optimiser rule = {.beta1 = .9, .beta2 = .999, .epsilon = 1e-8};
    const struct er_network network = {.w = b->w,
                                       .statistics = b->statistics,
                                       .training = true,
                                       .seed = b->training->seed,
                                       .step = (uint64_t)step};
    const int64_t rows = gather(b, step);
    const double share = er_path_shares(b->path.kind, t).bend;
    double loss;
    int64_t errors;
    er_path_at(&b->path, b->P, t, b->w);
    er_plan_gradient(rows == b->batch ? b->whole : b->rest, &network, b->x, b->label,
                     (float)(share / (double)rows), b->g, &loss, &errors, b->scratch);
    if (!isfinite(loss))
        return er_fail(err, ER_E_NONFINITE, "path: the loss became %g at step %lld of its bend", loss,
                       (long long)step + 1);
    adam->step(&rule, b->training->rate, step + 1, b->P, b->g, b->bend, b->state, b->P);
    return ER_OK;
}

static enum er_status train(struct bending *b, const struct er_progress *progress, struct er_error *err)
{
    const struct er_optimiser_ops *adam = er_optimiser_find("adam");
    struct er_random places = er_random_open(b->training->seed, er_stream(ER_PURPOSE_PATH, 0));
    const struct er_path line = {.kind = ER_PATH_LINE, .a = b->path.a, .b = b->path.b};
    enum er_status status = ER_OK;
    er_path_at(&line, b->P, 0.5, b->bend);
    for (int64_t step = 0; step < b->training->steps && status == ER_OK; step++) {
        if (er_progress_stopped(progress)) return er_fail(err, ER_E_STOPPED, "path: stopped");
        status = step_once(b, adam, step, er_random_uniform(&places), err);
    }
    return status;
}

enum er_status er_path_train(const struct er_net *net, const struct er_path *path,
                             const struct er_dataset *set, const struct er_path_training *training,
                             const struct er_progress *progress, float *bend, struct er_error *err)
{
    struct bending b = {.net = net, .set = set, .training = training, .path = *path, .bend = bend};
    enum er_status status = check(net, path, set, training, err);
    if (status != ER_OK) return status;
    b.path.bend = bend;
    status = open_bending(&b, err);
    if (status == ER_OK) status = train(&b, progress, err);
    close_bending(&b);
    return status;
}
