/* tally.h - how far a study is, counted in its runs.
 *
 * An experiment reports on the runs that it was handed, and counts one that it was told to skip as done; the
 * caller of er_study_run() hears of all runs of the study:
 *
 *     done = finished before this pass + done by the experiment - skipped in it,
 *
 * never less than what is finished in the store, and never less than was said before. Epochs and operations
 * are summed over the passes.
 */
#ifndef ERMINE_STUDY_TALLY_H
#define ERMINE_STUDY_TALLY_H

#include <ermine/progress.h>
#include <pthread.h>

struct er_tally {
    struct er_progress progress; /* what the experiment gets */
    const struct er_progress *caller;
    const char *study;
    pthread_mutex_t mutex; /* of all below, and so that the caller's reports never overlap */
    double runs, finished;
    double before, skipped; /* of the present pass */
    double epochs, flops;   /* of earlier passes */
    double shown, waiting;
    char doing[64];
    struct er_progress_report last; /* the experiment's, of the present pass */
};

void er_tally_open(struct er_tally *tally, const struct er_progress *caller, const char *study, int64_t runs);
void er_tally_close(struct er_tally *tally);

/* A pass begins: the experiment counts from 0 again. */
void er_tally_pass(struct er_tally *tally);

/* So many runs of the study are finished now; reports it. */
void er_tally_finish(struct er_tally *tally, int64_t runs);

/* The experiment was told to leave a run to its owner. */
void er_tally_skip(struct er_tally *tally);

/* So many runs of the study are waited for: reports it when that is news. 0: no longer. */
void er_tally_wait(struct er_tally *tally, int64_t runs);

/* Floating-point operations of all passes. */
double er_tally_flops(struct er_tally *tally);

#endif
