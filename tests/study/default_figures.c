/* The figures of a study that asks for none: what each kind of study gets. */
#include "experiments/experiment.h"
#include "study/study.h"
#include "support/study_text.h"
#include "t.h"

#include <ermine/study.h>

enum { MOST = 5 };

/* "mark x y1+y2 colour" */
static void describe(const struct er_figure *figure, char out[128])
{
    int used = snprintf(out, 128, "%s %s ", figure->mark, figure->x);
    for (int64_t i = 0; i < figure->n_y; i++)
        used += snprintf(out + used, 128 - (size_t)used, "%s%s", i > 0 ? "+" : "", figure->y[i]);
    snprintf(out + used, 128 - (size_t)used, " %s", figure->colour ? figure->colour : "-");
}

static const struct kind {
    const char *what, *yaml, *figure[MOST];
} kind[] = {
    {"nothing varies",
     "data: {name: mnist, train: [100]}\ntrain: {}\nseeds: 3\n",
     {"line epoch train_loss+test_loss -", "line epoch train_error+test_error -"}},
    {"only seeds vary, those of the data too",
     "data: {name: mnist, train: 100, seed: [0, 1, 2]}\ntrain: {seed: {initialise: [1, 2]}}\n",
     {"line epoch train_loss+test_loss -", "line epoch train_error+test_error -"}},
    {"numbers",
     "data: {name: mnist, train: [100, 200]}\ntrain: {}\n",
     {"line epoch train_loss data.train", "point data.train train_error+test_error -"}},
    {"numbers, and the runs stop by themselves",
     "data: {name: mnist, train: [100, 200]}\ntrain: {until: {train_loss: 0.1}}\n",
     {"line epoch train_loss data.train", "point data.train train_error+test_error -",
      "point data.train epochs -"}},
    {"words",
     "data: {name: [mnist, fashion-mnist]}\ntrain: {until: {train_error: 0}}\n",
     {"line epoch train_loss data.name", "bar data.name train_error+test_error -", "bar data.name epochs -"}},
    {"words and numbers",
     "data: {name: [mnist, fashion-mnist], labels: {corrupt: [0, 1]}}\ntrain: {}\n",
     {"line epoch train_loss data.name", "point data.labels.corrupt test_error data.name",
      "point data.labels.corrupt train_error data.name"}},
    {"the axis with more values goes along x",
     "data: {name: mnist, train: [100, 200]}\n"
     "train: {sgd: {rate: [0.1, 0.2, 0.3]}, until: {train_error: 0}}\n",
     {"line epoch train_loss data.train", "point train.sgd.rate test_error data.train",
      "point train.sgd.rate epochs data.train"}},
    {"three axes",
     "data: {name: [mnist, fashion-mnist], train: [100, 200]}\n"
     "train: {sgd: {rate: [0.1, 0.2, 0.3]}}\n",
     {"line epoch train_loss data.name", "point train.sgd.rate test_error data.name",
      "point train.sgd.rate train_error data.name"}},
    {"zipped axes are one",
     "data: {name: mnist, train: [100, 200]}\ntrain: {sgd: {rate: [0.1, 0.2]}}\n"
     "zip: [[data.train, train.sgd.rate]]\n",
     {"line epoch train_loss data.train", "point data.train train_error+test_error -"}},
    {"settings of a list of maps are one axis",
     "data: {name: mnist}\ntrain: {sgd: [{rate: 0.1}, {rate: 0.2, momentum: 0.9}]}\n",
     {"line epoch train_loss train.sgd.rate", "point train.sgd.rate train_error+test_error -"}},
    {"an axis that some runs lack does not count",
     "data: {name: mnist}\ntrain:\n- {sgd: {rate: [0.1, 0.2]}}\n- {adam: {rate: [0.01, 0.02]}}\n",
     {"line epoch train_loss train.optimiser", "bar train.optimiser train_error+test_error -"}},
};

static void check(const struct kind *k)
{
    struct er_study *study = NULL;
    struct er_error err;
    char yaml[512], got[128];
    int64_t n = 0, want = 0;
    snprintf(yaml, sizeof yaml, "study: s\nmodel: [dense]\n%s", k->yaml);
    T_STATUS(study_parse(yaml, &study, &err), ER_OK, "%s", k->what);
    if (!study) return;
    const struct er_figure *figure = er_study_figures(study, &n);
    while (want < MOST && k->figure[want]) want++;
    T_EQ_INT(n, want, "%s: how many", k->what);
    for (int64_t i = 0; i < n && i < want; i++) {
        describe(&figure[i], got);
        T_EQ_STR(got, k->figure[i], "%s: figure %d", k->what, (int)i);
    }
    er_study_free(study);
}

/* What only some experiments' tables have: points, lines, sliders, histograms. */
static void rich(void)
{
    static const struct er_default_figure table[] = {
        {.mark = "line",
         .x = "epoch",
         .y = "train_loss",
         .points = "test_loss test_error",
         .slider = "axis",
         .at_x = "data.test",
         .x_label = "n",
         .statistic = "median"},
        {.mark = "histogram",
         .y = "test_error",
         .bins = 9,
         .at_y = "0.5",
         .y_label = "half",
         .slider = "other"},
        {.mark = "point", .x = "axis", .y = "gap", .slider = "axis", .at_x = "data.train", .title = "T"},
        {.mark = "point", .x = "data.train", .y = "gap", .slider = "train.adam.rate", .y_scale = "log"},
        {0},
    };
    struct er_study *study = NULL;
    struct er_error err;
    T_STATUS(
        study_parse("study: s\nmodel: [dense]\ndata: {name: mnist, train: [100, 200], test: 50}\ntrain: {}\n",
                    &study, &err),
        ER_OK, "a study");
    if (!study) return;
    struct er_experiment experiment = *study->experiment;
    experiment.figure = table;
    study->experiment = &experiment;
    study->figures = 0;
    T_STATUS(er_study_default_figures(study, &err), ER_OK, "its figures");
    const struct er_figure *figure = study->figure;
    T_EQ_INT(study->figures, 4, "all of the table");
    T_EQ_INT(figure[0].n_points, 2, "points");
    T_EQ_STR(figure[0].points[1], "test_error", "in order");
    T_EQ_STR(figure[0].slider, "data.train", "a slider of the axis");
    T_EQ_STR(figure[0].statistic, "median", "a median");
    T_CLOSE(figure[0].at_x.at, 50, 0, "a line at a key");
    T_EQ_STR(figure[0].at_x.label, "n", "with its words");
    T_OK(!figure[1].x && figure[1].bins == 9, "a histogram");
    T_CLOSE(figure[1].at_y.at, 0.5, 0, "with a line");
    T_EQ_STR(figure[1].slider, "data.train", "another axis than x, which it has none of");
    T_OK(!figure[2].slider, "an axis is not shown twice");
    T_OK(!figure[2].at_x.drawn, "no line at a key that varies");
    T_EQ_STR(figure[2].title, "T", "a title");
    T_OK(!figure[3].slider, "no slider of a column that there is not");
    T_EQ_STR(figure[3].y_scale, "log", "a scale");
    er_study_free(study);
}

int main(void)
{
    rich();
    for (size_t i = 0; i < sizeof kind / sizeof *kind; i++) check(&kind[i]);
    return t_done();
}
