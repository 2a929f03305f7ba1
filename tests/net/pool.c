/* Pooling: every reading against the oracle of nets over a sweep of geometries, on several threads; what
 * happens to equal values, borders and NaN; errors.
 *
 * Tolerances as in conv.c: float sums of a few dozen terms of size 1.
 */
#include "t.h"

#include "support/oracle_case.h"

#include <ermine/random.h>

static const double rounding = 1e-5;

/* `alone`: the pooling layer sees the input itself. Otherwise convolutions lie on both sides. */
static void check_case(const char *pooling, bool alone, struct er_shape in, int64_t B, uint64_t seed)
{
    char text[256];
    struct oracle_case c;
    if (alone)
        snprintf(text, sizeof text, "%s, dense", pooling);
    else
        snprintf(text, sizeof text, "conv 5 3x3, tanh, %s, conv 3 2x2, tanh, dense", pooling);
    if (oracle_case_open(&c, text, in, B, 3, "cross-entropy", seed)) {
        oracle_case_jacobian(&c, rounding);
        oracle_case_hessian(&c, rounding);
        if (seed % 3 == 0) oracle_case_parts(&c);
    }
    oracle_case_close(&c);
}

/* The paddings that a layer has, and for the mean whether they count. */
static const char *const max_paddings[] = {"valid", "same"};
static const char *const avg_paddings[] = {"valid", "same", "circular", "same count_padding=true",
                                           "circular count_padding=true"};

static void sweep(const char *name, int n, const char *const *padding)
{
    for (uint64_t i = 0; i < 120; i++) {
        struct er_random r = er_random_open(12, er_stream(ER_PURPOSE_TEST, i));
        const struct er_shape in = {1 + er_random_below(&r, 8), 1 + er_random_below(&r, 8),
                                    1 + er_random_below(&r, i % 8 ? 5 : 20)};
        const int kind = (int)er_random_below(&r, n), explicit = (int)er_random_below(&r, 2);
        int kh = 1 + (int)er_random_below(&r, 5), kw = 1 + (int)er_random_below(&r, 5);
        const int sh = 1 + (int)er_random_below(&r, 3), sw = 1 + (int)er_random_below(&r, 3);
        char text[96], stride[32] = "";
        if (kind == 0 && kh > in.height) kh = (int)in.height;
        if (kind == 0 && kw > in.width) kw = (int)in.width;
        if (explicit) snprintf(stride, sizeof stride, " stride=%dx%d", sh, sw);
        snprintf(text, sizeof text, "%s %dx%d%s padding=%s", name, kh, kw, stride, padding[kind]);
        check_case(text, i % 2, in, 1 + er_random_below(&r, 5), i);
    }
}

/* One layer by itself on one image. */
struct alone {
    struct er_layer layer;
    struct er_layer_plan plan;
    float y[64], dx[64], cache[64], ty[64];
};

static enum er_status open_alone(struct alone *a, const char *text, struct er_shape in, struct er_error *err)
{
    struct er_model *model = NULL;
    *a = (struct alone){.plan = {.rows = 1}};
    enum er_status status = er_model_parse(text, &model, err);
    if (status != ER_OK) return status;
    a->layer = model->node[0].layer;
    er_model_free(model);
    a->layer.in = in;
    return a->layer.ops->bind(&a->layer, err);
}

struct values {
    float x[16], y[16], dx[16]; /* dx for dy = 1 everywhere */
};

static void check_values(const char *text, struct er_shape in, const struct values *v)
{
    static const float ones[16] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
    struct alone a;
    struct er_error err = {0};
    T_STATUS(open_alone(&a, text, in, &err), ER_OK, "%s", text);
    if (!a.layer.ops || a.layer.n_in > 16 || a.layer.n_out > 16) return;
    const struct er_pass p = {.plan = &a.plan,
                              .parts = 1,
                              .x = v->x,
                              .y = a.y,
                              .cache = a.cache,
                              .dy = ones,
                              .dx = a.dx,
                              .ty = a.ty};
    a.layer.ops->forward(&a.layer, &p);
    a.layer.ops->backward_x(&a.layer, &p);
    a.ty[0] = 5;
    a.layer.ops->tangent(&a.layer, &p);
    T_CLOSE(a.ty[0], 0, 0, "%s: nothing moves without tx", text);
    for (int64_t i = 0; i < a.layer.n_out; i++)
        T_OK(a.y[i] == v->y[i] || (isnan((double)a.y[i]) && isnan((double)v->y[i])), "%s: y[%d] is %g", text,
             (int)i, (double)a.y[i]);
    for (int64_t i = 0; i < a.layer.n_in; i++)
        T_CLOSE(a.dx[i], v->dx[i], 0, "%s: dx[%d] of all ones", text, (int)i);
}

static void check_places(void)
{
    const float n = NAN;
    /* of equal values the first, row by row */
    check_values("max_pool 2", (struct er_shape){2, 4, 1},
                 &(struct values){{1, 3, 0, 0, 3, 2, 0, 0}, {3, 0}, {0, 1, 1, 0, 0, 0, 0, 0}});
    /* outside never wins, even against what is below 0; windows of 3 at 0, 2 begin one pixel early */
    check_values("max_pool 1x3 stride=1x2 padding=same", (struct er_shape){1, 3, 1},
                 &(struct values){{-5, -4, -6}, {-4, -4}, {0, 2, 0}});
    /* a NaN is seen, wherever it is, and its place is the first one's */
    check_values("max_pool 1x3", (struct er_shape){1, 6, 1},
                 &(struct values){{1, n, 2, n, 7, 8}, {n, n}, {0, 1, 0, 1, 0, 0}});
    check_values("max_pool 1x2", (struct er_shape){1, 2, 1},
                 &(struct values){{-INFINITY, -INFINITY}, {-INFINITY}, {1, 0}});
    /* two channels do not see each other */
    check_values("max_pool 1x2", (struct er_shape){1, 2, 2},
                 &(struct values){{1, 4, 2, 3}, {2, 4}, {0, 1, 1, 0}});
    /* means over real pixels only */
    check_values("avg_pool 1x3 stride=1x2 padding=same", (struct er_shape){1, 3, 1},
                 &(struct values){{2, 4, 8}, {3, 6}, {0.5f, 1, 0.5f}});
    /* or over the whole window, zeros outside */
    check_values("avg_pool 1x4 stride=1x2 padding=same count_padding=true", (struct er_shape){1, 3, 1},
                 &(struct values){{2, 4, 8}, {3.5f, 3}, {0.25f, 0.5f, 0.5f}});
    /* or around the image: of window 1x4 one before, one behind; a pixel may be there twice */
    check_values("avg_pool 1x4 padding=circular stride=1x2", (struct er_shape){1, 4, 1},
                 &(struct values){{1, 2, 4, 9}, {4, 4}, {0.5f, 0.5f, 0.5f, 0.5f}});
    check_values("avg_pool 1x4 padding=circular", (struct er_shape){1, 3, 1},
                 &(struct values){{4, 8, 16}, {8}, {0.5f, 0.25f, 0.25f}});
    check_values("global_avg_pool", (struct er_shape){2, 2, 2},
                 &(struct values){{1, 2, 3, 4, 5, 6, 7, 8},
                                  {4, 5},
                                  {0.25f, 0.25f, 0.25f, 0.25f, 0.25f, 0.25f, 0.25f, 0.25f}});
}

static void check_errors(void)
{
    struct alone a;
    struct er_error err = {0};
    T_STATUS(open_alone(&a, "max_pool 3x2", (struct er_shape){2, 4, 1}, &err), ER_E_SHAPE, "too tall");
    T_OK(strstr(err.msg, "3 x 2") && strstr(err.msg, "2 x 4"), "numbers in: %s", err.msg);
    T_STATUS(open_alone(&a, "avg_pool 5", (struct er_shape){8, 4, 1}, &err), ER_E_SHAPE, "too wide");
    T_STATUS(open_alone(&a, "avg_pool 5 padding=same", (struct er_shape){8, 4, 1}, &err), ER_OK, "padded");
    T_STATUS(open_alone(&a, "max_pool", (struct er_shape){8, 4, 1}, &err), ER_E_INPUT, "without a size");
    T_STATUS(open_alone(&a, "max_pool 2 padding=circular", (struct er_shape){8, 4, 1}, &err), ER_E_INPUT,
             "no circular pooling");
}

int main(void)
{
    sweep("max_pool", 2, max_paddings);
    sweep("avg_pool", 5, avg_paddings);
    for (uint64_t i = 0; i < 12; i++)
        check_case("global_avg_pool", i % 2, (struct er_shape){1 + (int64_t)i / 2, 1 + (int64_t)i % 5, 4}, 3,
                   i);
    check_places();
    check_errors();
    return t_done();
}
