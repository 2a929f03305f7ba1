/* Quoted values against numbers computed by hand, and what is said where there is none. */
#include "t.h"

#include "note/quote_value.h"
#include "support/signs.h"
#include "support/tables.h"

enum { TEXT = 2048 };

static const double error_of[3][3] = {{0.10, 0.12, 0.14}, {0.4, 0.5, 0.6}, {0.9, 0.9, 0.9}};
static const double epochs_of[3][3] = {{10, 11, 12}, {20, 20, 23}, {30, 31, 99}};

/* Three values of corruption and three seeds; the last run diverged, and one has no loss. */
static struct er_table corruption_runs(void)
{
    static const struct er_table_column column[] = {{"data.labels.corrupt", "", true, false, true},
                                                    {"seed", "", true, false, true},
                                                    {"outcome", "", false, false, false},
                                                    {"epochs", "epochs", true, false, false},
                                                    {"test_error", "", true, false, false},
                                                    {"train_loss", "", true, true, false},
                                                    {"seconds", "s", true, false, false}};
    struct er_table table = table_make(column, 7, 9);
    for (int64_t i = 0; i < 9; i++) {
        const int64_t third = i / 3;
        table_number(&table, i, "data.labels.corrupt", 0.5 * (double)third);
        table_number(&table, i, "seed", (double)(i % 3));
        table_word(&table, i, "outcome", i == 8 ? "diverged" : i < 3 ? "train_error" : "epochs");
        table_number(&table, i, "epochs", epochs_of[i / 3][i % 3]);
        table_number(&table, i, "test_error", error_of[i / 3][i % 3]);
        if (i != 4)
            table_number(&table, i, "train_loss", i == 5 ? (double)INFINITY : 0.001 * (double)(i + 1));
        table_number(&table, i, "seconds", 2);
    }
    return table;
}

/* Of corruption 0 and 1, four records a run. */
static struct er_table corruption_curves(void)
{
    static const struct er_table_column column[] = {{"data.labels.corrupt", "", true, false, true},
                                                    {"seed", "", true, false, true},
                                                    {"epoch", "epochs", true, false, false},
                                                    {"test_loss", "", true, true, false}};
    struct er_table table = table_make(column, 4, 24);
    for (int64_t i = 0; i < 24; i++) {
        const int64_t seed = i / 4 % 3, half = i / 12;
        const double loss[4] = {2.3, 1, 0.5 + 0.1 * (double)seed, 0.6};
        table_number(&table, i, "data.labels.corrupt", (double)half);
        table_number(&table, i, "seed", (double)seed);
        table_number(&table, i, "epoch", (double)(i % 4));
        table_number(&table, i, "test_loss", i < 12 ? loss[i % 4] : 2.3 + (double)(i % 4));
    }
    return table;
}

/* Settings that not every run has, and words. */
static struct er_table rates_runs(void)
{
    static const struct er_table_column column[] = {{"train.sgd.rate", "", true, false, true},
                                                    {"train.adam.rate", "", true, false, true},
                                                    {"data.condition", "", false, false, true},
                                                    {"data.seed", "", true, false, true},
                                                    {"seed", "", true, false, true},
                                                    {"test_error", "", true, false, false},
                                                    {"parameters", "", true, true, false}};
    static const double error[] = {0.2, 0.25, 0.9, 0.8};
    /* as a preset stands for its layers */
    static const struct er_alias alias[] = {{"true-labels", "[as they are]", 2}, {"7", "[seven]", 2}};
    struct er_table table = table_make(column, 7, 4);
    table.alias = alias;
    table.aliases = 2;
    for (int64_t i = 0; i < 4; i++) {
        table_number(&table, i, i == 1 ? "train.adam.rate" : "train.sgd.rate", i == 1 ? 0.001 : 0.1);
        table_word(&table, i, "data.condition", i < 2 ? "true-labels" : "random-labels");
        table_number(&table, i, "data.seed", i == 3);
        table_number(&table, i, "seed", 7);
        table_number(&table, i, "test_error", error[i]);
        table_number(&table, i, "parameters", 407050);
    }
    return table;
}

struct studies {
    struct er_table runs[3], curves[3];
    struct er_quote_study study[5];
};

static void open_studies(struct studies *s)
{
    *s = (struct studies){.runs = {corruption_runs(), rates_runs()}, .curves = {corruption_curves()}};
    for (int i = 0; i < 5; i++)
        s->study[i] =
            (struct er_quote_study){.runs = &s->runs[i < 3 ? i : 2], .curves = &s->curves[i < 3 ? i : 2]};
    s->study[0].name = "corruption";
    s->study[1].name = "rates";
    s->study[1].present = 4;
    s->study[1].wanted = 6;
    s->study[2].name = "nothing";
    s->study[3].name = "broken";
    s->study[3].failed = true;
}

static void close_studies(struct studies *s)
{
    for (int i = 0; i < 2; i++) er_table_clear(&s->runs[i]);
    er_table_clear(&s->curves[0]);
}

static void values(const struct studies *s)
{
    static const char *const row[][2] = {
        /* statistics of runs */
        {"corruption: test_error where corrupt = 0", "12.0~+-~1.2~%"},
        {"corruption: mean test_error where corrupt = 0.5", "50.0~+-~5.8~%"},
        {"corruption: test_error where corrupt = 50 %", "50.0~+-~5.8~%"},
        {"corruption: test_error where corrupt = 0, plain", "12~%"},
        {"corruption: test_error where corrupt=0 and seed=1", "12~%"},
        {"corruption: epochs where corrupt = 0.5", "21.0~+-~1.0_epochs"},
        {"corruption: epochs where corrupt = 0.5 as integer", "21_epochs"},
        {"corruption: median epochs where corrupt = 0.5", "20_epochs"},
        {"corruption: median epochs where corrupt = 0 and seed < 2", "10.5_epochs"},
        {"corruption: sd test_error where corrupt = 0", "2~%"},
        {"corruption: sem test_error where data.labels.corrupt = 0.5", "5.77~%"},
        {"corruption: sum epochs where labels.corrupt = 0", "33_epochs"},
        {"corruption: min test_error", "10~%"},
        {"corruption: max test_error", "90~%"},
        {"corruption: max test_error where corrupt=1", "90~%"},
        {"corruption: epochs over corrupt", "19.6_epochs"}, /* 157 / 8, the diverged one left out */
        {"corruption: mean epochs over corrupt where corrupt > 0", "24.8_epochs"},
        {"corruption: seconds where corrupt = 0", "2~s"},
        {"corruption: seconds where corrupt = 0 in ms", "2000~ms"},
        {"corruption: seconds where corrupt = 0 in min", "0.0333~min"},
        {"corruption: epochs where corrupt = 0 as number", "11.00~+-~0.58"},
        {"corruption: test_error where corrupt = 0 as number", "0.120~+-~0.012"},
        {"corruption: test_error where corrupt = 0 as 3 digits", "12.0~%"},
        {"corruption: test_error where corrupt = 0 in points", "12.0~+-~1.2_percentage points"},
        /* counting */
        {"corruption: count", "9"},
        {"corruption: count where outcome = diverged", "1"},
        {"corruption: count where outcome = nonsense", "0"},
        {"corruption: count where outcome != diverged and corrupt = 1", "2"},
        {"corruption: count outcome where corrupt >= 50%", "6"},
        {"corruption: count train_loss", "7"},
        {"corruption: count where outcome = diverged / count as percent", "11.1~%"},
        {"corruption: count where outcome = diverged / count as 2 decimals", "0.11"},
        {"corruption: epochs where outcome = diverged", "99_epochs"},
        {"corruption: epochs where corrupt = 1", "30.50~+-~0.50_epochs"},
        {"corruption: train_loss where corrupt = 0.5", "0.004"},
        {"corruption: train_loss where corrupt = 0.5 as percent", "0.4~%"},
        /* two values */
        {"corruption: test_error where corrupt = 0.5 - where corrupt = 0", "38.0~+-~5.9~%"},
        {"corruption: max test_error - min test_error in points", "80_percentage points"},
        {"corruption: test_error where corrupt = 0 - where corrupt = 0.5 plain", "-38~%"},
        {"corruption: epochs where corrupt = 0.5 / where corrupt = 0", "1.91~+-~0.14"},
        {"corruption: epochs where corrupt = 1 / epochs where corrupt = 0, plain, as 2 digits", "2.8"},
        {"corruption: seconds where corrupt = 0 / epochs where corrupt = 0", "0.1818~+-~0.0095~s/epoch"},
        {"corruption: seconds where corrupt = 0 / count where corrupt = 0", "0.667~s"},
        {"corruption: count where corrupt = 0 / seconds where corrupt = 0", "1.5~1/s"},
        /* one of the runs */
        {"corruption: corrupt at max test_error", "100~%"},
        {"corruption: epochs at min test_error where corrupt > 0", "20_epochs"},
        /* curves */
        {"corruption: first test_loss where corrupt = 0", "2.3"},
        {"corruption: last test_loss where corrupt = 0", "0.6"},
        {"corruption: min test_loss along curves where corrupt = 0", "0.567~+-~0.033"},
        {"corruption: test_loss where epoch = 2 and corrupt = 0", "0.600~+-~0.058"},
        {"corruption: max test_loss where epoch = 2 and corrupt = 0", "0.600~+-~0.058"},
        {"corruption: epoch at min test_loss where corrupt = 0", "2.33~+-~0.33_epochs"},
        {"corruption: max epoch at min test_loss where corrupt = 0", "3_epochs"},
        {"corruption: epoch at min test_loss over corrupt", "1.17_epochs"},
        {"corruption: median epoch at min test_loss where corrupt = 0", "2_epochs"},
        {"corruption: count along curves where corrupt = 0", "4"},
        {"corruption: epoch at max test_loss where corrupt = 1", "3_epochs"},
        /* words, settings that some runs lack, another kind of seed */
        {"rates: test_error where condition = true-labels and sgd.rate = 0.1", "20~%"},
        {"rates: test_error where condition = \"random-labels\"", "85.0~+-~5.0~%"},
        {"rates: count where sgd.rate != 7", "3"},
        {"rates: count where condition = \"[as they are]\"", "2"},
        {"rates: test_error where condition = \"[as they are]\" and sgd.rate = 0.1", "20~%"},
        {"rates: test_error where condition != \"[as they are]\"", "85.0~+-~5.0~%"},
        {"rates: parameters over sgd.rate and adam.rate and condition", "407~050"},
        {"rates: adam.rate at max adam.rate", "0.001"},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct er_error err = {0};
        struct er_quote_answer answer = {0};
        char plain[TEXT];
        const struct er_quote quote = er_quote_of(row[i][0], "n.md");
        T_STATUS(er_quote_evaluate(&quote, s->study, 5, &answer, &err), ER_OK, "%s", row[i][0]);
        if (answer.text) T_EQ_STR(signs_plain(answer.text, plain, TEXT), row[i][1], "%s", row[i][0]);
        er_quote_answer_clear(&answer);
    }
}

static void details(const struct studies *s)
{
    static const char *const row[][2] = {
        {"corruption: test_error where corrupt = 0", "mean of 3 runs: seeds 0, 1, 2; standard error 1.2~%, "
                                                     "standard deviation 2.0~%; column test_error, where "
                                                     "data.labels.corrupt = 0"},
        {"corruption: test_error where corrupt = 0 and seed = 1",
         "of 1 run: seed 1; column test_error, where data.labels.corrupt = 0 and seed = 1"},
        {"corruption: test_error where corrupt = 1", "mean of 2 runs: seeds 0, 1; the same in all; column "
                                                     "test_error, where data.labels.corrupt = 1; left out: 1 "
                                                     "diverged"},
        {"corruption: max train_loss",
         "max of 6 runs; column train_loss; left out: 1 diverged, 2 without a value"},
        {"corruption: epochs over corrupt",
         "mean of 8 runs: seeds 0, 1, 2; over data.labels.corrupt; column epochs; "
         "left out: 1 diverged"},
        {"corruption: count where outcome = diverged", "count of 1 run; where outcome = diverged"},
        {"corruption: corrupt at max test_error",
         "one of 8 runs; column data.labels.corrupt at the greatest test_error; left out: 1 diverged"},
        {"corruption: min test_loss along curves where corrupt = 0",
         "mean over 3 runs of the min along each curve: seeds 0, 1, 2; standard error 0.033, standard "
         "deviation "
         "0.058; column test_loss, where data.labels.corrupt = 0"},
        {"corruption: epoch at min test_loss where corrupt = 0",
         "mean over 3 runs of the value at one record of each curve: seeds 0, 1, 2; standard error "
         "0.33_epochs, "
         "standard deviation 0.58_epochs; column epoch at the least test_loss, where data.labels.corrupt = "
         "0"},
        {"corruption: epoch at min epoch where corrupt = 0 and test_loss <= 0.55",
         "mean over 1 run of the value at one record of each curve: seed 0; column epoch at the least epoch, "
         "where data.labels.corrupt = 0 and test_loss <= 0.55; left out: 2 of 3 runs, which have no such "
         "record"},
        {"corruption: max test_error - test_error where corrupt = 0",
         "difference: 90~% (max of 8 runs; column test_error; left out: 1 diverged) less 12.0~+-~1.2~% (mean "
         "of 3 "
         "runs: seeds 0, 1, 2; standard error 1.2~%, standard deviation 2.0~%; column test_error, where "
         "data.labels.corrupt = 0); uncertainty as if the two were independent"},
        {"rates: test_error where condition = random-labels",
         "mean of 2 runs: data.seed 0, 1, seed 7; standard error 5.0~%, standard deviation 7.1~%; column "
         "test_error, "
         "where data.condition = random-labels; not computed yet: 2 of the study's 6 runs"},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct er_error err = {0};
        struct er_quote_answer answer = {0};
        char plain[TEXT];
        const struct er_quote quote = er_quote_of(row[i][0], "n.md");
        T_STATUS(er_quote_evaluate(&quote, s->study, 5, &answer, &err), ER_OK, "%s", row[i][0]);
        if (answer.detail) T_EQ_STR(signs_plain(answer.detail, plain, TEXT), row[i][1], "%s", row[i][0]);
        er_quote_answer_clear(&answer);
    }
}

static void errors(const struct studies *s)
{
    static const struct {
        const char *text;
        int column;
        const char *message;
    } row[] = {
        {"coruption: test_error", 1, "no study \"coruption\"; did you mean \"corruption\"?"},
        {"zzz: test_error", 1, "no study \"zzz\"; a study of this note is in error"},
        {"broken: test_error", 1, "study broken has no results: it failed"},
        {"nothing: test_error", 10, "study nothing has no results"},
        {"corruption: test_eror", 13,
         "the runs of study corruption have no column \"test_eror\"; did you mean \"test_error\"?"},
        {"corruption: test_error where corupt = 1", 30,
         "the runs of study corruption have no column \"corupt\"; did you mean \"corrupt\"?"},
        {"corruption: first test_error", 19, "the curves of study corruption have no column \"test_error\""},
        {"corruption: test_error over zzzzzz", 29, "the runs of study corruption have no column \"zzzzzz\""},
        {"corruption: test_loss at min zzzzzz", 30,
         "the curves of study corruption have no column \"zzzzzz\""},
        {"rates: first test_error", 14, "the curves of study rates have no column \"test_error\""},
        {"rates: test_error where rate = 0.1", 25,
         "\"rate\" is short for train.sgd.rate and for train.adam.rate; write as much of the name as tells "
         "them apart"},
        {"corruption: outcome", 13, "\"outcome\" holds words, not numbers; they can be counted"},
        {"corruption: epochs at min outcome", 27,
         "\"outcome\" holds words, not numbers; they can be counted"},
        {"corruption: epochs over test_error", 25,
         "\"test_error\" is a result; a mean is taken over settings"},
        {"corruption: test_error", 13,
         "this would mix runs that differ in data.labels.corrupt (0, 0.5, 1): say which with \"where "
         "data.labels.corrupt = 0\", or take all with \"over data.labels.corrupt\""},
        {"corruption: sd test_error where corrupt > 0", 13,
         "this would mix runs that differ in data.labels.corrupt (0.5, 1): say which with \"where "
         "data.labels.corrupt "
         "= 0.5\", or take all with \"over data.labels.corrupt\""},
        {"corruption: min test_loss along curves", 13,
         "this would mix runs that differ in data.labels.corrupt (0, 1): say which with \"where "
         "data.labels.corrupt = "
         "0\", or take all with \"over data.labels.corrupt\""},
        {"corruption: test_error where corrupt = 0.4", 40,
         "\"data.labels.corrupt\" is never = 0.4; the nearest values are 0 and 0.5"},
        {"corruption: test_error where corrupt = 2", 40,
         "\"data.labels.corrupt\" is never = 2; the nearest value is 1"},
        {"corruption: test_error where corrupt < 0", 40,
         "\"data.labels.corrupt\" is never < 0; the nearest value is 0"},
        {"corruption: count where corrupt = 0.4", 35,
         "\"data.labels.corrupt\" is never = 0.4; the nearest values are 0 and 0.5"},
        {"corruption: test_error where corrupt = high", 40,
         "\"data.labels.corrupt\" holds numbers, and \"high\" is none"},
        {"corruption: test_error where outcome < epochs", 40,
         "\"outcome\" holds words; they can be compared by = and != only"},
        {"rates: test_error where condition = random-label", 37,
         "\"data.condition\" is never \"random-label\"; did you mean \"random-labels\"?"},
        {"rates: test_error where condition = 1", 37,
         "\"data.condition\" is never \"1\", but true-labels, random-labels"},
        {"corruption: test_error where corrupt = 0 and outcome = diverged", 30,
         "each of these conditions is met by some run, and all of them by none"},
        {"corruption: train_loss where corrupt = 0.5 and seed > 0", 13,
         "no run has a value of \"train_loss\": 0 diverged, 2 without a value"},
        {"corruption: sd test_error where corrupt = 0 and seed = 0", 13, "sd needs at least two values"},
        {"corruption: max epochs at min test_error", 13, "\"at min\" takes one run; there is no max of it"},
        {"corruption: first epoch at min test_loss", 13,
         "\"at min\" takes one record of a curve; there is no first of it"},
        {"corruption: epochs where corrupt = 0 - seconds where corrupt = 0", 38,
         "a difference of values in different units: epochs and s"},
        {"corruption: max test_error - max train_loss", 28,
         "a difference of values in different units: % and a pure number"},
        {"corruption: max test_error / count where outcome = nonsense", 30, "a ratio to 0"},
        {"rates: max test_error where condition = \"[seven]\"", 41,
         "\"data.condition\" is never \"[seven]\", but true-labels, random-labels"},
        {"corruption: max epochs as percent", 27,
         "only a share can be written as percent, and this value is in epochs"},
        {"corruption: max epochs in ms", 27, "a unit of time, and this value is in epochs"},
        {"corruption: max train_loss in s", 31, "a unit of time, and this value is a pure number"},
        {"corruption: max seconds in points", 28, "points are those of a percentage, and this value is in s"},
        {"corruption: max seconds in millis", 28,
         "\"millis\" is no unit here; there are us, ms, s, min, h and points"},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct er_error err = {0};
        struct er_quote_answer answer = {0};
        const struct er_quote quote = er_quote_of(row[i].text, "n.md");
        T_STATUS(er_quote_evaluate(&quote, s->study, 5, &answer, &err), ER_E_INPUT, "%s", row[i].text);
        T_EQ_STR(err.msg, row[i].message, "message of %s", row[i].text);
        T_EQ_INT(err.column, row[i].column, "column of %s", row[i].text);
        er_quote_answer_clear(&answer);
    }
}

static enum er_status evaluate(const struct studies *s, struct er_quote_answer *out)
{
    const struct er_quote quote = er_quote_of(
        "corruption: epoch at min test_loss where corrupt = 0 / max epoch at min test_loss", "n.md");
    return er_quote_evaluate(&quote, s->study, 5, out, NULL);
}

int main(void)
{
    struct studies s;
    struct er_quote_answer answer = {0};
    open_studies(&s);
    values(&s);
    details(&s);
    errors(&s);
    T_ALLOCATIONS(evaluate(&s, &answer), er_quote_answer_clear(&answer),
                  "evaluating survives every failed allocation");
    close_studies(&s);
    return t_done();
}
