/* A study as a whole: what it says of itself, its figures, its places in a note, and failing allocations. */
#include "experiments/experiment.h"
#include "support/study_text.h"
#include "t.h"

/* A study that uses every part of the language. */
static const char *const medium =
    "study: medium\n"
    "title: Everything\n"
    "data:\n"
    "- {name: fashion-mnist, train: [100, 200], labels: {corrupt: 0.5}}\n"
    "- {name: two-spirals, train: 50, noise: 0.1}\n"
    "model: [[dense 8, relu, dense], [{dense: {width: 4, bias: false}}, relu, dense]]\n"
    "train:\n"
    "  optimiser: sgd\n"
    "  sgd: {rate: [0.1, 0.2]}\n"
    "  epochs: [3, 4]\n"
    "  schedule: {step: {factor: 0.5}}\n"
    "zip: [[train.sgd.rate, train.epochs]]\n"
    "seeds: [5, 9]\n"
    "figures:\n"
    "- {x: epoch, y: train_loss, colour: data.name}\n"
    "- {mark: point, x: data.train, y: [gap, test_error, seconds], color: outcome, title: T, caption: C,\n"
    "   x_scale: log, y_scale: linear}\n";

static void check_whole(void)
{
    struct er_study *study = NULL;
    struct er_error err;
    int64_t n;
    T_STATUS(study_parse(medium, &study, &err), ER_OK, "a study of every part");
    if (!study) return;
    T_EQ_STR(er_study_name(study), "medium", "name");
    T_EQ_STR(er_study_title(study), "Everything", "title");
    T_EQ_STR(er_study_file(study), "s.yaml", "file");
    T_EQ_STR(er_study_source(study), medium, "source");
    T_EQ_STR(er_study_experiment(study)->name, "train", "experiment");
    T_EQ_INT(er_study_runs(study), 3 * 2 * 2 * 2, "runs: data, models, rates with epochs, seeds");

    const struct er_axis *axis = er_study_axes(study, &n);
    static const struct er_axis want[] = {{"data.name", 3},    {"data.train", 3}, {"data.labels.corrupt", 3},
                                          {"data.noise", 3},   {"model", 2},      {"train.sgd.rate", 2},
                                          {"train.epochs", 2}, {"seed", 2}};
    T_EQ_INT(n, sizeof want / sizeof *want, "columns");
    for (int64_t a = 0; a < n; a++) {
        T_EQ_STR(axis[a].path, want[a].path, "column %d", (int)a);
        T_EQ_INT(axis[a].values, want[a].values, "%s", want[a].path);
    }
    const struct er_point *point = er_study_point(study, er_study_runs(study) - 1);
    T_OK(point->seed == 9, "the last seed");
    T_OK(er_point_integer(point, "data.train", 0) == 50, "an integer");
    T_CLOSE(er_point_real(point, "data.noise", 0), 0.1, 0, "a number");
    T_OK(!er_point_get(er_study_point(study, 0), "data.noise"), "which is absent elsewhere");
    T_CLOSE(er_point_real(er_study_point(study, 0), "data.noise", 7), 7, 0, "so that the fallback counts");
    T_EQ_STR(er_point_text(point, "model", ""), "[dense 4 bias=false, relu, dense]", "a model, canonical");
    T_OK(!er_point_bool(point, "train.sgd.nesterov", true), "a default");
    T_OK(er_point_has(point, "train.sgd") && !er_point_has(point, "train.adam"), "the member chosen");
    T_OK(!er_point_get(point, "train.adam.beta1"), "keys of another do not exist");
    T_CLOSE(er_point_real(point, "train.schedule.step.every", 0), 1, 0, "those of the chosen have defaults");
    const struct er_setting *corrupt = er_point_get(er_study_point(study, 0), "data.labels.corrupt");
    T_OK(corrupt && corrupt->line == 4 && corrupt->column == 62, "a setting knows its place");
    er_study_free(study);
}

static void check_figures(void)
{
    struct er_study *study = NULL;
    struct er_error err;
    int64_t n = 0;
    T_STATUS(study_parse(medium, &study, &err), ER_OK, "figures as written");
    const struct er_figure *figure = study ? er_study_figures(study, &n) : NULL;
    T_EQ_INT(n, 2, "two figures");
    if (n == 2) {
        T_EQ_STR(figure[0].mark, "line", "a line by default");
        T_OK(figure[0].line == 15 && figure[0].column == 3, "with its place");
        T_OK(!figure[0].title && !figure[0].x_scale, "what is not said is not there");
        T_EQ_STR(figure[1].x, "data.train", "x");
        T_EQ_INT(figure[1].n_y, 3, "three columns along y");
        T_EQ_STR(figure[1].y[2], "seconds", "the last of them");
        T_EQ_STR(figure[1].colour, "outcome", "color is colour");
        T_EQ_STR(figure[1].title, "T", "title");
        T_EQ_STR(figure[1].caption, "C", "caption");
        T_EQ_STR(figure[1].x_scale, "log", "scale");
        T_EQ_STR(figure[1].y_scale, "linear", "scale");
    }
    er_study_free(study);
}

/* data.train [1, 2, ..., n] in a study whose figures are `figures`. */
static enum er_status parse_long(int64_t n, const char *figures, struct er_study **study,
                                 struct er_error *err)
{
    static char yaml[1 << 14];
    size_t used =
        (size_t)snprintf(yaml, sizeof yaml, "study: s\nmodel: [dense]\ndata: {name: mnist, train: [");
    for (int64_t i = 1; i <= n; i++)
        used += (size_t)snprintf(yaml + used, sizeof yaml - used, "%lld,", (long long)i);
    snprintf(yaml + used - 1, sizeof yaml - used + 1, "]}\ntrain: {epochs: [1, 2]}\n%s\n", figures);
    return study_parse(yaml, study, err);
}

/* An axis with more values than a figure has series: a default leaves it to the next, what is asked for is
 * refused while it is read, unless it is a continuum. */
static void check_many_colours(void)
{
    static const struct {
        int64_t values;
        const char *figures, *colour;
    } good[] = {
        {ER_FIGURE_MAX_SERIES, "", "data.train"},
        {ER_FIGURE_MAX_SERIES + 1, "", "train.epochs"},
        {ER_FIGURE_MAX_SERIES, "figures: [{x: epoch, y: train_loss, colour: data.train}]", "data.train"},
        {ER_FIGURE_MAX_SERIES + 1, "figures: [{mark: point, x: gap, y: gap, colour: data.train}]",
         "data.train"},
        {ER_FIGURE_MAX_SERIES + 1, "figures: [{mark: bar, x: data.train, y: gap}]", ""}};
    static const char *const bad[] = {"figures: [{x: epoch, y: train_loss, colour: data.train}]",
                                      "figures: [{mark: bar, x: train.epochs, y: gap, colour: data.train}]"};
    struct er_error err;
    struct er_study *study = NULL;
    int64_t n;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        T_STATUS(parse_long(good[i].values, good[i].figures, &study, &err), ER_OK, "%lld values, %s",
                 (long long)good[i].values, good[i].figures);
        if (err.code != ER_OK) continue;
        const struct er_figure *figure = er_study_figures(study, &n);
        T_EQ_STR(figure[0].colour ? figure[0].colour : "", good[i].colour, "its colour");
        er_study_free(study);
    }
    study = NULL;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        T_STATUS(parse_long(ER_FIGURE_MAX_SERIES + 1, bad[i], &study, &err), ER_E_LIMIT, "%s", bad[i]);
        T_OK(err.line == 5 && err.column == 11, "with its place, %d:%d", (int)err.line, (int)err.column);
        T_EQ_STR(err.msg,
                 "figures.colour: data.train has more than 200 values; a figure shows at most 200 series, "
                 "values times columns of y",
                 "message");
    }
    T_STATUS(parse_long(ER_FIGURE_MAX_SERIES / 2 + 1,
                        "figures: [{x: epoch, y: [train_loss, train_error], colour: data.train}]", &study,
                        &err),
             ER_E_LIMIT, "two quantities");
}

/* Every row has what help and documentation need, defaults are valid, and a map comes before what is in it.
 */
static void check_schema(void)
{
    for (int64_t i = 0; er_schema_row(i); i++) {
        const struct er_schema_row *row = er_schema_row(i);
        T_OK(row->path && row->unit && row->help && row->help[0], "row %d is complete", (int)i);
        T_OK(row->min <= row->max || row->type == ER_SCHEMA_LIST, "%s: a range, or a list of words alone",
             row->path);
        T_OK(row->type != ER_SCHEMA_CHOICE || (row->choices && row->choices[0]), "%s: choices", row->path);
        const char *dot = strrchr(row->path, '.');
        bool parent = !dot;
        for (int64_t p = 0; p < i && !parent; p++) {
            const struct er_schema_row *above = er_schema_row(p);
            parent = above->type == ER_SCHEMA_MAP && strlen(above->path) == (size_t)(dot - row->path) &&
                     strncmp(above->path, row->path, (size_t)(dot - row->path)) == 0;
        }
        T_OK(parent, "%s: the map that it is in comes before it", row->path);
        bool again = false;
        for (int64_t p = 0; p < i; p++) again = again || strcmp(er_schema_row(p)->path, row->path) == 0;
        T_OK(!again, "%s: once", row->path);
    }
    T_OK(!er_schema_row(-1), "no row before the first");
}

/* A block in a note: line 1 of the text is line 41 of the note, and stands four columns to the right. */
static void check_origin(void)
{
    const int64_t column[] = {5, 5, 5, 7};
    const struct er_study_origin origin = {.file = "n.md", .line = 41, .column = column, .n_column = 4};
    static const char yaml[] = "study: s\ndata: {name: mnist}\nmodel: [dense]\ntrain: {epochs: x}\n";
    struct er_study *study = NULL;
    struct er_error err;
    char text[1024];
    T_STATUS(er_study_parse(yaml, sizeof yaml - 1, &origin, &study, &err), ER_E_INPUT,
             "a wrong value in a note");
    T_EQ_STR(er_error_text(&err, text, sizeof text), "n.md:44:23: train.epochs: 'x' is not an integer",
             "has its place in the note");
    T_STATUS(er_study_parse(yaml, sizeof yaml - 1, NULL, &study, &err), ER_E_INPUT, "without an origin");
    T_EQ_STR(er_error_text(&err, text, sizeof text), "line 4, column 17: train.epochs: 'x' is not an integer",
             "lines count from 1");
    T_OK(!study, "nothing is given back");
}

static void check_allocations(void)
{
    struct er_study *study = NULL;
    T_ALLOCATIONS(study_parse(medium, &study, NULL), er_study_free(study),
                  "a study survives every failed allocation");
}

int main(void)
{
    check_whole();
    check_figures();
    check_many_colours();
    check_schema();
    check_origin();
    check_allocations();
    return t_done();
}
