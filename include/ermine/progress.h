/* <ermine/progress.h> - progress that the library offers and the caller draws; and the way to stop it.
 */
#ifndef ERMINE_PROGRESS_H
#define ERMINE_PROGRESS_H

#include <ermine/status.h>
#include <stdatomic.h>
#include <stdbool.h>

/* One report. Counts are of the current piece of work (a study, a download). */
struct er_progress_report {
    const char *what;   /* "random-labels", "fashion-mnist": borrowed for the call */
    const char *unit;   /* of done and total: "runs", "bytes" */
    double done, total; /* done may be fractional (a run half trained); total is 0 when unknown */
    double epochs;      /* epochs trained so far, all members together; 0 where there are none */
    double flops;       /* floating-point operations so far; 0 where not counted */
    double waiting; /* runs that another process computes, while there is nothing to do but wait for them */

    /* What takes long now and has no share to report: "rival nuclear-norm"; NULL, "": nothing is said.
     * Borrowed for the call. */
    const char *doing;
};

/* What a long call gets from its caller; any part may be NULL, and so may the pointer to it. */
struct er_progress {
    void (*report)(void *ctx, const struct er_progress_report *report); /* calls never overlap; any thread */
    void *ctx;
    const atomic_bool *stop; /* set it (also from a signal handler): the call ends soon with ER_E_STOPPED */
};

/** True when the caller has asked to stop. */
ER_API bool er_progress_stopped(const struct er_progress *progress);

#endif
