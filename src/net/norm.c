/* norm.c - norms of weights, and of the map that they make of one row. */
#include "net/norm.h"

#include "net/net.h"

#include <ermine/memory.h>
#include <ermine/norm.h>
#include <ermine/spectrum.h>
#include <math.h>
#include <string.h>

static const double TOLERANCE = 1e-6;
enum { APPLIES = 2000, LINE = ER_ALIGN / sizeof(float) };

static enum er_status not_finite(const struct er_layer *l, struct er_error *err)
{
    return er_fail(err, ER_E_NONFINITE, "layer %lld, %s: a weight is not finite", (long long)l->index + 1,
                   l->ops->name);
}

/* The layer on one row, without its bias. It holds its products until it is closed. */
struct map {
    const struct er_layer *layer;
    struct er_layer_plan plan;
    struct er_pass pass;
    float *block;
};

static float *take(float *base, int64_t *at, int64_t n)
{
    float *here = base ? base + *at : NULL;
    *at += (n + LINE - 1) / LINE * LINE;
    return here;
}

/* Lays everything out behind `base`; floats needed. */
static int64_t lay_out(struct map *m, float *base, float **w, float **y)
{
    const struct er_layer *l = m->layer;
    int64_t at = 0;
    *w = take(base, &at, l->n_parameters);
    *y = take(base, &at, l->n_out);
    m->pass.cache = take(base, &at, l->n_cache + l->n_cache_once);
    m->pass.shared = take(base, &at, m->plan.n_shared);
    m->pass.turned = take(base, &at, m->plan.n_turned);
    m->pass.scratch = take(base, &at, m->plan.n_scratch);
    return at;
}

static void close_map(struct map *m)
{
    er_free(m->block);
    er_gemm_release();
}

/* To be closed whether it succeeds or not. */
static enum er_status open_map(struct map *m, const struct er_layer *l, int64_t n_weights, const float *w,
                               struct er_error *err)
{
    float *own, *y;
    *m = (struct map){.layer = l, .plan = {.rows = 1}};
    er_gemm_hold();
    if (l->ops->plan) {
        enum er_status status = l->ops->plan(l, &m->plan, err);
        if (status != ER_OK) return status;
    }
    m->block = er_alloc(lay_out(m, NULL, &own, &y), sizeof *m->block);
    if (!m->block) return er_fail(err, ER_E_NOMEM, "norm: out of memory");
    lay_out(m, m->block, &own, &y);
    if (n_weights > 0) memcpy(own, w, (size_t)n_weights * sizeof *own);
    m->pass.plan = &m->plan;
    m->pass.parts = 1;
    m->pass.w = own;
    m->pass.y = y;
    m->pass.wants_dx = true;
    return ER_OK;
}

static enum er_status apply(void *ctx, const float *v, float *out, struct er_error *err)
{
    const struct map *m = ctx;
    struct er_pass p = m->pass;
    (void)err;
    p.x = v;
    p.y = out;
    m->layer->ops->forward(m->layer, &p);
    return ER_OK;
}

static enum er_status apply_transposed(void *ctx, const float *v, float *out, struct er_error *err)
{
    const struct map *m = ctx;
    struct er_pass p = m->pass;
    (void)err;
    p.dy = v;
    p.dx = out;
    if (m->layer->ops->prepare) m->layer->ops->prepare(m->layer, &p);
    m->layer->ops->backward_x(m->layer, &p);
    return ER_OK;
}

static enum er_status spectral(const struct er_layer *l, int64_t n_weights, const float *w, double *out,
                               struct er_error *err)
{
    struct map m;
    enum er_status status = open_map(&m, l, n_weights, w, err);
    const struct er_linear_map b = {.rows = l->n_out,
                                    .columns = l->n_in,
                                    .ctx = &m,
                                    .apply = apply,
                                    .apply_transposed = apply_transposed};
    if (status == ER_OK)
        status = er_operator_norm(&b, TOLERANCE, APPLIES, 0, er_stream(ER_PURPOSE_PROBES, l->index), out,
                                  NULL, err);
    close_map(&m);
    return status;
}

enum er_status er_norm_linear(const struct er_layer *l, enum er_norm which, int64_t fan_in, int64_t outputs,
                              float factor, const float *w, double *out, struct er_error *err)
{
    const double s = fabs((double)factor);
    double squares = 0, two_one = 0, one_inf = 0;
    for (int64_t o = 0; o < outputs; o++) {
        double square = 0, size = 0;
        for (int64_t i = 0; i < fan_in; i++) {
            const double v = (double)w[i * outputs + o];
            square += v * v;
            size += fabs(v);
        }
        squares += square;
        two_one += sqrt(square);
        one_inf = fmax(one_inf, size);
    }
    if (!isfinite(squares)) return not_finite(l, err);
    if (which == ER_NORM_SPECTRAL) return spectral(l, fan_in * outputs, w, out, err);
    *out = s * (which == ER_NORM_FROBENIUS ? sqrt(squares) : which == ER_NORM_TWO_ONE ? two_one : one_inf);
    return ER_OK;
}

/* The norms of maps, and not of matrices of weights: spectral and one-inf. */
static enum er_status check_of_map(const struct er_layer *l, enum er_norm which, struct er_error *err)
{
    if (which == ER_NORM_SPECTRAL || which == ER_NORM_ONE_INF) return ER_OK;
    return er_fail(err, ER_E_UNSUPPORTED, "layer %lld, %s: has no matrix of weights to take this norm of",
                   (long long)l->index + 1, l->ops->name);
}

enum er_status er_norm_factors(const struct er_layer *l, enum er_norm which, double most, double *out,
                               struct er_error *err)
{
    enum er_status status = check_of_map(l, which, err);
    if (status != ER_OK) return status;
    if (!isfinite(most)) return not_finite(l, err);
    *out = most;
    return ER_OK;
}

enum er_status er_norm_means(const struct er_layer *l, enum er_norm which, double *out, struct er_error *err)
{
    enum er_status status = check_of_map(l, which, err);
    if (status == ER_OK && which == ER_NORM_SPECTRAL) return spectral(l, 0, NULL, out, err);
    if (status == ER_OK) *out = 1;
    return status;
}

/* The node of the i-th layer with a matrix of weights, or -1. */
static int64_t find(const struct er_net *net, int64_t i)
{
    for (int64_t j = 0; j < net->n; j++)
        if (net->node[j].layer.ops->mixes_features && i-- == 0) return j;
    return -1;
}

bool er_net_weight_layer(const struct er_net *net, int64_t i, struct er_weight_layer *out)
{
    const int64_t j = find(net, i);
    if (j < 0) return false;
    const struct er_layer *l = &net->node[j].layer;
    *out = (struct er_weight_layer){
        .index = (int64_t)l->index, .name = l->ops->name, .at = net->bound[j].at, .n = l->n_parameters};
    return true;
}

enum er_status er_net_norm(const struct er_net *net, int64_t i, enum er_norm which, const float *w,
                           double *out, struct er_error *err)
{
    const int64_t j = find(net, i);
    if (j < 0)
        return er_fail(err, ER_E_USAGE, "norm: the net has no layer with weights of number %lld",
                       (long long)i);
    const struct er_layer *l = &net->node[j].layer;
    return l->ops->norm(l, which, w + net->bound[j].at, NULL, out, err);
}

enum er_status er_net_map_norm(const struct er_net *net, int64_t index, enum er_norm which,
                               const struct er_network *network, double *out, struct er_error *err)
{
    int64_t j = 0;
    while (j < net->n && (int64_t)net->node[j].layer.index != index) j++;
    if (j == net->n)
        return er_fail(err, ER_E_USAGE, "norm: the net has no layer of number %lld", (long long)index);
    const struct er_layer *l = &net->node[j].layer;
    const struct er_bound *bound = &net->bound[j];
    if (bound->passes) return er_norm_factors(l, which, 1, out, err);
    if (!l->ops->norm)
        return er_fail(err, ER_E_UNSUPPORTED, "layer %lld, %s: is no linear map of one input",
                       (long long)l->index + 1, l->ops->name);
    return l->ops->norm(l, which, network->w + bound->at,
                        l->n_statistics ? network->statistics + bound->statistics_at : NULL, out, err);
}
