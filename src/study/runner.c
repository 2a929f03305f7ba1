/* runner.c - computes what the store lacks of a job.
 *
 * A pass hands the missing runs to the experiment, which asks for a lease before each. Runs that another
 * living store has leased are skipped and waited for; those whose owner died meanwhile make the next pass.
 * Runs of equal keys are one member, computed once.
 */
#include "study/database.h"
#include "study/job.h"
#include "study/lease.h"
#include "study/machine.h"
#include "study/networks.h"
#include "study/record.h"
#include "study/tally.h"

#include <ermine/memory.h>
#include <inttypes.h>
#include <string.h>
#include <time.h>

static const double CHECKPOINT_SECONDS =
    2; /* what a killed process loses of each run at most, and an epoch */
static const struct timespec POLL = {.tv_nsec = 100000000};

struct member {
    int64_t run, copies; /* the first run of its key, and how many there are */
    enum { MISSING, LEASED, TAKEN, DONE } state;
    void *checkpoint; /* while the experiment works on it */
};

struct runner {
    struct er_store *store;
    const struct er_job *job;
    struct member *member;
    int64_t members;
    int64_t *pass;          /* the members of the present pass */
    struct er_point *point; /* and their points */
    struct er_leased *run;  /* scratch of look() */
    enum er_lease_state *lease;
    struct er_tally tally;
    _Atomic int64_t computed; /* here */
    char machine[ER_MACHINE_TEXT];
};

static struct member *member_of(struct runner *r, int64_t i)
{
    return &r->member[r->pass[i]];
}

static const char *key_of(const struct runner *r, const struct member *m)
{
    return r->job->key[m->run];
}

static struct er_leased leased(const struct runner *r, const struct member *m)
{
    return (struct er_leased){.key = key_of(r, m), .keep = er_networks_keep(r->job, m->run)};
}

static enum er_status begin(void *ctx, int64_t i, bool *skip, const void **state, size_t *bytes,
                            struct er_error *err)
{
    struct runner *r = ctx;
    struct member *m = member_of(r, i);
    enum er_lease_state lease;
    enum er_status status = er_lease_take(r->store, leased(r, m), &lease, &m->checkpoint, bytes, err);
    if (status != ER_OK) return status;
    *skip = lease != ER_LEASE_FREE;
    *state = m->checkpoint;
    m->state = lease == ER_LEASE_FREE ? LEASED : lease == ER_LEASE_TAKEN ? TAKEN : DONE;
    if (*skip) er_tally_skip(&r->tally);
    if (m->state == DONE) er_tally_finish(&r->tally, m->copies);
    return ER_OK;
}

static enum er_status checkpoint(void *ctx, int64_t i, const void *state, size_t bytes, struct er_error *err)
{
    struct runner *r = ctx;
    return er_lease_checkpoint(r->store, key_of(r, member_of(r, i)), state, bytes, err);
}

static enum er_status keep(void *ctx, int64_t i, const struct er_kept_network *kept, struct er_error *err)
{
    struct runner *r = ctx;
    return er_networks_write(r->store, r->job, member_of(r, i)->run, kept, err);
}

static enum er_status end(void *ctx, int64_t i, const struct er_record *record, struct er_error *err)
{
    struct runner *r = ctx;
    struct member *m = member_of(r, i);
    enum er_status status = er_record_write(r->store, r->job, m->run, record, r->machine, err);
    if (status != ER_OK) return status;
    er_free(m->checkpoint);
    m->checkpoint = NULL;
    m->state = DONE;
    r->computed++;
    er_tally_finish(&r->tally, m->copies);
    return ER_OK;
}

/* Whatever is left of a pass is let go. An experiment that says that all went well must have ended or skipped
 * every run, or the next pass would be the same again. */
static enum er_status clean_up(struct runner *r, int64_t n, enum er_status status, struct er_error *err)
{
    for (int64_t i = 0; i < n; i++) {
        struct member *m = member_of(r, i);
        er_free(m->checkpoint);
        m->checkpoint = NULL;
        if (m->state == TAKEN || m->state == DONE) continue;
        if (m->state == LEASED) er_lease_release(r->store, key_of(r, m), NULL);
        m->state = MISSING;
        if (status == ER_OK)
            status = er_fail(err, ER_E_USAGE, "experiment %s left run %" PRId64 " without a result",
                             r->job->experiment->name, m->run);
    }
    return status;
}

static enum er_status pass(struct runner *r, const struct er_data_places *places, struct er_pool *pool,
                           struct er_error *err)
{
    char *work;
    struct er_table results = {0};
    struct er_source source = {.table = &results};
    struct er_run_events events = {.ctx = r,
                                   .begin = begin,
                                   .checkpoint = checkpoint,
                                   .keep = keep,
                                   .end = end,
                                   .checkpoint_seconds = CHECKPOINT_SECONDS};
    int64_t n = 0;
    for (int64_t i = 0; i < r->members; i++)
        if (r->member[i].state == MISSING) {
            r->point[n] = r->job->point[r->member[i].run];
            r->pass[n++] = i;
        }
    if (n == 0) return ER_OK;
    enum er_status status = er_networks_path(r->store, "work", &work, err);
    if (status != ER_OK) return status;
    events.work = work;
    if (r->job->reads) {
        source.point = r->job->reads->point;
        source.runs = r->job->reads->runs;
        events.source = &source;
    }
    er_tally_pass(&r->tally);
    status = er_job_source_table(r->store, r->job, &results, err);
    if (status == ER_OK)
        status = r->job->experiment->run(r->point, n, places, pool, &r->tally.progress, &events, err);
    er_table_clear(&results);
    er_free(work);
    return clean_up(r, n, status, err);
}

/* Asks the store about the members in one of two states; *n of them are then TAKEN. */
static enum er_status look(struct runner *r, int state, int64_t *taken, struct er_error *err)
{
    int64_t n = 0, done = 0;
    for (int64_t i = 0; i < r->members; i++)
        if ((int)r->member[i].state == state) {
            r->run[n] = leased(r, &r->member[i]);
            r->pass[n++] = i;
        }
    enum er_status status = er_lease_look(r->store, r->run, n, r->lease, err);
    if (status != ER_OK) return status;
    *taken = 0;
    for (int64_t i = 0; i < n; i++) {
        struct member *m = member_of(r, i);
        m->state = r->lease[i] == ER_LEASE_DONE ? DONE : r->lease[i] == ER_LEASE_TAKEN ? TAKEN : MISSING;
        if (m->state == DONE) done += m->copies;
        if (m->state == TAKEN) ++*taken;
    }
    er_tally_finish(&r->tally, done);
    return ER_OK;
}

static bool any(const struct runner *r, int state)
{
    for (int64_t i = 0; i < r->members; i++)
        if ((int)r->member[i].state == state) return true;
    return false;
}

static int64_t runs_elsewhere(const struct runner *r)
{
    int64_t runs = 0;
    for (int64_t i = 0; i < r->members; i++)
        if (r->member[i].state == TAKEN) runs += r->member[i].copies;
    return runs;
}

/* Until none is with another store, or some that were are free. */
static enum er_status wait_for_others(struct runner *r, struct er_error *err)
{
    enum er_status status = ER_OK;
    int64_t taken = 1;
    while (status == ER_OK && taken > 0 && any(r, TAKEN) && !any(r, MISSING)) {
        if (er_progress_stopped(&r->tally.progress))
            return er_fail(err, ER_E_STOPPED,
                           "study %s: stopped while another process computes %" PRId64 " of its runs",
                           r->job->name, taken);
        er_tally_wait(&r->tally, runs_elsewhere(r));
        nanosleep(&POLL, NULL);
        status = look(r, TAKEN, &taken, err);
    }
    er_tally_wait(&r->tally, 0);
    return status;
}

static enum er_status open_runner(struct runner *r, struct er_error *err)
{
    const struct er_job *job = r->job;
    int64_t *copies = er_job_copies(job);
    r->member = er_alloc(job->runs, sizeof *r->member);
    r->pass = er_alloc(job->runs, sizeof *r->pass);
    r->point = er_alloc(job->runs, sizeof *r->point);
    r->run = er_alloc(job->runs, sizeof *r->run);
    r->lease = er_alloc(job->runs, sizeof *r->lease);
    bool made = copies && r->member && r->pass && r->point && r->run && r->lease;
    for (int64_t i = 0; made && i < job->runs; i++)
        if (copies[i] > 0) r->member[r->members++] = (struct member){.run = i, .copies = copies[i]};
    er_free(copies);
    er_machine_text(r->machine);
    return made ? ER_OK : er_fail(err, ER_E_NOMEM, "study %s: out of memory for its runs", job->name);
}

static void close_runner(struct runner *r)
{
    er_tally_close(&r->tally);
    er_free(r->member);
    er_free(r->pass);
    er_free(r->point);
    er_free(r->run);
    er_free(r->lease);
}

/* Runs that ended in divergence, copies included. */
static enum er_status count_diverged(struct runner *r, int64_t *diverged, struct er_error *err)
{
    sqlite3_stmt *statement = NULL;
    bool row;
    enum er_status status = er_sql_begin(r->store, false, err);
    if (status != ER_OK) return status;
    for (int64_t i = 0; status == ER_OK && i < r->members; i++) {
        status = er_sql_open(r->store, "SELECT 1 FROM runs WHERE key = ? AND outcome = ?",
                             ER_VALUES(er_text(key_of(r, &r->member[i])), er_text(ER_OUTCOME_DIVERGED)),
                             &statement, err);
        if (status == ER_OK) status = er_sql_next(r->store, statement, &row, err);
        if (status == ER_OK && row) *diverged += r->member[i].copies;
    }
    return er_sql_end(r->store, status, err);
}

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

enum er_status er_job_run(struct er_store *store, const struct er_job *job,
                          const struct er_data_places *places, struct er_pool *pool,
                          const struct er_progress *progress, struct er_study_outcome *outcome,
                          struct er_error *err)
{
    struct runner r = {.store = store, .job = job};
    struct er_study_outcome did = {.runs = job->runs};
    const double start = seconds_now();
    int64_t taken = 0;
    er_tally_open(&r.tally, progress, job->name, job->runs);
    enum er_status status = open_runner(&r, err);
    if (status == ER_OK) status = er_job_enrol(store, job, err);
    if (status == ER_OK) status = look(&r, MISSING, &taken, err);
    while (status == ER_OK && (any(&r, MISSING) || any(&r, TAKEN))) {
        status = pass(&r, places, pool, err);
        if (status == ER_OK) status = wait_for_others(&r, err);
    }
    if (status == ER_OK) status = count_diverged(&r, &did.diverged, err);
    did.computed = r.computed;
    did.found = did.runs - did.computed;
    did.seconds = seconds_now() - start;
    did.flops = er_tally_flops(&r.tally);
    close_runner(&r);
    if (status == ER_OK && outcome) *outcome = did;
    return status;
}
