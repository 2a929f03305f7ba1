/* lazy_watch.h - what is measured of a network in training, against its start and its linearisation there.
 */
#ifndef ERMINE_EXPERIMENTS_LAZY_WATCH_H
#define ERMINE_EXPERIMENTS_LAZY_WATCH_H

#include "experiments/lazy_kernel.h"
#include "experiments/lazy_linear.h"

#include <ermine/regression.h>

/* A network, its start, and what is known of the start. */
struct er_lazy_watch {
    const struct er_regression_split *split;
    struct er_lazy_network network, start;
    double *f, *hidden; /* of the training examples, by the network as it is: to be kept so */
    double *hidden_start;
    double *inner, *K_start, *K; /* n x n: of the inputs, of the kernel */
    double *f_test_start, *f_test,
        *k_test; /* m, m, m x n: outputs; the kernel at the start, test by training */
    double *hidden_test, *room, *room_test; /* for n test examples at a time, and for the kernel */
    double *c;                              /* n */
    struct er_lazy_linear linear;
    double infinite;           /* distance of K_start to the kernel of infinite width, relative to that */
    double alignment, centred; /* of K_start */
};

/* What is seen at one moment; NaN where there are no such examples or labels. */
struct er_lazy_sight {
    double train_mse, test_mse, train_error, test_error;
    double movement, flips;
    double distance, angle, alignment, centred; /* of the kernel */
    double linear_test_mse,
        gap; /* of the linearised model after as many steps; root mean square of the difference of
                                    the two over the test examples */
};

/* Numbers that it takes, beside the split's. */
double er_lazy_watch_numbers(int64_t n, int64_t m, int64_t d, int64_t units);

/* Takes the network at its start, also on failure; freed by er_lazy_watch_clear(). ER_E_NOMEM. */
enum er_status er_lazy_watch_new(struct er_lazy_network *take, const struct er_regression_split *split,
                                 struct er_lazy_watch *out, struct er_error *err);
void er_lazy_watch_clear(struct er_lazy_watch *watch);

/* After so many steps of such a rate on the outputs (lazy_linear.h). */
void er_lazy_watch_look(struct er_lazy_watch *watch, double rate, double steps, struct er_lazy_sight *out);

/* Mean squared error on the test set of the linearised model in the limit of many steps. */
double er_lazy_watch_limit(struct er_lazy_watch *watch);

/* Mean squared error of outputs f; of nothing NaN. */
double er_lazy_mse(const struct er_regression *part, const double *f);

#endif
