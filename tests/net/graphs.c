/* Whole nets, whose shape is what is tried: branches, sums, what is done in place, what is done together
 * with a neighbour, where gradients gather. All readings, as in readings.c. */
#include "t.h"

#include "support/trial.h"

static const struct graph {
    const char *text;
    struct er_shape in;
} graphs[] = {
    {"dense", {1, 1, 5}},
    {"dense 1, dense", {1, 1, 1}},
    {"dense 5, add: [[dense 5, tanh], identity], relu, dense", {1, 1, 4}},
    {"add: [[dense 4, tanh], identity], dense", {1, 1, 4}},
    {"add: [identity, identity], dense", {1, 1, 4}},
    {"add: [[identity, identity], [tanh, identity], identity], dense", {1, 1, 4}},
    {"add: [dense 5, [dense 5, relu], [erf, dense 5, erf]], tanh, dense", {1, 1, 4}},
    {"dense 6, tanh, dense, add: [tanh, identity]", {1, 1, 4}},
    {"dense 6, add: [tanh, relu], dense", {1, 1, 4}},
    {"dense 6, add: [tanh, tanh, relu, erf, identity], dense", {1, 1, 4}},
    {"dense 6, tanh, add: [[relu, dense 6], erf, identity], erf, dense", {1, 1, 4}},
    {"dense 6, erf, add: [[relu, dense 6], tanh, identity], tanh, relu, dense", {1, 1, 4}},
    {"dense 5, add: [[dense 5, add: [[tanh, dense 5], identity], relu], [add: [identity, erf]], identity], "
     "dense",
     {1, 1, 4}},
    {"add: [[add: [identity, tanh], dense 4], [add: [identity, dense 4]]], add: [identity, relu], dense",
     {1, 1, 4}},
    {"dense 6, tanh, add: [[dense 6, tanh], identity], dense", {1, 1, 4}},
    {"dense 6, relu, add: [dense 6, [dense 6, erf], identity], dense", {1, 1, 4}},
    {"conv 3, relu, add: [[conv 3, relu, conv 3], identity], relu, add: [conv 3, [conv 3, tanh]], flatten, "
     "dense",
     {4, 3, 2}},
    {"tanh, dense 5, relu, dense", {1, 1, 4}},
    {"relu, tanh, erf, dense 5, erf, tanh, relu, dense", {1, 1, 4}},
    {"tanh, add: [identity, dense 4], dense", {1, 1, 4}},
    {"dense 6, tanh, dense, flatten", {1, 1, 4}},
    {"dense 6, identity, tanh, identity, flatten, dense, identity", {2, 3, 2}},
    {"dense 6, relu, dense, tanh", {1, 1, 4}},
    {"dense 6, relu, dense, erf, tanh, identity", {1, 1, 4}},
    {"dense 6, erf, dense, add: [tanh, identity], tanh", {1, 1, 4}},
    {"dense 40, relu, dense 35, tanh, dense", {1, 1, 37}},
    {"conv 4 3x3 padding=valid, tanh, avg_pool 2, conv 5 2x2, tanh, avg_pool 2, flatten, dense 6, tanh, "
     "dense",
     {8, 8, 1}},
    {"conv 3 3x3, relu, max_pool 2, conv 4 3x3, relu, global_avg_pool, flatten, dense", {6, 5, 2}},
    {"conv 3, batch_norm, relu, add: [[conv 3, batch_norm, relu, conv 3, batch_norm], identity], relu, "
     "add: [[conv 4 stride=2, batch_norm, relu, conv 4, batch_norm], [conv 4 1x1 stride=2, batch_norm]], "
     "relu, "
     "global_avg_pool, dense",
     {4, 4, 2}},
    {"batch_norm, conv 3, add: [[batch_norm, relu, conv 3], identity], batch_norm, relu, flatten, dense",
     {4, 3, 2}},
    {"dense 6, batch_norm, tanh, dense 5, batch_norm, erf, dense, batch_norm", {1, 1, 4}},
    {"add: [[layer_norm, dense 6, gelu, dropout 0.4, dense 4], identity], gain 0.5, layer_norm, dense",
     {1, 1, 4}},
    {"dropout 0.3, dense 6, relu, dropout 0.5, add: [[dense 6, dropout 0.2], dropout 0.1, identity], dense",
     {1, 1, 4}},
    {"dense 6, gain, relu, gain 2, scale 0.5, dense, gain", {1, 1, 4}},
    {"concat: [identity, identity], dense", {1, 1, 4}},
    {"concat: [[dense 9, tanh], identity], dense", {1, 1, 4}},
    {"dense 3, tanh, concat: [[dense 11, relu], identity, tanh, [dense 2, erf]], tanh, dense", {1, 1, 4}},
    {"dense 9, erf, concat: [[relu, dense 2], add: [identity, tanh], concat: [identity, tanh]], dense",
     {1, 1, 4}},
    {"tanh, concat: [identity, dense 3], concat: [dense 2, [concat: [tanh, identity, relu]]], dense",
     {1, 1, 1}},
    {"conv 3, batch_norm, relu, concat: [[conv 2 1x1, batch_norm, relu], [conv 4, batch_norm, relu]], "
     "concat: [[conv 3 stride=2, relu], max_pool 3 stride=2 padding=same], global_avg_pool, dense",
     {4, 5, 2}},
    {"dense 6, multiply: [tanh, relu, [multiply: [identity, erf], dense 6], identity], dense", {1, 1, 4}},
    {"multiply: [dense 5, add: [dense 5, dense 5], [dense 5, multiply: [identity, tanh]]], tanh, dense",
     {1, 1, 4}},
    {"conv 7, relu, max_pool 3 stride=2 padding=same, lrn 5 alpha=0.8 beta=1.2 k=2, flatten, dense 5, relu, "
     "lrn 2 alpha=1, dense",
     {5, 4, 2}},
};

static void try_graph(const struct graph *g, uint64_t seed)
{
    struct trial_case c = {.text = g->text, .in = g->in, .classes = 3, .loss = "cross-entropy", .rows = 5};
    struct er_loss_info loss;
    c.seed = seed;
    if (trial_fits(&c) == ER_E_INPUT) {
        printf("# a layer is missing for [%s]\n", c.text);
        return;
    }
    for (int64_t j = 0; er_loss_describe(j, &loss); j++)
        for (int training = 0; training < 2; training++) {
            if (T_SANITIZED && (seed + (uint64_t)j + (uint64_t)training) % 2)
                continue; /* graphs take turns */
            c.loss = loss.name;
            c.classes = 2 + (int64_t)(seed + (uint64_t)j) % 2;
            c.training = training;
            trial_check(&c, true);
            if (j == 0) trial_check_many_rows(&c);
        }
}

int main(void)
{
    for (size_t i = 0; i < sizeof graphs / sizeof *graphs; i++) try_graph(&graphs[i], 1000 + i);
    printf("# differences: %d smooth, %d at a kink\n", (int)trial_smooth, (int)trial_kinked);
    return t_done();
}
