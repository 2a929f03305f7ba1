/* study_run.c - a study's runs and results: plans it, then does as job.h says. */
#include "study/job.h"
#include "study/study.h"

/* The experiment and the data know lines and columns of the study, and not its file. */
static enum er_status in_file(const struct er_study *study, enum er_status status, struct er_error *err)
{
    if (err && status != ER_OK && err->line > 0 && !err->file[0])
        er_error_place(err, er_study_file(study), err->line, err->column);
    return status;
}

enum er_status er_study_run(struct er_store *store, const struct er_study *study,
                            const struct er_data_places *places, struct er_pool *pool,
                            const struct er_progress *progress, struct er_study_outcome *outcome,
                            struct er_error *err)
{
    struct er_job job;
    enum er_status status = er_job_open(store, study, places, &job, err);
    if (status != ER_OK) return in_file(study, status, err);
    status = er_job_run(store, &job, places, pool, progress, outcome, err);
    er_job_close(&job);
    return in_file(study, status, err);
}

enum er_status er_study_recheck(struct er_store *store, const struct er_study *study,
                                const struct er_data_places *places, struct er_pool *pool,
                                const struct er_progress *progress, const struct er_recheck_options *options,
                                struct er_recheck *out, struct er_error *err)
{
    struct er_job job;
    enum er_status status = er_job_open(store, study, places, &job, err);
    if (status != ER_OK) return in_file(study, status, err);
    status = er_job_recheck(store, &job, places, pool, progress, options, out, err);
    er_job_close(&job);
    return in_file(study, status, err);
}

enum er_status er_study_table(struct er_store *store, const struct er_study *study,
                              const struct er_data_places *places, struct er_table *out, struct er_error *err)
{
    struct er_job job;
    enum er_status status = er_job_open(store, study, places, &job, err);
    if (status != ER_OK) return in_file(study, status, err);
    status = er_job_table(store, &job, out, err);
    er_job_close(&job);
    return in_file(study, status, err);
}

enum er_status er_study_curves(struct er_store *store, const struct er_study *study,
                               const struct er_data_places *places, struct er_table *out,
                               struct er_error *err)
{
    struct er_job job;
    enum er_status status = er_job_open(store, study, places, &job, err);
    if (status != ER_OK) return in_file(study, status, err);
    status = er_job_curves(store, &job, out, err);
    er_job_close(&job);
    return in_file(study, status, err);
}

/* Without keys: nothing can be looked up. */
static struct er_job keyless(const struct er_study *study)
{
    return (struct er_job){.name = study->name,
                           .experiment = study->experiment,
                           .run_column = study->run_column,
                           .runs = study->runs,
                           .point = study->point,
                           .axis = study->axis,
                           .axes = study->axes,
                           .study = study};
}

enum er_status er_study_heads(const struct er_study *study, struct er_table *runs, struct er_table *curves,
                              struct er_error *err)
{
    const struct er_job job = keyless(study);
    return er_job_heads(&job, runs, curves, err);
}

enum er_status er_study_grid(const struct er_study *study, struct er_table *out, struct er_error *err)
{
    const struct er_job job = keyless(study);
    return er_job_grid(&job, out, err);
}

enum er_status er_study_networks(struct er_store *store, const struct er_study *study,
                                 const struct er_data_places *places, struct er_table *out,
                                 struct er_error *err)
{
    struct er_job job;
    enum er_status status = er_job_open(store, study, places, &job, err);
    if (status != ER_OK) return in_file(study, status, err);
    status = er_job_networks(store, &job, out, err);
    er_job_close(&job);
    return in_file(study, status, err);
}

enum er_status er_study_provenance(struct er_store *store, const struct er_study *study,
                                   const struct er_data_places *places, struct er_provenance *out,
                                   struct er_error *err)
{
    struct er_job job;
    enum er_status status = er_job_open(store, study, places, &job, err);
    if (status != ER_OK) return in_file(study, status, err);
    status = er_job_provenance(store, &job, out, err);
    er_job_close(&job);
    return in_file(study, status, err);
}
