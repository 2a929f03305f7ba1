/* network_measure.c - loss and error of a network over a set, chunk after chunk as in a training's records.
 */
#include "core/available.h"
#include "net/net.h"

#include <ermine/memory.h>
#include <ermine/networks.h>
#include <inttypes.h>

/* Adds the sums over examples from..to, which are whole batches of `rows`. */
static enum er_status add(const struct er_net *net, const struct er_network *network,
                          const struct er_dataset *set, int64_t from, int64_t to, int64_t rows,
                          struct er_network_measures *sum, struct er_error *err)
{
    struct er_plan *plan = NULL;
    if (from == to) return ER_OK;
    enum er_status status = er_plan_new(net, rows, &plan, err);
    if (status != ER_OK) return status;
    /* A model in a file from elsewhere may be small in weights and large in between. */
    const size_t bytes = er_plan_scratch_bytes(plan);
    void *scratch = NULL;
    status = er_memory_check((double)bytes, "network: values of a batch", err);
    if (status == ER_OK) scratch = er_alloc((int64_t)bytes, 1);
    if (status == ER_OK && !scratch)
        status = er_fail(err, ER_E_NOMEM, "network: out of memory for batches of %" PRId64, rows);
    for (int64_t i = from; i < to && status == ER_OK; i += rows) {
        double loss;
        int64_t errors;
        er_plan_loss(plan, network, set->x + i * net->n_in, set->label + i, &loss, &errors, scratch);
        sum->loss += loss;
        sum->errors += errors;
    }
    er_free(scratch);
    er_plan_free(plan);
    return status;
}

enum er_status er_network_measure(const struct er_net *net, const struct er_network *network,
                                  const struct er_dataset *set, struct er_network_measures *out,
                                  struct er_error *err)
{
    struct er_network_measures sum = {0};
    const int64_t chunk = er_net_chunk(net), whole = set->n - set->n % chunk;
    if (set->n < 1) return er_fail(err, ER_E_USAGE, "there are no examples to evaluate the network on");
    enum er_status status = er_net_check_data(net, set, err);
    if (status == ER_OK) status = add(net, network, set, 0, whole, chunk, &sum, err);
    if (status == ER_OK) status = add(net, network, set, whole, set->n, set->n - whole, &sum, err);
    if (status != ER_OK) return status;
    out->errors = sum.errors;
    out->loss = sum.loss / (double)set->n;
    out->error = (double)sum.errors / (double)set->n;
    return ER_OK;
}
