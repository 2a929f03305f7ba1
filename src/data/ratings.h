/* ratings.h - ratings while they are read: triples in any order, and the names of their users and items. */
#ifndef ERMINE_DATA_RATINGS_H
#define ERMINE_DATA_RATINGS_H

#include "data/names.h"

#include <ermine/ratings.h>

struct er_rating_list {
    int64_t n, room;
    int32_t *user, *item; /* numbers of their names */
    double *value;
    struct er_names users, items;
};

void er_rating_list_clear(struct er_rating_list *list);

/* Room for that many ratings in an empty list. ER_E_NOMEM, also where the machine has no such memory. */
enum er_status er_rating_list_reserve(struct er_rating_list *list, int64_t room, struct er_error *err);

/* One more rating, where there is room. Errors of er_names_number(). */
enum er_status er_rating_list_add(struct er_rating_list *list, const char *user, size_t user_length,
                                  const char *item, size_t item_length, double value, struct er_error *err);

/* Sorted, repeated pairs averaged, cut down to the most active `users` and `items` (0: all). The list is
 * emptied on the way, whatever happens; `out` lacks its checksum. ER_E_USAGE where there are fewer;
 * ER_E_NOMEM. */
enum er_status er_rating_list_settle(struct er_rating_list *list, int64_t users, int64_t items,
                                     struct er_ratings *out, struct er_error *err);

/* The number of a rating, at most ER_RATING_MOST in size: NULL and *value, or what is wrong with the text. */
const char *er_rating_read(const char *text, size_t length, double *value);

/* The two kinds of file. Errors have line and column. */
enum er_status er_ratings_text(const char *text, size_t n, struct er_rating_list *list, struct er_error *err);
enum er_status er_ratings_market(const char *text, size_t n, struct er_rating_list *list,
                                 struct er_error *err);

/* The text is of a Matrix Market file. */
bool er_ratings_is_market(const char *text, size_t n);

/* Bytes of either kind -> a list. ER_E_INPUT also for lines that end in CR alone. */
enum er_status er_ratings_read(const char *text, size_t n, struct er_rating_list *list, struct er_error *err);

#endif
