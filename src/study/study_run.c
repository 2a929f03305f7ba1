/* study_run.c - a study's runs and results: plans it, then does as job.h says. */
#include "study/job.h"

enum er_status er_study_run(struct er_store *store, const struct er_study *study,
                            const struct er_data_places *places, struct er_pool *pool,
                            const struct er_progress *progress, struct er_study_outcome *outcome,
                            struct er_error *err)
{
    struct er_job job;
    enum er_status status = er_job_open(store, study, places, &job, err);
    if (status != ER_OK) return status;
    status = er_job_run(store, &job, places, pool, progress, outcome, err);
    er_job_close(&job);
    return status;
}

enum er_status er_study_table(struct er_store *store, const struct er_study *study,
                              const struct er_data_places *places, struct er_table *out, struct er_error *err)
{
    struct er_job job;
    enum er_status status = er_job_open(store, study, places, &job, err);
    if (status != ER_OK) return status;
    status = er_job_table(store, &job, out, err);
    er_job_close(&job);
    return status;
}

enum er_status er_study_curves(struct er_store *store, const struct er_study *study,
                               const struct er_data_places *places, struct er_table *out,
                               struct er_error *err)
{
    struct er_job job;
    enum er_status status = er_job_open(store, study, places, &job, err);
    if (status != ER_OK) return status;
    status = er_job_curves(store, &job, out, err);
    er_job_close(&job);
    return status;
}

enum er_status er_study_provenance(struct er_store *store, const struct er_study *study,
                                   const struct er_data_places *places, struct er_provenance *out,
                                   struct er_error *err)
{
    struct er_job job;
    enum er_status status = er_job_open(store, study, places, &job, err);
    if (status != ER_OK) return status;
    status = er_job_provenance(store, &job, out, err);
    er_job_close(&job);
    return status;
}
