/* note.c - a note is read: text, front matter, prose, studies, names. */
#include "note/content.h"

#include "note/utf8.h"

#include <ermine/memory.h>
#include <inttypes.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

static bool is_yaml(const char *file)
{
    const char *dot = strrchr(file, '.');
    return dot && (strcasecmp(dot, ".yaml") == 0 || strcasecmp(dot, ".yml") == 0);
}

/* A study without prose: a note whose one block is the whole text. */
static enum er_status whole_study(struct er_note *note, struct er_error *err)
{
    struct er_prose *prose = &note->prose;
    prose->html = er_strdup("");
    prose->block = er_alloc(1, sizeof *prose->block);
    char *text = er_strdup(note->text);
    if (!prose->html || !prose->block || !text) {
        er_free(text);
        return er_fail(err, ER_E_NOMEM, "out of memory while reading %s", note->file);
    }
    prose->block[0] = (struct er_block){.text = text, .length = note->length, .line = 1};
    prose->blocks = 1;
    return ER_OK;
}

static enum er_status read_study(struct er_note *note, int64_t i, struct er_error *err)
{
    const struct er_block *block = &note->prose.block[i];
    struct er_note_study *study = &note->study[i];
    struct er_study_origin origin = {
        .file = note->file, .line = block->line, .column = block->column, .n_column = block->lines};
    enum er_status status = er_study_parse(block->text, block->length, &origin, &study->study, &study->error);
    if (status == ER_E_NOMEM) return er_fail(err, status, "out of memory while reading %s", note->file);
    if (status != ER_OK)
        er_error_place(&study->error, note->file, block->line, block->column ? block->column[0] : 1);
    return ER_OK;
}

static enum er_status check_names(const struct er_note *note, struct er_error *err)
{
    for (int64_t i = 0; i < note->prose.blocks; i++)
        for (int64_t j = 0; j < i && note->study[i].study; j++) {
            if (!note->study[j].study) continue;
            const char *name = er_study_name(note->study[i].study);
            if (strcmp(name, er_study_name(note->study[j].study)) == 0)
                return er_fail_at(err, ER_E_INPUT, note->file, note->prose.block[i].line, 1,
                                  "two studies are called \"%s\": on lines %" PRId64 " and %" PRId64, name,
                                  note->prose.block[j].line, note->prose.block[i].line);
        }
    return ER_OK;
}

/* Ids of sections and figures, after those of the headings: study-NAME, NAME-1, NAME-2, ... */
static enum er_status give_ids(struct er_note *note, struct er_note_study *study, struct er_error *err)
{
    struct er_buffer id = {0};
    const char *name = study->study ? er_study_name(study->study) : "in-error";
    int64_t figures = 0;
    if (study->study) er_study_figures(study->study, &figures);
    study->figure = er_alloc(figures, sizeof *study->figure);
    er_buffer_format(&id, "study-%s", name);
    if (!study->figure || id.status != ER_OK) goto fail;
    if (er_ids_give(note->ids, id.data, id.length, &study->id, NULL) != ER_OK) goto fail;
    for (int64_t i = 0; i < figures; i++) {
        id.length = 0;
        er_buffer_format(&id, "%s-%" PRId64, name, i + 1);
        if (id.status != ER_OK) goto fail;
        if (er_ids_give(note->ids, id.data, id.length, &study->figure[i], NULL) != ER_OK) goto fail;
    }
    er_buffer_clear(&id);
    return ER_OK;
fail:
    er_buffer_clear(&id);
    return er_fail(err, ER_E_NOMEM, "out of memory while reading %s", note->file);
}

static enum er_status choose_title(struct er_note *note, struct er_error *err)
{
    const char *slash = strrchr(note->file, '/');
    const struct er_study *study =
        note->prose.blocks == 1 && is_yaml(note->file) ? note->study[0].study : NULL;
    const char *whole = study && er_study_title(study) ? er_study_title(study) : NULL;
    if (study && !whole) whole = er_study_name(study);
    const char *title = note->front.title     ? note->front.title
                        : note->prose.heading ? note->prose.heading
                        : whole               ? whole
                        : slash               ? slash + 1
                                              : note->file;
    note->title = er_strdup(title);
    return note->title ? ER_OK : er_fail(err, ER_E_NOMEM, "out of memory while reading %s", note->file);
}

enum er_status er_note_parse(const char *text, size_t n, const char *file, struct er_note **out,
                             struct er_error *err)
{
    if (n > ER_NOTE_MAX_BYTES)
        return er_fail_at(err, ER_E_LIMIT, file, 0, 0, "%zu bytes; a note has at most %d", n,
                          ER_NOTE_MAX_BYTES);
    enum er_status status = ER_E_NOMEM;
    struct er_note *note = er_alloc(1, sizeof *note);
    if (!note || !(note->file = er_strdup(file))) {
        er_fail(err, status, "out of memory while reading %s", file);
        goto fail;
    }
    if ((status = er_ids_new(&note->ids, err)) != ER_OK) goto fail;
    if ((status = er_text_normalise(text, n, file, &note->text, &note->length, err)) != ER_OK) goto fail;
    if (is_yaml(file)) {
        if ((status = whole_study(note, err)) != ER_OK) goto fail;
    } else {
        status = er_front_matter_read(note->text, note->length, note->file, &note->front, err);
        if (status != ER_OK) goto fail;
        status = er_prose_render(note->text, note->front.body, note->length, note->file, note->ids,
                                 &note->prose, err);
        if (status != ER_OK) goto fail;
    }
    note->study = er_alloc(note->prose.blocks, sizeof *note->study);
    if (!note->study) {
        status = er_fail(err, ER_E_NOMEM, "out of memory while reading %s", file);
        goto fail;
    }
    for (int64_t i = 0; i < note->prose.blocks; i++)
        if ((status = read_study(note, i, err)) != ER_OK) goto fail;
    if ((status = check_names(note, err)) != ER_OK) goto fail;
    for (int64_t i = 0; i < note->prose.blocks; i++)
        if ((status = give_ids(note, &note->study[i], err)) != ER_OK) goto fail;
    if ((status = choose_title(note, err)) != ER_OK) goto fail;
    *out = note;
    return ER_OK;
fail:
    er_note_free(note);
    return status;
}

void er_note_free(struct er_note *note)
{
    if (!note) return;
    for (int64_t i = 0; note->study && i < note->prose.blocks; i++) {
        er_study_free(note->study[i].study);
        er_free(note->study[i].figure);
    }
    er_free(note->study);
    er_prose_clear(&note->prose);
    er_free(note->front.title);
    er_ids_free(note->ids);
    er_free(note->title);
    er_free(note->file);
    er_free(note->text);
    er_free(note);
}

const char *er_note_title(const struct er_note *note)
{
    return note->title;
}

int64_t er_note_studies(const struct er_note *note)
{
    return note->prose.blocks;
}

const struct er_study *er_note_study(const struct er_note *note, int64_t i, struct er_error *err)
{
    const struct er_note_study *study = &note->study[i];
    if (!study->study && err) *err = study->error;
    return study->study;
}
