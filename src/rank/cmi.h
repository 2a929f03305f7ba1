/* cmi.h - conditional mutual information of the signs of differences, normalised: K, and the PGDL score.
 *
 *     c[i][j] of a cell: pairs whose gap (i) and measure (j) differ upwards (1) or downwards (0);  T their sum
 *     T I = sum c_ij ln(c_ij T / (c_i. c_.j))         T H = - sum c_i. ln(c_i. / T)
 *     quotient of S = sum over cells T I / sum over cells T H
 */
#ifndef ERMINE_RANK_CMI_H
#define ERMINE_RANK_CMI_H

#include "rank/signs.h"

/* Counts of all sets of signs.h. The mirror of a cell (u, u') is (u', u), which has the same information. */
struct er_rank_counts {
    const int64_t *pairs; /* er_rank_signs_pairs() */
    const int64_t *gap, *measure, *both;
};

struct er_rank_cmi {
    double value;      /* K: the least of by_size; NaN where H is 0 everywhere */
    int set[2];        /* its S: axes, or -1 */
    double by_size[3]; /* the least over |S| = 0, 1, 2; NaN where there is none */
};

/* K of counts of halves. `work` holds er_rank_cmi_work() numbers. */
void er_rank_cmi(const struct er_rank_points *points, const struct er_rank_signs *signs,
                 const struct er_rank_counts *counts, int64_t *work, struct er_rank_cmi *out);
int64_t er_rank_cmi_work(const struct er_rank_points *points);

/* The quotient of one set in the order of the table's parameters, |S| <= 2; for tests and for sums. NaN where H is 0. */
double er_rank_cmi_set(const struct er_rank_points *points, const struct er_rank_signs *signs,
                       const struct er_rank_counts *counts, int a, int b, int64_t *work);

/* The PGDL score as coded, 0 .. 100, of strict counts of two or more axes; cells without pairs are left out. */
double er_rank_cmi_pgdl(const struct er_rank_signs *signs, const struct er_rank_counts *counts);

#endif
