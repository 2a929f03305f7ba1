/* kernel_predict.h - what one run of the experiment `kernel` gives, from kernel matrices that it shares with others.
 */
#ifndef ERMINE_EXPERIMENTS_KERNEL_PREDICT_H
#define ERMINE_EXPERIMENTS_KERNEL_PREDICT_H

#include "experiments/kernel_keys.h"
#include "experiments/kernel_matrices.h"

struct er_kernel_prediction {
    double train_error, test_error; /* shares predicted wrongly */
    double train_mse, test_mse;     /* means over outputs and examples */
    double nlpd, member_loss;       /* NaN without variances */
    double log_marginal;            /* an example and output; NaN unless it is a posterior */
    double condition, jitter;       /* what was added beyond the ridge, as a share of the diagonal's mean */
    double residual; /* NaN unless it was solved by conjugate gradients: relative, largest of the outputs */
    double smallest, largest,
        max_rate; /* of the matrix without ridge; smallest NaN without a decomposition */
};

/* Decompositions that runs with the same matrices share, made when the first asks; zeroed before. */
struct er_kernel_flows {
    struct er_flow *of_k, *of_theta;
};
void er_kernel_flows_clear(struct er_kernel_flows *flows);

/* Targets of a set, n x classes: 1 - 1/classes for the label's class, else -1/classes (Arora et al., NeurIPS 2019). */
void er_kernel_targets(const struct er_dataset *data, double *y);

/* Fits and predicts. Errors of <ermine/predict.h>. */
enum er_status er_kernel_predict(const struct er_kernel_request *request,
                                 const struct er_kernel_matrices *matrices, const struct er_split *split,
                                 struct er_kernel_flows *flows, struct er_pool *pool,
                                 const struct er_progress *progress, struct er_kernel_prediction *out,
                                 struct er_error *err);

/* Bytes taken meanwhile, matrices not counted, and flops. */
double er_kernel_predict_bytes(const struct er_kernel_request *request, int64_t n, int64_t m,
                               int64_t classes);
double er_kernel_predict_flops(const struct er_kernel_request *request, int64_t n, int64_t m,
                               int64_t classes);

#endif
