/* train_measures.c - measures of a run from its weights at the end and its initial ones, which are drawn again. */
#include "experiments/train_measures.h"

#include "measures/memory.h"
#include "net/net.h"

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

enum er_status er_train_measures_memory(const struct er_point *point, const struct er_member *member,
                                        size_t *bytes, struct er_error *err)
{
    return er_measures_bytes(words_of(point), member->net, member->train->n, bytes, err);
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
