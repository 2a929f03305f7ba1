/* utf8.h - reading UTF-8 (RFC 3629), and the text model of a note: valid UTF-8, lines ended by LF, no BOM, no
 * NUL.
 */
#ifndef ERMINE_NOTE_UTF8_H
#define ERMINE_NOTE_UTF8_H

#include <ermine/status.h>

/* The bytes of the character at the start of `text` (1 to 4, its number in *character), or 0 when they are
 * not UTF-8: overlong, a surrogate, above U+10FFFF, cut off. n >= 1. */
size_t er_utf8_next(const char *text, size_t n, uint32_t *character);

/* Writes a character (at most U+10FFFF, no surrogate) to `out`; its length in bytes. */
size_t er_utf8_put(uint32_t character, char out[4]);

/* Characters in the first n bytes of valid UTF-8. */
int64_t er_utf8_count(const char *text, size_t n);

/* Makes every byte of a NUL-terminated text that is not UTF-8 a question mark. */
void er_utf8_clean(char *text);

/* The text as notes are read: one leading U+FEFF dropped, CRLF and lone CR made LF, U+0000 made U+FFFD. *out
 * is NUL-terminated and freed by er_free(). ER_E_INPUT with line and column where it is not UTF-8;
 * ER_E_NOMEM. */
enum er_status er_text_normalise(const char *text, size_t n, const char *file, char **out, size_t *length,
                                 struct er_error *err);

#endif
