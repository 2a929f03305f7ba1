/* tangent_kernel.c - the tangent kernel where training ended, on some training examples: how it lies to the
 * labels, and how many directions it has.
 *
 *     K_ij = (1/O) sum_o <d f_o(x_i) / d w, d f_o(x_j) / d w>       scaled so that its diagonal has mean 1
 *
 * The mean over the O outputs, all parameters, in evaluation (measures/tangent_gram.h); n = min(m, 256)
 * training examples drawn by the seed, as many of each class as can be. y: one column of -1 and 1 for two
 * classes; else Y has a column for each class, of 0 and 1 in an alignment, of -1 and 1 (one against the rest)
 * in the label complexity. C = 1 - 11'/n.
 *
 *     kernel_target_alignment            <K, Y Y'>_F / (|K|_F |Y Y'|_F)
 *     kernel_target_alignment_centred    the same of C K C and C Y Y' C
 *     label_complexity                   sqrt((2/n) mean over columns of y' (K + r)^-1 y)
 *     kernel_effective_dimension         tr K (K + n lambda)^-1, lambda = 0.01
 *     kernel_effective_rank              exp(entropy of the eigenvalues over their sum)
 *     kernel_stable_rank                 tr K / lambda_max
 *     kernel_participation               (tr K)^2 / tr K^2
 *     kernel_condition                   (lambda_max + r) / (lambda_min + r)
 *
 * r = 1e-6 tr K / n, which is added where K is inverted: equal examples with different labels would make it
 * infinite. What depends on the scale of K is of the scaled one, so that networks compare. Departure:
 * label_complexity in place of a theorem's infinite width.
 *
 * Cost: one er_tangent_gram() for all of them; n^3 operations.
 * Source: Cristianini, Shawe-Taylor, Elisseeff and Kandola, NIPS 2001; Cortes, Mohri and Rostamizadeh, JMLR
 * 2012 (centred); Arora, Du, Hu, Li and Wang, ICML 2019 (label complexity); Zhang, Neural Computation 2005
 * (effective dimension); Roy and Vetterli, EUSIPCO 2007.
 */
#include "measures/kernel_numbers.h"
#include "measures/measured.h"
#include "measures/subset.h"
#include "measures/tangent_gram.h"

#include <ermine/memory.h>

static const double JITTER = 1e-6, RIDGE = 0.01;

struct kernel {
    struct er_dataset set;
    double *k; /* n x n */
};

struct spectrum {
    int64_t n;
    double *value; /* rising */
};

static enum er_status scale(int64_t n, double *k, struct er_error *err)
{
    double mean = 0;
    for (int64_t i = 0; i < n; i++) mean += k[i * n + i] / (double)n;
    if (!(mean > 0))
        return er_fail(err, ER_E_UNSUPPORTED, "tangent kernel: no output depends on any parameter");
    for (int64_t i = 0; i < n * n; i++) k[i] /= mean;
    return ER_OK;
}

static enum er_status make_kernel(struct er_measured_run *run, int which, void *part, struct er_error *err)
{
    const struct er_network network = {.w = run->is.w, .statistics = run->is.statistics};
    struct kernel *made = part;
    (void)which;
    enum er_status status = er_subset_draw(run->is.train, ER_SUBSET_EXAMPLES, run->is.seed, &made->set, err);
    if (status != ER_OK) return status;
    const int64_t n = made->set.n;
    made->k = er_alloc(n * n, sizeof *made->k);
    if (!made->k)
        return er_fail(err, ER_E_NOMEM, "tangent kernel: out of memory for %lld examples", (long long)n);
    status = er_tangent_gram(run->is.net, &network, &made->set, run->pool, made->k, err);
    return status == ER_OK ? scale(n, made->k, err) : status;
}

static void clear_kernel(void *part)
{
    struct kernel *kernel = part;
    er_dataset_clear(&kernel->set);
    er_free(kernel->k);
}

static enum er_status kernel_of(struct er_measured_run *run, const struct kernel **out, struct er_error *err)
{
    static const struct er_part kernel = {"tangent kernel", sizeof(struct kernel), make_kernel, clear_kernel,
                                          0};
    void *is;
    const enum er_status status = er_measured_part(run, &kernel, &is, err);
    if (status == ER_OK) *out = is;
    return status;
}

static enum er_status make_spectrum(struct er_measured_run *run, int which, void *part, struct er_error *err)
{
    struct spectrum *made = part;
    const struct kernel *kernel;
    const enum er_status status = kernel_of(run, &kernel, err);
    (void)which;
    if (status != ER_OK) return status;
    made->n = kernel->set.n;
    made->value = er_alloc(made->n, sizeof *made->value);
    return made->value ? er_kernel_eigenvalues(made->n, kernel->k, made->value, err)
                       : er_fail(err, ER_E_NOMEM, "tangent kernel: out of memory for eigenvalues");
}

static void clear_spectrum(void *part)
{
    er_free(((struct spectrum *)part)->value);
}

/* The n eigenvalues. */
static enum er_status spectrum_of(struct er_measured_run *run, int64_t *n, const double **value,
                                  struct er_error *err)
{
    static const struct er_part spectrum = {"eigenvalues", sizeof(struct spectrum), make_spectrum,
                                            clear_spectrum, 0};
    void *part;
    const enum er_status status = er_measured_part(run, &spectrum, &part, err);
    if (status != ER_OK) return status;
    const struct spectrum *is = part;
    *n = is->n;
    *value = is->value;
    return ER_OK;
}

static enum er_status aligned(struct er_measured_run *run, bool centred, double *out, struct er_error *err)
{
    const struct kernel *is;
    double *y = NULL;
    int64_t c = 0;
    enum er_status status = kernel_of(run, &is, err);
    if (status == ER_OK) status = er_label_columns(&is->set, 0, &y, &c, err);
    if (status == ER_OK) status = er_kernel_alignment(is->set.n, is->k, c, y, centred, out, err);
    er_free(y);
    return status;
}

static enum er_status alignment(struct er_measured_run *run, double *out, struct er_error *err)
{
    return aligned(run, false, out, err);
}

static enum er_status alignment_centred(struct er_measured_run *run, double *out, struct er_error *err)
{
    return aligned(run, true, out, err);
}

static enum er_status complexity(struct er_measured_run *run, double *out, struct er_error *err)
{
    const struct kernel *is;
    double *y = NULL;
    int64_t c = 0;
    enum er_status status = kernel_of(run, &is, err);
    if (status == ER_OK) status = er_label_columns(&is->set, -1, &y, &c, err);
    if (status == ER_OK) status = er_kernel_label_complexity(is->set.n, is->k, JITTER, c, y, out, err);
    er_free(y);
    return status;
}

/* A measure that is a function of the eigenvalues, of which there are n. */
#define OF_SPECTRUM(NAME, VALUE)                                                                             \
    static enum er_status NAME(struct er_measured_run *run, double *out, struct er_error *err)               \
    {                                                                                                        \
        int64_t n = 0;                                                                                       \
        const double *value = NULL;                                                                          \
        const enum er_status status = spectrum_of(run, &n, &value, err);                                     \
        if (status == ER_OK) *out = (VALUE);                                                                 \
        return status;                                                                                       \
    }

OF_SPECTRUM(effective_dimension, er_kernel_dimension(n, value, (double)n *RIDGE))
OF_SPECTRUM(effective_rank, er_kernel_effective_rank(n, value))
OF_SPECTRUM(stable_rank, er_kernel_stable_rank(n, value))
OF_SPECTRUM(participation, er_kernel_participation(n, value))
OF_SPECTRUM(condition, er_kernel_condition(n, value, JITTER))

#define KERNEL_MEASURE(NAME, TITLE, HELP, SOURCE, DIRECTION, COMPUTE)                                        \
    extern const struct er_measure er_measure_##NAME;                                                        \
    const struct er_measure er_measure_##NAME = {                                                            \
        .name = #NAME,                                                                                       \
        .title = (TITLE),                                                                                    \
        .unit = "",                                                                                          \
        .help = (HELP),                                                                                      \
        .source = (SOURCE),                                                                                  \
        .direction = (DIRECTION),                                                                            \
        .family = "kernel",                                                                                  \
        .invariant = ER_INVARIANT_PERMUTATION,                                                               \
        .needs = ER_NEEDS_WEIGHTS | ER_NEEDS_TRAIN | ER_NEEDS_KERNEL,                                        \
        .cost = ER_COST_PASS,                                                                                \
        .compute = (COMPUTE),                                                                                \
    }

KERNEL_MEASURE(kernel_target_alignment, "kernel-target alignment",
               "<K, Y Y'> / (|K| |Y Y'|) of the tangent kernel of 256 examples, mean over outputs",
               "Cristianini et al., NIPS 2001", -1, alignment);
KERNEL_MEASURE(kernel_target_alignment_centred, "centred kernel-target alignment",
               "the same of kernel and labels that are centred", "Cortes, Mohri and Rostamizadeh, JMLR 2012",
               -1, alignment_centred);
KERNEL_MEASURE(label_complexity, "label complexity",
               "sqrt(2 y' K^-1 y / n) of the tangent kernel of 256 examples, scaled to diagonal 1",
               "Arora et al., ICML 2019, theorem 5.1; with the kernel where training ended", 1, complexity);
KERNEL_MEASURE(kernel_effective_dimension, "effective dimension of the kernel",
               "tr K (K + 0.01 n)^-1 of the tangent kernel of 256 examples, scaled to diagonal 1",
               "Zhang, Neural Computation 2005", 1, effective_dimension);
KERNEL_MEASURE(kernel_effective_rank, "effective rank of the kernel",
               "exp(entropy) of the tangent kernel's eigenvalues over their sum",
               "Roy and Vetterli, EUSIPCO 2007", 1, effective_rank);
KERNEL_MEASURE(kernel_stable_rank, "stable rank of the kernel",
               "tr K / lambda_max of the tangent kernel of 256 examples",
               "Bartlett, Long, Lugosi and Tsigler, PNAS 2020, r_0", 1, stable_rank);
KERNEL_MEASURE(kernel_participation, "participation ratio of the kernel",
               "(tr K)^2 / tr K^2 of the tangent kernel of 256 examples",
               "Bartlett, Long, Lugosi and Tsigler, PNAS 2020, R_0", 1, participation);
KERNEL_MEASURE(kernel_condition, "condition number of the kernel",
               "lambda_max / lambda_min of the tangent kernel of 256 examples, 1e-6 tr K / n added to both",
               "Xiao, Pennington and Schoenholz, ICML 2020", 1, condition);
