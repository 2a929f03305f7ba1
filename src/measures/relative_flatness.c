/* relative_flatness.c - curvature of the training loss in the last layer with weights, relative to these
 * weights.
 *
 *     relative_flatness         sum_{s,s'} <w_s, w_s'> tr H_ss'           kappa_Tr of Petzka et al.
 *     relative_flatness_max     sum_s |w_s|^2 lambda_max(H_ss)            kappa_max
 *     relative_flatness_fam     relative_flatness / F                     as their regulariser FAM has it: by the size of a block
 *     relative_flatness_upper   |W|_F^2 tr H, H all of the layer          no less than the first
 *
 * w_s the F weights into output s, H_ss' = d2 L / d w_s d w_s', L the training loss without weight decay, in
 * evaluation; biases stay out. The layer is the last one with weights: a dense one, or a convolution to the
 * classes with batch norm, relu and means behind it, as in network in network. What lies behind must act on
 * each channel alone and be piecewise linear, so that H is closed form in the gradients of the outputs
 * (measures/flatness.h); networks that end otherwise are refused.
 *
 * Features are brought to standard deviation 1 over the training set, as in the authors' code; of a feature
 * that is constant it is its size, and weights of one that is 0 do not count. Of a convolution, a
 * feature is what the outputs see of it, d f_s / d w_sj, over examples and outputs: departure, for there the
 * code has none.
 *
 * Cost: the gradients of one combination of the outputs of all single examples, once for all four; m (O or 1)
 * F floats. Source: Petzka, Kamp, Adilova, Sminchisescu and Boley, NeurIPS 2021, definition 3; Adilova et al.,
 * "FAM", 2023.
 */
#include "core/available.h"
#include "derivatives/derivatives.h"
#include "measures/flatness.h"
#include "measures/measured.h"
#include "measures/output_hessian.h"
#include "net/weights.h"

#include <ermine/memory.h>
#include <string.h>

struct relative {
    struct er_flatness is;
    int64_t fan_in;
};

/* The last layer with weights; `same`: it gives the outputs itself. */
struct last {
    int64_t at, fan_in;
    bool same;
};

static bool acts_alone(const struct er_layer *l)
{
    static const char *const name[] = {"relu",    "leaky_relu", "abrelu",   "batch_norm", "scale",
                                       "gain",    "dropout",    "identity", "avg_pool",   "global_avg_pool",
                                       "flatten", "max_pool"};
    for (size_t i = 0; i < sizeof name / sizeof name[0]; i++)
        if (strcmp(l->ops->name, name[i]) == 0) return true;
    return false;
}

static enum er_status find_last(const struct er_net *net, struct last *out, struct er_error *err)
{
    int64_t i = net->n - 1;
    for (; i >= 0 && !net->node[i].layer.ops->mixes_features; i--) {
        const struct er_layer *l = &net->node[i].layer;
        if (!net->bound[i].passes && !acts_alone(l))
            return er_fail(err, ER_E_UNSUPPORTED,
                           "relative flatness: layer %lld, %s, behind the last weights, is not piecewise "
                           "linear on each channel alone",
                           (long long)l->index + 1, l->ops->name);
    }
    if (i < 0)
        return er_fail(err, ER_E_UNSUPPORTED, "relative flatness: the network has no layer with weights");
    const struct er_layer *l = &net->node[i].layer;
    if (l->out.channels != net->n_out)
        return er_fail(err, ER_E_UNSUPPORTED,
                       "relative flatness: the last layer with weights has %lld outputs, the network %lld",
                       (long long)l->out.channels, (long long)net->n_out);
    const int64_t biases = er_weights_has_bias(er_weights_arguments(l)) ? net->n_out : 0;
    *out = (struct last){.at = net->bound[i].at,
                         .fan_in = (l->n_parameters - biases) / net->n_out,
                         .same = net->output == i && l->n_out == net->n_out};
    return ER_OK;
}

/* Takes what the outputs see from the rows of gradients. */
struct gather {
    const struct last *last;
    struct er_flatness_layer *layer;
    int64_t P;
};

static void take(void *ctx, int64_t first, int64_t rows, const float *g)
{
    const struct gather *gather = ctx;
    struct er_flatness_layer *l = gather->layer;
    for (int64_t r = 0; r < rows; r++) {
        const float *from = g + r * gather->P + gather->last->at; /* F x O */
        float *to = l->b + (first + r) * l->kinds * l->fan_in;
        for (int64_t s = 0; s < l->kinds; s++)
            for (int64_t j = 0; j < l->fan_in; j++) to[s * l->fan_in + j] = from[j * l->units + s];
    }
}

/* b by one combination of the outputs, their sum: each sees its own weights alone. */
static enum er_status fill(struct er_measured_run *run, const struct last *last,
                           struct er_flatness_layer *layer, double *w, double *root, float *df,
                           struct er_error *err)
{
    const struct er_net *net = run->is.net;
    const int64_t m = layer->m, O = layer->units, F = layer->fan_in;
    struct er_derivatives *derivatives = NULL;
    const float *f = NULL;
    enum er_status status = er_measured_derivatives(run, &derivatives, err);
    if (status == ER_OK) status = er_measured_outputs(run, &f, err);
    if (status != ER_OK) return status;
    for (int64_t i = 0; i < m * O; i++) df[i] = 1;
    for (int64_t i = 0; i < m; i++) er_output_hessian_root(net, f + i * O, root + i * O * O);
    for (int64_t s = 0; s < O; s++)
        for (int64_t j = 0; j < F; j++) w[s * F + j] = (double)run->is.w[last->at + j * O + s];
    struct gather gather = {last, layer, er_net_parameters(net)};
    return er_derivatives_outputs(derivatives, df, take, &gather, err);
}

static double bytes_of(const struct er_net *net, const struct last *last, int64_t m)
{
    const int64_t O = net->n_out, kinds = last->same ? 1 : O;
    return (double)(m * (kinds * last->fan_in + O)) * sizeof(float) +
           (double)(m * O * (O + 1)) * sizeof(double);
}

double er_relative_flatness_bytes(const struct er_net *net, int64_t m)
{
    struct last last = {0};
    return find_last(net, &last, NULL) == ER_OK ? bytes_of(net, &last, m) : 0;
}

static enum er_status measure(struct er_measured_run *run, const struct last *last, struct er_flatness *out,
                              struct er_error *err)
{
    const int64_t m = run->is.train->n, O = run->is.net->n_out, F = last->fan_in, kinds = last->same ? 1 : O;
    enum er_status status =
        er_memory_check(bytes_of(run->is.net, last, m), "relative flatness: features of all examples", err);
    if (status != ER_OK) return status;
    float *b = er_alloc(m * kinds * F, sizeof *b), *df = er_alloc(m * O, sizeof *df);
    double *w = er_alloc(O * F, sizeof *w), *root = er_alloc(m * O * O, sizeof *root);
    struct er_flatness_layer layer = {
        .m = m, .units = O, .fan_in = F, .kinds = kinds, .w = w, .b = b, .root = root};
    if (b && df && w && root)
        status = fill(run, last, &layer, w, root, df, err);
    else
        status = er_fail(err, ER_E_NOMEM, "relative flatness: out of memory for features of %lld examples",
                         (long long)m);
    if (status == ER_OK) status = er_flatness_normalise(&layer, w, err);
    if (status == ER_OK) status = er_flatness_of(&layer, run->pool, out, err);
    er_free(b);
    er_free(df);
    er_free(w);
    er_free(root);
    return status;
}

static enum er_status make(struct er_measured_run *run, int which, void *part, struct er_error *err)
{
    struct relative *made = part;
    struct last last = {0};
    (void)which;
    enum er_status status = er_output_hessian_check(run->is.net, "relative flatness", err);
    if (status == ER_OK) status = find_last(run->is.net, &last, err);
    if (status != ER_OK) return status;
    made->fan_in = last.fan_in;
    return measure(run, &last, &made->is, err);
}

static const struct er_part relative = {"relative flatness", sizeof(struct relative), make, NULL, 0};

static enum er_status flatness(struct er_measured_run *run, struct relative *out, struct er_error *err)
{
    void *is;
    const enum er_status status = er_measured_part(run, &relative, &is, err);
    if (status == ER_OK) *out = *(const struct relative *)is;
    return status;
}

/* A measure that is an expression of the flatness `of` a run. */
#define OF_FLATNESS(NAME, VALUE)                                                                             \
    static enum er_status NAME(struct er_measured_run *run, double *out, struct er_error *err)               \
    {                                                                                                        \
        struct relative of = {0};                                                                            \
        const enum er_status status = flatness(run, &of, err);                                               \
        if (status == ER_OK) *out = (VALUE);                                                                 \
        return status;                                                                                       \
    }

OF_FLATNESS(trace, of.is.trace)
OF_FLATNESS(largest, of.is.largest)
OF_FLATNESS(fam, of.is.trace / (double)of.fan_in)
OF_FLATNESS(upper, of.is.upper)

#define FLATNESS_MEASURE(NAME, TITLE, HELP, SOURCE, COMPUTE)                                                 \
    extern const struct er_measure er_measure_##NAME;                                                        \
    const struct er_measure er_measure_##NAME = {                                                            \
        .name = #NAME,                                                                                       \
        .title = (TITLE),                                                                                    \
        .unit = "",                                                                                          \
        .help = (HELP),                                                                                      \
        .source = (SOURCE),                                                                                  \
        .direction = 1,                                                                                      \
        .family = "flatness",                                                                                \
        .invariant = ER_INVARIANT_ALL,                                                                       \
        .needs = ER_NEEDS_WEIGHTS | ER_NEEDS_TRAIN | ER_NEEDS_OUTPUTS | ER_NEEDS_GRADIENTS,                  \
        .cost = ER_COST_PASS,                                                                                \
        .compute = (COMPUTE),                                                                                \
    }

FLATNESS_MEASURE(relative_flatness, "relative flatness",
                 "sum_{s,s'} <w_s, w_s'> tr H_ss' of the last weights, features of standard deviation 1",
                 "Petzka et al., NeurIPS 2021, definition 3", trace);
FLATNESS_MEASURE(relative_flatness_max, "relative flatness by eigenvalues",
                 "sum_s |w_s|^2 lambda_max(H_ss) of the last weights, features of standard deviation 1",
                 "Petzka et al., NeurIPS 2021, section 3", largest);
FLATNESS_MEASURE(relative_flatness_fam, "relative flatness, FAM",
                 "relative_flatness over the number of weights into an output",
                 "Adilova et al., \"FAM\", 2023, the regulariser", fam);
FLATNESS_MEASURE(relative_flatness_upper, "relative flatness, upper",
                 "|W|_F^2 tr H of the last weights, features of standard deviation 1",
                 "Petzka et al., NeurIPS 2021; authors' code", upper);
