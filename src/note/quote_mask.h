/* quote_mask.h - quoted values in the disguise of plain words, for a parser of Markdown.
 *
 * An expression may hold signs that Markdown knows ("<", "_", "*"). In the disguise what stands between the
 * braces has become letters, of equal length. Braces that begin in code or in a formula are no quoted value;
 * so those whose inside could end a code span, a formula, a cell or a link that began before them are left
 * as they are.
 */
#ifndef ERMINE_NOTE_QUOTE_MASK_H
#define ERMINE_NOTE_QUOTE_MASK_H

#include <stdbool.h>
#include <stddef.h>

/* Whether text[at] is the first of two braces that may open a quoted value, within text[from..to): the last
 * two of several, and not escaped. */
bool er_quote_opens(const char *text, size_t from, size_t at, size_t to);

/* Disguises the quoted values of text[0..n), a copy of a note's body. Cost: linear. */
void er_quote_mask(char *text, size_t n);

#endif
