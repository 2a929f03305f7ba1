/* <ermine/matrix_flow.h> - gradient flow of deep factorisation: the theory that runs of <ermine/factorise.h>
 * are laid beside.
 *
 * Factors W_N, ..., W_1 are balanced when W_{j+1}^T W_{j+1} = W_j W_j^T for all j. Gradient flow dW_j/dt =
 * -dL/dW_j keeps them so, and then their product W = W_N ... W_1 = U diag(sigma) V^T moves by itself:
 *
 *     dW/dt       = - sum_{j=1..N} (W W^T)^((N-j)/N)  dL/dW  (W^T W)^((j-1)/N)                 X^0 = 1
 *     dsigma_r/dt = - N sigma_r^(2-2/N) u_r^T (dL/dW) v_r
 *
 * N = 1 is plain gradient flow. Time is the learning rate summed over steps: k steps of descent at rate eta
 * come near to the flow at t = eta k, by O(eta); GroupRMSprop, whose one scalar scales all gradients, at the
 * sum of its step sizes.
 *
 * The second line asks for singular values that are simple and not 0; singular vectors move until U^T (dL/dW)
 * V is diagonal. All in float64, row-major. Source: Arora, Cohen and Hazan, "On the optimization of deep
 * networks: implicit acceleration by overparameterization", ICML 2018, theorem 1; Arora, Cohen, Hu and Luo,
 * NeurIPS 2019, theorem 3.
 */
#ifndef ERMINE_MATRIX_FLOW_H
#define ERMINE_MATRIX_FLOW_H

#include <ermine/progress.h>
#include <ermine/recovery.h>

/* --- one mode ------------------------------------------------------------------------------------------- */

/**
 * One singular value under a quadratic loss whose gradient shares the singular vectors of W, such as that of
 * a matrix which is observed whole:
 *
 *     dsigma/dt = - N sigma^(2-2/N) curvature (sigma - target),   sigma(0) = start
 *
 *     N = 1:  target + (start - target) e^(-curvature t)
 *     N = 2:  target / (1 + (target / start - 1) e^(-2 curvature target t))
 *
 * Of N = 1 that is taken as it stands; all others are integrated (Dormand and Prince's pair, 1e-10 of sigma
 * at each step).
 *
 * @param depth     N >= 1.
 * @param curvature > 0: 1 for L = (1/2) sum_r (sigma_r - s_r)^2; 2 / (rows columns) for the mean of squares
 *                  over all entries.
 * @param start     >= 0. From 0 nothing moves where N >= 2.
 * @param target    finite; below 0 sigma falls towards 0 where N >= 2.
 * @param time      n times >= 0, finite, not falling.
 * @param sigma     n values.
 * @return ER_OK, ER_E_USAGE, ER_E_NOMEM; where N >= 2 also ER_E_NONFINITE, where a slope overflows or no step
 *         is small enough: some of `sigma` may have been written then.
 * Cost: some tens of steps for each e-folding of sigma and sigma - target; a value within 1e-12 of its target
 * stays there.
 * Threads: yes.
 */
ER_API enum er_status er_mode_flow(int64_t depth, double curvature, double start, double target, int64_t n,
                                   const double *time, double *sigma, struct er_error *err);

/* --- all modes together --------------------------------------------------------------------------------- */

struct er_matrix_flow; /* from er_matrix_flow_new(), freed by er_matrix_flow_free(); one thread at a time */

/**
 * The first line's flow for a problem's L (er_recovery_loss()), from W = `start` at time 0.
 *
 * Each right-hand side is a singular value decomposition of W: some 20 min(rows, columns) rows columns flops,
 * of a step six (Dormand and Prince's pair). Steps adapt: in the singular vectors' coordinates each element
 * of the error of one is taken as a share of the larger of the two singular values that it belongs to, and of
 * at least 1e-9 of the largest; the root of the sum of their squares is at most `tolerance`: so that small
 * modes come up at their time. A flow from 1e-3 to a loss of 1e-4, N = 3, takes some 250 steps: half a second
 * at 50 x 50, four at 100 x 100. Explicit steps: where some modes are at their targets, h is bounded by 3 /
 * (N sigma_1^(2-2/N) times the curvature of L).
 *
 * @param problem   borrowed, must outlive the flow. Sides to 1000 (ER_E_LIMIT).
 * @param depth     N >= 1.
 * @param start     rows x columns, copied: the product of balanced factors.
 * @param tolerance in [1e-12, 1e-2]; 1e-6 is plenty for a figure.
 * @param out       given to the caller; untouched on failure.
 * @return ER_OK, ER_E_USAGE, ER_E_LIMIT, ER_E_NONFINITE (`start`), ER_E_NOMEM.
 * Memory: some 20 matrices of rows x columns.
 */
ER_API enum er_status er_matrix_flow_new(const struct er_recovery *problem, int64_t depth,
                                         const double *start, double tolerance, struct er_matrix_flow **out,
                                         struct er_error *err);

/** NULL is allowed. */
ER_API void er_matrix_flow_free(struct er_matrix_flow *flow);

/**
 * On to `time`, not before the flow's own.
 * @return ER_OK; ER_E_USAGE; ER_E_STOPPED, with the flow between two steps; ER_E_NONFINITE where no step is
 *         small enough, or the slope at W is not finite.
 */
ER_API enum er_status er_matrix_flow_until(struct er_matrix_flow *flow, double time,
                                           const struct er_progress *progress, struct er_error *err);

/** Where it is: the last `time` reached, or where it was stopped; and the steps accepted on the way. */
ER_API double er_matrix_flow_time(const struct er_matrix_flow *flow);
ER_API int64_t er_matrix_flow_steps(const struct er_matrix_flow *flow);

/** W, rows x columns, borrowed until the next er_matrix_flow_until(); er_singular_values() has its modes. */
ER_API const double *er_matrix_flow_matrix(const struct er_matrix_flow *flow);

/** What going on needs, to the bit, in a flow of the same problem, depth and tolerance: that it is the same
 * is not checked, but a state of another size is refused (ER_E_INPUT), with the flow as it was. Not portable
 * between byte orders. */
ER_API size_t er_matrix_flow_state_bytes(const struct er_matrix_flow *flow);
ER_API void er_matrix_flow_state(const struct er_matrix_flow *flow, void *state);
ER_API enum er_status er_matrix_flow_restore(struct er_matrix_flow *flow, const void *state, size_t bytes,
                                             struct er_error *err);

/* --- at one W ------------------------------------------------------------------------------------------- */

/* |U^T (dL/dW) V| of the `top` largest modes: mean and standard deviation (of the population) of its
 * diagonal's elements and of the others. Where U^T (dL/dW) V is diagonal, singular vectors are at rest. `off`
 * is 0 where top is 1. */
struct er_mode_alignment {
    double diagonal, diagonal_deviation;
    double off, off_deviation;
};

/**
 * The modes of a dense m x n matrix W under a gradient, by one singular value decomposition; r = min(m, n).
 *
 * @param gradient  dL/dW, m x n: er_recovery_gradient().
 * @param depth     N of the rates.
 * @param top       1 .. r modes of the alignment; 0: all. Arora et al. (2019), figure 3, and their code: all.
 * @param s         r singular values, falling; NULL: not wanted.
 * @param rate      r: dsigma_r/dt as theorem 3 has it; NULL: not wanted.
 * @param alignment NULL: not wanted.
 * @return ER_OK, ER_E_USAGE (depth, top), ER_E_SHAPE, ER_E_LIMIT (beyond LAPACK's 32-bit sizes),
 *         ER_E_NONFINITE (W), ER_E_NOMEM. Outputs are untouched on failure. Threads: yes.
 */
ER_API enum er_status er_matrix_modes(int64_t m, int64_t n, const double *w, const double *gradient,
                                      int64_t depth, int64_t top, double *s, double *rate,
                                      struct er_mode_alignment *alignment, struct er_error *err);

/**
 * Balanced factors of W = U diag(s) V^T: W_N = U diag(s)^(1/N), W_1 = diag(s)^(1/N) V^T, and diag(s)^(1/N)
 * between them, with zeros up to `width`. Of N = 1 W itself.
 *
 * @param width  hidden width; >= min(rows, columns), or else >= the rank of W to rounding (ER_E_USAGE).
 * @param factor depth blocks: factor[j - 1] is W_j, h_j x h_{j-1}, h_0 = columns, h_N = rows, all others
 *               width.
 * @return ER_OK, ER_E_USAGE (depth, width), ER_E_SHAPE, ER_E_LIMIT (beyond LAPACK's 32-bit sizes),
 *         ER_E_NONFINITE, ER_E_NOMEM; factors are untouched on failure. Cost: a singular value decomposition
 *         of W. Threads: yes.
 */
ER_API enum er_status er_balanced_factors(int64_t rows, int64_t columns, int64_t depth, int64_t width,
                                          const double *w, double *const factor[], struct er_error *err);

#endif
