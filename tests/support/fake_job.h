/* fake_job.h - a study without YAML: a grid of widths and seeds, and an experiment that iterates a map.
 *
 *     x_0 = 0.1 (seed + 1);   x_{k+1} = sin(1.7 x_k + width / 8)      for k = 0..steps-1
 *
 * Deterministic, with checkpoints, a curve (step, x) and the results (x, steps). It can be slow, fail, and
 * diverge, and writes down whatever it computes.
 */
#ifndef ERMINE_TESTS_SUPPORT_FAKE_JOB_H
#define ERMINE_TESTS_SUPPORT_FAKE_JOB_H

#include "study/job.h"

struct fake_options {
    int64_t widths, seeds; /* runs = widths * seeds; widths are 1, 2, ...; every third run diverges */
    int64_t steps;
    int64_t equal_widths; /* the first so many widths have equal keys (seed by seed); 0: none */
    long step_us;         /* how long a step takes */
    int64_t fail_run;     /* the run (as the experiment counts) that fails; -1: none */
    const char *log; /* file to which "start|resume|end WIDTH SEED STEP" lines are appended; NULL: none */
};

/* A job that stays valid until fake_job_free(); `options` is copied. NULL when memory is out. */
struct er_job *fake_job_new(const struct fake_options *options);
void fake_job_free(struct er_job *job);

/* How many lines of the log start with `word`. */
int64_t fake_log_count(const char *log, const char *word);

#endif
