/* measure.c - measures of all models of a task: a model a task of the pool, each value kept as soon as it is there. */
#include "pgdl/digest.h"
#include "pgdl/results.h"

#include <ermine/memory.h>
#include <ermine/networks.h>
#include <ermine/pgdl.h>
#include <inttypes.h>
#include <math.h>
#include <pthread.h>
#include <string.h>

/* Under this name the file of results has the accuracy on the training examples. */
#define ACCURACY "train_acc"

struct work {
    const struct er_pgdl_task *task;
    const struct er_pgdl_data *data;
    const struct er_pgdl_request *request;
    const struct er_progress *progress;
    struct er_pgdl_results *results;
    struct er_pgdl_measured *out;
    pthread_mutex_t mutex; /* of what follows, of out->memory and of reports */
    int64_t done;
    enum er_status status; /* the first failure that is not of one model */
    struct er_error err;
};

/* One model, and where its values go. */
struct one {
    struct work *work;
    int64_t model;
    struct er_pgdl_network network;
    struct er_measured_run *run; /* made when a measure is first computed */
    char digest[ER_SHA256_HEX];
};

static bool failed(struct work *w)
{
    pthread_mutex_lock(&w->mutex);
    if (w->status == ER_OK && er_progress_stopped(w->progress))
        w->status = er_fail(&w->err, ER_E_STOPPED, "interrupted");
    const bool any = w->status != ER_OK;
    pthread_mutex_unlock(&w->mutex);
    return any;
}

static void fail(struct work *w, enum er_status status, const struct er_error *why)
{
    pthread_mutex_lock(&w->mutex);
    if (w->status == ER_OK) {
        w->status = status;
        w->err = *why;
    }
    pthread_mutex_unlock(&w->mutex);
}

/* Of one model or measure, not of the work. */
static bool is_reason(enum er_status status)
{
    return status == ER_E_UNSUPPORTED || status == ER_E_NONFINITE || status == ER_E_SHAPE ||
           status == ER_E_INPUT || status == ER_E_NOT_FOUND || status == ER_E_LIMIT;
}

static void set_reason(struct work *w, int64_t at, const char *reason)
{
    pthread_mutex_lock(&w->mutex);
    w->out->reason[at] = er_arena_strdup(w->out->memory, reason);
    if (!w->out->reason[at] && w->status == ER_OK)
        w->status = er_fail(&w->err, ER_E_NOMEM, "measures of a task: out of memory");
    pthread_mutex_unlock(&w->mutex);
}

static void count(struct work *w, bool computed)
{
    pthread_mutex_lock(&w->mutex);
    if (computed)
        w->out->computed++;
    else
        w->out->found++;
    pthread_mutex_unlock(&w->mutex);
}

static enum er_status measure_accuracy(struct one *o, double *out, struct er_error *err)
{
    const struct er_network network = {.w = o->network.w, .statistics = o->network.statistics};
    struct er_network_measures measures;
    const enum er_status status =
        er_network_measure(o->network.net, &network, &o->work->data->split.train, &measures, err);
    const int64_t n = o->work->data->split.train.n;
    if (status == ER_OK) *out = (double)(n - measures.errors) / (double)n;
    return status;
}

static enum er_status compute(struct one *o, const struct er_measure *measure, double *out,
                              struct er_error *err)
{
    const struct er_split *split = &o->work->data->split;
    enum er_status status = ER_OK;
    if (!measure) return measure_accuracy(o, out, err);
    if (!o->run) {
        const struct er_measured what = {.net = o->network.net,
                                         .w = o->network.w,
                                         .statistics = o->network.statistics,
                                         .initial_w = o->network.initial_w,
                                         .initial_statistics = o->network.initial_statistics,
                                         .train = &split->train,
                                         .test = split->test.n > 0 ? &split->test : NULL,
                                         .train_error = (double)NAN,
                                         .test_error = (double)NAN};
        status = er_measured_run_new(&what, NULL, &o->run, err);
    }
    return status == ER_OK ? er_measure_compute(measure, o->run, out, err) : status;
}

/* The value of a measure (NULL: the accuracy), found or computed. *reason is NULL with a value; it is in `err` or the file. */
static enum er_status value_of(struct one *o, const struct er_measure *measure, double *out,
                               const char **reason, struct er_error *err)
{
    struct work *w = o->work;
    struct er_pgdl_result result = {o->digest, measure ? measure->name : ACCURACY,
                                    measure ? measure->version : 0, (double)NAN, NULL};
    const struct er_pgdl_result *found =
        er_pgdl_results_find(w->results, result.digest, result.measure, result.version);
    *reason = NULL;
    if (found) {
        *out = found->value;
        *reason = found->reason;
        if (measure) count(w, false);
        return ER_OK;
    }
    enum er_status status = compute(o, measure, &result.value, err);
    if (is_reason(status))
        *reason = result.reason = err->msg;
    else if (status != ER_OK)
        return status;
    *out = result.value;
    if (measure) count(w, true);
    struct er_error why = {0};
    status = er_pgdl_results_add(w->results, w->task->model[o->model].name, &result, &why);
    if (status != ER_OK) *err = why;
    return status;
}

static enum er_status measure_all(struct one *o, struct er_error *err)
{
    struct work *w = o->work;
    const int64_t measures = w->request->measures;
    const char *reason;
    struct er_digest digest;
    er_digest_open(&digest);
    er_digest_add(&digest, o->network.digest, strlen(o->network.digest));
    er_digest_add(&digest, w->data->checksum, strlen(w->data->checksum));
    er_digest_close(&digest, o->digest);
    enum er_status status = value_of(o, NULL, &w->out->accuracy[o->model], &reason, err);
    for (int64_t j = 0; status == ER_OK && j < measures && !failed(w); j++) {
        const int64_t at = o->model * measures + j;
        struct er_error why = {0};
        status = value_of(o, w->request->measure[j], &w->out->value[at], &reason, &why);
        if (status != ER_OK)
            er_fail(err, status, "model %s, %s: %s", w->task->model[o->model].name,
                    w->request->measure[j]->name, why.msg);
        else if (reason)
            set_reason(w, at, reason);
    }
    return status;
}

static void report(struct work *w)
{
    pthread_mutex_lock(&w->mutex);
    w->done++;
    if (w->progress && w->progress->report) {
        const struct er_progress_report now = {.what = w->task->name,
                                               .unit = "models",
                                               .done = (double)w->done,
                                               .total = (double)w->out->models};
        w->progress->report(w->progress->ctx, &now);
    }
    pthread_mutex_unlock(&w->mutex);
}

static void measure_model(void *ctx, int64_t model, int worker)
{
    struct work *w = ctx;
    struct one o = {.work = w, .model = model};
    struct er_error err = {0};
    char text[sizeof err.file + sizeof err.msg + 64];
    (void)worker;
    if (failed(w)) return;
    enum er_status status = er_pgdl_network_open(w->task, model, &o.network, &err);
    if (status == ER_OK)
        status = measure_all(&o, &err);
    else if (is_reason(status)) {
        er_error_text(&err, text, sizeof text);
        for (int64_t j = 0; j < w->request->measures; j++)
            set_reason(w, model * w->request->measures + j, text);
        status = ER_OK;
    }
    if (status != ER_OK) fail(w, status, &err);
    er_measured_run_free(o.run);
    er_pgdl_network_close(&o.network);
    report(w);
}

static enum er_status make_room(struct er_pgdl_measured *out, int64_t measures, struct er_error *err)
{
    const int64_t n = out->models * measures;
    enum er_status status = er_arena_new(SIZE_MAX, &out->memory, err);
    if (status != ER_OK) return status;
    out->value = er_arena_alloc(out->memory, n, sizeof *out->value);
    out->reason = er_arena_alloc(out->memory, n, sizeof *out->reason);
    out->accuracy = er_arena_alloc(out->memory, out->models, sizeof *out->accuracy);
    if (!out->value || !out->reason || !out->accuracy)
        return er_fail(err, ER_E_NOMEM, "measures of a task: out of memory");
    for (int64_t i = 0; i < n; i++) out->value[i] = (double)NAN;
    for (int64_t i = 0; i < out->models; i++) out->accuracy[i] = (double)NAN;
    return ER_OK;
}

enum er_status er_pgdl_measure(const struct er_pgdl_task *task, const struct er_pgdl_data *data,
                               const struct er_pgdl_request *request, struct er_pool *pool,
                               const struct er_progress *progress, struct er_pgdl_measured *out,
                               struct er_error *err)
{
    struct er_pgdl_measured measured = {.measures = request->measures};
    struct work w = {.task = task, .data = data, .request = request, .progress = progress, .out = &measured};
    measured.models = request->models > 0 && request->models < task->models ? request->models : task->models;
    enum er_status status = make_room(&measured, request->measures, err);
    if (status == ER_OK) status = er_pgdl_results_open(request->results, &w.results, err);
    if (status == ER_OK) {
        pthread_mutex_init(&w.mutex, NULL);
        if (pool)
            er_pool_run(pool, measured.models, measure_model, &w);
        else
            for (int64_t i = 0; i < measured.models; i++) measure_model(&w, i, 0);
        pthread_mutex_destroy(&w.mutex);
        status = w.status;
        if (status != ER_OK && err) *err = w.err;
    }
    er_pgdl_results_close(w.results);
    if (status == ER_OK)
        *out = measured;
    else
        er_pgdl_measured_clear(&measured);
    return status;
}

void er_pgdl_measured_clear(struct er_pgdl_measured *measured)
{
    er_arena_free(measured->memory);
    *measured = (struct er_pgdl_measured){0};
}
