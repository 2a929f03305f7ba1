/* Strips and ridgelines: medians by sorting, densities beside the formula, rows for each colour, and the table that a
 * figure is drawn from. */
#include "t.h"

#include "note/density.h"
#include "note/figure.h"
#include "support/drawn.h"
#include "support/tables.h"

#include <ermine/memory.h>
#include <ermine/note.h>

enum { KINDS = 3, EACH = 40 };

static const struct er_table_column column[] = {{"minima.sampler", "", false, false, true},
                                                {"minima.poison", "examples", true, false, true},
                                                {"seed", "", true, false, true},
                                                {"test_error", "", true, false, false},
                                                {"train_loss", "", true, true, false}};
static const char *const y[] = {"test_error"}, *const loss[] = {"train_loss"};

static double wobble(int64_t i)
{
    return sin((double)i * 12.9898) * cos((double)i * 4.1414);
}

static double error_of(int64_t kind, int64_t i)
{
    return fabs(0.02 + 0.2 * (double)kind + 0.1 * wobble(100 * kind + i));
}

static struct er_table runs_of(void)
{
    static const char *const word[KINDS] = {"sgd", "po\"ison", "gu<ess>"};
    struct er_table table = table_make(column, 5, (int64_t)KINDS * EACH);
    for (int64_t r = 0; r < (int64_t)KINDS * EACH; r++) {
        const int64_t kind = r / EACH;
        table_word(&table, r, "minima.sampler", word[kind]);
        table_number(&table, r, "minima.poison", 500.0 * (double)kind);
        table_number(&table, r, "seed", (double)(r % EACH));
        table_number(&table, r, "test_error", error_of(kind, r % EACH));
        table_number(&table, r, "train_loss", exp(3 * wobble(r)));
    }
    return table;
}

static int compare(const void *a, const void *b)
{
    const double u = *(const double *)a, v = *(const double *)b;
    return (u > v) - (u < v);
}

static const json_t *layer(const struct drawn *texts, size_t i)
{
    return json_array_get(json_object_get(texts->json, "layer"), i);
}

static const json_t *values(const json_t *of)
{
    return json_object_get(json_object_get(of, "data"), "values");
}

static void strips(void)
{
    struct er_table runs = runs_of(), none = {0};
    struct er_figure figure = drawn_figure("strip", NULL, y, 1, "minima.sampler");
    figure.at_y = (struct er_reference){true, 0.3, "here"};
    struct drawn texts = drawn_of(&figure, &runs, &none);
    T_EQ_INT(json_array_size(values(layer(&texts, 0))), KINDS * EACH, "a tick a run");
    T_EQ_INT(json_array_size(values(layer(&texts, 1))), KINDS, "a median a row");
    for (int64_t k = 0; k < KINDS; k++) {
        double value[EACH];
        for (int64_t i = 0; i < EACH; i++) value[i] = error_of(k, i);
        qsort(value, EACH, sizeof *value, compare);
        const json_t *row = json_array_get(values(layer(&texts, 1)), (size_t)k);
        T_CLOSE(drawn_number(row, "median"), (value[EACH / 2 - 1] + value[EACH / 2]) / 2, 1e-6,
                "half the middle two, %d", (int)k);
    }
    const json_t *domain = json_object_get(
        json_object_get(json_object_get(json_object_get(texts.json, "encoding"), "y"), "scale"), "domain");
    T_EQ_INT(json_array_size(domain), KINDS, "rows");
    T_EQ_STR(json_string_value(json_array_get(domain, 1)), "po\"ison", "in the order of the study");
    T_EQ_STR(drawn_text(layer(&texts, 2), "encoding", "x", "field"), "reference", "at_y stands upright");
    T_EQ_STR(texts.title, "Test error, by sampler", "title");
    T_OK(strstr(texts.caption, "Strips of 120 values (over poisoned examples and 40 seeds). A tick is a run, "
                               "the thick one the median of its row."),
         "%s", texts.caption);
    T_OK(strstr(texts.alternative, "sgd: 40 values, median "), "%s", texts.alternative);
    drawn_clear(&texts);

    figure = drawn_figure("strip", NULL, y, 1, NULL);
    texts = drawn_of(&figure, &runs, &none);
    T_EQ_STR(json_string_value(json_object_get(json_array_get(values(layer(&texts, 0)), 0), "group")), "",
             "the only row has no name");
    drawn_clear(&texts);
    er_table_clear(&runs);
}

/* The density of n values at x, not normalised, by the formula; beyond 0 it is reflected. */
static double density(const double *value, int64_t n, double h, bool reflected, double x)
{
    double sum = 0;
    for (int64_t i = 0; i < n; i++) {
        sum += exp(-(x - value[i]) * (x - value[i]) / (2 * h * h));
        if (reflected) sum += exp(-(x + value[i]) * (x + value[i]) / (2 * h * h));
        if (reflected) sum += exp(-(x + value[i] - 2) * (x + value[i] - 2) / (2 * h * h));
    }
    return sum;
}

/* Silverman's width. */
static double width(const double *sorted, int64_t n)
{
    double mean = 0, squares = 0;
    for (int64_t i = 0; i < n; i++) mean += sorted[i] / (double)n;
    for (int64_t i = 0; i < n; i++) squares += pow(sorted[i] - mean, 2);
    const double at[2] = {0.25 * (double)(n - 1), 0.75 * (double)(n - 1)};
    double quartile[2];
    for (int q = 0; q < 2; q++) {
        const int64_t i = (int64_t)at[q];
        quartile[q] = sorted[i] + (at[q] - (double)i) * (sorted[i + 1] - sorted[i]);
    }
    return 0.9 * fmin(sqrt(squares / (double)(n - 1)), (quartile[1] - quartile[0]) / 1.34) *
           pow((double)n, -0.2);
}

static void ridges(bool logarithmic)
{
    struct er_table runs = runs_of(), none = {0};
    struct er_figure figure = drawn_figure("ridgeline", NULL, logarithmic ? loss : y, 1, "minima.sampler");
    struct er_drawing drawing;
    struct er_error err = {0};
    T_STATUS(er_drawing_make(&figure, &runs, &none, &drawing, &err), ER_OK, "drawing");
    T_EQ_INT(drawing.aggregate.n_series, KINDS, "a ridge a colour");
    for (int64_t k = 0; k < drawing.aggregate.n_series; k++) {
        const struct er_series *series = &drawing.aggregate.series[k];
        double value[EACH], peak = 0;
        for (int64_t i = 0; i < EACH; i++)
            value[i] = logarithmic ? log10(exp(3 * wobble(k * EACH + i))) : error_of(k, i);
        qsort(value, EACH, sizeof *value, compare);
        const double h = width(value, EACH);
        for (int64_t i = 0; i < series->points; i++) {
            const double x = logarithmic ? log10(series->point[i].x) : series->point[i].x;
            peak = fmax(peak, density(value, EACH, h, !logarithmic, x));
        }
        double worst = 0, highest = 0;
        for (int64_t i = 0; i < series->points; i++) {
            const double x = logarithmic ? log10(series->point[i].x) : series->point[i].x;
            worst =
                fmax(worst, fabs(series->point[i].mean - density(value, EACH, h, !logarithmic, x) / peak));
            highest = fmax(highest, series->point[i].mean);
        }
        T_OK(worst < 1e-10, "the formula, ridge %d: off by %g", (int)k,
             worst); /* kernels end at 8 h: e^-32 */
        T_CLOSE(highest, 1, 0, "as high as its peak");
        if (!logarithmic) T_OK(series->point[0].x >= 0, "no error below 0");
    }
    er_drawing_clear(&drawing);
    struct drawn texts = drawn_of(&figure, &runs, &none);
    T_EQ_STR(drawn_text(layer(&texts, 0), "encoding", "y", "field"), "top", "ridges");
    const json_t *axis =
        json_object_get(json_object_get(json_object_get(layer(&texts, 0), "encoding"), "y"), "axis");
    T_EQ_STR(json_string_value(json_object_get(axis, "labelExpr")),
             "[\"gu<ess>\",\"po\\\"ison\",\"sgd\"][datum.value]", "names from the bottom up");
    T_CLOSE(drawn_number(json_object_get(texts.json, "usermeta"), "rows"), KINDS, 0, "room for rows");
    const json_t *first = json_array_get(values(layer(&texts, 0)), 0);
    T_CLOSE(drawn_number(first, "base"), KINDS - 1, 0, "the first is at the top");
    T_EQ_INT(json_array_size(values(layer(&texts, 1))), KINDS * EACH, "a tick a run");
    T_OK(strstr(texts.caption, "each ridge is as high as its own peak"), "%s", texts.caption);
    drawn_clear(&texts);
    er_table_clear(&runs);
}

static void numbers_and_tables(void)
{
    struct er_table runs = runs_of(), none = {0};
    struct er_figure figure = drawn_figure("ridgeline", NULL, y, 1, "minima.poison");
    struct er_drawing drawing;
    struct er_table table;
    const char *const *title;
    struct er_error err = {0};
    struct drawn texts = drawn_of(&figure, &runs, &none);
    T_EQ_STR(drawn_text(layer(&texts, 0), "encoding", "y", "title"), "poisoned examples",
             "numbers have a title for all");
    drawn_clear(&texts);
    T_STATUS(er_drawing_make(&figure, &runs, &none, &drawing, &err), ER_OK, "drawing");
    T_EQ_INT(er_drawing_rows(&drawing), KINDS * EACH, "rows");
    T_STATUS(er_drawing_table(&drawing, 1000, &table, &title, &err), ER_OK, "table");
    T_OK(table.rows == KINDS * EACH && table.columns == 3, "colour, seed, value");
    double sum = 0, want = 0;
    for (int64_t i = 0; i < table.rows; i++) sum += table.cell[i * 3 + 2].number;
    for (int64_t r = 0; r < runs.rows; r++) want += runs.cell[r * 5 + 3].number;
    T_CLOSE(sum, want, 1e-12, "the values themselves");
    er_table_clear(&table);
    T_STATUS(er_drawing_limit(&drawing, 4000, &err), ER_OK, "in little room");
    T_OK(drawing.most_runs < EACH && drawing.aggregate.series[0].points == 16, "fewer ticks and places");
    er_drawing_clear(&drawing);

    figure = drawn_figure("strip", NULL, y, 1, "minima.sampler");
    figure.slider = "minima.poison";
    texts = drawn_of(&figure, &runs, &none);
    T_OK(strstr(texts.alternative, "At poisoned examples 0: Strips: test error"), "%s", texts.alternative);
    drawn_clear(&texts);
    er_table_clear(&runs);
}

/* A column of both tables, of runs unless the author says otherwise. */
static void from(void)
{
    static const struct er_table_column both[] = {{"seed", "", true, false, true},
                                                  {"test_error", "", true, false, false}};
    struct er_table runs = table_make(both, 2, 2), curves = table_make(both, 2, 6);
    for (int64_t i = 0; i < 6; i++) {
        table_number(&curves, i, "seed", i < 3 ? 0 : 1);
        table_number(&curves, i, "test_error", 0.1 * (double)i);
        if (i < 2) table_number(&runs, i, "seed", (double)i);
        if (i < 2) table_number(&runs, i, "test_error", 0.5);
    }
    static const char *const mark[] = {"strip", "ridgeline", "histogram"};
    for (int k = 0; k < 3; k++) {
        struct er_figure figure = drawn_figure(mark[k], NULL, y, 1, NULL);
        for (int other = 0; other < 2; other++) {
            figure.from = other ? "curves" : k == 0 ? NULL : "runs";
            struct drawn texts = drawn_of(&figure, &runs, &curves);
            T_OK(strstr(texts.caption, other ? "of 6 values" : "of 2 values"), "%s: %s", mark[k],
                 texts.caption);
            drawn_clear(&texts);
        }
    }
    er_table_clear(&runs);
    er_table_clear(&curves);
}

/* One value, equal ones, none, and none that a logarithmic axis has a place for. */
static void poor(void)
{
    static const struct er_table_column few[] = {{"seed", "", true, false, true},
                                                 {"gap", "", true, false, false}};
    static const char *const gap[] = {"gap"};
    for (int64_t n = 0; n < 3; n++)
        for (int kind = 0; kind < 4; kind++) {
            struct er_table runs = table_make(few, 2, n), none = {0};
            for (int64_t i = 0; i < n; i++) table_number(&runs, i, "gap", kind < 2 ? 0 : 0.25);
            struct er_figure figure = drawn_figure(kind % 2 ? "strip" : "ridgeline", NULL, gap, 1, NULL);
            figure.y_scale = kind < 2 && n == 2 ? "log" : NULL;
            struct drawn texts = drawn_of(&figure, &runs, &none);
            T_OK(strstr(texts.alternative, n > 0 ? "generalisation gap: " : "no results yet"), "%s",
                 texts.alternative);
            T_OK(!strstr(texts.spec, "nan") && !strstr(texts.spec, "inf"), "%s", texts.spec);
            drawn_clear(&texts);
            er_table_clear(&runs);
        }
}

static enum er_status make(const struct er_table *runs, bool ridge, char **spec, char **words)
{
    struct er_figure figure = drawn_figure(ridge ? "ridgeline" : "strip", NULL, y, 1, "minima.sampler");
    return er_figure_spec(&figure, runs, &(struct er_table){0}, spec, words, NULL);
}

int main(void)
{
    strips();
    ridges(false);
    ridges(true);
    numbers_and_tables();
    from();
    poor();
    struct er_table runs = runs_of();
    char *spec, *words;
    for (int ridge = 0; ridge < 2; ridge++)
        T_ALLOCATIONS(make(&runs, ridge, &spec, &words), (er_free(spec), er_free(words)),
                      "survives every failed allocation");
    er_table_clear(&runs);
    return t_done();
}
