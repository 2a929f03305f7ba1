/* unbounded_descent.h - gradient descent on a 2 x 2 matrix, written as a product, of which three entries are given.
 *
 *     W = W_N ... W_1                     N >= 1 factors, 2 x 2
 *     L = ((w12 - a)^2 + (w21 - 1)^2 + (w22 - b)^2) / 2,   w11 is free; a = 1, b = 0 as long as nothing else is asked for
 *     W_j <- W_j - rate (W_N ... W_{j+1})^T (dL / dW) (W_{j-1} ... W_1)^T
 *     W_j = alpha^(1/N) I at the beginning; of a negative start W_1 = alpha^(1/N) diag(1, -1)
 *
 * in float64. The factors begin balanced (W_{j+1}^T W_{j+1} = W_j W_j^T), so that gradient flow keeps the sign of det W where
 * N >= 2. Of b = 0 and a > 0 every W with L = 0 has det W = -a: from a positive start L tends to 0 only while |w11| and with
 * it every norm grows without a bound, and W comes near to rank 1. With w11 w22 = a where det W = 0, and L = (w22 - b)^2 / 2,
 * w22 > b on the way:
 *
 *     w11 (b + sqrt(2 L)) / a -> 1
 *
 * So of b > 0 the free entry ends at a / b: its bound grows as b falls. Of b < 0 it has none, and L cannot fall below b^2 / 2.
 * Of a < 0 a positive determinant is what L = 0 has, and nothing grows.
 *
 * Source: Razin and Cohen, "Implicit regularization in deep learning may not be explainable by norms", NeurIPS 2020, section
 * 3, with its theorems on perturbed observations, and figure 1; the law follows from theirs.
 */
#ifndef ERMINE_EXPERIMENTS_UNBOUNDED_DESCENT_H
#define ERMINE_EXPERIMENTS_UNBOUNDED_DESCENT_H

#include <ermine/progress.h>
#include <stdbool.h>
#include <stdint.h>

enum { ER_UNBOUNDED_MOST = 8 };

/* A 2 x 2 matrix: w11 w12 w21 w22. */
struct er_square {
    double w[4];
};

struct er_unbounded_given {
    double w12, w22; /* a, b */
};

struct er_unbounded {
    int64_t depth; /* N: 1..ER_UNBOUNDED_MOST */
    double rate;
    struct er_unbounded_given given;
    struct er_square factor[ER_UNBOUNDED_MOST]; /* W_1 first */
    struct er_square product;
    double loss;
    int64_t step;
};

struct er_unbounded er_unbounded_start(int64_t depth, double alpha, bool positive, double rate,
                                       struct er_unbounded_given given);

/* What w11 is expected to be at the present loss: a / (b + sqrt(2 L)); NaN where that has no sense, b + sqrt(2 L) <= 0. */
double er_unbounded_theory(const struct er_unbounded *u);

/* gradient[j] = dL / dW_{j+1} at the present factors. */
void er_unbounded_gradient(const struct er_unbounded *u, struct er_square gradient[ER_UNBOUNDED_MOST]);

/* Steps on until `step`, until the loss is at or below `loss`, or not finite. ER_E_STOPPED. */
enum er_status er_unbounded_until(struct er_unbounded *u, int64_t step, double loss,
                                  const struct er_progress *progress, struct er_error *err);

/* det W, as the product of the factors' determinants: of W itself it would be lost in rounding where it is small. */
double er_unbounded_determinant(const struct er_unbounded *u);

/* Singular values s[0] >= s[1] >= 0. */
void er_square_singular_values(const struct er_square *a, double s[2]);

#endif
