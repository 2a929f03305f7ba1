/* ratings_list.c - triples (user, item, rating) become a matrix of which few entries are known.
 *
 *     names in their order -> triples sorted by (row, column) -> equal pairs averaged -> the most active kept
 *
 * Two passes of counting sort, by column and then by row, each of which keeps the order of equals: O(n +
 * users + items), 16 bytes a rating twice over.
 */
#include "core/available.h"
#include "data/ratings.h"

#include <ermine/memory.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct triples {
    int32_t *row, *column;
    double *value;
};

void er_rating_list_clear(struct er_rating_list *list)
{
    er_free(list->user);
    er_free(list->item);
    er_free(list->value);
    er_names_clear(&list->users);
    er_names_clear(&list->items);
    *list = (struct er_rating_list){0};
}

static enum er_status out_of_memory(int64_t n, struct er_error *err)
{
    return er_fail(err, ER_E_NOMEM, "out of memory for %" PRId64 " ratings", n);
}

enum er_status er_rating_list_reserve(struct er_rating_list *list, int64_t room, struct er_error *err)
{
    char what[64];
    snprintf(what, sizeof what, "%" PRId64 " ratings", room);
    enum er_status status = er_memory_check(32.0 * (double)room, what, err);
    if (status != ER_OK) return status;
    list->user = er_alloc(room, sizeof *list->user);
    list->item = er_alloc(room, sizeof *list->item);
    list->value = er_alloc(room, sizeof *list->value);
    if (!list->user || !list->item || !list->value) return out_of_memory(room, err);
    list->room = room;
    return ER_OK;
}

enum er_status er_rating_list_add(struct er_rating_list *list, const char *user, size_t user_length,
                                  const char *item, size_t item_length, double value, struct er_error *err)
{
    enum er_status status = er_names_number(&list->users, user, user_length, &list->user[list->n], err);
    if (status == ER_OK) status = er_names_number(&list->items, item, item_length, &list->item[list->n], err);
    if (status == ER_OK) list->value[list->n++] = value;
    return status;
}

/* Numbers in the order of their first coming become numbers in the order of the names. */
static enum er_status renumber(const struct er_names *names, int64_t n, int32_t *number, int32_t *order,
                               struct er_error *err)
{
    int32_t *place = er_alloc(names->n, sizeof *place);
    if (!place) return out_of_memory(n, err);
    enum er_status status = er_names_order(names, order, err);
    if (status == ER_OK) {
        for (int64_t i = 0; i < names->n; i++) place[order[i]] = (int32_t)i;
        for (int64_t i = 0; i < n; i++) number[i] = place[number[i]];
    }
    er_free(place);
    return status;
}

/* from -> to, sorted by `key`, of which there are `keys`; `start` has room for keys + 1. */
static void counting_sort(const struct triples *from, const int32_t *key, int64_t n, int64_t keys,
                          int64_t *start, struct triples *to)
{
    memset(start, 0, (size_t)(keys + 1) * sizeof *start);
    for (int64_t i = 0; i < n; i++) start[key[i] + 1]++;
    for (int64_t k = 0; k < keys; k++) start[k + 1] += start[k];
    for (int64_t i = 0; i < n; i++) {
        const int64_t at = start[key[i]]++;
        to->row[at] = from->row[i];
        to->column[at] = from->column[i];
        to->value[at] = from->value[i];
    }
}

static enum er_status sort(struct triples *t, int64_t n, int64_t rows, int64_t columns, struct er_error *err)
{
    struct triples other = {.row = er_alloc(n, sizeof *other.row),
                            .column = er_alloc(n, sizeof *other.column),
                            .value = er_alloc(n, sizeof *other.value)};
    int64_t *start = er_alloc((rows > columns ? rows : columns) + 1, sizeof *start);
    enum er_status status = ER_OK;
    if (other.row && other.column && other.value && start) {
        counting_sort(t, t->column, n, columns, start, &other);
        counting_sort(&other, other.row, n, rows, start, t);
    } else {
        status = out_of_memory(n, err);
    }
    er_free(other.row);
    er_free(other.column);
    er_free(other.value);
    er_free(start);
    return status;
}

/* Equal pairs, which are neighbours, become one with the mean of their values; returns how many are left. */
static int64_t average_repeated(struct triples *t, int64_t n)
{
    int64_t kept = 0;
    for (int64_t i = 0, next; i < n; i = next) {
        double mean = t->value[i];
        for (next = i + 1; next < n && t->row[next] == t->row[i] && t->column[next] == t->column[i]; next++)
            mean += (t->value[next] - mean) / (double)(next - i + 1);
        t->row[kept] = t->row[i];
        t->column[kept] = t->column[i];
        t->value[kept++] = mean;
    }
    return kept;
}

struct active {
    int64_t ratings;
    int32_t number;
};

static int by_ratings(const void *left, const void *right)
{
    const struct active *a = left, *b = right;
    if (a->ratings != b->ratings) return a->ratings > b->ratings ? -1 : 1;
    return a->number < b->number ? -1 : a->number > b->number;
}

/* place[i]: the new number of i when it is among the `most` that occur most often (of equals the first), else
 * -1. The kept ones stay in order, and so does what `order` says of them; *n becomes how many there are. */
static enum er_status keep_most(int64_t most, const char *what, int64_t *n, const int32_t *key,
                                int64_t ratings, int32_t *order, int32_t *place, struct er_error *err)
{
    const int64_t all = *n;
    if (most == 0) most = all;
    if (most < 0 || most > all)
        return er_fail(err, ER_E_USAGE, "%" PRId64 " %s are asked for, there are %" PRId64, most, what, all);
    struct active *active = er_alloc(all, sizeof *active);
    if (!active) return out_of_memory(ratings, err);
    for (int64_t i = 0; i < all; i++) active[i].number = (int32_t)i;
    for (int64_t k = 0; k < ratings; k++) active[key[k]].ratings++;
    qsort(active, (size_t)all, sizeof *active, by_ratings);
    for (int64_t i = 0; i < all; i++) place[active[i].number] = i < most ? 0 : -1;
    *n = 0;
    for (int64_t i = 0; i < all; i++) {
        if (place[i] < 0) continue;
        order[*n] = order[i];
        place[i] = (int32_t)(*n)++;
    }
    er_free(active);
    return ER_OK;
}

/* The ratings of kept users of kept items. */
static int64_t keep_both(struct triples *t, int64_t n, const int32_t *row_place, const int32_t *column_place)
{
    int64_t kept = 0;
    for (int64_t k = 0; k < n; k++) {
        const int32_t row = row_place[t->row[k]], column = column_place[t->column[k]];
        if (row < 0 || column < 0) continue;
        t->row[kept] = row;
        t->column[kept] = column;
        t->value[kept++] = t->value[k];
    }
    return kept;
}

/* The list's arrays become those of `out`; order[] and place[] are rooms for a number a name. */
static enum er_status settle(struct er_rating_list *list, int64_t users, int64_t items,
                             int32_t *const order[2], int32_t *const place[2], struct er_ratings *out,
                             struct er_error *err)
{
    struct triples t = {.row = list->user, .column = list->item, .value = list->value};
    int64_t rows = list->users.n, columns = list->items.n;
    enum er_status status = renumber(&list->users, list->n, t.row, order[0], err);
    if (status == ER_OK) status = renumber(&list->items, list->n, t.column, order[1], err);
    if (status == ER_OK) status = sort(&t, list->n, rows, columns, err);
    if (status != ER_OK) return status;
    int64_t n = average_repeated(&t, list->n);
    out->repeated = list->n - n;
    status = keep_most(users, "users", &rows, t.row, n, order[0], place[0], err);
    if (status == ER_OK) status = keep_most(items, "items", &columns, t.column, n, order[1], place[1], err);
    if (status != ER_OK) return status;
    n = keep_both(&t, n, place[0], place[1]);
    if (n == 0) return er_fail(err, ER_E_USAGE, "none of these users has rated one of these items");
    status = er_names_block(&list->users, order[0], rows, &out->row_name, err);
    if (status == ER_OK) status = er_names_block(&list->items, order[1], columns, &out->column_name, err);
    if (status != ER_OK) return status;
    out->rows = rows;
    out->columns = columns;
    out->n = n;
    out->row = list->user;
    out->column = list->item;
    out->value = list->value;
    list->user = list->item = NULL;
    list->value = NULL;
    return ER_OK;
}

enum er_status er_rating_list_settle(struct er_rating_list *list, int64_t users, int64_t items,
                                     struct er_ratings *out, struct er_error *err)
{
    const int64_t size[2] = {list->users.n, list->items.n};
    struct er_ratings made = {0};
    int32_t *order[2], *place[2];
    enum er_status status = ER_OK;
    for (int k = 0; k < 2; k++) {
        order[k] = er_alloc(size[k], sizeof *order[k]);
        place[k] = er_alloc(size[k], sizeof *place[k]);
        if (!order[k] || !place[k]) status = out_of_memory(list->n, err);
    }
    if (status == ER_OK) status = settle(list, users, items, order, place, &made, err);
    for (int k = 0; k < 2; k++) {
        er_free(order[k]);
        er_free(place[k]);
    }
    er_rating_list_clear(list);
    if (status == ER_OK)
        *out = made;
    else
        er_ratings_clear(&made);
    return status;
}
