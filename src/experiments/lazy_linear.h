/* lazy_linear.h - gradient descent on a model that is linear in its weights, in closed form.
 *
 *     L = 1/(2n) |f - y|^2     weights -= rate grad L     f(X) after t steps = y + (I - rate K / n)^t (f_0(X) - y)
 *     f(x) = f_0(x) + k(x, X) c_t,   c_t = K^-1 (I - (I - rate K / n)^t) (y - f_0(X))
 *
 * K (n x n) the kernel of the weights' features, which stays. For t to infinity this is kernel regression. By the
 * eigenvectors of K: an eigenvalue below n eps times the largest counts as 0, and has no part in the limit.
 */
#ifndef ERMINE_EXPERIMENTS_LAZY_LINEAR_H
#define ERMINE_EXPERIMENTS_LAZY_LINEAR_H

#include <ermine/status.h>

struct er_lazy_linear {
    int64_t n;
    double *vector;   /* n x n: eigenvectors in rows */
    double *value;    /* n, ascending */
    double *residual; /* n: of y - f_0, in the basis of the vectors */
};

/* ER_E_NOMEM; ER_E_NONFINITE for a kernel that has no eigenvectors (values that are no numbers). */
enum er_status er_lazy_linear_new(int64_t n, const double *K, const double *residual,
                                  struct er_lazy_linear *out, struct er_error *err);
void er_lazy_linear_clear(struct er_lazy_linear *linear);

/* c (n) after so many steps (INFINITY: in the limit, whatever the rate). */
void er_lazy_linear_after(const struct er_lazy_linear *linear, double rate, double steps, double *c);

#endif
