/* shown.h - text from outside made fit for one line of a message. */
#ifndef ERMINE_DATA_SHOWN_H
#define ERMINE_DATA_SHOWN_H

#include <stdbool.h>
#include <stddef.h>

/* The length (1 to 4) of the UTF-8 character that the n >= 1 bytes at `text` begin with; 0 when they begin
 * with none: a stray or missing continuation byte, an overlong form, a surrogate, a value beyond U+10FFFF. */
size_t er_utf8_length(const char *text, size_t n);

/* All n bytes are UTF-8 without control characters (tab and line ends among them). */
bool er_text_plain(const char *text, size_t n);

/* In place: "?" for every byte that is not of a plain character. */
void er_text_tame(char *text);

/* The first bytes of `text` with "?" for what is not plain, and "..." when it is cut; returns out. */
enum { ER_SHOWN = 48 };
char *er_text_shown(const char *text, size_t n, char out[ER_SHOWN]);

#endif
