/* data_groups.h - the runs of a study by the data that they learn from, so that each split is read once and
 * memory is bounded however many splits a study has.
 */
#ifndef ERMINE_EXPERIMENTS_DATA_GROUPS_H
#define ERMINE_EXPERIMENTS_DATA_GROUPS_H

#include <ermine/data.h>
#include <ermine/schema.h>

/* Runs that learn from one split. */
struct er_data_group {
    const int64_t *run; /* n numbers, ascending */
    int64_t n;
    struct er_split split; /* empty unless loaded; `others` as many as any of its runs asks for, or none */
};

struct er_data_groups {
    struct er_data_group *group; /* in the order of their first runs */
    int64_t n;
    int64_t *run; /* what the groups point into */
};

/* Sorts points 0..n-1 into groups; nothing is read. ER_E_NOMEM. */
enum er_status er_data_groups_new(const struct er_point *point, int64_t n, struct er_data_groups *out,
                                  struct er_error *err);

/* Reads the splits of group `from` and of as many after it as fit into `limit` bytes; *to is the first that
 * was not read. Errors: er_data_open()'s, with the place of the data's name in the study. */
enum er_status er_data_groups_load(struct er_data_groups *groups, const struct er_point *point,
                                   const struct er_data_places *places, int64_t from, size_t limit,
                                   int64_t *to, struct er_error *err);

/* Frees the splits of groups from..to-1. */
void er_data_groups_release(struct er_data_groups *groups, int64_t from, int64_t to);

/* Frees all. */
void er_data_groups_clear(struct er_data_groups *groups);

#endif
