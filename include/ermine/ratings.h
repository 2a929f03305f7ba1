/* <ermine/ratings.h> - ratings of items by users, out of a named set or a file of one's own: a matrix of which few entries
 * are known.
 */
#ifndef ERMINE_RATINGS_H
#define ERMINE_RATINGS_H

#include <ermine/data.h>

/* What is read, and what is kept of it. */
struct er_ratings_spec {
    const char *name;   /* a named set of ratings: "movielens-100k"; or NULL */
    const char *file;   /* path of a file in place of a name; NULL */
    const char *within; /* what `file` is called in messages; NULL: as it is */
    int64_t users,
        items; /* the users with the most ratings, and then of theirs the items with the most; 0: all */
};

struct er_ratings {
    int64_t rows, columns, n;       /* users, items, ratings */
    int32_t *row, *column;          /* n each, sorted by (row, column), no pair twice */
    double *value;                  /* n, finite */
    char **row_name, **column_name; /* what the source calls users and items: rows, columns; one block each */
    int64_t repeated;               /* ratings of a pair that came before, averaged with it */
    char checksum[ER_SHA256_HEX];
};

ER_API void er_ratings_clear(struct er_ratings *ratings);

ER_API enum er_status er_ratings_open(const struct er_ratings_spec *spec, const struct er_data_places *places,
                                      struct er_ratings *out, struct er_error *err);

#endif
