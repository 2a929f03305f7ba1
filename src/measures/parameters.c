/* parameters.c - P, the count of parameters, and the bound for the class of all networks that float32 can hold.
 *
 *     ln|H| = 32 (P + S) ln 2        S running statistics of batch norm, which the network is made of too
 *     L <= Lhat + sqrt((ln|H| + ln(1/delta)) / (2 m))
 *
 * P is the ordinary count, of weights, biases and batch norm's. Jiang et al. (ICLR 2020, eq. 20) print
 * sum_i k_i^2 c_{i-1} (c_i + 1), which has as many biases as a layer has inputs and taps; others count weights alone.
 */
#include "measures/measured.h"

#include <ermine/bounds.h>
#include <math.h>

static enum er_status count(struct er_measured_run *run, double *out, struct er_error *err)
{
    (void)err;
    *out = (double)er_net_parameters(run->is.net);
    return ER_OK;
}

static enum er_status bound(struct er_measured_run *run, double *out, struct er_error *err)
{
    const struct er_net *net = run->is.net;
    const double bits = 32 * (double)(er_net_parameters(net) + er_net_statistics(net));
    double error;
    const enum er_status status = er_measured_train_error(run, &error, err);
    if (status != ER_OK) return status;
    *out = error + er_bound_finite_class(bits * log(2), (double)run->is.train->n, ER_MEASURE_DELTA, false);
    return ER_OK;
}

extern const struct er_measure er_measure_parameter_count, er_measure_parameter_bound;
const struct er_measure er_measure_parameter_count = {
    .name = "parameter_count",
    .title = "parameters",
    .unit = "",
    .help = "the number of trainable parameters",
    .source = "Jiang et al., ICLR 2020, eq. 20 (there another count of biases)",
    .logarithmic = true,
    .direction = 1,
    .scale = ER_RANK_NUMERATOR,
    .family = "capacity",
    .invariant = ER_INVARIANT_ALL,
    .cost = ER_COST_MODEL,
    .compute = count,
};
const struct er_measure er_measure_parameter_bound = {
    .name = "parameter_bound",
    .title = "count of parameters, 32 bits each",
    .unit = "",
    .help = "bound for a class as large as all float32 networks of the model: 32 bits a parameter",
    .source = "union bound; Shalev-Shwartz and Ben-David 2014, section 4.2 and remark 4.1",
    .logarithmic = true,
    .direction = 1,
    .family = "capacity",
    .invariant = ER_INVARIANT_ALL,
    .guarantee = ER_GUARANTEE_NETWORK,
    .needs = ER_NEEDS_TRAIN | ER_NEEDS_OUTPUTS,
    .cost = ER_COST_PASS,
    .compute = bound,
};
