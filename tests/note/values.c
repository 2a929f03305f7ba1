/* Quoted values on the page: in its data, as errors of the run, and asked for one by one. */
#include "t.h"

#include "core/buffer.h"
#include "support/signs.h"
#include "support/small_note.h"

#include <jansson.h>

static const char text[] =
    "# {{small: count}} runs\n\nAt 0 {{small:  test_error where\ncorrupt = 0}}, again\n"
    "{{small: test_error where corrupt = 0}}, {{small: test_eror}} and {{other: a}}.\n\n"
    "* `{{small: nothing}}` and {{small: test_eror}}\n\n" NOTE_STUDY("small");

/* The object "values" of a page. */
static json_t *values_of(const char *html)
{
    const char *begin = strstr(html, "class=\"page\">");
    const char *end = begin ? strstr(begin, "</script>") : NULL;
    T_OK(end, "the page has data");
    if (!end) return NULL;
    begin = strchr(begin, '>') + 1;
    json_error_t why;
    json_t *page = json_loadb(begin, (size_t)(end - begin), 0, &why);
    json_t *values = json_incref(json_object_get(page, "values"));
    T_OK(values, "which are JSON: %s", why.text);
    json_decref(page);
    return values;
}

static const char *member(const json_t *values, const char *key, const char *name)
{
    static char plain[1024];
    const char *value = json_string_value(json_object_get(json_object_get(values, key), name));
    return value ? signs_plain(value, plain, sizeof plain) : "";
}

static void hear(void *ctx, const struct er_error *error)
{
    char line[1024];
    er_buffer_format(ctx, "%s\n", er_error_text(error, line, sizeof line));
}

static void page(void)
{
    struct er_note *note = note_read(text, "n.md");
    struct er_note_result result = note_results("epochs", 3);
    struct er_buffer heard = {0};
    const struct er_page_options options = {.problem = hear, .ctx = &heard};
    struct er_error err = {0};
    char *html = NULL;
    T_STATUS(er_note_page(note, &result, &options, &html, &err), ER_E_INPUT, "two values are in error");
    T_EQ_STR(err.msg, "the runs of study small have no column \"test_eror\"; did you mean \"test_error\"?",
             "the first of them");
    T_EQ_STR(
        heard.data,
        "n.md:5:51: the runs of study small have no column \"test_eror\"; did you mean \"test_error\"?\n"
        "n.md:5:69: no study \"other\"\n"
        "n.md:7:37: the runs of study small have no column \"test_eror\"; did you mean \"test_error\"?\n",
        "each of them, where it stands");
    json_t *values = values_of(html);
    T_EQ_INT(json_object_size(values), 4, "a key for each text");
    T_EQ_STR(member(values, "small: count", "text"), "4", "a count");
    T_EQ_STR(member(values, "small: test_error where corrupt = 0", "text"), "18.8~+-~6.2~%", "a mean");
    T_EQ_STR(member(values, "small: test_error where corrupt = 0", "detail"),
             "mean of 2 runs: seeds 0, 1; standard error 6.2~%, standard deviation 8.8~%; column test_error, "
             "where "
             "data.labels.corrupt = 0",
             "where it is from");
    T_EQ_STR(member(values, "other: a", "error"), "n.md:5:69: no study \"other\"", "an error has its place");
    json_decref(values);
    er_free(html);
    er_buffer_clear(&heard);
    note_results_clear(&result);
    er_note_free(note);
}

static void one_by_one(void)
{
    struct er_note *note = note_read(text, "n.md");
    struct er_note_result result = note_results("epochs", 3);
    struct er_note_value value = {0};
    struct er_error err = {0};
    char plain[64];
    T_EQ_INT(er_note_quotes(note), 6, "quoted values");
    T_STATUS(er_note_quote(note, 1, &result, &value, &err), ER_OK, "the second");
    T_EQ_STR(signs_plain(value.text, plain, sizeof plain), "18.8~+-~6.2~%", "its text");
    er_note_value_clear(&value);
    T_STATUS(er_note_quote(note, 3, &result, &value, &err), ER_E_INPUT, "the fourth");
    T_EQ_INT(err.line, 5, "its line");
    T_STATUS(er_note_evaluate(note, "small: max test_error", &result, &value, &err), ER_OK, "another one");
    T_EQ_STR(signs_plain(value.text, plain, sizeof plain), "50~%", "its text");
    er_note_value_clear(&value);
    T_STATUS(er_note_evaluate(note, "small: max test_eror", &result, &value, &err), ER_E_INPUT,
             "a wrong one");
    T_EQ_INT(err.column, 12, "its column");
    result.provenance.present = 3;
    result.stale = "the data have changed since";
    T_STATUS(er_note_evaluate(note, "small: count", &result, &value, &err), ER_OK,
             "of a study that is not whole");
    T_EQ_STR(value.detail,
             "count of 4 runs; not computed yet: 1 of the study's 4 runs; the data have changed since",
             "says so");
    er_note_value_clear(&value);
    er_fail(&result.error, ER_E_IO, "no disk");
    T_STATUS(er_note_quote(note, 0, &result, &value, &err), ER_E_INPUT, "of a study that failed");
    T_EQ_STR(err.msg, "study small has no results: it failed", "says so");
    note_results_clear(&result);
    er_note_free(note);
}

static enum er_status write_page(const struct er_note *note, const struct er_note_result *result, char **html)
{
    return er_note_page(note, result, NULL, html, NULL);
}

int main(void)
{
    page();
    one_by_one();
    struct er_note *note =
        note_read("{{small: test_error where corrupt = 0}}\n\n" NOTE_STUDY("small"), "n.md");
    struct er_note_result result = note_results("epochs", 3);
    char *html = NULL;
    T_ALLOCATIONS(write_page(note, &result, &html), er_free(html), "a page survives every failed allocation");
    note_results_clear(&result);
    er_note_free(note);
    return t_done();
}
