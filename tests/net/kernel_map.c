/* The kernel maps of pointwise layers, written in many ways: their duals against integrals of what `series` gives, so that
 * arguments and the dual's parameters cannot disagree.
 *
 *     T = E f(u) f(v)     T' = E f'(u) f'(v)     u = sqrt(q1) z1     v = (c / sqrt(q1)) z1 + sqrt(q2 - c^2 / q1) z2
 *
 * Gauss-Legendre in z1 and z2 on both sides of where u and v are 0, as there are kinks there; what lies beyond REACH is
 * below 1e-16 for all but an exponential, whose own centre is at 3.
 */
#include "t.h"

#include "net/layer.h"
#include "net/model.h"
#include "support/written.h"

enum { NODES = 48, BOTH = 2 * NODES, MOST_TABLE = 4096 };

static const double REACH = 12;

static double node[NODES], weight[NODES]; /* on [0, 1] */

/* Zeros of the Legendre polynomial by Newton's method. */
static void set_nodes(void)
{
    for (int i = 0; i < NODES; i++) {
        double x = cos(acos(-1) * (i + 0.75) / (NODES + 0.5)), slope = 1;
        for (int step = 0; step < 8; step++) {
            double p = 1, before = 0;
            for (int k = 1; k <= NODES; k++) {
                const double next = ((2 * k - 1) * x * p - (k - 1) * before) / k;
                before = p;
                p = next;
            }
            slope = NODES * (x * p - before) / (x * x - 1);
            x -= p / slope;
        }
        node[i] = (1 + x) / 2;
        weight[i] = 1 / ((1 - x * x) * slope * slope);
    }
}

/* The rule on [-REACH, split] and [split, REACH], with the normal density. */
static void set_rule(double split, double z[BOTH], double w[BOTH])
{
    split = fmax(-REACH, fmin(REACH, split));
    for (int i = 0; i < BOTH; i++) {
        const double from = i < NODES ? -REACH : split, length = i < NODES ? split + REACH : REACH - split;
        z[i] = from + length * node[i % NODES];
        w[i] = length * weight[i % NODES] * exp(-z[i] * z[i] / 2) / sqrt(2 * acos(-1));
    }
}

/* f and f' at n places. */
static void read_series(const struct er_layer *l, int n, const double *u, double *value, double *slope)
{
    double x[2 * BOTH] = {0}, y[2 * BOTH];
    for (int i = 0; i < n; i++) x[i] = u[i], x[n + i] = 1;
    er_pointwise_series(l, 1, n, x, y);
    for (int i = 0; i < n; i++) value[i] = y[i], slope[i] = y[n + i];
}

static void integrate(const struct er_layer *l, double q1, double q2, double c, double *T, double *T1)
{
    double z1[BOTH], w1[BOTH], z2[BOTH], w2[BOTH], u[BOTH], v[BOTH], f[BOTH], f1[BOTH], g[BOTH], g1[BOTH];
    const double lean = c / sqrt(q1), rest = sqrt(q2 - c * c / q1);
    set_rule(0, z1, w1);
    for (int i = 0; i < BOTH; i++) u[i] = sqrt(q1) * z1[i];
    read_series(l, BOTH, u, f, f1);
    *T = *T1 = 0;
    for (int i = 0; i < BOTH; i++) {
        double inner = 0, inner1 = 0;
        set_rule(-lean * z1[i] / rest, z2, w2);
        for (int j = 0; j < BOTH; j++) v[j] = lean * z1[i] + rest * z2[j];
        read_series(l, BOTH, v, g, g1);
        for (int j = 0; j < BOTH; j++) inner += w2[j] * g[j], inner1 += w2[j] * g1[j];
        *T += w1[i] * f[i] * inner;
        *T1 += w1[i] * f1[i] * inner1;
    }
}

/* A point with itself: one integral, and the sizes that errors of pairs are measured by. */
static void check_self(const struct er_layer *l, const char *text, const struct er_kernel_map *map, double q,
                       const double *table, double size[2])
{
    double z[BOTH], w[BOTH], u[BOTH], f[BOTH], f1[BOTH], k = q, theta = 1;
    set_rule(0, z, w);
    for (int i = 0; i < BOTH; i++) u[i] = sqrt(q) * z[i];
    read_series(l, BOTH, u, f, f1);
    size[0] = size[1] = 0;
    for (int i = 0; i < BOTH; i++) size[0] += w[i] * f[i] * f[i], size[1] += w[i] * f1[i] * f1[i];
    map->dual->self(map->parameter, 1, &q, table, &k, &theta);
    T_CLOSE(k, size[0], 1e-10 * size[0], "%s: T of %g with itself", text, q);
    if (map->dual->slope) T_CLOSE(theta, size[1], 1e-10 * size[1], "%s: T' of %g with itself", text, q);
}

static void check_pair(const struct er_layer *l, const char *text, const struct er_kernel_map *map, double q1,
                       double q2, double c)
{
    static double table[2][MOST_TABLE];
    const struct er_dual *dual = map->dual;
    if (!T_OK(dual->width <= MOST_TABLE, "%s: a table of %d", text, (int)dual->width)) return;
    if (dual->prepare) dual->prepare(map->parameter, 1, &q1, table[0]);
    if (dual->prepare) dual->prepare(map->parameter, 1, &q2, table[1]);
    const struct er_dual_side one = {.q = &q1, .table = table[0]}, two = {.q = &q2, .table = table[1]};
    double k = c, theta = 1, T, T1, size[2][2];
    dual->pair(map->parameter, 1, &one, &two, &k, &theta);
    integrate(l, q1, q2, c, &T, &T1);
    check_self(l, text, map, q1, table[0], size[0]);
    check_self(l, text, map, q2, table[1], size[1]);
    T_CLOSE(k, T, 1e-10 * sqrt(size[0][0] * size[1][0]), "%s: T(%g, %g, %g)", text, q1, q2, c);
    if (!dual->slope) return;
    T_CLOSE(theta, T1, 1e-10 * sqrt(size[0][1] * size[1][1]), "%s: T'(%g, %g, %g)", text, q1, q2, c);
}

int main(void)
{
    static char text[WRITTEN_MOST][WRITTEN_LENGTH];
    struct er_layer_info info;
    int layers = 0;
    set_nodes();
    for (int64_t i = 0; er_layer_describe(i, &info); i++) {
        const struct er_layer_ops *ops = er_layer_find(info.name);
        if (!ops->pointwise) continue;
        T_OK(ops->kernel, "%s has a kernel map", info.name);
        for (int n = ops->kernel ? written_layers(ops, 1, text) : 0, k = 0; k < n; k++) {
            struct er_model *model = NULL;
            struct er_kernel_map map = {.form = ER_KERNEL_SUM};
            if (er_model_parse(text[k], &model, NULL) != ER_OK) continue;
            const struct er_layer *l = &model->node[0].layer;
            if (ops->kernel(l, &map, NULL) == ER_OK && map.form == ER_KERNEL_POINTWISE) {
                check_pair(l, text[k], &map, 1.3, 0.7, 0.4);
                if (k == 0) check_pair(l, text[k], &map, 0.5, 0.9, -0.3);
                layers += k == 0;
            }
            er_model_free(model);
        }
    }
    T_OK(layers >= 18, "%d layers", layers);
    return t_done();
}
