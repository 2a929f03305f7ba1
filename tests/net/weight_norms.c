/* Norms of layers with weights by er_net_norm(): the spectral norm against the singular values of the map
 * that the oracle of nets writes out, the others against sums.
 *
 * The spectral norm is asked for to 1e-6, from products in float32 of a few dozen terms: 1e-5.
 */
#include "t.h"

#include "oracles/network.h"
#include "oracles/svd.h"

#include <ermine/norm.h>
#include <ermine/random.h>

/* A net of one layer, its weights, and the same in double. */
struct fixture {
    struct er_net *net;
    struct network *oracle;
    int64_t P, D, K;
    float *w;
    double *w64;
};

static bool open_fixture(struct fixture *f, const char *text, struct er_shape in, uint64_t seed)
{
    struct er_model *model = NULL;
    struct er_error err = {0};
    *f = (struct fixture){.D = er_shape_size(in)};
    f->oracle = network_new(text, in.height, in.width, in.channels, 2, "mean-squared");
    if (!T_OK(f->oracle != NULL, "%s: the oracle takes it", text)) return false;
    f->K = network_width(f->oracle);
    T_STATUS(er_model_parse(text, &model, &err), ER_OK, "%s", text);
    T_STATUS(er_net_new(model, in, f->K, "mean-squared", &f->net, &err), ER_OK, "%s", text);
    er_model_free(model);
    if (!f->net) return false;
    f->P = er_net_parameters(f->net);
    f->w = er_alloc(f->P, sizeof *f->w);
    f->w64 = er_alloc(f->P, sizeof *f->w64);
    struct er_random r = er_random_open(14, er_stream(ER_PURPOSE_TEST, seed));
    for (int64_t i = 0; i < f->P; i++) f->w64[i] = (double)(f->w[i] = (float)er_random_normal(&r));
    return true;
}

static void close_fixture(struct fixture *f)
{
    er_net_free(f->net);
    network_free(f->oracle);
    er_free(f->w);
    er_free(f->w64);
}

/* The largest singular value of the map: the outputs for unit vectors, less those for 0. */
static double largest(struct fixture *f)
{
    double *matrix = er_alloc(f->K * f->D, sizeof *matrix), *x = er_alloc(f->D, sizeof *x);
    double *y = er_alloc(2 * f->K, sizeof *y), *s = er_alloc(f->D, sizeof *s), *at_0 = y + f->K;
    network_outputs(f->oracle, f->w64, NULL, false, 1, x, at_0);
    for (int64_t j = 0; j < f->D; j++) {
        x[j] = 1;
        network_outputs(f->oracle, f->w64, NULL, false, 1, x, y);
        x[j] = 0;
        for (int64_t i = 0; i < f->K; i++) matrix[i * f->D + j] = y[i] - at_0[i];
    }
    svd_values(f->K, f->D, matrix, s);
    const double top = s[0];
    er_free(matrix);
    er_free(x);
    er_free(y);
    er_free(s);
    return top;
}

static void check(const char *text, struct er_shape in, int64_t fan_in, int64_t outputs, double factor,
                  uint64_t seed)
{
    struct fixture f;
    struct er_error err = {0};
    if (open_fixture(&f, text, in, seed)) {
        double norm[4] = {0}, squares = 0, two_one = 0, one_inf = 0;
        for (int which = 0; which < 4; which++)
            T_STATUS(er_net_norm(f.net, 0, (enum er_norm)which, f.w, &norm[which], &err), ER_OK,
                     "%s: norm %d", text, which);
        for (int64_t o = 0; o < outputs; o++) {
            double square = 0, size = 0;
            for (int64_t i = 0; i < fan_in; i++) {
                square += f.w64[i * outputs + o] * f.w64[i * outputs + o];
                size += fabs(f.w64[i * outputs + o]);
            }
            squares += square;
            two_one += sqrt(square);
            if (size > one_inf) one_inf = size;
        }
        const double top = largest(&f);
        T_CLOSE(norm[ER_NORM_SPECTRAL], top, 1e-5 * top, "%s: spectral", text);
        T_CLOSE(norm[ER_NORM_FROBENIUS], factor * sqrt(squares), 1e-6 * sqrt(squares), "%s: frobenius", text);
        T_CLOSE(norm[ER_NORM_TWO_ONE], factor * two_one, 1e-6 * two_one, "%s: two-one", text);
        T_CLOSE(norm[ER_NORM_ONE_INF], factor * one_inf, 1e-6 * one_inf, "%s: one-inf", text);
    }
    close_fixture(&f);
}

static void convolutions(void)
{
    static const char *const paddings[] = {"same", "valid", "circular"};
    uint64_t seed = 1;
    for (int p = 0; p < 3; p++)
        for (int stride = 1; stride <= 3; stride++)
            for (int dilation = 1; dilation <= 2; dilation++)
                for (int groups = 1; groups <= 2; groups++) {
                    char text[128];
                    snprintf(text, sizeof text,
                             "conv 4 2x3 stride=%d dilation=%d padding=%s groups=%d init=ntk scale=2", stride,
                             dilation, paddings[p], groups);
                    const int64_t fan_in = 2 * 3 * 2 / groups;
                    check(text, (struct er_shape){5, 6, 2}, fan_in, 4, 2 / sqrt((double)fan_in), seed++);
                }
}

static void refusals(void)
{
    struct er_model *model = NULL;
    struct er_net *net = NULL;
    struct er_error err = {0};
    struct er_weight_layer layer;
    double out = -7;
    er_model_parse("conv 2 3x3, batch_norm, add: [[conv 2 1x1 bias=false], identity], relu, dense", &model,
                   &err);
    T_STATUS(er_net_new(model, (struct er_shape){4, 4, 1}, 3, "cross-entropy", &net, &err), ER_OK, "a net");
    er_model_free(model);
    if (!net) return;
    const int64_t at[] = {0, 24, 28}, n[] = {20, 4, 99};
    static const char *const names[] = {"conv", "conv", "dense"};
    for (int64_t i = 0; i < 3; i++) {
        if (!T_OK(er_net_weight_layer(net, i, &layer), "layer %d", (int)i)) continue;
        T_EQ_STR(layer.name, names[i], "its name");
        T_EQ_INT(layer.at, at[i], "where its parameters are");
        T_EQ_INT(layer.n, n[i], "how many");
    }
    T_OK(!er_net_weight_layer(net, 3, &layer), "three layers have weights");
    float *w = er_alloc(er_net_parameters(net), sizeof *w);
    T_STATUS(er_net_norm(net, 3, ER_NORM_FROBENIUS, w, &out, &err), ER_E_USAGE, "beyond");
    T_STATUS(er_net_norm(net, -1, ER_NORM_FROBENIUS, w, &out, &err), ER_E_USAGE, "before");
    T_STATUS(er_net_norm(net, 1, ER_NORM_SPECTRAL, w, &out, &err), ER_OK, "of weights 0");
    T_CLOSE(out, 0, 0, "a norm of 0");
    for (int which = 0; which < 4; which++) {
        out = -7;
        w[at[1] + 2] = which % 2 ? NAN : INFINITY;
        T_STATUS(er_net_norm(net, 1, (enum er_norm)which, w, &out, &err), ER_E_NONFINITE, "norm %d", which);
        T_CLOSE(out, -7, 0, "untouched");
        T_STATUS(er_net_norm(net, 0, (enum er_norm)which, w, &out, &err), ER_OK, "its neighbour's");
    }
    w[at[1] + 2] = 1;
    T_ALLOCATIONS(er_net_norm(net, 1, ER_NORM_SPECTRAL, w, &out, &err), (void)0, "spectral, memory");
    er_free(w);
    er_net_free(net);
}

/* Layers as maps, by their numbers in the text. */
static void maps(void)
{
    static const struct {
        const char *name;
        double norm; /* -1: none; -2: that of er_net_norm() */
    } want[] = {{"conv", -2},     {"batch_norm", 2 / 1.5}, {"add", -1},  {"conv", -2}, {"identity", 1},
                {"relu", -1},     {"avg_pool", 0.5},       {"gain", 3},  {"scale", 4}, {"dropout", 1},
                {"max_pool", -1}, {"flatten", 1},          {"dense", -2}};
    enum { LAYERS = sizeof want / sizeof *want };
    const char *text =
        "conv 2 3x3, batch_norm epsilon=1e-12, add: [[conv 2 1x1 bias=false], identity], relu, "
        "avg_pool 2, gain, scale -4, dropout 0.5, max_pool 1, flatten, dense";
    struct er_model *model = NULL;
    struct er_net *net = NULL;
    struct er_error err = {0};
    T_STATUS(er_model_parse(text, &model, &err), ER_OK, "a model");
    if (model)
        T_STATUS(er_net_new(model, (struct er_shape){4, 4, 1}, 3, "hinge", &net, &err), ER_OK, "a net");
    er_model_free(model);
    if (!net) return;
    const int64_t P = er_net_parameters(net), at_gain = P - 3 * 9 - 1, at_norm = 2 * 9 + 2;
    float *w = er_alloc(P, sizeof *w), statistics[] = {5, 6, 2.25F, 1};
    er_net_initialise(net, 3, w, statistics);
    const struct er_network network = {.w = w, .statistics = statistics, .training = true};
    statistics[2] = 2.25F;
    w[at_norm] = -2;
    w[at_norm + 1] = 1;
    w[at_gain] = -3;
    for (int64_t i = 0, weights = 0; i < LAYERS; i++) {
        double norm[4] = {-1, -1, -1, -1}, same = -2;
        for (int k = 0; k < 4; k++) {
            const bool has =
                want[i].norm != -1 && (want[i].norm == -2 || k == ER_NORM_SPECTRAL || k == ER_NORM_ONE_INF);
            T_STATUS(er_net_map_norm(net, i, (enum er_norm)k, &network, &norm[k], &err),
                     has ? ER_OK : ER_E_UNSUPPORTED, "%s: norm %d", want[i].name, k);
            T_OK(has || (norm[k] == -1 && strstr(err.msg, want[i].name)), "refused by name: %s", err.msg);
            if (want[i].norm != -2) continue;
            er_net_norm(net, weights, (enum er_norm)k, w, &same, &err);
            T_CLOSE(norm[k], same, 0, "%s: norm %d of its weights", want[i].name, k);
        }
        weights += want[i].norm == -2;
        if (want[i].norm > 0)
            T_CLOSE(norm[ER_NORM_SPECTRAL], want[i].norm, 1e-5 * want[i].norm, "%s", want[i].name);
    }
    double out = -7;
    T_STATUS(er_net_map_norm(net, LAYERS, ER_NORM_SPECTRAL, &network, &out, &err), ER_E_USAGE, "beyond");
    T_STATUS(er_net_map_norm(net, -1, ER_NORM_SPECTRAL, &network, &out, &err), ER_E_USAGE, "before");
    statistics[3] = NAN;
    T_STATUS(er_net_map_norm(net, 1, ER_NORM_SPECTRAL, &network, &out, &err), ER_E_NONFINITE, "a variance");
    w[at_gain] = INFINITY;
    T_STATUS(er_net_map_norm(net, 7, ER_NORM_ONE_INF, &network, &out, &err), ER_E_NONFINITE, "a gain");
    T_CLOSE(out, -7, 0, "untouched");
    er_free(w);
    er_net_free(net);
}

int main(void)
{
    maps();
    convolutions();
    check("conv 3 5x5", (struct er_shape){2, 3, 2}, 50, 3, 1, 100);
    check("conv 3 5x5 padding=circular", (struct er_shape){2, 3, 2}, 50, 3, 1, 101);
    check("dense 6", (struct er_shape){1, 1, 9}, 9, 6, 1, 102);
    check("dense 40 init=ntk scale=3", (struct er_shape){2, 3, 3}, 18, 40, 3 / sqrt(18), 103);
    refusals();
    return t_done();
}
