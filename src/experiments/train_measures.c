/* train_measures.c - measures of a run from its weights at the end and its initial ones, which are drawn again. */
#include "experiments/train_measures.h"

#include "measures/flatness.h"
#include "measures/gradient_gram.h"
#include "measures/measured.h"
#include "measures/perturbed.h"
#include "measures/subset.h"
#include "measures/tangent_gram.h"
#include "net/net.h"

#include <ermine/derivatives.h>
#include <ermine/measure.h>
#include <ermine/memory.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *words_of(const struct er_point *point)
{
    return er_point_text(point, "measures", "");
}

int64_t er_train_measures_count(const struct er_point *point)
{
    int64_t n = 0;
    for (const char *at = words_of(point); er_measure_next(&at);) n++;
    return n;
}

/* What they need together. */
static unsigned needs_of(const char *words)
{
    unsigned needs = 0;
    for (const struct er_measure *measure; (measure = er_measure_next(&words));) needs |= measure->needs;
    return needs;
}

bool er_train_measures_first_epoch(const struct er_point *point)
{
    return needs_of(words_of(point)) & ER_NEEDS_FIRST_EPOCH;
}

/* Outputs and margins of all examples, and the values of a chunk on the way to them. */
static enum er_status outputs_memory(const struct er_member *member, size_t *bytes, struct er_error *err)
{
    const int64_t n = member->train->n, chunk = er_net_chunk(member->net);
    struct er_plan *plan = NULL;
    const enum er_status status = er_plan_new(member->net, n < chunk ? n : chunk, &plan, err);
    if (status != ER_OK) return status;
    const size_t example = (size_t)er_net_outputs(member->net) * sizeof(float) + sizeof(double);
    *bytes += er_plan_scratch_bytes(plan) + (size_t)n * example;
    er_plan_free(plan);
    return ER_OK;
}

/* Plans over the training set, and the vectors of an eigenvalue's search. */
static enum er_status derivatives_memory(const struct er_member *member, size_t *bytes, struct er_error *err)
{
    enum { VECTORS = 24 };
    size_t plans;
    const enum er_status status =
        er_derivatives_bytes(member->net, false, member->train->n, 1, NULL, &plans, err);
    if (status != ER_OK) return status;
    *bytes += plans + VECTORS * (size_t)er_net_parameters(member->net) * sizeof(float);
    return ER_OK;
}

/* Gradients of some examples, or what the outputs see of all; and the tangent kernel. */
static size_t gradients_memory(const struct er_member *member, unsigned needs)
{
    const int64_t m = member->train->n, n = m < ER_SUBSET_EXAMPLES ? m : ER_SUBSET_EXAMPLES;
    size_t bytes = 0;
    if (needs & ER_NEEDS_GRADIENTS) {
        const size_t some = er_gradient_gram_bytes(member->net, n),
                     all = (size_t)er_relative_flatness_bytes(member->net, m);
        bytes += some > all ? some : all;
    }
    return bytes + (needs & ER_NEEDS_KERNEL ? er_tangent_gram_bytes(member->net, n) : 0);
}

enum er_status er_train_measures_memory(const struct er_point *point, const struct er_member *member,
                                        size_t *bytes, struct er_error *err)
{
    const unsigned needs = needs_of(words_of(point));
    const size_t weights = (size_t)er_net_parameters(member->net) * sizeof(float);
    /* Matrices with batch norm folded, the same as a chain, and one of them in float64; of the initial weights the first two,
     * themselves, and the way from them. */
    *bytes = (needs & ER_NEEDS_WEIGHTS) ? 4 * weights : 0;
    if (needs & ER_NEEDS_INITIAL) *bytes += 4 * weights;
    if (needs & ER_NEEDS_FIRST_EPOCH)
        *bytes += weights + (size_t)er_net_statistics(member->net) * sizeof(float);
    if (needs & ER_NEEDS_PERTURBED) {
        size_t perturbed;
        const enum er_status status = er_perturbed_bytes(member->net, member->train->n, 1, &perturbed, err);
        if (status != ER_OK) return status;
        *bytes += perturbed;
    }
    *bytes += gradients_memory(member, needs);
    if (needs & (ER_NEEDS_DERIVATIVES | ER_NEEDS_GRADIENTS | ER_NEEDS_KERNEL)) {
        const enum er_status status = derivatives_memory(member, bytes, err);
        if (status != ER_OK) return status;
    }
    return (needs & ER_NEEDS_OUTPUTS) ? outputs_memory(member, bytes, err) : ER_OK;
}

static void append(char note[ER_TRAIN_MEASURES_NOTE], const char *name, const char *reason)
{
    const size_t n = strlen(note);
    const bool named = strncmp(reason, name, strlen(name)) == 0; /* some reasons begin with the name */
    snprintf(note + n, ER_TRAIN_MEASURES_NOTE - n, "%s%s%s%s", n ? "; " : "", named ? "" : name,
             named ? "" : ": ", reason);
}

static enum er_status compute(const struct er_measured *what, const char *words, double *value,
                              char note[ER_TRAIN_MEASURES_NOTE], struct er_error *err)
{
    struct er_measured_run *run;
    enum er_status status = er_measured_run_new(what, NULL, &run, err);
    if (status != ER_OK) return status;
    for (const struct er_measure *measure; status == ER_OK && (measure = er_measure_next(&words)); value++) {
        struct er_error why = {0};
        *value = (double)NAN;
        status = er_measure_compute(measure, run, value, &why);
        if (status == ER_E_UNSUPPORTED || status == ER_E_NONFINITE) {
            append(note, measure->name, why.msg);
            status = ER_OK;
        }
        if (status != ER_OK) er_fail(err, status, "%s: %s", measure->name, why.msg);
    }
    er_measured_run_free(run);
    return status;
}

/* The records of a training from step 0 on; a network that was come by otherwise has none. One block in *out. */
static enum er_status course_of(const struct er_train_result *result, struct er_course *course, double **out,
                                struct er_error *err)
{
    const int64_t n = result->n_curve;
    *out = NULL;
    if (n < 2 || result->curve[0].step != 0) return ER_OK;
    double *loss = er_alloc(n, sizeof *loss + sizeof(int64_t));
    if (!loss) return er_fail(err, ER_E_NOMEM, "measures: out of memory for %lld records", (long long)n);
    int64_t *step = (int64_t *)(loss + n);
    for (int64_t i = 0; i < n; i++) {
        loss[i] = result->curve[i].train_loss;
        step[i] = result->curve[i].step;
    }
    *course = (struct er_course){n, step, loss};
    *out = loss;
    return ER_OK;
}

/* P weights, then S statistics. */
static enum er_status draw_initial(const struct er_member *member, float **out, struct er_error *err)
{
    const int64_t P = er_net_parameters(member->net), S = er_net_statistics(member->net);
    *out = er_alloc(P + S, sizeof **out);
    if (!*out) return er_fail(err, ER_E_NOMEM, "measures: out of memory for %lld weights", (long long)P);
    er_net_initialise(member->net, member->seed_initialise, *out, S ? *out + P : NULL);
    return ER_OK;
}

enum er_status er_train_measures(const struct er_point *point, const struct er_member *member,
                                 const struct er_train_result *result, const float *first_epoch,
                                 double *value, char note[ER_TRAIN_MEASURES_NOTE], struct er_error *err)
{
    const char *words = words_of(point);
    const struct er_curve_point *end = &result->curve[result->n_curve - 1];
    const int64_t n = er_train_measures_count(point);
    note[0] = '\0';
    for (int64_t i = 0; i < n; i++) value[i] = (double)NAN;
    if (n == 0 || result->reason == ER_STOP_DIVERGED) return ER_OK;
    struct er_measured what = {.net = member->net,
                               .w = result->w,
                               .statistics = result->statistics,
                               .train = member->train,
                               .test = member->test,
                               .train_error = end->train_error,
                               .test_error = end->test_error,
                               .first_epoch_w = first_epoch,
                               .seed = member->seed_initialise};
    const int64_t P = er_net_parameters(member->net), S = er_net_statistics(member->net);
    struct er_course course;
    double *records = NULL;
    float *initial = NULL;
    enum er_status status = course_of(result, &course, &records, err);
    if (status != ER_OK) return status;
    if (records) what.course = &course;
    if (first_epoch && S) what.first_epoch_statistics = first_epoch + P;
    if (needs_of(words) & ER_NEEDS_INITIAL) status = draw_initial(member, &initial, err);
    if (initial) {
        what.initial_w = initial;
        what.initial_statistics = S ? initial + P : NULL;
    }
    if (status == ER_OK) status = compute(&what, words, value, note, err);
    er_free(initial);
    er_free(records);
    return status;
}
