/* measured.h - a run as its measures see it: what it is (<ermine/measure.h>), and what is computed of it once, when asked for.
 *
 * m training examples, O outputs. er_measure_compute() calls a measure only for a run that has what the measure declares to
 * need; nothing else keeps a measure from what it did not declare.
 */
#ifndef ERMINE_MEASURES_MEASURED_H
#define ERMINE_MEASURES_MEASURED_H

#include "measures/folded.h"
#include "measures/part.h"

#include <ermine/derivatives.h>
#include <ermine/measure.h>

struct er_measured_run {
    struct er_measured is;
    struct er_pool *pool;
    struct er_slot *slots; /* er_measured_part()'s */
};

/* The sizes of the training inputs, over all examples, read as vectors of D. */
struct er_input_norms {
    double frobenius; /* sqrt(sum_i |x_i|^2) */
    double column;    /* max_k sqrt((1/m) sum_i x_ik^2) */
    double largest;   /* max_i |x_i| */
};
enum er_status er_measured_inputs(struct er_measured_run *run, struct er_input_norms *out,
                                  struct er_error *err);

/* The network's outputs on the training set, in evaluation: m x O, the run's. */
enum er_status er_measured_outputs(struct er_measured_run *run, const float **out, struct er_error *err);

/* Margins of the training examples, of outputs f, before any softmax:
 *
 *     f_y - max_{j != y} f_j,  or with one output  f for label 1, -f for label 0
 */
struct er_margins {
    const double *value; /* m, rising */
    int64_t m, right; /* examples; those predicted rightly, which are the last: their margins are above 0 */
};
enum er_status er_measured_margins(struct er_measured_run *run, struct er_margins *out, struct er_error *err);

enum er_status er_measured_train_error(struct er_measured_run *run, double *out, struct er_error *err);
enum er_status er_measured_test_error(struct er_measured_run *run, double *out, struct er_error *err);

/* Derivatives of the loss over the training set, in evaluation, where training ended; the run's. For those at other
 * weights: er_derivatives_at(). */
enum er_status er_measured_derivatives(struct er_measured_run *run, struct er_derivatives **out,
                                       struct er_error *err);

/* Moments of the gradients of all training examples' losses, in evaluation. */
enum er_status er_measured_gradient_moments(struct er_measured_run *run, struct er_gradient_moments *out,
                                            struct er_error *err);

/* The network's weight matrices, batch norm folded. ER_E_UNSUPPORTED where it can't be. */
enum er_status er_measured_folded(struct er_measured_run *run, const struct er_folded **out,
                                  struct er_error *err);
enum er_status er_measured_initial_folded(struct er_measured_run *run, const struct er_folded **out,
                                          struct er_error *err);

#endif
