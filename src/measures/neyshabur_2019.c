/* neyshabur_2019.c - the bound for two layers of which the hidden one moves little, without its constants.
 *
 *     sqrt(k) |V|_F (|U - U0|_F |X|_F + |X U0'|_F) / (gamma m) + sqrt(h / m)
 *
 * U (h x inputs) and V (k x h) of f(x) = V relu(U x), U0 = U at the start, X the m training inputs as rows, gamma as in
 * measures/margin.h. Weights alone, without biases, batch norm folded. For exactly two dense layers with relu or leaky
 * relu between them. X U0' is in float64.
 *
 * Source: Neyshabur, Li, Bhojanapalli, LeCun and Srebro, "The role of over-parametrization in generalization of neural
 * networks", ICLR 2019, theorem 2 (from memory).
 */
#include "measures/layer_norms.h"
#include "measures/margin.h"

#include <cblas.h>
#include <ermine/memory.h>
#include <math.h>

enum { ROWS = 64 };

static enum er_status check(const struct er_chain *chain, struct er_error *err)
{
    enum er_status status = er_chain_check_homogeneous(chain, "neyshabur_2019_predictor", err);
    if (status != ER_OK) return status;
    for (int64_t i = 0; i < chain->n; i++)
        if (chain->n != 2 || chain->map[i].positions != 1 || chain->map[i].fan_in != chain->map[i].inputs)
            return er_fail(
                err, ER_E_UNSUPPORTED,
                "neyshabur_2019_predictor is for two dense layers: layers with weights here: %lld%s",
                (long long)chain->n, chain->n == 2 ? ", a convolution among them" : "");
    return ER_OK;
}

/* sum over examples of |s U x|^2, block after block; `w` is U, fan_in x outputs. */
static enum er_status features(const struct er_dataset *set, const struct er_affine *map, const double *w,
                               double *out, struct er_error *err)
{
    const int64_t D = map->fan_in, h = map->outputs;
    double sum = 0, *x = er_alloc(ROWS * (D + h), sizeof *x), *y = x + ROWS * D;
    if (!x) return er_fail(err, ER_E_NOMEM, "measures: out of memory for a block of %d examples", (int)ROWS);
    for (int64_t i = 0; i < set->n; i += ROWS) {
        const int64_t n = set->n - i < ROWS ? set->n - i : ROWS;
        for (int64_t k = 0; k < n * D; k++) x[k] = (double)set->x[i * D + k];
        cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (blasint)n, (blasint)h, (blasint)D,
                    map->factor, x, (blasint)D, w, (blasint)h, 0, y, (blasint)h);
        for (int64_t k = 0; k < n * h; k++) sum += y[k] * y[k];
    }
    er_free(x);
    *out = sum;
    return ER_OK;
}

static enum er_status compute(struct er_measured_run *run, double *out, struct er_error *err)
{
    const struct er_chain *chain;
    const struct er_folded *initial;
    const double *f, *t;
    struct er_input_norms inputs;
    double ln_gamma, square = 0;
    int64_t n;
    const double m = (double)run->is.train->n;
    enum er_status status = er_measured_chain(run, &chain, err);
    if (status == ER_OK) status = check(chain, err);
    if (status == ER_OK) status = er_measured_ln_margin(run, &ln_gamma, err);
    if (status == ER_OK) status = er_measured_layer_norms(run, ER_LAYER_FROBENIUS, &f, &n, err);
    if (status == ER_OK) status = er_measured_layer_norms(run, ER_LAYER_MOVED_FROBENIUS, &t, &n, err);
    if (status == ER_OK) status = er_measured_inputs(run, &inputs, err);
    if (status == ER_OK) status = er_measured_initial_folded(run, &initial, err);
    if (status == ER_OK)
        status = features(run->is.train, &initial->map[0], initial->w + initial->map[0].at, &square, err);
    if (status != ER_OK) return status;
    const double k = (double)chain->map[1].outputs, h = (double)chain->map[0].outputs;
    *out = sqrt(k) * f[1] * (t[0] * inputs.frobenius + sqrt(square)) * exp(-ln_gamma) / m + sqrt(h / m);
    return ER_OK;
}

extern const struct er_measure er_measure_neyshabur_2019_predictor;
const struct er_measure er_measure_neyshabur_2019_predictor = {
    .name = "neyshabur_2019_predictor",
    .title = "two layers, Neyshabur 2019",
    .unit = "",
    .help = "sqrt(k) |V| (|U - U0| |X| + |X U0'|) / (margin m) + sqrt(h / m) of a network V relu(U x)",
    .source = "Neyshabur et al., ICLR 2019, theorem 2 (from memory), without constants",
    .logarithmic = true,
    .direction = 1,
    .family = "norms",
    .invariant = ER_INVARIANT_LAYER_SCALE | ER_INVARIANT_PERMUTATION | ER_INVARIANT_BATCH_NORM,
    .needs = ER_NEEDS_WEIGHTS | ER_NEEDS_INITIAL | ER_NEEDS_TRAIN | ER_NEEDS_OUTPUTS,
    .cost = ER_COST_PASS,
    .compute = compute,
};
