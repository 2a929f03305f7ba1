/* prose.c - a note's prose as plain text. */
#include "note/prose.h"

#include "note/markdown.h"
#include "note/plain.h"

struct gatherer {
    struct er_markdown note;
    struct er_plain plain;
    size_t limit;
    bool code; /* in code or raw HTML */
};

/* Ends a word where a block begins or ends. */
static void separate(struct gatherer *g)
{
    struct er_buffer *text = &g->plain.text;
    if (text->length > 0 && text->data[text->length - 1] != ' ') er_buffer_char(text, ' ');
}

static int enter_block(MD_BLOCKTYPE type, void *detail, void *ctx)
{
    (void)detail;
    struct gatherer *g = ctx;
    if (type == MD_BLOCK_CODE || type == MD_BLOCK_HTML) g->code = true;
    separate(g);
    return 0;
}

static int leave_block(MD_BLOCKTYPE type, void *detail, void *ctx)
{
    (void)detail;
    struct gatherer *g = ctx;
    if (type == MD_BLOCK_CODE || type == MD_BLOCK_HTML) g->code = false;
    separate(g);
    return g->plain.text.length > g->limit ? ER_MARKDOWN_STOP : 0;
}

static int enter_span(MD_SPANTYPE type, void *detail, void *ctx)
{
    (void)detail;
    struct gatherer *g = ctx;
    er_plain_enter(&g->plain, type);
    return 0;
}

static int leave_span(MD_SPANTYPE type, void *detail, void *ctx)
{
    (void)detail;
    struct gatherer *g = ctx;
    er_plain_leave(&g->plain, type, g->note.text + g->note.seen);
    return 0;
}

static int take_text(MD_TEXTTYPE type, const char *text, MD_SIZE size, void *ctx)
{
    struct gatherer *g = ctx;
    const char *own = er_markdown_own(&g->note, text, size);
    if (!g->code) er_plain_text(&g->plain, type, own ? own : text, size);
    return 0;
}

enum er_status er_prose_text(const struct er_note *note, size_t limit, char **out, struct er_error *err)
{
    static const MD_PARSER parser = {
        .flags = MD_FLAG_TABLES | MD_FLAG_STRIKETHROUGH | MD_FLAG_LATEXMATHSPANS,
        .enter_block = enter_block,
        .leave_block = leave_block,
        .enter_span = enter_span,
        .leave_span = leave_span,
        .text = take_text,
    };
    struct gatherer g = {
        .note = {.text = note->text, .body = note->front.body, .n = note->length, .file = note->file},
        .limit = limit,
    };
    enum er_status status = er_markdown_read(&g.note, &parser, &g, err);
    if (status != ER_OK) {
        er_buffer_clear(&g.plain.text);
        return status;
    }
    struct er_buffer *text = &g.plain.text;
    if (text->length > limit && text->status == ER_OK) {
        while (limit > 0 && ((unsigned char)text->data[limit] & 0xc0) == 0x80) limit--;
        text->length = limit;
        text->data[limit] = '\0';
    }
    er_plain_trim(&g.plain);
    return er_buffer_take(text, out, err);
}
