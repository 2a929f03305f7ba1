/* path_norms.c - sums over the paths of a network: its forward pass with powers of its weights, node by node, each node's
 * values beside a logarithm that they are to be multiplied by the exponential of. */
#include "measures/path_norms.h"

#include "limit/finite.h"
#include "net/weights.h"

#include <ermine/memory.h>
#include <math.h>
#include <string.h>

struct paths {
    const struct er_folded *folded;
    const struct er_net *net;
    double p;
    struct er_finite *finite;
    struct er_finite_space space;
    double *w, *statistics; /* of the network that is run */
    double *ln;             /* of each node's values, the input's first; >= 0 */
};

static bool is(const struct er_layer *l, const char *name)
{
    return strcmp(l->ops->name, name) == 0;
}

/* Whether it is linear on inputs of 0 and more, with weights of 0 and more. */
static bool is_linear(const struct er_layer *l)
{
    static const char *const name[] = {"batch_norm",      "relu", "leaky_relu", "dropout",
                                       "scale",           "gain", "max_pool",   "avg_pool",
                                       "global_avg_pool", "add",  "concat"};
    if (l->ops->mixes_features) return true;
    if (is(l, "abrelu")) return l->argument[1] == 1;
    for (size_t i = 0; i < sizeof name / sizeof name[0]; i++)
        if (is(l, name[i])) return true;
    return false;
}

static enum er_status check(const struct er_net *net, struct er_error *err)
{
    for (int64_t i = 0; i < net->n; i++) {
        const struct er_layer *l = &net->node[i].layer;
        if (!net->bound[i].passes && !is_linear(l))
            return er_fail(
                err, ER_E_UNSUPPORTED,
                "layer %lld, %s: path norms are for piecewise linear networks, of relu and its kin",
                (long long)l->index + 1, l->ops->name);
    }
    return ER_OK;
}

/* |v|^p / s, which the layer multiplies by s again. */
static double power_over(double v, double p, double s)
{
    const double size = p == 1 ? fabs(v) : p == 2 ? v * v : pow(fabs(v), p);
    return s == 0 ? 0 : size / s;
}

/* Weights and biases of one map; with batch norm behind it the biases are that one's, which else does nothing. */
static void set_map(struct paths *paths, const struct er_affine *map)
{
    const struct er_layer *l = &paths->net->node[map->node].layer;
    const double *argument = er_weights_arguments(l);
    const int64_t n = map->fan_in * map->outputs;
    const double s = er_weights_exact_factor(argument, map->fan_in);
    double *w = paths->w + map->at;
    for (int64_t k = 0; k < n; k++) w[k] = power_over(s * paths->folded->w[map->at + k], paths->p, s);
    if (map->norm >= 0) {
        double *mean = paths->statistics + paths->net->bound[map->norm].statistics_at;
        for (int64_t o = 0; o < map->outputs; o++) mean[o] = -power_over(map->bias[o], paths->p, 1);
    } else if (map->biased) {
        const double t = er_weights_exact_bias_factor(argument);
        for (int64_t o = 0; o < map->outputs; o++) w[n + o] = power_over(map->bias[o], paths->p, t);
    }
}

/* Batch norm without effect, other parameters to their powers. */
static void set_others(struct paths *paths, const double *w)
{
    for (int64_t i = 0; i < paths->net->n; i++) {
        const struct er_layer *l = &paths->net->node[i].layer;
        const int64_t at = paths->net->bound[i].at;
        if (is(l, "batch_norm")) {
            double *variance = paths->statistics + paths->net->bound[i].statistics_at + l->in.channels;
            for (int64_t c = 0; c < l->in.channels; c++) {
                variance[c] = 1 - er_folded_epsilon(l);
                if (l->n_parameters > 0) paths->w[at + c] = 1;
            }
        } else if (!l->ops->mixes_features) {
            for (int64_t k = 0; k < l->n_parameters; k++)
                paths->w[at + k] = power_over(w[at + k], paths->p, 1);
        }
    }
}

static double *value_of(struct paths *paths, int64_t i)
{
    return paths->space.y + (i < 0 ? 0 : paths->finite->at[i]);
}

static int64_t size_of(const struct paths *paths, int64_t i)
{
    return i < 0 ? paths->net->n_in : paths->net->node[i].layer.n_out;
}

/* Node i's values for a larger logarithm. */
static void bring_to(struct paths *paths, int64_t i, double ln)
{
    double *y = value_of(paths, i);
    const double factor = exp(paths->ln[i + 1] - ln);
    if (paths->ln[i + 1] == ln) return;
    for (int64_t k = 0; k < size_of(paths, i); k++) y[k] *= factor;
    paths->ln[i + 1] = ln;
}

/* Biases of what follows are as large as values beside a logarithm of 0. */
static void bring_biases_to(struct paths *paths, int64_t i, double ln)
{
    const struct er_layer *l = &paths->net->node[i].layer;
    const double factor = exp(-ln);
    if (l->ops->mixes_features && er_weights_has_bias(er_weights_arguments(l))) {
        double *bias = paths->w + paths->net->bound[i].at + l->n_parameters - l->out.channels;
        for (int64_t o = 0; o < l->out.channels; o++) bias[o] *= factor;
    } else if (is(l, "batch_norm")) {
        double *mean = paths->statistics + paths->net->bound[i].statistics_at;
        for (int64_t c = 0; c < l->in.channels; c++) mean[c] *= factor;
    }
}

static enum er_status run_node(struct paths *paths, int64_t i, struct er_error *err)
{
    const struct er_node *node = &paths->net->node[i];
    const struct er_layer *l = &node->layer;
    const double *branch[ER_MODEL_MAX_BRANCHES];
    double ln = 0, most = 0, *y = value_of(paths, i);
    for (int64_t b = 0; b < node->n_from; b++) ln = fmax(ln, paths->ln[node->from[b] + 1]);
    for (int64_t b = 0; b < node->n_from; b++) {
        bring_to(paths, node->from[b], ln);
        branch[b] = value_of(paths, node->from[b]);
    }
    bring_biases_to(paths, i, ln);
    const struct er_finite_call call = {.rows = 1,
                                        .w = paths->w + paths->net->bound[i].at,
                                        .statistics = paths->statistics + paths->net->bound[i].statistics_at,
                                        .x = branch[0],
                                        .branch = branch,
                                        .y = y,
                                        .scratch = paths->space.scratch};
    paths->finite->ops[i]->forward(l, &call);
    if (is(l, "scale"))
        for (int64_t k = 0; k < l->n_out; k++) y[k] *= power_over(l->argument[0], paths->p, l->argument[0]);
    for (int64_t k = 0; k < l->n_out; k++) {
        if (!isfinite(y[k])) return er_fail(err, ER_E_NONFINITE, "path norm: a weight is not finite");
        most = fmax(most, y[k]);
    }
    paths->ln[i + 1] = ln;
    if (most > 1) bring_to(paths, i, ln + log(most));
    return ER_OK;
}

static enum er_status run(struct paths *paths, double *out, struct er_error *err)
{
    const struct er_net *net = paths->net;
    double sum = 0;
    for (int64_t k = 0; k < net->n_in; k++) paths->space.y[k] = 1;
    for (int64_t i = 0; i < net->n; i++) {
        if (net->bound[i].passes) continue;
        const enum er_status status = run_node(paths, i, err);
        if (status != ER_OK) return status;
    }
    for (int64_t k = 0; k < net->n_out; k++) sum += value_of(paths, net->output)[k];
    if (!(sum > 0))
        return er_fail(err, ER_E_UNSUPPORTED, "path norm: no path leads to an output but over a weight of 0");
    *out = log(sum) + paths->ln[net->output + 1];
    return ER_OK;
}

static enum er_status prepare(struct paths *paths, struct er_error *err)
{
    const struct er_net *net = paths->net;
    enum er_status status = check(net, err);
    if (status == ER_OK) status = er_finite_new(net, &paths->finite, err);
    if (status == ER_OK) status = er_finite_space_new(paths->finite, 1, 0, false, &paths->space, err);
    if (status != ER_OK) return status;
    paths->w = er_alloc(net->n_parameters, sizeof(double));
    paths->statistics = er_alloc(net->n_statistics, sizeof(double));
    paths->ln = er_alloc(net->n + 1, sizeof(double));
    if (paths->w && paths->statistics && paths->ln) return ER_OK;
    return er_fail(err, ER_E_NOMEM, "path norm: out of memory for %lld weights",
                   (long long)net->n_parameters);
}

enum er_status er_path_norm_ln(const struct er_folded *folded, double p, double *out, struct er_error *err)
{
    struct paths paths = {.folded = folded, .net = folded->net, .p = p};
    enum er_status status = prepare(&paths, err);
    if (status == ER_OK) {
        set_others(&paths, folded->w);
        for (int64_t i = 0; i < folded->n; i++) set_map(&paths, &folded->map[i]);
        status = run(&paths, out, err);
    }
    er_finite_free(paths.finite);
    er_finite_space_free(&paths.space);
    er_free(paths.w);
    er_free(paths.statistics);
    er_free(paths.ln);
    return status;
}
