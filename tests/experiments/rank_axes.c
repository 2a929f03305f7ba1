/* Hyper-parameters of a zoo from the axes of its study, and from models that are one preset. */
#include "t.h"

#include "experiments/rank_axes.h"
#include "experiments/rank_model_axis.h"
#include "support/zoo.h"

static struct er_error err;

/* Models by their labels alone. */
static void check_arguments(void)
{
    static const char *const label[] = {"mlp 16", "mlp depth=3 16", "mlp width=8 activation=tanh", "mlp"};
    static const char *const other[] = {"mlp 16", "convnet 16"}, *const layers[] = {"[dense]",
                                                                                    "[dense 8, dense]"};
    static const char *const want[3][4] = {
        {"16", "16", "8", "512"}, {"1", "3", "1", "1"}, {"relu", "relu", "tanh", "relu"}};
    static const char *const name[] = {"width", "depth", "activation"};
    struct er_arena *arena;
    struct er_rank_arguments arguments;
    T_STATUS(er_arena_new(SIZE_MAX / 2, &arena, &err), ER_OK, "arena");
    T_STATUS(er_rank_arguments(label, 4, arena, &arguments, &err), ER_OK, "four of one preset");
    T_EQ_INT(arguments.n, 3, "arguments that differ");
    for (int a = 0; a < 3 && arguments.n == 3; a++) {
        T_EQ_STR(arguments.name[a], name[a], "argument %d", a);
        for (int i = 0; i < 4; i++)
            T_EQ_STR(arguments.value[a][i], want[a][i], "%s of %s", name[a], label[i]);
    }
    T_STATUS(er_rank_arguments(other, 2, arena, &arguments, &err), ER_OK, "two presets");
    T_EQ_INT(arguments.n, 0, "have no arguments in common");
    T_STATUS(er_rank_arguments(layers, 2, arena, &arguments, &err), ER_OK, "layers");
    T_EQ_INT(arguments.n, 0, "nor have they");
    er_arena_free(arena);
}

/* Which hyper-parameters come of the axes, and their levels. */
static void check_axes(void)
{
    static const char *const name[] = {"data.train",      "model.width", "model.depth",
                                       "train.optimiser", "train.rate",  "train.sgd.momentum"};
    static const int levels[] = {2, 2, 2, 2, 2, 3};
    enum { NAMES = sizeof name / sizeof *name };
    struct zoo zoo;
    struct er_arena *arena;
    struct er_rank_axes axes;
    zoo_open(&zoo, ZOO_GRID);
    T_STATUS(er_arena_new(SIZE_MAX / 2, &arena, &err), ER_OK, "arena");
    T_STATUS(er_rank_axes(&zoo.source, arena, &axes, &err), ER_OK, "axes");
    T_EQ_INT(axes.n, NAMES, "hyper-parameters");
    for (int p = 0; p < NAMES && axes.n == NAMES; p++) {
        T_EQ_STR(axes.parameter[p].name, name[p], "hyper-parameter %d", p);
        T_EQ_INT(axes.parameter[p].levels, levels[p], "levels of %s", name[p]);
    }
    for (int64_t i = 0; i < zoo.source.runs && axes.n == NAMES; i++) {
        const bool sgd = strcmp(zoo_word(&zoo, i, "train.optimiser"), "sgd") == 0;
        const double rate =
            er_point_real(&zoo.source.point[i], sgd ? "train.sgd.rate" : "train.adam.rate", 0);
        const double momentum = er_point_real(&zoo.source.point[i], "train.sgd.momentum", -1);
        T_EQ_INT(axes.parameter[4].level[i], rate == (sgd ? 0.3 : 0.002),
                 "run %d: its rate among its optimiser's", (int)i);
        T_EQ_INT(axes.parameter[5].level[i], sgd ? 1 + (momentum > 0) : 0,
                 "run %d: no momentum is a level, the first", (int)i);
        T_EQ_INT(axes.parameter[1].level[i], strstr(zoo_cell(&zoo, i, "model")->text, " 8") != NULL,
                 "run %d: width", (int)i);
        T_EQ_INT(axes.seed[i], (int)zoo.source.point[i].seed, "run %d: seed", (int)i);
    }
    er_arena_free(arena);
    zoo_close(&zoo);
    /* Axes that vary together are one; models that are no presets are words; two kinds of seeds. */
    zoo_open(&zoo, "study: zoo\ndata: {name: two-spirals, train: [40, 80], seed: [0, 1, 2]}\n"
                   "model: [[dense 4, relu, dense], [dense 8, relu, dense]]\n"
                   "train: {epochs: [2, 1]}\nzip: [[data.train, train.epochs]]\nseeds: 2\n");
    T_STATUS(er_arena_new(SIZE_MAX / 2, &arena, &err), ER_OK, "arena");
    T_STATUS(er_rank_axes(&zoo.source, arena, &axes, &err), ER_OK, "axes");
    T_OK(axes.n == 2 && strcmp(axes.parameter[0].name, "data.train") == 0 &&
             strcmp(axes.parameter[1].name, "model") == 0,
         "zipped axes count once");
    int32_t most = 0;
    for (int64_t i = 0; i < zoo.source.runs; i++)
        if (axes.seed[i] > most) most = axes.seed[i];
    T_EQ_INT(most, 5, "seeds of data and of training together");
    er_arena_free(arena);
    zoo_close(&zoo);
}

static enum er_status axes_of(const struct zoo *zoo, struct er_arena **arena)
{
    struct er_rank_axes axes;
    enum er_status status = er_arena_new(SIZE_MAX / 2, arena, &err);
    if (status != ER_OK) return status;
    status = er_rank_axes(&zoo->source, *arena, &axes, &err);
    if (status != ER_OK) er_arena_free(*arena);
    return status;
}

static void check_allocations(void)
{
    struct zoo zoo;
    struct er_arena *arena = NULL;
    zoo_open(&zoo, ZOO_GRID);
    T_ALLOCATIONS(axes_of(&zoo, &arena), er_arena_free(arena), "hyper-parameters");
    zoo_close(&zoo);
}

int main(void)
{
    check_arguments();
    check_axes();
    check_allocations();
    return t_done();
}
