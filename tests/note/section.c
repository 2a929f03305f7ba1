/* Studies on the page: their places, how they stand, their ids, how they were computed. */
#include "t.h"

#include "support/small_note.h"
#include "support/tables.h"

#include <ermine/note.h>

static void places(void)
{
    struct er_error err = {0};
    struct er_note *note =
        note_read("\xef\xbb\xbf---\r\na: b\r\n---\r\n\r\n- item\r\n\r\n  ```ermine\r\n  study: x\r\n"
                  "  nonsense: 3\r\n  ```\r\n\n" NOTE_STUDY("good"),
                  "n.md");
    T_EQ_INT(er_note_studies(note), 2, "both are studies");
    T_OK(!er_note_study(note, 0, &err), "the first is in error");
    T_EQ_INT(err.line, 9, "its line in the note: %s", err.msg);
    T_EQ_INT(err.column, 3, "its column in the note");
    T_EQ_STR(err.file, "n.md", "its file");
    T_OK(er_note_study(note, 1, &err), "the second is not");
    T_EQ_INT(er_note_study_line(note, 0), 7, "the first's fence");
    T_EQ_INT(er_note_study_line(note, 1), 12, "the second's");

    struct er_note_result result[2] = {{.error = {0}}, note_results("epochs", 3)};
    char *html = note_page(note, result, ER_OK);
    T_OK(strstr(html,
                "id=\"study--line-7\" data-line=\"7\" data-status=\"failed\">\n<p class=\"study-error\" "
                "role=\"alert\">n.md:9:3: "),
         "a study in error, its message in its place");
    T_OK(strstr(html, "id=\"study-good\" data-line=\"12\" data-status=\"stored\">\n<figure"),
         "the other is whole");
    er_free(html);

    note_results_clear(&result[1]);
    result[1].runs = table_make(&(struct er_table_column){"outcome", "", false, false, false}, 1, 0);
    html = note_page(note, result, ER_E_INPUT);
    T_OK(strstr(html, "<p class=\"study-error\" role=\"alert\" id=\"good-1\">n.md:19:"),
         "a figure that cannot be drawn says why in its place");
    T_EQ_INT(note_count(html, "class=\"study-error\""), 3, "so does the next");
    T_OK(strstr(html, "</body></html>"), "on a complete page");
    er_free(html);
    note_results_clear(&result[1]);
    er_note_free(note);
}

/* How a study stands, in the section and beside each figure. */
static void states(void)
{
    struct er_note *note = note_read(NOTE_STUDY("small"), "n.md");
    struct er_note_result result = note_results("epochs", 3);
    static const char where[] =
        " Finished 2024-05-01T10:00:00Z to 2024-05-01T10:00:02Z on 2 x a processor, &lt;avx2&gt;, by "
        "Ermine 0.0.0.</p></details>";
    static const struct {
        int64_t computed, present;
        const char *stale;
        enum er_status error;
        const char *state, *badge;
    } of[] = {
        {0, 4, NULL, ER_OK, "stored", "<summary>from the store</summary><p>4 runs, from the store."},
        {4, 4, NULL, ER_OK, "computed", "<summary>computed</summary><p>4 runs, computed for this page."},
        {1, 4, NULL, ER_OK, "computed",
         "<summary>computed</summary><p>4 runs, 1 computed for this page, 3 from the store."},
        {0, 3, NULL, ER_E_STOPPED, "partial",
         "<summary>partial: 3 of 4 runs</summary><p>Interrupted. 3 of 4 runs are there, from the store."},
        {0, 4, "The study has <changed>.", ER_OK, "stale",
         "<summary>stale</summary><p>The study has &lt;changed&gt;. 4 runs, from the store."},
        {0, 3, NULL, ER_E_FULL, "failed",
         "<summary>failed</summary><p>d.md: a &lt;disk&gt;. 3 of 4 runs are there, from the store."},
    };
    for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
        char section[96], badge[512];
        result.computed = of[i].computed;
        result.provenance.present = of[i].present;
        result.stale = of[i].stale;
        result.error = (struct er_error){0};
        if (of[i].error != ER_OK) er_fail_at(&result.error, of[i].error, "d.md", 0, 0, "a <disk>");
        snprintf(section, sizeof section, "data-line=\"1\" data-status=\"%s\">", of[i].state);
        snprintf(badge, sizeof badge, "<details class=\"badge\" data-status=\"%s\">%s%s", of[i].state,
                 of[i].badge, where);
        T_EQ_STR(er_note_state_name(er_note_state(note, 0, &result)), of[i].state, "the state");
        char *html = note_page(note, &result, ER_OK);
        T_OK(strstr(html, section), "the section is %s", of[i].state);
        T_EQ_INT(note_count(html, badge), 2, "the badge of both figures: %s", badge);
        T_EQ_INT(note_count(html, "role=\"alert\">d.md: a &lt;disk&gt;</p>"), of[i].error == ER_E_FULL,
                 "the message");
        T_EQ_INT(note_count(html, "<dt>runs</dt><dd>3 of 4</dd>"), of[i].present < 4,
                 "how many runs there are");
        er_free(html);
    }
    note_results_clear(&result);

    struct er_note_result none = {0};
    char *html = note_page(note, &none, ER_OK);
    T_OK(
        strstr(
            html,
            "data-status=\"partial\">\n<p class=\"study-pending\">Nothing is computed yet: 0 of 4 runs.</p>\n"
            "<details class=\"source-study\">"),
        "before the first run");
    er_free(html);
    er_fail_at(&none.error, ER_E_NOT_FOUND, "d.md", 0, 0, "no data <set>");
    html = note_page(note, &none, ER_OK);
    T_OK(
        strstr(
            html,
            "data-status=\"failed\">\n<p class=\"study-error\" role=\"alert\">d.md: no data &lt;set&gt;</p>\n"
            "<details class=\"source-study\">"),
        "a study that failed before its first run");
    T_EQ_INT(er_note_state(note, 0, &none), ER_NOTE_FAILED, "has failed");
    er_free(html);
    er_note_free(note);
}

/* An id is given once, whatever studies are called. */
static void ids(void)
{
    struct er_note *note = note_read(NOTE_STUDY("study-a") NOTE_STUDY("a-1") NOTE_STUDY("A.b_c")
                                         NOTE_STUDY("a") "```ermine\n```\n",
                                     "n.md");
    struct er_note_result result[5] = {note_results("x", 1), note_results("x", 1), note_results("x", 1),
                                       note_results("x", 1)};
    char *html = note_page(note, result, ER_OK);
    static const char *const once[] = {"study-study-a", "study-a-1-figure", "study-a-2", "study-a-1", "a-1-1",
                                       "a-1-2",         "study-A.b_c",      "A.b_c-1",   "study-a",   "a-1",
                                       "a-2",           "study--line-41"};
    for (size_t i = 0; i < sizeof once / sizeof *once; i++) {
        char id[64];
        snprintf(id, sizeof id, " id=\"%s\"", once[i]);
        T_EQ_INT(note_count(html, id), 1, "%s", id);
    }
    er_free(html);
    for (int i = 0; i < 5; i++) note_results_clear(&result[i]);
    er_note_free(note);
}

/* A study's title is above its figures. */
static void study_titles(void)
{
    struct er_note_result result = note_results("epochs", 3);
    struct er_note *note =
        note_read("# Note\n\n```ermine\nstudy: s\ntitle: A < B\ndata: {name: two-spirals}\nmodel: [dense]\n"
                  "train: {}\nfigures: [{x: epoch, y: train_loss}]\n```\n",
                  "n.md");
    char *html = note_page(note, &result, ER_OK);
    T_OK(strstr(html, "data-status=\"stored\">\n<h3>A &lt; B</h3>\n<figure"), "in a note");
    er_free(html);
    er_note_free(note);
    note_results_clear(&result);
}

/* Which seeds: a range, or one by one. */
static void seeds(void)
{
    static const struct {
        const char *seeds, *list;
    } of[] = {{"1", "<dt>seed</dt><dd>0</dd>"},
              {"2", "<dt>seeds</dt><dd>0, 1</dd>"},
              {"30", "<dt>seeds</dt><dd>0 to 29</dd>"},
              {"[7, 3]", "<dt>seeds</dt><dd>7, 3</dd>"},
              {"[1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25]",
               "<dt>seeds</dt><dd>1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, ... (13 seeds)</dd>"}};
    for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
        char text[256];
        snprintf(text, sizeof text,
                 "study: s\ndata: {name: two-spirals}\nmodel: [dense]\ntrain: {}\nfigures: [{x: epoch, y: "
                 "train_loss}]\nseeds: %s\n",
                 of[i].seeds);
        struct er_note *note = note_read(text, "n.yaml");
        struct er_note_result result = note_results("epochs", 3);
        char *html = note_page(note, &result, ER_OK);
        T_OK(strstr(html, of[i].list), "%s", of[i].list);
        T_OK(strstr(html, "<dt>arithmetic</dt><dd>train "), "the arithmetic's version");
        er_free(html);
        note_results_clear(&result);
        er_note_free(note);
    }
}

/* The page says how many runs diverged, with the first's cause; and which files were read, or what was made.
 */
static void provenance(void)
{
    static const char read[] =
        "study: s\ndata: {name: mnist}\nmodel: [dense]\ntrain: {}\nfigures: [{x: epoch, y: train_loss}]\n";
    struct er_note *note = note_read(NOTE_STUDY("small"), "n.md");
    struct er_note_result result = note_results("diverged", 3);
    table_word(&result.runs, 2, "outcome", "epochs");
    char *html = note_page(note, &result, ER_OK);
    T_OK(strstr(html, "<dt>diverged</dt><dd>3</dd>"), "without a cause");
    er_free(html);
    note_results_clear(&result);
    result = note_results("diverged", 3);
    result.runs.column[3].name = "note";
    result.runs.column[3].numeric = false;
    table_word(&result.runs, 0, "note", "step 3: a loss > 1e30");
    result.provenance.data_sets = 4;
    html = note_page(note, &result, ER_E_INPUT);
    T_OK(strstr(html, "<dt>diverged</dt><dd>4 (the first: step 3: a loss &gt; 1e30)</dd>"), "with the cause");
    T_OK(strstr(html, "<dt>data</dt><dd>made by two-spirals (the first of 4 data sets)</dd>"), "generators");
    er_free(html);
    er_note_free(note);
    note_results_clear(&result);
    note = note_read(read, "n.yaml");
    result = note_results("epochs", 3);
    html = note_page(note, &result, ER_OK);
    T_OK(strstr(html, "<dt>data</dt><dd>mnist</dd>\n<dt>SHA-256 of the "
                      "data</dt><dd><code>0123456789abcdef</code></dd>"),
         "files");
    T_OK(!strstr(html, "<dt>diverged</dt>"), "none diverged");
    er_free(html);
    note_results_clear(&result);
    er_note_free(note);
}

int main(void)
{
    places();
    states();
    ids();
    study_titles();
    provenance();
    seeds();
    return t_done();
}
