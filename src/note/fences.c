/* fences.c - a note's studies and its first heading, from md4c's events. */
#include "note/fences.h"

#include "note/mathblock.h"
#include "note/nesting.h"
#include "note/plain.h"

#include <ermine/memory.h>
#include <ermine/note.h>
#include <inttypes.h>
#include <md4c.h>
#include <stdbool.h>
#include <string.h>

struct finder {
    const char *text;     /* the note */
    char *copy;           /* of its body, with formulas in disguise: what md4c reads */
    size_t body, n, seen; /* seen: byte of the note behind what md4c gave last */
    const char *file;
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
    f->status = er_fail(f->err, ER_E_NOMEM, "out of memory while reading %s", f->file);
    return 1;
}

/* The note's own bytes for what md4c gave out of its copy; NULL for what md4c made itself. */
static const char *original(struct finder *f, const char *text, size_t n)
{
    const uintptr_t at = (uintptr_t)text, begin = (uintptr_t)f->copy;
    if (at < begin || at >= begin + (f->n - f->body)) return NULL;
    const size_t from = f->body + (at - begin);
    f->seen = from + n;
    return f->text + from;
}

static bool is_study(const MD_BLOCK_CODE_DETAIL *code)
{
    return code->fence_char && code->lang.size == 6 && memcmp(code->lang.text, "ermine", 6) == 0;
}

static void begin_study(struct finder *f, const MD_BLOCK_CODE_DETAIL *code)
{
    f->in = STUDY;
    original(f, code->lang.text, code->lang.size);
    er_place_move(&f->place, f->seen);
    f->fence = f->place.line;
}

static int end_study(struct finder *f)
{
    struct er_fences *out = f->out;
    f->in = ELSEWHERE;
    if (out->blocks == ER_NOTE_MAX_STUDIES) {
        f->status = er_fail_at(f->err, ER_E_LIMIT, f->file, f->fence, 1,
                               "too many studies in a note; the limit is %d", ER_NOTE_MAX_STUDIES);
        return 1;
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
    if (f->in == HEADING) er_plain_leave(&f->plain, type, f->text + f->seen);
    return 0;
}

static int study_text(struct finder *f, const char *made, size_t n)
{
    enum er_status status;
    const char *text = original(f, made, n);
    if (text) {
        er_place_move(&f->place, (size_t)(text - f->text));
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
    const char *own = original(f, text, size);
    if (f->in == HEADING) er_plain_text(&f->plain, type, own ? own : text, size);
    return 0;
}

static enum er_status find(struct finder *f)
{
    static const MD_PARSER parser = {
        .flags = MD_FLAG_STRIKETHROUGH | MD_FLAG_LATEXMATHSPANS,
        .enter_block = enter_block,
        .leave_block = leave_block,
        .enter_span = enter_span,
        .leave_span = leave_span,
        .text = take_text,
    };
    const size_t n = f->n - f->body;
    f->copy = er_alloc((int64_t)n + 1, 1);
    if (!f->copy) {
        no_memory(f);
        return f->status;
    }
    memcpy(f->copy, f->text + f->body, n);
    er_math_mask(f->copy, n);
    if (md_parse(f->copy, (MD_SIZE)n, &parser, f) != 0 && f->status == ER_OK) no_memory(f);
    return f->status;
}

enum er_status er_fences_find(const char *text, size_t body, size_t n, const char *file,
                              struct er_fences *out, struct er_error *err)
{
    enum er_status status = er_nesting_check(text, body, n, ER_NOTE_MAX_DEPTH, file, err);
    if (status != ER_OK) return status;
    struct er_fences found = {0};
    struct finder f = {
        .text = text,
        .body = body,
        .n = n,
        .seen = body,
        .file = file,
        .place = {.text = text, .line = 1},
        .out = &found,
        .err = err,
    };
    status = find(&f);
    er_free(f.copy);
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
