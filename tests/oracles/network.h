/* network.h - a slow network of any layers in double, written from the formulas and not from src/: the oracle
 * of nets.
 *
 * Every number is hyper-dual (hyper.h), so that gradients, tangents and second derivatives are exact to the
 * rounding of double. It reads model text itself: `[conv 8 3x3, add: [[batch_norm, relu], identity], dense]`.
 *
 * Layouts. An example is h x w x c, channels last; x is B x (h w c), f is B x K. Parameters and statistics
 * are those of the layers after each other, in the order of the text, through branches in their order:
 *
 *     dense       W (I x O), beta (O)                   conv   W (kh x kw x C/groups x O), beta (O)
 *     gain        g (1)                                 batch_norm, layer_norm   gamma, beta
 *     batch_norm  statistics: mean (C), variance (C)
 *
 * Kinks: the derivative of relu at 0 is 0 (of leaky_relu its slope), of hinge at margin 1 it is 0; of equal
 * maxima the first one counts.
 */
#ifndef ERMINE_TESTS_ORACLES_NETWORK_H
#define ERMINE_TESTS_ORACLES_NETWORK_H

#include <stdbool.h>
#include <stdint.h>

struct network;

/* A network on inputs h x w x c. A dense layer without a width gets `outputs`. loss: cross-entropy,
 * mean-squared, logistic, hinge, borrowed. NULL for a text that it cannot read or shapes that do not fit. */
struct network *network_new(const char *model_text, int64_t h, int64_t w, int64_t c, int64_t outputs,
                            const char *loss);

void network_free(struct network *n);

int64_t network_parameters(const struct network *n);
int64_t network_statistics(const struct network *n);
int64_t network_width(const struct network *n); /* K, outputs of an example */

/* The statistics before any training: mean 0, variance 1. */
void network_start_statistics(const struct network *n, double *statistics);

/* The number of dropout layers, and how many values the i-th of them (in the order of the text) sees. */
int64_t network_dropouts(const struct network *n);
int64_t network_dropout_units(const struct network *n, int64_t i);

/* mask[i] (B x units, 0 or 1) is what the i-th dropout layer keeps in training. Borrowed until the next call;
 * NULL: all is kept and nothing scaled. */
void network_set_masks(struct network *n, const double *const *mask);

/* What the network is asked at. Training: batch_norm takes the moments of the batch (statistics are not
 * read) and dropout its mask; else the running statistics and the identity. Statistics may be NULL where no
 * layer reads them. */

/* f (B x K). */
void network_outputs(const struct network *n, const double *w, const double *statistics, bool training,
                     int64_t B, const double *x, double *f);

/* The mean loss; f (B x K) receives the outputs when not NULL. */
double network_loss(const struct network *n, const double *w, const double *statistics, bool training,
                    int64_t B, const double *x, const int32_t *label, double *f);

/* What a training step on x makes of the statistics, in place: (1 - momentum) old + momentum batch, with the
 * unbiased variance. A batch_norm must see at least two values a channel. */
void network_update_statistics(const struct network *n, const double *w, double *statistics, int64_t B,
                               const double *x);

/* d mean loss / d w[i] by a central difference of step h; w is as before afterwards. */
double network_slope(const struct network *n, double *w, int64_t i, double h, const double *statistics,
                     bool training, int64_t B, const double *x, const int32_t *label);

/* A direction in parameters (P) and inputs (B x hwc); NULL: 0. */
struct network_direction {
    const double *w, *x;
};

/* The mean loss, its derivatives along u and v, the mixed second one, and u' J' H J v, the Gauss-Newton part
 * of that (H: Hessian of the loss in the outputs). */
struct network_derivatives {
    double loss, u, v, uv, gauss_newton;
};

/* Outputs and their derivatives along u, along v and along both, each B x K or NULL. */
struct network_tangents {
    double *f, *u, *v, *uv;
};

/* All of it in one pass; label NULL: outputs only, and zeros are returned. */
struct network_derivatives network_directional(const struct network *n, const double *w,
                                               struct network_direction u, struct network_direction v,
                                               const double *statistics, bool training, int64_t B,
                                               const double *x, const int32_t *label,
                                               struct network_tangents out);

/* The gradient of the mean loss: dw (P), and dx (B x hwc); either may be NULL. One pass for two entries. */
void network_gradient(const struct network *n, const double *w, const double *statistics, bool training,
                      int64_t B, const double *x, const int32_t *label, double *dw, double *dx);

/* hv = Hessian v and gv = Gauss-Newton matrix times v in the parameters (P each; either may be NULL). One
 * pass an entry. */
void network_hessian_vector(const struct network *n, const double *w, const double *statistics, bool training,
                            int64_t B, const double *x, const int32_t *label, const double *v, double *hv,
                            double *gv);

#endif
