/* trainee.c - memory of one member, and its single step. */
#include "train/trainee.h"

#include "net/rows.h"
#include "train/batch.h"
#include "train/schedule.h"

#include <ermine/memory.h>
#include <ermine/random.h>
#include <math.h>
#include <string.h>

/* Floats of a batch: so many may still find room in a cache; so many are called for at the first piece. */
static const int64_t MOST_CALLED_FOR = 1 << 20, AT_ONCE = 2048;

/* The batch size in force: `n` when all examples are taken at once. */
static int64_t batch_of(const struct er_member *m)
{
    const int64_t batch = m->spec.optimiser.batch;
    return batch == 0 || batch > m->train->n ? m->train->n : batch;
}

/* The sizes of the batches that a member meets (0: none): whole chunks and the rest of either set, whole
 * batches and the rest of the training set; all of it where its gradient can't be taken in pieces. */
static void batch_sizes(const struct er_member *m, int64_t size[ER_TRAIN_PLANS])
{
    const int64_t n = m->train->n, n_test = m->test ? m->test->n : 0, batch = batch_of(m);
    const int64_t chunk = er_net_chunk(m->net);
    size[0] = n >= chunk || n_test >= chunk ? chunk : 0;
    size[1] = n % chunk;
    size[2] = n_test % chunk;
    size[3] = batch < n ? batch : 0;
    size[4] = batch < n && !m->spec.drop_rest ? n % batch : 0;
    size[5] = batch == n && er_net_mixes_rows(m->net) ? n : 0;
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

/* Notes the member's plans, and the bytes of scratch that the hungriest of them needs. */
static void take_plans(struct er_trainee *t, const struct er_plans *plans, int parts)
{
    int64_t size[ER_TRAIN_PLANS];
    batch_sizes(t->member, size);
    for (int i = 0; i < ER_TRAIN_PLANS; i++) {
        if (size[i] == 0) continue;
        const struct er_plan *plan = er_plans_get(plans, t->member->net, size[i]);
        const bool evaluates = t->batch < t->n && size[i] != t->batch && size[i] != t->n % t->batch;
        const size_t bytes = er_plan_call_bytes(plan, parts, evaluates ? ER_PLAN_FORWARD : ER_PLAN_BACKWARD);
        t->scratch_bytes = bytes > t->scratch_bytes ? bytes : t->scratch_bytes;
        t->plan[t->n_plans++] = plan;
    }
}

/* Examples that have to be gathered before a step: 0 where all are taken as they are. */
static int64_t gathered(const struct er_trainee *t)
{
    if (t->batch < t->n) return t->batch;
    return er_augment_is_none(&t->member->augment) ? 0 : t->piece;
}

void er_trainee_measure(struct er_trainee *t, const struct er_member *m, const struct er_plans *plans,
                        int parts)
{
    *t = (struct er_trainee){.member = m, .order_epoch = -1, .best_loss = INFINITY};
    t->optimiser = er_optimiser_find(m->spec.optimiser.name);
    t->n_states = t->optimiser->states(&m->spec.optimiser);
    t->P = er_net_parameters(m->net);
    t->S = er_net_statistics(m->net);
    t->n = m->train->n;
    t->d = er_shape_size(m->train->shape);
    t->batch = batch_of(m);
    t->chunk = er_net_chunk(m->net);
    t->piece = er_net_mixes_rows(m->net) ? t->n : t->chunk;
    t->steps_per_epoch = m->spec.drop_rest ? t->n / t->batch : (t->n + t->batch - 1) / t->batch;
    take_plans(t, plans, parts);
}

/* A gradient is stored: that of all examples, or the one by which the optimiser finds where to take its own. */
static bool stores_gradient(const struct er_trainee *t)
{
    return t->batch == t->n || t->optimiser->ascend;
}

/* Arrays of P floats: weights, optimiser state, and what a step needs besides. */
static int64_t arrays(const struct er_trainee *t)
{
    return 1 + t->n_states + (stores_gradient(t) ? 1 : 0) + (t->batch == t->n ? 1 : 0) +
           (t->optimiser->ascend ? 1 : 0);
}

size_t er_trainee_bytes(const struct er_trainee *t)
{
    const size_t floats = (size_t)(arrays(t) * t->P + t->S + gathered(t) * t->d);
    return floats * sizeof *t->w + (size_t)gathered(t) * sizeof *t->label + (size_t)t->n * sizeof *t->order +
           t->scratch_bytes;
}

static void apply_mask(const unsigned char *mask, int64_t n, float *w)
{
    for (int64_t i = 0; i < n; i++) w[i] = mask[i] ? w[i] : 0;
}

enum er_status er_trainee_open(struct er_trainee *t, const struct er_member *m, const struct er_plans *plans,
                               struct er_team *team, struct er_error *err)
{
    er_trainee_measure(t, m, plans, er_team_parts(team));
    t->team = team;
    const bool whole = t->batch == t->n;
    t->w = er_alloc(t->P, sizeof *t->w);
    t->statistics = er_alloc(t->S, sizeof *t->statistics);
    t->state = er_alloc(t->n_states * t->P, sizeof *t->state);
    t->g = er_alloc(stores_gradient(t) ? t->P : 0, sizeof *t->g);
    t->total = er_alloc(whole ? t->P : 0, sizeof *t->total);
    t->ascended = er_alloc(t->optimiser->ascend ? t->P : 0, sizeof *t->ascended);
    t->x = er_alloc(gathered(t) * t->d, sizeof *t->x);
    t->label = er_alloc(gathered(t), sizeof *t->label);
    t->order = er_alloc(t->n, sizeof *t->order);
    t->scratch = er_alloc((int64_t)t->scratch_bytes, 1);
    if (!t->w || !t->statistics || !t->g || !t->total || !t->ascended || !t->state || !t->x || !t->label ||
        !t->order || !t->scratch)
        return er_fail(err, ER_E_NOMEM, "train: out of memory for a member of %lld parameters, %zu bytes",
                       (long long)t->P, er_trainee_bytes(t));
    for (int64_t i = 0; i < t->n; i++) t->order[i] = i;
    er_net_initialise(m->net, m->seed_initialise, t->w, t->statistics);
    if (m->initial) memcpy(t->w, m->initial, (size_t)t->P * sizeof *t->w);
    if (m->initial_statistics && t->S)
        memcpy(t->statistics, m->initial_statistics, (size_t)t->S * sizeof *t->statistics);
    if (m->mask) apply_mask(m->mask, t->P, t->w);
    return ER_OK;
}

void er_trainee_clear(struct er_trainee *t)
{
    er_free(t->w);
    er_free(t->statistics);
    er_free(t->g);
    er_free(t->total);
    er_free(t->ascended);
    er_free(t->state);
    er_free(t->x);
    er_free(t->label);
    er_free(t->order);
    er_free(t->scratch);
    er_free(t->curve);
    *t = (struct er_trainee){0};
}

struct er_network er_trainee_network(const struct er_trainee *t, bool training)
{
    return (struct er_network){.w = t->w,
                               .statistics = t->statistics,
                               .training = training,
                               .seed = t->member->seed_batches,
                               .step = (uint64_t)t->steps};
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

/* The examples order[first ..] of a step, gathered by the whole team. */
struct gathering {
    const struct er_trainee *t;
    int64_t first, rows;
};

static void gather_share(void *ctx, int part)
{
    const struct gathering *g = ctx;
    const struct er_trainee *t = g->t;
    int64_t from, to;
    er_share(g->rows, 1, part, er_team_parts(t->team), &from, &to);
    er_batch_gather(t->member->train, &t->member->augment, t->member->seed_batches,
                    (uint64_t)(t->steps / t->steps_per_epoch), t->order + g->first + from, to - from,
                    t->x + from * t->d, t->label + from);
}

static void gather(const struct er_trainee *t, int64_t first, int64_t rows)
{
    er_team_run(t->team, gather_share, &(struct gathering){.t = t, .first = first, .rows = rows});
}

/* How many floats of the next batch have been called for once the gradient of `made` weights is made: their
 * share, and some more, so that the last ones aren't called for just when they are needed. */
static int64_t called_for(const struct er_trainee *t, int64_t made)
{
    const int64_t floats = t->next_rows * t->d, called = made * floats / t->P + AT_ONCE;
    return made == 0 ? 0 : called < floats ? called : floats;
}

/* The optimiser's step on the piece of the gradient that backward has just made; meanwhile the next batch is
 * called for. */
static void take_piece(void *ctx, int64_t at, int64_t n, const float *g)
{
    const struct er_trainee *t = ctx;
    t->optimiser->step(&t->member->spec.optimiser, t->rate, t->steps + 1, n, g, t->w + at, t->state + at,
                       t->P);
    if (t->next_rows * t->d <= MOST_CALLED_FOR)
        er_batch_call_for(t->member->train, t->order + t->next, called_for(t, t->P - at - n),
                          called_for(t, t->P - at));
}

/* The same of a member with a mask. Apart, since a look at each piece for a mask costs nets that have none up to 3 % of
 * a step. */
static void take_masked_piece(void *ctx, int64_t at, int64_t n, const float *g)
{
    const struct er_trainee *t = ctx;
    take_piece(ctx, at, n, g);
    apply_mask(t->member->mask + at, n, t->w + at);
}

/* Sets t->ascended by the gradient at the weights, of which masked ones have none. */
static void ascend(const struct er_trainee *t, float *g)
{
    if (t->member->mask) apply_mask(t->member->mask, t->P, g);
    t->optimiser->ascend(&t->member->spec.optimiser, t->P, g, t->w, t->ascended);
}

/* t->total = the gradient of all examples at w, piece after piece in the order of the data. */
static bool whole_gradient(struct er_trainee *t, const float *w, float *statistics_next)
{
    const struct er_dataset *train = t->member->train;
    struct er_network network = er_trainee_network(t, true);
    bool all_finite = true;
    network.w = w;
    for (int64_t i = 0; i < t->n; i += t->piece) {
        const int64_t rows = t->n - i < t->piece ? t->n - i : t->piece;
        bool finite;
        if (gathered(t)) gather(t, i, rows);
        er_plan_run(&(struct er_plan_call){
            .plan = er_trainee_plan_of(t, rows),
            .network = &network,
            .statistics_next = statistics_next,
            .first_row = i,
            .x = gathered(t) ? t->x : train->x + i * t->d,
            .label = gathered(t) ? t->label : train->label + i,
            .scale = 1.0f / (float)t->n,
            .scratch = t->scratch,
            .team = t->team,
            .finite = &finite,
            .backward = true,
            .dw = i ? t->g : t->total,
        });
        all_finite &= finite;
        if (i) er_rows_accumulate(t->P, t->g, t->total);
    }
    return all_finite;
}

/* The gradient of all examples; then the step. */
static bool whole_step(struct er_trainee *t)
{
    bool finite = whole_gradient(t, t->w, t->statistics);
    if (t->optimiser->ascend) {
        ascend(t, t->total);
        finite &= whole_gradient(t, t->ascended, NULL);
    }
    (t->member->mask ? take_masked_piece : take_piece)(t, 0, t->P, t->total);
    return finite;
}

/* The gradient at w of the batch that is gathered: stored in t->g, or handed to the optimiser. */
static bool batch_gradient(struct er_trainee *t, int64_t rows, bool stored, const float *w,
                           float *statistics_next)
{
    struct er_network network = er_trainee_network(t, true);
    const struct er_sink sink = {.take = t->member->mask ? take_masked_piece : take_piece, .ctx = t};
    bool finite;
    network.w = w;
    er_plan_run(&(struct er_plan_call){
        .plan = er_trainee_plan_of(t, rows),
        .network = &network,
        .statistics_next = statistics_next,
        .x = t->x,
        .label = t->label,
        .scale = 1.0f / (float)rows,
        .scratch = t->scratch,
        .team = t->team,
        .finite = &finite,
        .backward = true,
        .dw = stored ? t->g : NULL,
        .sink = stored ? NULL : &sink,
    });
    return finite;
}

/* The batch that comes next in this epoch's order, the last one of an epoch may be short; weights move while
 * its gradient is made. */
static bool batch_step(struct er_trainee *t, int64_t *rows)
{
    const int64_t epoch = t->steps / t->steps_per_epoch, first = t->steps % t->steps_per_epoch * t->batch;
    if (t->order_epoch != epoch) {
        struct er_random r =
            er_random_open(t->member->seed_batches, er_stream(ER_PURPOSE_BATCHES, (uint64_t)epoch));
        er_random_permutation(&r, t->n, t->order);
        t->order_epoch = epoch;
    }
    *rows = t->n - first < t->batch ? t->n - first : t->batch;
    t->next = first + *rows;
    t->next_rows = t->n - t->next < t->batch ? t->n - t->next : t->batch;
    gather(t, first, *rows);
    if (!t->optimiser->ascend) return batch_gradient(t, *rows, false, t->w, t->statistics);
    const bool finite = batch_gradient(t, *rows, true, t->w, t->statistics);
    ascend(t, t->g);
    return batch_gradient(t, *rows, false, t->ascended, NULL) && finite;
}

bool er_trainee_step(struct er_trainee *t)
{
    int64_t rows = t->n;
    t->rate = er_trainee_rate(t);
    const bool finite = t->batch == t->n ? whole_step(t) : batch_step(t, &rows);
    t->steps++;
    t->flops += er_net_gradient_flops(t->member->net) * (double)rows * (t->optimiser->ascend ? 2 : 1);
    return finite;
}
