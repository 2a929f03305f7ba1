/* study_plan.c - what a study would take, told without computing it. */
#include "study/job.h"
#include "study/lease.h"
#include "study/networks.h"

#include <ermine/memory.h>
#include <math.h>

/* The points of the runs that are to be computed: of each key the first, unless the store has it, with what
 * is to be kept of it. */
static enum er_status missing(struct er_store *store, const struct er_job *job, struct er_point *point,
                              int64_t *n, struct er_error *err)
{
    int64_t *copies = er_job_copies(job), candidates = 0;
    struct er_leased *run = er_alloc(job->runs, sizeof *run);
    enum er_lease_state *lease = er_alloc(job->runs, sizeof *lease);
    enum er_status status = ER_OK;
    if (!copies || !run || !lease) {
        status = er_fail(err, ER_E_NOMEM, "study %s: out of memory for its runs", job->name);
        goto done;
    }
    for (int64_t i = 0; i < job->runs; i++)
        if (copies[i] > 0) {
            point[candidates] = job->point[i];
            run[candidates++] = (struct er_leased){job->key[i], er_networks_keep(job, i)};
        }
    if (store) status = er_lease_look(store, run, candidates, lease, err);
    *n = 0;
    for (int64_t i = 0; i < candidates && status == ER_OK; i++)
        if (!store || lease[i] != ER_LEASE_DONE) point[(*n)++] = point[i];
done:
    er_free(copies);
    er_free(run);
    er_free(lease);
    return status;
}

enum er_status er_study_plan(struct er_store *store, const struct er_study *study,
                             const struct er_data_places *places, struct er_pool *pool,
                             const struct er_progress *progress, struct er_study_plan *out,
                             struct er_error *err)
{
    struct er_job job;
    struct er_estimate estimate = {.seconds = (double)NAN};
    int64_t n = 0;
    enum er_status status = er_job_open(store, study, places, &job, err);
    if (status != ER_OK) return status;
    struct er_point *point = er_alloc(job.runs, sizeof *point);
    if (point)
        status = missing(store, &job, point, &n, err);
    else
        status = er_fail(err, ER_E_NOMEM, "study %s: out of memory for its runs", job.name);
    if (status == ER_OK && n == 0) estimate.seconds = 0;
    if (status == ER_OK && n > 0 && job.experiment->estimate)
        status = job.experiment->estimate(point, n, places, pool, progress, &estimate, err);
    if (status == ER_OK)
        *out = (struct er_study_plan){.runs = job.runs,
                                      .found = job.runs - n,
                                      .ensembles = estimate.ensembles,
                                      .at_once = estimate.at_once,
                                      .run_bytes = estimate.run_bytes,
                                      .data_bytes = estimate.data_bytes,
                                      .work_bytes = estimate.work_bytes,
                                      .memory = estimate.memory,
                                      .guessed = estimate.guessed,
                                      .seconds = estimate.seconds,
                                      .measures_seconds = estimate.measures_seconds};
    if (err && status != ER_OK && err->line > 0 && !err->file[0])
        er_error_place(err, er_study_file(study), err->line, err->column);
    er_free(point);
    er_job_close(&job);
    return status;
}
