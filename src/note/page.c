/* page.c - the page: one HTML file, in the form of web/README.md ("The page contract").
 *
 * Its policy lets one script run, the one whose SHA-256 it names; nothing is fetched but pictures of the
 * prose from elsewhere (those beside the note are in the page), and, where it is live, news from its own
 * server. A reader without scripts sees the note's text and, below it, the studies.
 */
#include "note/assets.h"
#include "note/html.h"
#include "note/memory.h"
#include "note/page_data.h"
#include "note/section.h"
#include "note/whole.h"

#include <ermine/version.h>
#include <inttypes.h>
#include <sodium.h>
#include <string.h>

/* In a book every page has the book's contents beside it, whatever the chapter's note asks for. */
static const char *view_name(const struct er_note *note, const struct er_page_options *options)
{
    static const char *const name[] = {"document", "slides", "book"};
    return name[options->book ? ER_NOTE_BOOK : note->front.view];
}

static void write_policy(struct er_buffer *html, const struct er_page_options *options)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    char base64[sodium_base64_ENCODED_LEN(sizeof hash, sodium_base64_VARIANT_ORIGINAL)];
    crypto_hash_sha256(hash, (const unsigned char *)er_page_js,
                       (unsigned long long)(er_page_js_end - er_page_js));
    sodium_bin2base64(base64, sizeof base64, hash, sizeof hash, sodium_base64_VARIANT_ORIGINAL);
    er_buffer_format(
        html,
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src "
        "'sha256-%s'; style-src 'unsafe-inline'; img-src data: https: http:; font-src data:%s; base-uri "
        "'none'; form-action 'none'\">\n",
        base64, options->live ? "; connect-src 'self'" : "");
}

/* Nothing when the note's head doesn't say. */
static void write_meta(struct er_buffer *html, const char *name, const char *content)
{
    if (!content) return;
    er_buffer_format(html, "<meta name=\"%s\" content=\"", name);
    er_html_string(html, content);
    er_buffer_text(html, "\">");
}

static void write_head(struct er_buffer *html, const struct er_note *note,
                       const struct er_page_options *options)
{
    er_buffer_text(html, "<!doctype html><html lang=\"");
    er_html_string(html, note->front.lang ? note->front.lang : "en");
    er_buffer_format(html, "\" data-view=\"%s\"", view_name(note, options));
    if (options->live) er_buffer_format(html, " data-live=\"%" PRId64 "\"", options->live);
    er_buffer_text(html, "><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
                         "content=\"width=device-width, initial-scale=1\">\n");
    write_policy(html, options);
    er_buffer_text(html, "<title>");
    er_html_string(html, note->title);
    er_buffer_format(html, "</title><meta name=\"generator\" content=\"ermine %s\">", er_version());
    write_meta(html, "description", note->front.description);
    write_meta(html, "robots", note->front.robots);
    if (!options->bare) {
        er_buffer_text(html, "<style>");
        er_buffer_add(html, er_page_css, (size_t)(er_page_css_end - er_page_css));
        er_buffer_text(html, "</style>");
    }
    er_buffer_text(html, "</head><body>\n");
}

/* HTML drops the newline behind the start tag, so that the note may begin with one of its own. */
static void write_source(struct er_buffer *html, const struct er_note *note)
{
    er_buffer_text(html, "<noscript><style>.source,.studies{display:block}</style></noscript>\n"
                         "<main class=\"note\"></main>\n<pre class=\"source\">\n");
    if (note->whole) {
        struct er_buffer markdown = {0};
        er_whole_markdown(note, &markdown);
        if (markdown.status == ER_OK)
            er_html_text(html, markdown.data, markdown.length);
        else
            html->status = markdown.status;
        er_buffer_clear(&markdown);
    } else {
        er_html_text(html, note->text, note->length);
    }
    er_buffer_text(html, "</pre>\n");
}

enum er_status er_note_page(const struct er_note *note, const struct er_note_result *result,
                            const struct er_page_options *options, char **html, struct er_error *err)
{
    static const struct er_page_options plain = {0};
    struct er_buffer page = {0};
    size_t share;
    enum er_status status = er_page_share(note, result, &share, err);
    if (status != ER_OK) return status;
    if (!options) options = &plain;
    struct er_problems problems = {.options = options};
    write_head(&page, note, options);
    write_source(&page, note);
    er_buffer_text(&page, "<div class=\"studies\">\n");
    for (int64_t i = 0; i < note->fences.blocks && status == ER_OK; i++)
        status = er_section_write(note, i, &result[i], share, &page, &problems, err);
    er_buffer_text(&page, "</div>\n<script type=\"application/json\" class=\"page\">");
    if (status == ER_OK) status = er_page_data_write(note, result, &page, &problems, err);
    er_buffer_text(&page, "</script>\n");
    if (!options->bare) {
        er_buffer_text(&page, "<script>");
        er_buffer_add(&page, er_page_js, (size_t)(er_page_js_end - er_page_js));
        er_buffer_text(&page, "</script>");
    }
    er_buffer_text(&page, "</body></html>\n");
    if (status != ER_OK) {
        er_buffer_clear(&page);
        return status;
    }
    er_page_memory_turn(options->memory);
    status = er_buffer_take(&page, html, err);
    if (status != ER_OK || problems.first.code == ER_OK) return status;
    if (err) memcpy(err, &problems.first, sizeof *err);
    return ER_E_INPUT;
}
