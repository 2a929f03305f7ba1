/* Presets: what they expand to, and parameter counts held to the literature and to counting by hand. */
#include "t.h"

#include <ermine/net.h>

static const struct er_shape mnist = {28, 28, 1}, cifar = {32, 32, 3};

static int64_t parameters_of(const char *text, struct er_shape shape, int64_t classes, struct er_error *err)
{
    struct er_model *model = NULL;
    struct er_net *net = NULL;
    int64_t P = -1;
    enum er_status status = er_model_parse(text, &model, err);
    if (status == ER_OK) status = er_net_new(model, shape, classes, "cross-entropy", &net, err);
    if (status == ER_OK) P = er_net_parameters(net);
    er_net_free(net);
    er_model_free(model);
    return P;
}

static int64_t parameters(const char *text, struct er_shape shape, struct er_error *err)
{
    return parameters_of(text, shape, 10, err);
}

static void counts(const char *text, struct er_shape shape, int64_t want)
{
    struct er_error err = {0};
    T_EQ_INT(parameters(text, shape, &err), want, "parameters of %s (%s)", text, err.msg);
}

static void expands(const char *preset, const char *layers)
{
    struct er_error err = {0};
    struct er_model *model = NULL;
    T_STATUS(er_model_parse(preset, &model, &err), ER_OK, "%s", preset);
    if (model) T_EQ_STR(er_model_text(model), layers, "%s", preset);
    er_model_free(model);
}

static void labelled(const char *text, const char *label)
{
    struct er_error err = {0};
    struct er_model *model = NULL;
    T_STATUS(er_model_parse(text, &model, &err), ER_OK, "%s", text);
    if (model) T_EQ_STR(er_model_label(model), label, "%s is called", text);
    er_model_free(model);
}

static void refused(const char *text, int64_t column, const char *message)
{
    struct er_error err = {0};
    struct er_model *model = NULL;
    T_STATUS(er_model_parse(text, &model, &err), ER_E_INPUT, "'%s' is refused", text);
    T_EQ_STR(err.msg, message, "%s", text);
    T_EQ_INT(err.column, column, "'%s': column", text);
}

/* Weights and, of `n` convolutions in a row, biases or gamma and beta. */
static int64_t conv(int64_t kernel, int64_t in, int64_t out, int64_t vectors)
{
    return kernel * kernel * in * out + vectors * out;
}

/* He et al. 2016 with 1x1 projections: `vectors` of each convolution are 2 with batch norm, 1 with biases. */
static int64_t resnet(int64_t n, int64_t w, int64_t vectors)
{
    int64_t P = conv(3, 3, w, vectors);
    P += 2 * n * conv(3, w, w, vectors);
    for (int64_t c = 2 * w; c <= 4 * w; c *= 2)
        P += conv(3, c / 2, c, vectors) + conv(1, c / 2, c, vectors) + (2 * n - 1) * conv(3, c, c, vectors);
    return P + 4 * w * 10 + 10;
}

static int64_t nin(int64_t depth, int64_t w, int64_t vectors)
{
    int64_t P = conv(1, w, 10, vectors);
    for (int64_t i = 0; i < depth; i++) P += conv(3, i ? w : 3, w, vectors) + 2 * conv(1, w, w, vectors);
    return P;
}

/* What experiments of generalisation are told by: Zhang et al. 2017, table 1; Chiang et al. 2023. */
static void of_papers(void)
{
    static const struct er_shape cropped = {28, 28, 3};
    /* of Inception's convolutions, each with batch norm behind it */
    const int64_t channels = 96 + 64 + 80 + 80 + 160 + 160 + 160 + 144 + 96 + 336 + 336;
    counts("mlp", cropped, 1209866);
    counts("mlp depth=3", cropped, 1735178);
    counts("alexnet", cropped, 1387786);
    counts("inception batch_norm=false", cropped, 1649402);
    counts("inception", cropped, 1649402 + 2 * channels);
    counts("[dense 300, relu, dense 100, relu, dense]", mnist, 266610);
    counts("mlp 100", mnist, 79510);
    T_EQ_INT(parameters_of("[conv 3 5x5 padding=valid, relu, max_pool 2, conv 8 5x5 padding=valid, relu, "
                           "max_pool 2, flatten, dense 60, relu, dense 42, relu, dense]",
                           mnist, 2, NULL),
             11074, "a LeNet of half the width, two classes");

    counts("alexnet 0.25", cropped, 76 * 16 + 401 * 16 + (7 * 7 * 16 + 1) * 96 + 97 * 48 + 49 * 10);
    counts("alexnet 2", mnist, 26 * 128 + 3201 * 128 + (7 * 7 * 128 + 1) * 768 + 769 * 384 + 385 * 10);
    counts("alexnet 0.001", mnist, 26 + 26 + 50 + 2 + 20);
    T_OK(parameters("inception 0.5 activation=tanh init=glorot", cifar, NULL) > 1649402 / 5,
         "on other images, too");
}

int main(void)
{
    expands("mlp", "[dense 512, relu, dense]");
    expands("mlp 8 depth=2 activation=erf init=ntk",
            "[dense 8 init=ntk, erf, dense 8 init=ntk, erf, dense init=ntk]");
    expands("linear depth=1 scale=0.5", "[dense init=standard scale=0.5 bias=false]");
    expands("linear 8 depth=3 scale=0.125",
            "[dense 8 init=standard scale=0.5 bias=false, dense 8 init=standard scale=0.5 bias=false, "
            "dense init=standard scale=0.5 bias=false]");
    expands("convnet 8 depth=2 kernel=5 pool=avg",
            "[conv 8 5x5, relu, avg_pool 2x2, conv 16 5x5, relu, avg_pool 2x2, flatten, dense]");
    expands("convnet 8 depth=1 batch_norm=true init=glorot",
            "[conv 8 init=glorot bias=false, batch_norm, relu, max_pool 2x2, flatten, dense init=glorot]");
    expands("lenet activation=tanh pool=avg",
            "[conv 6 5x5, tanh, avg_pool 2x2, conv 16 5x5 padding=valid, tanh, avg_pool 2x2, flatten, "
            "dense 120, tanh, dense 84, tanh, dense]");
    expands("nin 50 depth=1 dropout=0.25",
            "[conv 50 stride=2x2, batch_norm, relu, conv 50 1x1, batch_norm, relu, conv 50 1x1, batch_norm, "
            "relu, dropout 0.25, conv kernel=1x1, batch_norm, relu, global_avg_pool]");
    expands("resnet 8",
            "[conv 16 bias=false, batch_norm, relu, "
            "add: [[conv 16 bias=false, batch_norm, relu, conv 16 bias=false, batch_norm], identity], relu, "
            "add: [[conv 32 stride=2x2 bias=false, batch_norm, relu, conv 32 bias=false, batch_norm], "
            "[conv 32 1x1 stride=2x2 bias=false, batch_norm]], relu, "
            "add: [[conv 64 stride=2x2 bias=false, batch_norm, relu, conv 64 bias=false, batch_norm], "
            "[conv 64 1x1 stride=2x2 bias=false, batch_norm]], relu, global_avg_pool, dense]");
    expands("resnet 8 width=4 shortcut=none batch_norm=false activation=tanh",
            "[conv 4, tanh, conv 4, tanh, conv 4, tanh, conv 8 stride=2x2, tanh, conv 8, tanh, "
            "conv 16 stride=2x2, tanh, conv 16, tanh, global_avg_pool, dense]");
    expands("alexnet", "[conv 64 5x5, relu, max_pool 3x3 stride=2x2 padding=same, lrn, "
                       "conv 64 5x5, relu, max_pool 3x3 stride=2x2 padding=same, lrn, "
                       "flatten, dense 384, relu, dense 192, relu, dense]");
    expands("inception 0.0625 batch_norm=false activation=erf",
            "[conv 6, erf, concat: [[conv 2 1x1, erf], [conv 2, erf]], concat: [[conv 2 1x1, erf], [conv 3, "
            "erf]], concat: [[conv 5 stride=2x2, erf], max_pool 3x3 stride=2x2 padding=same], "
            "concat: [[conv 7 1x1, erf], [conv 3, erf]], concat: [[conv 6 1x1, erf], [conv 4, erf]], "
            "concat: [[conv 5 1x1, erf], [conv 5, erf]], concat: [[conv 3 1x1, erf], [conv 6, erf]], "
            "concat: [[conv 6 stride=2x2, erf], max_pool 3x3 stride=2x2 padding=same], "
            "concat: [[conv 11 1x1, erf], [conv 10, erf]], concat: [[conv 11 1x1, erf], [conv 10, erf]], "
            "global_avg_pool, dense]");

    labelled("inception batch_norm=false", "inception batch_norm=false");
    labelled(" mlp\t512   depth=3 ", "mlp 512 depth=3");
    labelled("mlp depth=1 width=8", "mlp depth=1 width=8");
    labelled("[mlp]", "mlp");
    labelled("[mlp 8, relu]", "[dense 8, relu, dense, relu]");
    labelled("add: [relu, identity], mlp 8", "[add: [relu, identity], dense 8, relu, dense]");
    labelled("dense  8,relu,dense", "[dense 8, relu, dense]");

    /* (5*5 + 1) 6 + (5*5*6 + 1) 16 + (400 + 1) 120 + (120 + 1) 84 + (84 + 1) 10: the count that every course
     * and library gives for it */
    counts("lenet", mnist, 61706);
    counts("lenet activation=tanh pool=avg", mnist, 61706);
    counts("lenet 2", mnist, 26 * 12 + 301 * 32 + 801 * 240 + 241 * 168 + 169 * 10);
    counts("mlp", cifar, 1578506);
    counts("convnet", cifar, 28 * 32 + (9 * 32 + 1) * 64 + (9 * 64 + 1) * 128 + (16 * 128 + 1) * 10);
    counts("convnet depth=1 batch_norm=true", mnist, 9 * 32 + 64 + (14 * 14 * 32 + 1) * 10);

    /* He et al. 2016, table 6: 0.27 M, 0.46 M, 0.66 M, 0.85 M, 1.7 M */
    counts("resnet 20", cifar, 272474);
    T_EQ_INT(resnet(3, 16, 2), 272474, "the same, counted");
    T_EQ_INT(272474 - (16 * 32 + 64) - (32 * 64 + 128), 269722, "without the projections: type A");
    counts("resnet 32", cifar, resnet(5, 16, 2));
    counts("resnet 110", cifar, resnet(18, 16, 2));
    T_CLOSE(parameters("resnet 32", cifar, NULL), 0.46e6, 0.01e6, "0.46 M");
    T_CLOSE(parameters("resnet 44", cifar, NULL), 0.66e6, 0.01e6, "0.66 M");
    T_CLOSE(parameters("resnet 56", cifar, NULL), 0.85e6, 0.01e6, "0.85 M");
    T_CLOSE(parameters("resnet 110", cifar, NULL), 1.7e6, 0.05e6, "1.7 M");
    counts("resnet 14 width=8 batch_norm=false", cifar, resnet(2, 8, 1));
    counts("resnet 20 shortcut=none", cifar, 269722);
    counts("resnet 20 shortcut=all", cifar,
           272474 + 3 * conv(1, 16, 16, 2) + 2 * conv(1, 32, 32, 2) + 2 * conv(1, 64, 64, 2));
    T_OK(parameters("resnet 200 shortcut=all", cifar, NULL) > 0, "the deepest there is");

    /* biases and batch norm: three vectors of each convolution */
    counts("nin 50", cifar, nin(2, 50, 3));
    counts("nin 192 depth=8 dropout=0.5", cifar, nin(8, 192, 3));
    counts("nin 25 batch_norm=false", cifar, nin(2, 25, 1));

    refused("resnet 21", 1, "model: resnet: depth is 21, not 6 n + 2; the nearest are 20 and 26");
    refused("resnet 7", 8, "model: resnet: depth is 7, outside of 8 to 200");
    refused("[relu, resnet 20 shortcut=b]", 18,
            "model: resnet: shortcut is 'b', which is none of: projection all none");
    refused("nin dropout=1", 5, "model: nin: dropout is 1, outside of 0 to 0.99");

    of_papers();

    struct er_layer_info info;
    struct er_error err;
    struct er_model *model;
    int64_t n = 0;
    for (; er_preset_describe(n, &info); n++) {
        model = NULL;
        T_ALLOCATIONS(er_model_parse(info.name, &model, &err), er_model_free(model),
                      "%s: every allocation may fail", info.name);
        T_OK(info.help && info.n_arguments > 0, "%s says what it is", info.name);
    }
    T_EQ_INT(n, 8, "presets");
    return t_done();
}
