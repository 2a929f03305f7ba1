/* <ermine/kendall.h> - Kendall's rank correlation of two sequences of numbers.
 *
 *     tau-a = (C - D) / (n (n - 1) / 2)              C, D pairs in the same, in opposite order; ties are neither
 *     tau-b = (C - D) / sqrt((P - X) (P - Y))        P all pairs, X tied in x, Y tied in y
 *
 * tau-a of a constant sequence is 0, tau-b does not exist. Without ties they are equal. Of independent sequences without
 * ties tau has mean 0 and variance 2 (2 n + 5) / (9 n (n - 1)).
 *
 * Sources: Kendall, "A new measure of rank correlation", Biometrika 1938; Knight, "A computer method for calculating
 * Kendall's tau with ungrouped data", JASA 1966 (by sorting).
 */
#ifndef ERMINE_KENDALL_H
#define ERMINE_KENDALL_H

#include <ermine/status.h>

/* Pairs of n points. */
struct er_kendall {
    int64_t pairs, concordant, discordant;
    int64_t tied_x, tied_y, tied_both; /* those tied in both are among either */
};

/** Counts the pairs of n >= 0 points (x_i, y_i), all finite. n log n, 32 bytes a point. ER_E_NONFINITE, ER_E_LIMIT (n above
 * 2^31), ER_E_NOMEM. Any thread. */
ER_API enum er_status er_kendall(int64_t n, const double *x, const double *y, struct er_kendall *out,
                                 struct er_error *err);

/** In [-1, 1]; NaN when there is no pair. */
ER_API double er_kendall_tau_a(const struct er_kendall *k);

/** In [-1, 1]; NaN when all pairs are tied in x or all in y. */
ER_API double er_kendall_tau_b(const struct er_kendall *k);

#endif
