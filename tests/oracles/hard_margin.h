/* hard_margin.h - the hard-margin support vector machine without bias, by trying every set of support vectors.
 */
#ifndef ERMINE_TESTS_ORACLES_HARD_MARGIN_H
#define ERMINE_TESTS_ORACLES_HARD_MARGIN_H

#include <stdbool.h>
#include <stdint.h>

enum { HARD_MARGIN_MOST_POINTS = 20, HARD_MARGIN_MOST_DIMENSIONS = 5 };

/* w (d) = argmin |w|^2 s.t. w . z_i >= 1, z: n x d, row-major. False: there is no such w, to one part in 10^9.
 * Every set of at most d points is tried: w is the least with w . z_i = 1 on it, and the shortest w that keeps the other
 * conditions is the solution, since the solution's own independent support vectors are among the sets. */
bool hard_margin(int64_t n, int64_t d, const double *z, double *w);

#endif
