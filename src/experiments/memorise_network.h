/* memorise_network.h - the two-layer network of 2n + d weights that fits any n targets exactly.
 *
 *     c(x) = sum_{j=1..n} w_j max(<a, x> - b_j, 0)         a in R^d;  b, w in R^n
 *
 *     z_i = <a, x_i>, sorted:  b_1 < z_(1) < b_2 < z_(2) < ... < b_n < z_(n)
 *     b_1 = z_(1) - 1,  b_j = (z_(j-1) + z_(j)) / 2
 *                   (from 2^53 on, where that may round to z_(1): the next number below)
 *     A w = y,  A_ij = max(z_(i) - b_j, 0): lower triangular, with z_(i) - b_i > 0 on the diagonal
 *
 * so w follows by forward substitution, and the smallest eigenvalue of A is min_i z_(i) - b_i. Source: Zhang,
 * Bengio, Hardt, Recht and Vinyals, "Understanding deep learning requires rethinking generalization", ICLR 2017,
 * theorem 1, its proof and lemma 1. With k targets there are k columns w on the same a and b.
 *
 * All in float64. Weights grow like n^2, as gaps shrink like 1 / n^2, and errors of rounding with them.
 */
#ifndef ERMINE_EXPERIMENTS_MEMORISE_NETWORK_H
#define ERMINE_EXPERIMENTS_MEMORISE_NETWORK_H

#include <ermine/progress.h>
#include <ermine/random.h>
#include <stdbool.h>

struct er_memorise {
    int64_t n, d, k;
    double *a;       /* d */
    double *b;       /* n, rising */
    double *w;       /* n x k */
    double *slope;   /* n x k: of c between b_j and b_j+1: w_1 + ... + w_j */
    double *value;   /* n x k: c at b_j, by sums of slopes times distances */
    double smallest; /* eigenvalue of A */
};

/* Two examples with the same z, when there are such: no function of z tells them apart. */
struct er_memorise_tie {
    bool tied;
    bool equal;            /* they are equal themselves */
    int64_t first, second; /* their numbers, first < second */
};

/**
 * @param x     n x d
 * @param y     n x k targets
 * @param seed  of a ~ N(0, I_d), stream of ER_PURPOSE_INITIALISE
 * @param tie   what kept the network from being made; *out is untouched then, and ER_OK returned
 * @param out   freed by er_memorise_clear(); untouched on failure
 * Errors: ER_E_NOMEM, ER_E_STOPPED. Cost: n (d + n k) operations.
 */
enum er_status er_memorise_new(int64_t n, int64_t d, int64_t k, const float *x, const double *y,
                               uint64_t seed, const struct er_progress *progress, struct er_memorise_tie *tie,
                               struct er_memorise *out, struct er_error *err);
void er_memorise_clear(struct er_memorise *m);

/* <a, x> of one x. */
double er_memorise_project(const struct er_memorise *m, const float *x);

/* out[0..k) = c at z = <a, x>, by the formula: n k operations. */
void er_memorise_sum(const struct er_memorise *m, double z, double *out);

/* The same from sums that were made once: b_j by bisection, then value_j + slope_j (z - b_j). O(log n + k). */
void er_memorise_output(const struct er_memorise *m, double z, double *out);

/* The largest |w|. */
double er_memorise_largest_weight(const struct er_memorise *m);

#endif
