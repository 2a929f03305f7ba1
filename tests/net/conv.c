/* Convolutions: every reading against the oracle of nets over a sweep of geometries, on several threads, and
 * what must hold without an oracle.
 *
 * Sums have at most 5 x 5 x 5 terms and their float sums err by sqrt(n) ulp or so, tangents and gradients
 * over a batch by a little more: 1e-5 of the largest entry, and 1e-5 of the sum of sizes for inner products.
 */
#include "t.h"

#include "support/oracle_case.h"

#include <ermine/random.h>

static const double rounding = 1e-5;

struct geometry {
    int64_t h, w, c, o, kh, kw, sh, sw, dh, dw, groups, B;
    int padding;
};

static const char *const paddings[] = {"same", "valid", "circular"};

static void write(char text[256], const struct geometry *g, const char *more)
{
    snprintf(text, 256,
             "conv %d %dx%d stride=%dx%d dilation=%dx%d padding=%s groups=%d init=ntk scale=1.5 "
             "bias_scale=0.7%s",
             (int)g->o, (int)g->kh, (int)g->kw, (int)g->sh, (int)g->sw, (int)g->dh, (int)g->dw,
             paddings[g->padding], (int)g->groups, more);
}

static struct geometry draw_geometry(uint64_t i)
{
    struct er_random r = er_random_open(11, er_stream(ER_PURPOSE_TEST, 100 + i));
    struct geometry g = {.kh = 1 + er_random_below(&r, 5),
                         .kw = 1 + er_random_below(&r, 5),
                         .sh = 1 + er_random_below(&r, 3),
                         .sw = 1 + er_random_below(&r, 3),
                         .dh = 1 + er_random_below(&r, 2),
                         .dw = 1 + er_random_below(&r, 2),
                         .h = 1 + er_random_below(&r, 8),
                         .w = 1 + er_random_below(&r, 8),
                         .B = 1 + er_random_below(&r, 5),
                         .padding = (int)er_random_below(&r, 3)};
    if (er_random_below(&r, 2)) g.sh = g.sw = 1; /* half of them the fast way back */
    const int64_t kind = er_random_below(&r, 3);
    g.c = kind == 1 ? 2 * (1 + er_random_below(&r, 2)) : 1 + er_random_below(&r, 5);
    g.groups = kind == 0 ? 1 : kind == 1 ? 2 : g.c;
    g.o = g.groups * (1 + er_random_below(&r, 20 / g.groups));
    if (i % 8 == 0) g.groups = 1, g.o = 16 + (int64_t)(i / 8 % 2);
    return g;
}

static bool fits(const struct geometry *g)
{
    return g->padding != 1 || ((g->kh - 1) * g->dh + 1 <= g->h && (g->kw - 1) * g->dw + 1 <= g->w);
}

static void sweep(void)
{
    int done = 0;
    for (uint64_t i = 0; i < 400; i++) {
        const struct geometry g = draw_geometry(i);
        char text[256];
        struct oracle_case c;
        if (!fits(&g)) continue;
        write(text, &g, i % 3 ? "" : " bias=true");
        const struct er_shape in = {g.h, g.w, g.c};
        struct network *probe = network_new(text, g.h, g.w, g.c, 2, "mean-squared");
        const bool one = probe && network_width(probe) < 2; /* too few for a loss */
        network_free(probe);
        if (one) continue;
        if (oracle_case_open(&c, text, in, g.B, 2, "mean-squared", i)) {
            oracle_case_jacobian(&c, rounding);
            if (i % 4 == 0) oracle_case_parts(&c);
            done++;
        }
        oracle_case_close(&c);
    }
    T_OK(done > 250, "%d geometries fit", done);
}

/* Two layers, so that both factors of every product have tangents and dx is wanted. */
static void deep(void)
{
    for (uint64_t i = 0; i < 120; i++) {
        const struct geometry first = draw_geometry(1000 + i);
        struct geometry second = draw_geometry(2000 + i);
        char text[600], a[256], b[256];
        struct oracle_case c;
        if (second.padding == 1) second.padding = 0;
        second.groups = i % 3 == 0 ? first.o : 1;
        second.o = second.groups * 2;
        if (!fits(&first)) continue;
        write(a, &first, "");
        write(b, &second, "");
        snprintf(text, sizeof text, "%s, tanh, %s, tanh, dense", a, b);
        const struct er_shape in = {first.h, first.w, first.c};
        if (oracle_case_open(&c, text, in, first.B, 3, "cross-entropy", i)) {
            oracle_case_jacobian(&c, rounding);
            oracle_case_hessian(&c, rounding);
            if (i % 4 == 0) oracle_case_parts(&c);
        }
        oracle_case_close(&c);
    }
}

/* Images of more than one block of rows, and of the last one shorter. */
static void large(void)
{
    static const char *const texts[] = {
        "conv 40 1x1, tanh, global_avg_pool, dense",
        "conv 40 3x3, relu, conv 24 1x1, tanh, global_avg_pool, dense",
        "conv 16 2x2 stride=2, tanh, conv 33 1x1 groups=1 padding=circular, max_pool 2, global_avg_pool, "
        "dense",
        "conv 6 3x3 groups=3, sin, conv 6 3x3 groups=6 dilation=3, global_avg_pool, dense"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct oracle_case c;
        if (oracle_case_open(&c, texts[i], (struct er_shape){31, 29, 3}, 2, 3, "cross-entropy", i)) {
            oracle_case_jacobian(&c, rounding);
            oracle_case_parts(&c);
        }
        oracle_case_close(&c);
    }
}

static struct er_net *open_net(const char *text, struct er_shape in, int64_t classes, enum er_status want,
                               struct er_error *err)
{
    struct er_model *model = NULL;
    struct er_net *net = NULL;
    er_model_parse(text, &model, err);
    const enum er_status got = model ? er_net_new(model, in, classes, "mean-squared", &net, err) : ER_E_INPUT;
    T_EQ_INT(got, want, "%s: %s", text, want == ER_OK ? "fits" : err->msg);
    er_model_free(model);
    return net;
}

/* Outputs of a net on one image; w as it starts, biases and all. */
static void outputs(const struct er_net *net, const float *x, float *f)
{
    struct er_plan *plan = NULL;
    if (!T_OK(er_plan_new(net, 1, &plan, NULL) == ER_OK, "a plan")) return;
    float *w = er_alloc(er_net_parameters(net), sizeof *w);
    void *scratch = er_alloc((int64_t)er_plan_scratch_bytes(plan), 1);
    er_net_initialise(net, 5, w, NULL);
    er_plan_outputs(plan, &(struct er_network){.w = w}, x, f, scratch);
    er_free(w);
    er_free(scratch);
    er_plan_free(plan);
}

/* Shifting the image around shifts what a circular convolution of stride 1 makes of it, to the bit. */
static void shifts(void)
{
    enum { H = 5, W = 4, C = 2, O = 3 };
    float x[H * W * C], moved[H * W * C], f[H * W * O], g[H * W * O];
    struct er_error err = {0};
    struct er_random r = er_random_open(13, er_stream(ER_PURPOSE_TEST, 0));
    struct er_net *net =
        open_net("conv 3 3x4 padding=circular dilation=2x1 bias_scale=1, tanh, conv 3 7x2 padding=circular",
                 (struct er_shape){H, W, C}, H * W * O, ER_OK, &err);
    if (!net) return;
    for (int i = 0; i < H * W * C; i++) x[i] = (float)er_random_normal(&r);
    outputs(net, x, f);
    for (int down = 0; down < H; down++)
        for (int right = 0; right < W; right++) {
            int wrong = 0;
            for (int i = 0; i < H * W * C; i++)
                moved[((i / C / W + down) % H * W + (i / C + right) % W) * C + i % C] = x[i];
            outputs(net, moved, g);
            for (int i = 0; i < H * W * O; i++)
                wrong += g[((i / O / W + down) % H * W + (i / O + right) % W) * O + i % O] != f[i];
            T_EQ_INT(wrong, 0, "circular: shifted by %d, %d", down, right);
        }
    er_net_free(net);
}

static void errors(void)
{
    static const struct {
        const char *text, *says[2];
    } wrong[] = {
        {"conv 4 5x3 padding=valid", {"5 x 3", "4 x 6"}},
        {"conv 4 3x3 dilation=2 padding=valid", {"5 x 5", "4 x 6"}},
        {"conv 4 3 groups=2", {"2 groups", "3 input"}},
        {"conv 4 3 groups=3", {"3 groups", "4 output"}},
        {"conv 4 bias=false bias_scale=1", {"bias_scale", "bias=false"}},
        {"conv 1048576 1024", {"2147483648", "weights"}},
        {"conv 1 1024 dilation=1024", {"2147483648", "pixels"}},
    };
    struct er_error err = {0};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        const enum er_status want = i < 5 ? ER_E_SHAPE : ER_E_LIMIT;
        er_net_free(open_net(wrong[i].text, (struct er_shape){4, 6, 3}, 2, want, &err));
        T_OK(strstr(err.msg, wrong[i].says[0]) && strstr(err.msg, wrong[i].says[1]), "says: %s", err.msg);
    }
}

/* A fan-in of 144 and a fan-out of 288: sqrt(2 / 144), sqrt(2 / 432), sqrt(1 / 144). The standard deviation
 * of n draws errs by 1 / sqrt(2 n) of itself; five of those. */
static void initial_weights(void)
{
    static const struct {
        const char *init;
        double std;
    } rows[] = {{"he", 0.11785113}, {"glorot", 0.06804138}, {"standard", 0.08333333}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[96];
        double square = 0;
        struct er_error err = {0};
        snprintf(text, sizeof text, "conv 64 3x3 groups=2 init=%s", rows[i].init);
        struct er_net *net = open_net(text, (struct er_shape){2, 2, 32}, 256, ER_OK, &err);
        if (!net) continue;
        const int64_t n = 9 * 16 * 64, P = er_net_parameters(net);
        T_EQ_INT(P, n + 64, "%s: parameters", text);
        T_CLOSE(er_net_flops(net), 2.0 * 4 * 64 * 9 * 16, 0, "%s: operations", text);
        float *w = er_alloc(P, sizeof *w);
        er_net_initialise(net, 1, w, NULL);
        for (int64_t j = 0; j < n; j++) square += (double)w[j] * (double)w[j];
        T_CLOSE(sqrt(square / (double)n), rows[i].std, 5 * rows[i].std / sqrt(2.0 * (double)n), "%s", text);
        for (int64_t j = n; j < P; j++) T_CLOSE(w[j], 0, 0, "%s: bias", text);
        er_free(w);
        er_net_free(net);
    }
}

int main(void)
{
    sweep();
    deep();
    large();
    shifts();
    errors();
    initial_weights();
    return t_done();
}
