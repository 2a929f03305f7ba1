/* network_window.c - layers that slide a window over an image: conv, max_pool, avg_pool.
 *
 * Along an axis of n pixels, tap a of a window of k (stride s, dilation d) for output i lies at
 *
 *     i s + a d - before
 *
 *     valid      before = 0, outputs = floor((n - (k - 1) d - 1) / s) + 1
 *     same       outputs = ceil(n / s), before = floor(total / 2),
 *                total = max(0, (outputs - 1) s + (k - 1) d + 1 - n)
 *     circular   as same, and places are taken modulo n
 */
#include "oracles/network_layer.h"

#include <math.h>

static struct axis axis_new(const struct layer *l, const char *fallback, int64_t n, int64_t k, int64_t stride,
                            int64_t dilation)
{
    const int64_t span = (k - 1) * dilation + 1;
    struct axis a = {.n = n, .k = k, .stride = stride, .dilation = dilation};
    if (n < 1 || k < 1 || stride < 1 || dilation < 1) return a;
    a.wraps = layer_says(l, "padding", "circular", fallback);
    if (layer_says(l, "padding", "valid", fallback)) {
        a.outputs = n < span ? 0 : (n - span) / stride + 1;
    } else {
        a.outputs = (n + stride - 1) / stride;
        const int64_t total = (a.outputs - 1) * stride + span - n;
        a.before = total > 0 ? total / 2 : 0;
    }
    return a;
}

int64_t axis_place(const struct axis *a, int64_t i, int64_t t)
{
    const int64_t at = i * a->stride + t * a->dilation - a->before;
    if (a->wraps) return (at % a->n + a->n) % a->n;
    return at >= 0 && at < a->n ? at : OUTSIDE;
}

struct window conv_window(const struct layer *l)
{
    int64_t kh, kw, sh, sw, dh, dw;
    layer_size(l, "kernel", 3, &kh, &kw);
    layer_size(l, "stride", 1, &sh, &sw);
    layer_size(l, "dilation", 1, &dh, &dw);
    return (struct window){axis_new(l, "same", l->in.h, kh, sh, dh),
                           axis_new(l, "same", l->in.w, kw, sw, dw)};
}

static bool bind_conv(struct layer *l, int64_t outputs)
{
    (void)outputs;
    const struct window win = conv_window(l);
    const int64_t O = (int64_t)layer_number(l, "channels", 0), groups = (int64_t)layer_number(l, "groups", 1);
    if (O < 1 || groups < 1 || O % groups || l->in.c % groups) return false;
    l->out = (struct shape){win.rows.outputs, win.columns.outputs, O};
    l->parameters =
        (win.rows.k * win.columns.k * (l->in.c / groups) + layer_says(l, "bias", "true", "true")) * O;
    return true;
}

/* y[i,j,o] = s sum_{a,b,c} x[row(i,a), column(j,b), g C/groups + c] W[a,b,c,o] + t beta[o],
 * g = floor(o / (O / groups)). */
static void evaluate_conv(const struct layer *l, const struct pass *p, const struct hyper *x, struct hyper *y)
{
    const struct window win = conv_window(l);
    const int64_t groups = (int64_t)layer_number(l, "groups", 1);
    const int64_t kh = win.rows.k, kw = win.columns.k, C = l->in.c / groups, O = l->out.c;
    const struct hyper *W = p->w + l->w_at, *beta = W + kh * kw * C * O;
    double s, t;
    layer_scales(l, kh * kw * C, &s, &t);
    for (int64_t e = 0; e < p->B; e++, x += shape_size(l->in))
        for (int64_t i = 0; i < l->out.h; i++)
            for (int64_t j = 0; j < l->out.w; j++)
                for (int64_t o = 0; o < O; o++) {
                    struct hyper sum = {0};
                    for (int64_t a = 0; a < kh; a++)
                        for (int64_t b = 0; b < kw; b++) {
                            const int64_t r = axis_place(&win.rows, i, a), q = axis_place(&win.columns, j, b);
                            if (r == OUTSIDE || q == OUTSIDE) continue;
                            const struct hyper *pixel =
                                x + (r * l->in.w + q) * l->in.c + o / (O / groups) * C;
                            for (int64_t c = 0; c < C; c++)
                                sum = hyper_add(sum,
                                                hyper_multiply(pixel[c], W[((a * kw + b) * C + c) * O + o]));
                        }
                    sum = hyper_scale(s, sum);
                    if (layer_says(l, "bias", "true", "true")) sum = hyper_add(sum, hyper_scale(t, beta[o]));
                    *y++ = sum;
                }
}

struct window pool_window(const struct layer *l)
{
    int64_t kh, kw, sh, sw;
    layer_size(l, "size", 0, &kh, &kw);
    layer_size(l, "stride", 0, &sh, &sw);
    if (!sh) sh = kh;
    if (!sw) sw = kw;
    return (struct window){axis_new(l, "valid", l->in.h, kh, sh, 1),
                           axis_new(l, "valid", l->in.w, kw, sw, 1)};
}

static bool bind_pool(struct layer *l, int64_t outputs)
{
    (void)outputs;
    const struct window win = pool_window(l);
    l->out = (struct shape){win.rows.outputs, win.columns.outputs, l->in.c};
    return true;
}

/* The largest, or the mean, of the real pixels in the window; count_padding=true: the sum over the window's size. */
static void evaluate_pool(const struct layer *l, const struct pass *p, const struct hyper *x, struct hyper *y)
{
    const struct window win = pool_window(l);
    const bool mean = l->rule == &network_avg_pool;
    for (int64_t e = 0; e < p->B; e++, x += shape_size(l->in))
        for (int64_t i = 0; i < l->out.h; i++)
            for (int64_t j = 0; j < l->out.w; j++)
                for (int64_t c = 0; c < l->in.c; c++) {
                    struct hyper largest = {-INFINITY, 0, 0, 0}, sum = {0};
                    int64_t real = 0;
                    for (int64_t a = 0; a < win.rows.k; a++)
                        for (int64_t b = 0; b < win.columns.k; b++) {
                            const int64_t r = axis_place(&win.rows, i, a), q = axis_place(&win.columns, j, b);
                            if (r == OUTSIDE || q == OUTSIDE) continue;
                            const struct hyper pixel = x[(r * l->in.w + q) * l->in.c + c];
                            if (pixel.v > largest.v) largest = pixel;
                            sum = hyper_add(sum, pixel);
                            real++;
                        }
                    if (layer_says(l, "count_padding", "true", "false")) real = win.rows.k * win.columns.k;
                    *y++ = mean ? hyper_scale(1 / (double)real, sum) : largest;
                }
}

const struct rule network_conv = {
    .name = "conv",
    .key = {"channels", "kernel", "stride", "dilation", "padding", "groups", "init", "scale", "bias",
            "bias_scale"},
    .positional = 2,
    .bind = bind_conv,
    .evaluate = evaluate_conv,
};

const struct rule network_max_pool = {
    .name = "max_pool",
    .key = {"size", "stride", "padding"},
    .positional = 1,
    .bind = bind_pool,
    .evaluate = evaluate_pool,
};

const struct rule network_avg_pool = {
    .name = "avg_pool",
    .key = {"size", "stride", "padding", "count_padding"},
    .positional = 1,
    .bind = bind_pool,
    .evaluate = evaluate_pool,
};
