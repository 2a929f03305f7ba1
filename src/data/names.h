/* names.h - texts numbered in the order in which they first come: the users and the items of a file of
 * ratings.
 *
 * A zeroed struct is empty. Memory: the texts once, and 32 to 64 bytes for each.
 */
#ifndef ERMINE_DATA_NAMES_H
#define ERMINE_DATA_NAMES_H

#include <ermine/status.h>
#include <stdbool.h>

struct er_name_slot {
    uint64_t key;   /* the text itself when it has 8 bytes or fewer, else a hash of it */
    int32_t number; /* of the name, and 1; 0: free */
    bool whole;     /* the key is the text */
};

struct er_names {
    int64_t n;
    char *text; /* all of them, one behind the other */
    size_t length, room;
    size_t *end; /* n: where each ends */
    int64_t ends;
    struct er_name_slot *slot; /* a power of two, at least a third of them free */
    int64_t slots;
};

void er_names_clear(struct er_names *names);

/* The number of a text without NULs, which is a new one when it has not come before. ER_E_NOMEM; ER_E_LIMIT
 * beyond 2^31 - 2. Expected time: O(length). */
enum er_status er_names_number(struct er_names *names, const char *text, size_t length, int32_t *number,
                               struct er_error *err);

/* The names in an order that the file's lines don't change: first whole numbers without zeros before them, by
 * size, then all other texts by their bytes. order[0..n): the number of the first, the second, ...
 * ER_E_NOMEM. */
enum er_status er_names_order(const struct er_names *names, int32_t *order, struct er_error *err);

/* n of the names as one block of pointers and texts, freed by er_free(). ER_E_NOMEM. */
enum er_status er_names_block(const struct er_names *names, const int32_t *number, int64_t n, char ***out,
                              struct er_error *err);

#endif
