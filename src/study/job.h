/* job.h - what the store needs to know of a study: its runs' points, keys and axes.
 *
 * er_job_open() makes one of a parsed study; tests make theirs by hand, with an experiment of their own.
 */
#ifndef ERMINE_STUDY_JOB_H
#define ERMINE_STUDY_JOB_H

#include "experiments/experiment.h"
#include <ermine/store.h>

struct er_job {
    const char *name, *file, *source; /* the study's name, where it is written, its YAML */
    const struct er_experiment *experiment;
    const struct er_column *run_column; /* the values of a run: the experiment's, then its measures */
    int64_t runs;
    struct er_point *point;     /* runs points, in grid order; their settings are borrowed */
    char (*key)[ER_SHA256_HEX]; /* runs keys; two runs may have the same one */
    const struct er_axis *axis; /* axes of them */
    int64_t axes;
    /* The text whose hash is run i's key; freed by er_free(). */
    enum er_status (*canonical)(const struct er_job *job, int64_t run, char **out, struct er_error *err);
    const struct er_study *study;
    struct er_job *reads; /* the study whose results its runs read, opened with it; NULL: none */
    char (*checksum)
        [ER_SHA256_HEX]; /* of the data sets that the runs use, data_sets of them; where they read another
                                        study's results, of the keys of its runs */
    int64_t data_sets;
    int64_t *data_of; /* runs: which of them; -1: none */
};

/* Plans a study: checksums of its data (from the store's table `sources` where the files have not changed),
 * keys of its runs. er_job_close() frees what it holds. Borrows the study. Without a store (NULL) there are
 * no checksums, and the keys only tell the study's runs apart. */
enum er_status er_job_open(struct er_store *store, const struct er_study *study,
                           const struct er_data_places *places, struct er_job *out, struct er_error *err);
void er_job_close(struct er_job *job);

/* The results of job->reads, all of them: ER_E_NOT_FOUND when runs of it are missing. Nothing (a zeroed table) for a job
 * that has no source. Cleared by er_table_clear(). */
enum er_status er_job_source_table(struct er_store *store, const struct er_job *job, struct er_table *out,
                                   struct er_error *err);

/* How many runs have run i's key, at the first of them, and 0 at the others; `runs` numbers. NULL when memory
 * is out; freed by er_free(). */
int64_t *er_job_copies(const struct er_job *job);

/* Notes that the study was run into this store, for er_store_studies(). */
enum er_status er_job_enrol(struct er_store *store, const struct er_job *job, struct er_error *err);

/* er_study_run(), _recheck(), _table(), _curves(), _heads(), _networks() and _provenance() of a job. */
enum er_status er_job_run(struct er_store *store, const struct er_job *job,
                          const struct er_data_places *places, struct er_pool *pool,
                          const struct er_progress *progress, struct er_study_outcome *outcome,
                          struct er_error *err);
enum er_status er_job_recheck(struct er_store *store, const struct er_job *job,
                              const struct er_data_places *places, struct er_pool *pool,
                              const struct er_progress *progress, const struct er_recheck_options *options,
                              struct er_recheck *out, struct er_error *err);
enum er_status er_job_table(struct er_store *store, const struct er_job *job, struct er_table *out,
                            struct er_error *err);
enum er_status er_job_curves(struct er_store *store, const struct er_job *job, struct er_table *out,
                             struct er_error *err);
enum er_status er_job_heads(const struct er_job *job, struct er_table *runs, struct er_table *curves,
                            struct er_error *err);
/* The runs' table with the values of the axes alone. */
enum er_status er_job_grid(const struct er_job *job, struct er_table *out, struct er_error *err);
enum er_status er_job_networks(struct er_store *store, const struct er_job *job, struct er_table *out,
                               struct er_error *err);
enum er_status er_job_provenance(struct er_store *store, const struct er_job *job, struct er_provenance *out,
                                 struct er_error *err);

#endif
