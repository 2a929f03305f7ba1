/* tensor_layout.h - parameters in our order and in PyTorch's.
 *
 *     ours     m[i, j, c, o]   (H, W, C, O)      channels last, outputs innermost
 *     file     f[o, c, i, j]   (O, C, H, W)      as torch.nn keeps it
 *
 * One permutation serves all parameters, with sizes of 1 where an axis is absent:
 *
 *     conv, KH x KW kernel, C channels a group, O channels out      H = KH, W = KW, C, O
 *     dense of a vector of I features, O outputs                    H = W = 1, C = I, O
 *     dense of an image H x W x C taken as one long vector          H, W, C, O: the file's columns count the
 *         pixels of the first channel first, as PyTorch's Flatten does
 *     one value a feature of such an image (batch or layer norm)    H, W, C, O = 1
 *     one value a channel, a bias                                   as it is
 *
 * Values are moved, never computed with: the way there and back gives the same bits. Cost: H W C O moves.
 */
#ifndef ERMINE_NET_TENSOR_LAYOUT_H
#define ERMINE_NET_TENSOR_LAYOUT_H

#include <stdint.h>

/* The four axes of a parameter. */
struct er_tensor_axes {
    int64_t h, w, c, o;
};

/* f from m; both have h w c o values and do not overlap. */
void er_layout_to_file(struct er_tensor_axes axes, const float *m, float *f);

/* m from f. */
void er_layout_from_file(struct er_tensor_axes axes, const float *f, float *m);

#endif
