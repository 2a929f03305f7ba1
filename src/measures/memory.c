/* memory.c - what measures take of memory: by their needs, and of their own. */
#include "measures/memory.h"

#include "measures/flatness.h"
#include "measures/gradient_gram.h"
#include "measures/perturbed.h"
#include "measures/subset.h"
#include "measures/tangent_gram.h"
#include "net/net.h"

#include <ermine/derivatives.h>
#include <math.h>

/* Outputs and margins of all examples, and the values of a chunk on the way to them. */
static enum er_status outputs(const struct er_net *net, int64_t m, size_t *bytes, struct er_error *err)
{
    const int64_t chunk = er_net_chunk(net);
    struct er_plan *plan = NULL;
    const enum er_status status = er_plan_new(net, m < chunk ? m : chunk, &plan, err);
    if (status != ER_OK) return status;
    const size_t example = (size_t)er_net_outputs(net) * sizeof(float) + sizeof(double);
    *bytes += er_plan_scratch_bytes(plan) + (size_t)m * example;
    er_plan_free(plan);
    return ER_OK;
}

/* Plans over the training set, and the vectors of an eigenvalue's search. */
static enum er_status derivatives(const struct er_net *net, int64_t m, size_t *bytes, struct er_error *err)
{
    enum { VECTORS = 24 };
    size_t plans;
    const enum er_status status = er_derivatives_bytes(net, false, m, 1, NULL, &plans, err);
    if (status != ER_OK) return status;
    *bytes += plans + VECTORS * (size_t)er_net_parameters(net) * sizeof(float);
    return ER_OK;
}

/* Gradients of some examples, or what the outputs see of all; and the tangent kernel. */
static size_t gradients(const struct er_net *net, int64_t m, unsigned needs)
{
    const int64_t n = m < ER_SUBSET_EXAMPLES ? m : ER_SUBSET_EXAMPLES;
    size_t bytes = 0;
    if (needs & ER_NEEDS_GRADIENTS) {
        const size_t some = er_gradient_gram_bytes(net, n), all = (size_t)er_relative_flatness_bytes(net, m);
        bytes += some > all ? some : all;
    }
    return bytes + (needs & ER_NEEDS_KERNEL ? er_tangent_gram_bytes(net, n) : 0);
}

/* In float64: matrices with batch norm folded, the same as a chain, and two copies while a norm is computed; of the
 * initial weights the first two, the way from them, and themselves. */
static size_t weights(const struct er_net *net, unsigned needs)
{
    const size_t P = (size_t)er_net_parameters(net), S = (size_t)er_net_statistics(net);
    size_t bytes = needs & ER_NEEDS_WEIGHTS ? 4 * P * sizeof(double) : 0;
    if (needs & ER_NEEDS_INITIAL) bytes += 3 * P * sizeof(double) + (P + S) * sizeof(float);
    if (needs & ER_NEEDS_FIRST_EPOCH) bytes += (P + S) * sizeof(float);
    return bytes;
}

/* The norm of a map: one row through its layer, and the vectors of a search for an eigenvalue. */
static enum er_status norms(const struct er_net *net, size_t *bytes, struct er_error *err)
{
    enum { VECTORS = 26 };
    struct er_plan *plan = NULL;
    int64_t widest = 0;
    const enum er_status status = er_plan_new(net, 1, &plan, err);
    if (status != ER_OK) return status;
    for (int64_t i = 0; i < net->n; i++) {
        const struct er_layer *l = &net->node[i].layer;
        if (l->ops->mixes_features && l->n_in + l->n_out > widest) widest = l->n_in + l->n_out;
    }
    *bytes += er_plan_scratch_bytes(plan) + VECTORS * (size_t)widest * sizeof(float);
    er_plan_free(plan);
    return ER_OK;
}

enum er_status er_measures_bytes(const char *words, const struct er_net *net, int64_t m, size_t *bytes,
                                 struct er_error *err)
{
    unsigned needs = 0;
    double own = 0;
    size_t perturbed = 0;
    enum er_status status = ER_OK;
    for (const struct er_measure *measure; (measure = er_measure_next(&words));) {
        needs |= measure->needs;
        if (measure->bytes) own = fmax(own, measure->bytes(net, m));
    }
    *bytes = weights(net, needs) + gradients(net, m, needs) + (size_t)own;
    if (needs & ER_NEEDS_WEIGHTS) status = norms(net, bytes, err);
    if (status == ER_OK && needs & ER_NEEDS_PERTURBED)
        status = er_perturbed_bytes(net, m, 1, &perturbed, err);
    *bytes += perturbed;
    if (status == ER_OK && needs & (ER_NEEDS_DERIVATIVES | ER_NEEDS_GRADIENTS | ER_NEEDS_KERNEL))
        status = derivatives(net, m, bytes, err);
    return status == ER_OK && needs & ER_NEEDS_OUTPUTS ? outputs(net, m, bytes, err) : status;
}
