/* arora_complexity.c - the complexity of labels beside the kernel of an infinitely wide network of two layers.
 *
 *     H_ij = x_i . x_j (pi - arccos(x_i . x_j)) / (2 pi)     |x_i| = 1
 *     arora_label_complexity = sqrt((2/n) mean over columns of y' (H + r)^-1 y)        r = 1e-6 tr H / n = 5e-7
 *
 * The kernel of f(x) = (1 / sqrt(width)) sum_r a_r relu(w_r . x) with signs a_r that stay, when only the w_r
 * learn. What remains of the theorem's bound beside it falls as the root of ln(n) / n. Of the data alone, no
 * network: it tells tasks apart, and true labels from random ones, not runs. n = min(m, 256) training examples
 * drawn by the seed, scaled to length 1; labels as in tangent_kernel.c.
 *
 * Source: Arora, Du, Hu, Li and Wang, "Fine-grained analysis of optimization and generalization for
 * overparameterized two-layer neural networks", ICML 2019, eq. 6 and theorem 5.1.
 */
#include "math/inner.h"
#include "measures/kernel_numbers.h"
#include "measures/measured.h"
#include "measures/subset.h"

#include <ermine/memory.h>
#include <math.h>

static const double JITTER = 1e-6;

double er_arora_kernel(double inner)
{
    const double c = fmin(fmax(inner, -1), 1);
    return c * (M_PI - acos(c)) / (2 * M_PI);
}

/* H (n x n); length: n of scratch. */
static enum er_status form(const struct er_dataset *set, double *length, double *h, struct er_error *err)
{
    const int64_t n = set->n, D = er_shape_size(set->shape);
    for (int64_t i = 0; i < n; i++) {
        length[i] = sqrt(er_inner(D, set->x + i * D, set->x + i * D));
        if (!(length[i] > 0))
            return er_fail(err, ER_E_UNSUPPORTED, "arora_label_complexity: a training example is 0");
    }
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j <= i; j++) {
            const double inner = er_inner(D, set->x + i * D, set->x + j * D) / (length[i] * length[j]);
            h[i * n + j] = h[j * n + i] = er_arora_kernel(i == j ? 1 : inner);
        }
    return ER_OK;
}

static enum er_status compute(struct er_measured_run *run, double *out, struct er_error *err)
{
    struct er_dataset set = {0};
    double *h = NULL, *y = NULL;
    int64_t c = 0;
    enum er_status status = er_subset_draw(run->is.train, ER_SUBSET_EXAMPLES, run->is.seed, &set, err);
    if (status == ER_OK) {
        h = er_alloc((set.n + 1) * set.n, sizeof *h);
        status = h ? form(&set, h + set.n * set.n, h, err)
                   : er_fail(err, ER_E_NOMEM, "arora_label_complexity: out of memory");
    }
    if (status == ER_OK) status = er_label_columns(&set, -1, &y, &c, err);
    if (status == ER_OK) status = er_kernel_label_complexity(set.n, h, JITTER / 2, c, y, out, err);
    er_free(h);
    er_free(y);
    er_dataset_clear(&set);
    return status;
}

extern const struct er_measure er_measure_arora_label_complexity;
const struct er_measure er_measure_arora_label_complexity = {
    .name = "arora_label_complexity",
    .title = "label complexity at infinite width",
    .unit = "",
    .help = "sqrt(2 y' H^-1 y / n), H_ij = x_i.x_j (pi - arccos x_i.x_j) / (2 pi), of 256 examples",
    .source = "Arora et al., ICML 2019, theorem 5.1",
    .direction = 1,
    .family = "kernel",
    .invariant = ER_INVARIANT_ALL,
    .needs = ER_NEEDS_TRAIN,
    .cost = ER_COST_PASS,
    .compute = compute,
};
