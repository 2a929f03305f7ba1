/* confidence.c - measures of the outputs on the training set: how sure the network is of its labels.
 *
 *     cross_entropy    (1/m) sum_i -ln p_i[y_i]
 *     entropy          (1/m) sum_i sum_j -p_ij ln p_ij             0 ln 0 = 0
 *     inverse_margin   1 / gamma^2
 *
 * p = softmax(f), of one output p = (1 - q, q) with q = 1 / (1 + e^-f), whatever the loss of the training was; in evaluation.
 * gamma: the 10th percentile of all training margins (measures/margin.h).
 *
 * Jiang et al. call the second "negative entropy" and report correlations with the sign of plain entropy, as 1/margin
 * has it: large where the network is unsure. So plain entropy is what is computed, a larger value for a larger gap.
 * Source: Jiang et al., ICLR 2020, equations 21 to 23 (21 and 23 from memory).
 */
#include "measures/margin.h"
#include "net/net.h"

#include <math.h>

/* ln(1 + e^x) */
static double softplus(double x)
{
    return fmax(x, 0) + log1p(exp(-fabs(x)));
}

/* -ln p[y], and the entropy of p. */
static void of_one_output(double f, int32_t label, double *loss, double *entropy)
{
    const double q = 1 / (1 + exp(-f));
    *loss = softplus(label == 1 ? -f : f);
    *entropy = q * softplus(-f) + (1 - q) * softplus(f);
}

/* With f' = f - max f: p_j = e^f'_j / Z, -ln p_j = ln Z - f'_j. ln Z is exact near 1: Z - 1 is summed, without the largest. */
static void of_outputs(int64_t O, const float *f, int32_t label, double *loss, double *entropy)
{
    int64_t top = 0;
    double rest = 0, moment = 0;
    for (int64_t j = 1; j < O; j++)
        if (f[j] > f[top]) top = j;
    for (int64_t j = 0; j < O; j++) {
        const double below = (double)f[j] - (double)f[top], e = exp(below);
        if (j != top) rest += e;
        if (e > 0) moment += e * below;
    }
    const double ln_z = log1p(rest);
    *loss = ln_z - ((double)f[label] - (double)f[top]);
    *entropy = ln_z - moment / (1 + rest);
}

/* Means over the training set. */
static enum er_status means(struct er_measured_run *run, double *loss, double *entropy, struct er_error *err)
{
    const struct er_dataset *set = run->is.train;
    const int64_t O = er_net_outputs(run->is.net);
    const float *f;
    struct er_margins margins; /* asked for since outputs that are not finite are refused there */
    enum er_status status = er_measured_margins(run, &margins, err);
    if (status == ER_OK) status = er_measured_outputs(run, &f, err);
    if (status != ER_OK) return status;
    double sum = 0, sum_entropy = 0;
    for (int64_t i = 0; i < set->n; i++) {
        double one, its_entropy;
        if (O == 1)
            of_one_output((double)f[i], set->label[i], &one, &its_entropy);
        else
            of_outputs(O, f + i * O, set->label[i], &one, &its_entropy);
        sum += one;
        sum_entropy += its_entropy;
    }
    *loss = sum / (double)set->n;
    *entropy = sum_entropy / (double)set->n;
    return ER_OK;
}

static enum er_status cross_entropy(struct er_measured_run *run, double *out, struct er_error *err)
{
    double loss, unused;
    const enum er_status status = means(run, &loss, &unused, err);
    if (status == ER_OK) *out = loss;
    return status;
}

static enum er_status entropy(struct er_measured_run *run, double *out, struct er_error *err)
{
    double unused, value;
    const enum er_status status = means(run, &unused, &value, err);
    if (status == ER_OK) *out = value;
    return status;
}

static enum er_status inverse_margin(struct er_measured_run *run, double *out, struct er_error *err)
{
    double ln_gamma;
    const enum er_status status = er_measured_ln_margin(run, &ln_gamma, err);
    if (status == ER_OK) *out = exp(-2 * ln_gamma);
    return status;
}

#define NEEDS (ER_NEEDS_WEIGHTS | ER_NEEDS_TRAIN | ER_NEEDS_OUTPUTS)

extern const struct er_measure er_measure_cross_entropy, er_measure_entropy, er_measure_inverse_margin;
const struct er_measure er_measure_cross_entropy = {
    .name = "cross_entropy",
    .title = "cross-entropy",
    .unit = "",
    .help = "mean over the training set of -ln of the softmax probability of the label",
    .source = "Jiang et al., ICLR 2020, eq. 21 (from memory)",
    .direction = 1,
    .family = "outputs",
    .invariant = ER_INVARIANT_ALL,
    .needs = NEEDS,
    .cost = ER_COST_PASS,
    .compute = cross_entropy,
};
const struct er_measure er_measure_entropy = {
    .name = "entropy",
    .title = "entropy of outputs",
    .unit = "",
    .help = "mean over the training set of the entropy of the softmax probabilities, -sum p ln p",
    .source = "Jiang et al., ICLR 2020, eq. 23 (from memory; without their sign)",
    .direction = 1,
    .family = "outputs",
    .invariant = ER_INVARIANT_ALL,
    .needs = NEEDS,
    .cost = ER_COST_PASS,
    .compute = entropy,
};
const struct er_measure er_measure_inverse_margin = {
    .name = "inverse_margin",
    .title = "1 / margin^2",
    .unit = "",
    .help = "1 / margin^2, the margin of the 10th percentile of all training examples",
    .source = "Jiang et al., ICLR 2020, eq. 22",
    .logarithmic = true,
    .direction = 1,
    .scale = ER_RANK_NUMERATOR,
    .family = "outputs",
    .invariant = ER_INVARIANT_ALL,
    .needs = NEEDS,
    .cost = ER_COST_PASS,
    .compute = inverse_margin,
};
