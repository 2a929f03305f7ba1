/* er_limit_kernel() against the oracle in plain loops (oracles/limit.h): odd shapes, strides, paddings, pools, branches, and
 * every activation.
 *
 * Sums of at most some thousand terms of size 1 in another order: 1e-11; integrals in the place of closed forms and tables:
 * 1e-10. An angle is sqrt(epsilon) of itself away where it is small; random inputs keep away from that.
 */
#include "t.h"

#include "oracles/limit.h"
#include "support/limit_case.h"

#include <ermine/random.h>

static void test_oracle(uint64_t stream, const char *text, struct er_shape shape,
                        struct er_limit_options options, double tolerance)
{
    const int64_t d = er_shape_size(shape);
    double x[512], k[4], theta[4], want_k[3], want_theta[3];
    struct er_random r = er_random_open(7, er_stream(ER_PURPOSE_TEST, stream));
    const struct limit_case c = {.text = text, .shape = shape, .options = options, .n = 2, .x = x};
    const struct limit_oracle o = {text, shape.height, shape.width, shape.channels, options, false};
    if (!T_OK(2 * d <= 512, "room for two of %s", text)) return;
    for (int64_t i = 0; i < 2 * d; i++) x[i] = er_random_normal(&r);
    if (!T_OK(limit_oracle_kernels(&o, x, x + d, want_k, want_theta), "the oracle reads %s", text)) return;
    if (!limit_case_kernel(&c, k, options.ntk ? theta : NULL)) return;
    for (int i = 0; i < 3; i++) {
        static const int place[3] = {0, 1, 3};
        T_CLOSE(k[place[i]], want_k[i], tolerance * (1 + fabs(want_k[i])), "%s: K, entry %d", text, i);
        if (!options.ntk) continue;
        T_CLOSE(theta[place[i]], want_theta[i], tolerance * (1 + fabs(want_theta[i])), "%s: Theta, entry %d",
                text, i);
    }
}

static void test_shapes(void)
{
    static const char *const images[] = {
        "[conv 4, relu, conv 4, relu, conv 4, relu, global_avg_pool, dense 1]",
        "[conv 4 4x2, relu, conv 4 2x4 padding=circular, leaky_relu 0.2, global_avg_pool, dense 1]",
        "[conv 4 3x3 stride=2, relu, conv 4 3x3 stride=2x1, relu, global_avg_pool, dense 1]",
        "[conv 4 2x3 stride=2x3 padding=circular, relu, conv 4, relu, global_avg_pool, dense 1]",
        "[conv 4 3x3 dilation=2, relu, conv 4 3x3 dilation=2 padding=circular, relu, global_avg_pool, dense "
        "1]",
        "[conv 4 5x3 padding=valid, relu, conv 4 1x1, relu, conv 4 2x2 padding=valid, relu, global_avg_pool, "
        "dense 1]",
        "[conv 4, relu, avg_pool 2, conv 4, relu, global_avg_pool, dense 1]",
        "[conv 4, relu, avg_pool 3x2 stride=2x1 padding=same, conv 4 3x3 stride=2, relu, flatten, dense 1]",
        "[conv 4, relu, avg_pool 2 padding=same count_padding=true, conv 4, relu, global_avg_pool, dense 1]",
        "[conv 4, relu, avg_pool 3 stride=2 padding=circular, conv 4, relu, avg_pool 2, conv 4, relu, "
        "flatten, dense 1]",
        "[avg_pool 2 stride=1, conv 4, relu, global_avg_pool, dense 1]",
        "[conv 4, relu, avg_pool 2, avg_pool 2 stride=1, conv 4, relu, global_avg_pool, dense 1]",
        "[conv 4, relu, avg_pool 2 stride=1 padding=same, dense 8, relu, dense 1]",
        "[conv 4, add: [identity, [relu, conv 4, relu, conv 4]], relu, global_avg_pool, dense 1]",
        "[conv 4, relu, add: [[conv 4 3x3 stride=2, relu, conv 4], conv 4 1x1 stride=2], relu, "
        "global_avg_pool, dense 1]",
        "[conv 4, relu, concat: [[conv 2 1x1, relu], [conv 6, relu]], conv 4, relu, global_avg_pool, dense "
        "1]",
        "[conv 4, relu, concat: [[conv 2, relu], [avg_pool 3 stride=1 padding=same, conv 5 1x1, relu]], conv "
        "4, relu, "
        "global_avg_pool, dense 1]",
        "[conv 4, multiply: [[conv 4, relu], [conv 4, erf]], conv 4, relu, global_avg_pool, dense 1]",
        "[conv 4, layer_norm affine=false, relu, conv 4, layer_norm affine=false over=example, relu, "
        "global_avg_pool, dense 1]",
        "[conv 4, layer_norm affine=false, relu, flatten, dense 8, layer_norm affine=false, relu, dense 1]",
        "[conv 4, relu, dropout 0.3, conv 4, relu, dropout 0.5, global_avg_pool, dense 1]",
        "[conv 4, relu, dropout 0.3, avg_pool 2, conv 4, relu, flatten, dropout 0.5, dense 1]",
        "[conv 4, relu, scale 0.7, conv 4, relu, global_avg_pool, dense 8, relu, dense 1]",
        "[conv 4, relu, flatten, dense 8, relu, dense 8, relu, dense 1]",
        "[conv 4, erf, conv 4 groups=2, erf, global_avg_pool, dense 1]",
        "[conv 4 init=glorot bias_scale=0.3, erf, conv 6 scale=0.8, relu, global_avg_pool, dense 1 "
        "init=standard]",
        "[dense 8, relu, dense 1]",
    };
    const struct er_shape shape = {6, 5, 2};
    for (int i = 0; i < (int)(sizeof images / sizeof *images); i++) {
        struct er_limit_options options = limit_case_options(1.3, 0.2);
        if (strstr(images[i], "init=")) options = er_limit_defaults();
        if (i % 3 == 1) options.parameterisation = ER_PARAMETERISATION_STANDARD;
        test_oracle((uint64_t)i, images[i], shape, options, 1e-11);
    }
    test_oracle(90, "[conv 4 5x5, relu, conv 4 5x5, relu, global_avg_pool, dense 1]",
                (struct er_shape){3, 7, 1}, limit_case_options(sqrt(2), 0.1), 1e-11);
    test_oracle(91, "[conv 4 1x3, relu, avg_pool 1x2, conv 4 1x3, relu, global_avg_pool, dense 1]",
                (struct er_shape){1, 9, 3}, limit_case_options(sqrt(2), 0), 1e-11);
}

/* Every activation, against integrals over the plane: two hidden layers on vectors, and pooled pixels. */
static void test_activations(void)
{
    static const char *const names[] = {"relu",
                                        "leaky_relu 0.3",
                                        "abrelu -0.5 2",
                                        "abrelu -1 1",
                                        "tanh",
                                        "erf",
                                        "erf amplitude=0.5 scale=1.2 shift=0.3",
                                        "gelu",
                                        "gelu approximate=tanh",
                                        "softplus",
                                        "sigmoid",
                                        "swish",
                                        "elu 1",
                                        "elu 0.4",
                                        "sin 0.7",
                                        "sin 1.5 amplitude=0.5 phase=0.3",
                                        "sin 1 phase=1.5707963267948966",
                                        "rbf 0.5",
                                        "exp rate=0.5",
                                        "gaussian",
                                        "gaussian amplitude=0.7 rate=-0.4",
                                        "gabor",
                                        "monomial 1",
                                        "monomial 2",
                                        "monomial 3",
                                        "polynomial 0.3 -0.5 0.2 0.1",
                                        "rectified_monomial 1",
                                        "rectified_monomial 2",
                                        "rectified_monomial 3",
                                        "rectified_monomial 0",
                                        "sign"};
    for (int i = 0; i < (int)(sizeof names / sizeof *names); i++) {
        char text[160];
        struct er_limit_options options = limit_case_options(0.9, 0.2);
        options.ntk = strcmp(names[i], "sign") != 0 && strcmp(names[i], "rectified_monomial 0") != 0;
        snprintf(text, sizeof text, "[dense 8, %s, dense 8, %s, dense 1]", names[i], names[i]);
        test_oracle(100 + (uint64_t)i, text, (struct er_shape){1, 1, 3}, options, 1e-10);
        snprintf(text, sizeof text, "[conv 8 1x2, %s, global_avg_pool, dense 1]", names[i]);
        test_oracle(200 + (uint64_t)i, text, (struct er_shape){1, 2, 2}, options, 1e-10);
    }
}

/* Tables of pixels that are made for each tile, of two rows of tiles: images of one colour each are vectors. And they are not
 * in the points. */
static void test_tables_of_tiles(void)
{
    enum { N = 10, SIDE = 6, CHANNELS = 3, D = SIDE * SIDE * CHANNELS };
    double colour[N * CHANNELS], x[N * D], k[2][N * N], theta[2][N * N];
    struct er_random r = er_random_open(7, er_stream(ER_PURPOSE_TEST, 300));
    for (int i = 0; i < N * CHANNELS; i++) colour[i] = er_random_normal(&r);
    for (int i = 0; i < N * D; i++) x[i] = colour[i / D * CHANNELS + i % CHANNELS];
    struct limit_case c = {.text = "[conv 4 1x1, tanh, conv 4 1x1, elu, global_avg_pool, dense 1]",
                           .shape = {SIDE, SIDE, CHANNELS},
                           .options = limit_case_options(1.5, 0.1),
                           .n = N,
                           .x = x};
    if (!limit_case_kernel(&c, k[0], theta[0])) return;
    struct er_error err;
    struct er_model *model = NULL;
    struct er_limit *limit = NULL;
    T_STATUS(er_model_parse(c.text, &model, &err), ER_OK, "%s", c.text);
    T_STATUS(er_limit_new(model, c.shape, &c.options, &limit, &err), ER_OK, "its limit");
    if (limit)
        T_OK(er_limit_points_bytes(limit, N) < N * 1000.0 && er_limit_scratch_bytes(limit) > 16 * 72 * 2048.0,
             "tables are in the scratch, not in the points");
    er_limit_free(limit);
    er_model_free(model);
    c.text = "[dense 4, tanh, dense 4, elu, dense 1]";
    c.shape = (struct er_shape){1, 1, CHANNELS};
    c.x = colour;
    if (!limit_case_kernel(&c, k[1], theta[1])) return;
    for (int i = 0; i < N * N; i++) {
        T_CLOSE(k[0][i], k[1][i], 1e-11, "images of one colour: K %d", i);
        T_CLOSE(theta[0][i], theta[1][i], 1e-11, "images of one colour: Theta %d", i);
    }
}

int main(void)
{
    test_shapes();
    test_activations();
    test_tables_of_tiles();
    return t_done();
}
