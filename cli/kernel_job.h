/* kernel_job.h - what `ermine kernel` computes: examples, model, options, and what they take. */
#ifndef ERMINE_CLI_KERNEL_JOB_H
#define ERMINE_CLI_KERNEL_JOB_H

#include "options.h"

#include "limit/sampled_model.h"

#include <ermine/gram_file.h>

/* Examples in a .npy file. */
struct kernel_examples {
    const char *path; /* NULL: none */
    struct er_array array;
    struct er_shape shape;
    int64_t n;
};

struct kernel_job {
    const struct cli_args *args;
    struct er_limit_options options;
    bool nngp;       /* whether K is wanted; Theta: options.ntk */
    int64_t threads; /* 0: all processors */
    struct kernel_examples x, x2;
    struct er_model *model;
    struct er_limit *limit; /* NULL where networks are sampled instead */
    int64_t networks, seed; /* so many, from this one on; 0: the exact kernel */
    struct er_sampled_model sampled;
    struct er_pool *pool;
    struct er_limit_points *a, *b; /* b NULL without x2 */
};

/* Options alone; then examples and model. An exit code, after a message; kernel_job_close() in any case. */
int kernel_job_options(const struct cli_args *args, struct kernel_job *job);
int kernel_job_open(struct kernel_job *job);
void kernel_job_close(struct kernel_job *job);

/* Prepares the points. */
enum er_status kernel_job_points(struct kernel_job *job, const struct er_progress *progress,
                                 struct er_error *err);

/* Rows and columns of the matrices. */
static inline int64_t kernel_job_rows(const struct kernel_job *job)
{
    return job->x.n;
}
static inline int64_t kernel_job_columns(const struct kernel_job *job)
{
    return job->x2.path ? job->x2.n : job->x.n;
}

/* What it takes: bytes of memory besides the examples, of disk while it is computed, and of the file at the end. */
struct kernel_needs {
    double memory, work, output;
};
struct kernel_needs kernel_job_needs(const struct kernel_job *job);

/* Pairs of examples. */
double kernel_job_pairs(const struct kernel_job *job);

/* Seconds that all pairs take on the job's threads, by computing a few on one; NAN when even these failed. */
double kernel_job_seconds(const struct kernel_job *job);

#endif
