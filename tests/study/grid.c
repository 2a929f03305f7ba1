/* Grids: which runs a study has, in which order, and by which columns they differ. */
#include "support/study_text.h"
#include "t.h"

#define TOP "study: s\nmodel: [dense 8, relu, dense]\n"

/* Each study with its runs, one a line. */
static const struct {
    const char *what, *yaml, *rows;
} grid[] = {
    {"one run", TOP "data: {name: mnist}\ntrain: {}\n", "seed=0\n"},
    {"axes multiply in schema order, the seed fastest",
     TOP "train: {sgd: {rate: [0.1, 0.20]}}\nseeds: 2\ndata: {name: mnist, labels: {corrupt: [0, 1]}}\n",
     "data.labels.corrupt=0 train.sgd.rate=0.1 seed=0\n"
     "data.labels.corrupt=0 train.sgd.rate=0.1 seed=1\n"
     "data.labels.corrupt=0 train.sgd.rate=0.2 seed=0\n"
     "data.labels.corrupt=0 train.sgd.rate=0.2 seed=1\n"
     "data.labels.corrupt=1 train.sgd.rate=0.1 seed=0\n"
     "data.labels.corrupt=1 train.sgd.rate=0.1 seed=1\n"
     "data.labels.corrupt=1 train.sgd.rate=0.2 seed=0\n"
     "data.labels.corrupt=1 train.sgd.rate=0.2 seed=1\n"},
    {"a list of one value is an axis", TOP "train: {}\ndata: {name: mnist, train: [100]}\n",
     "data.train=100 seed=0\n"},
    {"seeds by name", TOP "train: {}\ndata: {name: mnist}\nseeds: [7, 3]\n", "seed=7\nseed=3\n"},
    {"zip pairs",
     TOP "train: {epochs: [5, 6]}\ndata: {name: mnist, train: [10, 20], seed: [0, 1]}\n"
         "zip: [[data.train, train.epochs]]\n",
     "data.train=10 train.epochs=5 data.seed=0 seed=0\n"
     "data.train=10 train.epochs=5 data.seed=1 seed=0\n"
     "data.train=20 train.epochs=6 data.seed=0 seed=0\n"
     "data.train=20 train.epochs=6 data.seed=1 seed=0\n"},
    {"zip of three, the later ones before the first",
     TOP "train: {epochs: [5, 6], sgd: {rate: [1, 2]}}\ndata: {name: mnist, train: [10, 20]}\n"
         "zip: [[train.epochs, data.train, train.sgd.rate]]\n",
     "data.train=10 train.sgd.rate=1 train.epochs=5 seed=0\n"
     "data.train=20 train.sgd.rate=2 train.epochs=6 seed=0\n"},
    {"maps as alternatives: the paths that differ are columns",
     TOP
     "data: {name: mnist}\ntrain:\n  sgd:\n  - {rate: 0.1, batch: 32}\n  - {rate: 0.2, momentum: 0.9, batch: "
     "32}\n",
     "train.sgd.rate=0.1 train.sgd.momentum=0 seed=0\n"
     "train.sgd.rate=0.2 train.sgd.momentum=0.9 seed=0\n"},
    {"alternatives of different members, with an axis in one of them",
     TOP "data: {name: mnist}\ntrain:\n- {sgd: {rate: [0.1, 0.2]}}\n- {adam: {}}\n",
     "train.optimiser=sgd train.sgd.rate=0.1 seed=0\n"
     "train.optimiser=sgd train.sgd.rate=0.2 seed=0\n"
     "train.optimiser=adam train.sgd.rate=- seed=0\n"},
    {"a group's choice as an axis", TOP "data: {name: mnist}\ntrain: {optimiser: [adam, gradient-descent]}\n",
     "train.optimiser=adam seed=0\ntrain.optimiser=gradient-descent seed=0\n"},
    {"maps of members beside an axis that chooses them: each where it is chosen",
     TOP "data: {name: mnist}\ntrain: {sgd: {rate: 0.3}, optimiser: [sgd, gradient-descent, adam], adam: "
         "{}}\n",
     "train.optimiser=sgd seed=0\ntrain.optimiser=gradient-descent seed=0\ntrain.optimiser=adam seed=0\n"},
    {"models as lists and as texts",
     "study: s\ndata: {name: mnist}\ntrain: {}\nmodel: [[dense 8, relu, dense], '[dense]']\n",
     "model=[dense 8, relu, dense] seed=0\nmodel=[dense] seed=0\n"},
    {"a model's longer form",
     "study: s\ndata: {name: mnist}\ntrain: {}\nmodel:\n- - dense: 8\n  - relu\n  - dense: {bias: false}\n"
     "- - dense: [16]\n  - relu:\n  - dense init=glorot\n",
     "model=[dense 8, relu, dense bias=false] seed=0\nmodel=[dense 16, relu, dense init=glorot] seed=0\n"},
    {"branches in brackets",
     "study: s\ndata: {name: mnist}\ntrain: {}\nmodel:\n"
     "- [dense 8, add: [[dense 8, relu], identity], dense]\n"
     "- '[dense 8, add: [[dense 8], identity], dense 10]'\n",
     "model=[dense 8, add: [[dense 8, relu], identity], dense] seed=0\n"
     "model=[dense 8, add: [dense 8, identity], dense 10] seed=0\n"},
    {"branches side by side, in YAML's longer form",
     "study: s\ndata: {name: mnist}\ntrain: {}\nmodel:\n- - conv 8\n  - concat:\n    - - conv: [4, 1x1]\n"
     "      - relu\n    - conv: {channels: 4}\n  - lrn: {size: 5, k: 2}\n  - dense\n- [dense]\n",
     "model=[conv 8, concat: [[conv 4 1x1, relu], conv 4], lrn 5 k=2, dense] seed=0\nmodel=[dense] seed=0\n"},
    {"presets are models: an axis",
     "study: s\ndata: {name: mnist}\ntrain: {}\nmodel: [mlp 8, mlp 9, {mlp: 7}, [dense], '[relu, dense]']\n",
     "model=[dense 8, relu, dense] seed=0\nmodel=[dense 9, relu, dense] seed=0\n"
     "model=[dense 7, relu, dense] seed=0\nmodel=[dense] seed=0\nmodel=[relu, dense] seed=0\n"},
    {"a list first, a preset behind", "study: s\ndata: {name: mnist}\ntrain: {}\nmodel: [[dense], mlp 9]\n",
     "model=[dense] seed=0\nmodel=[dense 9, relu, dense] seed=0\n"},
    {"a preset among layers, and alone in a list",
     "study: s\ndata: {name: mnist}\ntrain: {}\nmodel: [[flatten, mlp 9, identity], [mlp 8]]\n",
     "model=[flatten, dense 9, relu, dense, identity] seed=0\nmodel=[dense 8, relu, dense] seed=0\n"},
};

static void check_grids(void)
{
    for (size_t i = 0; i < sizeof grid / sizeof *grid; i++) {
        struct er_study *study = NULL;
        struct er_error err;
        char rows[2048] = "", row[512];
        T_STATUS(study_parse(grid[i].yaml, &study, &err), ER_OK, "%s", grid[i].what);
        for (int64_t run = 0; study && run < er_study_runs(study); run++) {
            const size_t used = strlen(rows);
            snprintf(rows + used, sizeof rows - used, "%s\n", study_row(study, run, row, sizeof row));
        }
        T_EQ_STR(rows, grid[i].rows, "%s", grid[i].what);
        er_study_free(study);
    }
}

/* 10 x 10 x 25 x 4 seeds. */
static void check_large(void)
{
    const char *yaml =
        TOP "data: {name: mnist, train: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],\n"
            "  seed: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]}\n"
            "train: {epochs: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19,\n"
            "  20, 21, 22, 23, 24, 25]}\nseeds: 4\n";
    struct er_study *study = NULL;
    struct er_error err;
    char last[ER_SHA256_HEX] = "", row[256];
    int64_t different = 0;
    T_STATUS(study_parse(yaml, &study, &err), ER_OK, "a study of 10,000 runs");
    if (!study) return;
    T_EQ_INT(er_study_runs(study), 10000, "its runs");
    for (int64_t run = 0; run < er_study_runs(study); run++) {
        char key[ER_SHA256_HEX];
        if (er_study_key(study, run, "00", key, &err) != ER_OK) break;
        different += strcmp(key, last) != 0;
        memcpy(last, key, sizeof last);
    }
    T_EQ_INT(different, 10000, "keys, each unlike the one before");
    T_EQ_STR(study_row(study, 9999, row, sizeof row), "data.train=10 data.seed=9 train.epochs=25 seed=3",
             "the last run");
    T_OK(er_study_point(study, 0)->setting == er_study_point(study, 3)->setting &&
             er_study_point(study, 0)->setting != er_study_point(study, 4)->setting,
         "seeds share the settings of their grid point");
    er_study_free(study);
}

int main(void)
{
    check_grids();
    check_large();
    return t_done();
}
