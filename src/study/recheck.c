/* recheck.c - computes a sample of the stored runs again, from nothing, and compares.
 *
 * The experiment gets events that lease nothing, hand over no checkpoint and keep nothing; what it says at
 * the end of a run goes to difference.c instead of the store.
 */
#include "study/database.h"
#include "study/difference.h"
#include "study/elsewhere.h"
#include "study/job.h"
#include "study/networks.h"
#include "study/tally.h"

#include <ermine/memory.h>
#include <ermine/random.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct recheck {
    struct er_store *store;
    const struct er_job *job;
    int64_t *stored, *missing; /* runs, each key once */
    int64_t n_stored, n_missing, n_sample;
    struct er_point *point; /* of the sample: the first of `stored` */
    pthread_mutex_t mutex;  /* of the differences */
    struct er_differences differences;
    struct er_tally tally;
};

static enum er_status begin(void *ctx, int64_t i, bool *skip, const void **state, size_t *bytes,
                            struct er_error *err)
{
    (void)ctx;
    (void)i;
    (void)err;
    *skip = false;
    *state = NULL;
    *bytes = 0;
    return ER_OK;
}

static enum er_status checkpoint(void *ctx, int64_t i, const void *state, size_t bytes, struct er_error *err)
{
    (void)ctx;
    (void)i;
    (void)state;
    (void)bytes;
    (void)err;
    return ER_OK;
}

static enum er_status end(void *ctx, int64_t i, const struct er_record *record, struct er_error *err)
{
    struct recheck *r = ctx;
    pthread_mutex_lock(&r->mutex);
    enum er_status status = er_differences_find(r->store, r->job, r->stored[i], record, &r->differences, err);
    pthread_mutex_unlock(&r->mutex);
    er_tally_finish(&r->tally, 1);
    return status;
}

/* Parts the job's runs, each key once, into those that the store has and those that it lacks. */
static enum er_status look(struct recheck *r, struct er_error *err)
{
    const struct er_job *job = r->job;
    sqlite3_stmt *statement = NULL;
    int64_t *copies = er_job_copies(job);
    if (!copies) return er_fail(err, ER_E_NOMEM, "study %s: out of memory", job->name);
    enum er_status status = er_sql_begin(r->store, false, err);
    if (status != ER_OK) goto done;
    for (int64_t i = 0; status == ER_OK && i < job->runs; i++) {
        bool there = false;
        if (copies[i] == 0) continue;
        status = er_sql_open(r->store, "SELECT 1 FROM runs WHERE key = ?", ER_VALUES(er_text(job->key[i])),
                             &statement, err);
        if (status == ER_OK) status = er_sql_next(r->store, statement, &there, err);
        if (there)
            r->stored[r->n_stored++] = i;
        else
            r->missing[r->n_missing++] = i;
    }
    status = er_sql_end(r->store, status, err);
done:
    er_free(copies);
    return status;
}

static int ascending(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Moves the sample to the front of `stored`, in grid order: the first places of a permutation that seed and
 * number of stored runs fix. */
static enum er_status draw(struct recheck *r, const struct er_recheck_options *options, struct er_error *err)
{
    const int64_t n = r->n_stored;
    r->n_sample = options->runs > 0 && options->runs < n ? options->runs : n;
    int64_t *order = er_alloc(n, sizeof *order), *drawn = er_alloc(n, sizeof *drawn);
    if (!order || !drawn) {
        er_free(order);
        er_free(drawn);
        return er_fail(err, ER_E_NOMEM, "study %s: out of memory for a sample", r->job->name);
    }
    struct er_random random = er_random_open(options->seed, er_stream(ER_PURPOSE_RECHECK, 0));
    er_random_permutation(&random, n, order);
    for (int64_t i = 0; i < n; i++) drawn[i] = r->stored[order[i]];
    memcpy(r->stored, drawn, (size_t)n * sizeof *drawn);
    er_free(order);
    er_free(drawn);
    qsort(r->stored, (size_t)r->n_sample, sizeof *r->stored, ascending);
    for (int64_t i = 0; i < r->n_sample; i++) r->point[i] = r->job->point[r->stored[i]];
    return ER_OK;
}

static enum er_status compute(struct recheck *r, const struct er_data_places *places, struct er_pool *pool,
                              const struct er_progress *progress, struct er_error *err)
{
    struct er_run_events events = {.ctx = r,
                                   .begin = begin,
                                   .checkpoint = checkpoint,
                                   .end = end,
                                   .checkpoint_seconds = (double)INFINITY};
    char *work;
    struct er_table results = {0};
    struct er_source source = {.table = &results};
    if (r->n_sample == 0) return ER_OK;
    enum er_status status = er_networks_path(r->store, "work", &work, err);
    if (status != ER_OK) return status;
    events.work = work;
    if (r->job->reads) {
        source.point = r->job->reads->point;
        source.runs = r->job->reads->runs;
        events.source = &source;
    }
    er_tally_open(&r->tally, progress, r->job->name, r->n_sample);
    er_tally_pass(&r->tally);
    status = er_job_source_table(r->store, r->job, &results, err);
    if (status == ER_OK)
        status =
            r->job->experiment->run(r->point, r->n_sample, places, pool, &r->tally.progress, &events, err);
    er_table_clear(&results);
    er_free(work);
    er_tally_close(&r->tally);
    return status;
}

static int64_t differing_runs(const struct er_differences *d)
{
    int64_t runs = 0;
    for (int64_t i = 0; i < d->n; i++) runs += i == 0 || d->entry[i].run != d->entry[i - 1].run;
    return runs;
}

static enum er_status open_recheck(struct recheck *r, struct er_error *err)
{
    r->stored = er_alloc(r->job->runs, sizeof *r->stored);
    r->missing = er_alloc(r->job->runs, sizeof *r->missing);
    r->point = er_alloc(r->job->runs, sizeof *r->point);
    pthread_mutex_init(&r->mutex, NULL);
    return r->stored && r->missing && r->point
               ? ER_OK
               : er_fail(err, ER_E_NOMEM, "study %s: out of memory for its runs", r->job->name);
}

static void close_recheck(struct recheck *r)
{
    pthread_mutex_destroy(&r->mutex);
    er_differences_clear(&r->differences);
    er_free(r->stored);
    er_free(r->missing);
    er_free(r->point);
}

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

void er_recheck_clear(struct er_recheck *recheck)
{
    er_table_clear(&recheck->differences);
    *recheck = (struct er_recheck){0};
}

enum er_status er_job_recheck(struct er_store *store, const struct er_job *job,
                              const struct er_data_places *places, struct er_pool *pool,
                              const struct er_progress *progress, const struct er_recheck_options *options,
                              struct er_recheck *out, struct er_error *err)
{
    struct recheck r = {.store = store, .job = job};
    struct er_recheck found = {0};
    const double start = seconds_now();
    enum er_status status = open_recheck(&r, err);
    if (status == ER_OK) status = look(&r, err);
    if (status == ER_OK) status = er_elsewhere(store, job, r.missing, r.n_missing, &found, err);
    if (status == ER_OK) status = draw(&r, options, err);
    if (status == ER_OK) status = compute(&r, places, pool, progress, err);
    if (status == ER_OK) status = er_differences_table(job, &r.differences, &found.differences, err);
    found.runs = r.n_stored + r.n_missing;
    found.stored = r.n_stored;
    found.checked = r.n_sample;
    found.numbers = r.differences.compared;
    found.differing = differing_runs(&r.differences);
    found.seconds = seconds_now() - start;
    close_recheck(&r);
    if (status == ER_OK)
        *out = found;
    else
        er_recheck_clear(&found);
    return status;
}
