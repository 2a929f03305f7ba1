/* page_data.h - what the page's script is told of a note, as JSON. */
#ifndef ERMINE_NOTE_PAGE_DATA_H
#define ERMINE_NOTE_PAGE_DATA_H

#include "note/content.h"
#include "note/problem.h"

/* Appends the JSON object, safe inside a script element: file, version, title, values (of prose, by the text
 * between the braces), pictures, book (of problems->options). Values that cannot be measured and pictures that cannot be
 * shown are added to `problems`. ER_E_NOMEM. */
enum er_status er_page_data_write(const struct er_note *note, const struct er_note_result *result,
                                  struct er_buffer *html, struct er_problems *problems, struct er_error *err);

#endif
