/* kernel_exact.h - kernels of infinite width: examples become points, their pairs a work file, that one the output. */
#ifndef ERMINE_CLI_KERNEL_EXACT_H
#define ERMINE_CLI_KERNEL_EXACT_H

#include "kernel_job.h"
#include "progress.h"

/* kernel_job_needs(), but for the examples, and kernel_job_seconds() of a job without networks. */
struct kernel_needs kernel_exact_needs(const struct kernel_job *job);
double kernel_exact_seconds(const struct kernel_job *job);

/* Pairs of examples. */
double kernel_exact_pairs(const struct kernel_job *job);

/* Computes it in the file `work`, and writes it. ER_E_STOPPED: what is done is kept there. */
enum er_status kernel_exact_write(struct kernel_job *job, const char *work, const char *output,
                                  struct progress *progress, struct er_error *err);

#endif
