/* What a study will take: which runs are measured apart, and which stand for each other. */
#include "experiments/experiment.h"
#include "support/places.h"
#include "support/study_text.h"
#include "t.h"

/* The estimate of a study on two spirals (or images) with these keys of data and of train, on so many threads.
 */
static struct er_estimate estimate_on(int threads, const char *data, const char *model, const char *train)
{
    char yaml[600];
    struct er_study *study = NULL;
    struct er_pool *pool = NULL;
    struct er_estimate out = {0};
    struct er_error err;
    snprintf(yaml, sizeof yaml, "study: s\ndata: {%s}\nmodel: %s\ntrain: {%s}\n", data, model, train);
    T_STATUS(study_parse(yaml, &study, &err), ER_OK, "%s", yaml);
    if (!study) return out;
    T_STATUS(er_pool_new(threads, &pool, &err), ER_OK, "pool");
    T_STATUS(er_study_experiment(study)->estimate(er_study_point(study, 0), er_study_runs(study),
                                                  places_here(), pool, NULL, &out, &err),
             ER_OK, "%s", yaml);
    er_pool_free(pool);
    er_study_free(study);
    return out;
}

static struct er_estimate estimate_of(const char *data, const char *model, const char *train)
{
    return estimate_on(1, data, model, train);
}

static const char spirals[] = "name: two-spirals, train: 60, test: 40";
static const char dense[] = "[dense 8, tanh, dense]";

static int64_t kinds(const char *data, const char *model, const char *train)
{
    const struct er_estimate e = estimate_of(data, model, train);
    T_OK(e.seconds > 0 && e.run_bytes > 0, "%g s, %zu bytes", e.seconds, e.run_bytes);
    return e.ensembles;
}

static void check_optimisers(void)
{
    T_EQ_INT(kinds(spirals, dense, "sgd: {rate: [0.1, 0.2], momentum: [0.5, 0.9], batch: 8}, epochs: 2"), 1,
             "any momentum keeps one array");
    T_EQ_INT(kinds(spirals, dense, "sgd: {momentum: [0, 0.9], batch: 8}, epochs: 2"), 2, "none keeps none");
    T_EQ_INT(kinds(spirals, dense, "gradient-descent: {momentum: [0, 0.5, 0.9]}, epochs: 2"), 2,
             "of gradient descent too");
    T_EQ_INT(kinds(spirals, dense, "adam: {batch: [8, 16], beta1: [0.8, 0.9]}, epochs: 2"), 2, "batches");
    T_EQ_INT(kinds(spirals, dense, "sgd: {batch: [60, 100]}, epochs: 2"), 1, "both are all examples");
    T_EQ_INT(kinds(spirals, dense, "optimiser: [sgd, adam], epochs: [2, 3]"), 2, "optimisers");
    T_EQ_INT(kinds(spirals, dense, "loss: [cross-entropy, mean-squared], epochs: 2"), 2, "losses");
    const size_t none = estimate_of(spirals, dense, "gradient-descent: {momentum: 0}, epochs: 2").run_bytes;
    const struct er_estimate both =
        estimate_of(spirals, dense, "gradient-descent: {momentum: [0, 0.9]}, epochs: 2");
    T_OK(both.run_bytes >= none + (2 * 8 + 8 + 8 * 2 + 2) * sizeof(float),
         "the run with momentum counts: %zu and %zu bytes", both.run_bytes, none);
}

static void check_data(void)
{
    T_EQ_INT(
        kinds("name: two-spirals, train: 60, test: 40, seed: [0, 1], noise: [0, 0.1]", dense, "epochs: 2"), 1,
        "what is in the data takes no time");
    T_EQ_INT(kinds("name: two-spirals, train: [60, 80], test: 40", dense, "epochs: 2"), 2, "sizes do");
    T_EQ_INT(kinds("name: two-spirals, train: 60, test: [30, 40]", dense, "epochs: 2"), 2, "of the test set");
    T_EQ_INT(kinds(spirals, "[[dense 8, relu, dense], [dense 9, relu, dense]]", "epochs: 2"), 2, "models");
}

static void check_augmentation(void)
{
    static const char images[] = "name: fashion-mnist, train: 20, test: 10, augment: ";
    char data[120];
    if (!places_have("fashion-mnist")) return;
    snprintf(data, sizeof data, "%s{flip: [true, false]}", images);
    T_EQ_INT(kinds(data, "[dense]", "epochs: 2"), 2, "a step with augmentation takes longer");
    snprintf(data, sizeof data, "%s{crop: [2, 4], flip: [true, false]}", images);
    T_EQ_INT(kinds(data, "[dense]", "epochs: 2"), 1, "whichever");
}

/* Runs of five seconds each, by their rule, that would take years. Their steps are too short for two threads to
 * share them. */
static void check_time(void)
{
    static const char one[] = "epochs: 1000000000000, seconds: 5",
                      three[] = "sgd: {rate: [0.1, 0.2, 0.3]}, epochs: 1000000000000, seconds: 5";
    T_CLOSE(estimate_on(2, spirals, dense, one).seconds, 5, 0, "one run on two threads");
    T_CLOSE(estimate_on(2, spirals, dense, three).seconds, 10, 0, "three runs on two threads");
    T_CLOSE(estimate_on(8, spirals, dense, three).seconds, 5, 0, "three runs on eight threads");
    T_CLOSE(estimate_on(1, spirals, dense, three).seconds, 15, 0, "three runs on one thread");
}

/* Threads that share a run have memory of their own. */
static void check_parts(void)
{
    static const char images[] = "name: fashion-mnist, train: 200, test: 10",
                      model[] = "[conv 64, relu, conv 64, relu, global_avg_pool, dense]";
    if (!places_have("fashion-mnist")) return;
    const struct er_estimate one = estimate_on(1, images, model, "epochs: 2"),
                             four = estimate_on(4, images, model, "epochs: 2"),
                             many = estimate_on(4, images, model, "sgd: {rate: [1, 2, 3, 4]}, epochs: 2");
    T_EQ_INT(four.at_once, 1, "one run");
    T_OK(four.run_bytes > one.run_bytes, "its memory on four threads: %zu and %zu bytes", four.run_bytes,
         one.run_bytes);
    T_EQ_INT(many.run_bytes, one.run_bytes, "of four runs on four threads each has one");
}

/* Memory of a run with these lines of the study after `model`. */
static size_t run_bytes(const char *lines)
{
    char model[120];
    snprintf(model, sizeof model, "%s\n%s", dense, lines);
    return estimate_of(spirals, model, "epochs: 2").run_bytes;
}

/* Measures take memory beside training: of a net of 3 x 8 + 9 x 2 weights and 60 examples, outputs and margins, the
 * values of a chunk, the weights at the end as maps, and the initial ones, drawn, as maps, and the
 * way from them. */
static void check_measures(void)
{
    const size_t weights = (3 * 8 + 9 * 2) * sizeof(float), example = 2 * sizeof(float) + sizeof(double);
    const size_t none = run_bytes(""), start = run_bytes("measures: [bartlett_bound]"),
                 end = run_bytes("measures: [vc_dimension, golowich_bound]");
    T_EQ_INT(run_bytes("measures: [vc_dimension]"), none, "a number of the model takes none");
    T_OK(end >= none + weights + 60 * example, "norms: %zu and %zu bytes", end, none);
    T_EQ_INT(start - end, 4 * weights, "and those of the initial weights");
}

/* Planes and paths count what follows their trainings; the time of a search is not known. */
static void check_after_training(void)
{
    static const char many[] = "sgd: {batch: 8}, epochs: 1}\nslice: {grid: 501, path: false",
                      search[] = "sgd: {batch: 8}, epochs: 1}\nslice: {a: guess, b: none, threshold: 0.5",
                      bent[] = "sgd: {batch: 8}, epochs: 1}\nconnect: {path: bezier, bend: {steps: 1000000}";
    /* 8 gradients, beside 250,000 points and a million gradients */
    const double alone = estimate_of(spirals, dense, "sgd: {batch: 8}, epochs: 1").seconds;
    T_OK(estimate_of(spirals, dense, many).seconds > 20 * alone, "points");
    T_OK(estimate_of(spirals, dense, bent).seconds > 20 * alone, "a bend");
    T_OK(isnan(estimate_of(spirals, dense, search).seconds), "a search");
}

int main(void)
{
    check_time();
    check_parts();
    check_measures();
    check_optimisers();
    check_data();
    check_augmentation();
    check_after_training();
    return t_done();
}
