/* ids.c - the ids of studies and figures on the page. */
#include "note/ids.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

static bool is_section(const struct er_note *note, const char *id)
{
    for (int64_t i = 0; i < note->fences.blocks; i++)
        if (strcmp(note->study[i].id, id) == 0) return true;
    return false;
}

/* The text of `id` as one of the note's, or NULL; leaves the buffer empty for the next. */
static const char *keep(struct er_note *note, struct er_buffer *id)
{
    const char *kept = id->status == ER_OK ? er_arena_strndup(note->ids, id->data, id->length) : NULL;
    id->length = 0;
    return kept;
}

static bool give_section(struct er_note *note, int64_t i, struct er_buffer *id)
{
    struct er_note_study *entry = &note->study[i];
    if (entry->study)
        er_buffer_format(id, "study-%s", er_study_name(entry->study));
    else
        er_buffer_format(id, "study--line-%" PRId64, note->fences.block[i].fence);
    entry->id = keep(note, id);
    return entry->id != NULL;
}

static bool give_figures(struct er_note *note, struct er_note_study *entry, struct er_buffer *id)
{
    static const char prefix[] = "study-";
    int64_t figures = 0;
    if (!entry->study) return true;
    const char *name = er_study_name(entry->study);
    const bool alike = strncmp(name, prefix, sizeof prefix - 1) == 0;
    er_study_figures(entry->study, &figures);
    entry->figure = er_arena_alloc(note->ids, figures, sizeof *entry->figure);
    if (!entry->figure) return false;
    for (int64_t f = 0; f < figures; f++) {
        er_buffer_format(id, "%s-%" PRId64, name, f + 1);
        while (alike && id->status == ER_OK && is_section(note, id->data)) er_buffer_text(id, "-figure");
        entry->figure[f] = keep(note, id);
        if (!entry->figure[f]) return false;
    }
    return true;
}

enum er_status er_ids_give(struct er_note *note, struct er_error *err)
{
    struct er_buffer id = {0};
    bool given = er_arena_new((size_t)1 << 30, &note->ids, NULL) == ER_OK;
    for (int64_t i = 0; given && i < note->fences.blocks; i++) given = give_section(note, i, &id);
    for (int64_t i = 0; given && i < note->fences.blocks; i++)
        given = give_figures(note, &note->study[i], &id);
    er_buffer_clear(&id);
    return given ? ER_OK : er_fail(err, ER_E_NOMEM, "out of memory while reading %s", note->file);
}
