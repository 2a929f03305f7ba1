/* keras_kinds.c - each layer of Keras that there is here, and the layers of ours that it becomes.
 *
 * Kernels lie in memory as Keras keeps them: kh x kw x C x O, and I x O; an image is flattened channels last in both. padding
 * "same" puts the smaller half of an odd number of zeros before the image in both, and pooling takes the mean over the pixels
 * that exist. batch_norm: running = m running + (1 - m) batch in Keras, so our momentum is 1 - m, which no trained network feels.
 * Source: the Keras API reference of TensorFlow 2.
 */
#include "core/number.h"
#include "pgdl/keras.h"

#include <inttypes.h>
#include <string.h>

enum { CHANNELS_MOST = 1 << 20 };

static const char *const paddings[] = {"valid", "same", NULL};
static const char *const formats[] = {"channels_last", NULL};

static const char *number(double value, char out[ER_NUMBER_TEXT])
{
    return er_number_text(value, out);
}

static bool wants_image(struct er_keras_layer *l, const struct er_keras_model *m)
{
    if (m->vector) er_keras_refuse(l, "it wants an image, and has a vector");
    return !m->vector;
}

static void conv2d(struct er_keras_layer *l, struct er_keras_model *m)
{
    int64_t kernel[2], stride[2], dilation[2];
    if (!wants_image(l, m)) return;
    const int64_t filters = er_keras_integer(l, "filters", 1, CHANNELS_MOST, 0);
    const int64_t groups = er_keras_integer(l, "groups", 1, CHANNELS_MOST, 1);
    const bool bias = er_keras_truth(l, "use_bias", true);
    const char *padding = er_keras_choice(l, "padding", paddings);
    er_keras_pair(l, "kernel_size", 0, kernel);
    er_keras_pair(l, "strides", 1, stride);
    er_keras_pair(l, "dilation_rate", 1, dilation);
    er_keras_choice(l, "data_format", formats);
    er_keras_write(m,
                   "conv %" PRId64 " %" PRId64 "x%" PRId64 " stride=%" PRId64 "x%" PRId64 " dilation=%" PRId64
                   "x%" PRId64 " padding=%s groups=%" PRId64 " bias=%s",
                   filters, kernel[0], kernel[1], stride[0], stride[1], dilation[0], dilation[1], padding,
                   groups, bias ? "true" : "false");
    er_buffer_text(&m->weights, bias ? "kernel bias\n" : "kernel\n");
    m->outputs = filters;
    er_keras_activation(l, m, er_keras_text(l, "activation", "linear"));
}

/* Of an image Keras's Dense sees the channels of each pixel, ours all of it. */
static void dense(struct er_keras_layer *l, struct er_keras_model *m)
{
    const int64_t units = er_keras_integer(l, "units", 1, CHANNELS_MOST, 0);
    const bool bias = er_keras_truth(l, "use_bias", true);
    if (!m->vector) {
        er_keras_refuse(l, "of an image it would act on each pixel, which is not computed here");
        return;
    }
    er_keras_write(m, "dense %" PRId64 " bias=%s", units, bias ? "true" : "false");
    er_buffer_text(&m->weights, bias ? "kernel bias\n" : "kernel\n");
    m->outputs = units;
    er_keras_activation(l, m, er_keras_text(l, "activation", "linear"));
}

/* axis: the last, as -1, by its number, or either in a list of one. */
static void check_axis(struct er_keras_layer *l, const struct er_keras_model *m)
{
    const json_t *axis = json_object_get(l->json, "axis");
    const double last = m->vector ? 1 : 3;
    if (json_array_size(axis) == 1) axis = json_array_get(axis, 0);
    if (!axis || json_is_null(axis)) return;
    const double at = json_is_number(axis) ? json_number_value(axis) : 0;
    if (at != -1 && at != last) er_keras_refuse(l, "its axis is not the last, the channels");
}

static void batch_normalization(struct er_keras_layer *l, struct er_keras_model *m)
{
    char text[2][ER_NUMBER_TEXT];
    const double momentum = er_keras_number(l, "momentum", 0, 1, 0.99);
    const double epsilon = er_keras_number(l, "epsilon", 1e-12, 1, 1e-3);
    const bool scale = er_keras_truth(l, "scale", true), center = er_keras_truth(l, "center", true);
    check_axis(l, m);
    if (er_keras_truth(l, "renorm", false)) er_keras_refuse(l, "renorm is not computed here");
    er_keras_integer(l, "virtual_batch_size", 1, CHANNELS_MOST, 1);
    er_keras_truth(l, "fused", true);
    er_keras_write(m, "batch_norm momentum=%s epsilon=%s affine=%s", number(1 - momentum, text[0]),
                   number(epsilon, text[1]), scale || center ? "true" : "false");
    er_buffer_format(&m->weights, "%s%smoving_mean moving_variance\n", scale ? "gamma " : "",
                     center ? "beta " : "");
}

static void activation(struct er_keras_layer *l, struct er_keras_model *m)
{
    er_keras_activation(l, m, er_keras_text(l, "activation", "linear"));
}

static void relu(struct er_keras_layer *l, struct er_keras_model *m)
{
    char text[ER_NUMBER_TEXT];
    const double slope = er_keras_number(l, "negative_slope", 0, 1, 0);
    if (json_is_number(json_object_get(l->json, "max_value")))
        er_keras_refuse(l, "max_value is not computed here");
    if (er_keras_number(l, "threshold", -1e30, 1e30, 0) != 0) er_keras_refuse(l, "its threshold is not 0");
    if (slope > 0)
        er_keras_write(m, "leaky_relu %s", number(slope, text));
    else
        er_keras_write(m, "relu");
}

static void leaky_relu(struct er_keras_layer *l, struct er_keras_model *m)
{
    char text[ER_NUMBER_TEXT];
    er_keras_write(m, "leaky_relu %s", number(er_keras_number(l, "alpha", 0, 1, 0.3), text));
}

static void elu(struct er_keras_layer *l, struct er_keras_model *m)
{
    char text[ER_NUMBER_TEXT];
    er_keras_write(m, "elu %s", number(er_keras_number(l, "alpha", 1e-6, 1e6, 1), text));
}

static void softmax(struct er_keras_layer *l, struct er_keras_model *m)
{
    (void)l;
    m->ended = true;
}

static void dropout(struct er_keras_layer *l, struct er_keras_model *m)
{
    char text[ER_NUMBER_TEXT];
    const double rate = er_keras_number(l, "rate", 0, 1, 0.5);
    if (rate >= 1) er_keras_refuse(l, "a rate of 1 leaves nothing");
    if (json_object_size(json_object_get(l->json, "noise_shape")))
        er_keras_refuse(l, "noise_shape is not known");
    if (rate > 0) er_keras_write(m, "dropout %s", number(rate, text));
}

static void pool(struct er_keras_layer *l, struct er_keras_model *m, const char *name)
{
    int64_t size[2], stride[2];
    if (!wants_image(l, m)) return;
    er_keras_pair(l, "pool_size", 2, size);
    const json_t *strides = json_object_get(l->json, "strides");
    stride[0] = size[0];
    stride[1] = size[1];
    if (strides && !json_is_null(strides)) er_keras_pair(l, "strides", 0, stride);
    er_keras_choice(l, "data_format", formats);
    er_keras_write(m, "%s %" PRId64 "x%" PRId64 " stride=%" PRId64 "x%" PRId64 " padding=%s", name, size[0],
                   size[1], stride[0], stride[1], er_keras_choice(l, "padding", paddings));
}

static void max_pooling(struct er_keras_layer *l, struct er_keras_model *m)
{
    pool(l, m, "max_pool");
}

static void average_pooling(struct er_keras_layer *l, struct er_keras_model *m)
{
    pool(l, m, "avg_pool");
}

static void global_average_pooling(struct er_keras_layer *l, struct er_keras_model *m)
{
    if (!wants_image(l, m)) return;
    er_keras_choice(l, "data_format", formats);
    if (er_keras_truth(l, "keepdims", false)) er_keras_refuse(l, "keepdims is not known");
    er_keras_write(m, "global_avg_pool");
    m->vector = true;
}

static void flatten(struct er_keras_layer *l, struct er_keras_model *m)
{
    er_keras_choice(l, "data_format", formats);
    if (!m->vector) er_keras_write(m, "flatten");
    m->vector = true;
}

static void input(struct er_keras_layer *l, struct er_keras_model *m)
{
    (void)l;
    (void)m;
}

#define KEYS(...)                                                                                            \
    (const char *const[])                                                                                    \
    {                                                                                                        \
        __VA_ARGS__, NULL                                                                                    \
    }

const struct er_keras_kind er_keras_kinds[] = {
    {"Conv2D", "Convolution2D",
     KEYS("filters", "kernel_size", "strides", "padding", "data_format", "dilation_rate", "groups",
          "activation", "use_bias"),
     conv2d},
    {"Dense", NULL, KEYS("units", "activation", "use_bias"), dense},
    {"BatchNormalization", NULL,
     KEYS("axis", "momentum", "epsilon", "center", "scale", "fused", "renorm", "virtual_batch_size",
          "beta_initializer", "gamma_initializer", "moving_mean_initializer", "moving_variance_initializer",
          "beta_regularizer", "gamma_regularizer", "beta_constraint", "gamma_constraint"),
     batch_normalization},
    {"Activation", NULL, KEYS("activation"), activation},
    {"ReLU", NULL, KEYS("max_value", "negative_slope", "threshold"), relu},
    {"LeakyReLU", NULL, KEYS("alpha"), leaky_relu},
    {"ELU", NULL, KEYS("alpha"), elu},
    {"Softmax", NULL, KEYS("axis"), softmax},
    {"Dropout", NULL, KEYS("rate", "noise_shape", "seed"), dropout},
    {"MaxPooling2D", "MaxPool2D", KEYS("pool_size", "strides", "padding", "data_format"), max_pooling},
    {"AveragePooling2D", "AvgPool2D", KEYS("pool_size", "strides", "padding", "data_format"),
     average_pooling},
    {"GlobalAveragePooling2D", "GlobalAvgPool2D", KEYS("data_format", "keepdims"), global_average_pooling},
    {"Flatten", NULL, KEYS("data_format"), flatten},
    {"InputLayer", NULL, KEYS("sparse", "ragged"), input},
    {0},
};
