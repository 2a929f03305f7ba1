/* html.h - text made safe for the places of an HTML page where it is put. Bytes that are not UTF-8 become
 * U+FFFD.
 */
#ifndef ERMINE_NOTE_HTML_H
#define ERMINE_NOTE_HTML_H

#include "core/buffer.h"

/* Text between tags, or in a quoted attribute: & < > " ' as references. */
void er_html_text(struct er_buffer *out, const char *text, size_t n);

/* The same of a NUL-terminated text. */
void er_html_string(struct er_buffer *out, const char *text);

/* Text as the data of a `data:` address in a quoted attribute: all but letters, digits and -._~,
 * percent-encoded. */
void er_html_data(struct er_buffer *out, const char *text);

/* JSON text inside a script element: "<" as \u003c, which inside JSON can only stand in a string. */
void er_html_json(struct er_buffer *out, const char *json);

#endif
