/* linearise_model.h - training by descent in closed form: of one linearised network, and of the ensemble of infinite width.
 *
 *     f_t(X) - y = (I - rate/(n O) Theta)^t (f_0(X) - y)      f_t(x) = f_0(x) + Theta(x, X) alpha_t       (predict.h)
 */
#ifndef ERMINE_EXPERIMENTS_LINEARISE_MODEL_H
#define ERMINE_EXPERIMENTS_LINEARISE_MODEL_H

#include "experiments/wide_net.h"

#include <ermine/predict.h>

/* n training examples, m test examples, O outputs, all of which a kernel may mix. */
struct er_linearise_model {
    int64_t n, m, O;
    struct er_pool *pool; /* one thread */
    double *block;
    bool mixes; /* whether outputs have kernels with each other: then n O stands for n, m O for m */
    double *theta_train, *theta_test;  /* n x n, m x n */
    double *k_train, *k_test, *k_self; /* of infinite width: n x n, m x n, m; else NULL */
    struct er_flow *flow;
    double *alpha;
};

/* Of a network as it is. */
enum er_status er_linearise_model_of_network(const struct er_finite_network *network, int64_t outputs,
                                             int64_t n, const double *x_train, int64_t m,
                                             const double *x_test, struct er_linearise_model *out,
                                             struct er_error *err);
/* Of the limit, which there must be. */
enum er_status er_linearise_model_of_limit(const struct er_wide_net *net, int64_t outputs, int64_t n,
                                           const double *x_train, int64_t m, const double *x_test,
                                           struct er_linearise_model *out, struct er_error *err);
void er_linearise_model_clear(struct er_linearise_model *model);

/* Outputs after so many steps: train (n O) and test (m O), from start_train and start_test (NULL: 0), all NaN once steps have
 * diverged. variance (m) of the ensemble, or NULL. ER_E_NOMEM. */
enum er_status er_linearise_model_after(struct er_linearise_model *model, double rate, int64_t steps,
                                        const double *y, const double *start_train, const double *start_test,
                                        double *train, double *test, double *variance, struct er_error *err);

#endif
