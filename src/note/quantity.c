/* quantity.c - a measured number as it is written in prose.
 *
 * Numbers are rounded once, from binary to decimal digits, and then only moved: 0.29 as per cent is 29 and
 * not 28.999999999999996.
 */
#include "note/quantity.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define THIN       "\xe2\x80\xaf" /* U+202F */
#define SPACE      "\xc2\xa0"     /* U+00A0 */
#define MINUS      "\xe2\x88\x92" /* U+2212 */
#define TIMES      "\xc3\x97"     /* U+00D7 */
#define PLUS_MINUS "\xc2\xb1"     /* U+00B1 */

enum { MOST_DIGITS = 40 };

/* digit[0].digit[1]digit[2]... x 10^exponent, without sign; 0 is the one digit 0. */
struct decimal {
    char digit[MOST_DIGITS];
    int n, exponent;
};

/* |value| rounded to n significant digits. Only digits and exponent are taken from printf: its point belongs
 * to the locale. */
static struct decimal round_digits(double value, int n)
{
    char text[MOST_DIGITS + 16];
    struct decimal d = {0};
    snprintf(text, sizeof text, "%.*e", n - 1, fabs(value));
    const char *s = text;
    for (; *s != 'e'; s++)
        if (*s >= '0' && *s <= '9') d.digit[d.n++] = *s;
    d.exponent = (int)strtol(s + 1, NULL, 10);
    return d;
}

/* |value| rounded to a multiple of 10^place. */
static struct decimal round_place(double value, int place)
{
    const struct decimal whole = round_digits(value, 17);
    int n = whole.exponent - place + 1;
    if (n > MOST_DIGITS) n = MOST_DIGITS;
    if (n > 0 && value != 0) return round_digits(value, n);
    const bool up = n == 0 && whole.digit[0] >= '5';
    return (struct decimal){.digit = {up ? '1' : '0'}, .n = 1, .exponent = place};
}

/* The place of the last digit that is not 0. */
static int last_place(const struct decimal *d)
{
    int n = d->n;
    while (n > 1 && d->digit[n - 1] == '0') n--;
    return d->exponent - n + 1;
}

static bool is_zero(const struct decimal *d)
{
    return strspn(d->digit, "0") == (size_t)d->n;
}

/* The digit at 10^place. */
static char digit_at(const struct decimal *d, int place)
{
    const int i = d->exponent - place;
    return (char)(i >= 0 && i < d->n ? d->digit[i] : '0');
}

/* Digits from the first, at least that of 1, to the one at `place`. */
static void write_digits(struct er_buffer *out, const struct decimal *d, int place)
{
    const int first = d->exponent > 0 && !is_zero(d) ? d->exponent : 0;
    for (int at = first; at >= 0; at--) {
        er_buffer_char(out, digit_at(d, at));
        if (at > 0 && at % 3 == 0 && first >= 4) er_buffer_text(out, THIN);
    }
    if (place < 0) er_buffer_char(out, '.');
    for (int at = -1; at >= place; at--) er_buffer_char(out, digit_at(d, at));
}

static void write_power(struct er_buffer *out, int exponent)
{
    static const char *const raised[] = {"\xe2\x81\xb0", "\xc2\xb9",     "\xc2\xb2",     "\xc2\xb3",
                                         "\xe2\x81\xb4", "\xe2\x81\xb5", "\xe2\x81\xb6", "\xe2\x81\xb7",
                                         "\xe2\x81\xb8", "\xe2\x81\xb9"};
    char text[16];
    snprintf(text, sizeof text, "%d", exponent);
    er_buffer_text(out, THIN TIMES THIN "10");
    for (const char *c = text; *c; c++) er_buffer_text(out, *c == '-' ? "\xe2\x81\xbb" : raised[*c - '0']);
}

/* Units of more than three bytes that are no ratio of two units are words. */
static bool in_words(const char *unit)
{
    return strlen(unit) > 3 && !strchr(unit, '/');
}

/* "1 epoch", "2 epochs" */
static void write_unit(struct er_buffer *out, const char *unit, bool one)
{
    if (!unit[0]) return;
    const size_t n = strlen(unit);
    er_buffer_text(out, in_words(unit) ? SPACE : THIN);
    er_buffer_add(out, unit, one && in_words(unit) && unit[n - 1] == 's' ? n - 1 : n);
}

/* The decimals of a quantity and the place of the last digit that is written. */
struct rounded {
    struct decimal value, uncertainty;
    bool uncertain;
    int place;
};

static struct rounded round_freely(double value, int power)
{
    struct rounded r = {.value = round_digits(value, ER_QUANTITY_MAX_DIGITS)};
    r.place = last_place(&r.value);
    const bool whole = r.place + power >= 0 && r.value.exponent + power < ER_QUANTITY_MAX_DIGITS;
    if (whole) {
        r.place = -power;
    } else if (r.value.exponent - r.place >= 3) {
        r.value = round_digits(value, 3);
        r.place = r.value.exponent - 2;
        if (r.place + power > 0 && r.value.exponent + power < 6) {
            r.place = -power;
            r.value = round_place(value, r.place);
        }
    }
    return r;
}

static struct rounded round_quantity(const struct er_quantity *q)
{
    struct rounded r = {.place = 0};
    switch (q->rule) {
    case ER_DIGITS:
        r.value = round_digits(q->value, q->digits);
        r.place = r.value.exponent - q->digits + 1;
        return r;
    case ER_DECIMALS:
        r.place = -q->digits - q->power;
        r.value = round_place(q->value, r.place);
        return r;
    case ER_DIGITS_BY_VALUE:
        break;
    }
    if (!(q->uncertainty > 1e-12 * fabs(q->value))) return round_freely(q->value, q->power);
    r.uncertain = true;
    r.uncertainty = round_digits(q->uncertainty, 2);
    r.place = r.uncertainty.exponent - 1;
    r.value = round_place(q->value, r.place);
    return r;
}

void er_quantity_write(struct er_buffer *out, const struct er_quantity *quantity)
{
    struct rounded r = round_quantity(quantity);
    const bool zero = is_zero(&r.value);
    r.value.exponent += quantity->power;
    r.uncertainty.exponent += quantity->power;
    r.place += quantity->power;
    int first = zero ? r.place : r.value.exponent;
    if (r.uncertain && r.uncertainty.exponent > first) first = r.uncertainty.exponent;
    const bool powered = quantity->rule != ER_DECIMALS && !(zero && !r.uncertain) &&
                         (first < -3 || first >= ER_QUANTITY_MAX_DIGITS || (first > 5 && r.place > 0));
    if (powered) {
        r.value.exponent -= first;
        r.uncertainty.exponent -= first;
        r.place -= first;
    }
    const size_t begin = out->length;
    if (powered && r.uncertain) er_buffer_char(out, '(');
    if (quantity->value < 0 && !zero) er_buffer_text(out, MINUS);
    write_digits(out, &r.value, r.place);
    if (r.uncertain) {
        er_buffer_text(out, THIN PLUS_MINUS THIN);
        write_digits(out, &r.uncertainty, r.place);
        if (powered) er_buffer_char(out, ')');
    }
    if (powered) write_power(out, first);
    const bool one = out->status == ER_OK && out->length == begin + 1 && out->data[begin] == '1';
    write_unit(out, quantity->unit, one);
}
