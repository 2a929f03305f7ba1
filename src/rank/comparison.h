/* comparison.h - measures that are compared on the same models, ready to be counted; and their statistics.
 *
 * Letters: K measures, N points, A axes.
 */
#ifndef ERMINE_RANK_COMPARISON_H
#define ERMINE_RANK_COMPARISON_H

#include "rank/cmi.h"

/* Values by points and their order. */
struct er_rank_sequence {
    double *value;              /* N */
    int32_t *order, *from, *to; /* N each, one block */
};

struct er_rank_comparison {
    const struct er_rank_table *table;
    const double *gap;          /* n of the table, as compared */
    const double *const *value; /* of each of the table's measures: n, as compared; missing NaN */
    int64_t measures;
    const int64_t *measure; /* K: of the table's */
    struct er_rank_points points;
    struct er_rank_signs signs;
    struct er_rank_lines *lines;           /* A: of points */
    struct er_rank_sequence gaps, *values; /* K */
};

/* Of the table's models that are kept. Everything is borrowed but the points. Errors as er_rank(). */
enum er_status er_rank_comparison_new(const struct er_rank_table *table, const double *gap,
                                      const double *const *value, const bool *kept, int64_t measures,
                                      const int64_t *measure, enum er_rank_seeds seeds,
                                      struct er_rank_comparison *out, struct er_error *err);
void er_rank_comparison_clear(struct er_rank_comparison *c);

enum er_status er_rank_sequence_new(int64_t n, struct er_rank_sequence *out, struct er_error *err);
void er_rank_sequence_clear(struct er_rank_sequence *s);

/* What is estimated, and drawn again: statistics of one measure on points that count w times each. */
enum { ER_RANK_TAU_A, ER_RANK_TAU_B, ER_RANK_PSI, ER_RANK_CMI, ER_RANK_SCORE, ER_RANK_STATISTICS };

/* The two correlations along all lines of one axis, `gap` and `x` orders of the points; NaN where no line has two. */
double er_rank_psi_axis(const struct er_rank_lines *lines, const int32_t *w,
                        const struct er_rank_sequence *gap, const struct er_rank_sequence *x);

/* tau-a and tau-b of pairs: `both` in quarters, pairs and ties as they are. */
void er_rank_tau(int64_t pairs, int64_t both, int64_t tied_gap, int64_t tied_measure, double tau[2]);

/* Pairs of points tied in x, by copies; those of one point with itself are none. */
int64_t er_rank_ties(const struct er_rank_sequence *x, int64_t n, const int32_t *w);

#endif
