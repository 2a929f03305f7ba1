/* <ermine/rank_file.h> - tables of models for <ermine/rank.h> from CSV files.
 *
 *     depth,width,seed,gap,path_norm,prod_of_spec
 *     2,8,1,0.0812,3.1e4,18.2
 *
 * A header, then a line a model (RFC 4180; .csv or .csv.gz). A column of hyper-parameters is one of numbers when all its
 * cells are, else one of words; gaps and measures are numbers, "inf", "-inf" or empty (missing).
 */
#ifndef ERMINE_RANK_FILE_H
#define ERMINE_RANK_FILE_H

#include <ermine/rank.h>

/* Which columns are what. Lists of names end with NULL; a NULL list asks for the default. */
struct er_rank_columns {
    const char *gap;            /* [gap] */
    const char *const *measure; /* [all columns that are named as a measure or a baseline of the library] */
    const char *const
        *parameter;   /* [all others with more than one value, but for the named ones and the known results of
                                      training: see docs/rank.md] */
    const char *seed; /* [seed, where there is such a column] */
    const char *train_size; /* [none] */
};

/* A table that owns what it points to. */
struct er_rank_file {
    struct er_rank_table table;
    void *memory;
};

/**
 * Reads a table of models.
 *
 * @param direction  that of a measure by its name, +1 or -1 (0: no measure of that name), and whether its values are
 *                   logarithms; NULL: every named column is +1. The library's is er_rank_known_measure of
 *                   the program (cli/cmd_rank.c), since this room knows no measures.
 * Errors: ER_E_INPUT with line and column, ER_E_NOT_FOUND (a column; the nearest is named), ER_E_LIMIT, ER_E_IO, ER_E_NOMEM.
 */
typedef int er_rank_direction(const char *name, bool *logarithm);

ER_API enum er_status er_rank_file_read(const char *path, const struct er_rank_columns *columns,
                                        er_rank_direction *direction, struct er_rank_file *out,
                                        struct er_error *err);

/** The same of `n` bytes of text, which are named `path` in errors. */
ER_API enum er_status er_rank_file_parse(const char *path, const char *text, size_t n,
                                         const struct er_rank_columns *columns, er_rank_direction *direction,
                                         struct er_rank_file *out, struct er_error *err);

ER_API void er_rank_file_clear(struct er_rank_file *file);

#endif
