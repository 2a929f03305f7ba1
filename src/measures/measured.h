/* measured.h - a run as its measures see it: what it has, and what is computed of it once, when asked for.
 *
 * m training examples, O outputs. What a measure did not declare as a need is not there for it in a run without
 * that: it gets ER_E_UNSUPPORTED from er_measure_compute() before it is called.
 */
#ifndef ERMINE_MEASURES_MEASURED_H
#define ERMINE_MEASURES_MEASURED_H

#include "measures/chain.h"
#include "measures/climb.h"
#include "measures/layer_norms.h"

#include <ermine/derivatives.h>
#include <ermine/measure.h>

/* The sizes of the training inputs, over all examples, read as vectors of D. */
struct er_input_norms {
    double frobenius; /* sqrt(sum_i |x_i|^2) */
    double column;    /* max_k sqrt((1/m) sum_i x_ik^2) */
    double largest;   /* max_i |x_i| */
};

/* Margins of the training examples, of outputs f, before any softmax:
 *
 *     f_y - max_{j != y} f_j,  or with one output  f for label 1, -f for label 0
 */
struct er_margins {
    const double *value; /* m, rising */
    int64_t m, right; /* examples; those predicted rightly, which are the last: their margins are above 0 */
};

struct er_measured_run {
    struct er_measured is;
    struct er_pool *pool;
    bool has_inputs, has_chain[2], has_folded[2];
    struct er_input_norms inputs;
    float *outputs;  /* m x O */
    double *margins; /* m, rising */
    int64_t right;
    double *radius[2]; /* of rays: Gaussian directions, filter-normalised ones (rays.c) */
    bool has_davies_bouldin, has_mixup;
    double davies_bouldin, mixup;   /* davies_bouldin.h */
    double train_error, test_error; /* NaN: not known yet */
    struct er_chain chain[2];       /* of the weights at the end, and of the initial ones */
    struct er_folded folded[2];     /* likewise */
    struct er_layer_norms norms;
    bool has_path;
    double ln_path;            /* path_norm.c */
    struct er_network network; /* that `derivatives` is at: the one at the end */
    struct er_derivatives *derivatives;
    struct er_perturbed *perturbed; /* perturbed.h */
    bool has_moments, has_density, has_stiffness;
    struct er_gradient_moments moments; /* of the gradients of single examples */
    double negative_mass, tail_mass;    /* of the Hessian's spectrum */
    double stiffness_cos, stiffness_sign;
    struct er_climbed climbed; /* in the ball of sam_sharpness, by so many steps; 0: not yet */
    int climbed_steps;
    struct er_measured_flatness *flatness; /* relative_flatness.c */
    struct er_measured_kernel *kernel;     /* tangent_kernel.c */
};

enum er_status er_measured_inputs(struct er_measured_run *run, struct er_input_norms *out,
                                  struct er_error *err);

/* The network's outputs on the training set, in evaluation: m x O, the run's. */
enum er_status er_measured_outputs(struct er_measured_run *run, const float **out, struct er_error *err);
enum er_status er_measured_margins(struct er_measured_run *run, struct er_margins *out, struct er_error *err);

enum er_status er_measured_train_error(struct er_measured_run *run, double *out, struct er_error *err);
enum er_status er_measured_test_error(struct er_measured_run *run, double *out, struct er_error *err);

/* Derivatives of the loss over the training set, in evaluation; the run's. Whoever looks at other weights sets
 * run->network.w, and sets it back. */
enum er_status er_measured_derivatives(struct er_measured_run *run, struct er_derivatives **out,
                                       struct er_error *err);

/* The network's weight matrices, batch norm folded. ER_E_UNSUPPORTED where it can't be. */
enum er_status er_measured_folded(struct er_measured_run *run, const struct er_folded **out,
                                  struct er_error *err);
enum er_status er_measured_initial_folded(struct er_measured_run *run, const struct er_folded **out,
                                          struct er_error *err);
/* Moments of the gradients of all training examples' losses, in evaluation. */
enum er_status er_measured_gradient_moments(struct er_measured_run *run, struct er_gradient_moments *out,
                                            struct er_error *err);

/* Bytes that relative flatness takes of m examples; 0 where it is not defined. */
double er_relative_flatness_bytes(const struct er_net *net, int64_t m);

void er_measured_flatness_free(struct er_measured_flatness *flatness);
void er_measured_kernel_free(struct er_measured_kernel *kernel);

/* The network as a chain of affine maps, batch norm folded. ER_E_UNSUPPORTED where it is none. */
enum er_status er_measured_chain(struct er_measured_run *run, const struct er_chain **out,
                                 struct er_error *err);
enum er_status er_measured_initial_chain(struct er_measured_run *run, const struct er_chain **out,
                                         struct er_error *err);

#endif
