/* train_estimate.c - memory and time of runs beforehand: each kind of run is tried for a moment.
 *
 *     seconds of a run = steps * (a step) + records * (a record)     both measured on one thread
 *
 * Runs are of one kind when all agree that memory and the time of a step come from: model, loss, sizes of
 * data, rows of a step, optimiser and how many arrays it keeps, augmentation or none. The study's time is
 * that of all runs divided among the threads, or of its longest run if that is more.
 */
#include "experiments/train_estimate.h"

#include "data/dataset.h"
#include "experiments/data_groups.h"
#include "experiments/data_keys.h"
#include "experiments/train_member.h"
#include "train/optimiser.h"

#include <ermine/memory.h>
#include <math.h>
#include <string.h>

static const double CALIBRATION_SECONDS = 0.2;

/* What makes a kind of run, and what was measured of it. Texts are borrowed from a point. */
struct kind {
    const char *model, *loss;
    const struct er_optimiser_ops *optimiser;
    int states;
    int64_t batch, train, test, classes;
    struct er_shape shape;
    bool augmented;

    double step_s, record_s;
    size_t bytes;
};

struct estimation {
    const struct er_point *point;
    struct kind *kind;
    int64_t kinds;
    struct er_estimate *out;
    double total_s, longest_s;
};

static bool same_text(const struct er_point *a, const struct er_point *b, const char *path)
{
    return strcmp(er_point_text(a, path, ""), er_point_text(b, path, "")) == 0;
}

/* Whether two points take data of the same sizes, whatever is in them. */
static bool same_sizes(const struct er_point *a, const struct er_point *b)
{
    static const char *const path[] = {"data.name", "data.file",      "data.train",
                                       "data.test", "data.dimension", "data.classes"};
    bool same = true;
    for (size_t i = 0; i < sizeof path / sizeof *path; i++) same = same && same_text(a, b, path[i]);
    return same;
}

static struct kind kind_of(const struct er_point *point, const struct er_split *split)
{
    const struct er_member member = er_train_member(point, split);
    const struct er_optimiser *o = &member.spec.optimiser;
    const struct er_optimiser_ops *optimiser = er_optimiser_find(o->name);
    const bool whole = o->batch < 1 || o->batch > split->train.n;
    return (struct kind){.model = er_point_text(point, "model", ""),
                         .loss = er_point_text(point, "train.loss", ""),
                         .optimiser = optimiser,
                         .states = optimiser->states(o),
                         .batch = whole ? split->train.n : o->batch,
                         .train = split->train.n,
                         .test = split->test.n,
                         .classes = split->train.classes,
                         .shape = split->train.shape,
                         .augmented = !er_augment_is_none(&member.augment)};
}

static bool same_kind(const struct kind *a, const struct kind *b)
{
    return strcmp(a->model, b->model) == 0 && strcmp(a->loss, b->loss) == 0 && a->optimiser == b->optimiser &&
           a->states == b->states && a->batch == b->batch && a->train == b->train && a->test == b->test &&
           a->classes == b->classes && a->shape.height == b->shape.height &&
           a->shape.width == b->shape.width && a->shape.channels == b->shape.channels &&
           a->augmented == b->augmented;
}

static struct kind *find_kind(const struct estimation *e, const struct kind *kind)
{
    for (int64_t i = 0; i < e->kinds; i++)
        if (same_kind(&e->kind[i], kind)) return &e->kind[i];
    return NULL;
}

/* Measures a kind by a run that is of it. */
static enum er_status add_kind(struct estimation *e, const struct kind *key, const struct er_point *point,
                               const struct er_split *split, struct er_error *err)
{
    struct er_member member = er_train_member(point, split);
    struct er_net *net;
    struct kind *kind = &e->kind[e->kinds];
    *kind = *key;
    enum er_status status = er_train_member_net(point, split->train.shape, split->train.classes, &net, err);
    if (status != ER_OK) return status;
    member.net = net;
    status = er_train_memory(&member, 1, &kind->bytes, err);
    if (status == ER_OK && kind->bytes > e->out->memory)
        status =
            er_fail(err, ER_E_NOMEM, "training one network takes %.1f MB of memory, %.1f MB are available",
                    (double)kind->bytes / 1e6, (double)e->out->memory / 1e6);
    if (status == ER_OK)
        status = er_train_calibrate(&member, CALIBRATION_SECONDS, &kind->step_s, &kind->record_s, err);
    er_net_free(net);
    if (status != ER_OK) return status;
    e->kinds++;
    e->out->ensembles++;
    if (kind->bytes > e->out->run_bytes) e->out->run_bytes = kind->bytes;
    return ER_OK;
}

/* Adds a run's time up to its last epoch. */
static void add_run(struct estimation *e, const struct er_point *point, const struct er_split *split,
                    const struct kind *kind)
{
    const struct er_train_spec spec = er_train_member(point, split).spec;
    const double n = (double)split->train.n, batch = (double)spec.optimiser.batch;
    const double steps_per_epoch =
        batch > 0 && batch < n ? (spec.drop_rest ? floor(n / batch) : ceil(n / batch)) : 1;
    double steps = (double)spec.stop.epochs * steps_per_epoch;
    if (spec.stop.steps > 0) steps = fmin(steps, (double)spec.stop.steps);
    const double records = 2 + (double)spec.early + steps / steps_per_epoch / (double)spec.every;
    double seconds = steps * kind->step_s + records * kind->record_s;
    if (spec.stop.seconds > 0) seconds = fmin(seconds, spec.stop.seconds);
    e->total_s += seconds;
    e->longest_s = fmax(e->longest_s, seconds);
}

static enum er_status add_group(struct estimation *e, const struct er_data_group *group,
                                const struct er_split *split, struct er_error *err)
{
    enum er_status status = ER_OK;
    for (int64_t i = 0; i < group->n && status == ER_OK; i++) {
        const struct er_point *point = &e->point[group->run[i]];
        const struct kind kind = kind_of(point, split);
        if (!find_kind(e, &kind)) status = add_kind(e, &kind, point, split, err);
        if (status == ER_OK) add_run(e, point, split, find_kind(e, &kind));
    }
    return status;
}

enum er_status er_train_estimate(const struct er_point *point, int64_t n, const struct er_data_places *places,
                                 struct er_pool *pool, struct er_estimate *out, struct er_error *err)
{
    struct er_data_groups groups;
    const int threads = er_pool_threads(pool);
    *out = (struct er_estimate){.memory = er_train_member_memory()};
    struct estimation e = {.point = point, .out = out, .kind = er_alloc(n, sizeof *e.kind)};
    if (!e.kind) return er_fail(err, ER_E_NOMEM, "train: out of memory for %lld runs", (long long)n);
    enum er_status status = er_data_groups_new(point, n, &groups, err);
    if (status != ER_OK) {
        er_free(e.kind);
        return status;
    }
    size_t all = 0, largest = 0; /* bytes of splits */
    int64_t held = -1;           /* the group whose data is held, and stands for others of its sizes */
    for (int64_t g = 0, to; g < groups.n && status == ER_OK; g++) {
        const struct er_point *first = &point[groups.group[g].run[0]];
        if (held < 0 || !same_sizes(&point[groups.group[held].run[0]], first)) {
            if (held >= 0) er_data_groups_release(&groups, held, held + 1);
            held = g;
            status = er_data_groups_load(&groups, point, places, g, 1, &to, err);
        }
        const struct er_split *split = &groups.group[held].split;
        if (status == ER_OK) status = add_group(&e, &groups.group[g], split, err);
        const size_t bytes = er_dataset_bytes(&split->train) + er_dataset_bytes(&split->test);
        all += bytes;
        largest = bytes > largest ? bytes : largest;
    }
    out->data_bytes = all < ER_TRAIN_DATA_BYTES + largest ? all : ER_TRAIN_DATA_BYTES + largest;
    out->at_once = n < threads ? n : threads;
    if (status == ER_OK && out->run_bytes > 0 && (size_t)out->at_once > out->memory / out->run_bytes)
        out->at_once = (int64_t)(out->memory / out->run_bytes);
    out->seconds = fmax(e.total_s / threads, n < threads ? 0 : e.longest_s);
    er_data_groups_clear(&groups);
    er_free(e.kind);
    return status;
}
