/* Maps: what is drawn of a plane, what is said of it beside an independent count, and what is refused. */
#include "t.h"

#include "note/figure.h"
#include "support/drawn.h"
#include "support/tables.h"

#include <ermine/memory.h>
#include <ermine/note.h>

enum { NX = 9, NY = 7, PATH = 3, ROWS = NX * NY + 3 + PATH };

static const struct er_table_column column[] = {
    {"seed", "", true, false, true},      {"a", "", true, false, false},
    {"b", "", true, false, false},        {"train_loss", "", true, true, false},
    {"green", "", true, false, false},    {"magenta", "", true, false, false},
    {"mark", "", true, false, false},     {"test_error", "", true, false, false},
    {"optimiser", "", false, false, true}};

/* Whether a cell of a seed is green (0) or magenta (1): the right part, and the upper part, of more rows for more seeds. */
static bool in(int64_t seed, int64_t i, int64_t j, int region)
{
    return region == 0 ? i >= 5 : j >= 5 - seed;
}

static void fill(struct er_table *table, int64_t row, int64_t seed, double a, double b, double mark,
                 bool green, bool magenta)
{
    table_number(table, row, "seed", (double)seed);
    table_number(table, row, "a", a);
    table_number(table, row, "b", b);
    table_number(table, row, "train_loss", pow(10, (a + b) / 4 - 3));
    table_number(table, row, "green", green);
    table_number(table, row, "magenta", magenta);
    table_number(table, row, "mark", mark);
    table_number(table, row, "test_error", 0.01 * (a + 2 * b));
    table_word(table, row, "optimiser", "sgd");
}

/* Runs of seeds 0, 1, ...: NX x NY cells, 3 points, a path to C. */
static struct er_table planes(int64_t seeds)
{
    struct er_table table = table_make(column, 9, seeds * ROWS);
    int64_t row = 0;
    for (int64_t s = 0; s < seeds; s++) {
        for (int64_t j = 0; j < NY; j++)
            for (int64_t i = 0; i < NX; i++)
                fill(&table, row++, s, (double)i, (double)j, 0, in(s, i, j, 0), in(s, i, j, 1));
        fill(&table, row++, s, 7, 6, 1, true, true);
        fill(&table, row++, s, 6, 1, 2, true, false);
        fill(&table, row++, s, 1, 1, 3, false, false);
        for (int64_t k = 0; k < PATH; k++)
            fill(&table, row++, s, 1 + 0.5 * (double)k, 2 - 0.3 * (double)k, 6, false, false);
    }
    return table;
}

static struct er_table runs_of(int64_t seeds)
{
    struct er_table table = table_make(column, 1, seeds);
    for (int64_t s = 0; s < seeds; s++) table_number(&table, s, "seed", (double)s);
    return table;
}

static struct er_figure picture(const char *const *y, const char *const *regions)
{
    struct er_figure figure = drawn_figure("map", "a", y, 1, NULL);
    figure.contours = "train_loss";
    figure.marks = "mark";
    figure.region = regions;
    figure.n_regions = regions ? 2 : 0;
    return figure;
}

static const json_t *layer(const struct drawn *texts, size_t i)
{
    return json_array_get(json_object_get(texts->json, "layer"), i);
}

static const json_t *values(const json_t *of)
{
    return json_object_get(json_object_get(of, "data"), "values");
}

static bool is_style(const json_t *layer, const char *style)
{
    return strcmp(drawn_text(layer, "mark", "style", NULL), style) == 0;
}

static const json_t *styled(const struct drawn *texts, const char *style)
{
    for (size_t i = 0; i < json_array_size(json_object_get(texts->json, "layer")); i++)
        if (is_style(layer(texts, i), style)) return layer(texts, i);
    return NULL;
}

static const char *const y[] = {"b"}, *const regions[] = {"green", "magenta"};

static void green_and_magenta(void)
{
    struct er_table curves = planes(1), runs = runs_of(1);
    struct er_figure figure = picture(y, regions);
    struct drawn texts = drawn_of(&figure, &runs, &curves);
    const json_t *domain = json_object_get(
        json_object_get(json_object_get(json_object_get(layer(&texts, 0), "encoding"), "color"), "scale"),
        "domain");
    T_EQ_STR(json_string_value(json_array_get(domain, 0)), "training error 0", "the legend in words");
    T_EQ_STR(json_string_value(json_array_get(domain, 2)), "both", "and both of them");
    T_EQ_STR(drawn_text(layer(&texts, 2), "encoding", "color", "datum"), "training error 0", "what fills");
    /* Its edge is half a cell left of the first green column, all the way up. */
    double left = INFINITY;
    for (size_t i = 0; i < json_array_size(values(layer(&texts, 2))); i++)
        left = fmin(left, drawn_number(json_array_get(values(layer(&texts, 2)), i), "a"));
    T_OK(left > 4 && left < 5, "green begins between its cells and others: %g", left);
    const json_t *hatch = styled(&texts, "hatch"), *points = styled(&texts, "minimum");
    T_OK(hatch && json_array_size(values(hatch)) % 3 == 0, "strokes: two ends and a break");
    double low = INFINITY;
    for (size_t i = 0; hatch && i < json_array_size(values(hatch)); i++)
        low = fmin(low, drawn_number(json_array_get(values(hatch), i), "b"));
    T_OK(low > 4 && low < 5, "where it is magenta: %g", low);
    T_EQ_INT(json_array_size(values(points)), 3, "three minima");
    T_EQ_STR(json_string_value(json_object_get(json_array_get(values(points), 0), "letter")), "A",
             "the first");
    T_EQ_STR(json_string_value(json_object_get(json_array_get(values(points), 0), "second")), "yes",
             "magenta");
    T_EQ_INT(json_array_size(values(styled(&texts, "trail"))), PATH + 1, "a path and its end");
    T_CLOSE(drawn_number(json_object_get(texts.json, "usermeta"), "aspect"), 6.0 / 8, 1e-6, "one scale");
    /* levels between 0.001 and 10^0.5 */
    const json_t *labels = styled(&texts, "isoline-label");
    T_OK(labels && json_array_size(values(labels)) >= 3, "labelled iso-lines: %d",
         labels ? (int)json_array_size(values(labels)) : -1);
    for (size_t i = 0; labels && i < json_array_size(values(labels)); i++) {
        const json_t *row = json_array_get(values(labels), i);
        const double level = strtod(json_string_value(json_object_get(row, "label")), NULL);
        T_CLOSE((drawn_number(row, "a") + drawn_number(row, "b")) / 4 - 3, log10(level), 1e-3,
                "the label %g stands on its line", level);
    }
    int64_t green = 0, magenta = 0, both = 0;
    for (int64_t j = 0; j < NY; j++)
        for (int64_t i = 0; i < NX; i++) {
            green += in(0, i, j, 0);
            magenta += in(0, i, j, 1);
            both += in(0, i, j, 0) && in(0, i, j, 1);
        }
    char want[200];
    snprintf(want, sizeof want,
             "Green: training error 0, %.3g %% of the cells. Magenta, hatched: low test error, %.3g %%.",
             100.0 * (double)green / (NX * NY), 100.0 * (double)magenta / (NX * NY));
    T_OK(strstr(texts.caption, want) == texts.caption, "%s", texts.caption);
    snprintf(want, sizeof want, "so P(magenta | green) is %.3g %%.", 100.0 * (double)both / (double)green);
    T_OK(strstr(texts.caption, want), "%s", texts.caption);
    T_OK(strstr(texts.caption, "a chosen view, not a typical one"), "%s", texts.caption);
    T_OK(strstr(texts.caption, "projected onto the plane"), "%s", texts.caption);
    T_OK(strstr(texts.alternative,
                "A at (7, 6) has both. B at (6, 1) has training error 0 only. C at (1, 1) has "
                "neither."),
         "%s", texts.alternative);
    T_EQ_STR(
        texts.title,
        "Training error 0 and low test error, with lines of equal training loss on a plane through minima",
        "title");
    drawn_clear(&texts);

    static const char word[] = "a name for a region that goes on until nothing else can be said beside it";
    figure.region_label[0] = figure.region_label[1] = word;
    texts = drawn_of(&figure, &runs, &curves);
    T_OK(strlen(texts.alternative) <= ER_ALTERNATIVE_MAX, "%zu bytes", strlen(texts.alternative));
    T_OK(texts.alternative[strlen(texts.alternative) - 1] == '.', "cut after a sentence: %s",
         texts.alternative);
    drawn_clear(&texts);
    er_table_clear(&curves);
    er_table_clear(&runs);
}

/* Runs have planes of their own: a slider, without being asked, and an interval over them. */
static void several(void)
{
    enum { SEEDS = 3 };
    struct er_table curves = planes(SEEDS), runs = runs_of(SEEDS);
    struct er_figure figure = picture(y, regions);
    struct drawn texts = drawn_of(&figure, &runs, &curves);
    const json_t *slider = json_object_get(json_object_get(texts.json, "usermeta"), "slider");
    T_EQ_STR(json_string_value(json_object_get(slider, "field")), "seed_", "by seed");
    T_EQ_INT(json_array_size(json_object_get(slider, "values")), SEEDS, "each");
    T_OK(drawn_number(json_object_get(texts.json, "usermeta"), "aspect") > 0, "beside the aspect");
    for (int64_t s = 0; s < SEEDS; s++) { /* as the same figure of its run alone */
        const char *words =
            json_string_value(json_array_get(json_object_get(slider, "alternatives"), (size_t)s));
        int64_t both = 0;
        for (int64_t j = 0; j < NY; j++)
            for (int64_t i = 0; i < NX; i++) both += in(s, i, j, 0) && in(s, i, j, 1);
        char want[64];
        snprintf(want, sizeof want, "with both: %.3g %%.", 100.0 * (double)both / (NX * NY));
        T_OK(words && strstr(words, want), "seed %d: %s in %s", (int)s, want, words ? words : "(none)");
    }
    /* shares 2/7, 3/7, 4/7: mean 3/7, deviation 1/7, t of two degrees of freedom 4.3027 */
    const double half = 4.302653 / 7 / sqrt(3);
    char want[128];
    snprintf(want, sizeof want,
             "Over 3 seeds P(magenta | green) is %.3g %% in the mean, 95 %% interval %.3g %% to %.3g %%.",
             300.0 / 7, 100 * (3.0 / 7 - half), 100 * (3.0 / 7 + half));
    T_OK(strstr(texts.caption, want), "%s: %s", want, texts.caption);
    drawn_clear(&texts);

    figure.slider = "optimiser"; /* the same for all: the first run is shown */
    texts = drawn_of(&figure, &runs, &curves);
    T_EQ_INT(json_array_size(values(styled(&texts, "minimum"))), 3, "one run's minima");
    T_OK(strstr(texts.caption, "Of 3 runs, each with a plane of its own, the first at each value is shown."),
         "%s", texts.caption);
    drawn_clear(&texts);

    /* the last run is of another setting: the interval is over the first two, with t of one degree of freedom 12.7062 */
    for (int64_t i = 2 * ROWS; i < 3 * ROWS; i++) table_word(&curves, i, "optimiser", "adam");
    texts = drawn_of(&figure, &runs, &curves);
    const double wide = 12.7062 / 14;
    snprintf(want, sizeof want,
             "Over 2 seeds P(magenta | green) is %.3g %% in the mean, 95 %% interval %.3g %% to 100 %%.",
             250.0 / 7, 100 * fmax(2.5 / 7 - wide, 0));
    T_OK(strstr(texts.caption, want), "%s: %s", want, texts.caption);
    drawn_clear(&texts);
    for (int64_t i = 0; i < curves.rows; i++) table_number(&curves, i, "magenta", (double)NAN);
    texts = drawn_of(&figure, &runs, &curves);
    T_OK(strstr(texts.caption, "low test error, missing.") && !strstr(texts.caption, "P(magenta"), "%s",
         texts.caption);
    T_OK(strstr(texts.alternative, "; with both: missing."), "%s", texts.alternative);
    drawn_clear(&texts);
    er_table_clear(&curves);
    er_table_clear(&runs);
}

static void colours(void)
{
    struct er_table curves = planes(1), runs = runs_of(1);
    struct er_figure figure = drawn_figure("map", "a", y, 1, "train_loss");
    struct drawn texts = drawn_of(&figure, &runs, &curves);
    const size_t layers = json_array_size(json_object_get(texts.json, "layer"));
    T_EQ_INT(layers, 16, "bands");
    double last = 0;
    for (size_t k = 0; k < layers; k++) {
        const json_t *colour = json_object_get(json_object_get(layer(&texts, k), "encoding"), "color");
        const double level = drawn_number(colour, "datum");
        T_OK(level > last, "band %d of %g lies over those below", (int)k, level);
        if (k > 0) T_CLOSE(level / last, pow(10, 14.0 / 4 / 16), 1e-4, "at one ratio");
        T_EQ_STR(drawn_text(layer(&texts, k), "encoding", "color", "title"), "training loss", "in words");
        last = level;
    }
    T_EQ_STR(texts.title, "Training loss over a and b", "title");
    drawn_clear(&texts);

    figure.colour = "test_error";
    figure.colour_scale = "linear";
    texts = drawn_of(&figure, &runs, &curves);
    T_OK(strstr(texts.alternative, "Values of test error from 0 % to 20 %."), "%s", texts.alternative);
    drawn_clear(&texts);
    er_table_clear(&curves);
    er_table_clear(&runs);
}

/* 101 x 101 cells are a few dozen marks, and the data table takes its share of them. */
static void large(void)
{
    enum { SIDE = 101 };
    struct er_table curves = table_make(column, 9, (int64_t)SIDE * SIDE + 1), runs = runs_of(1);
    for (int64_t i = 0; i < (int64_t)SIDE * SIDE; i++) {
        const int64_t left = i % SIDE, below = i / SIDE;
        const double a = (double)left / 5, b = (double)below / 5;
        fill(&curves, i, 0, a, b, 0, sin(a) + cos(b) > 0.8, cos(a * 0.7) * sin(b) > 0.2);
    }
    fill(&curves, (int64_t)SIDE * SIDE, 0, 3.3, 3.3, 1, true, true);
    struct er_figure figure = picture(y, regions);
    struct er_drawing drawing;
    struct er_table table;
    const char *const *title;
    struct er_error err = {0};
    char *spec = NULL;
    T_STATUS(er_drawing_make(&figure, &runs, &curves, &drawing, &err), ER_OK, "drawing");
    T_STATUS(er_drawing_spec(&drawing, &spec, &err), ER_OK, "spec");
    const size_t full = spec ? strlen(spec) : 0;
    T_OK(full < 150000, "%zu bytes", full);
    er_free(spec);
    T_STATUS(er_drawing_limit(&drawing, 20000, &err), ER_OK, "in less room");
    T_STATUS(er_drawing_spec(&drawing, &spec, &err), ER_OK, "spec");
    T_OK(spec && strlen(spec) < full, "fewer vertices: %zu bytes", spec ? strlen(spec) : 0);
    er_free(spec);
    T_EQ_INT(er_drawing_rows(&drawing), SIDE * SIDE + 1, "rows");
    T_STATUS(er_drawing_table(&drawing, 200, &table, &title, &err), ER_OK, "table");
    T_OK(table.rows > 150 && table.rows <= 201, "%d rows", (int)table.rows);
    T_EQ_STR(table.cell[0].text, "A", "the minimum comes first");
    T_EQ_STR(table.cell[table.columns].text, "cell", "then cells");
    T_EQ_STR(title[table.columns - 1], "low test error", "headings in words");
    er_table_clear(&table);
    T_STATUS(er_drawing_table(&drawing, INT64_C(1) << 40, &table, &title, &err), ER_OK, "all of it");
    T_EQ_INT(table.rows, SIDE * SIDE + 1, "rows");
    er_table_clear(&table);
    er_drawing_clear(&drawing);
    er_table_clear(&curves);
    er_table_clear(&runs);
}

static void refused(const struct er_figure *figure, const struct er_table *curves, const char *message)
{
    struct er_table runs = runs_of(1);
    char *spec = NULL, *words = NULL;
    struct er_error err;
    T_STATUS(er_figure_spec(figure, &runs, curves, &spec, &words, &err), ER_E_INPUT, "%s", message);
    T_EQ_STR(err.msg, message, "message");
    T_EQ_INT(err.line, 12, "at the figure's place");
    er_table_clear(&runs);
}

static void errors(void)
{
    struct er_table curves = planes(1);
    struct er_figure figure = picture(y, regions);
    figure.contours = "trian_loss";
    refused(&figure, &curves,
            "figure: contours: the curves have no column \"trian_loss\"; did you mean \"train_loss\"?");
    figure = picture(y, regions);
    figure.marks = "optimiser";
    refused(&figure, &curves, "figure: marks: \"optimiser\" holds words, not numbers");
    for (int64_t i = 0; i < curves.rows; i++) table_number(&curves, i, "a", (double)(i * i));
    figure = picture(y, regions);
    refused(&figure, &curves,
            "figure: the cells of a map lie on a grid; 63 of them at 63 values of a and 7 of b do not");
    er_table_clear(&curves);
}

/* Nothing yet, and cells without values. */
static void poor(void)
{
    struct er_table curves = planes(1), runs = runs_of(1), none = table_make(column, 9, 0);
    struct er_figure figure = picture(y, regions);
    struct drawn texts = drawn_of(&figure, &runs, &none);
    T_OK(strstr(texts.alternative, "no results yet"), "%s", texts.alternative);
    T_EQ_STR(texts.caption, "No results yet.", "caption");
    drawn_clear(&texts);
    for (int64_t i = 0; i < curves.rows; i++)
        if (i % 3) table_number(&curves, i, "train_loss", i % 2 ? (double)NAN : (double)INFINITY);
    for (int64_t i = 0; i < curves.rows; i++) table_number(&curves, i, "green", 0);
    figure.colour = NULL;
    texts = drawn_of(&figure, &runs, &curves);
    T_OK(strstr(texts.caption, "Both: 0 %."), "no share of nothing: %s", texts.caption);
    drawn_clear(&texts);
    er_table_clear(&curves);
    er_table_clear(&runs);
    er_table_clear(&none);
}

static enum er_status make(const struct er_table *runs, const struct er_table *curves, bool colour,
                           char **spec, char **words)
{
    struct er_figure figure = picture(y, colour ? NULL : regions);
    if (colour) figure.colour = "test_error";
    return er_figure_spec(&figure, runs, curves, spec, words, NULL);
}

int main(void)
{
    green_and_magenta();
    several();
    colours();
    large();
    errors();
    poor();
    struct er_table curves = planes(2), runs = runs_of(2);
    char *spec, *words;
    for (int colour = 0; colour < 2; colour++)
        T_ALLOCATIONS(make(&runs, &curves, colour, &spec, &words), (er_free(spec), er_free(words)),
                      "a map survives every failed allocation");
    er_table_clear(&curves);
    er_table_clear(&runs);
    return t_done();
}
