/* decimal.h - a number inside a text, where no NUL stands behind it. */
#ifndef ERMINE_DATA_DECIMAL_H
#define ERMINE_DATA_DECIMAL_H

#include <stdbool.h>
#include <stddef.h>

/* As er_number_real() of the n bytes at `text`: true and *out, correctly rounded, when all of them are a
 * finite number; more than 400 bytes are none. Short ones ("4", "3.5", "-12.25") take some nanoseconds. */
bool er_decimal_read(const char *text, size_t n, double *out);

#endif
