/* quote.c - white space and errors within a quoted value. */
#include "note/quote.h"

#include "note/utf8.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

size_t er_quote_blank(const char *text)
{
    uint32_t c;
    const size_t n = text[0] ? er_utf8_next(text, strnlen(text, 4), &c) : 0;
    const bool blank = n > 0 && (c == ' ' || (c >= '\t' && c <= '\r') || c == 0xa0 || c == 0x1680 ||
                                 (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f ||
                                 c == 0x205f || c == 0x3000 || c == 0xfeff);
    return blank ? n : 0;
}

struct er_quote er_quote_of(const char *text, const char *file)
{
    struct er_quote quote = {.key = text, .text = text, .file = file, .line = 1, .column = 1};
    for (int i = 0; i < ER_QUOTE_MAX_LINES; i++) quote.first[i] = 1;
    return quote;
}

enum er_status er_quote_fail(const struct er_quote *quote, size_t at, struct er_error *err,
                             const char *format, ...)
{
    char message[sizeof err->msg];
    int64_t line = 0;
    size_t start = 0;
    for (const char *end;
         line + 1 < ER_QUOTE_MAX_LINES && (end = memchr(quote->text + start, '\n', at - start)); line++)
        start = (size_t)(end - quote->text) + 1;
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    return er_fail_at(err, ER_E_INPUT, quote->file, quote->line + line,
                      quote->first[line] + er_utf8_count(quote->text + start, at - start), "%s", message);
}
