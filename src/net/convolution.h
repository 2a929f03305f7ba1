/* convolution.h - the three products of a convolution, an image at a time.
 *
 *     y[i,j,o] = sum_{a,b,c} image[i sh + a dh, j sw + b dw, g C/groups + c] W[a,b,c,o]
 *     g = floor(o / (O/groups))
 *
 * W is kh x kw x C/groups x O; `image` has its border already (er_window_pad()). A row of y is a sum over the
 * rows of the kernel of matrix products whose A has overlapping rows, pixels and channels being next to each
 * other; nothing is copied but the border.
 *
 * The gradient with respect to the image is, where strides are 1, the convolution of dy with the mirrored
 * kernel M[a,b,o,c] = W[kh-1-a,kw-1-b,c,o], groups transposed each by itself; with other strides each tap
 * adds its product where it came from.
 */
#ifndef ERMINE_NET_CONVOLUTION_H
#define ERMINE_NET_CONVOLUTION_H

#include "net/layer.h"
#include "net/window.h"

struct er_convolution {
    struct er_window rows, columns;
    int64_t in_channels, out_channels, groups; /* C, O */
    int gemm;                                  /* the first of its two products in the plan */
};

/* Plans y = and y +=, gemm[at] and gemm[at + 1], at being c->gemm. */
enum er_status er_convolution_plan(const struct er_convolution *c, struct er_layer_plan *p,
                                   struct er_error *err);
/* Likewise dW = and dW += at gemm[at]. */
enum er_status er_convolution_plan_weights(const struct er_convolution *c, int at, struct er_layer_plan *p,
                                           struct er_error *err);
/* Likewise what er_convolution_scatter() does, gemm[c->gemm] alone. */
enum er_status er_convolution_plan_scatter(const struct er_convolution *c, struct er_layer_plan *p,
                                           struct er_error *err);

/* Whether images need a border. */
bool er_convolution_pads(const struct er_convolution *c);

/* Floats of an image with its border. */
int64_t er_convolution_padded(const struct er_convolution *c);

/* The image with its border: written to scratch, or, if there is none, the image itself. */
const float *er_convolution_image(const struct er_convolution *c, const float *image, float *scratch);

/* Rows [i, i + n) of y, which is that of the whole image: y = or y +=. */
void er_convolution_rows(const struct er_convolution *c, const struct er_layer_plan *p, const float *padded,
                         const float *w, int64_t i, int64_t n, bool accumulate, float *y);

/* dW comes in units, each a block of rows of W as a matrix (kh kw C/groups) x O. */
int64_t er_convolution_units(const struct er_convolution *c);
int64_t er_convolution_unit_floats(const struct er_convolution *c);

/* Unit u of dw = or += sum over pixels of patches x dy; dw is the whole. */
void er_convolution_weights(const struct er_convolution *c, const struct er_layer_plan *p, int at,
                            const float *padded, const float *dy, int64_t u, bool accumulate, float *dw);

/* The convolution whose image is dy and whose result is dx; strides must be 1. */
struct er_convolution er_convolution_mirror(const struct er_convolution *c);

/* Taps [from, to) of the mirrored kernel (kh kw taps), each C/groups x O of w to O/groups x C. */
void er_convolution_mirror_kernel(const struct er_convolution *c, int64_t from, int64_t to, const float *w,
                                  float *mirrored);

/* padded += the gradient of dy with respect to it, for any strides; c->gemm being that of plan_scatter. */
void er_convolution_scatter(const struct er_convolution *c, const struct er_layer_plan *p, const float *dy,
                            const float *mirrored, float *padded);

#endif
