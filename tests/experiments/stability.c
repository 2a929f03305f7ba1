/* The experiment `stability`: of a linear map with squared loss the sharpness is one number, known, and descent leaves
 * its parabola where the threshold says; threads, company and interruptions change no bit. */
#include "t.h"

#include "experiments/data_keys.h"
#include "experiments/stability_track.h"
#include "oracles/svd.h"
#include "support/blobs.h"
#include "support/experiment_run.h"

#define DATA "study: s\ndata: {name: gaussian-mixture, train: 40, test: 30, dimension: 3, classes: 2}\n"

static struct er_error err;

/* The largest eigenvalue of X'X / n: of all outputs' Hessians. */
static double curvature(const struct experiment_runs *runs)
{
    enum { D = 3 };
    struct er_split split;
    double x[64 * D], s[D];
    const struct er_data_spec spec = er_data_keys_spec(er_study_point(runs->study, 0));
    T_STATUS(er_data_open(&spec, NULL, &split, &err), ER_OK, "data");
    const int64_t n = split.train.n;
    for (int64_t i = 0; i < n * D; i++) x[i] = (double)split.train.x[i];
    svd_values(n, D, x, s);
    er_split_clear(&split);
    return s[0] * s[0] / (double)n;
}

static double measured_curvature(void)
{
    struct experiment_runs *runs = experiment_runs_new(
        DATA
        "model: [dense bias=false]\n"
        "train: {loss: mean-squared, gradient-descent: {rate: 0.01}, epochs: 4}\nstability: {every: 3}\n");
    const double lambda = curvature(runs);
    T_STATUS(experiment_run(runs, 1, NULL, &err), ER_OK, "a run");
    const double *step = experiment_curve(runs, 0, "step"),
                 *sharpness = experiment_curve(runs, 0, "sharpness");
    T_EQ_INT(runs->record[0].n_curve, 3, "measured at steps 0, 3 and the last");
    T_OK(step[0] == 0 && step[1] == 3 && step[2] == 4, "at %g, %g, %g", step[0], step[1], step[2]);
    for (int i = 0; i < 3; i++) T_CLOSE(sharpness[i], lambda, 1e-5 * lambda, "the same at all, %d", i);
    T_OK(experiment_value(runs, 0, "crosses") == 0 && isnan(experiment_value(runs, 0, "crossing")) &&
             experiment_value(runs, 0, "rising") == 0,
         "below the threshold, and falling");
    T_CLOSE(experiment_value(runs, 0, "settled_sharpness"), lambda, 1e-5 * lambda, "the last one");
    T_CLOSE(experiment_value(runs, 0, "ratio"), lambda * 0.01 / 2, 1e-5 * lambda, "over 2 / rate");
    T_OK(experiment_value(runs, 0, "residual") < 1e-2, "residual");
    experiment_runs_free(runs);
    return lambda;
}

/* A parabola of curvature 1, written out: descent shrinks the distance at rates a hundredth below the one whose threshold is 1,
 * and grows it as far above. */
static void test_parabola(double momentum, bool nesterov)
{
    const struct er_optimiser o = {.momentum = momentum, .nesterov = nesterov};
    const double edge = er_stability_threshold(&o, 1);
    for (int side = -1; side <= 1; side += 2) {
        const double rate = (1 + 0.01 * side) * edge;
        double w = 1, v = 0;
        for (int t = 0; t < 3000; t++) {
            v = momentum * v + w;
            w -= rate * (nesterov ? w + momentum * v : v);
        }
        T_OK(side < 0 ? fabs(w) < 1e-3 : fabs(w) > 1e3, "momentum %g, nesterov %d, side %d: %g", momentum,
             nesterov, side, w);
    }
}

/* Descent at rates on both sides of the one whose threshold is lambda. */
static void test_threshold(double lambda, double momentum, bool nesterov)
{
    const struct er_optimiser o = {.momentum = momentum, .nesterov = nesterov};
    const double edge = er_stability_threshold(&o, 1) / lambda;
    char yaml[600];
    snprintf(yaml, sizeof yaml,
             DATA "model: [dense bias=false]\n"
                  "train: {loss: mean-squared, epochs: 900, gradient-descent: {rate: [%.9g, %.9g], momentum: "
                  "%g, nesterov: %s}}\nstability: {every: 300}\n",
             0.97 * edge, 1.03 * edge, momentum, nesterov ? "true" : "false");
    struct experiment_runs *runs = experiment_runs_new(yaml);
    T_STATUS(experiment_run(runs, 2, NULL, &err), ER_OK, "momentum %g", momentum);
    const double *loss[2];
    T_EQ_INT(runs->record[0].n_curve, 4, "below the threshold it comes to its end");
    for (int i = 0; i < 2; i++) loss[i] = experiment_curve(runs, i, "train_loss");
    const double below = loss[0][3], above = loss[1][runs->record[1].n_curve - 1];
    T_OK(below < loss[0][0], "momentum %g, nesterov %d, below: %g to %g", momentum, nesterov, loss[0][0],
         below);
    T_OK(!(above < 10 * loss[1][0]), "momentum %g, nesterov %d, above: %g to %g", momentum, nesterov,
         loss[1][0], above);
    T_CLOSE(experiment_curve(runs, 0, "ratio")[0], 0.97, 1e-5, "ratio below");
    T_CLOSE(experiment_curve(runs, 1, "ratio")[0], 1.03, 1e-5, "ratio above");
    experiment_runs_free(runs);
}

/* Weight decay is part of what is minimised. */
static void test_weight_decay(double lambda)
{
    struct experiment_runs *runs = experiment_runs_new(
        DATA
        "model: [dense bias=false]\ntrain: {loss: mean-squared, epochs: 2, gradient-descent: {rate: 0.1, "
        "weight_decay: 0.25}}\nstability: {}\n");
    T_STATUS(experiment_run(runs, 1, NULL, &err), ER_OK, "weight decay");
    T_CLOSE(experiment_value(runs, 0, "initial_sharpness"), lambda + 0.25, 1e-5 * lambda, "adds itself");
    experiment_runs_free(runs);
}

/* A net of two layers whose sharpness grows past the threshold, and one that doesn't; the same on any number of threads,
 * alone, and after it was stopped. */
static void test_bits(void)
{
    static const char yaml[] =
        DATA "model: [dense 6, tanh, batch_norm, dense]\n"
             "train: {loss: mean-squared, gradient-descent: {rate: [0.1, 1.5]}, epochs: 60}\n"
             "stability: {every: 5}\n";
    struct experiment_runs *one = experiment_runs_new(yaml), *many = experiment_runs_new(yaml);
    T_STATUS(experiment_run(one, 1, NULL, &err), ER_OK, "one thread");
    T_STATUS(experiment_run(many, 3, NULL, &err), ER_OK, "three threads");
    for (int i = 0; i < 2; i++)
        T_OK(experiment_same(&one->record[i], &many->record[i]), "run %d on three threads", i);
    struct experiment_runs *alone = experiment_runs_new(yaml);
    alone->hasty = true;
    T_STATUS(experiment_run(alone, 2, NULL, &err), ER_E_STOPPED, "stopped");
    alone->hasty = false;
    atomic_store(&alone->stop, false);
    T_STATUS(experiment_run_some(alone, 1, 1, 2, NULL, &err), ER_OK, "alone");
    T_OK(experiment_same(&one->record[1], &alone->record[0]), "alone, begun again");
    T_EQ_INT(one->record[0].n_curve, 13, "steps 0, 5, ... 60");
    many->leave_after = 23; /* in between two measurements */
    T_STATUS(experiment_run(many, 1, NULL, &err), ER_E_STOPPED, "left after 23 steps");
    many->leave_after = -1;
    atomic_store(&many->stop, false);
    T_STATUS(experiment_run(many, 2, NULL, &err), ER_OK, "gone on");
    T_EQ_INT(many->state[0].taken, 60 - 1, "no step twice");
    for (int i = 0; i < 2; i++)
        T_OK(experiment_same(&one->record[i], &many->record[i]), "run %d after an interruption", i);
    experiment_runs_free(one);
    experiment_runs_free(many);
    experiment_runs_free(alone);
}

/* Left after 23 steps, and a byte of the trainer's half of its state, or of the track's, is another: begun again. */
static void test_damaged(bool second)
{
    static const char yaml[] = DATA
        "model: [dense bias=false]\n"
        "train: {loss: mean-squared, gradient-descent: {rate: 0.1}, epochs: 60}\nstability: {every: 5}\n";
    struct experiment_runs *runs = experiment_runs_new(yaml), *whole = experiment_runs_new(yaml);
    uint64_t first;
    whole->leave_after = -1;
    T_STATUS(experiment_run(whole, 1, NULL, &err), ER_OK, "whole");
    runs->leave_after = 23;
    T_STATUS(experiment_run(runs, 1, NULL, &err), ER_E_STOPPED, "left after 23 steps");
    unsigned char *state = runs->state[0].bytes;
    const int64_t taken = runs->state[0].taken;
    memcpy(&first, state, sizeof first);
    state[second ? (sizeof first + first + runs->state[0].n) / 2 : sizeof first + first / 2] ^= 1;
    runs->leave_after = -1;
    atomic_store(&runs->stop, false);
    T_STATUS(experiment_run(runs, 1, NULL, &err), ER_OK, "gone on");
    T_EQ_INT(runs->state[0].taken, taken + whole->state[0].taken, "from the beginning");
    T_OK(experiment_same(&whole->record[0], &runs->record[0]), "the same bits");
    experiment_runs_free(runs);
    experiment_runs_free(whole);
}

/* A curve of sharpnesses, digits, against a threshold of 5. */
static void check_crossing(const char *sharpness, int64_t expected)
{
    struct er_stability_point point[16] = {{.threshold = 5}};
    const struct er_stability_track track = {.point = point, .n = (int64_t)strlen(sharpness)};
    for (int64_t i = 0; i < track.n; i++)
        point[i] = (struct er_stability_point){.sharpness = sharpness[i] - '0', .threshold = 5};
    T_EQ_INT(er_stability_crossing(&track), expected, "crossing of %s", sharpness);
}

static void test_crossing(void)
{
    check_crossing("12345654", 4);
    check_crossing("56", -1);
    check_crossing("976566", 3);
    check_crossing("9765", -1);
    check_crossing("9786432", -1); /* rises once on its way down */
    check_crossing("97864325", 7);
    check_crossing("43211", -1);
    check_crossing("4", -1);
}

/* What a run's numbers say is in its curve: from the crossing on. */
static void test_columns(const char *rate, bool starts_above)
{
    char yaml[400];
    snprintf(
        yaml, sizeof yaml,
        "study: s\ndata: {name: two-spirals, train: 60, test: 10}\n"
        "model: [dense 10, tanh, dense 10, tanh, dense]\n"
        "train: {loss: mean-squared, gradient-descent: {rate: %s}, epochs: 1500}\nstability: {every: 10}\n",
        rate);
    struct experiment_runs *runs = experiment_runs_new(yaml);
    T_STATUS(experiment_run(runs, 1, NULL, &err), ER_OK, "spirals");
    const int64_t n = runs->record[0].n_curve;
    const double *step = experiment_curve(runs, 0, "step"), *ratio = experiment_curve(runs, 0, "ratio"),
                 *loss = experiment_curve(runs, 0, "train_loss"),
                 *rising = experiment_curve(runs, 0, "rising");
    int64_t first = 0;
    while (first < n && ratio[first] >= 1) first++;
    while (first < n && ratio[first] < 1) first++;
    if (T_OK(first > 0 && first < n - 5, "it crosses: measurement %d of %d", (int)first, (int)n)) {
        double mean = 0, rises = 0;
        for (int64_t i = first; i < n; i++) mean += ratio[i] / (double)(n - first);
        for (int64_t i = first + 1; i < n; i++) rises += rising[i] / (double)(n - first - 1);
        T_OK((ratio[0] >= 1) == starts_above, "it starts at a ratio of %g", ratio[0]);
        T_OK(experiment_value(runs, 0, "crosses") == 1, "said so");
        T_EQ_INT(experiment_value(runs, 0, "crossing"), step[first], "where");
        T_CLOSE(experiment_value(runs, 0, "ratio"), mean, 1e-12, "mean ratio");
        T_CLOSE(experiment_value(runs, 0, "rising"), rises, 1e-12, "share of steps that raise the loss");
        T_CLOSE(experiment_value(runs, 0, "fall"), loss[first] / loss[n - 1], 1e-12, "fall of the loss");
        T_OK(rises > 0 && mean > 0.9 && mean < 1.15, "at the edge: %g of the steps, ratio %g", rises, mean);
        printf("# rate %s: crossing at step %g, ratio %g, rising %g\n", rate, step[first], mean, rises);
    }
    experiment_runs_free(runs);
}

/* The first record of a member takes all that a run takes; what failed leaves nothing. */
static enum er_status first_record(const struct er_member *member, const float *w)
{
    struct er_stability_track track = {0};
    const struct er_curve_point point = {.train_loss = 1, .learning_rate = 0.1};
    const enum er_status status = er_stability_record(&track, member, 5, &point, w, NULL, false, &err);
    if (status == ER_OK) {
        T_OK(track.n == 1 && track.point[0].sharpness > 0 && isnan(track.point[0].rising), "one measurement");
        T_CLOSE(track.point[0].threshold, 20, 1e-12, "2 / 0.1");
    }
    er_stability_track_clear(&track);
    return status;
}

/* A linear map of inputs that are one coordinate each, of different lengths: H is diagonal. A search that starts at an
 * eigenvector comes to the largest eigenvalue, whichever it starts at; a loss rises when it is any larger. */
static void test_search(void)
{
    struct er_dataset train = blobs_make(30, 3, 2, 0.5, 1, 0);
    struct er_model *model = NULL;
    struct er_member member = {.train = &train, .spec = er_train_spec_default()};
    struct er_net *net = NULL;
    struct er_stability_track track = {0};
    float w[6] = {0};
    for (int i = 0; i < 90; i++) train.x[i] = i % 3 == i / 3 % 3 ? (float)(1 + i % 3) : 0;
    T_STATUS(er_model_parse("[dense bias=false]", &model, &err), ER_OK, "model");
    T_STATUS(er_net_new(model, train.shape, 2, "mean-squared", &net, &err), ER_OK, "net");
    er_model_free(model);
    member.net = net;
    for (int64_t step = 0; step <= 6; step++) {
        const struct er_curve_point point = {
            .step = step, .train_loss = 1 + (step % 2 ? 1e-6 : 0), .learning_rate = 1};
        for (int i = 0; step > 0 && i < 6; i++) track.vector[i] = i == step - 1;
        T_STATUS(er_stability_record(&track, &member, 1, &point, w, NULL, false, &err), ER_OK, "a record");
        T_CLOSE(track.point[step].sharpness, track.point[0].sharpness, 1e-4 * track.point[0].sharpness,
                "from eigenvector %d", (int)step - 1);
        if (step > 0) T_OK(track.point[step].rising == (step % 2 ? 1 : 0), "rises at step %d", (int)step);
    }
    T_CLOSE(track.point[0].sharpness, 3, 1e-4, "3^2 / 3, of a third of the examples");
    er_stability_track_clear(&track);
    er_net_free(net);
    er_dataset_clear(&train);
}

static void test_memory(void)
{
    struct er_dataset train = blobs_make(30, 3, 2, 0.5, 1, 0);
    struct er_model *model = NULL;
    struct er_member member = {.train = &train, .spec = er_train_spec_default()};
    struct er_net *net = NULL;
    float w[8];
    size_t bytes = 0;
    T_STATUS(er_model_parse("[dense]", &model, &err), ER_OK, "model");
    T_STATUS(er_net_new(model, train.shape, 2, "mean-squared", &net, &err), ER_OK, "net");
    er_model_free(model);
    member.net = net;
    er_net_initialise(net, 1, w, NULL);
    T_ALLOCATIONS(first_record(&member, w), (void)0, "a record");
    T_STATUS(er_stability_bytes(net, train.n, &bytes, &err), ER_OK, "bytes");
    T_OK(bytes > 25 * sizeof w && bytes < 1 << 20, "some vectors and plans: %zu", bytes);
    er_net_free(net);
    er_dataset_clear(&train);
}

static void test_refusals(void)
{
#define REST "\ndata: {name: two-spirals}\nmodel: [dense]\n"
    experiment_refused("train: {sgd: {rate: 0.1}}" REST "stability: {}", 9,
                       "train.optimiser: stability follows gradient descent on all examples; give "
                       "train.gradient-descent");
    experiment_refused(
        "train: {gradient-descent: {rate: 0.1}, record: {every: 4}}" REST "stability: {}", 56,
        "train.record.every: stability looks at the loss after every step; stability.every is the key for "
        "sharpness");
    experiment_refused("train: {gradient-descent: {rate: 0.1}, keep: [end]}" REST "stability: {}", 46,
                       "train.keep: stability studies keep no networks");
}

int main(void)
{
    const double lambda = measured_curvature();
    test_threshold(lambda, 0, false);
    test_threshold(lambda, 0.8, false);
    test_threshold(lambda, 0.8, true);
    test_parabola(0, false);
    test_parabola(0.8, false);
    test_parabola(0.8, true);
    test_weight_decay(lambda);
    test_bits();
    test_damaged(false);
    test_damaged(true);
    test_crossing();
    test_columns("0.15", false);
    test_columns("0.4", true);
    test_search();
    test_memory();
    test_refusals();
    return t_done();
}
