/* conv.c - a convolutional layer (a cross-correlation, as everywhere).
 *
 *     y[i,j,o] = s sum_{a,b,c} x[i sh + a dh - top, j sw + b dw - left, g C/groups + c] W[a,b,c,o]
 *                + t beta[o]
 *     dW[a,b,c,o] = s sum over examples and pixels of x at that tap times dy[i,j,o]
 *     dbeta[o] = t sum over examples and pixels of dy[i,j,o]
 *     dx = s times the transpose of that map of x, applied to dy
 *
 * and along (tW, tbeta, tx) as in dense.c: each product once with a tangent for either factor. Group g of
 * outputs, o in [g O/groups, (g+1) O/groups), sees the same share of the channels. Outside of the image x is
 * 0, or, with circular padding, the image again; how much lies outside: net/window.h.
 *
 * Parameters: W (kh x kw x C/groups x O, row-major), then beta (O) unless bias=false. s, t and how they
 * start: net/weights.h, with fan-in kh kw C/groups and fan-out kh kw O/groups. Source: LeCun et al.,
 * "Gradient-based learning applied to document recognition", Proc. IEEE 1998; groups: Krizhevsky et al.,
 * NeurIPS 2012; dilation: Yu and Koltun, ICLR 2016.
 *
 * The products: net/convolution.h. Parts share images, and units of dW; each unit sums over the images in
 * their order, whoever does it.
 */
#include "net/conv_map.h"
#include "net/norm.h"
#include "net/rows.h"

#include "core/vector.h"

#include <string.h>

/* Products, each for = and +=. */
enum { FORWARD, BACKWARD_X = 2, BACKWARD_W = 4 };
enum { BLOCK = 4096 }; /* floats of y (or dx) that are finished while they are in the first cache */

static bool strided(const struct er_convolution *c)
{
    return c->rows.stride > 1 || c->columns.stride > 1;
}

/* The map from dy to dx where strides are 1. */
static struct er_convolution mirror_of(const struct er_convolution *c)
{
    struct er_convolution m = er_convolution_mirror(c);
    m.gemm = BACKWARD_X;
    return m;
}

/* Scratch of a part: an image with its border; then dW and two rows of biases. */
static int64_t image_floats(const struct er_convolution *c)
{
    const struct er_convolution m = mirror_of(c);
    const int64_t x = er_convolution_padded(c), dy = strided(c) ? 0 : er_convolution_padded(&m);
    return x > dy ? x : dy;
}

static enum er_status plan(const struct er_layer *l, struct er_layer_plan *p, struct er_error *err)
{
    const struct er_convolution c = er_conv_map(l), m = mirror_of(&c);
    struct er_convolution scatter = c;
    scatter.gemm = BACKWARD_X;
    enum er_status status = er_convolution_plan(&c, p, err);
    if (status == ER_OK)
        status =
            strided(&c) ? er_convolution_plan_scatter(&scatter, p, err) : er_convolution_plan(&m, p, err);
    if (status == ER_OK) status = er_convolution_plan_weights(&c, BACKWARD_W, p, err);
    p->n_turned = er_conv_weights(&c); /* W mirrored; tW mirrored */
    p->n_scratch = image_floats(&c) + er_conv_weights(&c) + 2 * c.out_channels;
    return status;
}

/* Rows of an image of `row` floats each that make a block. */
static int64_t block_rows(int64_t rows, int64_t row)
{
    const int64_t n = BLOCK / row;
    return n < 1 ? 1 : n < rows ? n : rows;
}

static void forward(const struct er_layer *l, const struct er_pass *p)
{
    const struct er_convolution c = er_conv_map(l);
    const float s = er_conv_weight_factor(l, &c), t = er_conv_bias_factor(l);
    const int64_t O = c.out_channels, row = c.columns.out * O, step = block_rows(c.rows.out, row);
    int64_t b, end;
    er_share(p->plan->rows, 1, p->part, p->parts, &b, &end);
    for (; b < end; b++) {
        const float *image = er_convolution_image(&c, p->x + b * l->n_in, p->scratch);
        float *y = p->y + b * l->n_out;
        for (int64_t i = 0; i < c.rows.out; i += step) {
            const int64_t rows = c.rows.out - i < step ? c.rows.out - i : step, at = i * row;
            er_convolution_rows(&c, p->plan, image, p->w, i, rows, false, y);
            er_rows_scale(rows * row, s, y + at);
            if (er_conv_has_bias(l))
                er_rows_add(rows * c.columns.out, O, t, p->w + er_conv_weights(&c), y + at);
            if (p->then)
                p->then->ops->pointwise->value(p->then, rows * row, y + at, p->then_y + b * l->n_out + at);
        }
    }
}

static void prepare(const struct er_layer *l, const struct er_pass *p)
{
    const struct er_convolution c = er_conv_map(l);
    int64_t from, to;
    if (!p->wants_dx) return;
    er_share(c.rows.size * c.columns.size, 1, p->part, p->parts, &from, &to);
    er_convolution_mirror_kernel(&c, from, to, p->w, p->turned);
    if (p->tw) er_convolution_mirror_kernel(&c, from, to, p->tw, p->t_turned);
}

/* dx of one image = the transposed map of dy, and, when there is one, of dy2 by the kernel mirrored2. */
static void transposed(const struct er_layer *l, const struct er_pass *p, const struct er_convolution *c,
                       const float *const dy[2], const float *const mirrored[2], float *dx)
{
    const bool direct = !er_convolution_pads(c);
    struct er_convolution m = *c;
    m.gemm = BACKWARD_X;
    if (strided(c)) {
        float *padded = direct ? dx : p->scratch;
        memset(padded, 0, (size_t)(direct ? l->n_in : er_convolution_padded(c)) * sizeof *padded);
        for (int k = 0; k < 2 && dy[k]; k++) er_convolution_scatter(&m, p->plan, dy[k], mirrored[k], padded);
        if (!direct) er_window_unpad(&c->rows, &c->columns, c->in_channels, padded, dx);
        return;
    }
    m = mirror_of(c);
    for (int k = 0; k < 2 && dy[k]; k++) {
        const float *image = er_convolution_image(&m, dy[k], p->scratch);
        er_convolution_rows(&m, p->plan, image, mirrored[k], 0, m.rows.out, k > 0, dx);
    }
}

static void backward_x(const struct er_layer *l, const struct er_pass *p)
{
    const struct er_convolution c = er_conv_map(l);
    const float s = er_conv_weight_factor(l, &c);
    int64_t b, end;
    er_share(p->plan->rows, 1, p->part, p->parts, &b, &end);
    for (; b < end; b++) {
        const int64_t at = b * l->n_in;
        transposed(l, p, &c, (const float *[2]){p->dy + b * l->n_out, NULL},
                   (const float *[2]){p->turned, NULL}, p->dx + at);
        er_rows_scale(l->n_in, s, p->dx + at);
        if (p->before)
            p->before->ops->pointwise->slope(p->before, l->n_in, p->before_x + at, p->before_y + at,
                                             p->dx + at, p->dx + at);
    }
}

/* sum[:] += sum_r y[r,:], eight rows at a time, so that a sum does not wait for the one before. */
ER_VECTOR
static void add_columns(int64_t rows, int64_t columns, const float *restrict y, float *restrict sum)
{
    for (; rows >= 8; rows -= 8, y += 8 * columns) {
#pragma omp simd
        for (int64_t c = 0; c < columns; c++) {
            const float *v = y + c;
            sum[c] += ((v[0] + v[columns]) + (v[2 * columns] + v[3 * columns])) +
                      ((v[4 * columns] + v[5 * columns]) + (v[6 * columns] + v[7 * columns]));
        }
    }
    for (; rows > 0; rows--, y += columns) {
#pragma omp simd
        for (int64_t c = 0; c < columns; c++) sum[c] += y[c];
    }
}

/* sum[:] (+)= the sum over the pixels of one image. */
static void bias_of_image(const struct er_layer *l, const float *dy, bool accumulate, float *image,
                          float *sum)
{
    const int64_t O = l->out.channels;
    float *to = accumulate ? image : sum;
    memset(to, 0, (size_t)O * sizeof *to);
    add_columns(l->out.height * l->out.width, O, dy, to);
    if (accumulate) er_rows_accumulate(O, image, sum);
}

/* This part's share of dw = the sum over all images of x patches times dy, of tx patches times dy2 on top
 * where there is tx; the bias, which is the first part's, sums dy. Then the factors s and t. `image` has room
 * for O floats. */
static void sum_weights(const struct er_layer *l, const struct er_pass *p, const struct er_convolution *c,
                        const float *const x[2], const float *const dy[2], float *image, float *dw)
{
    const bool biased = er_conv_has_bias(l) && p->part == 0;
    const int64_t unit = er_convolution_unit_floats(c);
    float *bias = dw + er_conv_weights(c);
    int64_t from, to;
    er_share(er_convolution_units(c), 1, p->part, p->parts, &from, &to);
    for (int64_t b = 0; b < p->plan->rows; b++) {
        for (int k = 0; from < to && k < 2 && x[k]; k++) {
            const float *padded = er_convolution_image(c, x[k] + b * l->n_in, p->scratch);
            for (int64_t u = from; u < to; u++)
                er_convolution_weights(c, p->plan, BACKWARD_W, padded, dy[k] + b * l->n_out, u,
                                       b > 0 || k > 0, dw);
        }
        if (biased) bias_of_image(l, dy[0] + b * l->n_out, b > 0, image, bias);
    }
    er_rows_scale((to - from) * unit, er_conv_weight_factor(l, c), dw + from * unit);
    if (biased) er_rows_scale(l->out.channels, er_conv_bias_factor(l), bias);
}

static void backward_w(const struct er_layer *l, const struct er_pass *p)
{
    const struct er_convolution c = er_conv_map(l);
    const int64_t unit = er_convolution_unit_floats(&c), at_bias = er_conv_weights(&c);
    float *own = p->scratch + image_floats(&c), *dw = p->sink ? own : p->dw;
    int64_t u, end;
    sum_weights(l, p, &c, (const float *[2]){p->x, NULL}, (const float *[2]){p->dy, NULL},
                own + at_bias + c.out_channels, dw);
    er_share(er_convolution_units(&c), 1, p->part, p->parts, &u, &end);
    for (; u < end; u++) er_piece_done(p, u * unit, unit, dw + u * unit);
    if (er_conv_has_bias(l) && p->part == 0) er_piece_done(p, at_bias, c.out_channels, dw + at_bias);
}

static void tangent(const struct er_layer *l, const struct er_pass *p)
{
    const struct er_convolution c = er_conv_map(l);
    int64_t b, end;
    er_share(p->plan->rows, 1, p->part, p->parts, &b, &end);
    for (; b < end; b++) {
        float *ty = p->ty + b * l->n_out;
        const float *image = er_convolution_image(&c, p->x + b * l->n_in, p->scratch);
        er_convolution_rows(&c, p->plan, image, p->tw, 0, c.rows.out, false, ty);
        if (p->tx) {
            image = er_convolution_image(&c, p->tx + b * l->n_in, p->scratch);
            er_convolution_rows(&c, p->plan, image, p->w, 0, c.rows.out, true, ty);
        }
        er_rows_scale(l->n_out, er_conv_weight_factor(l, &c), ty);
        if (er_conv_has_bias(l))
            er_rows_add(l->n_out / c.out_channels, c.out_channels, er_conv_bias_factor(l),
                        p->tw + er_conv_weights(&c), ty);
    }
}

static void tangent_x(const struct er_layer *l, const struct er_pass *p)
{
    const struct er_convolution c = er_conv_map(l);
    const float *const mirrored[2] = {p->turned, p->t_turned};
    int64_t b, end;
    er_share(p->plan->rows, 1, p->part, p->parts, &b, &end);
    for (; b < end; b++) {
        float *tdx = p->tdx + b * l->n_in;
        transposed(l, p, &c, (const float *[2]){p->tdy + b * l->n_out, p->dy + b * l->n_out}, mirrored, tdx);
        er_rows_scale(l->n_in, er_conv_weight_factor(l, &c), tdx);
    }
}

static void tangent_w(const struct er_layer *l, const struct er_pass *p)
{
    const struct er_convolution c = er_conv_map(l);
    sum_weights(l, p, &c, (const float *[2]){p->x, p->tx}, (const float *[2]){p->tdy, p->dy},
                p->scratch + image_floats(&c), p->tdw);
}

static void examples(const struct er_layer *l, const struct er_pass *p)
{
    const struct er_convolution c = er_conv_map(l);
    int64_t b, end;
    er_share(p->plan->rows, 1, p->part, p->parts, &b, &end);
    for (; b < end; b++) {
        const float *image = er_convolution_image(&c, p->x + b * l->n_in, p->scratch);
        const float *dy = p->dy + b * l->n_out;
        float *g = p->example + b * p->example_stride;
        for (int64_t u = 0; u < er_convolution_units(&c); u++)
            er_convolution_weights(&c, p->plan, BACKWARD_W, image, dy, u, false, g);
        er_rows_scale(er_conv_weights(&c), er_conv_weight_factor(l, &c), g);
        if (!er_conv_has_bias(l)) continue;
        bias_of_image(l, dy, false, NULL, g + er_conv_weights(&c));
        er_rows_scale(c.out_channels, er_conv_bias_factor(l), g + er_conv_weights(&c));
    }
}

/* Behind a flattened image only a kernel of one pixel is a map of its features. */
static bool tensor(const struct er_layer *l, struct er_shape features, int i, struct er_layer_tensor *out)
{
    const struct er_convolution c = er_conv_map(l);
    const int64_t C = c.in_channels / c.groups, O = c.out_channels, taps = c.rows.size * c.columns.size;
    const bool flattened = features.channels != c.in_channels;
    if (flattened && (taps > 1 || c.groups > 1)) return false;
    if (i == 0)
        *out = (struct er_layer_tensor){.role = "weight",
                                        .axes = {c.rows.size, c.columns.size, C, O},
                                        .rank = 4,
                                        .dim = {O, C, c.rows.size, c.columns.size}};
    else if (i == 1 && er_conv_has_bias(l))
        *out = (struct er_layer_tensor){
            .role = "bias", .at = taps * C * O, .axes = {1, 1, O, 1}, .rank = 1, .dim = {O}};
    else
        return false;
    if (i == 0 && flattened)
        out->axes = (struct er_tensor_axes){features.height, features.width, features.channels, O};
    return true;
}

static enum er_status norm(const struct er_layer *l, enum er_norm which, const float *w,
                           const float *statistics, double *out, struct er_error *err)
{
    (void)statistics;
    const struct er_convolution c = er_conv_map(l);
    return er_norm_linear(l, which, er_conv_fan_in(&c), c.out_channels, er_conv_weight_factor(l, &c), w, out,
                          err);
}

const struct er_layer_ops er_layer_conv = {
    .name = "conv",
    .help = "convolution: conv CHANNELS KERNEL; images are height x width x channels",
    .argument = er_conv_arguments,
    .fuses = true,
    .affine = true,
    .mixes_features = true,
    .bind = er_conv_bind,
    .plan = plan,
    .initialise = er_conv_initialise,
    .laws = er_conv_laws,
    .forward = forward,
    .prepare = prepare,
    .backward_x = backward_x,
    .backward_w = backward_w,
    .tangent = tangent,
    .tangent_x = tangent_x,
    .tangent_w = tangent_w,
    .examples = examples,
    .norm = norm,
    .tensor = tensor,
    .kernel = er_conv_kernel,
};
