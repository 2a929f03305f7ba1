/* <ermine/net.h> - a model bound to input shape, classes and loss; and plans that run it on batches.
 *
 * All parameters of a net are one block of P floats, layer after layer (the branches of a join before what
 * follows it); a gradient has the same layout. Batch norm's running moments are a second block, of S floats.
 * Letters: B rows of a batch, D input size, O outputs, K classes, P parameters, S statistics.
 */
#ifndef ERMINE_NET_H
#define ERMINE_NET_H

#include <ermine/data.h>
#include <ermine/model.h>

struct er_net;

/**
 * Binds a model. Keeps no pointer to it.
 *
 * @param input    each side 1 to 2^20.
 * @param classes  2 to 2^24.
 * @param loss     a name that er_loss_describe() gives: "cross-entropy", "mean-squared", "logistic", "hinge".
 * Errors: ER_E_SHAPE (input or classes out of range; a layer does not fit its input; branches do not
 * fit together; the last layer's width is not what the loss needs, both said), ER_E_NOT_FOUND (loss, with the nearest
 * word), ER_E_LIMIT (more than 2^31 parameters), ER_E_NOMEM.
 */
ER_API enum er_status er_net_new(const struct er_model *model, struct er_shape input, int64_t classes,
                                 const char *loss, struct er_net **out, struct er_error *err);
ER_API void er_net_free(struct er_net *net);

ER_API int64_t er_net_parameters(const struct er_net *net); /* P */
ER_API int64_t er_net_statistics(const struct er_net *net); /* S; 0 without batch norm */
ER_API int64_t er_net_inputs(const struct er_net *net);     /* D */
ER_API int64_t er_net_outputs(const struct er_net *net);    /* O */

/** Whether in training a row's output depends on the other rows of its batch (batch norm). */
ER_API bool er_net_mixes_rows(const struct er_net *net);

/** Multiply-adds times two of one forward pass of one example (matrix products and convolutions; element-wise
 * work is not counted). */
ER_API double er_net_flops(const struct er_net *net);

/** The same of one forward and backward pass, as er_plan_gradient() does it: three times as many, less the
 * gradients with respect to the input that nobody asks for. */
ER_API double er_net_gradient_flops(const struct er_net *net);

/** Initial parameters: w[0..P) as a function of (seed, layer), each layer by its own initialisation; and
 * statistics[0..S) (NULL where S is 0): means 0, variances 1. */
ER_API void er_net_initialise(const struct er_net *net, uint64_t seed, float *w, float *statistics);

/* A network: a net with its numbers, and how it is evaluated. All is borrowed. */
struct er_network {
    const float *w;          /* P parameters */
    const float *statistics; /* S running statistics; NULL where S is 0 */
    bool training;       /* batch norm by the moments of the batch, dropout drawn; else as for new examples */
    uint64_t seed, step; /* training: what dropout drops is a function of (seed, layer, step, row, unit) */
};

/* A plan runs one net on batches of one size B: matrix kernels fetched, buffers laid out. Immutable: any
 * number of threads may use one plan, each with its own scratch. */
struct er_plan;

/** ER_E_USAGE (rows outside of 1 to 2^24), ER_E_LIMIT (buffers beyond 2^40 floats), ER_E_NOMEM. Keeps a
 * pointer to the net. */
ER_API enum er_status er_plan_new(const struct er_net *net, int64_t rows, struct er_plan **out,
                                  struct er_error *err);
ER_API void er_plan_free(struct er_plan *plan);

/** The batch size. */
ER_API int64_t er_plan_rows(const struct er_plan *plan);

/** Bytes of scratch that the calls below need; align it to ER_ALIGN. */
ER_API size_t er_plan_scratch_bytes(const struct er_plan *plan);

/** f (B x O) = the outputs for x (B x D). */
ER_API void er_plan_outputs(const struct er_plan *plan, const struct er_network *network, const float *x,
                            float *f, void *scratch);

/** The sum of the losses over the batch and the number of wrong predictions (ties count as wrong). */
ER_API void er_plan_loss(const struct er_plan *plan, const struct er_network *network, const float *x,
                         const int32_t *label, double *loss_sum, int64_t *errors, void *scratch);

/** The same, and dw (P) = the gradient of scale * (sum of losses); overwritten. scale = 1/B gives the mean's.
 */
ER_API void er_plan_gradient(const struct er_plan *plan, const struct er_network *network, const float *x,
                             const int32_t *label, float scale, float *dw, double *loss_sum, int64_t *errors,
                             void *scratch);

/* Derivatives along directions. They are exact (no differences), in float32, with scratch of
 * er_plan_tangent_scratch_bytes(). At the kinks of relu, max pooling and hinge the derivative of one side is
 * taken, and second derivatives count them as 0. ER_E_UNSUPPORTED names the layer and the reading that it
 * lacks; nothing is written then. v, tw, dw: P floats; tx, dx: B x D; f, tf, df: B x O.
 *
 * Sources: Pearlmutter, "Fast exact multiplication by the Hessian", Neural Computation 1994; Schraudolph,
 * "Fast curvature matrix-vector products for second-order gradient descent", Neural Computation 2002.
 */
ER_API size_t er_plan_tangent_scratch_bytes(const struct er_plan *plan);

/** tf = J_w tw + J_x tx: the Jacobian of the outputs times a vector. tx or f may be NULL (tx: zero). */
ER_API enum er_status er_plan_jvp(const struct er_plan *plan, const struct er_network *network,
                                  const float *x, const float *tw, const float *tx, float *f, float *tf,
                                  void *scratch, struct er_error *err);

/** dw = J_w' df and dx = J_x' df: the transposed Jacobian times a vector. dx, or dw, may be NULL. */
ER_API enum er_status er_plan_vjp(const struct er_plan *plan, const struct er_network *network,
                                  const float *x, const float *df, float *dw, float *dx, void *scratch,
                                  struct er_error *err);

/** hv = H v, H the Hessian of scale * (sum of losses) with respect to the parameters; dw (may be NULL) its
 * gradient. Cost: 8 products (9 with dw) where a gradient takes 3, in layers whose inputs need no gradient 3
 * (4) where it takes 2; so 1.4 to 1.6 gradients for nets that are mostly their first layer. */
ER_API enum er_status er_plan_hvp(const struct er_plan *plan, const struct er_network *network,
                                  const float *x, const int32_t *label, float scale, const float *v,
                                  float *dw, float *hv, void *scratch, struct er_error *err);

/** gv = J' (scale H_loss) J v: the Gauss-Newton matrix times a vector; H_loss the Hessian of the loss with
 * respect to the outputs. For cross-entropy, logistic and mean-squared loss this is the Fisher information
 * matrix of the model whose negative log-likelihood the loss is (Martens, JMLR 2020, section 9). */
ER_API enum er_status er_plan_gnvp(const struct er_plan *plan, const struct er_network *network,
                                   const float *x, const int32_t *label, float scale, const float *v,
                                   float *gv, void *scratch, struct er_error *err);

/** g (B x P): row b is the gradient of row b's own loss; loss (B, may be NULL) the losses. ER_E_UNSUPPORTED
 * also for a net that mixes rows, in training. */
ER_API enum er_status er_plan_examples(const struct er_plan *plan, const struct er_network *network,
                                       const float *x, const int32_t *label, float *g, double *loss,
                                       void *scratch, struct er_error *err);

struct er_loss_info {
    const char *name, *help;
};
/** Describes loss i, in the order of src/net/losses/losses.def. False when there is none. */
ER_API bool er_loss_describe(int64_t i, struct er_loss_info *out);

#endif
