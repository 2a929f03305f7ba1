/* span.c - the inside of a paragraph, heading or table cell as HTML. */
#include "note/span.h"

#include "note/entity.h"
#include "note/html.h"
#include "note/link.h"

#include <string.h>

void er_spans_begin_paragraph(struct er_spans *spans)
{
    spans->paragraph = ER_PARAGRAPH_DUE;
}

void er_spans_end_paragraph(struct er_spans *spans)
{
    if (spans->paragraph == ER_PARAGRAPH_OPEN) er_buffer_text(spans->out, "</p>\n");
    spans->paragraph = ER_NO_PARAGRAPH;
}

void er_spans_settle(struct er_spans *spans)
{
    if (spans->due) er_buffer_text(spans->out, spans->due);
    spans->due = NULL;
}

static void need_paragraph(struct er_spans *spans)
{
    if (spans->paragraph == ER_PARAGRAPH_DUE) {
        er_buffer_text(spans->out, "<p>");
        spans->paragraph = ER_PARAGRAPH_OPEN;
    }
    er_spans_settle(spans);
}

static const char *bytes(const struct er_buffer *buffer)
{
    return buffer->data ? buffer->data : "";
}

/* Opens the strikethrough that waited for its first text. */
static void settle_tilde(struct er_spans *spans, bool subscript)
{
    if (!spans->tilde) return;
    spans->tilde = false;
    uint64_t bit = (uint64_t)1 << (spans->strikes & 63);
    spans->lowered = subscript ? spans->lowered | bit : spans->lowered & ~bit;
    spans->strikes++;
    er_buffer_text(spans->out, subscript ? "<sub>" : "<del>");
}

static void close_strike(struct er_spans *spans)
{
    settle_tilde(spans, false);
    spans->strikes--;
    bool subscript = spans->lowered >> (spans->strikes & 63) & 1;
    er_buffer_text(spans->out, subscript ? "</sub>" : "</del>");
}

/* An attribute of md4c with its references resolved, in spans->scratch. */
static void resolve(struct er_spans *spans, const MD_ATTRIBUTE *attribute)
{
    spans->scratch.length = 0;
    for (size_t i = 0; attribute->size > 0 && attribute->substr_offsets[i] < attribute->size; i++) {
        const char *text = attribute->text + attribute->substr_offsets[i];
        size_t n = attribute->substr_offsets[i + 1] - attribute->substr_offsets[i];
        if (attribute->substr_types[i] == MD_TEXT_ENTITY)
            er_entity_add(&spans->scratch, text, n);
        else
            er_buffer_add(&spans->scratch, text, n);
    }
}

static void add_title(struct er_spans *spans, const MD_ATTRIBUTE *title)
{
    if (title->size == 0) return;
    resolve(spans, title);
    er_buffer_text(spans->out, " title=\"");
    er_html_text(spans->out, spans->scratch.data, spans->scratch.length);
    er_buffer_char(spans->out, '"');
}

/* A link or image that is refused stays text, as it was written: "](address)" after its own text. */
static void refused(struct er_spans *spans)
{
    er_buffer_text(spans->out, "](");
    er_html_text(spans->out, bytes(&spans->scratch), spans->scratch.length);
    er_buffer_char(spans->out, ')');
}

static void open_link(struct er_spans *spans, const MD_SPAN_A_DETAIL *link)
{
    resolve(spans, &link->href);
    const char *address = bytes(&spans->scratch);
    const size_t n = spans->scratch.length;
    if (!er_link_allowed(address, n)) {
        er_buffer_char(spans->out, '[');
        return;
    }
    er_buffer_text(spans->out, "<a href=\"");
    er_html_address(spans->out, address, n);
    er_buffer_char(spans->out, '"');
    if (er_link_external(address, n)) er_buffer_text(spans->out, " rel=\"noopener noreferrer nofollow\"");
    add_title(spans, &link->title);
    er_buffer_char(spans->out, '>');
}

static void close_link(struct er_spans *spans, const MD_SPAN_A_DETAIL *link)
{
    resolve(spans, &link->href);
    if (er_link_allowed(bytes(&spans->scratch), spans->scratch.length))
        er_buffer_text(spans->out, "</a>");
    else
        refused(spans);
}

static void open_image(struct er_spans *spans, const MD_SPAN_IMG_DETAIL *image)
{
    resolve(spans, &image->src);
    if (!er_image_allowed(bytes(&spans->scratch), spans->scratch.length)) {
        er_buffer_text(spans->out, "![");
        return;
    }
    er_buffer_text(spans->out, "<img src=\"");
    er_html_address(spans->out, bytes(&spans->scratch), spans->scratch.length);
    er_buffer_char(spans->out, '"');
    add_title(spans, &image->title);
    er_buffer_text(spans->out, " alt=\"");
}

static void close_image(struct er_spans *spans, const MD_SPAN_IMG_DETAIL *image)
{
    resolve(spans, &image->src);
    if (er_image_allowed(bytes(&spans->scratch), spans->scratch.length))
        er_buffer_text(spans->out, "\">");
    else
        refused(spans);
}

static void open_display(struct er_spans *spans)
{
    spans->display = spans->depth == 0 && !spans->plain;
    if (!spans->display) {
        er_buffer_text(spans->out, "<span class=\"math display\">");
        return;
    }
    if (spans->paragraph == ER_PARAGRAPH_OPEN) {
        er_buffer_text(spans->out, "</p>\n");
        spans->paragraph = ER_PARAGRAPH_DUE;
    }
    er_buffer_text(spans->out, "<div class=\"math display\">");
}

static bool blank(char c)
{
    return c == ' ' || c == '\n' || c == '\t';
}

/* A formula's signs touch it, and its closing one is not followed by a digit: "$5 or $10" is no formula. md4c
 * does not look, so that what it took for one becomes text again. */
static void close_formula(struct er_spans *spans, const char *next)
{
    struct er_buffer *out = spans->out;
    const size_t n = out->length - spans->formula;
    const char *tex = bytes(out) + spans->formula;
    const bool formula = n > 0 && !blank(tex[0]) && !blank(tex[n - 1]) &&
                         !(next && next[0] == '$' && next[1] >= '0' && next[1] <= '9');
    spans->scratch.length = 0;
    er_buffer_add(&spans->scratch, tex, n);
    out->length = spans->formula;
    er_buffer_text(out, formula ? "<span class=\"math inline\">" : "$");
    er_buffer_add(out, bytes(&spans->scratch), spans->scratch.length);
    er_buffer_text(out, formula ? "</span>" : "$");
}

void er_spans_enter(struct er_spans *spans, MD_SPANTYPE type, const void *detail)
{
    if (type == MD_SPAN_IMG) {
        if (spans->images++ == 0) {
            settle_tilde(spans, false);
            need_paragraph(spans);
            open_image(spans, detail);
        }
        return;
    }
    if (spans->images > 0) return; /* an image's text is its alternative: no marks in it */
    settle_tilde(spans, false);
    if (type != MD_SPAN_LATEXMATH_DISPLAY || spans->depth > 0) need_paragraph(spans);
    switch (type) {
    case MD_SPAN_EM:
        er_buffer_text(spans->out, "<em>");
        break;
    case MD_SPAN_STRONG:
        er_buffer_text(spans->out, "<strong>");
        break;
    case MD_SPAN_A:
        open_link(spans, detail);
        break;
    case MD_SPAN_CODE:
        er_buffer_text(spans->out, "<code>");
        break;
    case MD_SPAN_DEL:
        spans->tilde = true;
        break;
    case MD_SPAN_LATEXMATH:
        spans->formula = spans->out->length;
        break;
    case MD_SPAN_LATEXMATH_DISPLAY:
        open_display(spans);
        break;
    default:
        break; /* not asked of md4c */
    }
    spans->depth++;
}

void er_spans_leave(struct er_spans *spans, MD_SPANTYPE type, const void *detail, const char *next)
{
    if (type == MD_SPAN_IMG) {
        if (--spans->images == 0) close_image(spans, detail);
        return;
    }
    if (spans->images > 0) return;
    spans->depth--;
    switch (type) {
    case MD_SPAN_EM:
        er_buffer_text(spans->out, "</em>");
        break;
    case MD_SPAN_STRONG:
        er_buffer_text(spans->out, "</strong>");
        break;
    case MD_SPAN_A:
        close_link(spans, detail);
        break;
    case MD_SPAN_CODE:
        er_buffer_text(spans->out, "</code>");
        break;
    case MD_SPAN_DEL:
        close_strike(spans);
        break;
    case MD_SPAN_LATEXMATH:
        close_formula(spans, next);
        break;
    case MD_SPAN_LATEXMATH_DISPLAY:
        spans->skip =
            spans->display && next && strncmp(next, "$$", 2) == 0 && next[2] && strchr(",.;:", next[2]);
        if (spans->skip) er_buffer_char(spans->out, next[2]); /* a line must not begin with it */
        er_buffer_text(spans->out, spans->display ? "</div>\n" : "</span>");
        spans->display = false;
        break;
    default:
        break;
    }
}

static void line_break(struct er_spans *spans, bool hard)
{
    if (spans->plain) er_buffer_char(spans->plain, ' ');
    if (spans->images > 0)
        er_buffer_char(spans->out, ' ');
    else if (spans->paragraph != ER_PARAGRAPH_DUE)
        er_buffer_text(spans->out, hard ? "<br>\n" : "\n");
}

void er_spans_text(struct er_spans *spans, MD_TEXTTYPE type, const char *text, size_t n, int tildes)
{
    if (type == MD_TEXT_BR || type == MD_TEXT_SOFTBR) {
        line_break(spans, type == MD_TEXT_BR);
        return;
    }
    settle_tilde(spans, tildes == 1);
    if (spans->skip && type == MD_TEXT_NORMAL && n > 0) {
        spans->skip = false;
        text++;
        if (--n == 0) return;
    }
    if (!spans->display) need_paragraph(spans);
    if (type == MD_TEXT_ENTITY) {
        er_buffer_add(spans->out, text, n); /* a browser knows all names, and shows an unknown one as it is */
        if (spans->plain) er_entity_add(spans->plain, text, n);
        return;
    }
    if (spans->plain) er_buffer_add(spans->plain, text, n);
    if (spans->cell && type != MD_TEXT_NORMAL) {
        for (size_t i = 0; i + 1 < n; i++)
            if (text[i] == '\\' && text[i + 1] == '|') {
                er_html_text(spans->out, text, i);
                text += i + 1;
                n -= i + 1;
                i = 0;
            }
    }
    er_html_text(spans->out, text, n);
}

void er_spans_clear(struct er_spans *spans)
{
    er_buffer_clear(&spans->scratch);
}
