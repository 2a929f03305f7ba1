/* The page as a whole: a golden one, its source, policy and data, hostile notes, large results. */
#include "t.h"

#include "core/buffer.h"
#include "core/file.h"
#include "note/assets.h"
#include "note/section.h"
#include "support/small_note.h"

#include <ermine/hash.h>
#include <ermine/note.h>
#include <ermine/version.h>
#include <jansson.h>
#include <sodium.h>

static const char golden_note[] =
    "---\ntitle: A small note\nlang: en-GB\n---\n\n# Small\n\nBefore $x < y$.\n\n" NOTE_STUDY(
        "small") "\nAfter.\n";

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

static const char script_tag[] = "</script>\n<script>";

static void golden(void)
{
    struct er_error err = {0};
    struct er_note *note = note_read(golden_note, "notes/small.md");
    struct er_note_result result = note_results("epochs", 3);
    char *html = note_page(note, &result, ER_OK), *again = note_page(note, &result, ER_OK);
    T_EQ_STR(html, again, "the same results, the same bytes");
    er_free(again);

    struct er_buffer page = {0};
    er_buffer_text(&page, html);
    blank_out(&page, "'sha256-", "'", "HASH");
    blank_out(&page, "content=\"ermine ", "\"", "VERSION");
    blank_out(&page, "<style>", "</style>", "CSS");
    blank_out(&page, "\"version\":\"", "\"", "VERSION");
    blank_out(&page, "<dt>instruction set</dt><dd>", "</dd>", "ISA");
    blank_out(&page, script_tag, "</script>", "JS");
    char *want = NULL;
    size_t n = 0;
    T_STATUS(er_file_read("note/golden/small.html", 1 << 20, &want, &n, &err), ER_OK, "the golden page");
    T_EQ_STR(page.data, want ? want : "", "the page is note/golden/small.html");
    er_free(want);
    er_buffer_clear(&page);

    const char *hash = strstr(html, "'sha256-") + strlen("'sha256-"),
               *script = strstr(html, script_tag) + strlen(script_tag);
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
    note_results_clear(&result);
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

/* The source is on the page to the byte, front matter included, and the browser gets it back from the element. */
static void source(void)
{
    struct er_note *note = note_read("\n\n<b>&amp;</b> \"'\r\n</pre><script>a()</script>\n\ttab", "n.md");
    char *html = note_page(note, NULL, ER_OK);
    T_OK(strstr(html, "<pre class=\"source\">\n\n\n&lt;b&gt;&amp;amp;&lt;/b&gt; "
                      "&quot;&#39;\n&lt;/pre&gt;&lt;script&gt;a()"
                      "&lt;/script&gt;\n\ttab</pre>\n<div class=\"studies\">\n</div>\n"),
         "escaped, behind the newline that HTML drops; no studies");
    er_free(html);
    er_note_free(note);
}

/* What the html element and the policy say. */
static void options(void)
{
    struct er_note *note = note_read("---\ntype: slide\nlang: de\n---\n" NOTE_STUDY("small"), "n.md");
    struct er_note_result result = note_results("epochs", 3);
    char *html = note_page(note, &result, ER_OK);
    T_OK(strstr(html, "<!doctype html><html lang=\"de\" data-view=\"slides\"><head>"), "language and view");
    T_OK(strstr(html, "font-src data:; base-uri 'none'; form-action 'none'\">"), "a page asks for nothing");
    T_OK(strstr(html, "data-line=\"5\""), "lines count front matter");
    er_free(html);

    const struct er_page_options live = {.live = 17}, bare = {.live = 17, .bare = true};
    html = note_page_with(note, &result, &live, ER_OK);
    T_OK(strstr(html, "data-view=\"slides\" data-live=\"17\"><head>"), "a live page");
    T_OK(strstr(html, "font-src data:; connect-src 'self'; base-uri 'none'"), "asks its server alone");
    char *few = note_page_with(note, &result, &bare, ER_OK);
    T_EQ_INT(strlen(html) - strlen(few),
             (er_page_js_end - er_page_js) + (er_page_css_end - er_page_css) +
                 (int64_t)strlen("<style></style><script></script>"),
             "a bare page lacks style and script, and nothing else");
    T_OK(!strstr(few, "<style>") || strstr(few, "<noscript><style>") + 10 == strstr(few, "<style>"),
         "but for what readers without scripts need");
    er_free(few);
    er_free(html);
    note_results_clear(&result);
    er_note_free(note);
}

/* What the head of the note says of it, escaped. */
static void about(void)
{
    struct er_note *note =
        note_read("---\ndescription: 'A \"b\"><script>'\nrobots: noindex, nofollow\n---\nx\n", "n.md");
    char *html = note_page(note, NULL, ER_OK);
    const char *said =
        strstr(html, "<meta name=\"description\" content=\"A &quot;b&quot;&gt;&lt;script&gt;\">"
                     "<meta name=\"robots\" content=\"noindex, nofollow\">");
    T_OK(said && said < strstr(html, "</head>"), "description and robots are in the head");
    er_free(html);
    er_note_free(note);
    note = note_read("x\n", "n.md");
    html = note_page(note, NULL, ER_OK);
    T_OK(!strstr(html, "<meta name=\"description\"") && !strstr(html, "<meta name=\"robots\""),
         "and not where the note says nothing");
    er_free(html);
    er_note_free(note);
}

static json_t *page_data(const char *html)
{
    static const char tag[] = "<script type=\"application/json\" class=\"page\">";
    const char *begin = strstr(html, tag), *end = begin ? strstr(begin, "</script>") : NULL;
    if (!T_OK(end, "page data")) return NULL;
    begin += strlen(tag);
    json_t *data = json_loadb(begin, (size_t)(end - begin), 0, NULL);
    T_OK(data, "is JSON");
    return data;
}

static void data(void)
{
    struct er_note *note = note_read("---\ntitle: \"</script><!-- \\\"x\"\n---\n", "some/where/\xff<n>.md");
    char *html = note_page(note, NULL, ER_OK);
    json_t *page = page_data(html);
    T_EQ_STR(json_string_value(json_object_get(page, "file")), "?<n>.md", "the file, without its folder");
    T_EQ_STR(json_string_value(json_object_get(page, "version")), er_version(), "the version");
    T_EQ_STR(json_string_value(json_object_get(page, "title")), "</script><!-- \"x", "the title");
    T_EQ_INT(json_object_size(json_object_get(page, "values")), 0, "no value is quoted");
    T_OK(json_is_null(json_object_get(page, "book")), "no book");
    json_decref(page);
    er_free(html);
    er_note_free(note);
}

/* A note that is a study: its Markdown is a heading and a fence that nothing in it closes. */
static void whole(void)
{
    static const char yaml[] = "study: s\ntitle: \"A *b* <c>\"\n# ``````\ndata: {name: two-spirals}\nmodel: "
                               "[dense]\nfigures: [{x: epoch, y: train_loss}]\ntrain: {}";
    struct er_note *note = note_read(yaml, "n.yaml");
    struct er_note_result result = note_results("epochs", 3);
    char *html = note_page(note, &result, ER_OK);
    T_OK(strstr(html, "<pre class=\"source\">\n# A \\*b\\* \\&lt;c\\&gt;\n\n```````ermine\nstudy: s\n"),
         "its source");
    T_OK(strstr(html, "\ntrain: {}\n```````\n</pre>"), "closed");
    T_OK(strstr(html, "id=\"study-s\" data-line=\"3\" data-status=\"stored\">\n<figure"),
         "no title of its own");
    T_EQ_INT(er_note_study_line(note, 0), 3, "the fence's line");
    er_free(html);
    note_results_clear(&result);
    er_note_free(note);
    note = note_read("study: [", "n.yml");
    html = note_page(note, &(struct er_note_result){0}, ER_OK);
    T_OK(strstr(html, "# n\\.yml\n\n```ermine\nstudy: [\n```\n"), "in error");
    T_OK(strstr(html,
                "id=\"study--line-3\" data-line=\"3\" data-status=\"failed\">\n<p class=\"study-error\" "
                "role=\"alert\">n.yml:"),
         "with the line of the file");
    er_free(html);
    er_note_free(note);
}

static void hostile(void)
{
    struct er_note *note =
        note_read("---\ntitle: </title><script>a()</script>\nlang: "
                  "en\n---\n<script>b()</script>\n\n# x\" onload=\"c()\n\n"
                  "</pre><img src=x onerror=e()>\n\n" NOTE_STUDY("small") "\n[a](javascript:d())\n",
                  "<n>.md");
    struct er_note_result result = note_results("</script><script>f()</script>\xff\"'", 3);
    char *html = note_page(note, &result, ER_OK), *body = strstr(html, "<body>");
    T_OK(strstr(html, "<title>&lt;/title&gt;&lt;script&gt;a()"), "the title is text");
    char *script = strstr(body, script_tag);
    T_OK(script, "the page's script");
    *script = '\0';
    T_EQ_INT(note_count(body, "<script"), 3, "before it two specifications and the data");
    T_EQ_INT(note_count(body, "</script>"), 2, "the specifications are ended once");
    T_EQ_INT(note_count(body, "</pre>"), 2, "the note's text and the study's, once each");
    T_OK(strstr(body, "\\u003c/script>"), "what a specification says of scripts is data");
    T_OK(!strstr(body, "<img") && !strstr(body, "<!--"), "no element of the author's making");
    T_OK(!strstr(body, "\xff"), "bytes that are not UTF-8 do not come through");
    er_free(html);
    er_note_free(note);
    note_results_clear(&result);

    note = note_read("---\ntitle: Lecture 3: <nets>\ntype: slide\n---\n# Heading\n", "n.md");
    html = note_page(note, NULL, ER_OK);
    T_OK(strstr(html, "data-view=\"document\"") && strstr(html, "<title>Heading</title>"),
         "front matter in error is none, and no error of the page: the script says what is wrong with it");
    T_OK(strstr(html, "title: Lecture 3: &lt;nets&gt;\n"), "its text is there");
    er_free(html);
    er_note_free(note);
}

static void large(void)
{
    enum { EPOCHS = 5000 };
    struct er_note *note = note_read(golden_note, "n.md");
    struct er_note_result result = note_results("epochs", EPOCHS);
    char *html = note_page(note, &result, ER_OK);
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
    note_results_clear(&result);
    er_note_free(note);
}

int main(void)
{
    golden();
    assets();
    source();
    options();
    about();
    data();
    whole();
    hostile();
    large();
    struct er_note *note = note_read(golden_note, "n.md");
    struct er_note_result result = note_results("epochs", 3);
    char *html = NULL;
    T_ALLOCATIONS(er_note_page(note, &result, NULL, &html, NULL), er_free(html),
                  "a page survives every failed allocation");
    note_results_clear(&result);
    er_note_free(note);
    note = note_read("study: s\ndata: {name: two-spirals}\nmodel: [dense]\ntrain: {}\nfigures: [{x: epoch, "
                     "y: train_loss}]\n",
                     "n.yaml");
    result = (struct er_note_result){0};
    T_ALLOCATIONS(er_note_page(note, &result, NULL, &html, NULL), er_free(html),
                  "so does that of a note that is a study");
    er_note_free(note);
    return t_done();
}
