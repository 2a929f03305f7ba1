/* prose.c - a note's Markdown as HTML: what each construct of md4c becomes. */
#include "note/prose.h"

#include "note/delimiter.h"
#include "note/html.h"
#include "note/mathblock.h"
#include "note/nesting.h"
#include "note/span.h"

#include <ermine/memory.h>
#include <ermine/note.h>
#include <inttypes.h>
#include <md4c.h>
#include <stdbool.h>
#include <string.h>

struct renderer {
    const char *text;           /* the note */
    struct er_widening widened; /* what md4c reads instead of its body */
    size_t body, n, seen;       /* seen: byte after the last text that md4c gave */
    const char *file;
    struct er_place place;
    struct er_buffer html, heading, plain; /* heading, plain: a heading's inside, and its text */
    struct er_spans spans;
    struct er_ids *ids;
    struct er_prose *out;
    int64_t room; /* of out->block */
    enum { TEXT, CODE, STUDY, RAW } in;
    struct er_block_reader reader;
    int64_t fence;
    struct er_buffer raw; /* an HTML block, as written */
    struct er_error *err;
    enum er_status status;
};

static int stop(struct renderer *r, enum er_status status, const char *why, int64_t limit)
{
    r->status = status;
    er_place_move(&r->place, r->seen);
    if (status == ER_E_LIMIT)
        er_fail_at(r->err, status, r->file, r->place.line, 1, "%s; the limit is %" PRId64, why, limit);
    else
        er_fail(r->err, status, "%s", why);
    return 1;
}

/* What every callback ends with. */
static int go_on(struct renderer *r)
{
    if (r->status != ER_OK) return 1;
    if (r->html.status != ER_OK || r->heading.status != ER_OK || r->plain.status != ER_OK ||
        r->raw.status != ER_OK || r->spans.scratch.status != ER_OK)
        return stop(r, ER_E_NOMEM, "out of memory while rendering a note", 0);
    if (r->html.length + r->heading.length > ER_PROSE_MAX_HTML)
        return stop(r, ER_E_LIMIT, "the note's HTML is too long", ER_PROSE_MAX_HTML);
    return 0;
}

/* The note's own *n bytes for a text that md4c gave out of its copy; others (made by md4c) stay. */
static const char *original(struct renderer *r, const char *text, size_t *n, bool *made)
{
    uintptr_t at = (uintptr_t)text, begin = (uintptr_t)r->widened.text;
    *made = at < begin || at >= begin + r->widened.n;
    if (*made) return text;
    const size_t from = r->body + er_widening_origin(&r->widened, at - begin);
    r->seen = r->body + er_widening_origin(&r->widened, at - begin + *n);
    *n = r->seen - from;
    return r->text + from;
}

/* --- code and studies */

static bool is_study(const MD_BLOCK_CODE_DETAIL *code)
{
    return code->fence_char && code->lang.size == 6 && memcmp(code->lang.text, "ermine", 6) == 0;
}

static void begin_code(struct renderer *r, const MD_BLOCK_CODE_DETAIL *code)
{
    r->in = is_study(code) ? STUDY : CODE;
    bool made = true;
    size_t length = code->info.size;
    if (length) (void)original(r, code->info.text, &length, &made);
    if (r->in == STUDY) {
        er_place_move(&r->place, r->seen);
        r->fence = r->place.line + (made ? 1 : 0);
        return;
    }
    size_t word = 0; /* notes-syntax section 8: the language ends at "=", "!" or "{" */
    while (word < code->lang.size && !strchr("=!{", code->lang.text[word])) word++;
    er_buffer_text(&r->html, "<pre><code");
    if (word > 0) {
        er_buffer_text(&r->html, " class=\"language-");
        er_html_text(&r->html, code->lang.text, word);
        er_buffer_char(&r->html, '"');
    }
    er_buffer_char(&r->html, '>');
}

static int end_study(struct renderer *r)
{
    struct er_prose *out = r->out;
    if (out->blocks == ER_NOTE_MAX_STUDIES)
        return stop(r, ER_E_LIMIT, "too many studies in a note", out->blocks);
    if (out->blocks == r->room) {
        int64_t room = r->room ? 2 * r->room : 8;
        struct er_block *block = er_grow(out->block, r->room, room, sizeof *block);
        if (!block) return stop(r, ER_E_NOMEM, "out of memory while rendering a note", 0);
        out->block = block;
        r->room = room;
    }
    if (er_block_finish(&r->reader, r->fence, &out->block[out->blocks]) != ER_OK)
        return stop(r, ER_E_NOMEM, "out of memory while rendering a note", 0);
    out->block[out->blocks++].html = r->html.length;
    return go_on(r);
}

static int study_text(struct renderer *r, const char *text, size_t n, bool made)
{
    enum er_status status;
    if (made) {
        status = er_block_made(&r->reader, text, n);
    } else {
        er_place_move(&r->place, (size_t)(text - r->text));
        status = er_block_piece(&r->reader, text, n, &r->place);
    }
    return status == ER_OK ? 0 : stop(r, status, "out of memory while rendering a note", 0);
}

/* --- raw HTML: display formulas in disguise (mathblock.h), comments, and what is shown as it is */

static void trim(const char **text, size_t *n)
{
    while (*n > 0 && (**text == ' ' || **text == '\n')) {
        (*text)++;
        (*n)--;
    }
    while (*n > 0 && ((*text)[*n - 1] == ' ' || (*text)[*n - 1] == '\n')) (*n)--;
}

/* Writes what was gathered since the last formula or since the last formula opened. */
static void end_raw(struct renderer *r, bool formula)
{
    const char *text = r->raw.data ? r->raw.data : "";
    size_t n = r->raw.length;
    trim(&text, &n);
    if (!formula && n >= 4 && memcmp(text, "<!--", 4) == 0) {
        const char *end = strstr(text, "-->");
        size_t comment = end ? (size_t)(end - text) + 3 : n;
        text += comment;
        n -= comment;
        trim(&text, &n);
    }
    if (formula || n > 0) {
        er_buffer_text(&r->html,
                       formula ? "<div class=\"math display\">" : "<pre><code class=\"language-html\">");
        er_html_text(&r->html, text, n);
        er_buffer_text(&r->html, formula ? "</div>\n" : "\n</code></pre>\n");
    }
    r->raw.length = 0;
}

static void raw_text(struct renderer *r, const char *masked, const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        enum er_math_mark mark = er_math_mark(text[i], masked[i]);
        if (mark == ER_MATH_NONE) {
            er_buffer_char(&r->raw, text[i]);
            continue;
        }
        end_raw(r, mark == ER_MATH_CLOSE);
        i++; /* the second sign */
    }
}

/* --- blocks */

static void begin_item(struct renderer *r, const MD_BLOCK_LI_DETAIL *item)
{
    er_buffer_text(&r->html, item->is_task ? "<li class=\"task-list-item\">" : "<li>");
    if (item->is_task)
        r->spans.due =
            item->task_mark == ' '
                ? "<input class=\"task-list-item-checkbox\" disabled=\"\" type=\"checkbox\"> "
                : "<input class=\"task-list-item-checkbox\" checked=\"\" disabled=\"\" type=\"checkbox\"> ";
}

static const char *alignment(const MD_BLOCK_TD_DETAIL *cell)
{
    switch (cell->align) {
    case MD_ALIGN_LEFT:
        return " align=\"left\"";
    case MD_ALIGN_CENTER:
        return " align=\"center\"";
    case MD_ALIGN_RIGHT:
        return " align=\"right\"";
    case MD_ALIGN_DEFAULT:
        break;
    }
    return "";
}

/* md4c's callbacks take what they point to as mutable. */
static int enter_block(MD_BLOCKTYPE type, void *detail, void *ctx)
{
    struct renderer *r = ctx;
    switch (type) {
    case MD_BLOCK_DOC:
        break;
    case MD_BLOCK_QUOTE:
        er_buffer_text(&r->html, "<blockquote>\n");
        break;
    case MD_BLOCK_UL:
        er_buffer_text(&r->html, "<ul>\n");
        break;
    case MD_BLOCK_OL: {
        unsigned start = ((const MD_BLOCK_OL_DETAIL *)detail)->start;
        if (start == 1)
            er_buffer_text(&r->html, "<ol>\n");
        else
            er_buffer_format(&r->html, "<ol start=\"%u\">\n", start);
        break;
    }
    case MD_BLOCK_LI:
        begin_item(r, detail);
        break;
    case MD_BLOCK_HR:
        er_buffer_text(&r->html, "<hr>\n");
        break;
    case MD_BLOCK_H:
        r->spans.out = &r->heading;
        r->spans.plain = &r->plain;
        break;
    case MD_BLOCK_CODE:
        begin_code(r, detail);
        break;
    case MD_BLOCK_HTML:
        r->in = RAW;
        break;
    case MD_BLOCK_P:
        er_spans_begin_paragraph(&r->spans);
        break;
    case MD_BLOCK_TABLE:
        er_buffer_text(&r->html, "<div class=\"scroll\"><table>\n");
        break;
    case MD_BLOCK_THEAD:
        er_buffer_text(&r->html, "<thead>\n");
        break;
    case MD_BLOCK_TBODY:
        er_buffer_text(&r->html, "<tbody>\n");
        break;
    case MD_BLOCK_TR:
        er_buffer_text(&r->html, "<tr>\n");
        break;
    case MD_BLOCK_TH:
    case MD_BLOCK_TD:
        er_buffer_format(&r->html, "<%s%s>", type == MD_BLOCK_TH ? "th" : "td", alignment(detail));
        r->spans.cell = true;
        break;
    }
    return go_on(r);
}

static int end_heading(struct renderer *r, unsigned level)
{
    const char *id, *plain = r->plain.data ? r->plain.data : "";
    if (er_ids_give(r->ids, plain, r->plain.length, &id, NULL) != ER_OK)
        return stop(r, ER_E_NOMEM, "out of memory while rendering a note", 0);
    if (level == 1 && !r->out->heading && r->plain.length > 0) {
        r->out->heading = er_strdup(plain);
        if (!r->out->heading) return stop(r, ER_E_NOMEM, "out of memory while rendering a note", 0);
    }
    er_buffer_format(&r->html, "<h%u id=\"", level);
    er_html_string(&r->html, id);
    er_buffer_text(&r->html, "\">");
    er_buffer_add(&r->html, r->heading.data, r->heading.length);
    er_buffer_format(&r->html, "</h%u>\n", level);
    r->heading.length = r->plain.length = 0;
    if (r->plain.data) r->plain.data[0] = '\0';
    r->spans.out = &r->html;
    r->spans.plain = NULL;
    return go_on(r);
}

static int leave_block(MD_BLOCKTYPE type, void *detail, void *ctx)
{
    struct renderer *r = ctx;
    switch (type) {
    case MD_BLOCK_DOC:
    case MD_BLOCK_HR:
        break;
    case MD_BLOCK_QUOTE:
        er_buffer_text(&r->html, "</blockquote>\n");
        break;
    case MD_BLOCK_UL:
        er_buffer_text(&r->html, "</ul>\n");
        break;
    case MD_BLOCK_OL:
        er_buffer_text(&r->html, "</ol>\n");
        break;
    case MD_BLOCK_LI:
        er_spans_settle(&r->spans);
        er_buffer_text(&r->html, "</li>\n");
        break;
    case MD_BLOCK_H:
        return end_heading(r, ((const MD_BLOCK_H_DETAIL *)detail)->level);
    case MD_BLOCK_CODE: {
        bool study = r->in == STUDY;
        r->in = TEXT;
        if (study) return end_study(r);
        er_buffer_text(&r->html, "</code></pre>\n");
        break;
    }
    case MD_BLOCK_HTML:
        r->in = TEXT;
        end_raw(r, false);
        break;
    case MD_BLOCK_P:
        er_spans_end_paragraph(&r->spans);
        break;
    case MD_BLOCK_TABLE:
        er_buffer_text(&r->html, "</table></div>\n");
        break;
    case MD_BLOCK_THEAD:
        er_buffer_text(&r->html, "</thead>\n");
        break;
    case MD_BLOCK_TBODY:
        er_buffer_text(&r->html, "</tbody>\n");
        break;
    case MD_BLOCK_TR:
        er_buffer_text(&r->html, "</tr>\n");
        break;
    case MD_BLOCK_TH:
    case MD_BLOCK_TD:
        er_buffer_text(&r->html, type == MD_BLOCK_TH ? "</th>\n" : "</td>\n");
        r->spans.cell = false;
        break;
    }
    return go_on(r);
}

/* --- what stands in blocks */

static int enter_span(MD_SPANTYPE type, void *detail, void *ctx)
{
    struct renderer *r = ctx;
    er_spans_enter(&r->spans, type, detail);
    return go_on(r);
}

static int leave_span(MD_SPANTYPE type, void *detail, void *ctx)
{
    struct renderer *r = ctx;
    er_spans_leave(&r->spans, type, detail, r->text + r->seen);
    return go_on(r);
}

static int tildes_before(const struct renderer *r, const char *text)
{
    int count = 0;
    while (count < 3 && text - count > r->text + r->body && text[-1 - count] == '~') count++;
    return count;
}

static int take_text(MD_TEXTTYPE type, const char *masked, MD_SIZE size, void *ctx)
{
    struct renderer *r = ctx;
    bool made;
    size_t n = size;
    const char *text = original(r, masked, &n, &made);
    if (r->in == STUDY) return study_text(r, text, n, made);
    if (r->in == RAW)
        raw_text(r, masked, text, n);
    else if (r->in == CODE)
        er_html_text(&r->html, text, n);
    else
        er_spans_text(&r->spans, type, text, n, made ? 0 : tildes_before(r, text));
    return go_on(r);
}

enum er_status er_prose_render(const char *text, size_t body, size_t n, const char *file, struct er_ids *ids,
                               struct er_prose *out, struct er_error *err)
{
    static const MD_PARSER parser = {
        .flags = MD_FLAG_TABLES | MD_FLAG_STRIKETHROUGH | MD_FLAG_TASKLISTS | MD_FLAG_LATEXMATHSPANS |
                 MD_FLAG_PERMISSIVEURLAUTOLINKS | MD_FLAG_PERMISSIVEEMAILAUTOLINKS | MD_FLAG_NOHTMLSPANS,
        .enter_block = enter_block,
        .leave_block = leave_block,
        .enter_span = enter_span,
        .leave_span = leave_span,
        .text = take_text,
    };
    enum er_status status = er_nesting_check(text, body, n, ER_PROSE_MAX_DEPTH, file, err);
    if (status != ER_OK) return status;
    struct er_prose made = {0};
    struct renderer r = {
        .text = text,
        .body = body,
        .n = n,
        .seen = body,
        .file = file,
        .place = {.text = text, .line = 1},
        .ids = ids,
        .out = &made,
        .err = err,
    };
    r.spans.out = &r.html;
    r.status = er_widening_make(text + body, n - body, &r.widened, err);
    if (r.status != ER_OK) goto done;
    er_math_mask(r.widened.text, r.widened.n);
    if (md_parse(r.widened.text, (MD_SIZE)r.widened.n, &parser, &r) != 0 && r.status == ER_OK)
        r.status = er_fail(err, ER_E_NOMEM, "out of memory while reading Markdown");
    if (r.status != ER_OK) goto done;
    made.length = r.html.length;
    r.status = er_buffer_take(&r.html, &made.html, err);
    if (r.status != ER_OK) goto done;
    *out = made;
    made = (struct er_prose){0};
done:
    er_widening_clear(&r.widened);
    er_buffer_clear(&r.html);
    er_buffer_clear(&r.heading);
    er_buffer_clear(&r.plain);
    er_buffer_clear(&r.raw);
    er_block_reader_clear(&r.reader);
    er_spans_clear(&r.spans);
    er_prose_clear(&made);
    return r.status;
}

void er_prose_clear(struct er_prose *prose)
{
    for (int64_t i = 0; i < prose->blocks; i++) er_block_clear(&prose->block[i]);
    er_free(prose->block);
    er_free(prose->heading);
    er_free(prose->html);
    *prose = (struct er_prose){0};
}
