/* Rules held against tables made by hand: what passes, what fails, what is close, and what cannot be judged. The
 * intervals are computed here from the table of Student's t. */
#include "t.h"

#include "note/claim_judge.h"

/* Three seeds of widths 1, 2, 4: test_error has known means; of width 8 one run diverged and one has no gap. */
enum { AXES = 3, RUN_COLUMNS = 9, RUNS = 12, CURVE_COLUMNS = 5, RECORDS = 27 };
enum { WIDTH, KIND, SEED, OUTCOME, TEST_ERROR, TRAIN_ERROR, GAP, EPOCHS, RATIO };

static struct er_table_column run_column[RUN_COLUMNS] = {
    {"train.width", "units", true, true, true},
    {"data.kind", "", false, false, true},
    {"seed", "", true, false, true},
    {"outcome", "", false, false, false},
    {"test_error", "", true, false, false},
    {"train_error", "", true, false, false},
    {"gap", "", true, false, false},
    {"epochs", "epochs", true, false, false},
    {"ratio", "", true, false, false},
};
static struct er_table_column curve_column[CURVE_COLUMNS] = {
    {"train.width", "units", true, true, true},
    {"data.kind", "", false, false, true},
    {"seed", "", true, false, true},
    {"epoch", "epochs", true, false, false},
    {"loss", "", true, false, false},
};
static struct er_cell run_cell[RUNS * RUN_COLUMNS], curve_cell[RECORDS * CURVE_COLUMNS];
static const struct er_table runs = {
    .column = run_column, .columns = RUN_COLUMNS, .rows = RUNS, .cell = run_cell};
static const struct er_table curves = {
    .column = curve_column, .columns = CURVE_COLUMNS, .rows = RECORDS, .cell = curve_cell};

/* Means 0.5, 0.3, 0.28 at widths 1, 2, 4; deviations -0.02, 0, 0.02 of seeds 0, 1, 2. */
static const double mean[] = {0.5, 0.3, 0.28, 0.9};

static void fill(void)
{
    for (int i = 0; i < RUNS; i++) {
        struct er_cell *c = &run_cell[(ptrdiff_t)i * RUN_COLUMNS];
        const int width = i / 3, seed = i % 3;
        c[WIDTH].number = 1 << width;
        c[KIND].text = "plain";
        c[SEED].number = seed;
        c[OUTCOME].text = i == RUNS - 1 ? "diverged" : "epochs";
        c[TEST_ERROR].number = mean[width] + 0.02 * (seed - 1);
        c[TRAIN_ERROR].number = 0;
        c[GAP].number = i == RUNS - 2 ? (double)NAN : c[TEST_ERROR].number;
        c[EPOCHS].number = 10 * (width + 1);
        c[RATIO].number = 2 + 0.1 * (seed - 1);
    }
    for (int i = 0; i < RECORDS; i++) { /* three widths, three seeds, three epochs */
        struct er_cell *c = &curve_cell[(ptrdiff_t)i * CURVE_COLUMNS];
        const int width = i / 9, seed = i / 3 % 3, epoch = i % 3;
        c[0].number = 1 << width;
        c[1].text = "plain";
        c[2].number = seed;
        c[3].number = epoch;
        c[4].number = (epoch == 1 ? 0.5 : 1.0 / (1 + epoch)) + 0.01 * seed + width;
    }
}

static enum er_status judge_in(const struct er_table *rows, const struct er_table *records, const char *text,
                               struct er_note_verdict *out, char *measured, size_t size, struct er_error *err)
{
    struct er_quote quote = er_quote_of(text, "n.md");
    const struct er_quote_source source = {.quote = &quote, .study = "s", .runs = rows, .curves = records};
    struct er_buffer buffer = {0};
    struct er_arena *memory = NULL;
    struct er_rule rule;
    quote.rule = true;
    enum er_status status = er_arena_new(SIZE_MAX / 2, &memory, err);
    if (status == ER_OK) status = er_rule_read(&quote, memory, &rule, err);
    if (status == ER_OK) status = er_rule_check(&source, &rule, err);
    if (status == ER_OK) status = er_rule_judge(&source, &rule, memory, out, &buffer, err);
    if (status == ER_OK && buffer.status != ER_OK) status = er_fail(err, ER_E_NOMEM, "a text");
    if (status == ER_OK) snprintf(measured, size, "%s", buffer.data);
    er_buffer_clear(&buffer);
    er_arena_free(memory);
    return status;
}

static enum er_status judge(const char *text, struct er_note_verdict *out, char *measured, size_t size,
                            struct er_error *err)
{
    return judge_in(&runs, &curves, text, out, measured, size, err);
}

static const struct {
    const char *rule;
    bool pass, close;
} verdict[] = {
    /* the mean of 0.48, 0.5, 0.52 is 0.5, and its interval 0.5 -+ 4.303 * 0.02 / sqrt(3) = 0.0497 */
    {"test_error where width = 1 is 0.5", true, false},
    {"test_error where width = 1 is 50 %", true, false},
    {"test_error where width = 1 is 0.51", false, true},
    {"test_error where width = 1 is 0.6", false, false},
    {"test_error where width = 1 is below 0.55", true, false},
    {"test_error where width = 1 is below 0.549", true, true},
    {"test_error where width = 1 is below 0.5", false, true},
    {"test_error where width = 1 is at most 0.5", true, true},
    {"test_error where width = 1 is above 0.45", true, false},
    {"test_error where width = 1 is above 0.451", true, true},
    {"test_error where width = 1 is above 0.56", false, false},
    {"test_error where width = 1 is at least 0.5", true, true},
    {"test_error where width = 1 is at least 0.51", false, true},
    {"test_error where width = 1 is between 0.5 and 0.6", true, true},
    {"test_error where width = 1 is between 0.4 and 0.6", true, false},
    {"test_error where width = 1 is between 0.6 and 0.7", false, false},
    {"test_error where width = 1 is within 0.1 of 0.6", true, true},
    {"test_error where width = 1 is within 0.09 of 0.6", false, true},
    {"test_error where width = 1 is within 0.01 of 0.6", false, false},
    {"test_error where width = 1 is within 100 % of 0.25", true, true},
    {"test_error where width = 1 is within 5 % of 0.5", true, true},
    {"test_error where width = 1 is within 12 % of 0.5", true, false},
    /* two means: the standard error is sqrt(2) that of one, and the degrees of freedom are 4: 2.776 * 0.01633 */
    {"test_error where width = 1 is above test_error where width = 2", true, false},
    {"test_error where width = 2 is above test_error where width = 4", true, true},
    {"test_error where width = 1 - where width = 2 is 0.2", true, false},
    {"test_error where width = 1 - where width = 2 is above 0.155", true, true},
    {"test_error where width = 1 - where width = 2 is above 0.154", true, false},
    {"test_error where width = 1 / where width = 2 is at least 1.6", true, true},
    {"2 * test_error where width = 2 - 0.1 is test_error where width = 1", true, false},
    {"test_error where width = 2 * 2 - 0.1 is 0.5", true, false},
    {"0.1 + 2 * test_error where width = 2 - 0.2 is 0.5", true, false},
    /* no spread at all */
    {"train_error where width = 1 is 0", true, false},
    {"train_error where width = 1 is below 0", false, false},
    /* without an interval nothing is close */
    {"max test_error where outcome = epochs is 0.9", true, false},
    {"test_error where width = 1 and seed = 0 is below 0.49", true, false},
    {"width at min test_error where width <= 4 is 4", true, false},
    {"test_error over width where width <= 4 is 0.36", true, false},
    {"count where outcome = diverged is 1", true, false},
    {"count is 12", true, false},
    /* courses */
    {"test_error where width <= 4 falls along width", true, true},
    {"test_error where width <= 2 falls along width", true, false},
    {"test_error where width <= 4 falls along width by more than 0.1", false, false},
    {"test_error where width <= 4 falls along width by more than 0.03", false, true},
    {"test_error where width <= 4 never rises along width", true, true},
    {"test_error where width <= 4 rises along width", false, false},
    {"test_error where width <= 4 never falls along width by more than 0.1", false, false},
    {"test_error where width <= 4 never falls along width by more than 30 %", true, false},
    {"train_error where width <= 4 never rises along width", true, false},
    {"train_error where width <= 4 rises along width", false, false},
    {"epochs where width <= 4 rises along width", true, false},
    {"loss where width = 1 falls along epoch", true, false},
    {"loss where width = 1 falls along epoch by more than 0.2", false, false},
    {"loss where epoch = 0 and width <= 4 rises along width", true, false},
    /* of the curves, where all runs have such a record */
    {"min epoch along curves where loss <= 0.355 and width = 1 is 2", true, false},
    {"min epoch along curves where loss <= 0.335 and width = 1 and seed = 0 is 2", true, false},
    {"min epoch along curves where loss <= 0.355 and width = 1 / where loss <= 2.6 and width = 4 is 2", true,
     false},
    {"max test_error where width <= 2 rises along seed", true, false},
    /* where a course is least or greatest */
    {"test_error where width <= 4 is greatest along width at 1", true, false},
    {"test_error where width <= 4 is greatest along width between 1 and 2", true, false},
    {"test_error where width <= 4 is greatest along width at 2", false, false},
    {"test_error where width <= 4 is least along width at 4", true, true},
    {"test_error where width <= 4 is least along width at 2", false, true},
    {"test_error where width <= 4 is least along width between 2 and 4", true, false},
    {"train_error where width <= 4 is least along width at 1", false, false},
    {"loss where width = 1 is least along epoch at 2", true, false},
    /* clauses */
    {"train_error where width = 1 is 0 and test_error where width = 1 is above 0.4", true, false},
    {"train_error where width = 1 is 0 and test_error where width = 1 is above 0.47", true, true},
    {"train_error where width = 1 is 1 and test_error where width = 1 is above 0.47", false, false},
    {"train_error where width = 1 is 0 and test_error where width = 1 is above 0.51", false, true},
    {"train_error where width = 1 is 1 and test_error where width = 1 is above 0.51", false, false},
};

static void verdicts(void)
{
    for (size_t i = 0; i < sizeof verdict / sizeof *verdict; i++) {
        struct er_note_verdict got = {0};
        char measured[512] = "";
        struct er_error err;
        T_STATUS(judge(verdict[i].rule, &got, measured, sizeof measured, &err), ER_OK, "%s", verdict[i].rule);
        T_EQ_STR(er_verdict_name(got.verdict), verdict[i].pass ? "PASS" : "FAIL", "%s: %s", verdict[i].rule,
                 measured);
        T_OK(got.close == verdict[i].close, "%s: %sclose: %s", verdict[i].rule,
             verdict[i].close ? "" : "not ", measured);
        T_OK((strstr(measured, "within the interval") != NULL) ==
                 (got.clause[0].close || got.clause[got.clauses - 1].close),
             "%s: and so it says: %s", verdict[i].rule, measured);
    }
}

static struct er_note_verdict judged(const char *rule, char measured[512])
{
    struct er_note_verdict got = {0};
    struct er_error err;
    T_STATUS(judge(rule, &got, measured, 512, &err), ER_OK, "%s", rule);
    return got;
}

/* Values and intervals, from the three-digit table of t. */
static void numbers(void)
{
    char text[512] = "";
    const double sem = 0.02 / sqrt(3.0);
    struct er_note_verdict v = judged("test_error where width = 1 is 0.5", text);
    T_CLOSE(v.clause[0].value, 0.5, 1e-15, "a mean");
    T_CLOSE(v.clause[0].low, 0.5 - 4.303 * sem, 0.0005 * sem, "its interval: 2 degrees of freedom");
    T_CLOSE(v.clause[0].high, 0.5 + 4.303 * sem, 0.0005 * sem, "symmetric");
    T_EQ_INT(v.clause[0].seeds, 3, "of three runs");
    T_EQ_INT(v.seeds, 3, "and so the whole");
    T_EQ_STR(text, "50\xe2\x80\xaf% [45.03, 54.97]; 3 seeds", "in words");
    v = judged("test_error where width = 1 - where width = 2 is 0.2", text);
    T_CLOSE(v.clause[0].high - v.clause[0].value, 2.776 * sqrt(2.0) * sem, 0.001 * sem,
            "a difference of two means of the same spread: 4 degrees of freedom");
    v = judged("test_error where width = 1 / where width = 2 is above 1", text);
    const double a = sem / 0.3, b = 0.5 / 0.3 * sem / 0.3, va = a * a, vb = b * b;
    const double freedom = (va + vb) * (va + vb) / (va * va / 2 + vb * vb / 2);
    T_OK(freedom > 3 && freedom < 4, "Welch and Satterthwaite: %g", freedom);
    T_OK(v.clause[0].high - v.clause[0].value > 2.776 * sqrt(va + vb) &&
             v.clause[0].high - v.clause[0].value < 3.182 * sqrt(va + vb),
         "a ratio's interval lies between those of 3 and 4 degrees");
    v = judged("max test_error where width = 1 is 0.52", text);
    T_OK(isnan(v.clause[0].low) && isnan(v.clause[0].high), "a greatest has no interval");
    T_EQ_INT(v.seeds, 3, "and is of three seeds");
    T_EQ_STR(text, "52\xe2\x80\xaf%; 3 seeds", "in words");
    v = judged("train_error where width = 1 is 0", text);
    T_OK(v.clause[0].low == 0 && v.clause[0].high == 0, "no spread, no width");
    v = judged("test_error where width = 1 and seed = 0 is 0.48", text);
    T_OK(isnan(v.clause[0].low), "a single run has none");
    T_EQ_STR(text, "48\xe2\x80\xaf%; 1 seed", "in words");
    judged("epochs where width = 1 is below epochs where width = 2", text);
    T_EQ_STR(text,
             "10\xc2\xa0"
             "epochs [10, 10] against 20\xc2\xa0"
             "epochs [20, 20]; 3 seeds",
             "both sides");
    v = judged("test_error where width <= 4 falls along width", text);
    T_CLOSE(v.clause[0].value, 0.02, 1e-15, "the value of a course: its least step");
    T_OK(strstr(text,
                "50\xe2\x80\xaf%, 30\xe2\x80\xaf%, 28\xe2\x80\xaf% along train.width 1, 2, 4; the least "
                "fall is 2\xe2\x80\xaf% [") == text &&
             strstr(text, ", from 2 to 4, the limit is within the interval; 3 seeds"),
         "a course in words: %s", text);
    v = judged("test_error where width <= 4 is greatest along width at 2", text);
    T_CLOSE(v.clause[0].value, 1, 0, "the value of an extreme: where it is");
    T_OK(isnan(v.clause[0].low), "without an interval");
    T_OK(strstr(text, "; the greatest is 50\xe2\x80\xaf% [45.03, 54.97], at 1; 3 seeds"), "in words: %s",
         text);
    v = judged("train_error where width = 1 is 0 and test_error where width = 1 is above 0.6", text);
    T_EQ_INT(v.clauses, 2, "two clauses");
    T_OK(v.clause[0].holds && !v.clause[1].holds, "each is told");
    T_EQ_STR(text, "0\xe2\x80\xaf% [0, 0] (holds); 50\xe2\x80\xaf% [45.03, 54.97] (does not hold); 3 seeds",
             "in words");
}

/* Seed by seed what runs have in common leaves a difference. */
static void pairs(void)
{
    char text[512] = "";
    struct er_note_verdict v =
        judged("paired test_error where width = 1 - where width = 2 is above 0.19", text);
    T_OK(v.verdict == ER_VERDICT_PASS && !v.close, "each seed has moved by the same: %s", text);
    T_CLOSE(v.clause[0].value, 0.2, 1e-15, "the mean of the differences");
    T_CLOSE(v.clause[0].high - v.clause[0].low, 0, 1e-14, "and no spread");
    T_EQ_INT(v.seeds, 3, "of three seeds");
    v = judged("paired test_error where width = 1 / ratio where width = 2 - 0.1 is below 1", text);
    double mean3 = 0, squares = 0;
    for (int s = -1; s <= 1; s++) mean3 += ((0.5 + 0.02 * s) / (2 + 0.1 * s) - 0.1) / 3;
    for (int s = -1; s <= 1; s++) squares += pow((0.5 + 0.02 * s) / (2 + 0.1 * s) - 0.1 - mean3, 2);
    T_CLOSE(v.clause[0].value, mean3, 1e-15, "the mean of ratios");
    T_CLOSE(v.clause[0].high - mean3, 4.303 * sqrt(squares / 6), 0.001 * sqrt(squares),
            "Student's interval, 2 degrees of freedom");
    judged("paired loss where epoch = 0 and width = 1 - where epoch = 2 and width = 1 is above 0.66", text);
    T_EQ_STR(text, "0.6667 [0.6667, 0.6667]; 3 seeds", "of curves");
    v = judged("paired test_error where width <= 4 - 0.1 * ratio falls along width", text);
    T_OK(v.verdict == ER_VERDICT_PASS, "in a course: %s", text);
    v = judged(
        "test_error where width = 4 is below paired test_error where width = 1 - train_error where width = 1",
        text);
    T_OK(v.verdict == ER_VERDICT_PASS && v.seeds == 3, "on the right: %s", text);
}

/* Seeds of runs and of data are counted together: six rows of three seeds and two of the data. */
static void seeds(void)
{
    static struct er_table_column column[] = {{"data.seed", "", true, false, true},
                                              {"seed", "", true, false, true},
                                              {"test_error", "", true, false, false}};
    static struct er_cell cell[6 * 3];
    const struct er_table table = {.column = column, .columns = 3, .rows = 6, .cell = cell};
    for (int i = 0; i < 6; i++) {
        const int seed = i / 2;
        cell[3 * i].number = i % 2;
        cell[3 * i + 1].number = seed;
        cell[3 * i + 2].number = i;
    }
    static const struct {
        const char *rule;
        int seeds;
    } of[] = {{"median test_error is 2.5", 6},
              {"test_error is 2.5", 6},
              {"max test_error where data.seed = 0 is 4", 3},
              {"paired test_error where data.seed = 1 - where data.seed = 0 is 1", 3},
              {"paired test_error where seed = 2 - where seed = 1 is 2", 2},
              {"median test_error where seed = 1 is 2.5", 2},
              {"min test_error where seed = 1 and data.seed = 1 is 3", 1}};
    for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
        struct er_note_verdict got = {0};
        char measured[512];
        struct er_error err;
        T_STATUS(judge_in(&table, &table, of[i].rule, &got, measured, sizeof measured, &err), ER_OK, "%s",
                 of[i].rule);
        T_OK(got.verdict == ER_VERDICT_PASS, "%s: %s", of[i].rule, measured);
        T_EQ_INT(got.seeds, of[i].seeds, "%s: %s", of[i].rule, measured);
    }
}

static const struct {
    const char *rule;
    int column;
    const char *error;
} bad[] = {
    {"paired max test_error where width = 1 - test_error where width = 2 is 0", 8,
     "paired values are means over runs"},
    {"paired test_error over width where width < 4 - test_error where width = 4 is 0", 8,
     "paired values have one run of each seed: here are 6 runs, of 3 seeds"},
    {"paired test_error where width = 1 - where width = 2 and seed < 2 is 0", 37,
     "paired values have one run of each seed: here are 2 runs, of 3 seeds"},
    {"paired test_error where width = 1 - test_error where width = 8 is 0", 37,
     "of the 3 runs that this speaks of, 1 diverged and 0 have no value of \"test_error\"; conditions say "
     "which runs are meant"},
    {"paired test_error where width = 1 - epochs where width = 2 is 0", 37, NULL},
    {"test_eror where width = 1 is 0", 1,
     "the runs of study s have no column \"test_eror\"; did you mean \"test_error\"?"},
    {"test_error where depth = 1 is 0", 18,
     "the runs of study s have no column \"depth\"; as a setting it does not vary in this study"},
    {"test_error where width = 1 is test_eror", 31,
     "the runs of study s have no column \"test_eror\"; did you mean \"test_error\"?"},
    {"test_error where width = 3 is 0", 26, "\"train.width\" is never = 3; the nearest values are 2 and 4"},
    {"test_error where kind = fancy is 0", 25, "\"data.kind\" is never \"fancy\", but plain"},
    {"test_error where kind > a is 0", 25,
     "\"data.kind\" holds words; they can be compared by = and != only"},
    {"test_error where width <= 4 is 0", 1, NULL},
    {"test_error is 0", 1, NULL},
    {"outcome is 1", 1, "\"outcome\" holds words, not numbers; they can be counted"},
    {"test_error where width = 8 is 0.9", 1,
     "of the 3 runs that this speaks of, 1 diverged and 0 have no value of \"test_error\"; conditions say "
     "which runs are meant"},
    {"gap where width = 8 is 0.9", 1,
     "of the 3 runs that this speaks of, 1 diverged and 1 have no value of \"gap\"; conditions say which "
     "runs "
     "are meant"},
    /* runs of which no record is so, on either side */
    {"min epoch along curves where loss <= 0.335 and width = 1 is 2", 1,
     "2 of 3 runs have no record where loss <= 0.335"},
    {"min epoch along curves where loss <= 0.345 and epoch > 0 and width = 1 is 2", 1,
     "1 of 3 runs has no record where loss <= 0.345 and epoch > 0"},
    {"min epoch along curves where loss <= 0.355 and width = 1 / where loss <= 0.335 and width = 1 is 1", 60,
     "2 of 3 runs have no record where loss <= 0.335"},
    {"count along curves where loss <= 0.335 and width = 1 is 1", 1,
     "2 of 3 runs have no record where loss <= 0.335"},
    {"last loss over width is 1", 1, "3 of 12 runs have no record"},
    {"loss where epoch = 0 rises along width", 1, "3 of 12 runs have no record where epoch = 0"},
    {"test_error falls along width", 1,
     "of the 12 runs that this speaks of, 1 diverged and 0 have no value of \"test_error\"; conditions say "
     "which runs are meant"},
    {"test_error where width <= 4 falls along kind", 41,
     "\"data.kind\" holds words; they can be compared by = and != only"},
    {"test_error where width <= 4 falls along deepness", 41,
     "the runs of study s have no column \"deepness\""},
    {"test_error where width = 1 falls along width", 40, "\"width\" has one value here; a course needs two"},
    {"test_error where width <= 4 is least along width at 3", 44,
     "none of the values of \"width\" here is where it should be"},
    {"test_error where width <= 4 is least along width between 0 and 9", 44,
     "each of the values of \"width\" here is where it should be"},
    {"epochs where width = 1 is below test_error where width = 1", 33,
     "values in different units are compared: epochs and a pure number"},
    {"epochs where width = 1 - test_error where width = 1 is 9", 26,
     "a difference of values in different units: epochs and a pure number"},
    {"epochs where width = 1 / train_error where width = 1 is 9", 26, "a ratio to 0"},
};

static void errors(void)
{
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct er_note_verdict got = {.clauses = 77};
        char measured[512];
        struct er_error err;
        T_STATUS(judge(bad[i].rule, &got, measured, sizeof measured, &err), ER_E_INPUT, "%s", bad[i].rule);
        T_OK(got.verdict == ER_VERDICT_NONE && got.clauses == 77, "%s: no verdict", bad[i].rule);
        T_EQ_INT(err.column, bad[i].column, "%s: column", bad[i].rule);
        if (bad[i].error) T_EQ_STR(err.msg, bad[i].error, "%s", bad[i].rule);
    }
}

static enum er_status construct(void)
{
    struct er_note_verdict got;
    char measured[512];
    struct er_error err;
    return judge("test_error where width = 1 is 0.5 and loss where width = 1 falls along epoch", &got,
                 measured, sizeof measured, &err);
}

int main(void)
{
    fill();
    verdicts();
    numbers();
    pairs();
    seeds();
    errors();
    T_ALLOCATIONS(construct(), (void)0, "a verdict");
    return t_done();
}
