/* Every pointwise layer of the list, written in several ways: its dual activation, with the parameters that its kernel reading
 * gives, against the expectation of its own value and slope in float64 over pairs of Gaussians. */
#include "t.h"

#include "math/series.h"
#include "net/layer.h"
#include "net/model.h"
#include "support/written.h"

enum { WAYS = 12, SIDE = 78, NODES = 2 * SIDE + 1 };

static const double q1 = 0.9, q2 = 0.5, c = -0.3;

static bool open(const char *text, struct er_layer *out)
{
    struct er_model *model = NULL;
    if (er_model_parse(text, &model, NULL) != ER_OK) return false;
    *out = model->node[0].layer;
    er_model_free(model);
    return true;
}

/* f and f' at n numbers. */
static void values(const struct er_layer *l, int64_t n, const double *x, double *y, double *slope)
{
    static double in[2 * NODES], out[2 * NODES];
    for (int64_t i = 0; i < n; i++) in[i] = x[i], in[n + i] = 1;
    l->ops->pointwise->series(l, 1, n, in, out);
    for (int64_t i = 0; i < n; i++) y[i] = out[i], slope[i] = out[n + i];
}

/* E f(u) f(v) and E f'(u) f'(v) by the trapezoidal rule with steps of h, from -SIDE h to SIDE h. */
static void expectations(const struct er_layer *l, double h, double *T, double *slope)
{
    const double rest = sqrt(q2 - c * c / q1), weight = h * h / (2 * M_PI);
    double x[NODES], y[NODES], dy[NODES], u[NODES] = {0}, v[NODES], dv[NODES];
    int n = 0;
    for (int i = -SIDE; i <= SIDE; i++) x[n++] = h * i;
    for (int i = 0; i < n; i++) u[i] = sqrt(q1) * x[i];
    values(l, n, u, y, dy);
    *T = *slope = 0;
    for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) u[j] = c / sqrt(q1) * x[i] + rest * x[j];
        values(l, n, u, v, dv);
        for (int j = 0; j < n; j++) {
            const double density = weight * exp(-(x[i] * x[i] + x[j] * x[j]) / 2);
            *T += density * y[i] * v[j];
            *slope += density * dy[i] * dv[j];
        }
    }
}

static double self(const struct er_kernel_map *map, double q, const double *table, double *slope)
{
    double k = q;
    *slope = 1;
    map->dual->self(map->parameter, 1, &q, table, &k, slope);
    return k;
}

/* The rule's error is taken from two steps, the wider with the wider range too; a function that they can't resolve (a wave of
 * 1e4 radians) is let go. */
static bool check(const struct er_layer *l, const struct er_kernel_map *map, const char *text)
{
    double coarse[2], fine[2], got[2] = {c, 1}, own[2][2];
    double *table = er_alloc(2 * map->dual->width + 1, sizeof *table);
    if (!T_OK(table, "memory")) return false;
    if (map->dual->prepare) {
        map->dual->prepare(map->parameter, 1, &q1, table);
        map->dual->prepare(map->parameter, 1, &q2, table + map->dual->width);
    }
    const struct er_dual_side one = {&q1, table, 1}, two = {&q2, table + map->dual->width, 0};
    map->dual->pair(map->parameter, 1, &one, &two, &got[0], &got[1]);
    own[0][0] = self(map, q1, one.table, &own[0][1]);
    own[1][0] = self(map, q2, two.table, &own[1][1]);
    er_free(table);
    expectations(l, 1 / 6.0, &coarse[0], &coarse[1]);
    expectations(l, 1 / 12.0, &fine[0], &fine[1]);
    bool resolved = true;
    for (int i = 0; i < (map->dual->slope ? 2 : 1); i++) {
        const double size = sqrt(own[0][i] * own[1][i]), error = fabs(coarse[i] - fine[i]);
        resolved = resolved && error <= 0.03 * size && isfinite(size);
        if (!resolved) break;
        T_CLOSE(got[i], fine[i], 4 * error + 1e-10 * size, "%s: %s", text, i ? "E f' f'" : "E f f");
    }
    return resolved;
}

int main(void)
{
    static char text[WRITTEN_MOST][WRITTEN_LENGTH];
    struct er_layer_info info;
    int layers = 0;
    for (int64_t i = 0; er_layer_describe(i, &info); i++) {
        const struct er_layer_ops *ops = er_layer_find(info.name);
        if (!ops->pointwise || !ops->forward) continue;
        if (strcmp(info.name, "scale") == 0) continue;
        int resolved = 0;
        T_OK(ops->kernel, "%s has a kernel", info.name);
        if (!ops->kernel) continue;
        const int n = written_layers(ops, 1, text);
        for (int k = 0; k < n && k < WAYS; k++) {
            struct er_layer l;
            struct er_kernel_map map;
            struct er_error err;
            if (!open(text[k], &l)) continue;
            T_STATUS(ops->kernel(&l, &map, &err), ER_OK, "%s: its kernel", text[k]);
            if (!T_OK(map.form == ER_KERNEL_POINTWISE, "%s: its form", text[k])) continue;
            resolved += check(&l, &map, text[k]);
        }
        printf("# %s: %d of %d\n", info.name, resolved, n);
        T_OK(resolved > 0, "%s: one at least is resolved", info.name);
        layers++;
    }
    T_OK(layers >= 18, "%d layers", layers);
    return t_done();
}
