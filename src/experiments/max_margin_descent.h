/* max_margin_descent.h - gradient descent on the logistic loss of a linear classifier, and the largest margin.
 *
 *     z_i = y_i x_i,  y_i = -1 for class 0, +1 for class 1          a mistake is w . z_i <= 0
 *     L(w) = sum_i log(1 + exp(-w . z_i))                           a sum, no mean
 *     plain        w <- w - rate grad L(w)
 *     normalised   w <- w - rate grad L(w) / L(w), which ends where L is below 10^-300
 *     rate unless given    plain 1 / s^2, s the largest singular value of the matrix with rows z_i;
 *                          normalised 1 / max_i |z_i|^2
 *
 * s^2 / 4 bounds the curvature of L, max_i |z_i|^2 that of log L, whose gradient the normalised step follows.
 *
 * All is in float64. Separable data: w / |w| tends to u, the direction of largest margin gamma; of plain descent
 *
 *     w(t) = (u / gamma) log t + rho(t), rho bounded for almost all data;   |w| ~ log t / gamma,   L ~ 1 / t
 *     largest margin less min_i w . z_i / |w| = O(1 / log t),   angle of w and u = O(1 / log t)
 *
 * u and gamma come from er_nearest_point(), which knows nothing of descent.
 *
 * Sources: Soudry et al., JMLR 2018; normalised: Nacson, Lee, Gunasekar, Savarese, Srebro and Soudry, "Convergence of
 * gradient descent on separable data", AISTATS 2019.
 */
#ifndef ERMINE_EXPERIMENTS_MAX_MARGIN_DESCENT_H
#define ERMINE_EXPERIMENTS_MAX_MARGIN_DESCENT_H

#include <ermine/data.h>

struct er_margin_spec {
    int64_t steps, per_decade;
    bool normalised, bias; /* bias: each x_i has a 1 behind it */
    double rate, start;    /* rate NaN: by the default above; start: norm of w at the beginning */
    uint64_t seed;         /* of that w's direction */
};

/* Examples as z_i, n x d, row-major; of two classes. Freed by er_margin_examples_clear(). */
struct er_margin_examples {
    int64_t n, d;
    double *z;
};
enum er_status er_margin_examples_new(const struct er_dataset *set, bool bias, struct er_margin_examples *out,
                                      struct er_error *err);
void er_margin_examples_clear(struct er_margin_examples *examples);

/* L(w), the share of mistakes, and min_i w . z_i. `output` (n) is left with w . z_i. No examples: NaN. */
struct er_margin_measured {
    double loss, error, least;
};
struct er_margin_measured er_margin_measure(const struct er_margin_examples *examples, const double *w,
                                            double *output);

/* A descent under way. Freed by er_margin_descent_clear(). */
struct er_margin_descent {
    const struct er_margin_examples *examples;
    struct er_margin_spec spec;
    double rate;
    double *w;      /* d */
    double *output; /* n: scratch */
    int64_t step;
    bool underflow; /* the loss of a normalised descent was too small to go on */
};
enum er_status er_margin_descent_new(const struct er_margin_examples *examples,
                                     const struct er_margin_spec *spec, struct er_margin_descent *out,
                                     struct er_error *err);
void er_margin_descent_clear(struct er_margin_descent *descent);

/* Steps on until `step`, or underflow. ER_E_STOPPED. */
enum er_status er_margin_descent_until(struct er_margin_descent *descent, int64_t step,
                                       const struct er_progress *progress, struct er_error *err);

#endif
