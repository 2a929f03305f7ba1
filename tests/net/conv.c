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

int main(void)
{
    sweep();
    deep();
    return t_done();
}
