/* buffer.h - a text that grows at its end.
 *
 * The first failure sticks: later appends do nothing, and whoever takes the text asks once at the end. A
 * zeroed struct is an empty buffer; `data` is NUL-terminated whenever it is not NULL.
 */
#ifndef ERMINE_CORE_BUFFER_H
#define ERMINE_CORE_BUFFER_H

#include <ermine/status.h>

struct er_buffer {
    char *data;
    size_t length, capacity;
    enum er_status status; /* ER_OK or ER_E_NOMEM */
};

void er_buffer_add(struct er_buffer *buffer, const char *text, size_t length);
void er_buffer_text(struct er_buffer *buffer, const char *text);
void er_buffer_char(struct er_buffer *buffer, char c);
void er_buffer_format(struct er_buffer *buffer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Hands the text over (freed by er_free(); "" when nothing was added) and leaves the buffer empty. On an
 * earlier failure: frees everything, ER_E_NOMEM. */
enum er_status er_buffer_take(struct er_buffer *buffer, char **out, struct er_error *err);

/* Frees the text and empties the buffer. */
void er_buffer_clear(struct er_buffer *buffer);

#endif
