/* coherence.c - how far the gradients of single training examples point one way, where training ended.
 *
 *     gradient_coherence   alpha = |g|^2 / ((1/m) sum_i |g_i|^2)     1 if all are equal, 1/m if orthogonal and as long
 *     m_coherence          m alpha                                   examples that an example helps, itself among them
 *     gradient_diversity   1 / (m alpha)                             sum_i |g_i|^2 / |sum_i g_i|^2
 *
 * g_i over all parameters, g their mean; evaluation, no weight decay. alpha = E <g_i, g_j> / E <g_i, g_i> over
 * all pairs, i = j among them. It falls to 0 as g does at the end of a training: to be compared at an equal
 * training loss.
 *
 * Cost: the gradients of all single examples, formed block by block, once for all three.
 * Source: Chatterjee and Zielinski, "Making coherence out of nothing at all", 2020 (alpha, m-coherence); Yin
 * et al., "Gradient diversity", AISTATS 2018, definition 1.
 */
#include "measures/measured.h"

static enum er_status coherence(struct er_measured_run *run, double *out, struct er_error *err)
{
    struct er_gradient_moments moments;
    const enum er_status status = er_measured_gradient_moments(run, &moments, err);
    if (status != ER_OK) return status;
    if (moments.square == 0)
        return er_fail(err, ER_E_UNSUPPORTED, "coherence: the gradients of all training examples are 0");
    *out = moments.mean / moments.square;
    return ER_OK;
}

static enum er_status m_coherence(struct er_measured_run *run, double *out, struct er_error *err)
{
    const enum er_status status = coherence(run, out, err);
    if (status == ER_OK) *out *= (double)run->is.train->n;
    return status;
}

static enum er_status diversity(struct er_measured_run *run, double *out, struct er_error *err)
{
    double m_alpha = 0;
    const enum er_status status = m_coherence(run, &m_alpha, err);
    if (status != ER_OK) return status;
    if (m_alpha == 0)
        return er_fail(err, ER_E_UNSUPPORTED, "gradient_diversity: the mean of the gradients is 0");
    *out = 1 / m_alpha;
    return ER_OK;
}

#define COHERENCE_MEASURE(NAME, TITLE, HELP, SOURCE, DIRECTION, COMPUTE)                                     \
    extern const struct er_measure er_measure_##NAME;                                                        \
    const struct er_measure er_measure_##NAME = {                                                            \
        .name = #NAME,                                                                                       \
        .title = (TITLE),                                                                                    \
        .unit = "",                                                                                          \
        .help = (HELP),                                                                                      \
        .source = (SOURCE),                                                                                  \
        .direction = (DIRECTION),                                                                            \
        .family = "gradients",                                                                               \
        .invariant = ER_INVARIANT_PERMUTATION,                                                               \
        .needs = ER_NEEDS_WEIGHTS | ER_NEEDS_TRAIN | ER_NEEDS_GRADIENTS,                                     \
        .cost = ER_COST_PASS,                                                                                \
        .compute = (COMPUTE),                                                                                \
    }

COHERENCE_MEASURE(gradient_coherence, "coherence of gradients",
                  "alpha = |g|^2 / mean |g_i|^2, g_i the gradients of single examples, g their mean",
                  "Chatterjee and Zielinski, 2020, section 2", -1, coherence);
COHERENCE_MEASURE(m_coherence, "m-coherence",
                  "m alpha, m training examples: 1 if their gradients are orthogonal",
                  "Chatterjee and Zielinski, 2020, section 2", -1, m_coherence);
COHERENCE_MEASURE(gradient_diversity, "diversity of gradients",
                  "sum_i |g_i|^2 / |sum_i g_i|^2, g_i the gradients of single examples",
                  "Yin et al., AISTATS 2018, definition 1", 1, diversity);
