/* signs.h - how many pairs of points of each cell have which signs: the counts under K and under the PGDL score.
 *
 *     set S       up to two axes; here all pairs of axes, or the one axis, or none: smaller sets are sums of these
 *     group u     the points with the same levels on S
 *     cell        a pair of groups (u, u'): of point a in u and point b in u'
 *     pairs       sum over a, b of                     w_a w_b
 *     one(x)      sum over a, b of  h(x_a - x_b)       w_a w_b
 *     both        sum over a, b of  h(x_a - x_b) h(y_a - y_b) w_a w_b
 *
 * where w are copies, and h(d) is 1, 1/2, 0 of d > 0, = 0, < 0 over pairs of different points (halves), or 1, 0, 0 over all
 * (strict). Counts are whole numbers: of halves twice `one` and four times `both`.
 *
 * How. Points enter by rising y into a tree over their places in x (Fenwick, "A new data structure for cumulative frequency
 * tables", 1994), whose nodes, 16 places each, count by group of every set at once; a point asks for those before it. N log
 * (N / 16) additions of rows as long as there are groups, instead of N^2 for each set.
 */
#ifndef ERMINE_RANK_SIGNS_H
#define ERMINE_RANK_SIGNS_H

#include "rank/points.h"

struct er_rank_signs_set {
    int a, b;       /* axes; -1: none */
    int64_t groups; /* levels[a] levels[b] */
    int64_t column; /* where its groups begin in a row */
    int64_t cell;   /* where its groups^2 cells begin: cell[u * groups + u'] */
};

struct er_rank_signs {
    int64_t n; /* points */
    int64_t sets;
    struct er_rank_signs_set *set;
    int64_t columns; /* of a row, rounded up to whole vectors */
    int64_t cells;
    int32_t *column; /* n x sets: the column of each point's group */
};

/* ER_E_LIMIT (cells above ER_RANK_CELLS_MAX; a tree above 2^30 bytes), ER_E_NOMEM. */
enum er_status er_rank_signs_new(const struct er_rank_points *points, struct er_rank_signs *out,
                                 struct er_error *err);
void er_rank_signs_clear(struct er_rank_signs *signs);

/* Scratch of one thread. */
struct er_rank_signs_tree;
enum er_status er_rank_signs_tree_new(const struct er_rank_signs *signs, struct er_rank_signs_tree **out,
                                      struct er_error *err);
void er_rank_signs_tree_free(struct er_rank_signs_tree *tree);

/* The order of points by one number: er_rank_order(). */
struct er_rank_ordered {
    const int32_t *order, *from, *to; /* n each */
};

/* Counts into count (cells); w: copies of each point, at most 2^31 together. */
void er_rank_signs_pairs(const struct er_rank_signs *signs, const int32_t *w, bool halves, int64_t *count);
void er_rank_signs_one(const struct er_rank_signs *signs, const int32_t *w, const struct er_rank_ordered *x,
                       bool halves, struct er_rank_signs_tree *tree, int64_t *count);
void er_rank_signs_both(const struct er_rank_signs *signs, const int32_t *w, const struct er_rank_ordered *x,
                        const struct er_rank_ordered *y, bool halves, struct er_rank_signs_tree *tree,
                        int64_t *count);

#endif
