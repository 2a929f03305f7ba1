/* section.h - a study on the page: figures with their data, how they were computed, the study's text; or its
 * error.
 */
#ifndef ERMINE_NOTE_SECTION_H
#define ERMINE_NOTE_SECTION_H

#include "note/content.h"
#include "note/figure.h"
#include "note/problem.h"

/* A page stays below 5 MB besides the note's text: script, style and figures, which share FIGURES bytes. The text
 * is ER_NOTE_MAX_BYTES at most before it is escaped. */
enum {
    ER_PAGE_FIGURES_BYTES = 2800 * 1024,
    ER_PAGE_FIGURE_MOST = 600 * 1024, /* of one figure: half of it is drawn, half are its data */
    ER_PAGE_FIGURE_LEAST = 12 * 1024, /* of one figure, in a note of hundreds of them */
    ER_PAGE_TABLE_ROWS = 200          /* of a figure's data, as a table */
};

/* What each figure of a note may have: the same for all, more where others need less. `result`: one for each
 * study. ER_E_NOMEM. */
enum er_status er_page_share(const struct er_note *note, const struct er_note_result *result, size_t *share,
                             struct er_error *err);

/* Appends the section of study i, whose figures have `share` bytes each. A figure that cannot be drawn shows
 * its error in its place, and is added to `problems`. ER_E_NOMEM. */
enum er_status er_section_write(const struct er_note *note, int64_t i, const struct er_note_result *result,
                                size_t share, struct er_buffer *html, struct er_problems *problems,
                                struct er_error *err);

/* Where a figure's data come from. */
struct er_data_place {
    const char *id, *file,
        *study; /* of the figure; of the note; the study's name when the note has several */
};

/* Appends a figure's data, about `bytes` at most: as a table, and as CSV in a link that saves it under the
 * figure's id. */
enum er_status er_data_write(const struct er_drawing *drawing, size_t bytes,
                             const struct er_data_place *place, struct er_buffer *html, struct er_error *err);

#endif
