/* provenance.c - how, where and when a job's results were computed. */
#include "study/database.h"
#include "study/job.h"

#include <ermine/memory.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* What is being gathered; times in the store's form, which sorts. */
struct gathered {
    char from[ER_TIME_TEXT], to[ER_TIME_TEXT];
    struct er_provenance p;
};

static void add(struct gathered *g, sqlite3_stmt *row, int64_t copies)
{
    const char *finished = er_sql_text(row, 1);
    double seconds = er_sql_real(row, 0);
    if (isfinite(seconds)) g->p.seconds += seconds;
    if (!g->p.present || strcmp(finished, g->from) < 0) snprintf(g->from, sizeof g->from, "%s", finished);
    if (!g->p.present || strcmp(finished, g->to) >= 0) {
        snprintf(g->to, sizeof g->to, "%s", finished);
        snprintf(g->p.machine, sizeof g->p.machine, "%s", er_sql_text(row, 2));
        snprintf(g->p.version, sizeof g->p.version, "%s", er_sql_text(row, 3));
    }
    g->p.present += copies;
}

static enum er_status gather(struct er_store *store, const struct er_job *job, const int64_t *copies,
                             struct gathered *g, struct er_error *err)
{
    sqlite3_stmt *statement = NULL;
    bool row;
    enum er_status status = ER_OK;
    for (int64_t i = 0; status == ER_OK && i < job->runs; i++) {
        if (copies[i] == 0) continue;
        status = er_sql_open(store, "SELECT seconds, finished, machine, version FROM runs WHERE key = ?",
                             ER_VALUES(er_text(job->key[i])), &statement, err);
        if (status == ER_OK) status = er_sql_next(store, statement, &row, err);
        if (status == ER_OK && row) add(g, statement, copies[i]);
    }
    return status;
}

/* "2031-05-06T07:08:09.123Z" without the milliseconds. */
static void whole_seconds(const char *from, char out[32])
{
    snprintf(out, 32, "%.19s%s", from, from[0] ? "Z" : "");
}

enum er_status er_job_provenance(struct er_store *store, const struct er_job *job, struct er_provenance *out,
                                 struct er_error *err)
{
    struct gathered g = {.p = {.runs = job->runs, .data_sets = job->data_sets}};
    int64_t *copies = er_job_copies(job);
    if (!copies) return er_fail(err, ER_E_NOMEM, "study %s: out of memory", job->name);
    enum er_status status = er_sql_begin(store, false, err);
    if (status == ER_OK) status = er_sql_end(store, gather(store, job, copies, &g, err), err);
    er_free(copies);
    if (status != ER_OK) return status;
    whole_seconds(g.from, g.p.computed_from);
    whole_seconds(g.to, g.p.computed_to);
    if (job->data_sets > 0) memcpy(g.p.checksum, job->checksum[0], sizeof g.p.checksum);
    *out = g.p;
    return ER_OK;
}
