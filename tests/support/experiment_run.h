/* experiment_run.h - an experiment's runs, without the store: a study's text in, records out.
 */
#ifndef ERMINE_TESTS_SUPPORT_EXPERIMENT_RUN_H
#define ERMINE_TESTS_SUPPORT_EXPERIMENT_RUN_H

#include "experiments/experiment.h"

#include <ermine/study.h>

enum { EXPERIMENT_MOST_VALUES = 64, EXPERIMENT_MOST_CURVES = 32 };

/* What one run handed over. */
struct experiment_record {
    bool begun, ended;
    char outcome[32], note[512];
    double value[EXPERIMENT_MOST_VALUES];
    double *curve[EXPERIMENT_MOST_CURVES]; /* n_curve each */
    int64_t n_curve;
};

struct experiment_state {
    void *bytes;
    size_t n;
    int64_t taken; /* checkpoints so far */
};

struct experiment_runs {
    struct er_study *study;
    const struct er_experiment *experiment;
    struct experiment_record *record;
    int64_t n;
    int64_t skip;       /* a run that somebody else has, or -1 */
    double done, total; /* of the last report */
    atomic_bool stop;   /* set when the first run begins, if `hasty` */
    bool hasty;
    int64_t leave_after; /* checkpoints of each run, after every step; then it stops. 0: none are taken */
    struct experiment_state *state; /* of each run, the last: gone on from */
    const char *work;               /* er_run_events.work */
};

/* Reads a study (as the file s.yaml); freed by experiment_runs_free(). A text that is no study ends the test. */
struct experiment_runs *experiment_runs_new(const char *yaml);
void experiment_runs_free(struct experiment_runs *runs);

/* Runs all of it on so many threads, or `n` runs from `first` on. */
enum er_status experiment_run(struct experiment_runs *runs, int threads, const struct er_data_places *places,
                              struct er_error *err);
enum er_status experiment_run_some(struct experiment_runs *runs, int64_t first, int64_t n, int threads,
                                   const struct er_data_places *places, struct er_error *err);

/* The value of a run column; ends the test when there is none of that name. */
double experiment_value(const struct experiment_runs *runs, int64_t run, const char *column);

/* A curve column of a run, n_curve values. */
const double *experiment_curve(const struct experiment_runs *runs, int64_t run, const char *column);

/* Equal to the bit. */
bool experiment_same(const struct experiment_record *a, const struct experiment_record *b);

/* A study of one line, "study: s" before it, is refused with ER_E_INPUT and this message at this column of line 2. */
void experiment_refused(const char *line, int64_t column, const char *message);

#endif
