/* quote_find.c - where the quoted values of a note are: md4c reads the disguised copy (quote_mask.h), which
 * says what is prose; the note says what is written there. */
#include "note/quote.h"

#include "core/buffer.h"
#include "note/mathblock.h"
#include "note/quote_mask.h"

#include <ermine/note.h>
#include <md4c.h>
#include <stdbool.h>
#include <string.h>

/* Text of the note that md4c gave as part of a formula; n 0: the end of a line. */
struct piece {
    size_t at, n;
};

struct finder {
    const char *text, *masked, *file;
    size_t body, n;
    size_t at; /* a byte and its place */
    int64_t line, column;
    struct er_quotes *out;
    int64_t room; /* of out->quote */
    /* the quote that is open */
    bool open;
    struct er_quote quote;
    struct er_buffer inside;
    size_t next; /* the byte with which it goes on; 0: a new line */
    int64_t lines;
    /* what surrounds the text */
    int images;
    bool link, autolink; /* a link has just begun; the text is its address */
    struct piece *piece; /* of the formula that is open */
    int64_t pieces, pieces_room;
    struct er_error *err;
    enum er_status status;
};

static bool blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n';
}

/* --- one quote */

static int stop(struct finder *f, enum er_status status)
{
    f->status = status;
    if (status == ER_E_LIMIT)
        er_fail_at(f->err, status, f->file, f->line, f->column,
                   "more than %d quoted values; that is the limit of a note", ER_NOTE_MAX_QUOTES);
    else
        er_fail(f->err, status, "out of memory while looking for quoted values");
    return 1;
}

static void move(struct finder *f, size_t at)
{
    for (; f->at < at; f->at++) {
        const unsigned char c = (unsigned char)f->text[f->at];
        f->line += c == '\n';
        f->column = c == '\n' ? 1 : f->column + ((c & 0xc0) != 0x80);
    }
}

static void open_quote(struct finder *f, size_t at)
{
    move(f, at);
    f->open = true;
    f->quote = (struct er_quote){.file = f->file, .line = f->line, .column = f->column};
    f->quote.first[0] = f->column + 2;
    f->inside.length = 0;
    f->next = at + 2;
    f->lines = 0;
}

static void cut_up(struct finder *f)
{
    if (f->open) f->quote.problem = "a quoted value holds no markup";
}

static void add(struct finder *f, size_t at)
{
    if (f->next == 0) {
        move(f, at);
        if (f->lines < ER_QUOTE_MAX_LINES) f->quote.first[f->lines] = f->column;
    } else if (f->next != at) {
        cut_up(f);
    }
    f->next = at + 1;
    er_buffer_char(&f->inside, f->text[at]);
}

/* The text with runs of white space as one blank, without those at its ends. */
static char *key_of(struct er_arena *memory, const char *text)
{
    char *key = er_arena_strdup(memory, text);
    size_t n = 0, bytes;
    for (const char *c = text; key && *c; c += bytes) {
        bytes = er_quote_blank(c);
        if (bytes == 0)
            key[n++] = *c;
        else if (n > 0 && key[n - 1] != ' ')
            key[n++] = ' ';
        if (bytes == 0) bytes = 1;
    }
    if (key) key[n > 0 && key[n - 1] == ' ' ? n - 1 : n] = '\0';
    return key;
}

static int close_quote(struct finder *f)
{
    struct er_quotes *out = f->out;
    f->open = false;
    if (out->n == ER_NOTE_MAX_QUOTES) return stop(f, ER_E_LIMIT);
    if (out->n == f->room) {
        const int64_t room = f->room ? 2 * f->room : 16;
        struct er_quote *grown = er_grow(out->quote, f->room, room, sizeof *grown);
        if (!grown) return stop(f, ER_E_NOMEM);
        out->quote = grown;
        f->room = room;
    }
    if (f->inside.status != ER_OK) return stop(f, ER_E_NOMEM);
    const char *text = f->inside.length > 0 ? f->inside.data : "";
    f->quote.text = er_arena_strndup(out->memory, text, f->inside.length);
    f->quote.key = f->quote.text ? key_of(out->memory, f->quote.text) : NULL;
    if (!f->quote.key) return stop(f, ER_E_NOMEM);
    if (f->quote.key[0]) out->quote[out->n++] = f->quote;
    return 0;
}

/* --- md4c's events */

static int prose(struct finder *f, size_t at, size_t n)
{
    const size_t end = at + n;
    for (; at < end; at++) {
        const char c = f->text[at];
        if (c == '{') {
            f->open = false;
            if (!er_quote_opens(f->text, f->body, at, end)) continue;
            open_quote(f, at++);
        } else if (f->open && c == '}') {
            if (f->text[at + 1] != '}') { /* which may be in the next piece */
                f->open = false;
                continue;
            }
            if (f->next != at && f->next != 0) cut_up(f);
            at++;
            if (close_quote(f) != 0) return 1;
        } else if (f->open) {
            add(f, at);
        }
    }
    return 0;
}

static int line_end(struct finder *f)
{
    if (!f->open) return 0;
    er_buffer_char(&f->inside, '\n');
    f->next = 0;
    f->lines++;
    return 0;
}

static int keep_piece(struct finder *f, size_t at, size_t n)
{
    if (f->pieces == f->pieces_room) {
        const int64_t room = f->pieces_room ? 2 * f->pieces_room : 16;
        struct piece *grown = er_grow(f->piece, f->pieces_room, room, sizeof *grown);
        if (!grown) return stop(f, ER_E_NOMEM);
        f->piece = grown;
        f->pieces_room = room;
    }
    f->piece[f->pieces++] = (struct piece){at, n};
    return 0;
}

/* What md4c takes for a formula in "$5 or $10" is prose: a formula's signs touch it, and its closing one is
 * not followed by a digit. */
static int end_formula(struct finder *f)
{
    int code = 0;
    if (f->pieces == 0) return 0;
    const struct piece *first = &f->piece[0], *last = &f->piece[f->pieces - 1];
    const char *end = f->text + last->at + last->n; /* NUL-terminated */
    const bool formula = first->n > 0 && last->n > 0 && !blank(f->text[first->at]) && !blank(end[-1]) &&
                         !(end[0] == '$' && end[1] >= '0' && end[1] <= '9');
    for (int64_t i = 0; !formula && code == 0 && i < f->pieces; i++)
        code = f->piece[i].n > 0 ? prose(f, f->piece[i].at, f->piece[i].n) : line_end(f);
    return code;
}

static int enter_block(MD_BLOCKTYPE type, void *detail, void *ctx)
{
    (void)type;
    (void)detail;
    ((struct finder *)ctx)->open = false;
    return 0;
}

static int leave_block(MD_BLOCKTYPE type, void *detail, void *ctx)
{
    return enter_block(type, detail, ctx);
}

static int enter_span(MD_SPANTYPE type, void *detail, void *ctx)
{
    struct finder *f = ctx;
    (void)detail;
    cut_up(f);
    f->pieces = 0;
    f->images += type == MD_SPAN_IMG;
    f->link = type == MD_SPAN_A;
    return 0;
}

static int leave_span(MD_SPANTYPE type, void *detail, void *ctx)
{
    struct finder *f = ctx;
    (void)detail;
    cut_up(f);
    f->images -= type == MD_SPAN_IMG;
    if (type == MD_SPAN_A) f->autolink = false;
    return type == MD_SPAN_LATEXMATH ? end_formula(f) : 0;
}

static int take_text(MD_TEXTTYPE type, const char *text, MD_SIZE size, void *ctx)
{
    struct finder *f = ctx;
    const uintptr_t here = (uintptr_t)text, begin = (uintptr_t)f->masked;
    const bool end = type == MD_TEXT_BR || type == MD_TEXT_SOFTBR;
    const bool made = here < begin || here >= begin + (f->n - f->body);
    const size_t at = made ? 0 : f->body + (here - begin);
    if (f->link) f->autolink = !made && at > f->body && f->text[at - 1] == '<';
    f->link = false;
    if (f->images > 0 || f->autolink) return 0;
    if (end) return line_end(f);
    if (type == MD_TEXT_LATEXMATH) return keep_piece(f, made ? 0 : at, made ? 0 : size);
    if (type == MD_TEXT_NORMAL && !made) return prose(f, at, size);
    cut_up(f);
    return 0;
}

enum er_status er_quotes_find(const char *text, size_t body, size_t n, const char *file,
                              struct er_quotes *out, struct er_error *err)
{
    static const MD_PARSER parser = {
        .flags = MD_FLAG_TABLES | MD_FLAG_STRIKETHROUGH | MD_FLAG_TASKLISTS | MD_FLAG_LATEXMATHSPANS,
        .enter_block = enter_block,
        .leave_block = leave_block,
        .enter_span = enter_span,
        .leave_span = leave_span,
        .text = take_text,
    };
    struct er_quotes found = {0};
    struct finder f = {.text = text,
                       .file = file,
                       .body = body,
                       .n = n,
                       .line = 1,
                       .column = 1,
                       .out = &found,
                       .err = err,
                       .status = er_arena_new(SIZE_MAX / 2, &found.memory, err)};
    if (f.status != ER_OK) return f.status;
    char *copy = er_alloc((int64_t)(n - body) + 1, 1);
    if (!copy) {
        stop(&f, ER_E_NOMEM);
        goto done;
    }
    memcpy(copy, text + body, n - body);
    f.masked = copy;
    er_math_mask(copy, n - body);
    er_quote_mask(copy, n - body);
    if (md_parse(copy, (MD_SIZE)(n - body), &parser, &f) != 0 && f.status == ER_OK) stop(&f, ER_E_NOMEM);
    if (f.status == ER_OK && f.inside.status != ER_OK) stop(&f, ER_E_NOMEM);
done:
    er_free(copy);
    er_free(f.piece);
    er_buffer_clear(&f.inside);
    if (f.status == ER_OK)
        *out = found;
    else
        er_quotes_clear(&found);
    return f.status;
}

void er_quotes_clear(struct er_quotes *quotes)
{
    er_free(quotes->quote);
    er_arena_free(quotes->memory);
    *quotes = (struct er_quotes){0};
}
