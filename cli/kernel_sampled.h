/* kernel_sampled.h - `ermine kernel --sampled`: means over finite networks and their standard errors, in memory. */
#ifndef ERMINE_CLI_KERNEL_SAMPLED_H
#define ERMINE_CLI_KERNEL_SAMPLED_H

#include "kernel_job.h"
#include "progress.h"

/* kernel_job_needs() and kernel_job_seconds() of a job with networks. */
struct kernel_needs kernel_sampled_needs(const struct kernel_job *job);
double kernel_sampled_seconds(const struct kernel_job *job);

/* Computes and writes it. ER_E_STOPPED: nothing is kept. */
enum er_status kernel_sampled_write(const struct kernel_job *job, const char *output,
                                    struct progress *progress, struct er_error *err);

#endif
