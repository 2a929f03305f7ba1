/* flow.h - the inside of a flow: eigenvectors, and what descent has made of each of them. */
#ifndef ERMINE_LIMIT_FLOW_H
#define ERMINE_LIMIT_FLOW_H

#include "limit/product.h"

#include <ermine/predict.h>

struct er_flow {
    int64_t n, outputs;
    double *value;  /* n, ascending */
    double *vector; /* n x n: eigenvector v is row v */
    double mean;    /* of the diagonal of the kernel */
};

/* Of every eigenvector: psi, and what is left of the error, 1 - lambda psi, without cancellation. */
struct er_flow_modes {
    double ridge; /* r */
    double *psi, *left;
};

/* Freed by er_flow_modes_clear(). ER_E_USAGE, ER_E_NOMEM, ER_E_NONFINITE (steps diverge). */
enum er_status er_flow_modes_find(const struct er_flow *flow, const struct er_descent_options *options,
                                  struct er_flow_modes *out, struct er_error *err);
void er_flow_modes_clear(struct er_flow_modes *modes);

/* r of a ridge, relative to the mean of the diagonal. */
static inline double er_flow_ridge(const struct er_flow *flow, struct er_ridge ridge)
{
    return ridge.absolute ? ridge.value : ridge.value * flow->mean;
}

#endif
