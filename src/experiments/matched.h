/* matched.h - minima of two kinds in bins of their margin.
 */
#ifndef ERMINE_EXPERIMENTS_MATCHED_H
#define ERMINE_EXPERIMENTS_MATCHED_H

#include "experiments/minima_asked.h"

enum { ER_MATCHED_MARGIN, ER_MATCHED_ERROR }; /* the values of a row */

/* Edges of bins, rising and above 0: bin 0 lies below edge[0], bin i in [edge[i - 1], edge[i]), bin n from the last edge
 * on. */
enum { ER_MATCHED_EDGES = 64 };
struct er_matched_edges {
    double edge[ER_MATCHED_EDGES];
    int64_t n;
};

/* Reads "0.005 0.01 0.02". ER_E_INPUT: what is no number, not rising, not above 0; none or too many. */
enum er_status er_matched_edges_read(const char *text, struct er_matched_edges *out, struct er_error *err);

/* One bin. Of each kind (0, 1) how many minima, the mean of their errors and its standard error; NaN for none, for a
 * single one. */
struct er_matched_bin {
    double margin; /* its geometric middle; of the first and the last bin half and twice their edge */
    int64_t count[2];
    double error[2], standard_error[2];
};

struct er_matched {
    struct er_matched_bin bin[ER_MATCHED_EDGES + 1];
    int64_t n; /* one more than edges */
    /* Over bins with at least `least` of each kind: how many, and the largest |error[0] - error[1]|; NaN for none. */
    int64_t matched;
    double largest_difference;
    double
        correlation; /* Spearman's, of the bin and error[0], over bins with `least` of kind 0; NaN below two */
};

/* Minima whose margin is not above 0 are in no bin. */
void er_matched_fill(const struct er_asked kind[2], const struct er_matched_edges *edges, int64_t least,
                     struct er_matched *out);

#endif
