/* Medians, points over lines, reference lines, sliders and histograms, each beside an independent account of what it
 * should be: sorting, counting, and the same figure of a table that has fewer rows. */
#include "t.h"

#include "note/figure.h"
#include "support/drawn.h"
#include "support/tables.h"

#include <ermine/memory.h>
#include <ermine/note.h>

enum { DEGREES = 3, SEEDS = 4, POINTS = 5 };

/* Irregular, and the same on every run. */
static double wobble(int64_t i)
{
    return sin((double)i * 12.9898) * cos((double)i * 4.1414);
}

/* Runs: degree 1..3, seed 0..3, an error with one outlier a degree, a theory that does not depend on the seed. */
static struct er_table runs_of(int64_t only)
{
    static const struct er_table_column column[] = {
        {"degree", "", true, false, true},       {"kind", "", false, false, true},
        {"seed", "", true, false, true},         {"test_error", "", true, false, false},
        {"theory_risk", "", true, false, false}, {"test_loss", "", true, true, false}};
    struct er_table table = table_make(column, 6, only > 0 ? 2 * SEEDS : 2 * DEGREES * SEEDS);
    int64_t row = 0;
    for (int64_t i = 0; i < 2 * DEGREES * SEEDS; i++) {
        const int64_t degree = i / (2 * SEEDS) + 1, kind = i / SEEDS % 2, seed = i % SEEDS;
        if (only > 0 && degree != only) continue;
        table_number(&table, row, "degree", (double)degree);
        table_word(&table, row, "kind", kind ? "<b>&\"" : "plain");
        table_number(&table, row, "seed", (double)seed);
        table_number(&table, row, "test_error", seed == 3 ? 0.9 : 0.1 * (double)degree + 0.01 * wobble(i));
        table_number(&table, row, "theory_risk", 0.1 * (double)degree);
        table_number(&table, row, "test_loss", exp(wobble(i)));
        row++;
    }
    return table;
}

static double target(int64_t i)
{
    return 1 + 0.2 * wobble(i);
}

/* Curves: for each degree and seed a fit at POINTS places with the same data beside it; the fit of degree 3 swings. */
static struct er_table curves_of(void)
{
    static const struct er_table_column column[] = {{"degree", "", true, false, true},
                                                    {"seed", "", true, false, true},
                                                    {"x", "", true, false, false},
                                                    {"fit", "", true, false, false},
                                                    {"target", "", true, false, false}};
    struct er_table table = table_make(column, 5, (int64_t)DEGREES * SEEDS * POINTS);
    for (int64_t i = 0; i < (int64_t)DEGREES * SEEDS * POINTS; i++) {
        const int64_t degree = i / (SEEDS * POINTS) + 1, seed = i / POINTS % SEEDS, x = i % POINTS;
        table_number(&table, i, "degree", (double)degree);
        table_number(&table, i, "seed", (double)seed);
        table_number(&table, i, "x", (double)x);
        table_number(&table, i, "fit",
                     degree == 3 && x == 4 ? 1000 : target(x) + 0.01 * (double)(degree + seed));
        if (x != 2) table_number(&table, i, "target", target(x));
    }
    return table;
}

static const json_t *layer(const struct drawn *texts, size_t i)
{
    return json_array_get(json_object_get(texts->json, "layer"), i);
}

static const json_t *values(const json_t *of)
{
    return json_object_get(json_object_get(of, "data"), "values");
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void medians(void)
{
    struct er_table runs = runs_of(0), none = {0};
    const char *y[] = {"test_error"};
    struct er_figure figure = drawn_figure("line", "degree", y, 1, NULL);
    figure.statistic = "median";
    struct drawn texts = drawn_of(&figure, &runs, &none);
    T_EQ_INT(json_array_size(values(texts.json)), DEGREES, "a row a degree");
    for (int64_t d = 0; d < DEGREES; d++) {
        double value[2 * SEEDS];
        for (int64_t i = 0; i < 2 * SEEDS; i++) value[i] = runs.cell[(d * 2 * SEEDS + i) * 6 + 3].number;
        qsort(value, 2 * SEEDS, sizeof *value, compare);
        const json_t *row = json_array_get(values(texts.json), (size_t)d);
        T_CLOSE(drawn_number(row, "median"), (value[SEEDS - 1] + value[SEEDS]) / 2, 1e-6,
                "half the middle two");
        T_CLOSE(drawn_number(row, "high"), 0.9, 0, "the range is that of all");
        T_OK(!json_object_get(row, "mean"), "and there is no mean");
    }
    T_OK(strstr(texts.caption, "Median of 8 runs (over kind and 4 seeds)"), "%s", texts.caption);
    T_OK(strstr(texts.alternative, "median of test error against degree"), "%s", texts.alternative);
    drawn_clear(&texts);

    figure.statistic = "mean";
    struct drawn mean = drawn_of(&figure, &runs, &none);
    figure.statistic = NULL;
    texts = drawn_of(&figure, &runs, &none);
    T_EQ_STR(mean.spec, texts.spec, "the mean is what there is without the key");
    T_EQ_STR(mean.caption, texts.caption, "in words too");
    drawn_clear(&mean);
    drawn_clear(&texts);

    figure = drawn_figure("point", "degree", y, 1, "kind");
    figure.statistic = "median";
    texts = drawn_of(&figure, &runs, &none);
    T_OK(strstr(texts.caption, "line: median of 4 seeds"), "%s", texts.caption);
    drawn_clear(&texts);
    er_table_clear(&runs);
}

/* Measured runs over a theory's line: told apart by colour, each with its own legend. */
static void points_of_runs(void)
{
    struct er_table runs = runs_of(0), none = {0};
    const char *y[] = {"theory_risk"}, *points[] = {"test_error"};
    struct er_figure figure = drawn_figure("line", "degree", y, 1, NULL);
    figure.points = points;
    figure.n_points = 1;
    struct drawn texts = drawn_of(&figure, &runs, &none);
    const json_t *over = layer(&texts, 2);
    T_EQ_STR(json_string_value(json_object_get(over, "mark")), "point", "the last layer");
    T_EQ_INT(json_array_size(values(over)), 2 * DEGREES * SEEDS, "a point a run");
    T_CLOSE(drawn_number(json_array_get(values(over), 7), "value"), 0.9, 0, "its value");
    T_EQ_STR(json_string_value(json_object_get(json_array_get(values(over), 0), "quantity")), "test error",
             "and what it is of");
    const json_t *legend =
        json_object_get(json_object_get(json_object_get(over, "encoding"), "color"), "legend");
    T_EQ_STR(json_string_value(json_array_get(json_object_get(legend, "values"), 0)), "test error",
             "a legend of its own");
    T_OK(strstr(texts.caption, "Points: test error, each of one run."), "%s", texts.caption);
    T_OK(strstr(texts.alternative, "theory risk rises from 0.1 to 0.3."), "%s", texts.alternative);
    T_OK(strstr(texts.alternative, "test error: 24 points between"), "%s", texts.alternative);
    T_EQ_STR(texts.title, "Theory risk with test error against degree", "title");
    drawn_clear(&texts);

    figure.colour = "kind";
    texts = drawn_of(&figure, &runs, &none);
    T_EQ_STR(drawn_text(texts.json, "encoding", "color", "field"), "kind",
             "one colour for a line and its points");
    T_EQ_INT(json_array_size(values(layer(&texts, 2))), 2 * DEGREES * SEEDS, "a point a run");
    drawn_clear(&texts);

    struct er_drawing drawing;
    struct er_table table;
    const char *const *title;
    struct er_error err = {0};
    T_STATUS(er_drawing_make(&figure, &runs, &none, &drawing, &err), ER_OK, "drawing");
    T_EQ_INT(er_drawing_rows(&drawing), 2 * DEGREES + 2 * DEGREES * SEEDS, "lines and points");
    T_STATUS(er_drawing_table(&drawing, 1000, &table, &title, &err), ER_OK, "table");
    T_EQ_INT(table.rows, 2 * DEGREES + 2 * DEGREES * SEEDS, "are rows of the table");
    T_EQ_STR(table.cell[table.columns * (table.rows - 1) + 2].text, "test error", "that say which");
    T_CLOSE(table.cell[table.columns * (table.rows - 1) + 3].number, 0.9, 0, "and how much");
    er_table_clear(&table);
    er_drawing_clear(&drawing);
    er_table_clear(&runs);
}

/* Data beside fits: once, however many runs and colours there are; a fit that swings far is cut. */
static void points_of_curves(void)
{
    struct er_table curves = curves_of(), runs = runs_of(0);
    const char *y[] = {"fit"}, *points[] = {"target"};
    struct er_figure figure = drawn_figure("line", "x", y, 1, "degree");
    figure.points = points;
    figure.n_points = 1;
    struct drawn texts = drawn_of(&figure, &runs, &curves);
    const json_t *over = layer(&texts, 2);
    T_EQ_INT(json_array_size(values(over)), POINTS - 1, "each place once");
    T_EQ_STR(drawn_text(over, "mark", "style", NULL), "data", "in no degree's colour");
    T_OK(!json_object_get(json_array_get(values(over), 0), "degree"), "of no degree");
    const json_t *domain = json_object_get(
        json_object_get(json_object_get(json_object_get(layer(&texts, 1), "encoding"), "y"), "scale"),
        "domain");
    double low = INFINITY, high = -INFINITY;
    for (int64_t x = 0; x < POINTS; x++) {
        if (x == 2) continue;
        low = fmin(low, target(x));
        high = fmax(high, target(x));
    }
    T_CLOSE(json_number_value(json_array_get(domain, 1)), high + (high - low) / 2, 1e-5 * high,
            "the axis ends half the data's range above them");
    T_OK(strstr(texts.caption, "Lines that go far beyond the points leave the figure."), "%s", texts.caption);
    drawn_clear(&texts);

    figure.colour = NULL;
    figure.slider = "degree";
    texts = drawn_of(&figure, &runs, &curves);
    T_EQ_INT(json_array_size(values(layer(&texts, 2))), (POINTS - 1) * DEGREES,
             "once at each value of a slider");
    drawn_clear(&texts);
    er_table_clear(&curves);
    er_table_clear(&runs);
}

static void references(void)
{
    struct er_table runs = runs_of(0), none = {0};
    const char *y[] = {"test_error"};
    struct er_figure figure = drawn_figure("point", "degree", y, 1, NULL);
    figure.at_x = (struct er_reference){true, 2.5, "N = n"};
    figure.at_y = (struct er_reference){true, 0.5, NULL};
    struct drawn texts = drawn_of(&figure, &runs, &none);
    T_EQ_INT(json_array_size(json_object_get(texts.json, "layer")), 5,
             "line, points, a rule with words, a rule");
    T_EQ_STR(drawn_text(layer(&texts, 2), "mark", "style", NULL), "reference", "the line at x");
    T_CLOSE(drawn_number(json_array_get(values(layer(&texts, 2)), 0), "reference"), 2.5, 0, "is there");
    T_EQ_STR(json_string_value(json_object_get(json_array_get(values(layer(&texts, 3)), 0), "label")),
             "N = n", "with its words");
    T_EQ_STR(drawn_text(layer(&texts, 3), "mark", "style", NULL), "reference-label-left",
             "on the left of a line in the right part");
    T_EQ_STR(drawn_text(layer(&texts, 4), "encoding", "y", "field"), "reference", "the line at y");
    T_OK(strstr(texts.caption, "Dashed: N = n, at degree 2.5. Dashed: test error 50 %."), "%s",
         texts.caption);
    T_OK(strstr(texts.alternative, "A line, N = n, at degree 2.5. A line at test error 50 %."), "%s",
         texts.alternative);
    drawn_clear(&texts);

    const char *loss[] = {"test_loss"};
    char *spec = NULL, *words = NULL;
    struct er_error err;
    figure = drawn_figure("point", "degree", loss, 1, NULL);
    figure.at_y = (struct er_reference){true, 0, NULL};
    T_STATUS(er_figure_spec(&figure, &runs, &none, &spec, &words, &err), ER_E_INPUT, "no place for 0");
    T_EQ_STR(err.msg, "figure: a logarithmic axis has no place for a reference line at 0 or less", "message");
    figure = drawn_figure("line", "kind", y, 1, NULL);
    figure.at_x = (struct er_reference){true, 1, NULL};
    T_STATUS(er_figure_spec(&figure, &runs, &none, &spec, &words, &err), ER_E_INPUT, "words along x");
    er_table_clear(&runs);
}

/* At each value of the slider the figure says what the same figure says of the rows with that value alone. */
static void sliders(void)
{
    struct er_table runs = runs_of(0), none = {0};
    const char *y[] = {"test_error", "theory_risk"};
    struct er_figure figure = drawn_figure("line", "seed", y, 2, NULL);
    figure.slider = "degree";
    struct drawn texts = drawn_of(&figure, &runs, &none);
    const json_t *slider = json_object_get(json_object_get(texts.json, "usermeta"), "slider");
    T_EQ_STR(json_string_value(json_object_get(slider, "field")), "degree", "the field of rows");
    T_EQ_INT(json_array_size(json_object_get(slider, "values")), DEGREES, "its values");
    T_EQ_STR(json_string_value(json_array_get(json_object_get(slider, "texts"), 2)), "3", "as texts");
    for (int64_t d = 1; d <= DEGREES; d++) {
        struct er_table some = runs_of(d);
        figure.slider = NULL;
        struct drawn alone = drawn_of(&figure, &some, &none);
        char want[ER_ALTERNATIVE_MAX + 64];
        snprintf(want, sizeof want, "At degree %d: %s", (int)d, alone.alternative);
        T_EQ_STR(json_string_value(json_array_get(json_object_get(slider, "alternatives"), (size_t)d - 1)),
                 want, "degree %d in words", (int)d);
        const json_t *rows = values(alone.json);
        int64_t found = 0;
        for (size_t i = 0; i < json_array_size(values(texts.json)); i++) {
            const json_t *row = json_array_get(values(texts.json), i);
            if ((int64_t)drawn_number(row, "degree") != d) continue;
            T_CLOSE(drawn_number(row, "mean"), drawn_number(json_array_get(rows, (size_t)found), "mean"), 0,
                    "row %d of degree %d", (int)found, (int)d);
            found++;
        }
        T_EQ_INT(found, json_array_size(rows), "rows of degree %d", (int)d);
        drawn_clear(&alone);
        er_table_clear(&some);
        figure.slider = "degree";
    }
    T_EQ_STR(texts.alternative, json_string_value(json_array_get(json_object_get(slider, "alternatives"), 0)),
             "the figure is described as it is first shown");
    T_OK(strstr(texts.caption, "The slider sets degree: 3 values, 1 to 3."), "%s", texts.caption);
    const json_t *domain = json_object_get(
        json_object_get(json_object_get(json_object_get(layer(&texts, 1), "encoding"), "y"), "scale"),
        "domain");
    T_CLOSE(json_number_value(json_array_get(domain, 1)), 0.9, 1e-9, "the axis is that of all values");
    drawn_clear(&texts);

    const char *one[] = {"test_error"};
    figure = drawn_figure("bar", "degree", one, 1, NULL);
    figure.slider = "kind";
    texts = drawn_of(&figure, &runs, &none);
    slider = json_object_get(json_object_get(texts.json, "usermeta"), "slider");
    T_EQ_STR(json_string_value(json_array_get(json_object_get(slider, "values"), 1)), "<b>&\"",
             "words as they are");
    drawn_clear(&texts);

    figure.slider = "knid";
    char *spec = NULL, *words = NULL;
    struct er_error err;
    T_STATUS(er_figure_spec(&figure, &runs, &none, &spec, &words, &err), ER_E_INPUT, "no such column");
    T_EQ_STR(err.msg, "figure: slider: the runs have no column \"knid\"; did you mean \"kind\"?", "message");
    er_table_clear(&runs);
}

/* Curves from step 0 on: a logarithmic axis has no place for it, and begins at the first that it has. */
static void slider_from_zero(void)
{
    struct er_table curves = curves_of(), none = {0};
    const char *y[] = {"fit"};
    struct er_figure figure = drawn_figure("line", "x", y, 1, NULL);
    figure.slider = "degree";
    figure.x_scale = "log";
    struct drawn texts = drawn_of(&figure, &none, &curves);
    const json_t *domain = json_object_get(
        json_object_get(json_object_get(json_object_get(texts.json, "encoding"), "x"), "scale"), "domain");
    T_CLOSE(json_number_value(json_array_get(domain, 0)), 1, 0, "from the first above 0");
    T_CLOSE(json_number_value(json_array_get(domain, 1)), POINTS - 1, 0, "to the last");
    drawn_clear(&texts);
    er_table_clear(&curves);
}

static void too_many_steps(void)
{
    static const struct er_table_column column[] = {{"width", "", true, false, true},
                                                    {"gap", "", true, false, false}};
    const char *y[] = {"gap"};
    struct er_table runs = table_make(column, 2, ER_FIGURE_MAX_STEPS + 1), none = {0};
    for (int64_t i = 0; i <= ER_FIGURE_MAX_STEPS; i++) {
        table_number(&runs, i, "width", (double)i);
        table_number(&runs, i, "gap", 1);
    }
    struct er_figure figure = drawn_figure("histogram", NULL, y, 1, NULL);
    figure.slider = "width";
    char *spec = NULL, *words = NULL;
    struct er_error err;
    T_STATUS(er_figure_spec(&figure, &runs, &none, &spec, &words, &err), ER_E_LIMIT, "101 values");
    T_EQ_STR(err.msg, "figure: slider: \"width\" has more than the 100 values that a slider shows",
             "message");
    er_table_clear(&runs);
}

/* Each bin holds what lies in it, by counting again. */
static void check_bins(const struct drawn *texts, const double *value, int64_t n, double width, double ratio)
{
    const json_t *rows = values(texts->json);
    int64_t all = 0;
    double last = -INFINITY;
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        const double low = drawn_number(row, "low"), high = drawn_number(row, "high");
        const int64_t count = (int64_t)drawn_number(row, "count");
        int64_t inside = 0, about = 0; /* six digits of an edge do not say on which side a value lies */
        for (int64_t k = 0; k < n; k++) {
            const double near = 1e-5 * fmax(fabs(low), fabs(high));
            inside += value[k] > low + near && value[k] < high - near;
            about += value[k] >= low - near && value[k] <= high + near;
        }
        T_OK(inside <= count && count <= about, "bin %d: %d of %d to %d", (int)i, (int)count, (int)inside,
             (int)about);
        T_OK(low >= last - 1e-5 * fabs(last), "bins do not overlap");
        if (width > 0) T_CLOSE(high - low, width, 1e-5 * fmax(fabs(high), width), "width of bin %d", (int)i);
        if (ratio > 0) T_CLOSE(high / low, ratio, 1e-4 * ratio, "ratio of bin %d", (int)i);
        last = high;
        all += count;
    }
    T_EQ_INT(all, n, "every value is counted once");
}

static void histograms(void)
{
    enum { N = 500 };
    static const struct er_table_column column[] = {{"seed", "", true, false, true},
                                                    {"kind", "", false, false, true},
                                                    {"test_error", "", true, false, false},
                                                    {"test_loss", "", true, true, false}};
    struct er_table runs = table_make(column, 4, N), none = {0};
    double error[N], loss[N];
    for (int64_t i = 0; i < N; i++) {
        error[i] = 0.01 * floor(30 + 10 * wobble(i)); /* on the edges of round bins */
        loss[i] = exp(2 * wobble(i));
        table_number(&runs, i, "seed", floor((double)i / 2));
        table_word(&runs, i, "kind", i % 2 ? "a" : "b");
        table_number(&runs, i, "test_error", error[i]);
        table_number(&runs, i, "test_loss", loss[i]);
    }
    const char *y[] = {"test_error"}, *logarithmic[] = {"test_loss"};
    struct er_figure figure = drawn_figure("histogram", NULL, y, 1, NULL);
    struct drawn texts = drawn_of(&figure, &runs, &none);
    check_bins(&texts, error, N,
               drawn_number(json_array_get(values(texts.json), 0), "high") -
                   drawn_number(json_array_get(values(texts.json), 0), "low"),
               0);
    for (size_t i = 0; i < json_array_size(values(texts.json)); i++) {
        const json_t *row = json_array_get(values(texts.json), i);
        int64_t want = 0;
        for (int64_t k = 0; k < N; k++) /* in hundredths, which are whole */
            want += round(100 * error[k]) >= round(100 * drawn_number(row, "low")) &&
                    round(100 * error[k]) < round(100 * drawn_number(row, "high"));
        T_EQ_INT(drawn_number(row, "count"), want, "a value on an edge is in the bin above it, %d", (int)i);
    }
    T_EQ_STR(texts.title, "Test error", "title");
    T_EQ_STR(texts.caption, "Counts of 500 values (over kind and 250 seeds).", "caption");
    T_OK(strstr(texts.alternative, "Histogram: test error from ") == texts.alternative, "%s",
         texts.alternative);
    T_OK(strstr(texts.alternative, "500 values, mean "), "%s", texts.alternative);
    drawn_clear(&texts);

    figure.bins = 7;
    texts = drawn_of(&figure, &runs, &none);
    T_EQ_INT(json_array_size(values(texts.json)), 7, "as many as asked for");
    check_bins(&texts, error, N, 0.19 / 7, 0);
    drawn_clear(&texts);

    figure = drawn_figure("histogram", NULL, logarithmic, 1, NULL);
    figure.bins = 5;
    figure.at_y = (struct er_reference){true, 1, "one"};
    texts = drawn_of(&figure, &runs, &none);
    double low = INFINITY, high = 0;
    for (int64_t i = 0; i < N; i++) low = fmin(low, loss[i]), high = fmax(high, loss[i]);
    check_bins(&texts, loss, N, 0, pow(high / low, 1.0 / 5));
    T_EQ_STR(drawn_text(layer(&texts, 1), "encoding", "x", "field"), "reference",
             "a value of y stands upright");
    T_OK(strstr(texts.caption, "Dashed: one, at test loss 1."), "%s", texts.caption);
    drawn_clear(&texts);

    figure = drawn_figure("histogram", NULL, y, 1, "kind");
    struct er_drawing drawing;
    struct er_table table;
    const char *const *title;
    struct er_error err = {0};
    T_STATUS(er_drawing_make(&figure, &runs, &none, &drawing, &err), ER_OK, "drawing");
    T_STATUS(er_drawing_table(&drawing, 1000, &table, &title, &err), ER_OK, "table");
    T_EQ_INT(table.columns, 4, "from, to, colour, runs");
    double sum = 0;
    for (int64_t i = 0; i < table.rows; i++) sum += table.cell[i * 4 + 3].number;
    T_CLOSE(sum, N, 0, "the table counts all");
    T_OK(table.cell[1].number > table.cell[0].number, "bins go up");
    er_table_clear(&table);
    T_STATUS(er_drawing_limit(&drawing, 1000, &err), ER_OK, "in little room");
    int64_t all = 0;
    for (int64_t s = 0; s < drawing.aggregate.n_series; s++)
        for (int64_t i = 0; i < drawing.aggregate.series[s].points; i++)
            all += drawing.aggregate.series[s].point[i].n;
    T_EQ_INT(all, N, "bins get wider, none is left out");
    er_drawing_clear(&drawing);
    er_table_clear(&runs);
}

/* One value only, none at all, and none that a logarithmic axis has a place for. */
static void poor_histograms(void)
{
    static const struct er_table_column column[] = {{"seed", "", true, false, true},
                                                    {"gap", "", true, false, false}};
    const char *y[] = {"gap"};
    for (int64_t n = 0; n < 3; n++) {
        struct er_table runs = table_make(column, 2, n), none = {0};
        for (int64_t i = 0; i < n; i++) table_number(&runs, i, "gap", 0);
        for (int kind = 0; kind < 3; kind++) {
            struct er_figure figure = drawn_figure("histogram", NULL, y, 1, NULL);
            figure.y_scale = kind == 1 ? "log" : NULL;
            figure.slider = kind == 2 ? "seed" : NULL;
            struct drawn texts = drawn_of(&figure, &runs, &none);
            T_EQ_INT(json_array_size(values(texts.json)), n > 0 && kind == 0, "a bin for one value, %d times",
                     (int)n);
            T_OK(strstr(texts.alternative,
                        n > 0 && kind < 2 ? "Histogram: generalisation gap" : "no results yet"),
                 "in words, %d times", (int)n);
            drawn_clear(&texts);
        }
        er_table_clear(&runs);
    }
}

static enum er_status make(const struct er_table *runs, const struct er_table *curves, bool histogram,
                           char **spec, char **words)
{
    const char *y[] = {"fit"}, *points[] = {"target"}, *counted[] = {"test_error"};
    struct er_figure figure = drawn_figure("line", "x", y, 1, NULL);
    figure.points = points;
    figure.n_points = 1;
    figure.slider = "degree";
    figure.statistic = "median";
    figure.at_x = (struct er_reference){true, 2, "here"};
    figure.at_y = (struct er_reference){true, 1, "there"};
    struct er_figure bins = drawn_figure("histogram", NULL, counted, 1, "kind");
    bins.slider = "degree";
    return er_figure_spec(histogram ? &bins : &figure, runs, curves, spec, words, NULL);
}

int main(void)
{
    medians();
    points_of_runs();
    points_of_curves();
    references();
    sliders();
    slider_from_zero();
    too_many_steps();
    histograms();
    poor_histograms();
    struct er_table runs = runs_of(0), curves = curves_of();
    for (int histogram = 0; histogram < 2; histogram++) {
        char *spec = NULL, *words = NULL;
        T_ALLOCATIONS(make(&runs, &curves, histogram, &spec, &words), (er_free(spec), er_free(words)),
                      "%s survives every failed allocation", histogram ? "a histogram" : "a slider");
    }
    er_table_clear(&runs);
    er_table_clear(&curves);
    return t_done();
}
