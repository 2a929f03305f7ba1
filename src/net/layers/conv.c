/* conv.c - a convolutional layer (a cross-correlation, as everywhere).
 *
 *     y[i,j,o] = s sum_{a,b,c} x[i sh + a dh - top, j sw + b dw - left, g C/groups + c] W[a,b,c,o] + t
 * beta[o] dW[a,b,c,o] = s sum over examples and pixels of x at that tap times dy[i,j,o]     dbeta[o] = t sum
 * dy dx = s times the transpose of that map of x, applied to dy
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
#include "net/convolution.h"
#include "net/rows.h"
#include "net/weights.h"

#include "core/vector.h"

#include <string.h>

enum { CHANNELS, KERNEL, STRIDE, DILATION, PADDING, GROUPS, WEIGHTS };
/* Products, each for = and +=. */
enum { FORWARD, BACKWARD_X = 2, BACKWARD_W = 4 };
enum { BLOCK = 4096 }; /* floats of y (or dx) that are finished while they are in the first cache */

static const int64_t MOST_WEIGHTS = (int64_t)1 << 31;

static const struct er_argument argument[] = {
    {"channels", ER_ARGUMENT_INTEGER, true, 1, 1 << 20, NULL, "",
     "channels of the output; may be left out in the last layer with outputs, which gives what the loss "
     "needs"},
    {"kernel", ER_ARGUMENT_SIZE, true, 1, 1024, NULL, "3x3", "pixels of the kernel"},
    {"stride", ER_ARGUMENT_SIZE, false, 1, 1024, NULL, "1x1", "pixels from one output to the next"},
    {"dilation", ER_ARGUMENT_SIZE, false, 1, 1024, NULL, "1x1",
     "pixels from one tap of the kernel to the next"},
    {"padding", ER_ARGUMENT_CHOICE, false, 0, 0, "same valid circular", "same",
     "same: zeros around, the output as large as the input (over the stride); valid: none; circular: the "
     "image "
     "repeats"},
    {"groups", ER_ARGUMENT_INTEGER, false, 1, 1 << 20, NULL, "1",
     "input and output channels are split into so many groups that do not see each other"},
    ER_WEIGHTS_ARGUMENTS,
    {0},
};

/* The layer as a map of one image; its two sides fitted. */
static struct er_convolution map_of(const struct er_layer *l)
{
    const double *a = l->argument;
    struct er_convolution c = {
        .rows = {.in = l->in.height,
                 .size = er_size_height(a[KERNEL]),
                 .stride = er_size_height(a[STRIDE]),
                 .dilation = er_size_height(a[DILATION]),
                 .padding = (enum er_padding)(int)a[PADDING]},
        .columns = {.in = l->in.width,
                    .size = er_size_width(a[KERNEL]),
                    .stride = er_size_width(a[STRIDE]),
                    .dilation = er_size_width(a[DILATION]),
                    .padding = (enum er_padding)(int)a[PADDING]},
        .in_channels = l->in.channels,
        .out_channels = (int64_t)a[CHANNELS],
        .groups = (int64_t)a[GROUPS],
        .gemm = FORWARD,
    };
    er_window_fit(&c.rows);
    er_window_fit(&c.columns);
    return c;
}

/* Of an output. */
static int64_t fan_in(const struct er_convolution *c)
{
    return c->rows.size * c->columns.size * (c->in_channels / c->groups);
}

static int64_t weights(const struct er_convolution *c)
{
    return fan_in(c) * c->out_channels;
}

static bool has_bias(const struct er_layer *l)
{
    return er_weights_has_bias(l->argument + WEIGHTS);
}

static float weight_factor(const struct er_layer *l, const struct er_convolution *c)
{
    return er_weights_factor(l->argument + WEIGHTS, fan_in(c));
}

static float bias_factor(const struct er_layer *l)
{
    return er_weights_bias_factor(l->argument + WEIGHTS);
}

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

static enum er_status check(const struct er_layer *l, const struct er_convolution *c, struct er_error *err)
{
    const int64_t tall = er_window_extent(&c->rows), wide = er_window_extent(&c->columns);
    if (c->rows.padding == ER_PADDING_VALID && (tall > c->rows.in || wide > c->columns.in))
        return er_fail(err, ER_E_SHAPE,
                       "conv: a kernel over %lld x %lld pixels is larger than its input of %lld x %lld, and "
                       "padding=valid adds none",
                       (long long)tall, (long long)wide, (long long)c->rows.in, (long long)c->columns.in);
    if (c->in_channels % c->groups || c->out_channels % c->groups)
        return er_fail(err, ER_E_SHAPE,
                       "conv: %lld groups do not divide both its %lld input and its %lld output channels",
                       (long long)c->groups, (long long)c->in_channels, (long long)c->out_channels);
    if (weights(c) > MOST_WEIGHTS || er_convolution_padded(c) > MOST_WEIGHTS)
        return er_fail(err, ER_E_LIMIT, "conv: more than %lld weights, or pixels of a padded image",
                       (long long)MOST_WEIGHTS);
    return er_weights_check("conv", l->argument + WEIGHTS, err);
}

static enum er_status bind(struct er_layer *l, struct er_error *err)
{
    const struct er_convolution c = map_of(l);
    enum er_status status = check(l, &c, err);
    if (status != ER_OK) return status;
    l->out = (struct er_shape){c.rows.out, c.columns.out, c.out_channels};
    er_layer_size(l);
    l->n_parameters = weights(&c) + (has_bias(l) ? c.out_channels : 0);
    l->flops = 2 * (double)fan_in(&c) * (double)l->n_out;
    return ER_OK;
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
    const struct er_convolution c = map_of(l), m = mirror_of(&c);
    struct er_convolution scatter = c;
    scatter.gemm = BACKWARD_X;
    enum er_status status = er_convolution_plan(&c, p, err);
    if (status == ER_OK)
        status =
            strided(&c) ? er_convolution_plan_scatter(&scatter, p, err) : er_convolution_plan(&m, p, err);
    if (status == ER_OK) status = er_convolution_plan_weights(&c, BACKWARD_W, p, err);
    p->n_turned = weights(&c); /* W mirrored; tW mirrored */
    p->n_scratch = image_floats(&c) + weights(&c) + 2 * c.out_channels;
    return status;
}

static void initialise(const struct er_layer *l, uint64_t seed, float *w)
{
    const struct er_convolution c = map_of(l);
    er_weights_initialise(l->argument + WEIGHTS, fan_in(&c),
                          c.rows.size * c.columns.size * (c.out_channels / c.groups), weights(&c),
                          has_bias(l) ? c.out_channels : 0, seed, l->index, w);
}

/* Rows of an image of `row` floats each that make a block. */
static int64_t block_rows(int64_t rows, int64_t row)
{
    const int64_t n = BLOCK / row;
    return n < 1 ? 1 : n < rows ? n : rows;
}

static void forward(const struct er_layer *l, const struct er_pass *p)
{
    const struct er_convolution c = map_of(l);
    const float s = weight_factor(l, &c), t = bias_factor(l);
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
            if (has_bias(l)) er_rows_add(rows * c.columns.out, O, t, p->w + weights(&c), y + at);
            if (p->then)
                p->then->ops->pointwise->value(p->then, rows * row, y + at, p->then_y + b * l->n_out + at);
        }
    }
}

static void prepare(const struct er_layer *l, const struct er_pass *p)
{
    const struct er_convolution c = map_of(l);
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
    const struct er_convolution c = map_of(l);
    const float s = weight_factor(l, &c);
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

/* This part's units of dw = the sum over all images of x patches times dy, of tx patches times dy2 on top
 * where there is tx. Not yet scaled. */
static void sum_weights(const struct er_layer *l, const struct er_pass *p, const struct er_convolution *c,
                        const float *const x[2], const float *const dy[2], float *dw)
{
    int64_t from, to;
    er_share(er_convolution_units(c), 1, p->part, p->parts, &from, &to);
    for (int64_t b = 0; from < to && b < p->plan->rows; b++)
        for (int k = 0; k < 2 && x[k]; k++) {
            const float *image = er_convolution_image(c, x[k] + b * l->n_in, p->scratch);
            for (int64_t u = from; u < to; u++)
                er_convolution_weights(c, p->plan, BACKWARD_W, image, dy[k] + b * l->n_out, u, b > 0 || k > 0,
                                       dw);
        }
}

static void sum_bias(const struct er_layer *l, const struct er_pass *p, const float *dy, float *image,
                     float *sum)
{
    for (int64_t b = 0; b < p->plan->rows; b++) bias_of_image(l, dy + b * l->n_out, b > 0, image, sum);
    er_rows_scale(l->out.channels, bias_factor(l), sum);
}

static void backward_w(const struct er_layer *l, const struct er_pass *p)
{
    const struct er_convolution c = map_of(l);
    const int64_t unit = er_convolution_unit_floats(&c), at_bias = weights(&c), O = c.out_channels;
    float *own = p->scratch + image_floats(&c), *dw = p->sink ? own : p->dw;
    int64_t u, end;
    er_share(er_convolution_units(&c), 1, p->part, p->parts, &u, &end);
    sum_weights(l, p, &c, (const float *[2]){p->x, NULL}, (const float *[2]){p->dy, NULL}, dw);
    for (; u < end; u++) {
        er_rows_scale(unit, weight_factor(l, &c), dw + u * unit);
        er_piece_done(p, u * unit, unit, dw + u * unit);
    }
    if (!has_bias(l) || p->part != 0) return;
    float *g = er_piece(p, at_bias, own + at_bias);
    sum_bias(l, p, p->dy, own + at_bias + O, g);
    er_piece_done(p, at_bias, O, g);
}

static void tangent(const struct er_layer *l, const struct er_pass *p)
{
    const struct er_convolution c = map_of(l);
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
        er_rows_scale(l->n_out, weight_factor(l, &c), ty);
        if (has_bias(l))
            er_rows_add(l->n_out / c.out_channels, c.out_channels, bias_factor(l), p->tw + weights(&c), ty);
    }
}

static void tangent_x(const struct er_layer *l, const struct er_pass *p)
{
    const struct er_convolution c = map_of(l);
    const float *const mirrored[2] = {p->turned, p->t_turned};
    int64_t b, end;
    er_share(p->plan->rows, 1, p->part, p->parts, &b, &end);
    for (; b < end; b++) {
        float *tdx = p->tdx + b * l->n_in;
        transposed(l, p, &c, (const float *[2]){p->tdy + b * l->n_out, p->dy + b * l->n_out}, mirrored, tdx);
        er_rows_scale(l->n_in, weight_factor(l, &c), tdx);
    }
}

static void tangent_w(const struct er_layer *l, const struct er_pass *p)
{
    const struct er_convolution c = map_of(l);
    const int64_t unit = er_convolution_unit_floats(&c);
    int64_t u, end;
    er_share(er_convolution_units(&c), 1, p->part, p->parts, &u, &end);
    sum_weights(l, p, &c, (const float *[2]){p->x, p->tx}, (const float *[2]){p->tdy, p->dy}, p->tdw);
    er_rows_scale((end - u) * unit, weight_factor(l, &c), p->tdw + u * unit);
    if (has_bias(l) && p->part == 0)
        sum_bias(l, p, p->tdy, p->scratch + image_floats(&c), p->tdw + weights(&c));
}

static void examples(const struct er_layer *l, const struct er_pass *p)
{
    const struct er_convolution c = map_of(l);
    int64_t b, end;
    er_share(p->plan->rows, 1, p->part, p->parts, &b, &end);
    for (; b < end; b++) {
        const float *image = er_convolution_image(&c, p->x + b * l->n_in, p->scratch);
        const float *dy = p->dy + b * l->n_out;
        float *g = p->example + b * p->example_stride;
        for (int64_t u = 0; u < er_convolution_units(&c); u++)
            er_convolution_weights(&c, p->plan, BACKWARD_W, image, dy, u, false, g);
        er_rows_scale(weights(&c), weight_factor(l, &c), g);
        if (!has_bias(l)) continue;
        bias_of_image(l, dy, false, NULL, g + weights(&c));
        er_rows_scale(c.out_channels, bias_factor(l), g + weights(&c));
    }
}

/* Behind a flattened image only a kernel of one pixel is a map of its features. */
static bool tensor(const struct er_layer *l, struct er_shape features, int i, struct er_layer_tensor *out)
{
    const struct er_convolution c = map_of(l);
    const int64_t C = c.in_channels / c.groups, O = c.out_channels, taps = c.rows.size * c.columns.size;
    const bool flattened = features.channels != c.in_channels;
    if (flattened && (taps > 1 || c.groups > 1)) return false;
    if (i == 0)
        *out = (struct er_layer_tensor){.role = "weight",
                                        .axes = {c.rows.size, c.columns.size, C, O},
                                        .rank = 4,
                                        .dim = {O, C, c.rows.size, c.columns.size}};
    else if (i == 1 && er_weights_has_bias(l->argument + WEIGHTS))
        *out = (struct er_layer_tensor){
            .role = "bias", .at = taps * C * O, .axes = {1, 1, O, 1}, .rank = 1, .dim = {O}};
    else
        return false;
    if (i == 0 && flattened)
        out->axes = (struct er_tensor_axes){features.height, features.width, features.channels, O};
    return true;
}

const struct er_layer_ops er_layer_conv = {
    .name = "conv",
    .help = "convolution: conv CHANNELS KERNEL; images are height x width x channels",
    .argument = argument,
    .fuses = true,
    .bind = bind,
    .plan = plan,
    .initialise = initialise,
    .forward = forward,
    .prepare = prepare,
    .backward_x = backward_x,
    .backward_w = backward_w,
    .tangent = tangent,
    .tangent_x = tangent_x,
    .tangent_w = tangent_w,
    .examples = examples,
    .tensor = tensor,
};
