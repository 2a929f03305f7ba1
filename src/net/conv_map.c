/* conv_map.c - arguments of conv, and the map of an image that they make. */
#include "net/conv_map.h"

#include "net/weights.h"

enum { CHANNELS, KERNEL, STRIDE, DILATION, PADDING, GROUPS, WEIGHTS };

static const int64_t MOST_WEIGHTS = (int64_t)1 << 31;

const struct er_argument er_conv_arguments[] = {
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

struct er_convolution er_conv_map(const struct er_layer *l)
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
    };
    er_window_fit(&c.rows);
    er_window_fit(&c.columns);
    return c;
}

int64_t er_conv_fan_in(const struct er_convolution *c)
{
    return c->rows.size * c->columns.size * (c->in_channels / c->groups);
}

int64_t er_conv_weights(const struct er_convolution *c)
{
    return er_conv_fan_in(c) * c->out_channels;
}

bool er_conv_has_bias(const struct er_layer *l)
{
    return er_weights_has_bias(l->argument + WEIGHTS);
}

float er_conv_weight_factor(const struct er_layer *l, const struct er_convolution *c)
{
    return er_weights_factor(l->argument + WEIGHTS, er_conv_fan_in(c));
}

float er_conv_bias_factor(const struct er_layer *l)
{
    return er_weights_bias_factor(l->argument + WEIGHTS);
}

/* Whether a b c, each positive, is more than MOST_WEIGHTS. */
static bool too_many(int64_t a, int64_t b, int64_t c)
{
    int64_t n;
    return __builtin_mul_overflow(a, b, &n) || __builtin_mul_overflow(n, c, &n) || n > MOST_WEIGHTS;
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
    if (too_many(c->rows.size * c->columns.size, c->in_channels / c->groups, c->out_channels) ||
        too_many(c->rows.span, c->columns.span, c->in_channels))
        return er_fail(err, ER_E_LIMIT, "conv: more than %lld weights, or pixels of a padded image",
                       (long long)MOST_WEIGHTS);
    return er_weights_check("conv", l->argument + WEIGHTS, err);
}

enum er_status er_conv_bind(struct er_layer *l, struct er_error *err)
{
    const struct er_convolution c = er_conv_map(l);
    enum er_status status = check(l, &c, err);
    if (status != ER_OK) return status;
    l->out = (struct er_shape){c.rows.out, c.columns.out, c.out_channels};
    er_layer_size(l);
    l->n_parameters = er_conv_weights(&c) + (er_conv_has_bias(l) ? c.out_channels : 0);
    l->flops = 2 * (double)er_conv_fan_in(&c) * (double)l->n_out;
    return ER_OK;
}

void er_conv_laws(const struct er_layer *l, struct er_layer_laws *out)
{
    const struct er_convolution c = er_conv_map(l);
    *out = er_weights_laws(l->argument + WEIGHTS, er_conv_fan_in(&c),
                           c.rows.size * c.columns.size * (c.out_channels / c.groups), er_conv_weights(&c));
}

void er_conv_initialise(const struct er_layer *l, uint64_t seed, float *w)
{
    struct er_layer_laws laws;
    er_conv_laws(l, &laws);
    er_weights_initialise(&laws, er_conv_has_bias(l) ? er_conv_map(l).out_channels : 0, seed, l->index, w);
}

/* With groups a mean over the channels of one group, as many as one likes at infinite width, and the same for each where
 * channels are alike. A group of one channel stays one. */
enum er_status er_conv_kernel(const struct er_layer *l, struct er_kernel_map *out, struct er_error *err)
{
    const struct er_convolution c = er_conv_map(l);
    if (c.groups > 1 && c.groups == c.in_channels)
        return er_fail(err, ER_E_UNSUPPORTED, "conv: groups of one channel have no limit of many channels");
    const int64_t fan_out = c.rows.size * c.columns.size * (c.out_channels / c.groups);
    const enum er_status status = er_weights_kernel(l, er_conv_fan_in(&c), fan_out, out, err);
    out->grouped = c.groups > 1;
    out->rows = c.rows;
    out->columns = c.columns;
    return status;
}
