/* layer_norms.h - norms of each weight matrix of a run's network, batch norm folded: what measures after Jiang et al.
 * are made of.
 *
 * W_i as it acts, with the factor of its layer, without its bias; D_i = W_i - W_i^0, the initial network folded likewise.
 * The weights of a convolution are a matrix of O rows of kh kw C/groups. Its spectral norm comes in two conventions that
 * no table should mix (section 0.2 of the reference):
 *
 *     as a map    max |L x| / |x|, L the convolution with its stride and padding on images of its own size
 *     reshaped    of the matrix of its weights: Yoshida and Miyato, 2017; smaller by up to sqrt(kh kw)
 *
 * For dense layers they are one. A third, which the published tables of Jiang et al. have, is left out: the map with circular padding
 * and stride 1 in place of the layer's own (Sedghi et al., 2019), a convolution that the network is not made of. It is the first
 * where the layer pads circularly (padding=circular) with stride 1.
 */
#ifndef ERMINE_MEASURES_LAYER_NORMS_H
#define ERMINE_MEASURES_LAYER_NORMS_H

#include <ermine/measure.h>

enum er_layer_norm {
    ER_LAYER_SPECTRAL,                /* |W_i|_2, as a map */
    ER_LAYER_SPECTRAL_RESHAPED,       /* |W_i|_2, reshaped */
    ER_LAYER_MOVED_SPECTRAL,          /* |D_i|_2, as a map */
    ER_LAYER_MOVED_SPECTRAL_RESHAPED, /* |D_i|_2, reshaped */
    ER_LAYER_FROBENIUS,               /* |W_i|_F, of the matrix of weights */
    ER_LAYER_MOVED_FROBENIUS,         /* |D_i|_F */
    ER_LAYER_MOVED_TWO_ONE,           /* sum over output units of the 2-norm of what comes in, of D_i */
    ER_LAYER_NORMS
};

/* (*out)[i], i < *n: that norm of each layer with weights, in the order of the text; the run's. In float64, folded weights and
 * differences among them. Relative error 1e-6 of spectral norms of more than 256 rows and columns and of convolutions as maps, whose
 * weights or difference are rounded to float32 once (6e-8 of each element); else rounding's. ER_E_UNSUPPORTED (batch norm that
 * can't be folded, no weights), ER_E_NONFINITE, ER_E_NOMEM. */
enum er_status er_measured_layer_norms(struct er_measured_run *run, enum er_layer_norm which,
                                       const double **out, int64_t *n, struct er_error *err);

/* |s W|_2 of a map as a map, w (P) in the layout of the net: likewise. */
struct er_affine;
enum er_status er_map_spectral_norm(const struct er_net *net, const struct er_affine *map, const double *w,
                                    double *out, struct er_error *err);

/* The largest singular value of a matrix of rows x columns. ER_E_NONFINITE, ER_E_NOMEM. */
enum er_status er_matrix_spectral_norm(int64_t rows, int64_t columns, const double *a, double *out,
                                       struct er_error *err);

#endif
