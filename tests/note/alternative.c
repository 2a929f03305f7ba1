/* What figures say in words: the courses of lines, bars and scattered points, and what was left out. */
#include "t.h"

#include "support/drawn.h"
#include "support/tables.h"

static void alternatives(void)
{
    static const struct {
        double y[5];
        const char *words;
    } shape[] = {
        {{1, 2, 3, 4, 5}, " gap rises from 100 % to 500 %."},
        {{5, 4, 3, 2, 1}, " gap falls from 500 % to 100 %."},
        {{1, 3, 9, 3, 2}, " rises from 100 % to 900 % at 2, then falls to 200 %."},
        {{4, 2, 1, 2, 4}, " falls from 400 % to 100 % at 2, then rises to 400 %."},
        {{3, 3, 3, 3, 3}, " stays near 300 %."},
        {{9, 2, 6, 1, 1}, " falls from 900 % to 200 % at 1, then rises to 600 % at 2, then falls to 100 %."},
        {{0, 0.9, -0.05, 0.4, 0.8},
         " rises from 0 % to 90 % at 1, then falls to -5 % at 2, then rises to 80 %."},
        {{1, 1.1, 0.9, 1.05, 5}, " rises from 100 % to 500 %."},
    };
    static const struct er_table_column column[] = {{"epoch", "epochs", true, false, false},
                                                    {"gap", "", true, false, false}};
    const char *y[] = {"gap"};
    const struct er_figure figure = drawn_figure("line", "epoch", y, 1, NULL);
    struct er_table none = {0};
    for (size_t k = 0; k < sizeof shape / sizeof *shape; k++) {
        struct er_table table = table_make(column, 2, 5);
        for (int64_t i = 0; i < 5; i++) {
            table_number(&table, i, "epoch", (double)i);
            table_number(&table, i, "gap", shape[k].y[i]);
        }
        struct drawn texts = drawn_of(&figure, &none, &table);
        T_OK(strstr(texts.alternative, shape[k].words), "\"%s\" in \"%s\"", shape[k].words,
             texts.alternative);
        T_EQ_INT(json_array_size(json_object_get(texts.json, "layer")), 1,
                 "no band where there is one value");
        drawn_clear(&texts);
        er_table_clear(&table);
    }
    struct er_table empty = table_make(column, 2, 0);
    struct drawn texts = drawn_of(&figure, &none, &empty);
    T_EQ_STR(texts.caption, "No results yet.", "caption of an empty figure");
    T_OK(strstr(texts.alternative, "no results yet"), "%s", texts.alternative);
    drawn_clear(&texts);
    er_table_clear(&empty);
}

/* What a line does is told along the axis as drawn, and apart from what its seeds do. */
static void courses(void)
{
    static const struct er_table_column column[] = {{"epoch", "epochs", true, false, false},
                                                    {"seed", "", true, false, true},
                                                    {"train_loss", "", true, true, false}};
    enum { LONG = 100 };
    const char *y[] = {"train_loss"};
    struct er_figure figure = drawn_figure("line", "epoch", y, 1, NULL);
    struct er_table none = {0}, table = table_make(column, 3, (int64_t)2 * LONG);
    for (int kind = 0; kind < 4; kind++) {
        for (int64_t i = 0; i < (int64_t)2 * LONG; i++) {
            const double e = (double)(i % LONG), sign = i < LONG ? 1 : -1, noise = sin(e * e);
            const double loss[] = {pow(10, -e / 20 + 0.2 * noise), /* falls by five decades, noisily */
                                   e < 50 ? pow(10, -e / 10)
                                          : 1e-5 * (e - 48),      /* up at the end, by two decades */
                                   1 + 0.01 * noise + 0.5 * sign, /* less than its seeds tell */
                                   1 + 0.5 * noise};              /* no way at all */
            table_number(&table, i, "epoch", e);
            table_number(&table, i, "seed", i < LONG ? 0 : 1);
            table_number(&table, i, "train_loss", loss[kind] + 1e-9);
        }
        static const char *const want[] = {"falls", "e-05 at 49, then rises to 0.00051.",
                                           "within the uncertainty of its seeds.",
                                           " goes up and down between "};
        struct drawn texts = drawn_of(&figure, &none, &table);
        T_OK(strstr(texts.alternative, want[kind]), "%s", texts.alternative);
        T_OK(kind > 0 || !strstr(texts.alternative, "rises"), "%s", texts.alternative);
        drawn_clear(&texts);
    }
    er_table_clear(&table);
}

/* Points of one result against another: their range, and how the two go together. */
static void scatter(void)
{
    static const struct er_table_column column[] = {{"gap", "", true, false, false},
                                                    {"train_loss", "", true, true, false},
                                                    {"outcome", "", false, false, false}};
    const char *y[] = {"gap"};
    const struct er_figure figure = drawn_figure("point", "train_loss", y, 1, NULL);
    struct er_table none = {0}, table = table_make(column, 3, 20);
    for (int64_t i = 0; i < 20; i++) {
        table_number(&table, i, "gap", 0.01 * (double)i);
        table_number(&table, i, "train_loss", 1 / (double)(i + 1));
        table_word(&table, i, "outcome", i < 2 ? "diverged" : "epochs");
    }
    struct drawn texts = drawn_of(&figure, &table, &none);
    T_OK(strstr(texts.alternative,
                ": 20 points between 0 % and 19 %, mostly falling (Kendall's rank correlation -1.00)."),
         "%s", texts.alternative);
    T_EQ_STR(texts.caption, "", "all runs have a value");
    drawn_clear(&texts);
    er_table_clear(&table);
}

/* More names than the theme has colours are told apart by dashes too; runs that diverged are counted. */
static void many_names(void)
{
    static const struct er_table_column run[] = {{"model", "", false, false, true},
                                                 {"outcome", "", false, false, false}};
    static const struct er_table_column curve[] = {{"model", "", false, false, true},
                                                   {"epoch", "epochs", true, false, false},
                                                   {"gap", "", true, false, false}};
    static char name[8][4];
    const char *y[] = {"gap"};
    const struct er_figure figure = drawn_figure("line", "epoch", y, 1, "model");
    struct er_table runs = table_make(run, 2, 8), curves = table_make(curve, 3, 16);
    for (int64_t i = 0; i < 8; i++) {
        snprintf(name[i], sizeof name[i], "m%d", (int)i);
        table_word(&runs, i, "model", name[i]);
        table_word(&runs, i, "outcome", i == 5 ? "diverged" : "epochs");
        for (int64_t e = 0; e < 2; e++) {
            table_word(&curves, 2 * i + e, "model", name[i]);
            table_number(&curves, 2 * i + e, "epoch", (double)e);
            table_number(&curves, 2 * i + e, "gap", 0.1 * (double)(i + e));
        }
    }
    struct drawn texts = drawn_of(&figure, &runs, &curves);
    const json_t *line = json_array_get(json_object_get(texts.json, "layer"), 0);
    const json_t *dash = json_object_get(json_object_get(line, "encoding"), "strokeDash");
    const json_t *range = json_object_get(json_object_get(dash, "scale"), "range");
    T_EQ_STR(drawn_text(line, "encoding", "strokeDash", "field"), "model", "dashes of the same field");
    T_EQ_INT(json_array_size(range), 8, "a pattern a name");
    T_OK(json_equal(json_array_get(range, 0), json_array_get(range, 5)), "six of the first");
    T_OK(!json_equal(json_array_get(range, 5), json_array_get(range, 6)), "then others");
    T_EQ_STR(texts.caption, "1 of 8 runs diverged; a line of them alone leaves the figure.",
             "what diverged is counted");
    T_OK(strstr(texts.alternative, "At their ends between 10 % (m0) and 80 % (m7)."), "%s",
         texts.alternative);
    drawn_clear(&texts);
    er_table_clear(&runs);
    er_table_clear(&curves);
}

/* Curves of runs that diverged count in no mean; where they are alone they are drawn, and leave the figure.
 */
static void diverged(bool alone)
{
    static const struct er_table_column run[] = {{"rate", "", true, false, true},
                                                 {"seed", "", true, false, true},
                                                 {"outcome", "", false, false, false}};
    static const struct er_table_column curve[] = {{"rate", "", true, false, true},
                                                   {"seed", "", true, false, true},
                                                   {"epoch", "epochs", true, false, false},
                                                   {"train_loss", "", true, true, false}};
    enum { LONG = 10 };
    const char *y[] = {"train_loss"};
    const struct er_figure figure = drawn_figure("line", "epoch", y, 1, "rate");
    struct er_table runs = table_make(run, 3, 4), curves = table_make(curve, 4, (int64_t)4 * LONG);
    for (int64_t i = 0; i < 4; i++) {
        const int64_t rate = i / 2;
        const bool astray = alone ? i >= 2 : i % 2 == 1;
        table_number(&runs, i, "rate", (double)rate);
        table_number(&runs, i, "seed", (double)(i % 2));
        table_word(&runs, i, "outcome", astray ? "diverged" : "epochs");
        for (int64_t e = 0; e < LONG; e++) {
            const int64_t row = i * LONG + e;
            table_number(&curves, row, "rate", (double)rate);
            table_number(&curves, row, "seed", (double)(i % 2));
            if (astray && e > 5) continue;
            table_number(&curves, row, "epoch", (double)e);
            table_number(&curves, row, "train_loss", astray ? pow(10, 4.0 * (double)e) : 2 - 0.1 * (double)e);
        }
    }
    struct drawn texts = drawn_of(&figure, &runs, &curves);
    const json_t *layers = json_object_get(texts.json, "layer");
    const json_t *line = json_array_get(layers, json_array_size(layers) - 1);
    const json_t *scale = json_object_get(json_object_get(json_object_get(line, "encoding"), "y"), "scale");
    if (alone) {
        T_EQ_STR(
            texts.caption,
            "Mean of 2 seeds; band: smallest to largest. 2 of 4 runs diverged; a line of them alone leaves "
            "the figure.",
            "caption");
        T_CLOSE(drawn_number(scale, "domainMax"), 20, 1e-12, "a decade above the largest of the others");
        T_OK(json_is_true(json_object_get(json_object_get(line, "mark"), "clip")), "where lines end");
        T_OK(strstr(texts.alternative, " rate 1 diverges. All end at 1.1."), "%s", texts.alternative);
    } else {
        T_EQ_STR(texts.caption, "2 of 4 runs diverged and are left out.", "caption");
        T_OK(!json_object_get(scale, "domainMax"), "the axis ends where the data end");
        T_OK(strstr(texts.alternative, " rate 1 falls from 2 to 1.1."), "%s", texts.alternative);
    }
    drawn_clear(&texts);
    er_table_clear(&runs);
    er_table_clear(&curves);
}

int main(void)
{
    diverged(false);
    diverged(true);
    alternatives();
    courses();
    scatter();
    many_names();
    return t_done();
}
