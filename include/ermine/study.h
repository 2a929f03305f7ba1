/* <ermine/study.h> - a study: a declared grid of runs with its figures.
 *
 *     study: random-labels
 *     data:  {name: fashion-mnist, train: 2000, labels: {corrupt: [0, 0.5, 1]}}
 *     model: [dense 512, relu, dense]
 *     train: {sgd: {rate: 0.01}, until: {train_error: 0}, epochs: 200}
 *     seeds: 3
 *
 * A list where one value is expected is an axis of the grid; axes multiply, `zip: [[path, path]]` pairs them;
 * the seed is the last and fastest axis. Every error has file, line, column, the key's path and the nearest
 * valid word.
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
    ER_STUDY_MAX_RUNS = 1000000
};

/* Where a study's text begins, so that places are those of the note. A note's fenced block may be indented:
 * line i of the text starts at column column[i] (NULL: all at 1). */
struct er_study_origin {
    const char *file; /* for messages */
    int64_t line;     /* of the text's first line in that file, from 1 */
    const int64_t *column;
    int64_t n_column;
};

/**
 * Reads a study. Anchors, aliases, tags, duplicate keys, several documents are refused; sizes are bounded as
 * above. Errors: ER_E_INPUT with place; ER_E_LIMIT; ER_E_NOMEM.
 */
ER_API enum er_status er_study_parse(const char *yaml, size_t n, const struct er_study_origin *origin,
                                     struct er_study **out, struct er_error *err);
ER_API void er_study_free(struct er_study *study);

ER_API const char *er_study_name(const struct er_study *study);
ER_API const struct er_experiment *er_study_experiment(const struct er_study *study);
ER_API const char *er_study_source(const struct er_study *study); /* the YAML as written */
ER_API int64_t er_study_runs(const struct er_study *study);

/** Run i's point, in grid order; owned by the study. */
ER_API const struct er_point *er_study_point(const struct er_study *study, int64_t run);

/* An axis: what varies. Its columns in tables are named by the paths ("data.labels.corrupt", "seed"). */
struct er_axis {
    const char *path;
    int64_t values;
};
/** The axes in the order of the grid; the seed is last and is there even when there is one seed. */
ER_API const struct er_axis *er_study_axes(const struct er_study *study, int64_t *n);

/* One figure as asked for, or a default of the experiment. */
struct er_figure {
    const char *mark; /* line, point, bar */
    const char *x;
    const char *const *y;
    int64_t n_y;
    const char *colour;            /* NULL: none */
    const char *title, *caption;   /* NULL: made from the columns */
    const char *x_scale, *y_scale; /* "linear", "log", or NULL: by the column */
    int64_t line, column;
};
ER_API const struct er_figure *er_study_figures(const struct er_study *study, int64_t *n);

/**
 * The canonical text of run i: every keyed setting as `path = value` in schema order, the seed, the
 * experiment's arithmetic, the ISA class and the data's checksum; two runs with equal text give equal bits.
 * Freed by er_free().
 */
ER_API enum er_status er_study_canonical(const struct er_study *study, int64_t run, const char *data_checksum,
                                         char **out, struct er_error *err);

/** SHA-256 of that text: the run's key. */
ER_API enum er_status er_study_key(const struct er_study *study, int64_t run, const char *data_checksum,
                                   char key[ER_SHA256_HEX], struct er_error *err);

/** All rows of the schema: the common ones and those of every experiment, for help, reference page and
 * completion. */
ER_API const struct er_schema_row *er_schema_row(int64_t i); /* NULL at the end */

#endif
