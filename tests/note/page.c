/* Notes as a whole: titles, errors with their place, and the page: a golden one, hostile ones, large ones. */
#include "t.h"

#include "core/buffer.h"
#include "core/file.h"
#include "note/assets.h"
#include "note/section.h"
#include "support/tables.h"

#include <ermine/hash.h>
#include <ermine/note.h>
#include <ermine/version.h>
#include <sodium.h>

#define STUDY(name)                                                                                          \
    "```ermine\n"                                                                                            \
    "study: " name "\n"                                                                                      \
    "data: {name: two-spirals, train: 100, test: 50, labels: {corrupt: [0, 0.5]}}\n"                         \
    "model: [dense 8, relu, dense]\n"                                                                        \
    "train: {epochs: 3}\n"                                                                                   \
    "seeds: 2\n"                                                                                             \
    "figures:\n"                                                                                             \
    "  - {mark: line, x: epoch, y: train_loss, colour: data.labels.corrupt}\n"                               \
    "  - {mark: bar, x: outcome, y: test_error, title: Why it stopped}\n"                                    \
    "```\n"

static const char golden_note[] =
    "---\ntitle: A small note\n---\n\n# Small\n\nBefore $x < y$.\n\n" STUDY("small") "\nAfter.\n";

static struct er_note *parse(const char *text, const char *file)
{
    struct er_error err = {0};
    struct er_note *note = NULL;
    T_STATUS(er_note_parse(text, strlen(text), file, &note, &err), ER_OK, "%.30s", text);
    return note;
}

/* Results as a store would give them, small and round. */
static struct er_note_result result_of(const char *outcome, int epochs)
{
    static const struct er_table_column run[] = {{"data.labels.corrupt", "", true, false, true},
                                                 {"seed", "", true, false, true},
                                                 {"outcome", "", false, false, false},
                                                 {"test_error", "", true, false, false}};
    static const struct er_table_column curve[] = {{"data.labels.corrupt", "", true, false, true},
                                                   {"seed", "", true, false, true},
                                                   {"epoch", "epochs", true, false, false},
                                                   {"train_loss", "", true, true, false}};
    struct er_note_result result = {.runs = table_make(run, 4, 4),
                                    .curves = table_make(curve, 4, (int64_t)4 * epochs)};
    for (int64_t i = 0; i < 4; i++) {
        const int64_t half = i / 2;
        table_number(&result.runs, i, "data.labels.corrupt", 0.5 * (double)half);
        table_number(&result.runs, i, "seed", (double)(i % 2));
        table_word(&result.runs, i, "outcome", outcome);
        table_number(&result.runs, i, "test_error", 0.125 * (double)(i + 1));
        for (int64_t e = 0; e < epochs; e++) {
            table_number(&result.curves, i * epochs + e, "data.labels.corrupt", 0.5 * (double)half);
            table_number(&result.curves, i * epochs + e, "seed", (double)(i % 2));
            table_number(&result.curves, i * epochs + e, "epoch", (double)e);
            table_number(&result.curves, i * epochs + e, "train_loss",
                         (1 + 0.5 * (double)(i % 2)) / (double)(e + 1));
        }
    }
    result.provenance = (struct er_provenance){.runs = 4,
                                               .present = 4,
                                               .computed_from = "2024-05-01T10:00:00Z",
                                               .computed_to = "2024-05-01T10:00:02Z",
                                               .seconds = 2.5,
                                               .machine = "2 x a processor, <avx2>",
                                               .version = "0.0.0",
                                               .checksum = "0123456789abcdef",
                                               .data_sets = 1};
    return result;
}

static void clear_result(struct er_note_result *result)
{
    er_table_clear(&result->runs);
    er_table_clear(&result->curves);
}

static char *page_of(const struct er_note *note, const struct er_note_result *result, enum er_status want)
{
    struct er_error err = {0};
    char *html = NULL;
    T_STATUS(er_note_page(note, result, &html, &err), want, "page");
    T_OK(html, "the page is there");
    return html;
}

static int64_t count(const char *text, const char *word)
{
    int64_t n = 0;
    for (const char *at = text; (at = strstr(at, word)); at += strlen(word)) n++;
    return n;
}

/* Replaces what lies between the first `begin` and the `end` after it by `word`. */
static void blank_out(struct er_buffer *page, const char *begin, const char *end, const char *word)
{
    const char *from = strstr(page->data, begin);
    const char *to = from ? strstr(from + strlen(begin), end) : NULL;
    struct er_buffer made = {0};
    T_OK(to, "%s is on the page", begin);
    if (!to) return;
    er_buffer_add(&made, page->data, (size_t)(from - page->data) + strlen(begin));
    er_buffer_text(&made, word);
    er_buffer_text(&made, to);
    er_buffer_clear(page);
    *page = made;
}

static void golden(void)
{
    struct er_error err = {0};
    struct er_note *note = parse(golden_note, "notes/small.md");
    struct er_note_result result = result_of("epochs", 3);
    char *html = page_of(note, &result, ER_OK), *again = page_of(note, &result, ER_OK);
    T_EQ_STR(html, again, "the same results, the same bytes");
    er_free(again);

    struct er_buffer page = {0};
    er_buffer_text(&page, html);
    blank_out(&page, "'sha256-", "'", "HASH");
    blank_out(&page, "content=\"ermine ", "\"", "VERSION");
    blank_out(&page, "<style>", "</style>", "CSS");
    blank_out(&page, "</main><script>", "</script>", "JS");
    char *want = NULL;
    size_t n = 0;
    T_STATUS(er_file_read("note/golden/small.html", 1 << 20, &want, &n, &err), ER_OK, "the golden page");
    T_EQ_STR(page.data, want ? want : "", "the page is note/golden/small.html");
    er_free(want);
    er_buffer_clear(&page);

    const char *hash = strstr(html, "'sha256-") + strlen("'sha256-"),
               *script = strstr(html, "</main><script>");
    script += strlen("</main><script>");
    const char *end = strstr(script, "</script>");
    unsigned char bytes[32];
    size_t length = 0;
    char hex[ER_SHA256_HEX], stated[ER_SHA256_HEX];
    T_EQ_INT(
        sodium_base642bin(bytes, sizeof bytes, hash, 44, NULL, &length, NULL, sodium_base64_VARIANT_ORIGINAL),
        0, "the policy's hash is base64");
    er_sha256(script, (size_t)(end - script), hex);
    sodium_bin2hex(stated, sizeof stated, bytes, length);
    T_EQ_STR(stated, hex, "the policy names the script that is there");
    er_free(html);
    clear_result(&result);
    er_note_free(note);
}

static void assets(void)
{
    T_EQ_INT(er_page_js_end[0], 0, "the script ends in a NUL");
    T_EQ_INT(strlen(er_page_js), er_page_js_end - er_page_js, "and holds none");
    T_EQ_INT(strlen(er_page_css), er_page_css_end - er_page_css, "nor does the style");
    T_OK(!strstr(er_page_js, "</script") && !strstr(er_page_js, "<!--"),
         "the script does not end its element");
    T_OK(!strstr(er_page_css, "</style"), "nor does the style");
}

static void titles(void)
{
    static const struct {
        const char *text, *file, *title;
    } note[] = {
        {"---\ntitle: T & t\n---\n# H\n", "a.md", "T & t"},
        {"## no\n\n# The *first* `one` &amp; <b>\n# second\n", "a.md", "The first one & <b>"},
        {"text\n", "some/where/a.md", "a.md"},
        {"study: s\ndata: {name: two-spirals, train: 10, test: 5}\nmodel: [dense]\ntrain: {epochs: 1}\n",
         "x/b.yaml", "s"},
        {"study: s\ntitle: Two & two\ndata: {name: two-spirals, train: 10, test: 5}\nmodel: [dense]\n"
         "train: {epochs: 1}\n",
         "x/b.yaml", "Two & two"},
        {"study: [\n", "x/b.YML", "b.YML"},
    };
    for (size_t i = 0; i < sizeof note / sizeof *note; i++) {
        struct er_note *read = parse(note[i].text, note[i].file);
        if (!read) continue;
        T_EQ_STR(er_note_title(read), note[i].title, "title of %s", note[i].text);
        er_note_free(read);
    }
}

static void places(void)
{
    struct er_error err = {0};
    struct er_note *note =
        parse("\xef\xbb\xbf---\r\na: b\r\n---\r\n\r\n- item\r\n\r\n  ```ermine\r\n  study: x\r\n"
              "  nonsense: 3\r\n  ```\r\n\n" STUDY("good"),
              "n.md");
    T_EQ_INT(er_note_studies(note), 2, "both are studies");
    T_OK(!er_note_study(note, 0, &err), "the first is in error");
    T_EQ_INT(err.line, 9, "its line in the note: %s", err.msg);
    T_EQ_INT(err.column, 3, "its column in the note");
    T_EQ_STR(err.file, "n.md", "its file");
    T_OK(er_note_study(note, 1, &err), "the second is not");

    struct er_note_result result[2] = {{.error = {0}}, result_of("epochs", 3)};
    result[1].provenance.present = 3;
    char *html = page_of(note, result, ER_OK);
    T_OK(strstr(html, "<p class=\"study-error\" role=\"alert\">n.md:9:3: "), "the error is on the page");
    T_OK(strstr(html, "id=\"study-in-error\" data-status=\"failed\""), "a study in error");
    T_OK(strstr(html, "id=\"study-good\" data-status=\"partial\""), "a study with 3 of 4 runs");
    T_OK(strstr(html, "<dt>runs</dt><dd>3 of 4</dd>"), "says so");
    er_free(html);

    er_fail_at(&result[1].error, ER_E_NOT_FOUND, "d.md", 0, 0, "no data <set>");
    html = page_of(note, result, ER_OK);
    T_OK(strstr(html, "role=\"alert\">d.md: no data &lt;set&gt;</p>"), "why a study failed");
    T_EQ_INT(count(html, "data-status=\"failed\""), 2, "both failed");
    er_free(html);
    result[1].error = (struct er_error){0};

    clear_result(&result[1]);
    html = page_of(note, result, ER_E_INPUT);
    T_OK(strstr(html, "<p class=\"study-error\" role=\"alert\">n.md:"),
         "a figure that cannot be drawn says why");
    T_OK(strstr(html, "</body></html>"), "on a complete page");
    er_free(html);
    er_note_free(note);
}

static void refusals(void)
{
    struct er_error err = {0};
    struct er_note *note = NULL;
    static const char twice[] = "a\n\n" STUDY("one") "\n> "
                                                     "b\n\n" STUDY("one");
    T_STATUS(er_note_parse(twice, strlen(twice), "n.md", &note, &err), ER_E_INPUT, "two studies of one name");
    T_EQ_STR(err.msg, "two studies are called \"one\": on lines 4 and 17", "both lines");
    T_EQ_INT(err.line, 17, "at the second");
    T_STATUS(er_note_parse("a\n\xff", 3, "n.md", &note, &err), ER_E_INPUT, "not UTF-8");
    T_EQ_INT(err.line, 2, "where");
    char *large = er_alloc(ER_NOTE_MAX_BYTES + 1, 1);
    T_STATUS(er_note_parse(large, ER_NOTE_MAX_BYTES + 1, "n.md", &note, &err), ER_E_LIMIT, "too long");
    er_free(large);
    struct er_buffer many = {0};
    for (int i = 0; i <= ER_NOTE_MAX_STUDIES; i++) er_buffer_text(&many, "```ermine\n```\n");
    T_STATUS(er_note_parse(many.data, many.length, "n.md", &note, &err), ER_E_LIMIT, "too many studies");
    T_OK(err.line > 2 * ER_NOTE_MAX_STUDIES - 2, "at line %d", (int)err.line);
    er_buffer_clear(&many);
    T_OK(!note, "no note on failure");
}

/* A study's title is above its figures, and once on the page. */
static void study_titles(void)
{
    static const char whole[] = "study: s\ntitle: A < B\ndata: {name: two-spirals}\nmodel: [dense]\ntrain: "
                                "{}\nfigures: [{x: epoch, y: train_loss}]\n";
    char text[512];
    snprintf(text, sizeof text, "# Note\n\n```ermine\n%s```\n", whole);
    struct er_note_result result = result_of("epochs", 3);
    struct er_note *note = parse(text, "n.md");
    char *html = page_of(note, &result, ER_OK);
    T_OK(strstr(html, "data-status=\"done\">\n<h3>A &lt; B</h3>\n<figure"), "in a note");
    er_free(html);
    er_note_free(note);
    note = parse(whole, "n.yaml");
    html = page_of(note, &result, ER_OK);
    T_OK(strstr(html, "<h1>A &lt; B</h1>") && !strstr(html, "<h3>"), "of a note that is a study");
    er_free(html);
    er_note_free(note);
    clear_result(&result);
}

/* The page says how many runs diverged, with the first's cause; and which files were read, or what was made.
 */
static void provenance(void)
{
    static const char read[] =
        "study: s\ndata: {name: mnist}\nmodel: [dense]\ntrain: {}\nfigures: [{x: epoch, y: train_loss}]\n";
    struct er_note *note = parse(golden_note, "n.md");
    struct er_note_result result = result_of("diverged", 3);
    table_word(&result.runs, 2, "outcome", "epochs");
    char *html = page_of(note, &result, ER_OK);
    T_OK(strstr(html, "<dt>diverged</dt><dd>3</dd>"), "without a cause");
    er_free(html);
    clear_result(&result);
    result = result_of("diverged", 3);
    result.runs.column[3].name = "note";
    result.runs.column[3].numeric = false;
    table_word(&result.runs, 0, "note", "step 3: a loss > 1e30");
    result.provenance.data_sets = 4;
    html = page_of(note, &result, ER_E_INPUT);
    T_OK(strstr(html, "<dt>diverged</dt><dd>4 (the first: step 3: a loss &gt; 1e30)</dd>"), "with the cause");
    T_OK(strstr(html, "<dt>data</dt><dd>made by two-spirals (the first of 4 data sets)</dd>"), "generators");
    er_free(html);
    er_note_free(note);
    clear_result(&result);
    note = parse(read, "n.yaml");
    result = result_of("epochs", 3);
    html = page_of(note, &result, ER_OK);
    T_OK(strstr(html, "<dt>data (SHA-256)</dt><dd><code>0123456789abcdef</code></dd>"), "files");
    T_OK(!strstr(html, "<dt>diverged</dt>"), "none diverged");
    er_free(html);
    clear_result(&result);
    er_note_free(note);
}

static void hostile(void)
{
    struct er_note *note =
        parse("---\ntitle: </title><script>a()</script>\n---\n<script>b()</script>\n\n# x\" onload=\"c()\n\n"
              "# small-1\n\n" STUDY("small") "\n[a](javascript:d()) <img src=x onerror=e()>\n",
              "<n>.md");
    struct er_note_result result = result_of("</script><script>f()</script>\xff\"'", 3);
    char *html = page_of(note, &result, ER_OK), *prose = strstr(html, "<main");
    T_OK(strstr(html, "<title>&lt;/title&gt;&lt;script&gt;a()"), "the title is text");
    T_EQ_INT(count(prose, "<script"), 3, "two specifications and the page's script");
    char *body = strstr(prose, "</main>");
    *body = '\0';
    T_EQ_INT(count(prose, "</script>"), 2, "each ended once");
    T_OK(strstr(prose, "\\u003c/script>"), "what a specification says of scripts is data");
    T_OK(!strstr(prose, "<img") && !strstr(prose, "href=\"javascript"),
         "no element, no address of the author's making");
    T_OK(!strstr(prose, "\xff"), "bytes that are not UTF-8 do not come through");
    T_OK(strstr(prose, "<h1 id=\"small-1\">") && strstr(prose, "id=\"small-1-1\""), "an id is given once");
    er_free(html);
    clear_result(&result);
    er_note_free(note);

    note = parse("---\ntitle: Lecture 3: <nets>\n---\ntext\n", "n.md");
    html = page_of(note, NULL, ER_OK);
    T_OK(strstr(html, "metadata not understood: line 2: "), "front matter in error is said");
    T_OK(strstr(html, "<code class=\"language-yaml\">title: Lecture 3: &lt;nets&gt;\n</code>"), "and shown");
    er_free(html);
    er_note_free(note);
}

static void large(void)
{
    enum { EPOCHS = 5000 };
    struct er_note *note = parse(golden_note, "n.md");
    struct er_note_result result = result_of("epochs", EPOCHS);
    char *html = page_of(note, &result, ER_OK);
    T_OK(strlen(html) < 5u << 20, "%zu bytes", strlen(html));
    T_OK(strstr(html,
                "<p class=\"thinned\">200 of 10000 rows: ends and extremes, and others between them. Every "
                "run's numbers: <code>ermine show n.md --curves --csv</code></p>"),
         "the table says that it is thinned, and where all is");
    const char *link = strstr(html, "CSV (");
    T_OK(link && strstr(link, " of 10000 rows)</a>"), "so does the CSV");
    const char *csv = strstr(html, "utf-8,") + strlen("utf-8,");
    const size_t bytes = strcspn(csv, "\""), most = ER_PAGE_FIGURE_MOST / 10 * 3;
    T_OK(bytes > most / 2 && bytes <= most, "%zu bytes of CSV", bytes);
    er_free(html);
    clear_result(&result);
    er_note_free(note);
}

static enum er_status make(struct er_note **note)
{
    return er_note_parse(golden_note, strlen(golden_note), "n.md", note, NULL);
}

int main(void)
{
    golden();
    assets();
    titles();
    places();
    refusals();
    study_titles();
    provenance();
    hostile();
    large();
    struct er_note *note = NULL;
    T_ALLOCATIONS(make(&note), er_note_free(note), "a note survives every failed allocation");
    note = parse(golden_note, "n.md");
    struct er_note_result result = result_of("epochs", 3);
    char *html = NULL;
    T_ALLOCATIONS(er_note_page(note, &result, &html, NULL), er_free(html),
                  "a page survives every failed allocation");
    clear_result(&result);
    er_note_free(note);
    return t_done();
}
