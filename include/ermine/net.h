/* <ermine/net.h> - a model bound to input shape, classes and loss; and plans that run it on batches.
 *
 * All parameters of a net are one block of P floats, layer after layer; a gradient has the same layout.
 * Letters: B rows of a batch, D input size, O outputs, K classes, P parameters.
 */
#ifndef ERMINE_NET_H
#define ERMINE_NET_H

#include <ermine/data.h>
#include <ermine/model.h>

struct er_net;

/**
 * Binds a model. Keeps no pointer to it.
 *
 * @param loss  a name that er_loss_describe() gives: "cross-entropy", "mean-squared", "logistic", "hinge".
 * Errors: ER_E_SHAPE (a layer does not fit its input; the last layer's width is not what the loss needs, both
 * said), ER_E_NOT_FOUND (loss, with the nearest word), ER_E_LIMIT (more than 2^31 parameters), ER_E_NOMEM.
 */
ER_API enum er_status er_net_new(const struct er_model *model, struct er_shape input, int64_t classes,
                                 const char *loss, struct er_net **out, struct er_error *err);
ER_API void er_net_free(struct er_net *net);

ER_API int64_t er_net_parameters(const struct er_net *net); /* P */
ER_API int64_t er_net_inputs(const struct er_net *net);     /* D */
ER_API int64_t er_net_outputs(const struct er_net *net);    /* O */

/** Multiply-adds times two of one forward pass of one example (dense layers; element-wise work is not
 * counted). */
ER_API double er_net_flops(const struct er_net *net);

/** The same of one forward and backward pass, as er_plan_gradient() does it: three times as many, less the
 * gradients with respect to the input that nobody asks for. */
ER_API double er_net_gradient_flops(const struct er_net *net);

/** Initial parameters: w[0..P) as a function of (seed, layer), each layer by its own initialisation. */
ER_API void er_net_initialise(const struct er_net *net, uint64_t seed, float *w);

/* A plan runs one net on batches of one size B: matrix kernels fetched, buffers laid out. Immutable: any
 * number of threads may use one plan, each with its own scratch. */
struct er_plan;

ER_API enum er_status er_plan_new(const struct er_net *net, int64_t rows, struct er_plan **out,
                                  struct er_error *err);
ER_API void er_plan_free(struct er_plan *plan);

/** The batch size. */
ER_API int64_t er_plan_rows(const struct er_plan *plan);

/** Bytes of scratch that a call below needs; align it to ER_ALIGN. */
ER_API size_t er_plan_scratch_bytes(const struct er_plan *plan);

/** f (B x O) = the outputs for x (B x D). */
ER_API void er_plan_outputs(const struct er_plan *plan, const float *w, const float *x, float *f,
                            void *scratch);

/** The sum of the losses over the batch and the number of wrong predictions (ties count as wrong). */
ER_API void er_plan_loss(const struct er_plan *plan, const float *w, const float *x, const int32_t *label,
                         double *loss_sum, int64_t *errors, void *scratch);

/** The same, and dw (P) = the gradient of scale * (sum of losses); overwritten. scale = 1/B gives the mean's.
 */
ER_API void er_plan_gradient(const struct er_plan *plan, const float *w, const float *x, const int32_t *label,
                             float scale, float *dw, double *loss_sum, int64_t *errors, void *scratch);

struct er_loss_info {
    const char *name, *help;
};
/** Describes loss i, in the order of src/net/losses/losses.def. False when there is none. */
ER_API bool er_loss_describe(int64_t i, struct er_loss_info *out);

#endif
