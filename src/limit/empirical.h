/* empirical.h - the inside of empirical kernels: what is kept of a piece of the inputs, and how pairs are made of it. */
#ifndef ERMINE_LIMIT_EMPIRICAL_H
#define ERMINE_LIMIT_EMPIRICAL_H

#include "limit/finite.h"
#include "math/task_count.h"

enum { ER_EMPIRICAL_TILE = 32 }; /* rows and columns of pairs that a task makes */

/* One call of er_empirical_kernel(). */
struct er_empirical {
    const struct er_finite_network *network;
    struct er_empirical_plan plan;
    enum er_outputs_kept kept;
    bool symmetric;
    int64_t n1, n2, numbers; /* of a pair */
    int64_t piece;           /* inputs of a side at a time */
    const double *x1, *x2;
    double *k, *theta;
    struct er_pool *pool;
    struct er_task_count count;
};

/* A piece of the inputs: of each layer with parameters (t of finite->trained) its inputs x[t], n x n_in, and the gradients
 * of output o with respect to its outputs, n x n_out, at d[t] + o n n_out; and the outputs f (n x O). */
struct er_empirical_side {
    int64_t first, n;
    double *block, *f;
    double **x, **d;
};

/* Room for pieces of n inputs; with theta false, for outputs alone. */
enum er_status er_empirical_side_new(const struct er_finite *f, int64_t n, bool theta,
                                     struct er_empirical_side *out, struct er_error *err);
void er_empirical_side_free(struct er_empirical_side *side);

/* Doubles of one input in it. */
int64_t er_empirical_side_doubles(const struct er_finite *f, bool theta);

/* Fills it from inputs first .. first + n - 1 of x. ER_E_NOMEM. */
enum er_status er_empirical_side_fill(struct er_empirical *e, struct er_empirical_side *side, int64_t first,
                                      int64_t n, const double *x, struct er_error *err);

/* Whether the part of layer t is made without rows of the Jacobian. */
bool er_empirical_structured(const struct er_finite *f, int64_t t, enum er_empirical_algorithm algorithm,
                             enum er_outputs_kept kept, double n1, double n2);

/* Adds all layers' parts of the pairs of two pieces to theta; of one piece with itself (b is a) only tiles on and above the
 * diagonal. ER_E_NOMEM. */
enum er_status er_empirical_pairs(struct er_empirical *e, const struct er_empirical_side *a,
                                  const struct er_empirical_side *b, struct er_error *err);

/* All of theta by products, of symmetric ones the upper triangle. ER_E_NOMEM. */
enum er_status er_empirical_products(struct er_empirical *e, struct er_error *err);

#endif
