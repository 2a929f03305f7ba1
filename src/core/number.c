/* number.c - numbers to and from text, the same in every locale.
 *
 *     number = [+-] (digit+ [. digit*] | . digit+) [(e|E) [+-] digit+]
 *
 * The form is checked here; the digits are then read by strtod in the C locale, which rounds correctly.
 */
#define _GNU_SOURCE /* strtod_l */
#include "core/number.h"

#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *skip_sign(const char *s)
{
    return *s == '+' || *s == '-' ? s + 1 : s;
}

/* Behind one or more digits; NULL when there is none. */
static const char *skip_digits(const char *s)
{
    if (*s < '0' || *s > '9') return NULL;
    while (*s >= '0' && *s <= '9') s++;
    return s;
}

static bool has_form(const char *text)
{
    const char *start = skip_sign(text), *s = skip_digits(start);
    if (!s && *start == '.')
        s = skip_digits(start + 1);
    else if (s && *s == '.')
        s = skip_digits(s + 1) ? skip_digits(s + 1) : s + 1;
    if (s && (*s == 'e' || *s == 'E')) s = skip_digits(skip_sign(s + 1));
    return s && *s == '\0';
}

bool er_number_real(const char *text, double *out)
{
    if (!has_form(text)) return false;
    locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (!c) return false;
    double value = strtod_l(text, NULL, c);
    freelocale(c);
    if (!isfinite(value)) return false;
    *out = value;
    return true;
}

bool er_number_integer(const char *text, int64_t *out)
{
    const char *s = skip_sign(text);
    const char *end = skip_digits(s);
    if (!end || *end) return false;
    const bool negative = *text == '-';
    int64_t value = 0; /* built downwards: the negative range is the larger one */
    for (; s < end; s++)
        if (__builtin_mul_overflow(value, 10, &value) || __builtin_sub_overflow(value, *s - '0', &value))
            return false;
    if (!negative && __builtin_sub_overflow(0, value, &value)) return false;
    *out = value;
    return true;
}

/* A decimal number d[0].d[1]d[2]... 10^exponent of `n` digits without zeros at its end. */
struct decimal {
    char digit[18];
    int n, exponent;
};

/* `value` > 0 rounded to n digits. Only digits and the exponent are taken from printf: its point belongs to
 * the locale. */
static struct decimal round_to(double value, int n)
{
    char text[64];
    snprintf(text, sizeof text, "%.*e", n - 1, value);
    struct decimal d = {0};
    const char *s = text;
    for (; *s != 'e'; s++)
        if (*s >= '0' && *s <= '9') d.digit[d.n++] = *s;
    d.exponent = (int)strtol(s + 1, NULL, 10);
    while (d.n > 1 && d.digit[d.n - 1] == '0') d.n--;
    return d;
}

static void put(char **to, const char *from, int n)
{
    memcpy(*to, from, (size_t)n);
    *to += n;
    **to = '\0';
}

static void put_zeros(char **to, int n)
{
    for (; n > 0; n--) put(to, "0", 1);
}

static void write_decimal(const struct decimal *d, char *to)
{
    *to = '\0';
    if (d->exponent < -4 || d->exponent > 15) {
        put(&to, d->digit, 1);
        if (d->n > 1) put(&to, ".", 1);
        put(&to, d->digit + 1, d->n - 1);
        snprintf(to, 8, "e%d", d->exponent);
        return;
    }
    const int whole = d->exponent + 1; /* digits before the point; 0 or less: zeros behind it first */
    if (whole <= 0) put(&to, "0", 1);
    put(&to, d->digit, whole <= 0 ? 0 : whole < d->n ? whole : d->n);
    put_zeros(&to, whole - d->n);
    if (d->n <= whole) return;
    put(&to, ".", 1);
    put_zeros(&to, -whole);
    const int done = whole > 0 ? whole : 0;
    put(&to, d->digit + done, d->n - done);
}

char *er_number_text(double value, char out[ER_NUMBER_TEXT])
{
    char *to = out;
    if (value < 0) *to++ = '-';
    value = fabs(value);
    if (value == 0 || !isfinite(value)) {
        put(&to, value == 0 ? "0" : isnan(value) ? "nan" : "inf", value == 0 ? 1 : 3);
        return out;
    }
    /* Every decimal of 15 digits survives a normal double, so none shorter is missed; subnormals hold fewer.
     */
    for (int n = value < DBL_MIN ? 1 : 15; n <= 17; n++) {
        struct decimal d = round_to(value, n);
        write_decimal(&d, to);
        double back;
        if (er_number_real(to, &back) && back == value) break;
    }
    return out;
}
