/* signs.h - texts with typographical signs as plain ones, so that tests can say them.
 */
#ifndef ERMINE_TESTS_SUPPORT_SIGNS_H
#define ERMINE_TESTS_SUPPORT_SIGNS_H

/* Writes `text` to out, at most `size` bytes with the NUL, with "~" for the thin space U+202F, "_" for the
 * no-break space U+00A0, "-" for U+2212, "+-" for U+00B1, "x" for U+00D7, "u" for U+00B5, and "^" before each
 * raised digit or minus. Returns out. */
char *signs_plain(const char *text, char *out, int size);

#endif
