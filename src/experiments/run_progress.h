/* run_progress.h - progress of runs that come one after the other, each of parts that count from 0.
 */
#ifndef ERMINE_EXPERIMENTS_RUN_PROGRESS_H
#define ERMINE_EXPERIMENTS_RUN_PROGRESS_H

#include <ermine/progress.h>

struct er_run_progress {
    const char *what;                 /* the experiment */
    const struct er_progress *caller; /* or NULL */
    int64_t run, runs;                /* runs that are done or passed over; all */
    double before, latest, total;     /* of this run: in parts that are done, in the one under way, in all */
    double flops;                     /* of runs before it */
    int64_t together;                 /* runs that are under way at once; 0: one */
};

/* A run that takes `total` flops begins, or some runs that share their work; what its parts report is to go to er_run_progress_part(). */
void er_run_progress_begin(struct er_run_progress *p, double total);
void er_run_progress_begin_together(struct er_run_progress *p, int64_t runs, double total);
struct er_progress er_run_progress_part(struct er_run_progress *p);

/* It has ended, they all have, or there was nothing to do for it: reported. */
void er_run_progress_end(struct er_run_progress *p);

#endif
