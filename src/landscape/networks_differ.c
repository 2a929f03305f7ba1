/* networks_differ.c - two networks on the same examples, chunk after chunk. */
#include "net/net.h"

#include <ermine/memory.h>
#include <ermine/paths.h>
#include <math.h>

/* The class of a row of outputs: the largest one; of a single output its sign. */
static int64_t predicted(const float *f, int64_t O)
{
    int64_t best = 0;
    if (O == 1) return f[0] > 0;
    for (int64_t k = 1; k < O; k++)
        if (f[k] > f[best]) best = k;
    return best;
}

static void compare(const float *f, const float *g, int64_t rows, int64_t O, int64_t *different,
                    double *largest)
{
    for (int64_t i = 0; i < rows * O; i++) {
        const double off = fabs((double)f[i] - (double)g[i]);
        if (!(off <= *largest)) *largest = off; /* NaN stays */
    }
    for (int64_t i = 0; i < rows; i++) *different += predicted(f + i * O, O) != predicted(g + i * O, O);
}

/* Compares on examples from..to-1, which are whole batches of `rows`. */
static enum er_status add(const struct er_net *net, const struct er_network *a, const struct er_network *b,
                          const struct er_dataset *set, int64_t from, int64_t to, int64_t rows,
                          int64_t *different, double *largest, struct er_error *err)
{
    struct er_plan *plan = NULL;
    if (from == to) return ER_OK;
    enum er_status status = er_plan_new(net, rows, &plan, err);
    if (status != ER_OK) return status;
    const int64_t O = net->n_out;
    float *f = er_alloc(2 * rows * O, sizeof *f);
    void *scratch = er_alloc((int64_t)er_plan_scratch_bytes(plan), 1);
    if (f && scratch)
        for (int64_t i = from; i < to; i += rows) {
            er_plan_outputs(plan, a, set->x + i * net->n_in, f, scratch);
            er_plan_outputs(plan, b, set->x + i * net->n_in, f + rows * O, scratch);
            compare(f, f + rows * O, rows, O, different, largest);
        }
    else
        status = er_fail(err, ER_E_NOMEM, "network: out of memory for a batch");
    er_free(f);
    er_free(scratch);
    er_plan_free(plan);
    return status;
}

enum er_status er_networks_differ(const struct er_net *net, const struct er_network *a,
                                  const struct er_network *b, const struct er_dataset *set,
                                  struct er_networks_difference *out, struct er_error *err)
{
    const int64_t chunk = er_net_chunk(net), whole = set->n - set->n % chunk;
    int64_t different = 0;
    double largest = 0;
    if (set->n < 1) return er_fail(err, ER_E_USAGE, "there are no examples to compare networks on");
    enum er_status status = er_net_check_data(net, set, err);
    if (status == ER_OK) status = add(net, a, b, set, 0, whole, chunk, &different, &largest, err);
    if (status == ER_OK)
        status = add(net, a, b, set, whole, set->n, set->n - whole, &different, &largest, err);
    if (status == ER_OK) *out = (struct er_networks_difference){(double)different / (double)set->n, largest};
    return status;
}
