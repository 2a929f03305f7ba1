/* vc.c - VC dimension of a piecewise linear network, and the bound made of it.
 *
 *     VCdim <= n + w log2(2 r log2 r),  r = 2 e R       er_vc_dimension(); the stages here
 *     L <= Lhat + sqrt(2 ln min((e m / D)^D, 2^m) / m) + sqrt(ln(1/delta) / (2 m))
 *
 * A stage is a layer of units that choose their piece by a sign: relu and leaky_relu, of the units' own inputs; max
 * pooling, of the differences of all pairs in a window. The last stage is the decision: the sign of one output, or of the
 * differences of all pairs of K outputs, of which the predicted class is a function. So the dimension is that of the
 * class of "x is predicted wrongly as y", whose labelings are no more than those of predictions: with two classes the
 * usual VC dimension. Degrees: a layer with weights multiplies its inputs, polynomials in earlier weights, by its own.
 * Batch norm behind weights is folded into them, and adds the biases that they lack. In a net with branches a stage
 * counts the weights of all layers before it.
 *
 * The printed theorem has one output and p + 1 pieces in all layers, R = sum_i i k_i for relu.
 */
#include "measures/measured.h"
#include "net/net.h"
#include "net/pooling.h"
#include "net/weights.h"

#include <ermine/bounds.h>
#include <ermine/memory.h>
#include <string.h>

struct walk {
    const struct er_net *net;
    struct er_vc_stage *stage;
    int64_t n;
    double *degree;    /* of each node's outputs */
    double parameters; /* so far */
};

static bool is(const struct er_layer *l, const char *name)
{
    return strcmp(l->ops->name, name) == 0;
}

static double degree_before(const struct walk *w, int64_t i)
{
    const struct er_node *node = &w->net->node[i];
    double most = 0;
    for (int64_t k = 0; k < node->n_from; k++)
        if (node->from[k] >= 0 && w->degree[node->from[k]] > most) most = w->degree[node->from[k]];
    return most;
}

static void add_stage(struct walk *w, double signs, double degree)
{
    if (signs > 0 && degree > 0) w->stage[w->n++] = (struct er_vc_stage){w->parameters, signs, degree};
}

/* The nearest node before i that does not pass its input on, or NULL. */
static const struct er_layer *before(const struct er_net *net, int64_t i)
{
    int64_t from = net->node[i].from[0];
    while (from >= 0 && net->bound[from].passes) from = net->node[from].from[0];
    return from >= 0 ? &net->node[from].layer : NULL;
}

/* Biases that batch norm adds to the layer that it is folded into; negative where there is none to fold it into. */
static int64_t folded(const struct er_net *net, int64_t i)
{
    const struct er_layer *weights = before(net, i);
    if (!weights || !weights->ops->mixes_features) return -1;
    return er_weights_has_bias(er_weights_arguments(weights)) ? 0 : weights->out.channels;
}

static enum er_status add_node(struct walk *w, int64_t i, struct er_error *err)
{
    const struct er_layer *l = &w->net->node[i].layer;
    const double degree = degree_before(w, i);
    w->degree[i] = degree;
    const bool linear_join = l->ops->join && !is(l, "multiply");
    if (w->net->bound[i].passes || linear_join || is(l, "dropout") || is(l, "scale") || is(l, "avg_pool") ||
        is(l, "global_avg_pool"))
        return ER_OK;
    if (l->ops->mixes_features || is(l, "gain")) {
        w->parameters += (double)l->n_parameters;
        w->degree[i] = degree + 1;
    } else if (is(l, "relu") || is(l, "leaky_relu") || is(l, "abrelu")) {
        add_stage(w, (double)l->n_out, degree);
    } else if (is(l, "max_pool")) {
        const struct er_pooling p = er_pooling_of(l);
        const double taps = (double)(p.rows.size * p.columns.size);
        add_stage(w, (double)l->n_out * taps * (taps - 1) / 2, degree);
    } else if (is(l, "batch_norm") && folded(w->net, i) >= 0) {
        w->parameters += (double)folded(w->net, i);
    } else {
        return er_fail(err, ER_E_UNSUPPORTED,
                       "layer %lld, %s: is not piecewise linear, as the VC dimension asks for",
                       (long long)l->index + 1, l->ops->name);
    }
    return ER_OK;
}

/* All stages; `w` has room for them. */
static enum er_status walk_net(struct walk *w, struct er_error *err)
{
    const double O = (double)w->net->n_out;
    for (int64_t i = 0; i < w->net->n; i++) {
        const enum er_status status = add_node(w, i, err);
        if (status != ER_OK) return status;
    }
    if (!(w->parameters > 0))
        return er_fail(err, ER_E_UNSUPPORTED, "the network has no parameters, and no VC dimension");
    add_stage(w, O > 1 ? O * (O - 1) / 2 : 1, w->degree[w->net->output]);
    return ER_OK;
}

static enum er_status dimension(const struct er_net *net, double *out, struct er_error *err)
{
    struct walk w = {.net = net, .stage = er_alloc(net->n + 1, sizeof *w.stage)};
    enum er_status status = ER_E_NOMEM;
    w.degree = er_alloc(net->n, sizeof *w.degree);
    if (w.stage && w.degree)
        status = walk_net(&w, err);
    else
        er_fail(err, ER_E_NOMEM, "measures: out of memory");
    if (status == ER_OK) *out = er_vc_dimension(w.stage, w.n);
    er_free(w.stage);
    er_free(w.degree);
    return status;
}

static enum er_status compute(struct er_measured_run *run, double *out, struct er_error *err)
{
    return dimension(run->is.net, out, err);
}

static enum er_status bound(struct er_measured_run *run, double *out, struct er_error *err)
{
    double D, error;
    enum er_status status = dimension(run->is.net, &D, err);
    if (status == ER_OK) status = er_measured_train_error(run, &error, err);
    if (status != ER_OK) return status;
    *out = error + er_bound_vc(D, (double)run->is.train->n, ER_MEASURE_DELTA);
    return ER_OK;
}

#define SOURCE "Bartlett, Harvey, Liaw and Mehrabian, JMLR 2019, theorem 6"

extern const struct er_measure er_measure_vc_dimension, er_measure_vc_bound;
const struct er_measure er_measure_vc_dimension = {
    .name = "vc_dimension",
    .title = "largest VC dimension",
    .unit = "",
    .help = "upper bound on the VC dimension of the model: about (parameters) (depth) log (units)",
    .source = SOURCE,
    .logarithmic = true,
    .direction = 1,
    .scale = ER_RANK_NUMERATOR,
    .family = "capacity",
    .invariant = ER_INVARIANT_ALL,
    .cost = ER_COST_MODEL,
    .compute = compute,
};
const struct er_measure er_measure_vc_bound = {
    .name = "vc_bound",
    .title = "VC dimension",
    .unit = "",
    .help = "bound by the VC dimension of the model; with fewer examples than that it says nothing",
    .source = SOURCE "; Mohri et al. 2018, corollary 3.19",
    .direction = 1,
    .family = "capacity",
    .invariant = ER_INVARIANT_ALL,
    .guarantee = ER_GUARANTEE_NETWORK,
    .needs = ER_NEEDS_TRAIN | ER_NEEDS_OUTPUTS,
    .cost = ER_COST_PASS,
    .compute = bound,
};
