/* Measures in `train`: asked for by a study, a value of each run; the same as of a network that is measured by hand; missing
 * where they are not defined, with a reason. */
#include "experiments/experiment.h"
#include "study/study.h"
#include "support/study_text.h"
#include "t.h"

#include <ermine/measure.h>
#include <stdatomic.h>

enum { RUNS = 2, MOST = 32 };

static const char *const head =
    "study: s\n"
    "data: {name: two-spirals, train: 60, test: 40}\n"
    "seeds: 2\n"
    "measures: [golowich_bound, parameter_count, bartlett_bound, test_set_bound]\n";

/* What was handed over; and, in sessions, where runs were left. */
struct heard {
    double value[RUNS][MOST];
    char note[RUNS][600], outcome[RUNS][32];
    bool ended[RUNS];
    void *state[RUNS];
    size_t bytes[RUNS];
    int64_t kept, leave_after; /* checkpoints of a session; 0: none are taken */
    atomic_bool stop;
};

static enum er_status on_begin(void *ctx, int64_t run, bool *skip, const void **state, size_t *bytes,
                               struct er_error *err)
{
    struct heard *h = ctx;
    (void)err;
    *skip = h->ended[run];
    *state = h->state[run];
    *bytes = h->bytes[run];
    return ER_OK;
}

static enum er_status on_checkpoint(void *ctx, int64_t run, const void *state, size_t bytes,
                                    struct er_error *err)
{
    struct heard *h = ctx;
    (void)err;
    free(h->state[run]);
    h->state[run] = malloc(bytes);
    if (!h->state[run]) abort();
    memcpy(h->state[run], state, bytes);
    h->bytes[run] = bytes;
    if (++h->kept == h->leave_after) atomic_store(&h->stop, true);
    return ER_OK;
}

/* Equal to the bit. */
static bool same_bits(const void *a, const void *b, size_t n)
{
    return memcmp(a, b, n) == 0;
}

static int64_t columns(const struct er_study *study)
{
    int64_t n = 0;
    while (study->run_column[n].name) n++;
    return n;
}

/* `events.end` knows nothing of the study: how many values it reads is set here before. */
static int64_t values;

static enum er_status on_end(void *ctx, int64_t run, const struct er_record *record, struct er_error *err)
{
    struct heard *h = ctx;
    (void)err;
    memcpy(h->value[run], record->value, (size_t)values * sizeof(double));
    snprintf(h->note[run], sizeof h->note[run], "%s", record->note);
    snprintf(h->outcome[run], sizeof h->outcome[run], "%s", record->outcome);
    h->ended[run] = true;
    return ER_OK;
}

static bool compute(const char *text, int threads, struct heard *h, struct er_study **study)
{
    char yaml[1024];
    struct er_error err = {0};
    struct er_pool *pool = NULL;
    const struct er_run_events events = {.ctx = h, .begin = on_begin, .end = on_end};
    *h = (struct heard){0};
    snprintf(yaml, sizeof yaml, "%s%s", strncmp(text, "study:", 6) == 0 ? "" : head, text);
    enum er_status status = study_parse(yaml, study, &err);
    if (!T_OK(status == ER_OK, "study: %s", err.msg)) return false;
    values = columns(*study);
    status = er_pool_new(threads, &pool, &err);
    if (status == ER_OK)
        status = er_study_experiment(*study)->run(er_study_point(*study, 0), RUNS, NULL, pool, NULL, &events,
                                                  &err);
    er_pool_free(pool);
    return T_OK(status == ER_OK, "runs: %s", err.msg);
}

/* The same on one thread in sessions that end after so many checkpoints, one a step; how many there were. */
static int compute_in_sessions(struct er_study *study, int64_t leave_after, struct heard *h)
{
    struct er_error err = {0};
    struct er_pool *pool = NULL;
    const struct er_progress progress = {.stop = &h->stop};
    const struct er_run_events events = {
        .ctx = h, .begin = on_begin, .checkpoint = on_checkpoint, .end = on_end, .checkpoint_seconds = 1e-9};
    int sessions = 0;
    *h = (struct heard){.leave_after = leave_after};
    enum er_status status = er_pool_new(1, &pool, &err);
    if (status == ER_OK) status = ER_E_STOPPED;
    while (status == ER_E_STOPPED && sessions++ < 100) {
        h->kept = 0;
        atomic_store(&h->stop, false);
        status = er_study_experiment(study)->run(er_study_point(study, 0), RUNS, NULL, pool, &progress,
                                                 &events, &err);
    }
    er_pool_free(pool);
    for (int i = 0; i < RUNS; i++) free(h->state[i]);
    T_OK(status == ER_OK, "in %d sessions: %s", sessions, err.msg);
    return sessions;
}

static double value_of(const struct er_study *study, const struct heard *h, int run, const char *name)
{
    for (int64_t i = 0; i < columns(study); i++)
        if (strcmp(study->run_column[i].name, name) == 0) return h->value[run][i];
    T_OK(false, "there is a column %s", name);
    return (double)NAN;
}

static void test_values(void)
{
    static const char *const text = "model: [dense 8, relu, dense]\ntrain: {sgd: {batch: 16}, epochs: 3}\n";
    struct heard h, again;
    struct er_study *study = NULL, *same = NULL;
    if (compute(text, 1, &h, &study)) {
        T_EQ_STR(study->run_column[columns(study) - 4].name, "parameter_count",
                 "columns in the order of the list");
        T_EQ_STR(study->run_column[columns(study) - 1].name, "bartlett_bound", "to the last");
        for (int i = 0; i < RUNS; i++) {
            T_EQ_STR(h.note[i], "", "nothing is missing");
            T_EQ_INT(value_of(study, &h, i, "parameter_count"), 8 * 3 + 2 * 9, "parameters");
            T_CLOSE(value_of(study, &h, i, "test_set_bound") - value_of(study, &h, i, "test_error"),
                    sqrt(log(20) / 80), 1e-15, "test set");
            T_OK(value_of(study, &h, i, "golowich_bound") > 1 && value_of(study, &h, i, "bartlett_bound") > 1,
                 "norms");
        }
        T_OK(value_of(study, &h, 0, "bartlett_bound") < value_of(study, &h, 1, "bartlett_bound") ||
                 value_of(study, &h, 0, "bartlett_bound") > value_of(study, &h, 1, "bartlett_bound"),
             "each seed has its own");
        if (compute(text, 3, &again, &same))
            T_OK(same_bits(h.value, again.value, sizeof h.value), "the same bits on three threads");
    }
    er_study_free(study);
    er_study_free(same);
}

/* Where nothing moves, the distance from the start is what is left of it on the grid, and the bound small beside that of a
 * network that moved: initial weights are drawn again as the run drew them. */
static void test_initial_weights(void)
{
    static const char *const still =
        "model: [dense 8, relu, dense]\ntrain: {sgd: {rate: 1e-12}, epochs: 1}\n";
    static const char *const moved = "model: [dense 8, relu, dense]\ntrain: {sgd: {rate: 0.5}, epochs: 20}\n";
    struct heard a, b;
    struct er_study *one = NULL, *other = NULL;
    if (compute(still, 1, &a, &one) && compute(moved, 1, &b, &other))
        for (int i = 0; i < RUNS; i++)
            T_OK(value_of(one, &a, i, "bartlett_bound") < .1 * value_of(other, &b, i, "bartlett_bound"),
                 "a network that has not moved: %g, %g", value_of(one, &a, i, "bartlett_bound"),
                 value_of(other, &b, i, "bartlett_bound"));
    er_study_free(one);
    er_study_free(other);
}

static void test_missing(void)
{
    struct heard h;
    struct er_study *study = NULL;
    if (compute("model: [dense 8, tanh, dense]\ntrain: {epochs: 2}\n", 2, &h, &study)) {
        T_OK(isnan(value_of(study, &h, 0, "golowich_bound")), "not defined for tanh");
        T_OK(isfinite(value_of(study, &h, 0, "bartlett_bound")), "which is 1-Lipschitz");
        T_OK(strncmp(h.note[0], "golowich_bound is for ", 22) == 0 && strstr(h.note[0], "tanh"), "why: %s",
             h.note[0]);
    }
    er_study_free(study);
    study = NULL;
    if (compute("model: [dense 8, relu, dense]\ntrain: {sgd: {rate: 1e6}, loss: mean-squared, epochs: 5}\n",
                1, &h, &study)) {
        T_EQ_STR(h.outcome[0], "diverged", "outcome");
        T_OK(isnan(value_of(study, &h, 0, "parameter_count")) &&
                 isnan(value_of(study, &h, 0, "test_set_bound")),
             "a run that diverged has none");
        T_OK(h.note[0][0] && !strstr(h.note[0], "bound"), "and its note is the cause: %s", h.note[0]);
    }
    er_study_free(study);
}

/* What is gathered on the way, by the course of training and by the network after its first epoch, survives interruptions. */
static void test_course(void)
{
    static const char *const text =
        "study: s\ndata: {name: gaussian-mixture, train: 60, test: 40, separation: 9}\nseeds: 2\n"
        "measures: [gradient_noise_epoch_1, gradient_noise_final, steps_to_0_1, pacbayes_init]\n"
        "model: [dense 8, batch_norm, relu, dense]\ntrain: {sgd: {batch: 16}, epochs: 8}\n";
    struct heard h, again;
    struct er_study *study = NULL;
    if (compute(text, 2, &h, &study)) {
        for (int i = 0; i < RUNS; i++) {
            const double first = value_of(study, &h, i, "gradient_noise_epoch_1"),
                         end = value_of(study, &h, i, "gradient_noise_final");
            T_OK(first > 0 && end > 0 && fabs(first - end) > 1e-3 * first, "noise of run %d: %g, then %g, %s",
                 i, first, end, h.note[i]);
            const double steps = value_of(study, &h, i, "steps_to_0_1");
            T_OK(steps >= 4 && steps <= 32 && fmod(steps, 4) == 0,
                 "steps of run %d, at the end of an epoch: %g", i, steps);
        }
        T_OK(compute_in_sessions(study, 3, &again) > 10, "which is some sessions");
        T_OK(same_bits(h.value, again.value, sizeof h.value), "the same bits whatever interrupts");
    }
    er_study_free(study);
}

static void test_words(void)
{
    const char *at = "  vc_bound nonsense parameter_count";
    T_EQ_STR(er_measure_next(&at)->name, "vc_bound", "the first word");
    T_EQ_STR(er_measure_next(&at)->name, "parameter_count", "the next that is one");
    T_OK(!er_measure_next(&at) && !er_measure_next(&at), "then none");
}

int main(void)
{
    test_values();
    test_initial_weights();
    test_missing();
    test_course();
    test_words();
    return t_done();
}
