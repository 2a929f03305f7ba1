/* job.c - a study planned against a store: checksums of its data, keys of its runs. */
#include "study/job.h"

#include "experiments/data_keys.h"
#include "experiments/matrix_keys.h"
#include "experiments/rank_keys.h"
#include "study/source.h"
#include "study/study.h"

#include <ermine/memory.h>
#include <inttypes.h>
#include <string.h>

/* Runs read the same bytes when they name the same set or file: sizes, seeds and transforms come after. */
static bool same_source(const struct er_point *a, const struct er_point *b)
{
    static const char *const path[] = {"data.name", "data.file", "matrix.name", "matrix.file", "rank.file"};
    for (size_t i = 0; i < sizeof path / sizeof *path; i++)
        if (strcmp(er_point_text(a, path[i], ""), er_point_text(b, path[i], "")) != 0) return false;
    return true;
}

static bool has_data(const struct er_point *point)
{
    return er_point_get(point, "data.name") || er_point_get(point, "data.file") ||
           er_point_get(point, "rank.file") || er_matrix_keys_is_ratings(point);
}

static struct er_data_spec spec_of(const struct er_point *point)
{
    if (er_point_get(point, "rank.file")) return er_rank_keys_source(point);
    return er_matrix_keys_is_ratings(point) ? er_matrix_keys_source(point) : er_data_keys_spec(point);
}

static enum er_status fail_at_source(const struct er_point *point, const struct er_error *why,
                                     struct er_error *err)
{
    if (er_point_get(point, "rank.file")) return er_rank_keys_fail(point, "rank.file", why, err);
    return er_matrix_keys_is_ratings(point) ? er_matrix_keys_fail(point, why, err)
                                            : er_data_keys_fail(point, why, err);
}

static enum er_status no_memory(const struct er_job *job, struct er_error *err)
{
    er_fail(err, ER_E_NOMEM, "study %s: out of memory for its runs", job->name);
    return ER_E_NOMEM;
}

static enum er_status add_source(struct er_store *store, struct er_job *job, int64_t run,
                                 const struct er_data_places *places, struct er_error *err)
{
    const struct er_data_spec spec = spec_of(&job->point[run]);
    char(*more)[ER_SHA256_HEX] =
        er_grow(job->checksum, job->data_sets, job->data_sets + 1, sizeof *job->checksum);
    if (!more) return no_memory(job, err);
    job->checksum = more;
    struct er_error why = {0};
    enum er_status status = er_source_checksum(store, &spec, places, job->checksum[job->data_sets], &why);
    if (status != ER_OK) return fail_at_source(&job->point[run], &why, err);
    job->data_sets++;
    return ER_OK;
}

/* Which data set each run uses; `first[k]` is a run that uses set k. */
static enum er_status find_sources(struct er_store *store, struct er_job *job,
                                   const struct er_data_places *places, int64_t *first, struct er_error *err)
{
    enum er_status status = ER_OK;
    for (int64_t i = 0; status == ER_OK && i < job->runs; i++) {
        const struct er_point *point = &job->point[i];
        int64_t k =
            i > 0 && job->data_of[i - 1] >= 0 && same_source(point, point - 1) ? job->data_of[i - 1] : 0;
        job->data_of[i] = -1;
        if (!has_data(point)) continue;
        while (k < job->data_sets && !same_source(point, &job->point[first[k]])) k++;
        job->data_of[i] = k;
        if (k < job->data_sets) continue;
        first[k] = i;
        status = add_source(store, job, i, places, err);
    }
    return status;
}

static const char *checksum_of(const struct er_job *job, int64_t run)
{
    return job->data_of[run] < 0 ? "" : job->checksum[job->data_of[run]];
}

static enum er_status canonical(const struct er_job *job, int64_t run, char **out, struct er_error *err)
{
    return er_study_canonical(job->study, run, checksum_of(job, run), out, err);
}

/* Results of another study are the data of this one, and the keys of its runs say what they are. */
static enum er_status open_source(struct er_store *store, struct er_job *job, const struct er_study *source,
                                  const struct er_data_places *places, struct er_error *err)
{
    struct er_job *opened = er_alloc(1, sizeof *opened);
    if (!opened) return no_memory(job, err);
    enum er_status status = er_job_open(store, source, places, opened, err);
    if (status == ER_OK && !(job->checksum = er_alloc(1, sizeof *job->checksum))) {
        er_job_close(opened);
        status = no_memory(job, err);
    }
    if (status != ER_OK) {
        er_free(opened);
        return status;
    }
    job->reads = opened;
    job->data_sets = 1;
    er_sha256(opened->key, (size_t)opened->runs * sizeof *opened->key, job->checksum[0]);
    for (int64_t i = 0; i < job->runs; i++) job->data_of[i] = 0;
    return ER_OK;
}

enum er_status er_job_open(struct er_store *store, const struct er_study *study,
                           const struct er_data_places *places, struct er_job *out, struct er_error *err)
{
    struct er_job job = {.name = er_study_name(study),
                         .file = er_study_file(study),
                         .source = er_study_source(study),
                         .experiment = er_study_experiment(study),
                         .run_column = study->run_column,
                         .runs = er_study_runs(study),
                         .canonical = canonical,
                         .study = study};
    int64_t *first = er_alloc(job.runs, sizeof *first);
    job.axis = er_study_axes(study, &job.axes);
    job.point = er_alloc(job.runs, sizeof *job.point);
    job.key = er_alloc(job.runs, sizeof *job.key);
    job.data_of = er_alloc(job.runs, sizeof *job.data_of);
    enum er_status status = first && job.point && job.key && job.data_of ? ER_OK : no_memory(&job, err);
    for (int64_t i = 0; status == ER_OK && i < job.runs; i++) job.point[i] = *er_study_point(study, i);
    const struct er_study *source = er_study_reads(study);
    if (status == ER_OK && store && source)
        status = open_source(store, &job, source, places, err);
    else if (status == ER_OK && store)
        status = find_sources(store, &job, places, first, err);
    for (int64_t i = 0; status == ER_OK && !store && i < job.runs; i++) job.data_of[i] = -1;
    for (int64_t i = 0; status == ER_OK && i < job.runs; i++)
        status = er_study_key(study, i, checksum_of(&job, i), job.key[i], err);
    er_free(first);
    if (status == ER_OK)
        *out = job;
    else
        er_job_close(&job);
    return status;
}

void er_job_close(struct er_job *job)
{
    er_free(job->point);
    er_free(job->key);
    er_free(job->data_of);
    er_free(job->checksum);
    if (job->reads) er_job_close(job->reads);
    er_free(job->reads);
    *job = (struct er_job){0};
}
