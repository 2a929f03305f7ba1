/* quantity.h - a measured number as it is written in prose, such as 90.42 +- 0.31 %.
 *
 * With an uncertainty, the value is rounded where the first two significant digits of the uncertainty end:
 * 0.90418 with 0.0031 is 0.9042 +- 0.0031. Without one, whole numbers below 10^15 and numbers of at most three
 * significant digits are written in full (407 050, 0.25), others rounded to three significant digits (0.332)
 * or to whole numbers where these have more (1235).
 *
 * The minus is U+2212; thin spaces that do not break a line (U+202F) part groups of three digits where there
 * are five or more, stand around the signs of +- and of a power and before a symbol of a unit; a unit in
 * words has a no-break space. Numbers below 10^-3, and those from 10^6 of which not all whole digits are
 * known, have a power of ten.
 */
#ifndef ERMINE_NOTE_QUANTITY_H
#define ERMINE_NOTE_QUANTITY_H

#include "core/buffer.h"

enum { ER_QUANTITY_MAX_DIGITS = 15 };

enum er_digits { ER_DIGITS_BY_VALUE, ER_DIGITS, ER_DECIMALS };

struct er_quantity {
    double value, uncertainty; /* finite; uncertainty 0: none, or none that is seen (below 1e-12 of value) */
    int power;                 /* what is written is the value times 10^power, exactly: 2 for per cent */
    const char *unit;          /* "" for none; in words ("epochs") or a symbol ("%", "s") */
    enum er_digits rule;       /* the last two: `digits` significant digits, or decimals, no uncertainty */
    int digits;
};

void er_quantity_write(struct er_buffer *out, const struct er_quantity *quantity);

#endif
