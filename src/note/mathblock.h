/* mathblock.h - display formulas as blocks (notes-syntax section 9.2), which md4c does not know.
 *
 * A line that starts with $$ opens a formula; it ends with the same line, or with the first later line that
 * ends with $$, blank lines included. md4c reads a copy of the note in which such a formula looks like an
 * HTML block of the form
 * <? ... ?>, which is exactly as long, may hold blank lines and may interrupt a paragraph; what it then hands
 * over is looked up in the note itself. A $$ inside a code block comes back as it was, since md4c calls it
 * code.
 */
#ifndef ERMINE_NOTE_MATHBLOCK_H
#define ERMINE_NOTE_MATHBLOCK_H

#include <stddef.h>

/* Disguises the formulas of text[0..n), which equals the note's body. Cost: linear. */
void er_math_mask(char *text, size_t n);

/* What a byte of an HTML block is, from the note's text and its disguise at that byte. */
enum er_math_mark { ER_MATH_NONE, ER_MATH_OPEN, ER_MATH_CLOSE };
static inline enum er_math_mark er_math_mark(char note, char disguise)
{
    if (note != '$' || disguise == '$') return ER_MATH_NONE;
    return disguise == '<' ? ER_MATH_OPEN : disguise == '?' ? ER_MATH_CLOSE : ER_MATH_NONE;
}

#endif
