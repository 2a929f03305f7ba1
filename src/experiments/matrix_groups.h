/* matrix_groups.h - the runs of a study by the problem of matrix recovery that they solve: each is made or
 * read once, and memory is bounded however many problems a study has.
 *
 * A group's observations may be centred: what is to be recovered is then the difference to the mean of the
 * observations, or to mu + b_u + c_i fitted to them (<ermine/baseline.h>). Errors of predictions stay what
 * they are.
 */
#ifndef ERMINE_EXPERIMENTS_MATRIX_GROUPS_H
#define ERMINE_EXPERIMENTS_MATRIX_GROUPS_H

#include <ermine/pool.h>
#include <ermine/recovery.h>
#include <ermine/schema.h>

/* Runs that share a problem. */
struct er_matrix_group {
    const int64_t *run; /* n numbers, ascending */
    int64_t n;
    struct er_recovery problem; /* centred; empty unless loaded */
    double mean_error,
        bias_error; /* mean squared error on what is held out of the two constants; NaN: no ratings */
    double truth_nuclear_norm, truth_effective_rank; /* of the truth, centred alike; NaN: unknown */
    double repeated;                                 /* ratings of a pair that came before; NaN: no ratings */
};

/* How a point's observations are centred: "none", "mean" or "bias". */
typedef const char *er_matrix_centre(const struct er_point *point);

struct er_matrix_groups {
    struct er_matrix_group *group; /* in the order of their first runs */
    int64_t n;
    int64_t *run; /* what the groups point into */
    int64_t *of;  /* of each run, its group */
    er_matrix_centre *centre;
    struct er_ratings ratings;    /* what the next group's problem is drawn from, where it was read already */
    const struct er_point *rater; /* a point that has these ratings; NULL: none are kept */
};

/* Sorts points 0..n-1 into groups; nothing is made or read. ER_E_NOMEM. */
enum er_status er_matrix_groups_new(const struct er_point *point, int64_t n, er_matrix_centre *centre,
                                    struct er_matrix_groups *out, struct er_error *err);

/* Makes or reads the problems of group `from` and of as many after it as fit into `limit` bytes; *to is the
 * first that was not. Ratings are read once for all groups in a row that draw from them, and kept from call
 * to call, in some 30 bytes a rating, as long as the next group does. The pool may be NULL. Errors:
 * er_matrix_keys_ratings()'s and er_matrix_keys_open()'s. */
enum er_status er_matrix_groups_load(struct er_matrix_groups *groups, const struct er_point *point,
                                     const struct er_data_places *places, int64_t from, double limit,
                                     struct er_pool *pool, int64_t *to, struct er_error *err);

/* A loaded group whose problem has the sizes of that of group g: *made where the two differ by their seeds
 * alone, else g, which is loaded, and the other released. *made begins as -1; for estimates. Errors as
 * above. */
enum er_status er_matrix_groups_like(struct er_matrix_groups *groups, const struct er_point *point,
                                     const struct er_data_places *places, int64_t g, struct er_pool *pool,
                                     int64_t *made, struct er_error *err);

/* Frees the problems of groups from..to-1. */
void er_matrix_groups_release(struct er_matrix_groups *groups, int64_t from, int64_t to);

/* Frees all. */
void er_matrix_groups_clear(struct er_matrix_groups *groups);

/* Bytes of a problem. */
double er_recovery_bytes(const struct er_recovery *problem);

#endif
