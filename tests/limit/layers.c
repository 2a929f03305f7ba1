/* Every layer of the list: its exact kernel map against networks of that very layer, drawn and averaged. All nets have one
 * hidden layer of weights, or are linear in what comes behind it, so that means are unbiased at any width; layer_norm alone
 * is off by its width's inverse. Bounds are at SIGMAS standard errors: of all comparisons here (fewer than 1000) one in
 * 2000 seeds would fail by chance, and the seed is fixed. */
#include "t.h"

#include <ermine/empirical.h>
#include <ermine/limit.h>
#include <math.h>
#include <string.h>

#include "net/layer.h"
#include "net/net.h"

#define D "init=ntk scale=1.2 bias_scale=0.3"
static const double SIGMAS = 5;

/* How a layer is written in a net: vectors 1 x 1 x 3, or images 4 x 4 x 2. A pointwise layer that is not here, or only by its
 * arguments, stands between two dense ones. */
static const struct {
    const char *layer, *arguments, *text;
    bool image;
    double bias; /* relative */
} row[] = {
    {"dense", .text = "[dense 16 " D ", relu, dense " D "]"},
    {"conv",
     .text = "[conv 16 3x3 " D ", relu, conv 8 2x2 padding=valid stride=2 " D ", flatten, dense " D "]",
     .image = true},
    {"avg_pool", .text = "[conv 16 3x3 " D ", relu, avg_pool 2 stride=1 padding=same, flatten, dense " D "]",
     .image = true},
    {"global_avg_pool", .text = "[conv 16 3x3 padding=circular " D ", erf, global_avg_pool, dense " D "]",
     .image = true},
    {"flatten", .text = "[conv 16 3x3 " D ", erf, flatten, dense " D "]", .image = true},
    {"dropout", .text = "[dense 16 " D ", relu, dropout 0.3, dense " D "]"},
    {"identity", .text = "[dense 16 " D ", identity, dense " D "]"},
    {"add", .text = "[dense 16 " D ", add: [[relu, dense 16 " D "], identity], dense " D "]"},
    {"multiply", .text = "[multiply: [[dense 16 " D ", relu], [dense 16 " D ", erf]], dense " D "]"},
    {"concat", .text = "[concat: [[dense 8 " D ", relu], [dense 24 " D ", erf]], dense " D "]"},
    {"layer_norm", .text = "[dense 256 " D ", layer_norm affine=false, relu, dense " D "]",
     .bias = 4.0 / 256},
    {"leaky_relu", .arguments = "slope=0.2"},
    {"abrelu", .arguments = "-0.5 1.5"},
    {"exp", .arguments = "rate=0.3"},
    {"monomial", .arguments = "2"},
    {"rectified_monomial", .arguments = "2"},
    {"polynomial", .arguments = "0.3 -0.5 0.2 0.1"},
    {"scale", .arguments = "-0.7"},
    {"rbf", .arguments = "0.5"},
};
enum { ROWS = sizeof row / sizeof row[0] };

enum { POINTS = 3, NETWORKS = 300 };

/* Two matrices of POINTS x POINTS: exact, and drawn with their standard errors. */
static void compare(const char *text, const char *what, const double *exact, const double *mean,
                    const double *error, double bias)
{
    double size = 0;
    for (int i = 0; i < POINTS; i++) size = fmax(size, fabs(exact[i * POINTS + i]));
    for (int i = 0; i < POINTS; i++)
        for (int j = i; j < POINTS; j++) {
            const int at = i * POINTS + j;
            T_CLOSE(mean[at], exact[at], SIGMAS * error[at] + (bias + 1e-12) * size, "%s: %s[%d,%d]", text,
                    what, i, j);
        }
}

/* Whether the layer has a kernel at all: else its refusal names it. */
static bool try_text(const char *layer, const char *text, bool image, double bias)
{
    enum { MOST = POINTS * 32 };
    double x[MOST], exact[2 * POINTS * POINTS], mean[4 * POINTS * POINTS];
    const int N = POINTS * POINTS;
    const struct er_shape shape = image ? (struct er_shape){4, 4, 2} : (struct er_shape){1, 1, 3};
    const struct er_sampled_kernels out = {mean, mean + N, mean + 2 * N, mean + 3 * N};
    struct er_limit_options options = er_limit_defaults();
    struct er_model *model = NULL;
    struct er_net *net = NULL;
    struct er_finite *finite = NULL;
    struct er_limit *limit = NULL;
    struct er_limit_points *points = NULL;
    struct er_pool *pool = NULL;
    struct er_error err;
    for (int i = 0; i < MOST; i++) x[i] = cos(1 + 2.7 * i) + (i % 3 == 0 ? 0.4 : 0);
    T_STATUS(er_model_parse(text, &model, &err), ER_OK, "%s", text);
    if (!model) return false;
    T_STATUS(er_net_bind(model, shape, 1, &net, &err), ER_OK, "%s: a net", text);
    T_STATUS(er_finite_new(net, &finite, &err), ER_OK, "%s: in float64", text);
    T_STATUS(er_pool_new(1, &pool, &err), ER_OK, "a pool");
    enum er_status status = er_limit_new(model, shape, &options, &limit, &err);
    if (status != ER_OK && strstr(err.msg, "sign")) { /* has no tangent kernel */
        options.ntk = false;
        status = er_limit_new(model, shape, &options, &limit, &err);
    }
    if (status != ER_OK) T_OK(strstr(err.msg, layer), "%s: refused by name: %s", text, err.msg);
    if (status == ER_OK && finite) {
        double *theta = options.ntk ? exact + N : NULL;
        T_STATUS(er_limit_points_new(limit, POINTS, x, false, pool, NULL, &points, &err), ER_OK, "%s: points",
                 text);
        T_STATUS(er_limit_kernel(points, NULL, exact, theta, pool, NULL, &err), ER_OK, "%s: exact", text);
        T_STATUS(er_sampled_kernel(finite, POINTS, x, 0, NULL,
                                   &(struct er_sampled_options){.networks = NETWORKS, .seed = 7}, &out, pool,
                                   NULL, &err),
                 ER_OK, "%s: drawn", text);
        compare(text, "K", exact, mean, mean + N, bias);
        if (options.ntk) compare(text, "Theta", exact + N, mean + 2 * N, mean + 3 * N, bias);
    }
    er_limit_points_free(points);
    er_limit_free(limit);
    er_pool_free(pool);
    er_finite_free(finite);
    er_net_free(net);
    er_model_free(model);
    return status == ER_OK;
}

int main(void)
{
    struct er_layer_info info;
    int exact = 0, kernels = 0;
    for (int64_t i = 0; er_layer_describe(i, &info); i++) {
        const char *arguments = "", *text = NULL;
        char made[300];
        bool image = false;
        double bias = 0;
        for (int r = 0; r < ROWS; r++)
            if (strcmp(row[r].layer, info.name) == 0) {
                arguments = row[r].arguments ? row[r].arguments : "";
                text = row[r].text;
                image = row[r].image;
                bias = row[r].bias;
            }
        if (!text && !er_layer_find(info.name)->kernel) {
            printf("# %s: none\n", info.name);
            continue;
        }
        if (!T_OK(text || er_layer_find(info.name)->pointwise, "%s has a row", info.name)) continue;
        kernels++;
        snprintf(made, sizeof made, "[dense 16 " D ", %s %s, dense " D "]", info.name, arguments);
        exact += try_text(info.name, text ? text : made, image, bias);
    }
    T_OK(exact == kernels && exact >= 31, "%d layers of %d that say so have an exact kernel", exact, kernels);
    return t_done();
}
