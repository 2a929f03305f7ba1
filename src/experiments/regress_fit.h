/* regress_fit.h - one fit of a linear model, and its errors.
 *
 *     f(x) = phi(x) W,   W: N x k,   squared error = sum over the k outputs, a mean over examples
 *
 * Class targets are one-hot, and the class is that of the largest output; with one output (targets -1 and
 * +1) it is the output's sign.
 */
#ifndef ERMINE_EXPERIMENTS_REGRESS_FIT_H
#define ERMINE_EXPERIMENTS_REGRESS_FIT_H

#include <ermine/status.h>

/* Examples by their features. */
struct er_examples {
    int64_t n, features, k;
    double *phi;    /* n x features */
    double *y;      /* n x k */
    int32_t *label; /* n classes, or NULL */
};

/* Sums over examples, so that those of several parts can be added. */
struct er_error_sums {
    double squared;
    int64_t wrong, n; /* wrong: of those with a class */
};

/* What is known of a fit besides its weights. */
struct er_fit_facts {
    int64_t rank;
    double condition, curvature; /* curvature: the largest eigenvalue of phi^T phi */
};

/* w (features x k): the solution of least norm. `unseen`: NULL, or a matrix like w of which only the part
 * in the null space of phi is left. facts may be NULL. Errors: er_least_squares_new()'s. */
enum er_status er_regress_solve(const struct er_examples *examples, double ridge, double cut_off, double *w,
                                double *unseen, struct er_fit_facts *facts, struct er_error *err);

/* Adds the errors of w on examples to *sums. ER_E_NOMEM. */
enum er_status er_regress_errors(const struct er_examples *examples, const double *w,
                                 struct er_error_sums *sums, struct er_error *err);

/* out (n x k) = phi w. */
void er_regress_predict(int64_t n, int64_t features, int64_t k, const double *phi, const double *w,
                        double *out);

/* sqrt(sum of squares). */
double er_regress_norm(int64_t n, const double *w);

#endif
