/* stiffness.c - whether a step that helps one training example helps another, where training ended.
 *
 *     stiffness_cos    mean of <g_i, g_j> / (|g_i| |g_j|)      over pairs i < j
 *     stiffness_sign   mean of sign <g_i, g_j>
 *
 * g_i the gradients of the losses of n = min(m, 256) training examples over all parameters, in evaluation; the
 * examples are drawn by the seed, as many of each class as can be. Pairs are of all classes, equal ones and
 * different ones alike. A gradient of 0 has no direction: its pairs are left out.
 *
 * Cost and memory: those of er_gradient_gram().
 * Source: Fort, Nowak, Jastrzebski and Narayanan, "Stiffness: a new perspective on generalization in neural
 * networks", 2019, section 2.
 */
#include "measures/gradient_gram.h"
#include "measures/measured.h"
#include "measures/subset.h"

#include <ermine/memory.h>
#include <math.h>

void er_stiffness_of(int64_t n, const double *gram, double *cosine, double *sign, int64_t *pairs)
{
    double cosines = 0, signs = 0;
    *pairs = 0;
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < i; j++) {
            const double product = gram[i * n + j], a = gram[i * n + i], b = gram[j * n + j];
            if (a <= 0 || b <= 0) continue;
            cosines += product / (sqrt(a) * sqrt(b));
            signs += (product > 0) - (product < 0);
            ++*pairs;
        }
    *cosine = cosines / (double)*pairs;
    *sign = signs / (double)*pairs;
}

struct stiffness {
    double cosine, sign;
};

static enum er_status of_set(const struct er_measured_run *run, const struct er_dataset *set, double *gram,
                             struct stiffness *out, struct er_error *err)
{
    const struct er_network network = {.w = run->is.w, .statistics = run->is.statistics};
    const struct er_gradients_of what = {run->is.net, &network, set, NULL};
    int64_t pairs;
    const enum er_status status = er_gradient_gram(&what, run->pool, gram, err);
    if (status != ER_OK) return status;
    er_stiffness_of(set->n, gram, &out->cosine, &out->sign, &pairs);
    return pairs > 0 ? ER_OK
                     : er_fail(err, ER_E_UNSUPPORTED,
                               "stiffness: no two training examples have gradients other than 0");
}

static enum er_status make(struct er_measured_run *run, int which, void *part, struct er_error *err)
{
    struct er_dataset set = {0};
    (void)which;
    enum er_status status = er_subset_draw(run->is.train, ER_SUBSET_EXAMPLES, run->is.seed, &set, err);
    if (status != ER_OK) return status;
    double *gram = er_alloc(set.n * set.n, sizeof *gram);
    status = gram ? of_set(run, &set, gram, part, err) : er_fail(err, ER_E_NOMEM, "stiffness: out of memory");
    er_free(gram);
    er_dataset_clear(&set);
    return status;
}

static const struct er_part stiffness = {"stiffness", sizeof(struct stiffness), make, NULL, 0};

static enum er_status cosine(struct er_measured_run *run, double *out, struct er_error *err)
{
    void *is;
    const enum er_status status = er_measured_part(run, &stiffness, &is, err);
    if (status == ER_OK) *out = ((const struct stiffness *)is)->cosine;
    return status;
}

static enum er_status sign(struct er_measured_run *run, double *out, struct er_error *err)
{
    void *is;
    const enum er_status status = er_measured_part(run, &stiffness, &is, err);
    if (status == ER_OK) *out = ((const struct stiffness *)is)->sign;
    return status;
}

extern const struct er_measure er_measure_stiffness_cos, er_measure_stiffness_sign;
const struct er_measure er_measure_stiffness_cos = {
    .name = "stiffness_cos",
    .title = "stiffness by cosines",
    .unit = "",
    .help = "mean cosine of the angle between the gradients of two training examples, over pairs of 256",
    .source = "Fort et al., 2019, section 2",
    .direction = -1,
    .family = "gradients",
    .invariant = ER_INVARIANT_PERMUTATION,
    .needs = ER_NEEDS_WEIGHTS | ER_NEEDS_TRAIN | ER_NEEDS_GRADIENTS,
    .cost = ER_COST_PASS,
    .compute = cosine,
};
const struct er_measure er_measure_stiffness_sign = {
    .name = "stiffness_sign",
    .title = "stiffness by signs",
    .unit = "",
    .help = "mean sign of the inner product of the gradients of two training examples, over pairs of 256",
    .source = "Fort et al., 2019, section 2",
    .direction = -1,
    .family = "gradients",
    .invariant = ER_INVARIANT_PERMUTATION,
    .needs = ER_NEEDS_WEIGHTS | ER_NEEDS_TRAIN | ER_NEEDS_GRADIENTS,
    .cost = ER_COST_PASS,
    .compute = sign,
};
