/* fences.c - a note's studies and its first heading, from md4c's events. */
#include "note/fences.h"

#include "note/markdown.h"
#include "note/plain.h"

#include <ermine/memory.h>
#include <ermine/note.h>
#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

struct finder {
    struct er_markdown note;
    struct er_place place;
    enum { ELSEWHERE, HEADING, STUDY } in;
    struct er_plain plain;
    struct er_block_reader reader;
    int64_t fence; /* line of the open study's fence */
    int64_t room;  /* of out->block */
    struct er_fences *out;
    struct er_error *err;
    enum er_status status;
};

static int no_memory(struct finder *f)
{
    f->status = er_fail(f->err, ER_E_NOMEM, "out of memory while reading %s", f->note.file);
    return ER_MARKDOWN_STOP;
}

static bool is_study(const MD_BLOCK_CODE_DETAIL *code)
{
    return code->fence_char && code->lang.size == 6 && memcmp(code->lang.text, "ermine", 6) == 0;
}

static void begin_study(struct finder *f, const MD_BLOCK_CODE_DETAIL *code)
{
    f->in = STUDY;
    er_markdown_own(&f->note, code->lang.text, code->lang.size);
    er_place_move(&f->place, f->note.seen);
    f->fence = f->place.line;
}

static int end_study(struct finder *f)
{
    struct er_fences *out = f->out;
    f->in = ELSEWHERE;
    if (out->blocks == ER_NOTE_MAX_STUDIES) {
        f->status = er_fail_at(f->err, ER_E_LIMIT, f->note.file, f->fence, 1,
                               "too many studies in a note; the limit is %d", ER_NOTE_MAX_STUDIES);
        return ER_MARKDOWN_STOP;
    }
    if (out->blocks == f->room) {
        const int64_t room = f->room ? 2 * f->room : 8;
        struct er_block *block = er_grow(out->block, f->room, room, sizeof *block);
        if (!block) return no_memory(f);
        out->block = block;
        f->room = room;
    }
    if (er_block_finish(&f->reader, f->fence, &out->block[out->blocks]) != ER_OK) return no_memory(f);
    out->blocks++;
    return 0;
}

static int end_heading(struct finder *f)
{
    f->in = ELSEWHERE;
    if (f->plain.text.status != ER_OK) return no_memory(f);
    er_plain_trim(&f->plain);
    if (f->plain.text.length == 0) return 0;
    return er_buffer_take(&f->plain.text, &f->out->heading, NULL) == ER_OK ? 0 : no_memory(f);
}

/* --- md4c's callbacks, which take what they point to as mutable */

static int enter_block(MD_BLOCKTYPE type, void *detail, void *ctx)
{
    struct finder *f = ctx;
    if (type == MD_BLOCK_CODE && is_study(detail)) begin_study(f, detail);
    if (type == MD_BLOCK_H && !f->out->heading && ((const MD_BLOCK_H_DETAIL *)detail)->level == 1) {
        f->in = HEADING;
        er_plain_begin(&f->plain);
    }
    return 0;
}

static int leave_block(MD_BLOCKTYPE type, void *detail, void *ctx)
{
    (void)detail;
    struct finder *f = ctx;
    if (type == MD_BLOCK_CODE && f->in == STUDY) return end_study(f);
    if (type == MD_BLOCK_H && f->in == HEADING) return end_heading(f);
    return 0;
}

static int enter_span(MD_SPANTYPE type, void *detail, void *ctx)
{
    (void)detail;
    struct finder *f = ctx;
    if (f->in == HEADING) er_plain_enter(&f->plain, type);
    return 0;
}

static int leave_span(MD_SPANTYPE type, void *detail, void *ctx)
{
    (void)detail;
    struct finder *f = ctx;
    if (f->in == HEADING) er_plain_leave(&f->plain, type, f->note.text + f->note.seen);
    return 0;
}

static int study_text(struct finder *f, const char *made, size_t n)
{
    enum er_status status;
    const char *text = er_markdown_own(&f->note, made, n);
    if (text) {
        er_place_move(&f->place, (size_t)(text - f->note.text));
        status = er_block_piece(&f->reader, text, n, &f->place);
    } else {
        status = er_block_made(&f->reader, made, n);
    }
    return status == ER_OK ? 0 : no_memory(f);
}

static int take_text(MD_TEXTTYPE type, const char *text, MD_SIZE size, void *ctx)
{
    struct finder *f = ctx;
    if (f->in == STUDY) return study_text(f, text, size);
    const char *own = er_markdown_own(&f->note, text, size);
    if (f->in == HEADING) er_plain_text(&f->plain, type, own ? own : text, size);
    return 0;
}

enum er_status er_fences_find(const char *text, size_t body, size_t n, const char *file,
                              struct er_fences *out, struct er_error *err)
{
    static const MD_PARSER parser = {
        .flags = MD_FLAG_STRIKETHROUGH | MD_FLAG_LATEXMATHSPANS,
        .enter_block = enter_block,
        .leave_block = leave_block,
        .enter_span = enter_span,
        .leave_span = leave_span,
        .text = take_text,
    };
    struct er_fences found = {0};
    struct finder f = {
        .note = {.text = text, .body = body, .n = n, .file = file},
        .place = {.text = text, .line = 1},
        .out = &found,
        .err = err,
    };
    enum er_status status = er_markdown_read(&f.note, &parser, &f, err);
    if (status == ER_OK) status = f.status;
    er_buffer_clear(&f.plain.text);
    er_block_reader_clear(&f.reader);
    if (status == ER_OK)
        *out = found;
    else
        er_fences_clear(&found);
    return status;
}

void er_fences_clear(struct er_fences *fences)
{
    for (int64_t i = 0; i < fences->blocks; i++) er_block_clear(&fences->block[i]);
    er_free(fences->block);
    er_free(fences->heading);
    *fences = (struct er_fences){0};
}
