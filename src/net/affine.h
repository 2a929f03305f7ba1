/* affine.h - the layers whose outputs are affine in the weights: those with parameters whose input no parameter
 * changes, which in most nets is the first dense layer or convolution.
 *
 *     w = w0 + a u  =>  y(w) = y(w0) + a y(u)         y(u): the layer applied with u as its weights, bias included
 *
 * So along a line of networks their products with the data are taken once. What lies between the data and them
 * (flatten, pooling of images) stays as it is, and is computed once too.
 */
#ifndef ERMINE_NET_AFFINE_H
#define ERMINE_NET_AFFINE_H

#include "net/plan.h"

/* Some parameters of a net. */
struct er_affine_range {
    int64_t at, n;
};

struct er_affine {
    const struct er_net *net;
    int64_t n, *node;             /* the affine nodes, in their order */
    int64_t floats;               /* of their outputs together, for one row */
    bool *fixed, *given;          /* net->n each: nodes between data and them; these and the affine ones */
    bool has_fixed;               /* whether there are such nodes that compute anything */
    struct er_affine_range *rest; /* the parameters of all other nodes */
    int64_t n_rest;
};

/* ER_E_NOMEM. A net may have none: then n is 0, and `rest` all of its parameters. */
enum er_status er_affine_new(const struct er_net *net, struct er_affine *out, struct er_error *err);
void er_affine_clear(struct er_affine *affine);

/* Computes the fixed nodes for x into the scratch of a plan: er_plan_call_bytes(plan, 1, ER_PLAN_FORWARD). They stay
 * there through er_plan_run()s that are told of `given`. The network's `training` counts, and then `first_row` too. */
void er_affine_fix(const struct er_affine *affine, const struct er_plan *plan,
                   const struct er_network *network, const float *x, int64_t first_row, void *scratch);

/* y (affine->floats a row, node after node) = the outputs of the affine nodes with weights w. er_affine_fix() has been
 * called. */
void er_affine_products(const struct er_affine *affine, const struct er_plan *plan, const float *w,
                        const float *x, float *y, void *scratch);

/* The outputs y0 + a yu, and what a pointwise layer behind makes of them, to where er_plan_run() finds them. Element by
 * element, a rounded product and a rounded sum. yu NULL: y0. */
void er_affine_place(const struct er_affine *affine, const struct er_plan *plan, const float *y0, float a,
                     const float *yu, void *scratch);

/* out[i] = from[i] + a u[i]; out may be `from`. The one place where weights and outputs are moved. */
void er_affine_move(int64_t n, const float *from, float a, const float *u, float *out);

#endif
