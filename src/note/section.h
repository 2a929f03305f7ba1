/* section.h - a study on the page: figures with their data, how they were computed, the study's text; or its
 * error.
 */
#ifndef ERMINE_NOTE_SECTION_H
#define ERMINE_NOTE_SECTION_H

#include "note/content.h"
#include "note/problem.h"

enum {
    ER_PAGE_TABLE_ROWS = 200,      /* of a figure's data, on the page */
    ER_PAGE_CSV_BYTES = 200 * 1024 /* of a figure's data, in its CSV link */
};

/* Appends the section of study i. A figure that cannot be drawn shows its error in its place, and is added
 * to `problems`. ER_E_NOMEM. */
enum er_status er_section_write(const struct er_note *note, int64_t i, const struct er_note_result *result,
                                struct er_buffer *html, struct er_problems *problems, struct er_error *err);

/* Appends a figure's data: its first rows as a table, and a link that holds it as CSV. `name` is the file's
 * name. */
enum er_status er_data_write(const struct er_table *data, const char *const *title, const char *name,
                             struct er_buffer *html, struct er_error *err);

#endif
