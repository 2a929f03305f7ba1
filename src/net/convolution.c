/* convolution.c - the products of convolution.h as sums of matrix products. */
#include "net/convolution.h"

/* Units of dW are rows of the kernel where a tap alone has too few channels to fill a product. */
enum { FEW_CHANNELS = 8 };

static int64_t group_in(const struct er_convolution *c)
{
    return c->in_channels / c->groups;
}

static int64_t group_out(const struct er_convolution *c)
{
    return c->out_channels / c->groups;
}

bool er_convolution_pads(const struct er_convolution *c)
{
    return er_window_pads(&c->rows) || er_window_pads(&c->columns);
}

int64_t er_convolution_padded(const struct er_convolution *c)
{
    return c->rows.span * c->columns.span * c->in_channels;
}

/* Floats from one row of the image, border included, to the next. */
static int64_t image_row(const struct er_convolution *c)
{
    return (er_convolution_pads(c) ? c->columns.span : c->columns.in) * c->in_channels;
}

const float *er_convolution_image(const struct er_convolution *c, const float *image, float *scratch)
{
    if (!er_convolution_pads(c)) return image;
    er_window_pad(&c->rows, &c->columns, c->in_channels, image, scratch);
    return scratch;
}

/* Where tap (a, b) of the first output lies in the image. */
static int64_t tap_at(const struct er_convolution *c, int64_t a, int64_t b)
{
    return a * c->rows.dilation * image_row(c) + b * c->columns.dilation * c->in_channels;
}

/* Taps of one row of the kernel that lie side by side in image and W, so that one product takes them all. */
static int64_t joined_taps(const struct er_convolution *c)
{
    return c->groups == 1 && c->columns.dilation == 1 ? c->columns.size : 1;
}

static enum er_status plan_both(struct er_gemm *gemm, struct er_gemm shape, struct er_error *err)
{
    gemm[0] = gemm[1] = shape;
    gemm[1].accumulate = true;
    enum er_status status = er_gemm_plan(&gemm[0], err);
    return status == ER_OK ? er_gemm_plan(&gemm[1], err) : status;
}

enum er_status er_convolution_plan(const struct er_convolution *c, struct er_layer_plan *p,
                                   struct er_error *err)
{
    const int64_t O = c->out_channels;
    return plan_both(&p->gemm[c->gemm],
                     (struct er_gemm){
                         .m = c->columns.out,
                         .n = group_out(c),
                         .k = joined_taps(c) * group_in(c),
                         .lda = c->columns.stride * c->in_channels,
                         .ldb = O,
                         .ldc = O,
                         .reduce = c->rows.size,
                         .stride_a = c->rows.dilation * image_row(c),
                         .stride_b = c->columns.size * group_in(c) * O,
                     },
                     err);
}

void er_convolution_rows(const struct er_convolution *c, const struct er_layer_plan *p, const float *padded,
                         const float *w, int64_t i, int64_t n, bool accumulate, float *y)
{
    const int64_t O = c->out_channels, end = i + n;
    const struct er_gemm *first = &p->gemm[c->gemm], *more = first + 1;
    for (; i < end; i++)
        for (int64_t g = 0; g < c->groups; g++)
            for (int64_t b = 0; b < c->columns.size; b += joined_taps(c))
                er_gemm_run(b > 0 || accumulate ? more : first,
                            padded + i * c->rows.stride * image_row(c) + tap_at(c, 0, b) + g * group_in(c),
                            w + b * group_in(c) * O + g * group_out(c),
                            y + i * c->columns.out * O + g * group_out(c));
}

/* Taps of a unit. */
static int64_t unit_taps(const struct er_convolution *c)
{
    return group_in(c) < FEW_CHANNELS ? joined_taps(c) : 1;
}

int64_t er_convolution_units(const struct er_convolution *c)
{
    return c->rows.size * c->columns.size / unit_taps(c);
}

int64_t er_convolution_unit_floats(const struct er_convolution *c)
{
    return unit_taps(c) * group_in(c) * c->out_channels;
}

enum er_status er_convolution_plan_weights(const struct er_convolution *c, int at, struct er_layer_plan *p,
                                           struct er_error *err)
{
    const int64_t O = c->out_channels;
    return plan_both(&p->gemm[at],
                     (struct er_gemm){
                         .m = unit_taps(c) * group_in(c),
                         .n = group_out(c),
                         .k = c->columns.out,
                         .lda = c->columns.stride * c->in_channels,
                         .ldb = O,
                         .ldc = O,
                         .a_transposed = true,
                         .reduce = c->rows.out,
                         .stride_a = c->rows.stride * image_row(c),
                         .stride_b = c->columns.out * O,
                     },
                     err);
}

void er_convolution_weights(const struct er_convolution *c, const struct er_layer_plan *p, int at,
                            const float *padded, const float *dy, int64_t u, bool accumulate, float *dw)
{
    const int64_t tap = u * unit_taps(c), a = tap / c->columns.size, b = tap % c->columns.size;
    for (int64_t g = 0; g < c->groups; g++)
        er_gemm_run(&p->gemm[at + accumulate], padded + tap_at(c, a, b) + g * group_in(c),
                    dy + g * group_out(c), dw + u * er_convolution_unit_floats(c) + g * group_out(c));
}

static struct er_window mirror_window(const struct er_window *w)
{
    const int64_t extent = er_window_extent(w);
    return (struct er_window){
        .in = w->out,
        .size = w->size,
        .stride = 1,
        .dilation = w->dilation,
        .padding = w->padding == ER_PADDING_CIRCULAR ? ER_PADDING_CIRCULAR : ER_PADDING_SAME,
        .out = w->in,
        .before = extent - 1 - w->before,
        .span = w->in + extent - 1,
    };
}

struct er_convolution er_convolution_mirror(const struct er_convolution *c)
{
    return (struct er_convolution){
        .rows = mirror_window(&c->rows),
        .columns = mirror_window(&c->columns),
        .in_channels = c->out_channels,
        .out_channels = c->in_channels,
        .groups = c->groups,
    };
}

void er_convolution_mirror_kernel(const struct er_convolution *c, int64_t from, int64_t to, const float *w,
                                  float *mirrored)
{
    const int64_t C = c->in_channels, O = c->out_channels, Cg = group_in(c), Og = group_out(c);
    const int64_t taps = c->rows.size * c->columns.size;
    for (int64_t t = from; t < to; t++) {
        const float *in = w + (taps - 1 - t) * Cg * O;
        float *out = mirrored + t * Og * C;
        if (c->groups == 1)
            er_transpose(C, O, in, out);
        else
            for (int64_t i = 0; i < C; i++)
                for (int64_t o = 0; o < Og; o++) out[o * C + i] = in[i % Cg * O + i / Cg * Og + o];
    }
}

enum er_status er_convolution_plan_scatter(const struct er_convolution *c, struct er_layer_plan *p,
                                           struct er_error *err)
{
    struct er_gemm *gemm = &p->gemm[c->gemm];
    *gemm = (struct er_gemm){
        .m = c->columns.out,
        .n = group_in(c),
        .k = group_out(c),
        .lda = c->out_channels,
        .ldb = c->in_channels,
        .ldc = c->columns.stride * c->in_channels,
        .accumulate = true,
    };
    return er_gemm_plan(gemm, err);
}

void er_convolution_scatter(const struct er_convolution *c, const struct er_layer_plan *p, const float *dy,
                            const float *mirrored, float *padded)
{
    const int64_t taps = c->rows.size * c->columns.size, O = c->out_channels;
    for (int64_t i = 0; i < c->rows.out; i++)
        for (int64_t t = 0; t < taps; t++)
            for (int64_t g = 0; g < c->groups; g++)
                er_gemm_run(&p->gemm[c->gemm], dy + i * c->columns.out * O + g * group_out(c),
                            mirrored + (taps - 1 - t) * group_out(c) * c->in_channels + g * group_in(c),
                            padded + i * c->rows.stride * image_row(c) +
                                tap_at(c, t / c->columns.size, t % c->columns.size) + g * group_in(c));
}
