/* nesting.h - the marks of lists and quotes in front of a line, and bounds on what md4c does not take in linear
 * time.
 *
 * It looks at every open list item on every blank line, so that its time is lines times depth; and for every
 * closing bracket it walks through the lines of the paragraph. Both are bounded before it reads a note.
 */
#ifndef ERMINE_NOTE_NESTING_H
#define ERMINE_NOTE_NESTING_H

#include <ermine/status.h>

/* Bytes of line[0..n) before its content: blanks, ">" and list marks followed by a blank. *depth (may be
 * NULL): at least as many as the lists and quotes that the line's last mark can be in, which is the marks and
 * half the blanks. */
size_t er_nesting_prefix(const char *line, size_t n, int64_t *depth);

/* Lines times closing brackets of a stretch without a blank line: half a second of md4c's time. */
enum { ER_NESTING_MAX_BRACKETS = 300000000 };

/* ER_E_LIMIT, with its line, when a line of text[body..n) could be in more than `limit` lists and quotes, or ends a
 * stretch with more brackets than the above. */
enum er_status er_nesting_check(const char *text, size_t body, size_t n, int64_t limit, const char *file,
                                struct er_error *err);

#endif
