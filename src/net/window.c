/* window.c - the fit of a window to a side, and images with their borders. */
#include "net/window.h"

#include "net/rows.h"

#include <string.h>

bool er_window_fit(struct er_window *w)
{
    const int64_t extent = er_window_extent(w);
    w->before = 0;
    if (w->padding == ER_PADDING_VALID) {
        if (extent > w->in) return false;
        w->out = (w->in - extent) / w->stride + 1;
    } else {
        w->out = (w->in + w->stride - 1) / w->stride;
        const int64_t total = (w->out - 1) * w->stride + extent - w->in;
        if (total > 0) w->before = total / 2;
    }
    w->span = (w->out - 1) * w->stride + extent;
    return true;
}

static int64_t modulo(int64_t i, int64_t n)
{
    return (i % n + n) % n;
}

/* The runs of pixels that padded and image have in common along the columns: [*at, *at + result) of padded
 * are pixels *pixel.. of the image, for padded position *at or the first behind it that has a pixel; 0 at the
 * end. */
static int64_t run(const struct er_window *w, int64_t *at, int64_t *pixel)
{
    if (w->padding == ER_PADDING_CIRCULAR)
        *pixel = modulo(*at - w->before, w->in);
    else {
        if (*at < w->before) *at = w->before;
        *pixel = *at - w->before;
    }
    const int64_t here = w->in - *pixel, left = w->span - *at;
    const int64_t n = here < left ? here : left;
    return n > 0 ? n : 0;
}

/* The row of the image at row r of padded, or -1. */
static int64_t row_at(const struct er_window *rows, int64_t r)
{
    const int64_t u = r - rows->before;
    if (rows->padding == ER_PADDING_CIRCULAR) return modulo(u, rows->in);
    return u >= 0 && u < rows->in ? u : -1;
}

void er_window_pad(const struct er_window *rows, const struct er_window *columns, int64_t channels,
                   const float *image, float *padded)
{
    const int64_t length = columns->span * channels;
    for (int64_t r = 0; r < rows->span; r++, padded += length) {
        const int64_t u = row_at(rows, r);
        int64_t end = 0, pixel, n; /* of what is filled */
        for (int64_t at = 0; u >= 0 && (n = run(columns, &at, &pixel)) > 0; end = at += n) {
            memset(padded + end * channels, 0, (size_t)((at - end) * channels) * sizeof *padded);
            memcpy(padded + at * channels, image + (u * columns->in + pixel) * channels,
                   (size_t)(n * channels) * sizeof *padded);
        }
        memset(padded + end * channels, 0, (size_t)(length - end * channels) * sizeof *padded);
    }
}

void er_window_unpad(const struct er_window *rows, const struct er_window *columns, int64_t channels,
                     const float *padded, float *image)
{
    memset(image, 0, (size_t)(rows->in * columns->in * channels) * sizeof *image);
    for (int64_t r = 0; r < rows->span; r++) {
        const int64_t u = row_at(rows, r);
        int64_t pixel, n;
        for (int64_t at = 0; u >= 0 && (n = run(columns, &at, &pixel)) > 0; at += n)
            er_rows_accumulate(n * channels, padded + (r * columns->span + at) * channels,
                               image + (u * columns->in + pixel) * channels);
    }
}
