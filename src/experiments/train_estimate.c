/* train_estimate.c - memory and time of runs beforehand: each kind of run is tried for a moment
 * (train_kind.h), then runs are put on threads as er_train() will (train/sharing.h), one lot of data after
 * another.
 *
 * A run that several threads share is divided among them, as if they shared it evenly; one whose steps are
 * too short to be shared takes its whole time, however many threads there are.
 *
 * Runs are put on threads by what their training takes, since er_train() knows nothing of measures; these are
 * added to the memory of a run, and to its time on one thread.
 *
 * A grid may have thousands of kinds. After TRIAL_SECONDS no more are tried: the others take their times from
 * the nearest that was.
 */
#include "experiments/train_estimate.h"

#include "core/clock.h"
#include "data/dataset.h"
#include "experiments/data_groups.h"
#include "experiments/train_kind.h"
#include "experiments/train_member.h"
#include "train/sharing.h"

#include <ermine/memory.h>
#include <math.h>
#include <string.h>

static const double TRIAL_SECONDS = 20;

/* A run by its time on one thread. */
struct run_time {
    int64_t kind;
    double seconds, most; /* of training; most: by its rule on seconds */
};

struct estimation {
    const struct er_point *point;
    const struct er_progress *progress;
    int threads;
    struct er_estimate *out;
    struct er_train_kind *kind; /* those that were measured */
    int64_t kinds;
    struct run_time *run; /* of one lot of data */
    double *seconds;      /* of these, on the threads that each gets */
    double began;
    int64_t runs;
    size_t data_bytes; /* of the lot */
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

/* The number of a point's kind, measured when it is new. */
static enum er_status find_kind(struct estimation *e, const struct er_point *point,
                                const struct er_split *split, int64_t *number, struct er_error *err)
{
    const struct er_train_kind kind = er_train_kind_of(point, split);
    *number = 0;
    while (*number < e->kinds && !er_train_kinds_same(&e->kind[*number], &kind)) ++*number;
    if (*number < e->kinds) return ER_OK;
    e->kind[e->kinds++] = kind;
    const bool late = er_clock_s() - e->began > TRIAL_SECONDS;
    return er_train_kind_measure(e->kind, e->kinds, point, split, late, e->out->memory, e->progress, err);
}

/* Puts a group's runs into the lot. */
static enum er_status add_group(struct estimation *e, const struct er_data_group *group,
                                const struct er_split *split, struct er_error *err)
{
    enum er_status status = ER_OK;
    for (int64_t i = 0; i < group->n && status == ER_OK; i++) {
        const struct er_point *point = &e->point[group->run[i]];
        const struct er_train_spec spec = er_train_member(point, split).spec;
        struct run_time *run = &e->run[e->runs];
        status = find_kind(e, point, split, &run->kind, err);
        if (status != ER_OK) break;
        run->seconds = er_train_kind_seconds(&e->kind[run->kind], &spec);
        run->most = spec.stop.seconds > 0 ? spec.stop.seconds : (double)INFINITY;
        e->runs++;
    }
    return status;
}

/* Whether run i is the first of its kind in the lot. */
static bool is_first(const struct estimation *e, int64_t i)
{
    int64_t first = 0;
    while (e->run[first].kind != e->run[i].kind) first++;
    return first == i;
}

/* The bytes of the lot's largest run on so many threads. */
static enum er_status largest(const struct estimation *e, int parts, size_t *most, struct er_error *err)
{
    enum er_status status = ER_OK;
    *most = 0;
    for (int64_t i = 0; i < e->runs && status == ER_OK; i++) {
        const struct er_train_kind *kind = &e->kind[e->run[i].kind];
        size_t bytes = kind->bytes;
        if (parts > 1 && is_first(e, i)) status = er_train_memory(&kind->member, parts, &bytes, err);
        *most = bytes > *most ? bytes : *most;
    }
    return status;
}

/* The most that measures of a run of the lot take. */
static size_t largest_measures(const struct estimation *e)
{
    size_t most = 0;
    for (int64_t i = 0; i < e->runs; i++) {
        const size_t bytes = e->kind[e->run[i].kind].measures_bytes;
        most = bytes > most ? bytes : most;
    }
    return most;
}

/* Shares the lot among threads as er_train() would: memory into what the whole takes, time on top. */
static enum er_status end_lot(struct estimation *e, struct er_error *err)
{
    struct er_estimate *out = e->out;
    bool worth = true;
    size_t bytes = 0;
    for (int64_t i = 0; i < e->runs; i++) worth = worth && e->kind[e->run[i].kind].worth_sharing;
    struct er_sharing sharing = er_sharing_of(e->runs, e->threads, worth);
    enum er_status status = largest(e, sharing.parts, &bytes, err);
    while (status == ER_OK && bytes > out->memory / (size_t)sharing.at_once && er_sharing_less(&sharing))
        status = largest(e, sharing.parts, &bytes, err);
    if (status != ER_OK) return status;
    bytes += largest_measures(e);
    for (int64_t i = 0; i < e->runs; i++) {
        const struct run_time *run = &e->run[i];
        const int parts = e->kind[run->kind].worth_sharing ? sharing.parts : 1;
        e->seconds[i] = fmin(run->seconds / parts, run->most);
    }
    const double training = er_sharing_seconds(&sharing, e->seconds, e->runs);
    for (int64_t i = 0; i < e->runs; i++) e->seconds[i] += e->kind[e->run[i].kind].measures_s;
    const double both = er_sharing_seconds(&sharing, e->seconds, e->runs);
    out->seconds += both;
    out->measures_seconds += both - training;
    if ((size_t)sharing.at_once * bytes > (size_t)out->at_once * out->run_bytes) {
        out->at_once = sharing.at_once;
        out->run_bytes = bytes;
    }
    if (e->data_bytes > out->data_bytes) out->data_bytes = e->data_bytes;
    e->runs = 0;
    e->data_bytes = 0;
    return ER_OK;
}

static enum er_status add_groups(struct estimation *e, struct er_data_groups *groups,
                                 const struct er_data_places *places, struct er_error *err)
{
    int64_t held = -1; /* the group whose data is held, and stands for others of its sizes */
    enum er_status status = ER_OK;
    for (int64_t g = 0, to; g < groups->n && status == ER_OK; g++) {
        const struct er_point *first = &e->point[groups->group[g].run[0]];
        if (held < 0 || !same_sizes(&e->point[groups->group[held].run[0]], first)) {
            if (held >= 0) er_data_groups_release(groups, held, held + 1);
            held = g;
            status = er_data_groups_load(groups, e->point, places, g, 1, &to, err);
        }
        const struct er_split *split = &groups->group[held].split;
        if (status == ER_OK) status = add_group(e, &groups->group[g], split, err);
        e->data_bytes += er_dataset_bytes(&split->train) + er_dataset_bytes(&split->test);
        if (status == ER_OK && (e->data_bytes >= ER_TRAIN_DATA_BYTES || g == groups->n - 1))
            status = end_lot(e, err);
    }
    return status;
}

enum er_status er_train_estimate(const struct er_point *point, int64_t n, const struct er_data_places *places,
                                 struct er_pool *pool, const struct er_progress *progress,
                                 struct er_estimate *out, struct er_error *err)
{
    struct er_data_groups groups = {0};
    *out = (struct er_estimate){.memory = er_train_member_memory()};
    struct estimation e = {.point = point,
                           .progress = progress,
                           .began = er_clock_s(),
                           .threads = er_pool_threads(pool),
                           .out = out,
                           .kind = er_alloc(n, sizeof *e.kind),
                           .run = er_alloc(n, sizeof *e.run),
                           .seconds = er_alloc(n, sizeof *e.seconds)};
    enum er_status status =
        e.kind && e.run && e.seconds
            ? er_data_groups_new(point, n, &groups, err)
            : er_fail(err, ER_E_NOMEM, "train: out of memory for %lld runs", (long long)n);
    if (status == ER_OK) status = add_groups(&e, &groups, places, err);
    out->ensembles = e.kinds;
    for (int64_t i = 0; i < e.kinds; i++) out->guessed += e.kind[i].guessed;
    for (int64_t i = 0; i < e.kinds; i++) er_train_kind_clear(&e.kind[i]);
    er_data_groups_clear(&groups);
    er_free(e.kind);
    er_free(e.run);
    er_free(e.seconds);
    return status;
}

enum er_status er_train_estimate_of(int64_t (*trainings)(const struct er_point *point),
                                    const struct er_point *point, int64_t n,
                                    const struct er_data_places *places, struct er_pool *pool,
                                    const struct er_progress *progress, struct er_estimate *out,
                                    struct er_error *err)
{
    int64_t all = 0, k = 0;
    for (int64_t i = 0; i < n; i++) all += trainings(&point[i]);
    struct er_point *training = er_alloc(all, sizeof *training);
    if (!training) return er_fail(err, ER_E_NOMEM, "out of memory for %lld trainings", (long long)all);
    for (int64_t i = 0; i < n; i++)
        for (int64_t t = 0; t < trainings(&point[i]); t++) training[k++] = point[i];
    const enum er_status status = er_train_estimate(training, all, places, pool, progress, out, err);
    er_free(training);
    return status;
}
