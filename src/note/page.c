/* page.c - the page: one HTML file, in the form of web/README.md ("The page contract").
 *
 * Its policy lets one script run, the one whose SHA-256 it names; nothing is fetched but pictures of the
 * prose.
 */
#include "note/assets.h"
#include "note/html.h"
#include "note/section.h"

#include <ermine/memory.h>
#include <ermine/version.h>
#include <sodium.h>
#include <string.h>

static void write_head(struct er_buffer *html, const struct er_note *note)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    char base64[sodium_base64_ENCODED_LEN(sizeof hash, sodium_base64_VARIANT_ORIGINAL)];
    crypto_hash_sha256(hash, (const unsigned char *)er_page_js,
                       (unsigned long long)(er_page_js_end - er_page_js));
    sodium_bin2base64(base64, sizeof base64, hash, sizeof hash, sodium_base64_VARIANT_ORIGINAL);
    er_buffer_text(html,
                   "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
                   "content=\"width=device-width, initial-scale=1\">\n");
    er_buffer_format(
        html,
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src "
        "'sha256-%s'; style-src 'unsafe-inline'; img-src data: https: http:; font-src data:\">\n",
        base64);
    er_buffer_text(html, "<title>");
    er_html_string(html, note->title);
    er_buffer_format(html, "</title><meta name=\"generator\" content=\"ermine %s\"><style>", er_version());
    er_buffer_add(html, er_page_css, (size_t)(er_page_css_end - er_page_css));
    er_buffer_text(html, "</style></head><body>\n<main class=\"note\">\n");
}

/* Front matter that is not understood is shown, with why. */
static void write_front_matter(struct er_buffer *html, const struct er_note *note)
{
    const struct er_error *error = &note->front.error;
    if (error->code == ER_OK) return;
    er_buffer_format(html, "<p class=\"study-error\" role=\"alert\">metadata not understood: line %lld: ",
                     (long long)error->line);
    er_html_string(html, error->msg);
    if (error->code == ER_E_INPUT) er_buffer_text(html, " (a value with a colon in it needs quotes)");
    er_buffer_text(html, "</p>\n<pre><code class=\"language-yaml\">");
    er_html_text(html, note->text + note->front.begin, note->front.end - note->front.begin);
    er_buffer_text(html, "</code></pre>\n");
}

/* The title is on the page where the prose has no heading that says it. */
static void write_title(struct er_buffer *html, const struct er_note *note)
{
    if (note->prose.heading) return;
    er_buffer_text(html, "<h1>");
    er_html_string(html, note->title);
    er_buffer_text(html, "</h1>\n");
}

enum er_status er_note_page(const struct er_note *note, const struct er_note_result *result, char **html,
                            struct er_error *err)
{
    struct er_buffer page = {0};
    struct er_error figure_error = {0};
    size_t done = 0, share;
    enum er_status status = er_page_share(note, result, &share, err);
    if (status != ER_OK) return status;
    write_head(&page, note);
    write_front_matter(&page, note);
    write_title(&page, note);
    for (int64_t i = 0; i < note->prose.blocks; i++) {
        const size_t place = note->prose.block[i].html;
        er_buffer_add(&page, note->prose.html + done, place - done);
        done = place;
        status = er_section_write(note, i, &result[i], share, &page, &figure_error, err);
        if (status != ER_OK) {
            er_buffer_clear(&page);
            return status;
        }
    }
    er_buffer_add(&page, note->prose.html + done, note->prose.length - done);
    er_buffer_text(&page, "</main><script>");
    er_buffer_add(&page, er_page_js, (size_t)(er_page_js_end - er_page_js));
    er_buffer_text(&page, "</script></body></html>\n");
    status = er_buffer_take(&page, html, err);
    if (status != ER_OK || figure_error.code == ER_OK) return status;
    if (err) memcpy(err, &figure_error, sizeof *err);
    return ER_E_INPUT;
}
