/* number.h - numbers read to their last character or refused, and the nearest of a list of words.
 *
 * A number is an optional sign, digits, an optional point with digits, an optional exponent: the C locale's
 * form, whatever the locale. No hexadecimal, no "inf", no "nan", no blanks, no thousands separators.
 */
#ifndef ERMINE_CORE_NUMBER_H
#define ERMINE_CORE_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

/* True and *out when the whole text is a finite number. */
bool er_number_real(const char *text, double *out);

/* True and *out when the whole text is a decimal integer within int64_t; "1e3" and "4.0" are not integers. */
bool er_number_integer(const char *text, int64_t *out);

/* The shortest decimal text that reads back as exactly `value`, written to out. "1e-05"-free: 0.00001 ->
 * "1e-5". */
enum { ER_NUMBER_TEXT = 32 };
char *er_number_text(double value, char out[ER_NUMBER_TEXT]);

/* The word of `words` (n of them) nearest to `word` by edit distance (insert, delete, replace, swap
 * neighbours), or NULL when none is within about a third of its length: a hint that is far off is worse than
 * none. */
const char *er_nearest(const char *word, const char *const *words, int64_t n);

#endif
