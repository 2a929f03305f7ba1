/* experiment.h - what an experiment is: one file, src/experiments/NAME.c, and one line in experiments.def.
 *
 * The study room reads YAML by the experiment's schema, lays out the grid, names every run by a key, keeps
 * results; the experiment turns points into numbers. It never sees YAML, the store, or the terminal.
 */
#ifndef ERMINE_EXPERIMENTS_EXPERIMENT_H
#define ERMINE_EXPERIMENTS_EXPERIMENT_H

#include <ermine/data.h>
#include <ermine/memory.h>
#include <ermine/networks.h>
#include <ermine/pool.h>
#include <ermine/progress.h>
#include <ermine/schema.h>
#include <ermine/table.h>

/* A column of an experiment's results. */
struct er_column {
    const char *name; /* "train_error" */
    const char *unit; /* "epochs", "steps", "s"; "" for a pure number */
    const char *help;
    bool logarithmic; /* better seen on a log axis */
};

/* How many axes a study must have for a default figure. Seeds are none; what counts is said in
 * src/study/default_figures.c. */
enum er_default_axes {
    ER_DEFAULT_ANY_AXES,
    ER_DEFAULT_NO_AXIS,
    ER_DEFAULT_ONE_AXIS,
    ER_DEFAULT_SOME_AXES, /* one or more */
    ER_DEFAULT_MORE_AXES  /* two or more */
};

/* Whether a default figure makes sense for a point: what `with` and `without` cannot tell. */
typedef bool er_default_when(const struct er_point *point);

/* A default figure: as an author would write it in `figures`. */
struct er_default_figure {
    const char *mark; /* points along an axis of words become bars */
    const char *x;    /* a column; "axis": the axis of numbers with the most values, else the first of words;
                         the figure is left out without one; a histogram, strip or ridgeline has none: NULL */
    const char *y;    /* columns separated by blanks */
    const char
        *colour; /* a column; NULL: none; "axis": the first axis that fits; "other": the first that fits
                           and is not x; none when there is no such axis */
    enum er_default_axes axes;
    const char *with, *without; /* keys, separated by blanks, of which a study must have one, or none; NULL */
    /* What follows may be left out of a table. */
    const char *statistic;         /* "median"; NULL: the mean */
    const char *points;            /* columns separated by blanks, as points over lines; NULL: none */
    const char *at_x, *at_y;       /* a number, or a key; no line where that is not one number in all runs */
    const char *x_label, *y_label; /* words at these lines; what the regions of a map are called */
    const char *slider;            /* as colour: a column, "axis" or "other"; none where it does not vary */
    int64_t bins;                  /* of a histogram; 0: by the number of values */
    const char *x_scale, *y_scale, *title, *caption; /* NULL: made from the columns */
    const char *from;                                /* "runs", "curves"; NULL: by the columns */
    /* Of a map: two columns separated by a blank; columns; NULL: none. */
    const char *regions, *contours, *marks, *colour_scale;
    er_default_when *when; /* of every point of a study; NULL: any */
};

/* A default claim: as an author would write it in `claims`. */
struct er_default_claim {
    const char *claim, *rule;      /* only columns that every study with the keys and axes below has */
    const char *expected, *source; /* NULL: not said */
    const char *axes;              /* paths, separated by blanks, by which the runs must differ; NULL */
    bool alone;                    /* and by no others: a rule that averages over nothing but seeds */
    const char *with, *without; /* keys, separated by blanks, of which a study must have one, or none; NULL */
};

/* What one run gave. Arrays are borrowed for the call that hands it over. */
struct er_record {
    const char *outcome; /* why it ended: "train_error", "epochs", "diverged", ... */
    const char *note;    /* a line for people: the cause of a divergence; "" */
    double seconds;      /* of computing, measures included */
    const double *value; /* one for each run column, each of the reader's, each of the point's `measures` */
    const double *const *curve; /* one array for each curve column, n_curve long each */
    int64_t n_curve;
};

/* A network of a run at a moment that the point asks to keep. Borrowed for the call that hands it over. */
struct er_kept_network {
    const char *moment; /* "init", "end", "epoch-10" */
    int64_t epoch, step;
    const struct er_net *net;
    struct er_network_description description;
    const float *w, *statistics;
};

/* A study whose results another one reads. */
struct er_source {
    const struct er_point *point; /* runs of them, in the order of its grid */
    int64_t runs;
    const struct er_table *table; /* as of er_study_table(): row i is of run i */
};

/* What an experiment may ask of the study room. Calls may come from any worker thread. */
struct er_run_events {
    void *ctx;
    /* Claims run i. *skip: somebody else has it or did it. *state: a checkpoint to go on from, or NULL. */
    enum er_status (*begin)(void *ctx, int64_t run, bool *skip, const void **state, size_t *bytes,
                            struct er_error *err);
    enum er_status (*checkpoint)(void *ctx, int64_t run, const void *state, size_t bytes,
                                 struct er_error *err);
    /* At every moment of er_experiment.keep that the run comes to, before a checkpoint of that moment. */
    enum er_status (*keep)(void *ctx, int64_t run, const struct er_kept_network *kept, struct er_error *err);
    enum er_status (*end)(void *ctx, int64_t run, const struct er_record *record, struct er_error *err);
    double checkpoint_seconds;
    /* A folder beside the store for files that are needed while runs are computed, not there before it is needed; an
     * experiment deletes its files when their runs have ended. NULL: none are to be made. */
    const char *work;
    const struct er_source *source; /* whose results these runs read, all of them; NULL: of none */
};

/* What an experiment says of studies that read the results of an earlier one of their note: one of its keys is of the
 * type ER_SCHEMA_STUDY. When a study is read, the source's table has values of the axes alone; `source` is NULL where
 * none is named. */
struct er_results_reader {
    const char *
        spread; /* a key that is an axis where its author does not write it and an earlier study is read; NULL */
    /* Word i of that axis, NULL behind the last; may be the source's. */
    const char *(*word)(const struct er_source *source, int64_t i);
    /* As er_experiment.check, of what a point says of its source. */
    enum er_status (*check)(const struct er_point *point, const struct er_source *source,
                            struct er_error *err);
    /* Columns of runs behind run_column, which depend on the source: *n of them, in `arena`. */
    enum er_status (*columns)(const struct er_point *point, const struct er_source *source,
                              struct er_arena *arena, struct er_column **out, int64_t *n,
                              struct er_error *err);
};

/* What runs will take, as far as it can be told beforehand. */
struct er_estimate {
    int64_t ensembles; /* kinds of run: those of one kind take the same memory and time */
    int64_t guessed;   /* of these, kinds that were not tried: their time is that of another, by their work */
    int64_t at_once;   /* runs that are under way at a time */
    size_t run_bytes;  /* of the largest run while it is computed, and measured */
    size_t data_bytes; /* of the data that is held at a time */
    size_t work_bytes; /* of files on disk meanwhile, at most */
    size_t memory;     /* what the system has left for runs */
    double seconds; /* about, every run up to its last epoch, measures included; from a short calibration */
    double measures_seconds; /* what would be saved without measures */
};

/* The common keys that the studies of an experiment have. */
enum { ER_SHARES_DATA = 1, ER_SHARES_MODEL = 2, ER_SHARES_MEASURES = 4, ER_SHARES_MATRIX = 8 };

struct er_experiment {
    const char *name, *help; /* the key that chooses it in a study: "train" */
    unsigned shares;         /* ER_SHARES_* */
    const char *uses; /* other experiments whose keys its studies have too, with blanks between; NULL: none */
    const struct er_schema_row *schema;     /* its own keys; ended by a row without path */
    const struct er_column *run_column;     /* one value a run; ended by a column without name */
    const struct er_column *curve_column;   /* one value a record of a run's curve; ended likewise */
    const struct er_default_figure *figure; /* ended by a figure without mark */
    const struct er_default_claim *claim;   /* ended by a claim without sentence; NULL: none */
    const char *arithmetic; /* version of what it computes: part of every key; changed when results change */

    /* Checks a point beyond the schema (a model that does not fit its data, rules that exclude each other),
     * without reading data; `places` may be NULL. Called for every grid point when a study is read. The
     * error's place is filled from the setting at fault. NULL: nothing to check. */
    enum er_status (*check)(const struct er_point *point, const struct er_data_places *places,
                            struct er_error *err);

    const struct er_results_reader *reads; /* NULL: its studies read no others */

    /* The moments at which a point's networks are kept, as er_member.keep; "" for none. NULL: never any. */
    const char *(*keep)(const struct er_point *point);

    /* What runs 0..n-1 will take on this pool, without computing any; reads data, and works for some tenths
     * of a second for each ensemble. ER_E_NOMEM (with the numbers) when one of them alone does not fit into
     * memory; ER_E_STOPPED. NULL: it can't tell. */
    enum er_status (*estimate)(const struct er_point *point, int64_t n, const struct er_data_places *places,
                               struct er_pool *pool, const struct er_progress *progress,
                               struct er_estimate *out, struct er_error *err);

    /* Computes runs 0..n-1, one for each point. */
    enum er_status (*run)(const struct er_point *point, int64_t n, const struct er_data_places *places,
                          struct er_pool *pool, const struct er_progress *progress,
                          const struct er_run_events *events, struct er_error *err);
};

/* Whether the studies of `a` have the keys of `b` too. */
bool er_experiment_uses(const struct er_experiment *a, const struct er_experiment *b);

/* All experiments in the order of experiments.def; *n of them. */
const struct er_experiment *const *er_experiment_list(int64_t *n);

#endif
