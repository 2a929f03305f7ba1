/* train_kind.c - kinds of runs, and what a moment of one says.
 *
 *     seconds of a run = steps * (a step) + records * (a record)     both measured on one thread
 *
 * Runs are of one kind when all agree that memory and the time of a step come from: model, loss, sizes of
 * data, rows of a step, optimiser and how many arrays it keeps, augmentation or none; and in their measures.
 */
#include "experiments/train_kind.h"

#include "experiments/measures_time.h"
#include "experiments/train_measures.h"
#include "experiments/train_member.h"
#include "train/sharing.h"

#include <math.h>
#include <string.h>

static const double CALIBRATION_SECONDS = 0.2, MEASURES_SECONDS = 2;

static struct er_dataset size_of(const struct er_dataset *set)
{
    return (struct er_dataset){.n = set->n, .shape = set->shape, .classes = set->classes};
}

struct er_train_kind er_train_kind_of(const struct er_point *point, const struct er_split *split)
{
    const struct er_member member = er_train_member(point, split);
    const struct er_optimiser *o = &member.spec.optimiser;
    const struct er_optimiser_ops *optimiser = er_optimiser_find(o->name);
    const bool whole = o->batch < 1 || o->batch > split->train.n;
    return (struct er_train_kind){.model = er_point_text(point, "model", ""),
                                  .loss = er_point_text(point, "train.loss", ""),
                                  .measures = er_point_text(point, "measures", ""),
                                  .optimiser = optimiser,
                                  .states = optimiser->states(o),
                                  .batch = whole ? split->train.n : o->batch,
                                  .train = size_of(&split->train),
                                  .test = size_of(&split->test),
                                  .augmented = !er_augment_is_none(&member.augment)};
}

static bool same_size(const struct er_dataset *a, const struct er_dataset *b)
{
    return a->n == b->n && a->classes == b->classes && a->shape.height == b->shape.height &&
           a->shape.width == b->shape.width && a->shape.channels == b->shape.channels;
}

bool er_train_kinds_same(const struct er_train_kind *a, const struct er_train_kind *b)
{
    return strcmp(a->model, b->model) == 0 && strcmp(a->loss, b->loss) == 0 &&
           strcmp(a->measures, b->measures) == 0 && a->optimiser == b->optimiser && a->states == b->states &&
           a->batch == b->batch && same_size(&a->train, &b->train) && same_size(&a->test, &b->test) &&
           a->augmented == b->augmented;
}

/* The earlier kind whose steps are most alike in work; NULL: none was tried. */
static const struct er_train_kind *nearest(const struct er_train_kind *kinds, int64_t n)
{
    const double work = er_net_gradient_flops(kinds[n - 1].net);
    const struct er_train_kind *found = NULL;
    double least = (double)INFINITY;
    for (int64_t i = 0; i < n - 1; i++) {
        const double far = fabs(log(er_net_gradient_flops(kinds[i].net) / work));
        if (kinds[i].guessed || far >= least) continue;
        least = far;
        found = &kinds[i];
    }
    return found;
}

/* Times grow with examples and with the operations of each. */
static void take_times(struct er_train_kind *kind, const struct er_train_kind *other)
{
    const double work = er_net_gradient_flops(kind->net) / er_net_gradient_flops(other->net),
                 examples = (double)kind->train.n / (double)other->train.n;
    kind->step_s = other->step_s * work * (double)kind->batch / (double)other->batch;
    kind->record_s = other->record_s * work * examples;
    kind->measures_s = kind->measures[0] ? other->measures_s * work * examples : 0;
    kind->guessed = true;
}

/* Measures know nothing of batches and optimisers: of each network they are tried once. */
static enum er_status time_measures(struct er_train_kind *kinds, int64_t n, const struct er_point *point,
                                    const struct er_member *member, const struct er_progress *progress,
                                    struct er_error *err)
{
    struct er_train_kind *kind = &kinds[n - 1];
    for (int64_t i = 0; i < n - 1; i++) {
        if (kinds[i].guessed || strcmp(kinds[i].model, kind->model) != 0 ||
            strcmp(kinds[i].measures, kind->measures) != 0 || !same_size(&kinds[i].train, &kind->train))
            continue;
        kind->measures_s = kinds[i].measures_s;
        return ER_OK;
    }
    return er_measures_time(point, member, MEASURES_SECONDS, progress, &kind->measures_s, err);
}

enum er_status er_train_kind_measure(struct er_train_kind *kinds, int64_t n, const struct er_point *point,
                                     const struct er_split *split, bool guess, size_t memory,
                                     const struct er_progress *progress, struct er_error *err)
{
    struct er_train_kind *kind = &kinds[n - 1];
    struct er_member member = er_train_member(point, split);
    enum er_status status =
        er_train_member_net(point, split->train.shape, split->train.classes, &kind->net, err);
    if (status != ER_OK) return status;
    member.net = kind->net;
    kind->member = member;
    kind->member.train = &kind->train;
    if (member.test) kind->member.test = &kind->test;
    kind->worth_sharing = er_sharing_worth(&member);
    status = er_train_memory(&member, 1, &kind->bytes, err);
    if (status == ER_OK) status = er_train_measures_memory(point, &member, &kind->measures_bytes, err);
    if (status == ER_OK && kind->bytes > memory)
        status =
            er_fail(err, ER_E_NOMEM, "training one network takes %.1f MB of memory, %.1f MB are available",
                    (double)kind->bytes / 1e6, (double)memory / 1e6);
    if (status != ER_OK) return status;
    const struct er_train_kind *other = guess ? nearest(kinds, n) : NULL;
    if (other) {
        take_times(kind, other);
        return ER_OK;
    }
    status = er_train_calibrate(&member, CALIBRATION_SECONDS, progress, &kind->step_s, &kind->record_s, err);
    return status == ER_OK ? time_measures(kinds, n, point, &member, progress, err) : status;
}

void er_train_kind_clear(struct er_train_kind *kind)
{
    er_net_free(kind->net);
    *kind = (struct er_train_kind){0};
}

double er_train_kind_seconds(const struct er_train_kind *kind, const struct er_train_spec *spec)
{
    const double n = (double)kind->train.n, batch = (double)kind->batch;
    const double steps_per_epoch = spec->drop_rest ? floor(n / batch) : ceil(n / batch);
    double steps = (double)spec->stop.epochs * steps_per_epoch;
    if (spec->stop.steps > 0) steps = fmin(steps, (double)spec->stop.steps);
    const double records = 2 + (double)spec->early + steps / steps_per_epoch / (double)spec->every;
    return steps * kind->step_s + records * kind->record_s;
}
