/* note.c - a note is read: text, front matter, studies, names. */
#include "note/claim.h"
#include "note/ids.h"
#include "note/utf8.h"
#include "note/whole.h"

#include <inttypes.h>
#include <string.h>

/* `earlier`: the studies before it that could be read. */
static enum er_status read_study(struct er_note *note, int64_t i, const struct er_study *const *earlier,
                                 int64_t n_earlier, struct er_error *err)
{
    const struct er_block *block = &note->fences.block[i];
    struct er_note_study *study = &note->study[i];
    struct er_study_origin origin = {.file = note->file,
                                     .line = block->line,
                                     .column = block->column,
                                     .n_column = block->lines,
                                     .earlier = earlier,
                                     .n_earlier = n_earlier};
    enum er_status status = er_study_parse(block->text, block->length, &origin, &study->study, &study->error);
    if (status == ER_OK) status = er_claims_check(study->study, &study->error);
    if (status == ER_E_NOMEM) return er_fail(err, status, "out of memory while reading %s", note->file);
    if (status == ER_OK) return ER_OK;
    er_error_place(&study->error, note->file, block->line, block->column ? block->column[0] : 1);
    er_study_free(study->study);
    study->study = NULL;
    return ER_OK;
}

static enum er_status check_names(const struct er_note *note, struct er_error *err)
{
    for (int64_t i = 0; i < note->fences.blocks; i++)
        for (int64_t j = 0; j < i && note->study[i].study; j++) {
            if (!note->study[j].study) continue;
            const char *name = er_study_name(note->study[i].study);
            if (strcmp(name, er_study_name(note->study[j].study)) == 0)
                return er_fail_at(err, ER_E_INPUT, note->file, note->fences.block[i].line, 1,
                                  "two studies are called \"%s\": on lines %" PRId64 " and %" PRId64, name,
                                  note->fences.block[j].line, note->fences.block[i].line);
        }
    return ER_OK;
}

static enum er_status read_studies(struct er_note *note, struct er_error *err)
{
    enum er_status status = ER_OK;
    int64_t n = 0;
    const struct er_study **earlier = er_alloc(note->fences.blocks, sizeof(struct er_study *));
    note->study = er_alloc(note->fences.blocks, sizeof *note->study);
    if (!note->study || !earlier) {
        er_free((void *)earlier);
        return er_fail(err, ER_E_NOMEM, "out of memory while reading %s", note->file);
    }
    for (int64_t i = 0; status == ER_OK && i < note->fences.blocks; i++) {
        status = read_study(note, i, earlier, n, err);
        if (note->study[i].study) earlier[n++] = note->study[i].study;
    }
    er_free((void *)earlier);
    if (status == ER_OK) status = check_names(note, err);
    return status == ER_OK ? er_ids_give(note, err) : status;
}

const char *er_note_name(const struct er_note *note)
{
    const char *slash = strrchr(note->file, '/');
    return slash ? slash + 1 : note->file;
}

static enum er_status choose_title(struct er_note *note, struct er_error *err)
{
    const struct er_study *study = note->whole ? note->study[0].study : NULL;
    const char *whole = study && er_study_title(study) ? er_study_title(study) : NULL;
    if (study && !whole) whole = er_study_name(study);
    const char *title = note->front.title      ? note->front.title
                        : note->fences.heading ? note->fences.heading
                        : whole                ? whole
                                               : er_note_name(note);
    note->title = er_strdup(title);
    if (!note->title) return er_fail(err, ER_E_NOMEM, "out of memory while reading %s", note->file);
    er_utf8_clean(note->title); /* a file's name may be anything */
    return ER_OK;
}

static enum er_status read_note(struct er_note *note, const char *text, size_t n, struct er_error *err)
{
    enum er_status status = er_text_normalise(text, n, note->file, &note->text, &note->length, err);
    if (status != ER_OK) return status;
    note->whole = er_whole_is(note->file);
    if (note->whole) {
        status = er_whole_block(note, err);
    } else {
        status = er_front_matter_read(note->text, note->length, note->file, &note->front, err);
        if (status == ER_OK)
            status =
                er_fences_find(note->text, note->front.body, note->length, note->file, &note->fences, err);
        if (status == ER_OK)
            status =
                er_quotes_find(note->text, note->front.body, note->length, note->file, &note->quotes, err);
    }
    if (status == ER_OK) status = read_studies(note, err);
    return status == ER_OK ? choose_title(note, err) : status;
}

enum er_status er_note_parse(const char *text, size_t n, const char *file, struct er_note **out,
                             struct er_error *err)
{
    if (n > ER_NOTE_MAX_BYTES)
        return er_fail_at(err, ER_E_LIMIT, file, 0, 0, "%zu bytes; a note has at most %d", n,
                          ER_NOTE_MAX_BYTES);
    struct er_note *note = er_alloc(1, sizeof *note);
    if (note) note->file = er_strdup(file);
    enum er_status status = note && note->file
                                ? read_note(note, text, n, err)
                                : er_fail(err, ER_E_NOMEM, "out of memory while reading %s", file);
    if (status == ER_OK)
        *out = note;
    else
        er_note_free(note);
    return status;
}

void er_note_free(struct er_note *note)
{
    if (!note) return;
    for (int64_t i = 0; note->study && i < note->fences.blocks; i++) er_study_free(note->study[i].study);
    er_free(note->study);
    er_fences_clear(&note->fences);
    er_quotes_clear(&note->quotes);
    er_front_matter_clear(&note->front);
    er_arena_free(note->ids);
    er_free(note->title);
    er_free(note->file);
    er_free(note->text);
    er_free(note);
}

const char *er_note_title(const struct er_note *note)
{
    return note->title;
}

enum er_note_view er_note_view(const struct er_note *note)
{
    return note->front.view;
}

int64_t er_note_studies(const struct er_note *note)
{
    return note->fences.blocks;
}

int64_t er_note_study_line(const struct er_note *note, int64_t i)
{
    return note->fences.block[i].fence;
}

const struct er_study *er_note_study(const struct er_note *note, int64_t i, struct er_error *err)
{
    const struct er_note_study *study = &note->study[i];
    if (!study->study && err) *err = study->error;
    return study->study;
}
