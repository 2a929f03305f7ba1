/* ratings_head.h - what the first line of a text of ratings says: what parts its cells, how many there are,
 * and which of them are user, item and rating.
 */
#ifndef ERMINE_DATA_RATINGS_HEAD_H
#define ERMINE_DATA_RATINGS_HEAD_H

#include "data/ratings_line.h"

enum { ER_RATING_USER, ER_RATING_ITEM, ER_RATING_VALUE, ER_RATING_ROLES };

struct er_rating_columns {
    int64_t column[ER_RATING_ROLES]; /* from 0 */
    int64_t n;                       /* of every line */
    bool header;                     /* the line names them; else it is the first of the ratings */
};

/* Looks at the line on which the reader stands and sets its separator: the first of them, in their order,
 * with which the line has three cells or more and is either a header that names all three columns, in any
 * order, or has a number in its third cell. ER_E_INPUT where there is none. */
enum er_status er_ratings_head(struct er_line_reader *r, struct er_rating_columns *out, struct er_error *err);

/* ER_E_INPUT at this cell: "TEXT" what. */
enum er_status er_rating_cell_fail(const struct er_rating_cell *cell, struct er_error *err, const char *what);

#endif
