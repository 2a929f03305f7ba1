/* lots_progress.h - progress of runs whose trainings come a lot at a time, each lot counted from 0.
 */
#ifndef ERMINE_EXPERIMENTS_LOTS_PROGRESS_H
#define ERMINE_EXPERIMENTS_LOTS_PROGRESS_H

#include <ermine/progress.h>
#include <stdint.h>

struct er_lots_progress {
    const char *what;                 /* the experiment */
    const struct er_progress *caller; /* or NULL */
    int64_t runs, trainings;          /* of all lots */
    int64_t before;                   /* trainings of lots that are done */
    double epochs, flops;             /* of those */
    struct er_progress_report last;   /* of the lot under way */
};

/* What a lot is to report to: the caller hears of runs, done in proportion to the trainings. Borrows p. */
struct er_progress er_lots_progress_part(struct er_lots_progress *p);

/* A lot of so many trainings is done. */
void er_lots_progress_next(struct er_lots_progress *p, int64_t trainings);

#endif
