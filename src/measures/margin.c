/* margin.c - what bounds by margins share. */
#include "measures/margin.h"

#include <math.h>

enum er_status er_margin_tenth(const struct er_margins *margins, double *out, struct er_error *err)
{
    if (margins->right < 1)
        return er_fail(err, ER_E_UNSUPPORTED,
                       "no training example is predicted rightly, so that there is no margin");
    const int64_t rank = margins->right / 10 > 1 ? margins->right / 10 : 1;
    *out = margins->value[margins->m - margins->right + rank - 1];
    return ER_OK;
}

enum er_status er_measured_ln_margin(struct er_measured_run *run, double *out, struct er_error *err)
{
    struct er_margins margins;
    const enum er_status status = er_measured_margins(run, &margins, err);
    if (status != ER_OK) return status;
    const int64_t rank = margins.m / 10 > 1 ? margins.m / 10 : 1;
    const double gamma = margins.value[rank - 1];
    if (!(gamma > 0))
        return er_fail(err, ER_E_UNSUPPORTED,
                       "the 10th percentile of the training margins is %.4g, and not above 0: %.3g %% of the "
                       "training examples are predicted wrongly",
                       gamma, 100 * (1 - (double)margins.right / (double)margins.m));
    *out = log(gamma);
    return ER_OK;
}

double er_margin_share(const struct er_margins *margins, double gamma)
{
    int64_t within = 0;
    while (within < margins->m && margins->value[within] <= gamma) within++;
    return (double)within / (double)margins->m;
}

enum er_status er_measured_extended_inputs(struct er_measured_run *run, const struct er_chain *chain,
                                           struct er_input_norms *out, double *D, struct er_error *err)
{
    const enum er_status status = er_measured_inputs(run, out, err);
    *D = (double)er_net_inputs(run->is.net);
    if (status != ER_OK || chain->biased == 0) return status;
    out->frobenius = hypot(out->frobenius, sqrt((double)run->is.train->n));
    out->column = fmax(out->column, 1);
    *D += 1;
    return ER_OK;
}
