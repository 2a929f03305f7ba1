/* mathblock.h - display formulas as blocks (notes-syntax section 9.2), which md4c does not know.
 *
 * A line that starts with $$ opens a formula; it ends with the same line, or with the first later line that
 * ends with $$, blank lines included. A code fence ends the search, so that an unclosed $$ swallows no study; and
 * a first line with another $$ before its end is prose that begins with a formula. web/src/note/rules/math_block.ts
 * is the same rule. md4c reads a copy of the note in which a formula looks like an HTML block of the form
 * <? ... ?>, which is exactly as long, may hold blank lines and may interrupt a paragraph. A $$ inside a code
 * block does no harm: md4c calls it code, and what it hands over is looked up in the note itself.
 */
#ifndef ERMINE_NOTE_MATHBLOCK_H
#define ERMINE_NOTE_MATHBLOCK_H

#include <stddef.h>

/* Disguises the formulas of text[0..n), which equals the note's body. Cost: linear. */
void er_math_mask(char *text, size_t n);

#endif
