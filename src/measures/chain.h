/* chain.h - a network as the norm-based theorems see it: affine maps one after the other, with something between.
 *
 *     z_i = W_i a_{i-1} + b_i     a_i = sigma_i(z_i)     i = 1..n,  a_0 = sigma_0(x)
 *
 * The maps are those of measures/folded.h: convolutions as the matrices that they are, batch norm folded into the map that
 * it follows.
 *
 * Theorems know no biases. With biases up to map l, the network is one without them of inputs (x, 1), whose maps
 * are (W_i b_i; 0 1) for i < l and (W_l b_l) for i = l; sigma leaves the 1 as it is. The norms below are of these.
 *
 * So the constant of (a, 1) -> (sigma_i(a), 1) is max(L_i, 1), L_i that of sigma_i: a mean, or a scale below 1,
 * doesn't shrink the 1 that a later bias needs. Where no map behind has a bias it is L_i.
 */
#ifndef ERMINE_MEASURES_CHAIN_H
#define ERMINE_MEASURES_CHAIN_H

#include "measures/folded.h"

#include <ermine/norm.h>

struct er_chain {
    const struct er_net *net;
    struct er_affine *map; /* n >= 1 of them */
    int64_t n, biased;     /* l; 0 without biases */
    double *w;             /* P: the weights, folded */
    double *bias;          /* what the maps' point into */
    const char
        *not_homogeneous; /* the first layer between that is not positively homogeneous, or not element by
                                    element; NULL: none */
    double after;         /* constant of what lies behind the last map */
    double lipschitz;     /* of all sigma_i, with the 1 up to map l: the product of their constants */
};

/* ER_E_UNSUPPORTED names the layer that keeps a net from being a chain: a join, one between that is not 0 at 0 or has
 * no Lipschitz constant, batch norm that follows no weights; ER_E_NONFINITE, ER_E_NOMEM. */
enum er_status er_chain_new(const struct er_net *net, const struct er_network *network, struct er_chain *out,
                            struct er_error *err);
void er_chain_clear(struct er_chain *chain);

/* Those of a run, where training ended and of its initial weights; the run's. */
struct er_measured_run;
enum er_status er_measured_chain(struct er_measured_run *run, const struct er_chain **out,
                                 struct er_error *err);
enum er_status er_measured_initial_chain(struct er_measured_run *run, const struct er_chain **out,
                                         struct er_error *err);

/* ER_E_UNSUPPORTED where something between the maps is not positively homogeneous with constant 1. `what`: the bound. */
enum er_status er_chain_check_homogeneous(const struct er_chain *chain, const char *what,
                                          struct er_error *err);

/* Whether map i (from 0) is extended by a row that passes the 1 on. */
static inline bool er_chain_passes_one(const struct er_chain *chain, int64_t i)
{
    return i + 1 < chain->biased;
}

/* Sums over the incoming weights of each output, bias included, of the difference to `minus` (NULL: to nothing). */
struct er_rows {
    double square;      /* sum over outputs of the squared 2-norms, of one position: Frobenius squared */
    double two_one;     /* sum of the 2-norms, of one position */
    double largest;     /* the largest 2-norm */
    double largest_one; /* the largest 1-norm */
    double bias;        /* 2-norm of the biases, of one position */
};
enum er_status er_chain_rows(const struct er_chain *chain, int64_t i, const struct er_chain *minus,
                             struct er_rows *out, struct er_error *err);

/* At least the spectral norm of map i, extended: that of the 2 x 2 matrix of the norms of its blocks. A part in
 * 10^5 is added for what the iteration may lack. */
enum er_status er_chain_spectral(const struct er_chain *chain, int64_t i, double *out, struct er_error *err);

#endif
