/* The runner computes what is missing once, resumes, waits for others, takes over, and tells what it did. */
#include "t.h"

#include "study/database.h"
#include "study/lease.h"
#include "support/fake_job.h"
#include "support/scratch.h"
#include "support/store_ask.h"

#include <pthread.h>
#include <time.h>
#include <unistd.h>

static struct er_error err;
static char folder[64];

static const char *at(const char *name)
{
    static char path[32][160];
    static int next;
    next = (next + 1) % 32;
    snprintf(path[next], sizeof path[next], "%s/%s", folder, name);
    return path[next];
}

static char *csv_of(struct er_store *store, const struct er_job *job, bool curves)
{
    struct er_table table = {0};
    char *text = NULL;
    enum er_status status =
        curves ? er_job_curves(store, job, &table, &err) : er_job_table(store, job, &table, &err);
    T_EQ_INT(status, ER_OK, "table: %s", err.msg);
    if (status == ER_OK) er_table_csv(&table, &text, NULL);
    er_table_clear(&table);
    return text ? text : er_strdup("");
}

static bool starts(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

/* Everything that a report must be: of the study, in order, never two at once, never going back. */
struct heard {
    atomic_bool stop;
    atomic_int inside;
    int64_t reports;
    bool sound;
    double done, stop_at;
    struct er_progress_report last;
};

static void hear(void *ctx, const struct er_progress_report *report)
{
    struct heard *heard = ctx;
    if (atomic_fetch_add(&heard->inside, 1) != 0) heard->sound = false;
    if (report->done < heard->done || report->done > report->total) heard->sound = false;
    if (strcmp(report->what, "fake-study") != 0 || strcmp(report->unit, "runs") != 0) heard->sound = false;
    heard->done = report->done;
    heard->last = *report;
    heard->reports++;
    if (report->done >= heard->stop_at) atomic_store(&heard->stop, true);
    atomic_fetch_sub(&heard->inside, 1);
}

static struct er_progress listen(struct heard *heard, double stop_at)
{
    *heard = (struct heard){.sound = true, .stop_at = stop_at};
    return (struct er_progress){.report = hear, .ctx = heard, .stop = &heard->stop};
}

static void once(void)
{
    struct fake_options options = {
        .widths = 4, .seeds = 3, .steps = 6, .fail_run = -1, .log = at("once.log")};
    struct er_job *job = fake_job_new(&options);
    struct er_store *store = NULL;
    struct er_pool *pool = NULL;
    struct er_study_outcome did = {0};
    struct heard heard;
    struct er_progress progress = listen(&heard, 1e9);
    T_STATUS(er_pool_new(3, &pool, &err), ER_OK, "pool");
    T_STATUS(er_store_open(at("once.db"), false, &store, &err), ER_OK, "store");
    T_STATUS(er_job_run(store, job, NULL, pool, &progress, &did, &err), ER_OK, "run");
    T_EQ_INT(did.runs, 12, "runs");
    T_EQ_INT(did.computed, 12, "computed");
    T_EQ_INT(did.found, 0, "found");
    T_EQ_INT(did.diverged, 4, "diverged");
    T_CLOSE(did.flops, 2 * 12 * 6, 0, "operations");
    T_OK(heard.sound, "reports are of the study, one at a time, and never go back");
    T_CLOSE(heard.done, 12, 0, "all done");
    T_CLOSE(heard.last.epochs, 12 * 6, 0, "epochs");
    char *first = csv_of(store, job, false), *curves = csv_of(store, job, true);
    T_OK(starts(first, "width,kind,seed,outcome,x,steps,seconds,note\n1,odd,0,epochs,"), "the table: %s",
         first);
    T_OK(strstr(first, "\n1,odd,2,diverged,,6,0.25,step 3: the loss is infinite\n"),
         "a run that diverged is a row with its cause");
    T_OK(strstr(first, "\n4,,0,epochs,"), "an axis that a point lacks is empty");
    T_OK(starts(curves, "width,kind,seed,step,x\n1,odd,0,0,0.1\n1,odd,0,1,"), "the curves: %s", curves);
    T_STATUS(er_job_run(store, job, NULL, pool, NULL, &did, &err), ER_OK, "again");
    T_EQ_INT(did.computed, 0, "computes nothing");
    T_EQ_INT(did.found, 12, "finds all");
    T_EQ_INT(did.diverged, 4, "diverged");
    T_EQ_INT(fake_log_count(options.log, "start"), 12, "each run was computed once");
    er_store_close(store);
    T_STATUS(er_store_open(at("once.db"), true, &store, &err), ER_OK, "for reading");
    char *second = csv_of(store, job, false);
    T_EQ_STR(second, first, "the table stays");
    T_STATUS(er_job_run(store, job, NULL, NULL, NULL, &did, &err), ER_E_IO, "a reader runs nothing");
    struct er_table table;
    T_ALLOCATIONS(er_job_table(store, job, &table, NULL), er_table_clear(&table), "table");
    T_ALLOCATIONS(er_job_curves(store, job, &table, NULL), er_table_clear(&table), "curves");
    er_store_close(store);
    er_free(first);
    er_free(second);
    er_free(curves);
    er_pool_free(pool);
    fake_job_free(job);
}

static void facts(void)
{
    struct fake_options options = {.widths = 2, .seeds = 2, .steps = 3, .fail_run = -1};
    struct er_job *job = fake_job_new(&options);
    struct er_store *store = NULL;
    struct er_provenance p;
    struct er_store_study *study = NULL;
    int64_t n = 0;
    T_STATUS(er_store_open(at("facts.db"), false, &store, &err), ER_OK, "store");
    T_STATUS(er_job_provenance(store, job, &p, &err), ER_OK, "provenance of nothing");
    T_OK(p.runs == 4 && p.present == 0 && !p.computed_from[0] && !p.machine[0], "is empty");
    T_STATUS(er_job_run(store, job, NULL, NULL, NULL, NULL, &err), ER_OK, "run");
    T_STATUS(er_job_provenance(store, job, &p, &err), ER_OK, "provenance");
    T_EQ_INT(p.present, 4, "present");
    T_CLOSE(p.seconds, 1, 0, "seconds");
    T_OK(strlen(p.computed_from) == 20 && p.computed_from[10] == 'T' && p.computed_from[19] == 'Z' &&
             strcmp(p.computed_from, p.computed_to) <= 0,
         "times %s to %s", p.computed_from, p.computed_to);
    T_OK(strstr(p.machine, "processor") && p.version[0], "machine %s, version %s", p.machine, p.version);
    job->name = "another";
    job->runs = 3;
    T_STATUS(er_job_run(store, job, NULL, NULL, NULL, NULL, &err), ER_OK, "another study of the same runs");
    T_STATUS(er_store_studies(store, &study, &n, &err), ER_OK, "studies");
    T_EQ_INT(n, 2, "two");
    T_OK(n == 2 && strcmp(study[0].name, "another") == 0 && study[0].runs == 3 && study[0].present == 3,
         "newest first");
    T_OK(n == 2 && strcmp(study[1].file, "fake.yaml") == 0 && study[1].runs == 4 && study[1].present == 4,
         "and the first");
    er_free(study);
    T_ALLOCATIONS(er_store_studies(store, &study, &n, NULL), er_free(study), "studies");
    T_ALLOCATIONS(er_job_provenance(store, job, &p, NULL), (void)0, "provenance");
    er_store_close(store);
    job->runs = 4;
    fake_job_free(job);
}

static void equal_keys(void)
{
    struct fake_options options = {
        .widths = 3, .seeds = 2, .steps = 3, .equal_widths = 2, .fail_run = -1, .log = at("equal.log")};
    struct er_job *job = fake_job_new(&options);
    struct er_store *store = NULL;
    struct er_study_outcome did = {0};
    T_STATUS(er_store_open(at("equal.db"), false, &store, &err), ER_OK, "store");
    T_STATUS(er_job_run(store, job, NULL, NULL, NULL, &did, &err), ER_OK, "run");
    T_EQ_INT(fake_log_count(options.log, "start"), 4, "runs of one key are computed once");
    T_EQ_INT(did.computed, 4, "computed");
    T_EQ_INT(did.found, 2, "the copies are found");
    struct er_table table = {0};
    T_STATUS(er_job_table(store, job, &table, &err), ER_OK, "table");
    T_EQ_INT(table.rows, 6, "each has its row");
    er_table_clear(&table);
    er_store_close(store);
    fake_job_free(job);
}

static void failing(void)
{
    struct fake_options options = {
        .widths = 4, .seeds = 1, .steps = 3, .fail_run = 2, .log = at("failing.log")};
    struct er_job *job = fake_job_new(&options);
    struct er_store *store = NULL;
    struct er_study_outcome did = {.runs = -1};
    struct er_table table = {0};
    T_STATUS(er_store_open(at("failing.db"), false, &store, &err), ER_OK, "store");
    T_STATUS(er_job_run(store, job, NULL, NULL, NULL, &did, &err), ER_E_NONFINITE,
             "an experiment that fails");
    T_EQ_STR(err.msg, "run 2 fails", "its own words");
    T_EQ_INT(did.runs, -1, "the outcome is untouched");
    T_STATUS(er_job_table(store, job, &table, &err), ER_OK, "table");
    T_EQ_INT(table.rows, 2, "what was done is kept");
    er_table_clear(&table);
    enum er_lease_state lease = ER_LEASE_TAKEN;
    T_STATUS(er_lease_look(store, &(struct er_leased){.key = job->key[2]}, 1, &lease, &err), ER_OK, "look");
    T_OK(lease == ER_LEASE_FREE, "the failed run is let go");
    fake_job_free(job);
    options.fail_run = -1;
    job = fake_job_new(&options);
    T_STATUS(er_job_run(store, job, NULL, NULL, NULL, &did, &err), ER_OK, "repaired");
    T_EQ_INT(did.computed, 2, "the rest is computed");
    er_store_close(store);
    fake_job_free(job);
}

/* Says that all is well and has done nothing. */
static enum er_status lazy(const struct er_point *point, int64_t n, const struct er_data_places *places,
                           struct er_pool *pool, const struct er_progress *progress,
                           const struct er_run_events *events, struct er_error *error)
{
    (void)point, (void)places, (void)pool, (void)progress;
    bool skip;
    const void *state;
    size_t bytes;
    return n > 1 ? events->begin(events->ctx, 0, &skip, &state, &bytes, error) : ER_OK;
}

static void broken_experiment(void)
{
    struct er_job *job =
        fake_job_new(&(struct fake_options){.widths = 2, .seeds = 1, .steps = 3, .fail_run = -1});
    struct er_experiment broken = *job->experiment;
    struct er_store *store = NULL;
    broken.run = lazy;
    job->experiment = &broken;
    T_STATUS(er_store_open(at("broken.db"), false, &store, &err), ER_OK, "store");
    T_STATUS(er_job_run(store, job, NULL, NULL, NULL, NULL, &err), ER_E_USAGE, "runs left without a result");
    T_OK(strstr(err.msg, "fake") && strstr(err.msg, "run 0"), "are named: %s", err.msg);
    er_store_close(store);
    fake_job_free(job);
}

static void stopping(void)
{
    struct fake_options options = {
        .widths = 5, .seeds = 2, .steps = 20, .step_us = 300, .fail_run = -1, .log = at("stopping.log")};
    struct er_job *job = fake_job_new(&options);
    struct er_store *store = NULL, *whole = NULL;
    struct er_pool *pool = NULL;
    struct heard heard;
    T_STATUS(er_pool_new(2, &pool, &err), ER_OK, "pool");
    T_STATUS(er_store_open(at("whole.db"), false, &whole, &err), ER_OK, "store");
    T_STATUS(er_store_open(at("stopping.db"), false, &store, &err), ER_OK, "store");
    for (int i = 1; i <= 4; i++) {
        struct er_progress progress = listen(&heard, 2.0 * i);
        T_STATUS(er_job_run(store, job, NULL, pool, &progress, NULL, &err), ER_E_STOPPED, "stop %d", i);
    }
    T_STATUS(er_job_run(store, job, NULL, pool, NULL, NULL, &err), ER_OK, "the rest");
    T_OK(fake_log_count(options.log, "resume") > 0, "runs went on from checkpoints");
    T_EQ_INT(fake_log_count(options.log, "end"), 10, "and each ended once");
    T_STATUS(er_job_run(whole, job, NULL, pool, NULL, NULL, &err), ER_OK, "without a stop");
    for (int curves = 0; curves < 2; curves++) {
        char *a = csv_of(store, job, curves), *b = csv_of(whole, job, curves);
        T_EQ_STR(a, b, "equal to the bit");
        er_free(a);
        er_free(b);
    }
    T_EQ_INT(store_ask(store, "SELECT (SELECT count(*) FROM checkpoints) + (SELECT count(*) FROM claims)"), 0,
             "no checkpoint and no lease is left");
    er_store_close(store);
    er_store_close(whole);
    er_pool_free(pool);
    fake_job_free(job);
}

/* The disk fills in the middle of a study; with room again it goes on. */
static void full_disk(void)
{
    struct fake_options options = {
        .widths = 50, .seeds = 4, .steps = 30, .fail_run = -1, .log = at("full.log")};
    struct er_job *job = fake_job_new(&options);
    struct er_store *store = NULL;
    struct er_pool *pool = NULL;
    char limit[64];
    T_STATUS(er_pool_new(2, &pool, &err), ER_OK, "pool");
    T_STATUS(er_store_open(at("full.db"), false, &store, &err), ER_OK, "store");
    T_STATUS(er_job_enrol(store, job, &err), ER_OK, "enrol");
    snprintf(limit, sizeof limit, "PRAGMA max_page_count = %d",
             (int)store_ask(store, "PRAGMA page_count") + 40);
    store_ask(store, limit);
    T_STATUS(er_job_run(store, job, NULL, pool, NULL, NULL, &err), ER_E_FULL, "a full disk");
    int64_t kept = store_ask(store, "SELECT count(*) FROM runs");
    T_OK(kept > 0 && kept < 200, "keeps what was finished (%d)", (int)kept);
    T_EQ_INT(store_ask(store, "SELECT count(*) FROM runs WHERE records <> 31 OR (SELECT count(*) FROM curves"
                              " WHERE run = id) <> 2 OR (SELECT count(*) FROM results WHERE run = id) <> 2"),
             0, "each of it whole");
    store_ask(store, "PRAGMA max_page_count = 1000000");
    struct er_study_outcome did = {0};
    T_STATUS(er_job_run(store, job, NULL, pool, NULL, &did, &err), ER_OK, "with room it goes on");
    T_EQ_INT(did.found, kept, "from there");
    T_EQ_INT(store_ask(store, "SELECT count(*) FROM runs"), 200, "to the end");
    er_store_close(store);
    er_pool_free(pool);
    fake_job_free(job);
}

/* Ten thousand runs. How long it takes is measured by the benchmarks. */
static void many(void)
{
    struct fake_options options = {.widths = 2500, .seeds = 4, .steps = 1, .fail_run = -1};
    struct er_job *job = fake_job_new(&options);
    struct er_store *store = NULL;
    struct er_study_outcome did = {0};
    struct er_table table = {0};
    struct timespec t[4];
    T_STATUS(er_store_open(at("many.db"), false, &store, &err), ER_OK, "store");
    clock_gettime(CLOCK_MONOTONIC, &t[0]);
    T_STATUS(er_job_run(store, job, NULL, NULL, NULL, &did, &err), ER_OK, "run");
    clock_gettime(CLOCK_MONOTONIC, &t[1]);
    T_STATUS(er_job_run(store, job, NULL, NULL, NULL, &did, &err), ER_OK, "again");
    T_EQ_INT(did.found, 10000, "all found");
    clock_gettime(CLOCK_MONOTONIC, &t[2]);
    T_STATUS(er_job_table(store, job, &table, &err), ER_OK, "table");
    clock_gettime(CLOCK_MONOTONIC, &t[3]);
    T_EQ_INT(table.rows, 10000, "rows");
    T_CLOSE(table.cell[9999 * table.columns].number, 2500, 0, "the last width");
    for (int i = 0; i < 3; i++)
        printf("# 10000 runs: %s %.3f s\n", (const char *[]){"stored in", "looked up in", "listed in"}[i],
               (double)(t[i + 1].tv_sec - t[i].tv_sec) + 1e-9 * (double)(t[i + 1].tv_nsec - t[i].tv_nsec));
    er_table_clear(&table);
    er_store_close(store);
    fake_job_free(job);
}

int main(void)
{
    T_OK(scratch_make(folder) != NULL, "scratch folder");
    once();
    facts();
    equal_keys();
    failing();
    broken_experiment();
    stopping();
    full_disk();
    many();
    scratch_remove(folder);
    return t_done();
}
