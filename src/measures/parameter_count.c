/* parameter_count.c - P, every parameter of the network counted once: weights, biases, and those of batch norm.
 *
 * The ordinary count. Jiang et al. (ICLR 2020, eq. 20) print sum_i k_i^2 c_{i-1} (c_i + 1), which has a bias for
 * each input channel and tap; later studies count weights alone.
 */
#include "measures/measured.h"

static enum er_status compute(struct er_measured_run *run, double *out, struct er_error *err)
{
    (void)err;
    *out = (double)er_net_parameters(run->is.net);
    return ER_OK;
}

extern const struct er_measure er_measure_parameter_count;
const struct er_measure er_measure_parameter_count = {
    .name = "parameter_count",
    .title = "parameters",
    .unit = "",
    .help = "the number of trainable parameters",
    .source = "Jiang et al., ICLR 2020, eq. 20 (there another count of biases)",
    .logarithmic = true,
    .direction = 1,
    .cost = ER_COST_MODEL,
    .compute = compute,
};
