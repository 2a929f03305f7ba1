/* What a study will take: which runs are measured apart, and which stand for each other. */
#include "experiments/experiment.h"
#include "support/places.h"
#include "support/study_text.h"
#include "t.h"

/* The estimate of a study on two spirals (or images) with these keys of data and of train. */
static struct er_estimate estimate_of(const char *data, const char *model, const char *train)
{
    char yaml[600];
    struct er_study *study = NULL;
    struct er_pool *pool = NULL;
    struct er_estimate out = {0};
    struct er_error err;
    snprintf(yaml, sizeof yaml, "study: s\ndata: {%s}\nmodel: %s\ntrain: {%s}\n", data, model, train);
    T_STATUS(study_parse(yaml, &study, &err), ER_OK, "%s", yaml);
    if (!study) return out;
    T_STATUS(er_pool_new(1, &pool, &err), ER_OK, "pool");
    T_STATUS(er_study_experiment(study)->estimate(er_study_point(study, 0), er_study_runs(study),
                                                  places_here(), pool, &out, &err),
             ER_OK, "%s", yaml);
    er_pool_free(pool);
    er_study_free(study);
    return out;
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

int main(void)
{
    check_optimisers();
    check_data();
    check_augmentation();
    return t_done();
}
