/* oracle_case.h - one net beside its oracle: the same model, numbers and batch for both, and every reading of
 * its layers compared.
 *
 * Tolerances are those of float sums: `rounding` times the size of what is summed, which is 1 to 10 here.
 */
#ifndef ERMINE_TESTS_SUPPORT_ORACLE_CASE_H
#define ERMINE_TESTS_SUPPORT_ORACLE_CASE_H

#include "net/plan.h"
#include "oracles/network.h"

struct oracle_case {
    const char *text;
    int64_t B, D, K, P;
    struct er_model *model;
    struct er_net *net;
    struct er_plan *plan;
    struct network *oracle;
    float *w, *tw, *x, *tx, *f, *tf, *df, *dw, *dx; /* numbers, directions, and what came out */
    double *w64, *tw64, *x64, *tx64, *f64, *tf64;   /* the same for the oracle */
    int32_t *label;
    void *scratch; /* for a call of up to 4 parts with tangents */
};

/* Opens it with numbers drawn from `seed`; for the loss mean-squared K is taken from the model. False, with a
 * failed test, when one of the two refuses. Free with oracle_case_close() either way. */
bool oracle_case_open(struct oracle_case *c, const char *text, struct er_shape in, int64_t B, int64_t classes,
                      const char *loss, uint64_t seed);
void oracle_case_close(struct oracle_case *c);

/* Outputs and their tangents against the oracle, then the transposed Jacobian against both by
 * df . (J_w tw + J_x tx) = dw . tw + dx . tx. */
void oracle_case_jacobian(struct oracle_case *c, double rounding);

/* The gradient and Hessian and Gauss-Newton vector products along random directions, and the per-example
 * gradients by their sum. */
void oracle_case_hessian(struct oracle_case *c, double rounding);

/* Outputs, gradients, tangents and Hessian-vector products have the same bits on 1, 2, 3 and 4 parts, and
 * with a sink in the place of dw. */
void oracle_case_parts(struct oracle_case *c);

#endif
