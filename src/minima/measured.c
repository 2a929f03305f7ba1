/* measured.c - the numbers of a minimum, from its weights. */
#include "minima/sampler.h"
#include "net/net.h"

#include <ermine/memory.h>
#include <ermine/networks.h>
#include <ermine/norm.h>
#include <math.h>

/* Loss and error over a set, to the bits of a training's records. */
static enum er_status evaluate(const struct er_minimum_request *request, const struct er_minimum *minimum,
                               const struct er_dataset *set, double *loss, double *error,
                               struct er_error *err)
{
    const struct er_network network = {.w = minimum->w, .statistics = minimum->statistics};
    struct er_network_measures measures = {.loss = (double)NAN, .error = (double)NAN};
    enum er_status status = ER_OK;
    if (set && set->n > 0) status = er_network_measure(request->net, &network, set, &measures, err);
    *loss = measures.loss;
    *error = measures.error;
    return status;
}

static double length(int64_t n, const float *a, const float *b)
{
    double sum = 0;
    for (int64_t i = 0; i < n; i++) {
        const double d = (double)a[i] - (b ? (double)b[i] : 0);
        sum += d * d;
    }
    return sqrt(sum);
}

enum er_status er_minimum_scale(const struct er_net *net, const float *w, double *product, int64_t *layers,
                                struct er_error *err)
{
    struct er_weight_layer layer;
    double all = 1, norm = 1;
    int64_t n = 0;
    for (; er_net_weight_layer(net, n, &layer); n++) {
        const enum er_status status = er_net_norm(net, n, ER_NORM_FROBENIUS, w, &norm, err);
        if (status != ER_OK) return status;
        all *= norm;
    }
    *product = all;
    *layers = n;
    return ER_OK;
}

double er_minimum_row_margin(const float *f, int64_t O, int32_t label)
{
    double most = -(double)INFINITY;
    if (O == 1) return label == 1 ? (double)f[0] : -(double)f[0];
    for (int64_t j = 0; j < O; j++) {
        if (isnan(f[j])) return (double)NAN;
        if (j != label && (double)f[j] > most) most = (double)f[j];
    }
    return (double)f[label] - most;
}

double er_minimum_least(double a, double b)
{
    return isnan(a) || a < b ? a : b;
}

/* Adds what examples first..first+rows-1 say: the least margin, the losses of outputs divided by `divisor`. */
static void add_rows(const struct er_net *net, const struct er_dataset *set, int64_t first, int64_t rows,
                     float *f, double divisor, double *loss, double *least, double *sum)
{
    const int64_t O = er_net_outputs(net);
    for (int64_t i = 0; i < rows; i++)
        *least = er_minimum_least(*least, er_minimum_row_margin(f + i * O, O, set->label[first + i]));
    for (int64_t i = 0; i < rows * O; i++) f[i] = (float)((double)f[i] / divisor);
    net->loss->evaluate(rows, O, f, set->label + first, 1, NULL, loss, NULL);
    for (int64_t i = 0; i < rows; i++) *sum += loss[i];
}

/* What a sweep over a set adds up. */
struct sums {
    double divisor, least, loss;
};

/* Examples from..to-1, which are whole blocks of `rows`. */
static enum er_status sweep(const struct er_net *net, const struct er_network *network,
                            const struct er_dataset *set, int64_t from, int64_t to, int64_t rows,
                            struct sums *sums, struct er_error *err)
{
    struct er_plan *plan = NULL;
    if (from == to) return ER_OK;
    enum er_status status = er_plan_new(net, rows, &plan, err);
    if (status != ER_OK) return status;
    void *scratch = er_alloc((int64_t)er_plan_scratch_bytes(plan), 1);
    float *f = er_alloc(rows * er_net_outputs(net), sizeof *f);
    double *loss = er_alloc(rows, sizeof *loss);
    if (scratch && f && loss) {
        for (int64_t i = from; i < to; i += rows) {
            er_plan_outputs(plan, network, set->x + i * er_net_inputs(net), f, scratch);
            add_rows(net, set, i, rows, f, sums->divisor, loss, &sums->least, &sums->loss);
        }
    } else {
        status =
            er_fail(err, ER_E_NOMEM, "minima: out of memory for outputs of %lld examples", (long long)rows);
    }
    er_free(scratch);
    er_free(f);
    er_free(loss);
    er_plan_free(plan);
    return status;
}

/* Margin and normalised loss; NaN for a net without layers with weights. */
static enum er_status normalise(const struct er_minimum_request *request, struct er_minimum *minimum,
                                struct er_error *err)
{
    const struct er_network network = {.w = minimum->w, .statistics = minimum->statistics};
    const struct er_net *net = request->net;
    const struct er_dataset *set = request->train;
    const int64_t chunk = er_net_chunk(net), whole = set->n - set->n % chunk;
    double product;
    int64_t layers;
    minimum->margin = minimum->normalised_loss = (double)NAN;
    enum er_status status = er_minimum_scale(net, minimum->w, &product, &layers, err);
    if (status != ER_OK || layers == 0 || product == 0) return status;
    struct sums sums = {.divisor = product / pow(3, (double)layers), .least = (double)INFINITY};
    status = sweep(net, &network, set, 0, whole, chunk, &sums, err);
    if (status == ER_OK) status = sweep(net, &network, set, whole, set->n, set->n - whole, &sums, err);
    if (status != ER_OK) return status;
    minimum->margin = sums.least / product;
    minimum->normalised_loss = sums.loss / (double)set->n;
    return ER_OK;
}

enum er_status er_minimum_measure(const struct er_minimum_request *request, struct er_minimum *minimum,
                                  struct er_error *err)
{
    const int64_t P = er_net_parameters(request->net);
    enum er_status status =
        evaluate(request, minimum, request->train, &minimum->train_loss, &minimum->train_error, err);
    if (status == ER_OK)
        status = evaluate(request, minimum, request->test, &minimum->test_loss, &minimum->test_error, err);
    if (status == ER_OK) status = normalise(request, minimum, err);
    if (status != ER_OK) return status;
    minimum->interpolates = minimum->train_error == 0;
    minimum->norm = length(P, minimum->w, NULL);
    minimum->distance = minimum->initial ? length(P, minimum->w, minimum->initial) : (double)NAN;
    return ER_OK;
}
