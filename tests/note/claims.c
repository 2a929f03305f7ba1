/* The claims of a note: wrong rules are errors of their study, with the place; verdicts on the page and as rows; nothing
 * is judged that is not whole. */
#include "t.h"

#include "note/claim.h"
#include "note/verdict_rows.h"
#include "support/small_note.h"

#include <math.h>

#define FENCE                                                                                                \
    "```ermine\n"                                                                                            \
    "study: small\n"                                                                                         \
    "data: {name: two-spirals, train: 100, test: 50, labels: {corrupt: [0, 0.5]}}\n"                         \
    "model: [dense 8, relu, dense]\n"                                                                        \
    "train: {epochs: 3}\n"                                                                                   \
    "seeds: 2\n"                                                                                             \
    "figures:\n"                                                                                             \
    "  - {mark: line, x: epoch, y: train_loss, colour: data.labels.corrupt}\n"

#define CLAIM(rule) FENCE "claims:\n  - {claim: It is so, rule: " rule "}\n```\n"

static const struct {
    const char *rule, *error;
} wrong[] = {
    {"test_error where corrupt = 0.5 is belo 1",
     "n.md:10:68: expected the end, and, +, -, * or /, not \"1\""},
    {"'test_eror where corrupt = 0 is 1'",
     "n.md:10:30: the runs of study small have no column \"test_eror\"; did you mean \"test_error\"?"},
    {"\"test_error where train = 100 is 1\"", "n.md:10:47: the runs of study small have no column \"train\"; "
                                              "as a setting it does not vary in this study"},
    {"\"test\\x5ferror is 1 2\"", "n.md:10:29: expected the end, and, +, -, * or /, not \"2\""},
    {"test_error rises along epok", "n.md:10:52: the runs of study small have no column \"epok\""},
    {"train_loss rises along outcome",
     "n.md:10:52: \"outcome\" holds words; they can be compared by = and != only"},
    {"s is 1 and", "n.md:10:39: expected a statistic or a column, not the end"},
};

static void places(void)
{
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char text[1024], got[1024];
        struct er_error err = {0};
        snprintf(text, sizeof text, FENCE "claims:\n  - {claim: It is so, rule: %s}\n```\n", wrong[i].rule);
        struct er_note *note = note_read(text, "n.md");
        T_OK(!er_note_study(note, 0, &err), "the study is in error: %s", wrong[i].rule);
        er_error_text(&err, got, sizeof got);
        T_EQ_STR(got, wrong[i].error, "%s", wrong[i].rule);
        er_note_free(note);
    }
}

/* test_error of corrupt = 0.5, both seeds: what note_results() gives. */
static double mean_of(const struct er_note_result *result, double corrupt)
{
    const int64_t axis = er_table_find(&result->runs, "data.labels.corrupt");
    const int64_t column = er_table_find(&result->runs, "test_error");
    double sum = 0;
    for (int64_t i = 0; i < result->runs.rows; i++)
        if (result->runs.cell[i * result->runs.columns + axis].number == corrupt)
            sum += result->runs.cell[i * result->runs.columns + column].number / 2;
    return sum;
}

static void judged(void)
{
    struct er_error err;
    struct er_note *note = note_read(CLAIM("test_error where corrupt = 0.5 is between 0 and 1"), "n.md");
    struct er_note_result result = note_results("epochs", 3);
    struct er_note_verdict verdict = {0};
    T_STATUS(er_note_judge(note, 0, 0, &result, &verdict, &err), ER_OK, "all runs are there");
    T_EQ_STR(er_verdict_name(verdict.verdict), "PASS", "a verdict");
    T_CLOSE(verdict.clause[0].value, mean_of(&result, 0.5), 1e-15, "by the mean");
    T_EQ_INT(verdict.seeds, 2, "of two seeds");
    er_note_verdict_clear(&verdict);

    result.provenance.present = 3;
    T_STATUS(er_note_judge(note, 0, 0, &result, &verdict, &err), ER_OK, "a run is missing");
    T_EQ_STR(er_verdict_name(verdict.verdict), "NONE", "no verdict");
    T_EQ_STR(verdict.measured, "not judged: 3 of 4 runs are there", "and why");
    T_EQ_INT(verdict.clauses, 0, "nor numbers");
    er_note_verdict_clear(&verdict);
    result.provenance.present = 4;
    result.stale = "the study has changed since";
    T_STATUS(er_note_judge(note, 0, 0, &result, &verdict, &err), ER_OK, "old numbers");
    T_OK(verdict.verdict == ER_VERDICT_NONE, "no verdict");
    T_EQ_STR(verdict.measured, "not judged: the study has changed since", "and why");
    er_note_verdict_clear(&verdict);
    result.stale = NULL;
    er_fail(&result.error, ER_E_IO, "no disk");
    T_STATUS(er_note_judge(note, 0, 0, &result, &verdict, &err), ER_OK, "a study that failed");
    T_OK(verdict.verdict == ER_VERDICT_NONE, "no verdict");
    er_note_verdict_clear(&verdict);
    result.error = (struct er_error){0};
    T_ALLOCATIONS(er_note_judge(note, 0, 0, &result, &verdict, &err), er_note_verdict_clear(&verdict),
                  "a verdict");
    note_results_clear(&result);

    result = note_results("diverged", 3);
    T_STATUS(er_note_judge(note, 0, 0, &result, &verdict, &err), ER_E_INPUT, "runs that diverged");
    T_EQ_INT(err.line, 10, "in the line of the rule: %s", err.msg);
    T_EQ_INT(err.column, 29, "where it begins");
    note_results_clear(&result);
    er_note_free(note);
}

/* A default claim stands in no file: the experiment's fault is said as such. */
static void defaults(void)
{
    struct er_error err;
    struct er_note *note = note_read(NOTE_STUDY("small"), "n.md");
    struct er_note_result result = note_results("epochs", 3);
    struct er_note_verdict verdict = {0};
    const struct er_study *study = er_note_study(note, 0, NULL);
    struct er_claim claim = {.claim = "It is so", .rule = "count is 4"};
    T_STATUS(er_claim_judge(study, &claim, &result.runs, &result.curves, &verdict, &err), ER_OK, "a default");
    T_OK(verdict.verdict == ER_VERDICT_PASS, "is judged");
    er_note_verdict_clear(&verdict);
    claim.rule = "count is x";
    T_STATUS(er_claim_judge(study, &claim, &result.runs, &result.curves, &verdict, &err), ER_E_INPUT,
             "a default with a wrong rule");
    T_EQ_STR(err.msg,
             "study small, of whose experiment is the claim \"It is so\", at character 10 of its rule: the "
             "runs of study small have no column \"x\"",
             "says whose it is");
    T_OK(err.line == 0 && strcmp(err.file, "n.md") == 0, "and in which note");
    note_results_clear(&result);
    er_note_free(note);
}

static const char *const three =
    FENCE "claims:\n"
          "  - {claim: 'a < b', rule: test_error where corrupt = 0.5 is at least 0, "
          "expected: '> 0', source: A & B}\n"
          "  - {claim: b, rule: count is 3}\n"
          "  - {claim: c, rule: test_error where corrupt = 0.25 is 0}\n```\n";

static void page(void)
{
    struct er_note *note = note_read(three, "n.md");
    struct er_note_result result = note_results("epochs", 3);
    char *html = note_page(note, &result, ER_E_INPUT);
    T_OK(strstr(html, "<ul class=\"claims\" aria-label=\"Claims\">\n<li data-verdict=\"pass\"><p><strong "
                      "class=\"verdict\">PASS</strong> a &lt; b</p><dl><dt>measured</dt><dd>"),
         "a claim that came out");
    T_OK(strstr(html, "<dt>rule</dt><dd><code>test_error where corrupt = 0.5 is at least 0</code></dd>"
                      "<dt>expected</dt><dd>&gt; 0</dd><dt>source</dt><dd>A &amp; B</dd></dl></li>"),
         "its rule, what was expected, and by whom");
    T_OK(strstr(html, "<li data-verdict=\"fail\"><p><strong class=\"verdict\">FAIL</strong> "
                      "b</p><dl><dt>measured</dt><dd>4; 2 seeds</dd><dt>rule</dt>"),
         "one that did not");
    T_OK(strstr(html, "<li data-verdict=\"none\"><p><strong class=\"verdict\">NOT JUDGED</strong> c</p>"
                      "<p class=\"study-error\" role=\"alert\">n.md:12:49: "),
         "one that cannot be judged");
    T_EQ_INT(note_count(html, "data-verdict=\"pass\""), 1, "one passes");
    er_free(html);
    result.provenance.present = 3;
    html = note_page(note, &result, ER_OK);
    T_EQ_INT(note_count(html, "data-verdict=\"none\""), 3, "nothing is judged while a run is missing");
    er_free(html);
    note_results_clear(&result);
    er_note_free(note);
    note = note_read(NOTE_STUDY("small"), "n.md");
    result = note_results("epochs", 3);
    html = note_page(note, &result, ER_OK);
    T_EQ_INT(note_count(html, "<ul class=\"claims\""), 0, "no claims, no list");
    er_free(html);
    note_results_clear(&result);
    er_note_free(note);
}

struct heard {
    int verdicts, errors;
};

static void hear(void *ctx, const struct er_claim *claim, const struct er_note_verdict *verdict,
                 const struct er_error *error)
{
    struct heard *heard = ctx;
    heard->verdicts += verdict != NULL;
    heard->errors += !verdict && claim->claim[0] == 'c' && error->code == ER_E_INPUT;
}

static void rows(void)
{
    struct er_error err;
    struct er_note *note = note_read(three, "n.md");
    struct er_note_result result = note_results("epochs", 3);
    struct heard heard = {0};
    const struct er_verdict_listener listener = {hear, &heard};
    json_t *list = json_array();
    T_STATUS(er_verdict_rows(note, 0, &result, 1.5, list, &listener, &err), ER_OK, "rows");
    T_EQ_INT(heard.verdicts, 2, "verdicts are heard of");
    T_EQ_INT(heard.errors, 1, "and errors");
    T_EQ_INT(json_array_size(list), 3, "a row for each claim");
    static const char *const key[] = {"id",       "claim", "rule",    "expected", "value",
                                      "interval", "seeds", "verdict", "close",    "seconds"};
    const json_t *row = json_array_get(list, 0);
    T_EQ_INT(json_object_size(row), 10, "ten keys");
    for (size_t i = 0; i < 10; i++) T_OK(json_object_get(row, key[i]), "%s", key[i]);
    T_EQ_STR(json_string_value(json_object_get(row, "id")), "small-1", "id");
    T_EQ_STR(json_string_value(json_object_get(row, "verdict")), "PASS", "verdict");
    T_CLOSE(json_number_value(json_object_get(row, "value")), mean_of(&result, 0.5), 1e-15, "value");
    T_EQ_INT(json_array_size(json_object_get(row, "interval")), 2, "interval");
    T_CLOSE(json_number_value(json_object_get(row, "seconds")), 1.5, 0, "seconds");
    row = json_array_get(list, 1);
    T_OK(json_is_null(json_object_get(row, "expected")), "nothing was expected");
    T_OK(json_is_null(json_object_get(row, "interval")), "a count has no interval");
    row = json_array_get(list, 2);
    T_EQ_STR(json_string_value(json_object_get(row, "verdict")), "NONE", "not judged");
    T_OK(json_is_null(json_object_get(row, "value")), "so there is no value");
    T_EQ_INT(json_integer_value(json_object_get(row, "seeds")), 0, "and no seed");

    struct er_buffer markdown = {0};
    er_verdict_markdown(list, 1, 2, &markdown);
    T_EQ_STR(markdown.data,
             "| claim | rule | expected | measured, 95 % interval | seeds | verdict | seconds |\n"
             "|:--|:--|:--|:--|--:|:--|--:|\n"
             "| b | `count is 3` |  | 4 | 2 | FAIL | 1.5 |\n",
             "as Markdown");
    er_buffer_clear(&markdown);
    er_verdict_markdown(list, 0, 1, &markdown);
    T_OK(strstr(markdown.data, "| a \\< b | `test_error where corrupt = 0.5 is at least 0` | \\> 0 | "),
         "signs of Markdown are none: %s", markdown.data);
    er_buffer_clear(&markdown);
    json_decref(list);
    note_results_clear(&result);
    er_note_free(note);
}

static void clauses(void)
{
    struct er_error err;
    struct er_note *note =
        note_read(CLAIM("test_error where corrupt = 0 is at least 0 and count is 4"), "n.md");
    struct er_note_result result = note_results("epochs", 3);
    json_t *list = json_array();
    T_STATUS(er_verdict_rows(note, 0, &result, (double)NAN, list, NULL, &err), ER_OK,
             "a rule of two clauses");
    const json_t *row = json_array_get(list, 0), *value = json_object_get(row, "value"),
                 *interval = json_object_get(row, "interval");
    T_EQ_INT(json_array_size(value), 2, "two values");
    T_EQ_INT(json_array_size(json_array_get(interval, 0)), 2, "an interval of the first");
    T_OK(json_is_null(json_array_get(interval, 1)), "none of the second");
    T_OK(json_is_null(json_object_get(row, "seconds")), "seconds are not known");
    json_decref(list);
    note_results_clear(&result);
    er_note_free(note);
}

int main(void)
{
    places();
    judged();
    defaults();
    page();
    rows();
    clauses();
    return t_done();
}
