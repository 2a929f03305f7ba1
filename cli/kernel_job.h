/* kernel_job.h - what `ermine kernel` computes: examples, model, options, and what they take. */
#ifndef ERMINE_CLI_KERNEL_JOB_H
#define ERMINE_CLI_KERNEL_JOB_H

#include "options.h"

#include "data/npy_file.h"
#include "limit/sampled_model.h"

#include <ermine/gram_file.h>

/* Examples in a .npy file. */
struct kernel_examples {
    const char *path; /* NULL: none */
    struct er_npy_file file;
    struct er_array array; /* once they are read */
    struct er_shape shape;
    int64_t n;
};

struct kernel_job {
    const struct cli_args *args;
    struct er_limit_options options;
    bool nngp;       /* whether K is wanted; Theta: options.ntk */
    bool training;   /* whether dropout has masks for the examples of x */
    int64_t threads; /* 0: all processors */
    struct kernel_examples x, x2;
    struct er_model *model;
    struct er_limit *limit; /* NULL where networks are sampled instead */
    int64_t networks, seed; /* so many, from this one on; 0: the exact kernel */
    struct er_sampled_model sampled;
    struct er_pool *pool;
    struct er_limit_points *a, *b; /* b NULL without x2 */
};

/* Options alone; then model and the headers of examples. An exit code, after a message; kernel_job_close() in any case. */
int kernel_job_options(const struct cli_args *args, struct kernel_job *job);
int kernel_job_open(struct kernel_job *job);
void kernel_job_close(struct kernel_job *job);

/* The examples themselves, once what all takes is known to be there. */
enum er_status kernel_job_read(struct kernel_job *job, struct er_error *err);

/* Rows and columns of the matrices. */
static inline int64_t kernel_job_rows(const struct kernel_job *job)
{
    return job->x.n;
}
static inline int64_t kernel_job_columns(const struct kernel_job *job)
{
    return job->x2.path ? job->x2.n : job->x.n;
}

/* What it takes: bytes of memory, of disk while it is computed, and of the file at the end. */
struct kernel_needs {
    double memory, work, output;
};
struct kernel_needs kernel_job_needs(const struct kernel_job *job);

/* Seconds that it takes on the job's threads, by computing a few examples on one; NAN when even these failed. */
double kernel_job_seconds(const struct kernel_job *job);

#endif
