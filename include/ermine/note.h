/* <ermine/note.h> - a note: Markdown with studies in fenced blocks; and the page made of it.
 *
 * A fenced block whose info string starts with the word `ermine` is a study in YAML. Blocks are found by a
 * CommonMark parser (md4c), so that a block inside a longer fence, a comment or indented code is what
 * Markdown says it is.
 */
#ifndef ERMINE_NOTE_H
#define ERMINE_NOTE_H

#include <ermine/store.h>

struct er_note;

enum { ER_NOTE_MAX_BYTES = 4 << 20, ER_NOTE_MAX_STUDIES = 200 };

/**
 * Reads a note. `file` is for messages. Invalid UTF-8, a text over ER_NOTE_MAX_BYTES, two studies of one name
 * are errors of the whole note; an error inside a block is kept with the block (er_note_study()), so that the
 * rest can still run. A file whose name ends in .yaml or .yml is a note that consists of one study.
 */
ER_API enum er_status er_note_parse(const char *text, size_t n, const char *file, struct er_note **out,
                                    struct er_error *err);
ER_API void er_note_free(struct er_note *note);

/** The title: front matter's `title`, else the first level-1 heading, else the title or the name of a
 * study that is the whole note, else the file's name. A study of a note has its own title above its figures.
 */
ER_API const char *er_note_title(const struct er_note *note);

ER_API int64_t er_note_studies(const struct er_note *note);

/** Study i, or NULL when its block is in error: then *err (when not NULL) is that error. */
ER_API const struct er_study *er_note_study(const struct er_note *note, int64_t i, struct er_error *err);

/* What the page says of study i beside its figures. */
struct er_note_result {
    struct er_error error; /* code ER_OK when the study ran; shown in the figures' place otherwise */
    struct er_table runs, curves;
    struct er_provenance provenance;
};

/**
 * The page: one HTML file that needs no network, with prose, figures, their data tables, and how each was
 * computed.
 *
 * @param result  one for each study of the note, in order.
 * @param html    the page, freed by er_free().
 * Errors: ER_E_NOMEM; a figure that names an unknown column is an error at its line, shown in its place on
 * the page and returned as ER_E_INPUT after the page is complete (*html is set then too).
 */
ER_API enum er_status er_note_page(const struct er_note *note, const struct er_note_result *result,
                                   char **html, struct er_error *err);

/** A study's figure as a Vega-Lite specification with its data inline (JSON text, freed by er_free()), and
 * the alternative text that says in words what it shows. */
ER_API enum er_status er_figure_spec(const struct er_figure *figure, const struct er_table *runs,
                                     const struct er_table *curves, char **spec, char **alternative,
                                     struct er_error *err);

#endif
