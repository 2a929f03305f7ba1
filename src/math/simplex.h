/* simplex.h - the simplex method of Nelder and Mead: a minimum of a function of a few variables, without derivatives.
 *
 * A simplex of d + 1 points; the worst is reflected at the middle of the others (1), the step doubled when that is the best
 * so far (2), halved when it is still the worst (1/2, on the better side), and else all points are drawn halfway to the best
 * (1/2). Source: Nelder and Mead, Computer Journal 1965; its coefficients, the conditions are those of Lagarias, Reeds,
 * Wright and Wright, SIAM J. Optim. 1998. */
#ifndef ERMINE_MATH_SIMPLEX_H
#define ERMINE_MATH_SIMPLEX_H

#include <ermine/status.h>
#include <stdbool.h>

enum { ER_SIMPLEX_MOST = 8 }; /* variables */

/* *value = f(x); infinity where x is not allowed. Anything but ER_OK ends the search with it. */
typedef enum er_status er_simplex_function(void *ctx, const double *x, double *value, struct er_error *err);

struct er_simplex {
    int64_t d; /* 1 .. ER_SIMPLEX_MOST */
    er_simplex_function *function;
    void *ctx;
    double step;         /* from the start to each of the other points, > 0 */
    double tolerance;    /* ends when points differ by less in every variable, and values too: > 0 */
    int64_t evaluations; /* at most; neither the first simplex nor a step is cut short, so up to d + 1 more */
};

struct er_simplex_report {
    double start, least; /* values */
    int64_t evaluations;
    bool converged;
};

/* x: the start, becomes the best point met. The function's errors; ER_E_NONFINITE when the start's value is not finite. */
enum er_status er_simplex_minimise(const struct er_simplex *simplex, double *x,
                                   struct er_simplex_report *report, struct er_error *err);

#endif
