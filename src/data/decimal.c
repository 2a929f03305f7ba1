/* decimal.c - numbers inside a text.
 *
 *     d_1 ... d_a . d_a+1 ... d_b = m / 10^(b - a)        m an integer below 10^15
 *
 * Both m and 10^(b - a), up to 10^15, are exact in double precision, so that the one division rounds
 * correctly (W. D. Clinger, "How to read floating point numbers accurately", PLDI 1990). Any other form is
 * left to er_number_real().
 */
#include "data/decimal.h"

#include "core/number.h"

#include <string.h>

enum { SHORT_DIGITS = 15, LONGEST = 400 };

static bool read_long(const char *text, size_t n, double *out)
{
    char copy[LONGEST + 1];
    if (n > LONGEST || memchr(text, '\0', n)) return false;
    memcpy(copy, text, n);
    copy[n] = '\0';
    return er_number_real(copy, out);
}

bool er_decimal_read(const char *text, size_t n, double *out)
{
    static const double power[] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                   1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
    const bool negative = n > 0 && text[0] == '-';
    long long mantissa = 0;
    int digits = 0, behind = -1; /* digits behind the point; -1: no point */
    for (size_t i = negative; i < n; i++) {
        if (text[i] == '.' && behind < 0) {
            behind = 0;
            continue;
        }
        if (text[i] < '0' || text[i] > '9' || digits == SHORT_DIGITS) return read_long(text, n, out);
        mantissa = 10 * mantissa + (text[i] - '0');
        digits++;
        behind += behind >= 0;
    }
    if (digits == 0) return false;
    const double value = (double)mantissa / power[behind < 0 ? 0 : behind];
    *out = negative ? -value : value;
    return true;
}
