/* <ermine/logit_flow.h> - gradient flow of networks of infinite width on the cross-entropy.
 *
 *     L(f) = -1/(n O) sum_i sum_o y_io log softmax(f_i)_o            grad L = (softmax(f) sum_o y_o - y) / (n O)
 *     df_D/dt = -rate Theta_DD grad L(f_D)                           f_* = f_*(0) + Theta_*D alpha
 *
 * What is integrated is alpha = -integral of rate grad L (n x O), with f_D = f_D(0) + Theta_DD alpha: test examples cost
 * one product at the end. There is no end at infinite time: logits grow for ever. Source: Lee et al., NeurIPS 2019,
 * section 2.3; the method is Dormand and Prince's of order 5(4), J. Comput. Appl. Math. 1980.
 */
#ifndef ERMINE_LOGIT_FLOW_H
#define ERMINE_LOGIT_FLOW_H

#include <ermine/pool.h>
#include <ermine/progress.h>

struct er_logit_flow_options {
    double rate;      /* > 0 */
    double tolerance; /* of logits in a step, absolute below 1 and relative above: 1e-13 .. 0.1 */
    int64_t steps;    /* at most, >= 1 */
};

/** Rate 1, tolerance 1e-8, 100000 steps. */
ER_API struct er_logit_flow_options er_logit_flow_defaults(void);

/**
 * Integrates to each of `times`.
 *
 * @param y      n x O targets, >= 0 (one-hot rows, or probabilities). O >= 2.
 * @param start  f_D(0), n x O; NULL: 0.
 * @param times  `count` of them, ascending, >= 0 and finite.
 * @param alpha  count x n x O: at test examples f_* = er_predict_mean() with Theta_*D.
 * @param train  count x n x O logits of the training examples, or NULL.
 * @param loss   count values of L, or NULL.
 * @param pool   not NULL.
 * Errors: ER_E_USAGE, ER_E_NOMEM, ER_E_NONFINITE, ER_E_STOPPED; ER_E_LIMIT when `steps` do not suffice, with the time that
 * was reached. Cost: 6 products Theta alpha a step (12 n^2 O flops), spread over the pool; where accuracy does not ask for
 * shorter ones, steps have a length of about 6 n O / (rate lambda_max). Memory: 17 n O doubles, and the results. The same bits for any
 * number of threads.
 */
ER_API enum er_status er_logit_flow(int64_t n, int64_t outputs, const double *theta_train, const double *y,
                                    const double *start, const struct er_logit_flow_options *options,
                                    int64_t count, const double *times, double *alpha, double *train,
                                    double *loss, struct er_pool *pool, const struct er_progress *progress,
                                    struct er_error *err);

#endif
