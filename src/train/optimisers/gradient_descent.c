/* gradient_descent.c - SGD's rule on the gradient of all examples at once. */
#include "train/optimiser.h"

const struct er_optimiser_ops er_optimiser_gradient_descent = {
    .name = "gradient-descent",
    .help = "full-batch gradient descent: momentum, Nesterov, weight decay",
    .full_batch = true,
    .states = er_sgd_states,
    .step = er_sgd_step,
};
