/* <ermine/ratings.h> - ratings of items by users, out of a named set or a file of one's own: a matrix of
 * which few entries are known.
 *
 * A file is text, plain or gzip, of one of two kinds.
 *
 * Lines of user, item, rating. LF or CR LF ends a line; lines before the table that begin with # or % are
 * comments. A byte order mark of UTF-8 is passed over. A first line whose cells name the three columns
 * (user, userId, user_id, customer, ...; item, movieId, product, ...; rating, score, ...: case, blanks,
 * points, dashes and underscores don't matter) is a header and says which they are, in any order; where two
 * could be meant an id (movieId) goes before a name (movie), and both before row, column and value. Without a
 * header they are the first three. All lines have as many cells as the first; what stands in the others is
 * not looked at. Cells are parted by the first of these with which the first line is a header or has a number
 * in its third cell: "::", a tab, a comma, a semicolon, blanks. Cells may stand in double quotes (not with
 * "::"). Users and items are called by any text, and "7" and "07" are two; a rating is a number of at most
 * ER_RATING_MOST in size.
 *
 * A Matrix Market file ("%%MatrixMarket matrix coordinate|array real|double|integer general|symmetric"): rows
 * are users, columns items, called by their numbers. Rows and columns without an entry are left out.
 *
 * Whatever the order of the lines, rows and columns are sorted by name: first whole numbers without zeros
 * before them, by size, then all other names by their bytes. So row i of a file with users 1 .. m is user
 * i + 1.
 */
#ifndef ERMINE_RATINGS_H
#define ERMINE_RATINGS_H

#include <ermine/data.h>

#define ER_RATING_MOST 1e100 /* so that no square, and no sum of them, is beyond double precision */

/* What is read, and what is kept of it. */
struct er_ratings_spec {
    const char *name; /* a named set of ratings: "movielens-100k"; or NULL */
    const char *file; /* path of a file in place of a name; NULL */

    /* NULL, or a path relative to a place: where `file` is not there, FOLDER/within of the first place that
     * has it is read, as in er_data_spec. */
    const char *within;

    /* So many users with the most ratings, and items with the most, counted over the whole file, a pair once;
     * of equals the first in order. Only ratings of these items by these users are kept, so that one that
     * is kept may be left without any. 0: all. */
    int64_t users, items;
};

struct er_ratings {
    int64_t rows, columns, n; /* users, items, ratings; each >= 1 */
    int32_t *row, *column;    /* n each, sorted by (row, column), no pair twice */
    double *value;            /* n, finite */

    /* What the source calls users and items: rows, columns of them; UTF-8, none empty; one block each. */
    char **row_name, **column_name;

    /* Ratings of a pair that came before in the whole file; each pair has the mean of its ratings. */
    int64_t repeated;

    char checksum[ER_SHA256_HEX]; /* of the whole file, unpacked */
};

/** Frees the arrays and zeroes the struct. */
ER_API void er_ratings_clear(struct er_ratings *ratings);

/**
 * Reads ratings.
 *
 * @param places  where named sets are, and `within`; may be NULL for files.
 * @param out     freed by er_ratings_clear(); untouched on failure.
 * @return ER_OK; ER_E_INPUT with file, line and column (in bytes, from 1): a first line that is neither a
 *         header nor a rating, a header that names some of the three columns and not all, or two that are as
 *         likely meant, a line with more or fewer cells than the first, a rating that is no number or one too
 *         large, a name that is empty or not UTF-8 text on one line, an empty line inside, a quote that is
 *         not closed, a NUL byte, no line at all, lines that end in CR alone, a Matrix Market file that is
 *         `pattern` or complex, skew-symmetric, or not as its sizes say; ER_E_USAGE: neither a name nor a
 *         file, or both, a named set that is no ratings, a negative number of users or items, or more than
 *         there are, no rating left; ER_E_LIMIT: more than 4 GiB of text, a quoted cell with quotes in it of
 *         more than 1024 bytes, more than 2^31 - 2 names; errors of er_data_find() and er_data_bytes();
 *         ER_E_NOMEM.
 * Cost: O(bytes + n + users log users + items log items), about a third of a microsecond a rating. Memory:
 * the text and 16 bytes a rating while it is read, then 32 bytes a rating; the result has room for as many
 * ratings as the file has lines. Threads: any.
 */
ER_API enum er_status er_ratings_open(const struct er_ratings_spec *spec, const struct er_data_places *places,
                                      struct er_ratings *out, struct er_error *err);

#endif
