/* posterior_wide.c - kernel, its factor, samples. */
#include "experiments/posterior_wide.h"

#include "core/available.h"
#include "math/arccosine.h"
#include "math/normal.h"
#include "net/net.h"
#include "net/weights.h"

#include <ermine/memory.h>
#include <ermine/random.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 256 };             /* samples of a task */
static const double tiny = 1e-12; /* of a variance: rounding of K leaves less of it unexplained */

static bool is(const struct er_layer *layer, const char *name)
{
    return strcmp(layer->ops->name, name) == 0;
}

bool er_wide_has(const struct er_net *net)
{
    bool dense = false; /* the layer before was */
    for (int64_t i = 0; i < net->n; i++) {
        const struct er_layer *layer = &net->node[i].layer;
        if (net->bound[i].passes) continue;
        if (!is(layer, dense ? "relu" : "dense")) return false;
        dense = !dense;
    }
    return dense && net->n_out == 1;
}

/* Variances of one weight and of a bias, as the layer acts. */
static void variances(const struct er_layer *layer, double *weight, double *bias)
{
    const double *argument = er_weights_arguments(layer);
    const double s = (double)er_weights_factor(argument, layer->n_in),
                 t = (double)er_weights_bias_factor(argument);
    struct er_layer_laws laws;
    layer->ops->laws(layer, &laws);
    const double of_law = laws.uniform ? 1.0 / 3 : 1;
    *weight = of_law * s * s * laws.scale * laws.scale;
    *bias = er_weights_has_bias(argument) ? of_law * t * t * laws.bias_scale * laws.bias_scale : 0;
}

static void apply_relu(int64_t m, double *k)
{
    for (int64_t i = 0; i < m; i++)
        for (int64_t j = 0; j < i; j++) {
            const double size = sqrt(k[i * m + i] * k[j * m + j]);
            k[i * m + j] = k[j * m + i] = size > 0 ? size * er_arccosine_1(k[i * m + j] / size) / 2 : 0;
        }
    for (int64_t i = 0; i < m; i++) k[i * m + i] /= 2;
}

void er_wide_kernel(const struct er_net *net, int64_t m, const float *x, double *k)
{
    const int64_t d = net->n_in;
    bool first = true;
    for (int64_t i = 0; i < m; i++)
        for (int64_t j = 0; j < m; j++) {
            double sum = 0;
            for (int64_t c = 0; c < d; c++) sum += (double)x[i * d + c] * (double)x[j * d + c];
            k[i * m + j] = sum;
        }
    for (int64_t n = 0; n < net->n; n++) {
        const struct er_layer *layer = &net->node[n].layer;
        double weight, bias;
        if (net->bound[n].passes) continue;
        if (is(layer, "relu")) {
            apply_relu(m, k);
            continue;
        }
        variances(layer, &weight, &bias);
        if (!first) weight *= (double)layer->n_in; /* K is a mean over units; of the inputs it is a sum */
        for (int64_t i = 0; i < m * m; i++) k[i] = bias + weight * k[i];
        first = false;
    }
}

/* k <- L, lower triangle: K = L L' of a matrix that may be singular. */
static void factorise(int64_t m, double *k)
{
    for (int64_t j = 0; j < m; j++) {
        const double variance = k[j * m + j];
        double left = variance;
        for (int64_t c = 0; c < j; c++) left -= k[j * m + c] * k[j * m + c];
        const double pivot = left > tiny * variance ? sqrt(left) : 0;
        k[j * m + j] = pivot;
        for (int64_t i = j + 1; i < m; i++) {
            double sum = k[i * m + j];
            for (int64_t c = 0; c < j; c++) sum -= k[i * m + c] * k[j * m + c];
            k[i * m + j] = pivot > 0 ? sum / pivot : 0;
        }
    }
}

/* One sample's function and weight. */
struct sampled {
    double name, weight;
};

struct sampling {
    const struct er_dataset *train, *test;
    const double *l; /* of n + M rows */
    double *z;       /* n + M for each worker */
    uint64_t seed;
    int64_t samples;
    struct sampled *sampled;
    const struct er_progress *progress;
};

static double predicted(const double *row, int64_t i, const double *z)
{
    double mean = 0;
    for (int64_t j = 0; j < i; j++) mean += row[j] * z[j];
    return mean;
}

static struct sampled draw(const struct sampling *s, int64_t number, double *z)
{
    const int64_t n = s->train->n, m = n + s->test->n;
    struct er_random r = er_random_open(s->seed, er_stream(ER_PURPOSE_GAUSSIAN_PROCESS, (uint64_t)number));
    struct sampled out = {.weight = 1};
    for (int64_t i = 0; i < n; i++) {
        const double sign = s->train->label[i] ? 1 : -1, mean = predicted(s->l + i * m, i, z),
                     pivot = s->l[i * m + i], u = er_random_uniform(&r) + 0x1p-54;
        const double part = pivot > 0 ? er_normal_cdf(sign * mean / pivot) : sign * mean > 0;
        out.weight *= part;
        z[i] = pivot > 0 && part > 0 ? -sign * er_normal_quantile(u * part) : 0;
    }
    double power = 1;
    for (int64_t i = n; i < m; i++) {
        z[i] = er_random_normal(&r);
        if (predicted(s->l + i * m, i, z) + s->l[i * m + i] * z[i] > 0) out.name += power;
        power *= 2;
    }
    return out;
}

static void draw_block(void *ctx, int64_t task, int worker)
{
    const struct sampling *s = ctx;
    const int64_t from = task * BLOCK, to = from + BLOCK < s->samples ? from + BLOCK : s->samples;
    double *z = s->z + worker * (s->train->n + s->test->n);
    for (int64_t i = from; i < to && !er_progress_stopped(s->progress); i++) s->sampled[i] = draw(s, i, z);
}

static int by_name(const void *left, const void *right)
{
    const struct sampled *a = left, *b = right;
    if (a->name != b->name) return a->name < b->name ? -1 : 1;
    return (a->weight > b->weight) - (a->weight < b->weight); /* so that sums have one order */
}

/* Samples of one function put together. */
static void gather(const struct sampling *s, struct er_wide *out)
{
    double all = 0;
    qsort(s->sampled, (size_t)s->samples, sizeof *s->sampled, by_name);
    for (int64_t i = 0; i < s->samples; i++) {
        if (out->n == 0 || out->function[out->n - 1].name != s->sampled[i].name)
            out->function[out->n++] = (struct er_wide_function){.name = s->sampled[i].name};
        out->function[out->n - 1].share += s->sampled[i].weight;
        all += s->sampled[i].weight;
    }
    out->evidence = all / (double)s->samples;
    if (all == 0) out->n = 0;
    for (int64_t i = 0; i < out->n; i++) out->function[i].share /= all;
}

enum er_status er_wide_sample(const struct er_net *net, const struct er_dataset *train,
                              const struct er_dataset *test, uint64_t seed, int64_t samples,
                              struct er_pool *pool, const struct er_progress *progress, struct er_wide *out,
                              struct er_error *err)
{
    const int64_t m = train->n + test->n, d = er_net_inputs(net);
    enum er_status status = er_memory_check((double)m * (double)m * sizeof(double),
                                            "posterior: kernels of its Gaussian process", err);
    if (status != ER_OK) return status;
    struct er_wide wide = {.function = er_alloc(samples, sizeof *wide.function)};
    float *x = er_alloc(m * d, sizeof *x);
    double *k = er_alloc(m * m, sizeof *k);
    struct sampling s = {.train = train,
                         .test = test,
                         .l = k,
                         .z = er_alloc(m * er_pool_threads(pool), sizeof *s.z),
                         .seed = seed,
                         .samples = samples,
                         .sampled = er_alloc(samples, sizeof *s.sampled),
                         .progress = progress};
    if (wide.function && x && k && s.z && s.sampled) {
        memcpy(x, train->x, (size_t)(train->n * d) * sizeof *x);
        memcpy(x + train->n * d, test->x, (size_t)(test->n * d) * sizeof *x);
        er_wide_kernel(net, m, x, k);
        factorise(m, k);
        er_pool_run(pool, (samples + BLOCK - 1) / BLOCK, draw_block, &s);
        if (er_progress_stopped(progress)) {
            er_free(wide.function);
            status = er_fail(err, ER_E_STOPPED, "posterior: stopped");
        } else {
            gather(&s, &wide);
            *out = wide;
        }
    } else {
        er_free(wide.function);
        status = er_fail(err, ER_E_NOMEM, "posterior: out of memory for %lld samples of a Gaussian process",
                         (long long)samples);
    }
    er_free(x);
    er_free(k);
    er_free(s.z);
    er_free(s.sampled);
    return status;
}

double er_wide_share(const struct er_wide *wide, double name)
{
    int64_t from = 0, to = wide->n;
    while (from < to) {
        const int64_t middle = from + (to - from) / 2;
        if (wide->function[middle].name < name)
            from = middle + 1;
        else
            to = middle;
    }
    return from < wide->n && wide->function[from].name == name ? wide->function[from].share : 0;
}
