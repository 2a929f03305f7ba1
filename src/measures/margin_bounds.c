/* margin_bounds.c - bounds by margins and products of norms: Golowich et al. and Neyshabur et al., each with 2-norms and with
 * 1-norms.
 *
 * The theorems bound the Rademacher complexity of x -> f(x)[j] on the sample, for all networks of one product of norms:
 *
 *     T = prod_i N_i     N_i = |W_i|_F, of the last layer its longest row (an output is one row of it);
 *                        or the largest 1-norm of a row
 *
 * relu and leaky_relu are positively homogeneous: factors can be moved from layer to layer, so that the product alone
 * makes the class; and f / gamma is a network of product T / gamma whose margins are f's divided by gamma. So with
 *
 *     class j:  networks of product at most c_j,   margin 1,   c_j = 2^(j/16),   delta_j = delta / (n (n + 1))
 *
 * (er_bound_grid(); the delta_j sum to delta) it holds with probability 1 - delta for all j at once that
 *
 *     L(f) <= share of margins <= 1 + k_c Rhat_j + 3 sqrt(ln(2/delta_j) / (2 m)),
 *     k_c = 4 k for k outputs, 2 for one        er_bound_margin_classes(), er_bound_margin()
 *
 * and for f and every gamma > 0, though it be chosen after a look at the margins: j is the smallest with T / gamma <= c_j,
 * and T / c_j <= gamma the margin that counts. gamma is the 10th percentile of the margins of the training examples that
 * are predicted rightly: rank max(1, floor(r/10)) of r, rising. Smaller margins make the first term smaller and the second
 * larger; where the bound is vacuous, a huge gamma would bring it down to just above 1, which says no more.
 *
 * With biases, norms and inputs are those of measures/chain.h: (x, 1), and a row that passes the 1 on. Convolutions
 * are the matrices that they are, of `positions` copies of their rows. Inputs enter by |X|_F of all, or by the largest
 * root mean square of a coordinate.
 */
#include "measures/margin.h"

#include <ermine/bounds.h>
#include <math.h>

enum norm { FROBENIUS, ROW_ONE };

typedef double complexity(double ln_product, int64_t d, const struct er_input_norms *inputs, double D,
                          double m);

/* ln of the product of a chain's norms. */
static enum er_status ln_product(const struct er_chain *chain, enum norm norm, double *out,
                                 struct er_error *err)
{
    double sum = 0;
    for (int64_t i = 0; i < chain->n; i++) {
        struct er_rows rows;
        const enum er_status status = er_chain_rows(chain, i, NULL, &rows, err);
        if (status != ER_OK) return status;
        const double one = er_chain_passes_one(chain, i) ? 1 : 0;
        const bool last = i == chain->n - 1;
        if (norm == ROW_ONE)
            sum += log(fmax(rows.largest_one, one));
        else if (last)
            sum += log(rows.largest);
        else
            sum += .5 * log((double)chain->map[i].positions * rows.square + one);
    }
    *out = sum;
    return ER_OK;
}

static enum er_status bound(struct er_measured_run *run, const char *name, enum norm norm, complexity *rhat,
                            double *out, struct er_error *err)
{
    const struct er_chain *chain;
    struct er_input_norms inputs;
    struct er_margins margins;
    double ln_T, gamma, D, ln_c;
    const double m = (double)run->is.train->n;
    const int64_t outputs = er_net_outputs(run->is.net);
    enum er_status status = er_measured_chain(run, &chain, err);
    if (status == ER_OK) status = er_chain_check_homogeneous(chain, name, err);
    if (status == ER_OK) status = ln_product(chain, norm, &ln_T, err);
    if (status == ER_OK) status = er_measured_extended_inputs(run, chain, &inputs, &D, err);
    if (status == ER_OK) status = er_measured_margins(run, &margins, err);
    if (status == ER_OK) status = er_margin_tenth(&margins, &gamma, err);
    if (status != ER_OK) return status;
    const double delta = ER_MEASURE_DELTA * exp(-er_bound_grid(ln_T - log(gamma), &ln_c));
    const double R = rhat(ln_c, chain->n, &inputs, D, m);
    *out = er_margin_share(&margins, exp(ln_T - ln_c)) +
           (outputs > 1 ? er_bound_margin_classes(R, outputs, 1, m, delta) : er_bound_margin(R, 1, m, delta));
    return ER_OK;
}

static double golowich(double ln_product, int64_t d, const struct er_input_norms *inputs, double D, double m)
{
    (void)D;
    return er_rademacher_golowich(ln_product, d, inputs->frobenius, m);
}

static double neyshabur(double ln_product, int64_t d, const struct er_input_norms *inputs, double D, double m)
{
    (void)D;
    return er_rademacher_neyshabur(ln_product, d, inputs->frobenius, m);
}

static double neyshabur_rows(double ln_product, int64_t d, const struct er_input_norms *inputs, double D,
                             double m)
{
    return er_rademacher_neyshabur_l1(ln_product, d, inputs->column, D, m);
}

static double golowich_rows(double ln_product, int64_t d, const struct er_input_norms *inputs, double D,
                            double m)
{
    return er_rademacher_golowich_l1(ln_product, d, inputs->column, D, m);
}

/* COMPLEXITY of a product of NORM, and the bound that is made of it. */
#define MARGIN_BOUND(NAME, NORM, COMPLEXITY, TITLE, HELP, SOURCE)                                            \
    static enum er_status compute_##NAME(struct er_measured_run *run, double *out, struct er_error *err)     \
    {                                                                                                        \
        return bound(run, #NAME, NORM, COMPLEXITY, out, err);                                                \
    }                                                                                                        \
    extern const struct er_measure er_measure_##NAME;                                                        \
    const struct er_measure er_measure_##NAME = {                                                            \
        .name = #NAME,                                                                                       \
        .title = (TITLE),                                                                                    \
        .unit = "",                                                                                          \
        .help = (HELP),                                                                                      \
        .source = (SOURCE),                                                                                  \
        .logarithmic = true,                                                                                 \
        .direction = 1,                                                                                      \
        .family = "bounds",                                                                                  \
        .invariant = ER_INVARIANT_LAYER_SCALE | ER_INVARIANT_PERMUTATION | ER_INVARIANT_BATCH_NORM,          \
        .guarantee = ER_GUARANTEE_NETWORK,                                                                   \
        .needs = ER_NEEDS_WEIGHTS | ER_NEEDS_TRAIN | ER_NEEDS_OUTPUTS,                                       \
        .cost = ER_COST_PASS,                                                                                \
        .compute = compute_##NAME,                                                                           \
    }

MARGIN_BOUND(
    neyshabur_bound, FROBENIUS, neyshabur, "Frobenius norms, Neyshabur 2015",
    "bound by margin and Frobenius norms: 2^(d-1) (product of norms) |X| / (margin m), times 4 (outputs)",
    "Neyshabur, Tomioka and Srebro, COLT 2015, theorem 1");
MARGIN_BOUND(golowich_bound, FROBENIUS, golowich, "Frobenius norms, Golowich 2018",
             "bound by margin and product of Frobenius norms, where depth costs its root",
             "Golowich, Rakhlin and Shamir, COLT 2018, theorem 1");
MARGIN_BOUND(row_norm_bound, ROW_ONE, neyshabur_rows, "1-norms of rows, Neyshabur 2015",
             "bound by margin and product of the largest 1-norms of a unit's incoming weights",
             "Neyshabur, Tomioka and Srebro, COLT 2015, theorem 1 with p = 1, q = infinity");
MARGIN_BOUND(
    golowich_l1_bound, ROW_ONE, golowich_rows, "1-norms of rows, Golowich 2018",
    "bound by margin and product of the largest 1-norms of a unit's weights, where depth costs its root",
    "Golowich, Rakhlin and Shamir, COLT 2018, theorem 2 (from memory)");
