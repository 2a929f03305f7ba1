/* Figures hold the numbers of their tables: aggregated as an independent sum says, in the right forms, in
 * words. */
#include "t.h"

#include "note/figure.h"
#include "note/words.h"
#include "support/drawn.h"
#include "support/tables.h"

#include <ermine/note.h>

enum { SEEDS = 3, CONDITIONS = 2, EPOCHS = 40 };

/* Any smooth numbers: the loss of condition c (0, 1), seed s after e epochs. Seed 2 of condition 0 ends at
 * epoch 30. */
static double loss(int c, int s, int e)
{
    return 2.3 * exp(-e / (6.0 + 3 * c + s)) + 0.01 * s;
}

static struct er_table curves_of(const char *colour, int epochs)
{
    const struct er_table_column column[] = {
        {colour, "", true, false, true},         {"seed", "", true, false, true},
        {"epoch", "epochs", true, false, false}, {"train_loss", "", true, true, false},
        {"test_error", "", true, false, false},  {"step", "steps", true, true, false},
    };
    struct er_table table = table_make(column, 6, (int64_t)CONDITIONS * SEEDS * epochs);
    int64_t row = 0;
    for (int c = 0; c < CONDITIONS; c++)
        for (int s = 0; s < SEEDS; s++)
            for (int e = 0; e < epochs; e++, row++) {
                table_number(&table, row, colour, c * 0.5);
                table_number(&table, row, "seed", s);
                if (c == 0 && s == 2 && e > 30) continue;
                table_number(&table, row, "epoch", e);
                table_number(&table, row, "step", 10.0 * e);
                table_number(&table, row, "train_loss", loss(c, s, e));
                table_number(&table, row, "test_error", 0.9 - 0.1 * c - 0.001 * e);
            }
    return table;
}

static struct er_table runs_of(void)
{
    static const struct er_table_column column[] = {
        {"data.labels.corrupt", "", true, false, true},
        {"data.condition", "", false, false, true},
        {"seed", "", true, false, true},
        {"train_error", "", true, false, false},
        {"test_error", "", true, false, false},
        {"outcome", "", false, false, false},
    };
    struct er_table table = table_make(column, 6, 24);
    for (int64_t i = 0; i < 24; i++) {
        const int64_t corrupt = i / 6, condition = i / 3 % 2, seed = i % 3;
        table_number(&table, i, "data.labels.corrupt", (double)corrupt * 0.25);
        table_word(&table, i, "data.condition", condition ? "b</script>" : "a,\"b\"");
        table_number(&table, i, "seed", (double)seed);
        table_number(&table, i, "train_error", seed == 0 ? 0 : 0.01 * (double)corrupt);
        table_number(&table, i, "test_error",
                     0.1 + 0.2 * (double)corrupt + 0.05 * (double)condition + 0.01 * (double)seed);
        table_word(&table, i, "outcome", "train_error");
    }
    return table;
}

static void lines(void)
{
    struct er_table curves = curves_of("data.labels.corrupt", EPOCHS), runs = runs_of();
    const char *y[] = {"train_loss"};
    struct er_figure figure = drawn_figure("line", "epoch", y, 1, "data.labels.corrupt");
    struct drawn texts = drawn_of(&figure, &runs, &curves);
    const json_t *values = json_object_get(json_object_get(texts.json, "data"), "values");
    T_EQ_INT(json_array_size(values), CONDITIONS * EPOCHS, "a row a condition and epoch");
    for (int c = 0; c < CONDITIONS; c++)
        for (int e = 0; e < EPOCHS; e++) {
            const json_t *row = json_array_get(values, (size_t)c * EPOCHS + (size_t)e);
            double sum = 0, low = INFINITY, high = -INFINITY;
            int n = 0;
            for (int s = 0; s < SEEDS; s++) {
                if (c == 0 && s == 2 && e > 30) continue;
                sum += loss(c, s, e);
                low = fmin(low, loss(c, s, e));
                high = fmax(high, loss(c, s, e));
                n++;
            }
            T_CLOSE(drawn_number(row, "corrupt"), c * 0.5, 0, "colour of row %d %d", c, e);
            T_CLOSE(drawn_number(row, "epoch"), e, 0, "x of row %d %d", c, e);
            T_CLOSE(drawn_number(row, "mean"), sum / n, 5e-6 * sum / n, "mean of row %d %d", c,
                    e); /* six digits */
            T_CLOSE(drawn_number(row, "low"), low, 5e-6 * low, "low of row %d %d", c, e);
            T_CLOSE(drawn_number(row, "high"), high, 5e-6 * high, "high of row %d %d", c, e);
        }
    const json_t *layers = json_object_get(texts.json, "layer"), *band = json_array_get(layers, 0);
    T_EQ_INT(json_array_size(layers), 2, "a band and a line");
    T_EQ_STR(drawn_text(band, "mark", "style", NULL), "band", "the band");
    T_EQ_STR(drawn_text(band, "encoding", "y", "title"), "training loss", "the title of y");
    T_EQ_STR(drawn_text(json_object_get(band, "encoding"), "y", "scale", "type"), "log",
             "a loss is on a logarithmic axis");
    T_EQ_STR(drawn_text(texts.json, "encoding", "x", "title"), "epoch", "the title of x says the unit once");
    T_EQ_STR(drawn_text(texts.json, "encoding", "color", "type"), "ordinal", "numbers colour in order");
    T_EQ_STR(texts.title, "Training loss against epoch, by corrupted labels", "title");
    T_EQ_STR(texts.caption,
             "Mean of 2 to 3 seeds; band: smallest to largest. Where runs ended earlier, the mean is of "
             "those that went on.",
             "caption");
    T_OK(strstr(texts.alternative, "Line chart: training loss against epoch from 0 to 39, logarithmic."),
         "%s", texts.alternative);
    T_OK(strstr(texts.alternative, "corrupted labels 50 % falls from 2.31 to 0.0"), "%s", texts.alternative);
    drawn_clear(&texts);

    figure.x_scale = figure.y_scale = "linear";
    texts = drawn_of(&figure, &runs, &curves);
    T_OK(!strstr(texts.spec, "\"log\""), "the figure's own scale counts");
    drawn_clear(&texts);

    figure.x_scale = "log";
    figure.x = "step";
    texts = drawn_of(&figure, &runs, &curves);
    T_OK(strstr(texts.caption, "2 values of 0 or less have no place on a logarithmic axis."), "%s",
         texts.caption);
    T_EQ_INT(json_array_size(json_object_get(json_object_get(texts.json, "data"), "values")),
             CONDITIONS * (EPOCHS - 1), "rows with x = 0 are left out");
    drawn_clear(&texts);
    er_table_clear(&curves);
    er_table_clear(&runs);
}

static void folded(void)
{
    struct er_table curves = curves_of("width", EPOCHS), runs = runs_of();
    const char *y[] = {"train_error", "test_error"};
    struct er_figure figure = drawn_figure("point", "data.labels.corrupt", y, 2, NULL);
    struct drawn texts = drawn_of(&figure, &runs, &curves);
    T_EQ_STR(drawn_text(texts.json, "encoding", "color", "field"), "quantity",
             "two quantities are two colours");
    T_EQ_INT(json_array_size(json_object_get(json_object_get(texts.json, "data"), "values")), 48,
             "a point a run");
    const json_t *line = json_array_get(json_object_get(texts.json, "layer"), 0);
    const json_t *means = json_object_get(json_object_get(line, "data"), "values");
    T_EQ_INT(json_array_size(means), 8, "a mean for each x and quantity");
    T_CLOSE(drawn_number(json_array_get(means, 5), "mean"), 0.1 + 0.2 + 0.025 + 0.01, 1e-6,
            "the mean over conditions and seeds");
    T_EQ_STR(drawn_text(line, "encoding", "y", "title"), "error", "quantities that end alike share the word");
    T_EQ_STR(texts.title, "Training error and test error against corrupted labels", "title");
    T_EQ_STR(texts.caption, "A point is a run; line: mean of 6 runs (over data condition and 3 seeds).",
             "caption");
    drawn_clear(&texts);

    figure.y_scale = "log";
    texts = drawn_of(&figure, &runs, &curves);
    T_OK(strstr(texts.caption, "12 values of 0 or less"), "%s", texts.caption);
    drawn_clear(&texts);

    const char *one[] = {"test_error"};
    figure = drawn_figure("point", "train_error", one, 1, "data.condition");
    texts = drawn_of(&figure, &runs, &curves);
    T_EQ_INT(json_array_size(json_object_get(texts.json, "layer")), 1,
             "no line through one result against another");
    T_EQ_STR(drawn_text(texts.json, "encoding", "color", "type"), "nominal", "words are names");
    drawn_clear(&texts);

    figure = drawn_figure("bar", "data.condition", one, 1, NULL);
    texts = drawn_of(&figure, &runs, &curves);
    const json_t *bars = json_object_get(json_object_get(texts.json, "data"), "values");
    T_EQ_INT(json_array_size(bars), 2, "a bar a word");
    T_EQ_STR(json_string_value(json_object_get(json_array_get(bars, 1), "condition")), "b</script>",
             "its name");
    T_CLOSE(drawn_number(json_array_get(bars, 1), "mean"), 0.1 + 0.3 + 0.05 + 0.01, 1e-6, "its mean");
    T_OK(strstr(texts.alternative, "a,\"b\" 41 %, b</script> 46 %"), "%s", texts.alternative);
    drawn_clear(&texts);

    figure = drawn_figure("line", "epoch", one, 1, "width");
    texts = drawn_of(&figure, &runs, &curves);
    T_OK(strstr(texts.spec, "\"width\":0.5"),
         "a quantity that both tables have is read from the curves for a line");
    drawn_clear(&texts);
    er_table_clear(&curves);
    er_table_clear(&runs);
}

/* Runs with nothing to show are counted, and seeds that the figure tells apart were not averaged. */
static void left_out(void)
{
    static const struct er_table_column column[] = {{"train.epochs", "epochs", true, false, true},
                                                    {"train.sgd.rate", "", true, false, true},
                                                    {"seed", "", true, false, true},
                                                    {"test_error", "", true, false, false},
                                                    {"outcome", "", false, false, false}};
    struct er_table runs = table_make(column, 5, 8), none = {0};
    for (int64_t i = 0; i < 8; i++) {
        table_number(&runs, i, "train.epochs", i < 4 ? 1 : 2);
        table_number(&runs, i, "train.sgd.rate", i / 2 % 2 ? 1000 : 0.01);
        table_number(&runs, i, "seed", (double)(i % 2));
        const bool diverged = i / 2 % 2 && i != 7;
        if (!diverged && i != 7) table_number(&runs, i, "test_error", 0.1);
        table_word(&runs, i, "outcome", diverged ? "diverged" : "epochs");
    }
    const char *y[] = {"test_error"};
    struct er_figure figure = drawn_figure("bar", "train.sgd.rate", y, 1, "train.epochs");
    struct drawn texts = drawn_of(&figure, &runs, &none);
    T_EQ_STR(
        texts.caption,
        "Mean of 2 seeds; a dot is a run, the rule goes from smallest to largest. 4 runs without a value "
        "(3 diverged) are left out.",
        "what is missing is counted");
    drawn_clear(&texts);
    figure = drawn_figure("bar", "train.epochs", y, 1, "seed");
    texts = drawn_of(&figure, &runs, &none);
    T_EQ_STR(texts.caption, "4 runs without a value (3 diverged) are left out.", "nothing was averaged");
    drawn_clear(&texts);
    figure = drawn_figure("line", "train.sgd.rate", y, 1, "seed");
    texts = drawn_of(&figure, &runs, &none);
    T_OK(strstr(texts.caption, "Mean of 2 runs (over most epochs); band") == texts.caption, "%s",
         texts.caption);
    drawn_clear(&texts);
    er_table_clear(&runs);
}

/* Many points and many series: bounded, first and last kept, the words bounded too. */
static void large(void)
{
    static const struct er_table_column column[] = {{"width", "", true, false, true},
                                                    {"epoch", "epochs", true, false, false},
                                                    {"gap", "", true, false, false}};
    enum { SERIES = 30, LONG = 1003 };
    const char *y[] = {"gap"};
    struct er_table table = table_make(column, 3, (int64_t)SERIES * LONG), none = {0};
    for (int64_t i = 0; i < (int64_t)SERIES * LONG; i++) {
        const int64_t width = i / LONG;
        table_number(&table, i, "width", (double)width);
        table_number(&table, i, "epoch", (double)(i % LONG));
        table_number(&table, i, "gap", i % LONG == 500 ? 7 : 1e-3 * (double)(i % LONG));
    }
    struct er_figure figure = drawn_figure("line", "epoch", y, 1, "width");
    struct drawn texts = drawn_of(&figure, &none, &table), again = drawn_of(&figure, &none, &table);
    T_EQ_STR(texts.spec, again.spec, "the same figure, the same bytes");
    const json_t *values = json_object_get(json_object_get(texts.json, "data"), "values");
    const size_t rows = json_array_size(values);
    T_OK(strlen(texts.spec) <= ER_FIGURE_BYTES + 2000, "%zu bytes of JSON", strlen(texts.spec));
    T_OK(rows <= ER_FIGURE_ROWS && rows > ER_FIGURE_ROWS / 2, "%zu rows", rows);
    T_CLOSE(drawn_number(json_array_get(values, 0), "epoch"), 0, 0, "the first is kept");
    T_CLOSE(drawn_number(json_array_get(values, rows - 1), "epoch"), LONG - 1, 0, "the last is kept");
    bool peak = false;
    for (size_t i = 0; i < rows; i++) peak = peak || drawn_number(json_array_get(values, i), "mean") > 6.5;
    T_OK(peak, "the extreme is kept");
    char want[80];
    snprintf(want, sizeof want, "Lines are drawn through at most %d of 1003 points.", (int)(rows / SERIES));
    T_EQ_STR(texts.caption, want, "caption");
    T_EQ_STR(drawn_text(json_array_get(json_object_get(texts.json, "layer"), 0), "encoding", "color", "type"),
             "quantitative", "more numbers than a legend lists colour as a continuum");
    T_OK(strlen(texts.alternative) <= ER_ALTERNATIVE_MAX, "%zu bytes of words", strlen(texts.alternative));
    T_OK(strstr(texts.alternative, " more. All end at 100 %."), "%s", texts.alternative);
    drawn_clear(&texts);
    drawn_clear(&again);

    figure.mark = "point";
    texts = drawn_of(&figure, &none, &table);
    values = json_object_get(json_object_get(texts.json, "data"), "values");
    T_OK(json_array_size(values) <= ER_FIGURE_MAX_POINTS, "%zu points", json_array_size(values));
    T_EQ_STR(drawn_text(texts.json, "encoding", "color", "type"), "quantitative",
             "many numbers colour as a continuum");
    T_EQ_STR(texts.caption, "2000 of 30090 runs are drawn.", "caption");
    drawn_clear(&texts);
    er_table_clear(&table);
}

static void refusals(void)
{
    struct er_table curves = curves_of("width", 3), runs = runs_of();
    struct er_error err = {0};
    char *spec = NULL, *words = NULL;
    const char *good[] = {"test_error"}, *bad[] = {"test_eror"}, *text[] = {"outcome"};
    static const char *const want[] = {
        "figure: y: the runs have no column \"test_eror\"; did you mean \"test_error\"?",
        "figure: x: the runs have no column \"nonsense\"",
        "figure: colour: the runs have no column \"widht\"",
        "figure: y: \"outcome\" holds words, not numbers",
        "figure: mark: \"pie\" is none of line, point, bar, histogram, strip, ridgeline, map",
        "figure: a bar begins at 0 and has no logarithmic scale; use mark: point",
    };
    struct er_figure figure[] = {
        drawn_figure("point", "seed", bad, 1, NULL),     drawn_figure("point", "nonsense", good, 1, NULL),
        drawn_figure("point", "seed", good, 1, "widht"), drawn_figure("point", "seed", text, 1, NULL),
        drawn_figure("pie", "seed", good, 1, NULL),      drawn_figure("bar", "data.condition", good, 1, NULL),
    };
    figure[5].y_scale = "log";
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        T_STATUS(er_figure_spec(&figure[i], &runs, &curves, &spec, &words, &err), ER_E_INPUT, "refusal %zu",
                 i);
        T_EQ_STR(err.msg, want[i], "message %zu", i);
        T_EQ_INT(err.line, 12, "line of refusal %zu", i);
    }
    T_OK(!spec && !words, "nothing is given back on failure");

    static const struct er_table_column column[] = {{"name", "", false, false, true},
                                                    {"gap", "", true, false, false}};
    struct er_table many = table_make(column, 2, ER_FIGURE_MAX_SERIES + 1);
    static char word[ER_FIGURE_MAX_SERIES + 1][8];
    const char *gap[] = {"gap"};
    for (int64_t i = 0; i <= ER_FIGURE_MAX_SERIES; i++) {
        snprintf(word[i], sizeof word[i], "w%d", (int)i);
        table_word(&many, i, "name", word[i]);
        table_number(&many, i, "gap", i == 3 ? (double)INFINITY : 1);
    }
    struct er_figure wide = drawn_figure("point", "gap", gap, 1, "name");
    T_STATUS(er_figure_spec(&wide, &many, &curves, &spec, &words, &err), ER_E_LIMIT, "too many series");
    wide = drawn_figure("bar", "name", gap, 1, NULL);
    struct drawn texts = drawn_of(&wide, &many, &curves);
    T_EQ_STR(texts.caption, "1 infinite value is left out.", "caption");
    drawn_clear(&texts);
    er_table_clear(&many);
    er_table_clear(&curves);
    er_table_clear(&runs);
}

static void data(void)
{
    struct er_table curves = curves_of("width", 3), runs = runs_of(), table;
    struct er_error err = {0};
    const char *y[] = {"train_loss"}, *const * title, *two[] = {"train_error", "test_error"};
    struct er_figure figure = drawn_figure("line", "epoch", y, 1, "width");
    struct er_drawing drawing;
    T_STATUS(er_drawing_make(&figure, &runs, &curves, &drawing, &err), ER_OK, "drawing");
    T_STATUS(er_drawing_table(&drawing, 1000, &table, &title, &err), ER_OK, "table");
    T_EQ_INT(table.rows, 6, "rows");
    T_EQ_INT(table.columns, 6, "x, colour, mean, smallest, largest, runs");
    T_EQ_STR(table.column[2].name, "train_loss", "the name of the value");
    T_EQ_STR(title[2], "training loss", "its heading");
    T_CLOSE(table.cell[1 * 6 + 2].number, (loss(0, 0, 1) + loss(0, 1, 1) + loss(0, 2, 1)) / 3, 1e-15,
            "its mean, in full");
    T_CLOSE(table.cell[1 * 6 + 5].number, 3, 0, "of three runs");
    er_table_clear(&table);
    er_drawing_clear(&drawing);

    figure = drawn_figure("point", "data.condition", two, 2, NULL);
    T_STATUS(er_drawing_make(&figure, &runs, &curves, &drawing, &err), ER_OK, "drawing");
    T_STATUS(er_drawing_table(&drawing, 1000, &table, &title, &err), ER_OK, "table");
    T_EQ_INT(table.rows, 48, "a row a run and quantity");
    T_EQ_STR(table.cell[0].text, "a,\"b\"", "x in words");
    T_EQ_STR(table.cell[1].text, "training error", "the quantity");
    er_table_clear(&table);
    er_drawing_clear(&drawing);
    er_table_clear(&curves);
    er_table_clear(&runs);
}

static enum er_status make(const struct er_table *runs, char **spec, char **words)
{
    const char *y[] = {"train_error", "test_error"};
    const struct er_figure figure = drawn_figure("bar", "data.condition", y, 2, "data.labels.corrupt");
    return er_figure_spec(&figure, runs, runs, spec, words, NULL);
}

/* A setting that is called as a result is named as what it is. */
static void words(void)
{
    static const char *const name[][2] = {{"train_error", "training error"},
                                          {"train.until.train_error", "training error to stop at"},
                                          {"train.until.train_loss", "training loss to stop at"},
                                          {"train.sgd.rate", "learning rate"},
                                          {"data.labels.corrupt", "corrupted labels"},
                                          {"train.until.gap", "gap"},
                                          {"train.sgd.weight_decay", "weight decay"}};
    for (size_t i = 0; i < sizeof name / sizeof *name; i++) {
        struct er_buffer text = {0};
        er_words_column(&text, name[i][0]);
        T_EQ_STR(text.data, name[i][1], "%s", name[i][0]);
        er_buffer_clear(&text);
    }
}

int main(void)
{
    lines();
    folded();
    words();
    left_out();
    large();
    refusals();
    data();
    struct er_table runs = runs_of();
    char *spec = NULL, *words = NULL;
    T_ALLOCATIONS(make(&runs, &spec, &words), (er_free(spec), er_free(words)),
                  "a figure survives every failed allocation");
    er_table_clear(&runs);
    return t_done();
}
