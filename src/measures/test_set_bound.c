/* test_set_bound.c - what examples that training has not seen say: Hoeffding's inequality for one network.
 *
 *     L <= Ltest + sqrt(ln(1/delta) / (2 t))       t test examples, over whose draw it holds
 *
 * It fails with probability delta for a network that was chosen without a look at the test set: not for the best
 * of several by their test error.
 */
#include "measures/measured.h"

#include <ermine/bounds.h>

static enum er_status compute(struct er_measured_run *run, double *out, struct er_error *err)
{
    double error;
    const enum er_status status = er_measured_test_error(run, &error, err);
    if (status != ER_OK) return status;
    *out = error + er_bound_hoeffding((double)run->is.test->n, ER_MEASURE_DELTA, false);
    return ER_OK;
}

extern const struct er_measure er_measure_test_set_bound;
const struct er_measure er_measure_test_set_bound = {
    .name = "test_set_bound",
    .title = "test set",
    .unit = "",
    .help = "bound by the test error itself, over the draw of the test set: what others are held against",
    .source = "Hoeffding 1963; Mohri et al. 2018, corollary 2.11",
    .direction = 1,
    .family = "bounds",
    .invariant = ER_INVARIANT_ALL,
    .guarantee = ER_GUARANTEE_NETWORK,
    .needs = ER_NEEDS_WEIGHTS | ER_NEEDS_TEST,
    .cost = ER_COST_PASS,
    .compute = compute,
};
