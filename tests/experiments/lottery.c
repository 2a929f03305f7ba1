/* Lottery tickets: what is pruned, what pruned weights are in training, what a round goes on from. */
#include "t.h"

#include "experiments/lottery_chain.h"
#include "experiments/lottery_prune.h"
#include "support/experiment_run.h"

#include <ermine/memory.h>

#include <string.h>

#define STUDY                                                                                                \
    "study: s\n"                                                                                             \
    "data: {name: gaussian-mixture, dimension: 6, classes: 3, train: 90, test: 60}\n"                        \
    "model: [dense 8, relu, dense]\n"                                                                        \
    "train: {sgd: {rate: 0.1, batch: 30}, epochs: 5}\n"                                                      \
    "seeds: 2\n"

static const struct er_data_places nowhere = {0};
static struct er_error err;

static struct er_net *make_net(const char *text, struct er_shape in)
{
    struct er_model *model = NULL;
    struct er_net *net = NULL;
    T_STATUS(er_model_parse(text, &model, &err), ER_OK, "%s", text);
    T_STATUS(er_net_new(model, in, 3, "cross-entropy", &net, &err), ER_OK, "%s", text);
    er_model_free(model);
    return net;
}

/* One dense layer of 12 weights and three biases, which are larger or smaller than all. */
static void test_prune(void)
{
    struct er_net *net = make_net("[dense]", (struct er_shape){1, 1, 4});
    const int64_t P = er_net_parameters(net);
    float w[15];
    unsigned char mask[15];
    T_EQ_INT(P, 15, "parameters");
    for (int i = 0; i < 15; i++) w[i] = (float)(i % 2 ? -(i + 1) : i + 1);
    memset(mask, 1, sizeof mask);
    T_STATUS(er_lottery_prune(net, w, 0, 0.25, mask, &err), ER_OK, "prune");
    int left = 0, smallest = 0;
    for (int i = 0; i < 15; i++) left += mask[i];
    for (int i = 0; i < 3; i++) smallest += !mask[i];
    T_EQ_INT(left, 12, "a quarter of twelve weights is gone, biases stay");
    T_EQ_INT(smallest, 3, "the smallest ones");
    T_CLOSE(er_lottery_density(net, mask), 0.75, 1e-15, "density");
    T_STATUS(er_lottery_prune(net, w, 0, 0.25, mask, &err), ER_OK, "once more");
    T_CLOSE(er_lottery_density(net, mask), 7.0 / 12, 1e-15, "floor(9 / 4) of those that were left");
    for (int i = 0; i < 15; i++) w[i] = 1;
    memset(mask, 1, sizeof mask);
    T_STATUS(er_lottery_prune(net, w, 0, 0.5, mask, &err), ER_OK, "equal ones");
    T_OK(!mask[0] && !mask[5] && mask[6] && mask[14], "of equal ones the first");
    er_net_free(net);
}

static void test_run(void)
{
    struct experiment_runs *runs =
        experiment_runs_new(STUDY "lottery: {rounds: 4, prune: 0.5, prune_output: 0.25}\n");
    struct experiment_runs *plain = experiment_runs_new(STUDY);
    T_STATUS(experiment_run(runs, 2, &nowhere, &err), ER_OK, "run: %s", err.msg);
    T_STATUS(experiment_run(plain, 1, &nowhere, &err), ER_OK, "plain");
    const double *density = experiment_curve(runs, 0, "density");
    const double full = 6 * 8 + 8 * 3, kept[4] = {72, 24 + 18, 12 + 14, 6 + 11};
    for (int i = 0; i < 4; i++) T_CLOSE(density[i], kept[i] / full, 1e-15, "density of round %d", i + 1);
    T_OK(experiment_value(runs, 1, "full_test_error") == experiment_value(plain, 1, "test_error"),
         "the first round is the run of train");
    T_OK(isnan(experiment_curve(runs, 0, "control_test_error")[0]), "it has no control");
    T_OK(!isnan(experiment_curve(runs, 0, "early_control_test_error")[3]), "the others have");

    struct experiment_runs *again =
        experiment_runs_new(STUDY "lottery: {rounds: 4, prune: 0.5, prune_output: 0.25}\n");
    T_STATUS(experiment_run_some(again, 1, 1, 3, &nowhere, &err), ER_OK, "alone, on three threads");
    T_OK(experiment_same(&again->record[0], &runs->record[1]), "to the same bits");
    experiment_runs_free(again);
    experiment_runs_free(plain);
    experiment_runs_free(runs);
}

/* A chain that goes on behind its second round ends as one that was never left; a state that is cut or damaged is not
 * taken. */
static void test_resume(void)
{
    struct experiment_runs *runs = experiment_runs_new(STUDY "lottery: {rounds: 4, prune: 0.5}\n");
    const struct er_point *point = er_study_point(runs->study, 0);
    struct er_split split = {0};
    const struct er_data_spec spec = er_data_spec_default();
    struct er_pool *pool = NULL;
    struct er_lottery_chain whole, rest;
    void *state = NULL;
    size_t bytes = 0;
    bool any;
    struct er_data_spec made = spec;
    made.name = "gaussian-mixture";
    made.dimension = 6;
    made.classes = 3;
    made.train = 90;
    made.test = 60;
    T_STATUS(er_data_open(&made, &nowhere, &split, &err), ER_OK, "data: %s", err.msg);
    T_STATUS(er_pool_new(2, &pool, &err), ER_OK, "pool");
    T_STATUS(er_lottery_chain_open(&whole, point, &split, 0, NULL, 0, &err), ER_OK, "open");
    for (int i = 0; i < 4; i++) {
        T_STATUS(er_lottery_round(&whole, 1, pool, NULL, &any, &err), ER_OK, "round");
        T_OK(any, "there was one");
        if (i == 1) T_STATUS(er_lottery_chain_state(&whole, &state, &bytes, &err), ER_OK, "state");
    }
    T_STATUS(er_lottery_round(&whole, 1, pool, NULL, &any, &err), ER_OK, "no round");
    T_OK(!any, "is left");
    T_STATUS(er_lottery_chain_open(&rest, point, &split, 0, state, bytes - 1, &err), ER_OK, "a cut state");
    T_EQ_INT(rest.done, 0, "is left alone");
    er_lottery_chain_close(&rest);
    for (size_t i = 1; i < 8; i += 2) {
        unsigned char *byte = (unsigned char *)state + i * bytes / 8;
        *byte ^= 4;
        T_STATUS(er_lottery_chain_open(&rest, point, &split, 0, state, bytes, &err), ER_OK, "a damaged one");
        T_EQ_INT(rest.done, 0, "is left alone, too");
        er_lottery_chain_close(&rest);
        *byte ^= 4;
    }
    T_STATUS(er_lottery_chain_open(&rest, point, &split, 0, state, bytes, &err), ER_OK, "a whole one");
    T_EQ_INT(rest.done, 2, "is taken up");
    for (int i = 0; i < 2; i++) T_STATUS(er_lottery_round(&rest, 1, pool, NULL, &any, &err), ER_OK, "round");
    for (int c = 0; c < ER_LOTTERY_COLUMNS; c++)
        T_OK(memcmp(rest.curve[c], whole.curve[c], 4 * sizeof(double)) == 0, "column %d", c);
    T_OK(memcmp(rest.mask, whole.mask, (size_t)er_net_parameters(whole.net)) == 0, "masks");
    er_lottery_chain_close(&rest);
    er_lottery_chain_close(&whole);
    er_free(state);
    er_pool_free(pool);
    er_split_clear(&split);
    experiment_runs_free(runs);
}

int main(void)
{
    test_prune();
    test_run();
    test_resume();
    return t_done();
}
