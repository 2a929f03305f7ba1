/* window.h - a window that slides along one side of an image: where its taps lie, for convolutions and
 * pooling.
 *
 *     tap a of output i lies at pixel   i stride + a dilation - before        a = 0 .. size - 1
 *
 *     valid      before = 0, out = floor((in - extent) / stride) + 1, extent = (size - 1) dilation + 1
 *     same       out = ceil(in / stride), before = floor(total / 2),
 *                total = max(0, (out - 1) stride + extent - in)
 *     circular   as same, with pixels counted modulo in
 *
 * Same is TensorFlow's and JAX's SAME: of an odd total the smaller half lies before.
 */
#ifndef ERMINE_NET_WINDOW_H
#define ERMINE_NET_WINDOW_H

#include <stdbool.h>
#include <stdint.h>

enum er_padding { ER_PADDING_SAME, ER_PADDING_VALID, ER_PADDING_CIRCULAR };

struct er_window {
    int64_t in, size, stride, dilation;
    enum er_padding padding;
    /* Set by er_window_fit(): */
    int64_t out, before;
    int64_t span; /* pixels from the first tap of the first output to the last of the last */
};

/* Sets out, before and span; false where a valid window is larger than the side. */
bool er_window_fit(struct er_window *w);

/* Pixels that one window covers. */
static inline int64_t er_window_extent(const struct er_window *w)
{
    return (w->size - 1) * w->dilation + 1;
}

/* Whether some tap lies outside of the side. */
static inline bool er_window_pads(const struct er_window *w)
{
    return w->before > 0 || w->span > w->in;
}

/* The taps [*from, *to) of output i that lie inside; padding only by same or valid, dilation 1. */
static inline void er_window_inside(const struct er_window *w, int64_t i, int64_t *from, int64_t *to)
{
    const int64_t at = i * w->stride - w->before;
    *from = at < 0 ? -at : 0;
    *to = at + w->size > w->in ? w->in - at : w->size;
}

/* padded (rows.span x columns.span x channels) = image (rows.in x columns.in x channels) from pixel -before
 * on: zeros around it, or the image again where padding is circular. */
void er_window_pad(const struct er_window *rows, const struct er_window *columns, int64_t channels,
                   const float *image, float *padded);

/* The transpose of er_window_pad(): image = what padded holds at each of its pixels, summed over the places
 * that a circular image appears at. */
void er_window_unpad(const struct er_window *rows, const struct er_window *columns, int64_t channels,
                     const float *padded, float *image);

#endif
