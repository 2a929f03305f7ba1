/* number.h - numbers read to their last character or refused, and the nearest of a list of words.
 *
 * A number is an optional sign, digits, an optional point with digits, an optional exponent: the C locale's
 * form, whatever the locale. No hexadecimal, no "inf", no "nan", no blanks, no thousands separators.
 * ".5" and "5." are numbers, as in YAML 1.2 and in many tables. All functions: any thread.
 */
#ifndef ERMINE_CORE_NUMBER_H
#define ERMINE_CORE_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

/* True and *out, correctly rounded, when the whole text is a finite number; a number too small for a double
 * is 0, one too large is refused. *out is untouched otherwise. */
bool er_number_real(const char *text, double *out);

/* True and *out when the whole text is a decimal integer within int64_t; "1e3" and "4.0" are not integers. */
bool er_number_integer(const char *text, int64_t *out);

/* The shortest correctly rounded decimal text that reads back as exactly `value`, written to out, which is
 * returned. Part of run keys: never change its form. Plain digits for 1e-4 <= |value| < 1e16 (0.0001, 100000,
 * 9007199254740992), else one digit before the point and a bare exponent (1e-5, 1.5e16); no zeros at the end;
 * -0 is "0"; "inf", "-inf" and "nan" are written and do not read back. */
enum { ER_NUMBER_TEXT = 32 };
char *er_number_text(double value, char out[ER_NUMBER_TEXT]);

/* The word of `words` (n of them) nearest to `word` by edit distance (insert, delete, replace, swap
 * neighbours; upper and lower case are equal), or NULL when none is within (length + 1) / 3 edits: a hint
 * that is far off is worse than none. Of words equally near the first. Words longer than 64 bytes are not
 * looked at. */
const char *er_nearest(const char *word, const char *const *words, int64_t n);

#endif
