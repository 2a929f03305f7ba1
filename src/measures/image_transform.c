/* image_transform.c - images of training, changed in ways that leave their class alone. */
#include "measures/image_transform.h"

#include <ermine/memory.h>
#include <math.h>

enum er_status er_image_scale_of(const struct er_dataset *set, struct er_image_scale *out,
                                 struct er_error *err)
{
    const int64_t C = set->shape.channels, n = set->n * er_shape_size(set->shape);
    if (set->shape.height < 2 || set->shape.width < 2)
        return er_fail(err, ER_E_UNSUPPORTED, "measures: examples of %lld x %lld are no images to be changed",
                       (long long)set->shape.height, (long long)set->shape.width);
    double *black = er_alloc(2 * C, sizeof *black);
    if (!black) return er_fail(err, ER_E_NOMEM, "measures: out of memory for %lld channels", (long long)C);
    double *unit = black + C;
    for (int64_t c = 0; c < C; c++) {
        double least = (double)INFINITY, most = -(double)INFINITY;
        for (int64_t i = c; i < n; i += C) {
            least = fmin(least, (double)set->x[i]);
            most = fmax(most, (double)set->x[i]);
        }
        black[c] = least;
        unit[c] = most > least ? most - least : 1;
    }
    *out = (struct er_image_scale){set->shape, black, unit};
    return ER_OK;
}

void er_image_scale_clear(struct er_image_scale *scale)
{
    er_free(scale->black);
    *scale = (struct er_image_scale){.black = NULL};
}

void er_image_flip(const struct er_image_scale *s, float *x)
{
    const int64_t H = s->shape.height, W = s->shape.width, C = s->shape.channels;
    for (int64_t y = 0; y < H; y++)
        for (int64_t i = 0; i < W / 2; i++)
            for (int64_t c = 0; c < C; c++) {
                float *left = x + (y * W + i) * C + c, *right = x + (y * W + W - 1 - i) * C + c;
                const float kept = *left;
                *left = *right;
                *right = kept;
            }
}

void er_image_brightness(const struct er_image_scale *s, double amount, float *x)
{
    const int64_t C = s->shape.channels, n = s->shape.height * s->shape.width;
    for (int64_t i = 0; i < n; i++)
        for (int64_t c = 0; c < C; c++) x[i * C + c] = (float)((double)x[i * C + c] + amount * s->unit[c]);
}

void er_image_saturation(const struct er_image_scale *s, double factor, float *x)
{
    const int64_t n = s->shape.height * s->shape.width;
    if (s->shape.channels != 3) return;
    for (int64_t i = 0; i < n; i++, x += 3) {
        double raw[3], most = -(double)INFINITY, least = (double)INFINITY;
        for (int c = 0; c < 3; c++) {
            raw[c] = ((double)x[c] - s->black[c]) / s->unit[c];
            most = fmax(most, raw[c]);
            least = fmin(least, raw[c]);
        }
        if (!(most > least && most > 0)) continue; /* grey, or black */
        const double by = fmin(factor, most / (most - least));
        for (int c = 0; c < 3; c++) x[c] = (float)(s->black[c] + s->unit[c] * (most - (most - raw[c]) * by));
    }
}

/* Rows y0 .. y1 - 1 and columns x0 .. x1 - 1 become black. */
static void blacken(const struct er_image_scale *s, int64_t y0, int64_t y1, int64_t x0, int64_t x1, float *x)
{
    const int64_t W = s->shape.width, C = s->shape.channels;
    for (int64_t y = y0; y < y1; y++)
        for (int64_t i = x0; i < x1; i++)
            for (int64_t c = 0; c < C; c++) x[(y * W + i) * C + c] = (float)s->black[c];
}

void er_image_crop(const struct er_image_scale *s, double share, float *x)
{
    const int64_t H = s->shape.height, W = s->shape.width;
    const int64_t top = lround((1 - share) / 2 * (double)H), left = lround((1 - share) / 2 * (double)W);
    blacken(s, 0, top, 0, W, x);
    blacken(s, H - top, H, 0, W, x);
    blacken(s, 0, H, 0, left, x);
    blacken(s, 0, H, W - left, W, x);
}

static int64_t side(double length, int64_t most)
{
    const int64_t n = lround(length);
    return n < 1 ? 1 : n > most ? most : n;
}

void er_image_erase(const struct er_image_scale *s, struct er_random *r, float *x)
{
    const int64_t H = s->shape.height, W = s->shape.width;
    const double area = (.02 + .38 * er_random_uniform(r)) * (double)(H * W);
    const double ratio = .3 + (1 / .3 - .3) * er_random_uniform(r);
    const int64_t rows = side(sqrt(area * ratio), H), columns = side(sqrt(area / ratio), W);
    const int64_t top = er_random_below(r, H - rows + 1), left = er_random_below(r, W - columns + 1);
    blacken(s, top, top + rows, left, left + columns, x);
}

/* 1 0 | 1: the place that a mirror in the outermost pixels shows. */
static int64_t mirrored(int64_t i, int64_t n)
{
    return i < 0 ? -i : i >= n ? 2 * n - 2 - i : i;
}

void er_image_sobel(const struct er_image_scale *s, const float *in, float *out)
{
    const int64_t H = s->shape.height, W = s->shape.width, C = s->shape.channels;
    for (int64_t y = 0; y < H; y++)
        for (int64_t i = 0; i < W; i++)
            for (int64_t c = 0; c < C; c++) {
                double g = 0;
                for (int64_t k = -1; k <= 1; k++) {
                    const int64_t column = mirrored(i + k, W), weight = k ? 1 : 2;
                    g += (double)weight * ((double)in[(mirrored(y + 1, H) * W + column) * C + c] -
                                           (double)in[(mirrored(y - 1, H) * W + column) * C + c]);
                }
                out[(y * W + i) * C + c] = (float)(s->black[c] + s->unit[c] / 2 + g / 4);
            }
}

/* The two places between which a pixel of the zoomed image lies, and the weight of the second. */
static void between(int64_t i, int64_t n, double share, int64_t *a, int64_t *b, double *weight)
{
    const double at =
        fmax(0, fmin((double)(n - 1), ((double)i + .5 - (double)n / 2) * share + (double)n / 2 - .5));
    *a = (int64_t)at;
    *b = *a + 1 < n ? *a + 1 : *a;
    *weight = at - (double)*a;
}

void er_image_zoom(const struct er_image_scale *s, double share, const float *in, float *out)
{
    const int64_t H = s->shape.height, W = s->shape.width, C = s->shape.channels;
    for (int64_t y = 0; y < H; y++)
        for (int64_t i = 0; i < W; i++) {
            int64_t y0, y1, x0, x1;
            double v, u;
            between(y, H, share, &y0, &y1, &v);
            between(i, W, share, &x0, &x1, &u);
            for (int64_t c = 0; c < C; c++) {
                const double above =
                    (1 - u) * (double)in[(y0 * W + x0) * C + c] + u * (double)in[(y0 * W + x1) * C + c];
                const double below =
                    (1 - u) * (double)in[(y1 * W + x0) * C + c] + u * (double)in[(y1 * W + x1) * C + c];
                out[(y * W + i) * C + c] = (float)((1 - v) * above + v * below);
            }
        }
}
