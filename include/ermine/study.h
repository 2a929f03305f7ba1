/* <ermine/study.h> - a study: a declared grid of runs with its figures.
 *
 *     study: random-labels
 *     data:  {name: fashion-mnist, train: 2000, labels: {corrupt: [0, 0.5, 1]}}
 *     model: [dense 512, relu, dense]
 *     train: {sgd: {rate: 0.01}, until: {train_error: 0}, epochs: 200}
 *     seeds: 3
 *
 * A list where one value is expected is an axis of the grid; axes multiply, `zip: [[path, path]]` pairs them;
 * the seed is the last and fastest axis. A list of maps is an axis too (train: {sgd: [{rate: 0.1}, {rate:
 * 0.2, momentum: 0.9}]}), and so is a list of models. Every error has file, line, column, the key's path and
 * the nearest valid word.
 *
 * Seeds: `seeds: n` are the seeds 0..n-1, `seeds: [3, 5]` are those. A run's seed fixes its initial weights
 * and the order of its batches. The data have a seed of their own, data.seed (default 0), so that the seeds
 * of a study see the same examples and their spread is that of training alone; make data.seed a list for the
 * spread over data.
 */
#ifndef ERMINE_STUDY_H
#define ERMINE_STUDY_H

#include <ermine/data.h>
#include <ermine/hash.h>
#include <ermine/schema.h>

struct er_study;
struct er_experiment;

enum {
    ER_STUDY_MAX_BYTES = 1 << 20, /* of one YAML text */
    ER_STUDY_MAX_DEPTH = 32,
    ER_STUDY_MAX_RUNS = 1000000,
    ER_STUDY_MAX_READ = 100000 /* runs of a study whose results another one reads */
};

/* Where a study's text begins, so that places are those of the note. A note's fenced block may be indented:
 * line i of the text starts at column column[i] (NULL: all at 1). */
struct er_study_origin {
    const char *file; /* for messages */
    int64_t line;     /* of the text's first line in that file, from 1 */
    const int64_t *column;
    int64_t n_column;
    const struct er_study *const
        *earlier; /* n_earlier studies that this one may name, to read their results: they must
                                              outlive it */
    int64_t n_earlier;
};

/**
 * Reads a study: keys, types, ranges, the grid, figures, and what its experiment can check of each grid point
 * without reading data (a model that does not fit). Anchors, aliases, tags, merge keys, duplicate keys,
 * several documents are refused; sizes are bounded as above.
 *
 * @param origin  borrowed for the call; NULL: no file, line 1.
 * Errors, always with a place: ER_E_INPUT, ER_E_SHAPE (a model that does not fit), ER_E_LIMIT; and
 * ER_E_NOMEM. Cost: 10,000 grid points take about 0.1 s; memory 24 bytes a run and about 0.3 kB a grid point
 * (its seeds share it). Threads: a parsed study is read only, any number may use it.
 */
ER_API enum er_status er_study_parse(const char *yaml, size_t n, const struct er_study_origin *origin,
                                     struct er_study **out, struct er_error *err);
ER_API void er_study_free(struct er_study *study);

ER_API const char *er_study_name(const struct er_study *study);
ER_API const char *er_study_title(const struct er_study *study); /* NULL: none was given */
ER_API const char *er_study_file(const struct er_study *study);  /* the origin's file, "" without one */
ER_API const struct er_experiment *er_study_experiment(const struct er_study *study);
ER_API const char *er_study_source(const struct er_study *study); /* the YAML as written */
ER_API int64_t er_study_runs(const struct er_study *study);

/** The earlier study whose results this one reads; NULL: none. Its runs are computed first, and their keys are part of
 * this one's: results of a source that has changed are computed anew. */
ER_API const struct er_study *er_study_reads(const struct er_study *study);

/** Run i's point, in grid order; owned by the study. */
ER_API const struct er_point *er_study_point(const struct er_study *study, int64_t run);

/* An axis: a column that varies, named by its path ("data.labels.corrupt", "seed"). Paths that vary together
 * (zipped, or in a list of maps) follow each other, each with the number of their alternatives: the product
 * of `values` is the number of runs only where every path varies by itself. A key that does not exist in some
 * of the runs (train.adam.rate where the optimiser is sgd) has no value there: er_point_get() is NULL. */
struct er_axis {
    const char *path;
    int64_t values;
};
/** The axes in the order of the grid; the seed is last and is there even when there is one seed. */
ER_API const struct er_axis *er_study_axes(const struct er_study *study, int64_t *n);

/* What a figure can show: series (values of its colour times quantities) and different words along x. A
 * figure as asked for that the grid takes beyond is refused with the study; a default takes a colour that
 * fits. */
enum { ER_FIGURE_MAX_SERIES = 200, ER_FIGURE_MAX_WORDS = 1000 };

/* What a figure with a slider can hold: values of its column, and series at all of them together. */
enum { ER_FIGURE_MAX_STEPS = 100, ER_FIGURE_MAX_ALL_SERIES = 1000 };

/* Bins of a histogram. */
enum { ER_FIGURE_MIN_BINS = 2, ER_FIGURE_MAX_BINS = 200 };

/* A line across a figure at a value of one axis. */
struct er_reference {
    bool drawn; /* false: there is none */
    double at;
    const char *label; /* NULL: none */
};

/* One figure as asked for, or a default of the experiment. */
struct er_figure {
    const char *mark; /* line, point, bar, histogram, strip, ridgeline, map */
    const char *x;    /* NULL: a histogram, strip or ridgeline, which shows the values of y by themselves */
    const char *const *y;
    int64_t n_y;
    const char *colour;            /* NULL: none */
    const char *title, *caption;   /* NULL: made from the columns */
    const char *x_scale, *y_scale; /* "linear", "log", or NULL: by the column */
    int64_t line, column;
    const char *statistic;     /* "mean", "median", or NULL: the mean */
    const char *const *points; /* columns drawn as points over the lines of y */
    int64_t n_points;
    struct er_reference at_x, at_y; /* at_y: a value of the columns of y, along whichever axis they are */
    const char *slider;             /* one of this column's values is shown at a time; NULL: no slider */
    int64_t bins;                   /* of a histogram; 0: by the number of values */
    const char *from;               /* "runs", "curves", or NULL: by the columns */
    /* Of a map, whose rows are the places (x, y) of a grid; NULL: none. */
    const char *colour_scale;  /* "linear", "log", or NULL: by the column of the colour */
    const char *const *region; /* two columns that are 0 or 1: the first fills, the second is hatched */
    int64_t n_regions;         /* 0 or 2 */
    const char *contours;      /* the column whose iso-lines are drawn */
    const char *marks;         /* a column: 0 cells; 1, 2, 3 the points A, B, C; 4, 5, 6 the paths to them */
    const char *region_label[2]; /* what the regions are called; NULL: by their columns */
};
ER_API const struct er_figure *er_study_figures(const struct er_study *study, int64_t *n);

enum { ER_STUDY_MAX_CLAIMS = 100 };

/* A claim as stated, or a default of the experiment: a sentence, and the rule by which it counts as
 * reproduced. Rules are read and judged by the note's side (<ermine/note.h>); here they are texts. */
struct er_claim {
    const char *claim, *rule;
    const char *expected, *source;  /* what a paper found, and which paper; NULL: not said */
    int64_t line, column;           /* of the claim; 0 of a default */
    int64_t rule_line, rule_column; /* of the rule's first character; 0 of a default */
    bool verbatim;                  /* the rule's characters follow each other in the file */
};
/** The claims in the order of the text; those of the experiment that suit the study where its author wrote no
 * `claims`. */
ER_API const struct er_claim *er_study_claims(const struct er_study *study, int64_t *n);

/**
 * The canonical text of run i: every keyed setting as `path = value` in schema order, defaults included (but
 * those of rows that are ER_SCHEMA_KEYED_UNLESS_DEFAULT), the
 * seed, the experiment's arithmetic, the ISA class, versions of measures and the data's checksum (NULL or "": none; of a
 * study that reads another one: of the keys of that one's runs); two runs with equal text give equal bits. Writing a default out, reordering keys, or spelling 0.1 as 0.10 changes
 * nothing. Freed by er_free().
 */
ER_API enum er_status er_study_canonical(const struct er_study *study, int64_t run, const char *data_checksum,
                                         char **out, struct er_error *err);

/** SHA-256 of that text: the run's key. */
ER_API enum er_status er_study_key(const struct er_study *study, int64_t run, const char *data_checksum,
                                   char key[ER_SHA256_HEX], struct er_error *err);

/* Which data a text of settings means. */
struct er_data_settings {
    struct er_data_spec spec; /* its texts live in `memory` */
    struct er_arena *memory;
};

/**
 * The data of a run from its settings as text: lines `data.train = 50`, of er_study_canonical() or written by
 * hand; of two lines of one key the later counts, keys that are missing have their defaults, and lines of
 * other keys than `data.*` are skipped. Nothing of the data is read. The text may come from outside.
 *
 * @param out  freed by er_data_settings_clear(); untouched on failure.
 * Errors: ER_E_INPUT names the key, the value and the bound, or the name that no data set has, with the
 * nearest; ER_E_LIMIT; ER_E_NOMEM (also for texts beyond some hundred kilobytes).
 */
ER_API enum er_status er_data_settings_read(const char *text, struct er_data_settings *out,
                                            struct er_error *err);
ER_API void er_data_settings_clear(struct er_data_settings *settings);

/** All rows of the schema: the common ones and those of every experiment, for help, reference page and
 * completion. */
ER_API const struct er_schema_row *er_schema_row(int64_t i); /* NULL at the end */

#endif
