/* augment.c - a window of the padded image, row by row, mirrored or not.
 *
 *     out[y, x, c] = in[y + u - p, x' + v - p, c]     x' = x, or W - 1 - x when mirrored
 *
 * Of a row, the pixels lo <= x' < hi are inside the image and copied together; the others are padding.
 */
#include "data/augment.h"

#include <ermine/random.h>
#include <inttypes.h>
#include <string.h>

enum er_status er_augment_check(const struct er_augment *augment, struct er_shape shape, struct er_error *err)
{
    if (er_augment_is_none(augment)) return ER_OK;
    const int64_t least = shape.height < shape.width ? shape.height : shape.width;
    if (least < 2)
        return er_fail(err, ER_E_USAGE,
                       "%s moves the pixels of images; these examples are %" PRId64 " x %" PRId64,
                       augment->crop ? "crop" : "flip", shape.height, shape.width);
    if (augment->crop < 0 || augment->crop >= least)
        return er_fail(err, ER_E_USAGE,
                       "crop is %" PRId64 ", and must be from 0 to %" PRId64 ": less than the %" PRId64
                       " x %" PRId64 " pixels of an image",
                       augment->crop, least - 1, shape.height, shape.width);
    return ER_OK;
}

struct er_augment_draw er_augment_draw(const struct er_augment *augment, uint64_t seed, uint64_t epoch,
                                       int64_t example)
{
    uint32_t word[4];
    const uint64_t places = 2 * (uint64_t)augment->crop + 1;
    er_random_words(seed, er_stream(ER_PURPOSE_AUGMENT, epoch), (uint64_t)example, word);
    return (struct er_augment_draw){.down = (int64_t)(word[0] * places >> 32),
                                    .right = (int64_t)(word[1] * places >> 32),
                                    .flip = augment->flip && word[2] >> 31};
}

/* The place among 0..n-1 of what is seen at i, which may be outside. */
static int64_t inside(enum er_augment_padding padding, int64_t i, int64_t n)
{
    if (padding == ER_AUGMENT_REFLECT) return i < 0 ? -i : i >= n ? 2 * (n - 1) - i : i;
    return i < 0 ? 0 : i >= n ? n - 1 : i;
}

/* n pixels of C channels, the last one first. */
static void copy_mirrored(int64_t n, int64_t C, const float *restrict in, float *restrict out)
{
    if (C == 1)
        for (int64_t x = 0; x < n; x++) out[x] = in[n - 1 - x];
    else if (C == 3)
        for (int64_t x = 0; x < n; x++)
            for (int c = 0; c < 3; c++) out[3 * x + c] = in[3 * (n - 1 - x) + c];
    else
        for (int64_t x = 0; x < n; x++) memcpy(out + x * C, in + (n - 1 - x) * C, (size_t)C * sizeof *out);
}

static void fill(int64_t n, int64_t C, const float *pixel, float *out)
{
    for (int64_t x = 0; x < n; x++)
        for (int64_t c = 0; c < C; c++) out[x * C + c] = pixel ? pixel[c] : 0;
}

/* The row of W pixels that begins `shift` pixels to the right of the image's row `in`. */
static void window(const struct er_augment *augment, int64_t shift, bool flip, int64_t W, int64_t C,
                   const float *zero, const float *in, float *out)
{
    const int64_t lo = shift < 0 ? -shift : 0, hi = shift > 0 ? W - shift : W;
    if (flip)
        copy_mirrored(hi - lo, C, in + (lo + shift) * C, out + (W - hi) * C);
    else
        memcpy(out + lo * C, in + (lo + shift) * C, (size_t)((hi - lo) * C) * sizeof *out);
    for (int64_t x = lo ? 0 : hi; x < (lo ? lo : W); x++) {
        float *to = out + (flip ? W - 1 - x : x) * C;
        if (augment->padding == ER_AUGMENT_ZERO)
            fill(1, C, zero, to);
        else
            memcpy(to, in + inside(augment->padding, x + shift, W) * C, (size_t)C * sizeof *to);
    }
}

void er_augment_apply(const struct er_augment *augment, struct er_augment_draw draw, struct er_shape shape,
                      const float *zero, const float *in, float *out)
{
    const int64_t H = shape.height, W = shape.width, C = shape.channels;
    for (int64_t y = 0; y < H; y++) {
        const int64_t from = y + draw.down - augment->crop;
        if ((from < 0 || from >= H) && augment->padding == ER_AUGMENT_ZERO)
            fill(W, C, zero, out + y * W * C);
        else
            window(augment, draw.right - augment->crop, draw.flip, W, C, zero,
                   in + inside(augment->padding, from, H) * W * C, out + y * W * C);
    }
}

void er_augment_example(const struct er_augment *augment, struct er_shape shape, const float *zero,
                        uint64_t seed, uint64_t epoch, int64_t example, const float *in, float *out)
{
    er_augment_apply(augment, er_augment_draw(augment, seed, epoch, example), shape, zero, in, out);
}
