/* The table of bounds: which lines it has, what they are means of, and what the page says of them. */
#include "note/bounds.h"
#include "support/study_text.h"
#include "support/tables.h"
#include "t.h"

static const struct er_table_column column[] = {
    {.name = "model", .unit = "", .axis = true},
    {.name = "train.sgd.rate", .unit = "", .numeric = true, .axis = true},
    {.name = "seed", .unit = "", .numeric = true, .axis = true},
    {.name = "train_error", .unit = "", .numeric = true},
    {.name = "test_error", .unit = "", .numeric = true},
    {.name = "parameter_count", .unit = "", .numeric = true},
    {.name = "vc_bound", .unit = "", .numeric = true},
    {.name = "golowich_bound", .unit = "", .numeric = true},
};

static void set(struct er_table *t, int64_t i, const char *model, double rate, double seed, double train,
                double test, double vc, double golowich)
{
    table_word(t, i, "model", model);
    table_number(t, i, "train.sgd.rate", rate);
    table_number(t, i, "seed", seed);
    table_number(t, i, "train_error", train);
    table_number(t, i, "test_error", test);
    table_number(t, i, "parameter_count", 1e9);
    table_number(t, i, "vc_bound", vc);
    table_number(t, i, "golowich_bound", golowich);
}

/* Two models of two seeds; the second's golowich_bound is missing in one run. */
static struct er_table two_models(double rate)
{
    struct er_table t = table_make(column, sizeof column / sizeof column[0], 4);
    set(&t, 0, "a", .1, 0, 0, .2, .5, 10);
    set(&t, 1, "a", .1, 1, .1, .4, .7, 30);
    set(&t, 2, "b", rate, 0, 0, .3, 1.2, (double)NAN);
    set(&t, 3, "b", rate, 1, 0, .1, .9, 50);
    return t;
}

static void test_one_setting(void)
{
    struct er_error err;
    struct er_bounds b = {0};
    struct er_table t = two_models(.1);
    T_STATUS(er_bounds_make(&t, &b, &err), ER_OK, "bounds");
    if (T_OK(b.n == 4 && b.axis == 0 && !b.ranges, "two bounds of two models; a count is no bound")) {
        const struct er_bounds_line *vc = &b.line[0], *other = &b.line[1], *golowich = &b.line[3];
        T_EQ_STR(vc->measure->name, "vc_bound", "in the order of the columns");
        T_CLOSE(vc->guaranteed.mean, .6, 1e-15, "mean of the guarantees");
        T_CLOSE(vc->guaranteed_gap.mean, .55, 1e-15, "less the training error");
        T_CLOSE(vc->error.mean, .3, 1e-15, "test error");
        T_CLOSE(vc->gap.mean, .25, 1e-15, "gap");
        T_EQ_STR(er_bounds_word(vc), "", "says something");
        T_EQ_INT(other->row, 2, "the second model");
        T_EQ_STR(er_bounds_word(other), "in part vacuous", "above 1 in one run");
        T_OK(golowich->runs == 1 && fabs(golowich->error.mean - .1) < 1e-15,
             "a run without the bound counts nowhere");
        T_EQ_STR(er_bounds_word(golowich), "vacuous", "vacuous");
        T_OK(b.fewest == 1 && b.most == 2, "runs of a line");
    }
    er_bounds_clear(&b);
    T_ALLOCATIONS(er_bounds_make(&t, &b, &err), er_bounds_clear(&b), "bounds");
    er_table_clear(&t);
}

static void test_several_settings(void)
{
    struct er_error err;
    struct er_bounds b = {0};
    struct er_table t = two_models(.2);
    T_STATUS(er_bounds_make(&t, &b, &err), ER_OK, "bounds");
    if (T_OK(b.n == 2 && b.axis == -1 && b.ranges, "two settings vary: a line a bound")) {
        T_CLOSE(b.line[0].guaranteed.mean, .825, 1e-15, "mean over all");
        T_OK(b.line[0].guaranteed.low == .5 && b.line[0].guaranteed.high == 1.2, "with its range");
        T_OK(b.line[1].runs == 3 && b.line[1].guaranteed.low == 10, "of those that have it");
    }
    er_bounds_clear(&b);
    er_table_clear(&t);
}

static void test_words(void)
{
    struct er_error err;
    struct er_bounds b = {0};
    struct er_table t = table_make(column, sizeof column / sizeof column[0], 1);
    set(&t, 0, "a", .1, 0, 0, .6, .5, (double)NAN);
    T_STATUS(er_bounds_make(&t, &b, &err), ER_OK, "one run");
    T_EQ_STR(er_bounds_word(&b.line[0]), "exceeded", "a test error above what was guaranteed is told");
    T_EQ_STR(er_bounds_word(&b.line[1]), "not defined", "no run has the bound");
    T_OK(isnan(b.line[1].guaranteed.mean) && isnan(b.line[1].error.low), "nor numbers");
    er_bounds_clear(&b);
    t.rows = 0;
    T_STATUS(er_bounds_make(&t, &b, &err), ER_OK, "no run");
    T_EQ_INT(b.n, 0, "no lines");
    er_bounds_clear(&b);
    er_table_clear(&t);
}

/* A bound of the stochastic network stands alone: the test error is not of what it is about. */
static void test_stochastic(void)
{
    static const struct er_table_column stochastic[] = {
        {.name = "train_error", .unit = "", .numeric = true},
        {.name = "test_error", .unit = "", .numeric = true},
        {.name = "pac_bayes_bound", .unit = "", .numeric = true}};
    static const char *const yaml = "study: s\ndata: {name: two-spirals}\nmodel: [dense 4, relu, dense]\n"
                                    "train: {epochs: 1}\nmeasures: [pac_bayes_bound]\n";
    struct er_error err;
    struct er_bounds b = {0};
    struct er_study *study = NULL;
    struct er_buffer html = {0};
    struct er_table t = table_make(stochastic, 3, 1);
    table_number(&t, 0, "train_error", .9);
    table_number(&t, 0, "test_error", .97);
    table_number(&t, 0, "pac_bayes_bound", .58);
    T_STATUS(er_bounds_make(&t, &b, &err), ER_OK, "bounds");
    if (T_OK(b.n == 1, "a bound")) {
        const struct er_bounds_line *line = &b.line[0];
        T_OK(line->guaranteed.mean == .58 && isnan(line->error.mean) && isnan(line->guaranteed_gap.mean) &&
                 isnan(line->gap.mean),
             "no number of the network beside it");
        T_EQ_STR(er_bounds_word(line), "of the stochastic network", "which is not exceeded by the network");
    }
    er_bounds_clear(&b);
    T_STATUS(study_parse(yaml, &study, &err), ER_OK, "study");
    T_STATUS(er_bounds_write(study, &t, &html, &err), ER_OK, "page");
    T_OK(html.data && strstr(html.data, "says nothing of the measured errors"), "the page says so");
    er_buffer_clear(&html);
    er_study_free(study);
    er_table_clear(&t);
}

static void test_terminal(void)
{
    struct er_error err;
    struct er_bounds b = {0};
    struct er_table t = two_models(.1), table = {0};
    char *text = NULL;
    T_STATUS(er_bounds_make(&t, &b, &err), ER_OK, "bounds");
    T_STATUS(er_bounds_table(&b, &table, &err), ER_OK, "table");
    T_STATUS(er_table_text(&table, 100, 0, &text, &err), ER_OK, "text");
    T_EQ_STR(text,
             "model  bound           error_at_most  test_error  gap_at_most   gap  says\n"
             "a      vc_bound                  0.6         0.3         0.55  0.25  -\n"
             "b      vc_bound                 1.05         0.2         1.05   0.2  in part vacuous\n"
             "a      golowich_bound             20         0.3        19.95  0.25  vacuous\n"
             "b      golowich_bound             50         0.1           50   0.1  vacuous\n",
             "in the terminal");
    er_free(text);
    er_table_clear(&table);
    T_ALLOCATIONS(er_bounds_table(&b, &table, &err), er_table_clear(&table), "table");
    er_bounds_clear(&b);
    er_table_clear(&t);
}

static bool has(const struct er_buffer *html, const char *text)
{
    return html->data && strstr(html->data, text);
}

static void test_page(void)
{
    static const char *const yaml =
        "study: s\ndata: {name: two-spirals, labels: {corrupt: [0, 1]}}\n"
        "model: [dense 4, relu, dense]\ntrain: {epochs: 1}\nmeasures: [vc_bound]\n";
    struct er_error err;
    struct er_study *study = NULL;
    struct er_buffer html = {0};
    struct er_table t = two_models(.1);
    T_STATUS(study_parse(yaml, &study, &err), ER_OK, "study");
    T_STATUS(er_bounds_write(study, &t, &html, &err), ER_OK, "page");
    T_OK(has(&html, "<table class=\"bounds\">") && has(&html, "<caption>"), "a table with a caption");
    T_OK(has(&html, "<th scope=\"rowgroup\" colspan=\"6\">VC dimension</th>"),
         "a bound's name above its lines");
    T_OK(has(&html, "<th scope=\"row\">a</th><td align=\"right\">0.600</td><td align=\"right\">0.300</td>"
                    "<td align=\"right\">0.550</td><td align=\"right\">0.250</td><td></td>"),
         "a line");
    T_OK(has(&html, "<td><em>in part vacuous</em></td>") && has(&html, "probability 0.95 at least"), "words");
    T_OK(has(&html, "drawn at random"), "corrupted labels are told");
    T_OK(has(&html, "Means over up to 2 runs"), "and how many runs a mean is of");
    html.length = 0;
    t.rows = 0;
    T_STATUS(er_bounds_write(study, &t, &html, &err), ER_OK, "no results");
    T_EQ_INT(html.length, 0, "no table");
    er_buffer_clear(&html);
    er_table_clear(&t);
    er_study_free(study);
}

int main(void)
{
    test_one_setting();
    test_several_settings();
    test_words();
    test_stochastic();
    test_terminal();
    test_page();
    return t_done();
}
