/* trainee.c - memory of one member, and its single step. */
#include "train/trainee.h"

#include "core/vector.h"
#include "train/schedule.h"

#include <ermine/memory.h>
#include <ermine/random.h>
#include <math.h>
#include <string.h>

/* The batch size in force: `n` when all examples are taken at once. */
static int64_t batch_of(const struct er_member *m)
{
    const int64_t batch = m->spec.optimiser.batch;
    return batch == 0 || batch > m->train->n ? m->train->n : batch;
}

/* The sizes of the batches that a member meets (0: none): whole chunks and the rest of either set, whole
 * batches and the rest of the training set. */
static void batch_sizes(const struct er_member *m, int64_t size[ER_TRAIN_PLANS])
{
    const int64_t n = m->train->n, n_test = m->test ? m->test->n : 0, batch = batch_of(m);
    size[0] = n >= ER_TRAIN_CHUNK || n_test >= ER_TRAIN_CHUNK ? ER_TRAIN_CHUNK : 0;
    size[1] = n % ER_TRAIN_CHUNK;
    size[2] = n_test % ER_TRAIN_CHUNK;
    size[3] = batch < n ? batch : 0;
    size[4] = batch < n ? n % batch : 0;
}

enum er_status er_trainee_plans(const struct er_member *m, struct er_plans *plans, struct er_error *err)
{
    int64_t size[ER_TRAIN_PLANS];
    batch_sizes(m, size);
    enum er_status status = ER_OK;
    for (int i = 0; i < ER_TRAIN_PLANS && status == ER_OK; i++)
        status = er_plans_add(plans, m->net, size[i], err);
    return status;
}

const struct er_plan *er_trainee_plan_of(const struct er_trainee *t, int64_t rows)
{
    int i = 0;
    while (er_plan_rows(t->plan[i]) != rows) i++;
    return t->plan[i];
}

/* Notes the member's plans; the bytes of scratch that the hungriest of them needs. */
static size_t take_plans(struct er_trainee *t, const struct er_plans *plans)
{
    int64_t size[ER_TRAIN_PLANS];
    batch_sizes(t->member, size);
    size_t most = 0;
    for (int i = 0; i < ER_TRAIN_PLANS; i++) {
        if (size[i] == 0) continue;
        const struct er_plan *plan = er_plans_get(plans, t->member->net, size[i]);
        const size_t bytes = er_plan_scratch_bytes(plan);
        most = bytes > most ? bytes : most;
        t->plan[t->n_plans++] = plan;
    }
    return most;
}

enum er_status er_trainee_open(struct er_trainee *t, const struct er_member *m, const struct er_plans *plans,
                               struct er_error *err)
{
    *t = (struct er_trainee){.member = m, .order_epoch = -1, .best_loss = INFINITY};
    t->optimiser = er_optimiser_find(m->spec.optimiser.name);
    t->n_states = t->optimiser->states(&m->spec.optimiser);
    t->P = er_net_parameters(m->net);
    t->n = m->train->n;
    t->d = er_shape_size(m->train->shape);
    t->batch = batch_of(m);
    t->steps_per_epoch = (t->n + t->batch - 1) / t->batch;
    const bool whole = t->batch == t->n;
    t->w = er_alloc(t->P, sizeof *t->w);
    t->g = er_alloc(t->P, sizeof *t->g);
    t->total = er_alloc(whole ? t->P : 0, sizeof *t->total);
    t->state = er_alloc(t->n_states * t->P, sizeof *t->state);
    t->x = er_alloc(whole ? 0 : t->batch * t->d, sizeof *t->x);
    t->label = er_alloc(whole ? 0 : t->batch, sizeof *t->label);
    t->order = er_alloc(whole ? 0 : t->n, sizeof *t->order);
    t->scratch = er_alloc((int64_t)take_plans(t, plans), 1);
    if (!t->w || !t->g || !t->total || !t->state || !t->x || !t->label || !t->order || !t->scratch)
        return er_fail(err, ER_E_NOMEM, "train: out of memory for a member of %lld parameters",
                       (long long)t->P);
    er_net_initialise(m->net, m->seed_initialise, t->w);
    return ER_OK;
}

void er_trainee_clear(struct er_trainee *t)
{
    er_free(t->w);
    er_free(t->g);
    er_free(t->total);
    er_free(t->state);
    er_free(t->x);
    er_free(t->label);
    er_free(t->order);
    er_free(t->scratch);
    er_free(t->curve);
    *t = (struct er_trainee){0};
}

double er_trainee_rate(const struct er_trainee *t)
{
    const struct er_train_spec *spec = &t->member->spec;
    const double S = (double)t->steps_per_epoch;
    double epochs = (double)spec->stop.epochs, e = (double)t->steps / S;
    if (spec->stop.steps > 0) epochs = fmin(epochs, (double)spec->stop.steps / S);
    if (e < spec->schedule.warm_up) e = fmin((double)(t->steps + 1) / S, spec->schedule.warm_up);
    return spec->optimiser.rate * er_schedule_factor(&spec->schedule, e, epochs);
}

ER_VECTOR
static void add(int64_t n, const float *restrict from, float *restrict to)
{
#pragma omp simd
    for (int64_t i = 0; i < n; i++) to[i] += from[i];
}

/* The gradient of all examples, chunk after chunk in the order of the data. */
static const float *whole_gradient(struct er_trainee *t, double *loss_sum)
{
    const struct er_dataset *train = t->member->train;
    for (int64_t i = 0; i < t->n; i += ER_TRAIN_CHUNK) {
        const int64_t rows = t->n - i < ER_TRAIN_CHUNK ? t->n - i : ER_TRAIN_CHUNK;
        double loss;
        int64_t errors;
        er_plan_gradient(er_trainee_plan_of(t, rows), t->w, train->x + i * t->d, train->label + i,
                         1.0f / (float)t->n, i ? t->g : t->total, &loss, &errors, t->scratch);
        *loss_sum += loss;
        if (i) add(t->P, t->g, t->total);
    }
    return t->total;
}

/* The gradient of the batch that comes next in this epoch's order; the last one of an epoch may be short. */
static const float *batch_gradient(struct er_trainee *t, int64_t *rows, double *loss_sum)
{
    const struct er_dataset *train = t->member->train;
    const int64_t epoch = t->steps / t->steps_per_epoch, first = t->steps % t->steps_per_epoch * t->batch;
    if (t->order_epoch != epoch) {
        struct er_random r =
            er_random_open(t->member->seed_batches, er_stream(ER_PURPOSE_BATCHES, (uint64_t)epoch));
        er_random_permutation(&r, t->n, t->order);
        t->order_epoch = epoch;
    }
    *rows = t->n - first < t->batch ? t->n - first : t->batch;
    for (int64_t b = 0; b < *rows; b++) {
        const int64_t i = t->order[first + b];
        memcpy(t->x + b * t->d, train->x + i * t->d, (size_t)t->d * sizeof *t->x);
        t->label[b] = train->label[i];
    }
    int64_t errors;
    er_plan_gradient(er_trainee_plan_of(t, *rows), t->w, t->x, t->label, 1.0f / (float)*rows, t->g, loss_sum,
                     &errors, t->scratch);
    return t->g;
}

double er_trainee_step(struct er_trainee *t)
{
    t->rate = er_trainee_rate(t);
    int64_t rows = t->n;
    double loss_sum = 0;
    const float *g = t->batch == t->n ? whole_gradient(t, &loss_sum) : batch_gradient(t, &rows, &loss_sum);
    t->steps++;
    t->optimiser->step(&t->member->spec.optimiser, t->rate, t->steps, t->P, g, t->w, t->state);
    t->flops += er_net_gradient_flops(t->member->net) * (double)rows;
    return loss_sum / (double)rows;
}
