/* The experiment `forgetting`: a tally by hand; true labels; the same training as `train`, to the bit; what its shares must add
 * up to; threads, stops, refusals. */
#include "experiments/forgetting_state.h"
#include "experiments/forgetting_truth.h"

#include "support/experiment_run.h"
#include "t.h"

#include <float.h>

/* Five examples of three classes, the last two noisy, over four records. */
static void check_tally(void)
{
    static const int32_t truth[] = {0, 1, 2, 0, 1}, label[] = {0, 1, 2, 1, 2};
    static const float at[4][5][3] = {
        {{1, 0, 0}, {1, 0, 0}, {0, 0, 1}, {1, 0, 0}, {0, 0, 0}}, /* right: 0 2; the fifth is a tie */
        {{0, 1, 0}, {0, 3, 1}, {0, 0, 1}, {0, 1, 0}, {0, 2, 1}}, /* right: 1 2 3; 0 is forgotten */
        {{1, 0, 0}, {0, 1, 0}, {0, 1, 0}, {2, 0, 0}, {0, 2, 1}}, /* right: 0 1; 2 and 3 are forgotten */
        {{0, 2, 0}, {0, 1, 0}, {0, 0, 1}, {0, 4, 1}, {0, 2, 1}}, /* right: 1 2 3; 0 is forgotten again */
    };
    static const double clean[] = {2 / 3., 2 / 3., 2 / 3., 2 / 3.}, noisy[] = {0, .5, 0, .5},
                        as_true[] = {.5, .5, 1, .5}, margin[] = {-1, -1, -2, -2};
    struct er_tally t;
    struct er_error err;
    T_STATUS(er_tally_new(5, 3, label, truth, &t, &err), ER_OK, "tally");
    T_EQ_INT(t.noisy, 2, "noisy examples");
    for (int k = 0; k < 4; k++) {
        const struct er_tally_record r = er_tally_add(&t, k + 1, &at[k][0][0]);
        T_CLOSE(r.clean_fit, clean[k], DBL_EPSILON, "record %d: clean", k);
        T_CLOSE(r.noisy_fit, noisy[k], 0, "record %d: noisy", k);
        T_CLOSE(r.noisy_true, as_true[k], 0, "record %d: their true labels", k);
        T_CLOSE(r.margin, margin[k], 0, "record %d: margin", k);
    }
    const struct er_tally_summary of_clean = er_tally_sum(&t, false), of_noisy = er_tally_sum(&t, true);
    T_CLOSE(of_clean.learnt, (1 + 2 + 1) / 3., DBL_EPSILON * 2, "learnt at 1, 2, 1");
    T_CLOSE(of_clean.forgotten, (2 + 0 + 1) / 3., DBL_EPSILON, "forgotten twice, never, once");
    T_CLOSE(of_clean.never_forgotten, 1 / 3., DBL_EPSILON, "one was never forgotten");
    T_CLOSE(of_noisy.learnt, 2, 0, "one was learnt at all");
    T_CLOSE(of_noisy.forgotten, 0.5, 0, "and forgotten once");
    T_CLOSE(of_noisy.never_forgotten, 0, 0, "what was never learnt is not never forgotten");
    er_tally_clear(&t);
    T_STATUS(er_tally_new(5, 3, truth, truth, &t, &err), ER_OK, "no noise");
    const struct er_tally_record r = er_tally_add(&t, 1, &at[0][0][0]);
    T_OK(isnan(r.noisy_fit) && isnan(r.noisy_true) && isnan(er_tally_sum(&t, true).forgotten), "is no share");
    er_tally_clear(&t);
    static const float sign[] = {2, -1, 3};
    static const int32_t two[] = {1, 0, 0};
    T_STATUS(er_tally_new(3, 1, two, two, &t, &err), ER_OK, "one output");
    const struct er_tally_record s = er_tally_add(&t, 1, sign);
    T_OK(s.clean_fit == 2 / 3. && s.margin == -3, "tells two classes apart by its sign");
    er_tally_clear(&t);
    T_ALLOCATIONS(er_tally_new(5, 3, label, truth, &t, &err), er_tally_clear(&t), "allocations");
}

/* As bytes and back; not where a byte is another, nor from those of a smaller set. */
static void check_state(void)
{
    static const int32_t label[] = {0, 1, 0};
    static const float first[] = {-2, 1, 3}, second[] = {-2, -1, -3};
    double curve[2][2] = {{1, 0.5}, {2, 0.25}};
    const struct er_forgetting_course course = {&curve[0][0], 2, 2, 7};
    struct er_tally t, back;
    struct er_forgetting_course was = {.columns = 2};
    struct er_error err;
    void *state = NULL;
    size_t bytes = 0;
    bool taken;
    T_STATUS(er_tally_new(3, 1, label, label, &t, &err), ER_OK, "tally");
    T_STATUS(er_tally_new(3, 1, label, label, &back, &err), ER_OK, "another");
    er_tally_add(&t, 1, first);
    er_tally_add(&t, 2, second);
    T_STATUS(er_forgetting_save(&t, &course, &state, &bytes, &err), ER_OK, "save");
    for (size_t i = 0; i < bytes; i++) {
        ((unsigned char *)state)[i] ^= 2;
        T_STATUS(er_forgetting_restore(&back, &was, state, bytes, &taken, &err), ER_OK, "damaged");
        if (taken) T_OK(false, "byte %d of %d is another", (int)i, (int)bytes);
        ((unsigned char *)state)[i] ^= 2;
    }
    T_STATUS(er_forgetting_restore(&back, &was, state, bytes - 1, &taken, &err), ER_OK, "cut");
    T_OK(!taken && !was.curve && back.records == 0, "is not taken");
    back.n = 2;
    T_STATUS(er_forgetting_restore(&back, &was, state, bytes, &taken, &err), ER_OK, "of three examples");
    T_OK(!taken && !was.curve && back.records == 0, "are not those of two");
    back.n = 3;
    T_STATUS(er_forgetting_restore(&back, &was, state, bytes, &taken, &err), ER_OK, "whole");
    if (T_OK(taken && was.n == 2 && was.seconds == 7 && back.records == 2, "is taken")) {
        for (int i = 0; i < 4; i++)
            T_CLOSE(was.curve[i], curve[i / 2][i % 2], 0, "number %d of the curve", i);
        for (int i = 0; i < 3; i++)
            T_OK(back.right[i] == t.right[i] && back.events[i] == t.events[i] &&
                     (back.learnt[i] == t.learnt[i] || (isnan(back.learnt[i]) && isnan(t.learnt[i]))),
                 "example %d", i);
    }
    er_free(was.curve);
    er_free(state);
    er_tally_clear(&back);
    er_tally_clear(&t);
}

#define DATA  "data: {name: gaussian-mixture, classes: 4, dimension: 6, train: 120, test: 300, separation: 3, "
#define TRAIN "model: mlp 40\ntrain: {sgd: {rate: 0.1, momentum: 0.9, batch: 16}, epochs: 12}\n"

static void check_truth(void)
{
    struct experiment_runs *r = experiment_runs_new(
        "study: s\n" DATA "labels: {corrupt: [0, 0.5], draw: wrong}}\n" TRAIN "forgetting: {}\nseeds: 2\n");
    struct er_truth truth;
    struct er_error err;
    T_STATUS(er_truth_read(er_study_point(r->study, 0), 4, NULL, &truth, &err), ER_OK, "truth");
    T_OK(memcmp(truth.label[0], truth.label[3], 120 * sizeof(int32_t)) == 0, "does not depend on the noise");
    T_OK(truth.n == 2 && truth.label[2] == truth.label[3], "seeds share it");
    bool balanced = true; /* the mixture's label i is i mod 4 */
    for (int i = 0; i < 120; i++) balanced = balanced && truth.label[2][i] == i % 4;
    T_OK(balanced, "the source's labels");
    er_truth_clear(&truth);
    T_ALLOCATIONS(er_truth_read(er_study_point(r->study, 0), 4, NULL, &truth, &err), er_truth_clear(&truth),
                  "allocations");
    experiment_runs_free(r);
}

static void check_against_train(void)
{
    struct er_error err;
    struct experiment_runs *plain = experiment_runs_new(
                               "study: s\n" DATA "labels: {corrupt: 0.3, draw: wrong}}\n" TRAIN "seeds: 2\n"),
                           *r = experiment_runs_new("study: s\n" DATA
                                                    "labels: {corrupt: 0.3, draw: wrong}}\n" TRAIN
                                                    "forgetting: {}\nseeds: 2\n");
    T_STATUS(experiment_run(plain, 2, NULL, &err), ER_OK, "train");
    T_STATUS(experiment_run(r, 2, NULL, &err), ER_OK, "forgetting");
    for (int i = 0; i < 2; i++) {
        static const char *const same[] = {"epochs", "train_error", "test_error", "best_test_error"};
        for (size_t k = 0; k < sizeof same / sizeof *same; k++)
            T_CLOSE(experiment_value(r, i, same[k]), experiment_value(plain, i, same[k]), 0, "%s", same[k]);
        T_EQ_INT(r->record[i].n_curve, plain->record[i].n_curve - 1, "all records but the initial one");
        const double noisy = experiment_value(r, i, "noisy");
        T_CLOSE(noisy, 0.3, 0.15, "the noisy share");
        for (int64_t k = 0; k < r->record[i].n_curve; k++) {
            const double fit = (1 - noisy) * experiment_curve(r, i, "clean_fit")[k] +
                               noisy * experiment_curve(r, i, "noisy_fit")[k],
                         error = experiment_curve(r, i, "train_error")[k];
            T_CLOSE(fit, 1 - error, 1e-12, "run %d, record %d: clean and noisy are all", i, (int)k);
            T_OK((experiment_curve(r, i, "margin")[k] > 0) == (error == 0),
                 "margins are above 0 without errors");
        }
        T_OK(experiment_value(r, i, "learnt_clean") < experiment_value(r, i, "learnt_noisy"),
             "clean examples come first");
    }
    experiment_runs_free(plain);
    experiment_runs_free(r);
}

/* Separable classes: the normalised margin grows when all is right, in all seeds. */
static void check_margin(void)
{
    struct er_error err;
    struct experiment_runs *r = experiment_runs_new(
        "study: s\ndata: {name: gaussian-mixture, dimension: 6, train: 60, test: 60, separation: 8}\n"
        "model: [dense 20 bias=false, relu, dense 2 bias=false]\n"
        "train: {sgd: {rate: 0.05, batch: 60}, epochs: 400}\nforgetting: {}\nseeds: 2\n");
    T_STATUS(experiment_run(r, 2, NULL, &err), ER_OK, "margins");
    for (int i = 0; i < 2; i++) {
        const double first = experiment_value(r, i, "fit_margin"), last = experiment_value(r, i, "margin");
        T_OK(first > 0 && last > 1.5 * first, "seed %d: from %g to %g", i, first, last);
    }
    experiment_runs_free(r);
}

static void check_events(void)
{
    static const char yaml[] =
        "study: s\n" DATA "labels: {corrupt: 0.3}}\n" TRAIN "forgetting: {}\nseeds: 3\n";
    struct er_error err;
    struct experiment_runs *one = experiment_runs_new(yaml), *r = experiment_runs_new(yaml);
    T_STATUS(experiment_run(one, 1, NULL, &err), ER_OK, "one thread");
    T_STATUS(experiment_run(r, 3, NULL, &err), ER_OK, "three");
    for (int64_t i = 0; i < r->n; i++)
        T_OK(experiment_same(&one->record[i], &r->record[i]), "run %d has the same bits", (int)i);
    r->skip = 1;
    T_STATUS(experiment_run(r, 2, NULL, &err), ER_OK, "one is skipped");
    T_OK(r->record[0].ended && !r->record[1].ended && r->record[2].ended, "the others are not");
    r->skip = -1;
    r->leave_after = 10; /* in the midst of an epoch */
    T_STATUS(experiment_run(r, 1, NULL, &err), ER_E_STOPPED, "left");
    r->leave_after = -1;
    atomic_store(&r->stop, false);
    T_STATUS(experiment_run(r, 2, NULL, &err), ER_OK, "gone on");
    for (int64_t i = 0; i < r->n; i++)
        T_OK(experiment_same(&one->record[i], &r->record[i]), "run %d after an interruption", (int)i);
    r->hasty = true;
    T_STATUS(experiment_run(r, 2, NULL, &err), ER_E_STOPPED, "stopped");
    experiment_runs_free(r);
    experiment_runs_free(one);
    r = experiment_runs_new("study: s\n" DATA "labels: {corrupt: 0.3}}\nmodel: mlp 40\n"
                            "train: {sgd: {rate: 1.0e9, batch: 16}, epochs: 3}\nforgetting: {}\n");
    T_STATUS(experiment_run(r, 1, NULL, &err), ER_OK, "too large a rate");
    T_EQ_STR(r->record[0].outcome, "diverged", "is a result");
    experiment_runs_free(r);
    experiment_refused("train: {keep: [end]}\ndata: {name: two-spirals}\nmodel: mlp 8\nforgetting: {}", 15,
                       "train.keep: forgetting studies keep no networks");
}

int main(void)
{
    check_tally();
    check_state();
    check_truth();
    check_against_train();
    check_margin();
    check_events();
    return t_done();
}
