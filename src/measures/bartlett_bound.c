/* bartlett_bound.c - the spectrally normalised margin bound of Bartlett, Foster and Telgarsky.
 *
 *     s_i >= |W_i|_2     b_i >= |W_i - W_i^0|_{2,1}     rho: product of the Lipschitz constants between the layers
 *     R = rho (prod_i s_i) (sum_i (b_i / s_i)^(2/3))^(3/2)
 *     L <= share of margins <= gamma + 2 Rhat + 3 sqrt(ln(2/delta') / (2 m)),    Rhat: er_rademacher_bartlett(R, gamma)
 *
 * The theorem's class has its norms, its reference and its margin fixed beforehand. The reference is the initial
 * network: drawn before the data were looked at. Norms and margin are taken from a grid each (er_bound_grid()): s_i and
 * b_i rounded up to 2^(j/16), gamma down; delta' = delta / prod n (n + 1) over these 2 d + 1 numbers, so that the bound
 * holds for all classes of the grids at once. gamma, before that, is the 10th percentile of the margins of the training
 * examples that are predicted rightly, as in margin_bounds.c.
 *
 * With biases the maps are those of measures/chain.h: the row that passes the 1 on is the same in the reference, so that
 * it adds to s_i and not to b_i; while the 1 is passed on, no constant between maps counts as less than 1. A
 * convolution is the matrix that it is: s_i its norm as a map, b_i `positions` times that of its kernel. Between layers:
 * anything of a Lipschitz constant that is 0 at 0, pooling too. One output counts as two that are its negatives: its
 * margin is less steep than theirs. Rescaling layers moves norms over the grid, which changes the price and no more.
 */
#include "measures/margin.h"

#include <ermine/bounds.h>
#include <ermine/memory.h>
#include <math.h>

static const double LEAST = 1e-9; /* b_i / s_i of a layer that has not moved */

/* s and b of each map, rounded up; their price is added to *price. */
static enum er_status round_norms(const struct er_chain *chain, const struct er_chain *initial, double *s,
                                  double *b, double *price, struct er_error *err)
{
    for (int64_t i = 0; i < chain->n; i++) {
        struct er_rows moved;
        double ln;
        enum er_status status = er_chain_spectral(chain, i, &s[i], err);
        if (status == ER_OK) status = er_chain_rows(chain, i, initial, &moved, err);
        if (status != ER_OK) return status;
        if (!(s[i] > 0))
            return er_fail(err, ER_E_UNSUPPORTED, "bartlett_bound: all weights of matrix %lld are 0",
                           (long long)i + 1);
        b[i] = fmax((double)chain->map[i].positions * moved.two_one, LEAST * s[i]);
        *price += er_bound_grid(log(s[i]), &ln);
        s[i] = exp(ln);
        *price += er_bound_grid(log(b[i]), &ln);
        b[i] = exp(ln);
    }
    return ER_OK;
}

static double entries(const struct er_chain *chain)
{
    double most = 0;
    for (int64_t i = 0; i < chain->n; i++) {
        const struct er_affine *map = &chain->map[i];
        const double columns = (double)map->inputs + (i < chain->biased ? 1 : 0);
        const double rows = (double)(map->outputs * map->positions) + (er_chain_passes_one(chain, i) ? 1 : 0);
        most = fmax(most, rows * columns);
    }
    return most;
}

static enum er_status compute(struct er_measured_run *run, double *out, struct er_error *err)
{
    const struct er_chain *chain, *initial;
    struct er_margins margins;
    struct er_input_norms inputs;
    double gamma, D, ln, price = 0;
    const double m = (double)run->is.train->n;
    enum er_status status = er_measured_chain(run, &chain, err);
    if (status == ER_OK) status = er_measured_initial_chain(run, &initial, err);
    if (status == ER_OK) status = er_measured_margins(run, &margins, err);
    if (status == ER_OK) status = er_margin_tenth(&margins, &gamma, err);
    if (status == ER_OK) status = er_measured_extended_inputs(run, chain, &inputs, &D, err);
    if (status != ER_OK) return status;
    double *s = er_alloc(2 * chain->n, sizeof *s), *b = s + chain->n;
    if (!s) return er_fail(err, ER_E_NOMEM, "measures: out of memory");
    status = round_norms(chain, initial, s, b, &price, err);
    if (status == ER_OK) {
        price += er_bound_grid(-log(gamma), &ln);
        gamma = exp(-ln);
        const double R = log(chain->lipschitz) + er_spectral_complexity_ln(s, b, chain->n);
        const double rhat = er_rademacher_bartlett(R, entries(chain), gamma, inputs.frobenius, m);
        *out = er_margin_share(&margins, gamma) +
               er_bound_rademacher_empirical(rhat, m, ER_MEASURE_DELTA * exp(-price));
    }
    er_free(s);
    return status;
}

extern const struct er_measure er_measure_bartlett_bound;
const struct er_measure er_measure_bartlett_bound = {
    .name = "bartlett_bound",
    .title = "spectral norms, Bartlett 2017",
    .unit = "",
    .help = "bound by margin, spectral norms and distance from the initial weights",
    .source = "Bartlett, Foster and Telgarsky, NeurIPS 2017, lemma A.8",
    .logarithmic = true,
    .direction = 1,
    .family = "bounds",
    .invariant = ER_INVARIANT_LAYER_SCALE | ER_INVARIANT_PERMUTATION | ER_INVARIANT_BATCH_NORM,
    .guarantee = ER_GUARANTEE_NETWORK,
    .needs = ER_NEEDS_WEIGHTS | ER_NEEDS_INITIAL | ER_NEEDS_TRAIN | ER_NEEDS_OUTPUTS,
    .cost = ER_COST_PASS,
    .compute = compute,
};
