/* <ermine/rank_file.h> - tables of models for <ermine/rank.h> from CSV files.
 *
 *     depth,width,seed,gap,path_norm,prod_of_spec
 *     2,8,1,0.0812,3.1e4,18.2
 *
 * A header, then a line a model (RFC 4180; .csv or .csv.gz). Gaps and measures are numbers; an empty cell, "nan", "na", "null",
 * "inf" and "-inf" are missing. A column of hyper-parameters is one of numbers when all its cells are, else one of words.
 */
#ifndef ERMINE_RANK_FILE_H
#define ERMINE_RANK_FILE_H

#include <ermine/rank.h>

/* Which columns are what. Lists of names end with NULL. What is NULL asks for the default. */
struct er_rank_columns {
    const char *gap;            /* [gap] */
    const char *const *measure; /* [those named as a baseline, or known to `direction`] */

    /* [the others that have 2 .. 64 values and fewer than there are models, but for seeds and for what a study's table says of
     * a run: measures and baselines, outcome, epochs, steps, train_loss, train_error, test_loss, test_error, parameters and the like; and but for those
     * that follow from the others, as a count of weights from depth and width: er_rank_file.follows] */
    const char *const *parameter;

    const char *seed;       /* [the first named seed, or ending in ".seed"; there need be none] */
    const char *train_size; /* [none]. May be a hyper-parameter, too */
};

/* The direction of a measure, +1 or -1, by its column's name, and its scale; 0: no such measure is known, and where the column is
 * asked for it is +1, a numerator; ER_RANK_BESIDE: one that is known and says what is to be predicted, as a bound by the test
 * error does: it is neither ranked, but where it is asked for, then +1, nor a hyper-parameter. */
enum { ER_RANK_BESIDE = 2 };
typedef int er_rank_direction(const char *name, enum er_rank_scale *scale);

/* A table that owns what it points to. */
struct er_rank_file {
    struct er_rank_table table;

    /* Columns that were not asked for and would be hyper-parameters, but that no two models differ in alone, NULL behind the
     * last: the one of most values first, then the later one. With them no line along the others would be left. */
    const char *const *follows;
    struct er_arena *memory; /* holds all of it */
};

/**
 * Reads a table of models.
 *
 * @param columns    NULL: the default of each.
 * @param direction  NULL: no measure is known. This room knows none; those of the library are er_measure_find()'s.
 * @param out        cleared by er_rank_file_clear(). Untouched on failure.
 * Errors: ER_E_INPUT with file, line and column (a cell that is no number, rows of different length, a name twice, no measure,
 * a column asked for as two things, a line that is there twice though models have seeds),
 * ER_E_NOT_FOUND (the file; a column: the nearest is named), ER_E_LIMIT (2 GiB, 10,000 columns, a million models, 4,096 values of
 * a hyper-parameter), ER_E_IO, ER_E_NOMEM. Any thread.
 */
ER_API enum er_status er_rank_file_read(const char *path, const struct er_rank_columns *columns,
                                        er_rank_direction *direction, struct er_rank_file *out,
                                        struct er_error *err);

/** The same of `n` bytes of text, which are named `path` in errors (NULL: not at all). */
ER_API enum er_status er_rank_file_parse(const char *path, const char *text, size_t n,
                                         const struct er_rank_columns *columns, er_rank_direction *direction,
                                         struct er_rank_file *out, struct er_error *err);

/** Frees what the table holds and zeroes it. */
ER_API void er_rank_file_clear(struct er_rank_file *file);

#endif
