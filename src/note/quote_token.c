/* quote_token.c - the words and signs of a quoted value. */
#include "note/quote_token.h"

#include "note/quote_read.h"
#include "note/utf8.h"

#include <string.h>

const char *const er_comparison_name[ER_COMPARISONS] = {"=", "!=", "<", "<=", ">", ">="};

static bool letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.' || c == '+' || (unsigned char)c >= 0x80;
}

/* Bytes of the word at the start of a text, 0 when none is there. */
static size_t word_length(const char *text)
{
    size_t n = 0;
    while ((letter(text[n]) && er_quote_blank(text + n) == 0) || (text[n] == '-' && letter(text[n + 1]))) n++;
    return n;
}

/* The comparison at the start of a text, -1 when none is there. */
static int comparison(const char *text)
{
    int found = -1;
    for (int i = 0; i < ER_COMPARISONS; i++) {
        const size_t n = strlen(er_comparison_name[i]);
        if (strncmp(text, er_comparison_name[i], n) == 0 &&
            (found < 0 || n > strlen(er_comparison_name[found])))
            found = i;
    }
    return found;
}

static enum er_status no_memory(struct er_error *err)
{
    return er_fail(err, ER_E_NOMEM, "out of memory while reading a quoted value");
}

static enum er_status take(const char *text, size_t n, struct er_arena *memory, struct er_quote_token *out,
                           struct er_error *err)
{
    out->text = er_arena_strndup(memory, text, n);
    return out->text ? ER_OK : no_memory(err);
}

/* Whether the character is a sign of its own. "+" is one in a rule where it is no part of a number. */
static bool is_sign(const struct er_quote *quote, const char *at)
{
    if (quote->rule && *at == '+') return !letter(at[1]) || er_quote_blank(at + 1) > 0;
    return strchr(quote->rule ? ":,-/%*()" : ":,-/%", *at) != NULL;
}

enum er_status er_quote_token(const struct er_quote *quote, size_t at, struct er_arena *memory,
                              struct er_quote_token *out, struct er_error *err)
{
    const char *text = quote->text;
    for (size_t bytes; (bytes = er_quote_blank(text + at)) > 0;) at += bytes;
    *out = (struct er_quote_token){.at = at, .text = "the end"};
    size_t n = word_length(text + at);
    out->comparison = comparison(text + at);
    if (text[at] == '\0') {
        n = 0;
    } else if (is_sign(quote, text + at) && (text[at] == '+' || n == 0)) {
        out->sign = ER_SIGN_OTHER;
        out->other = text[at];
        n = 1;
    } else if (n > 0) {
        out->sign = ER_SIGN_WORD;
    } else if (out->comparison >= 0) {
        out->sign = ER_SIGN_COMPARISON;
        n = strlen(er_comparison_name[out->comparison]);
    } else if (text[at] == '"' || text[at] == '\'') {
        const char *end = strchr(text + at + 1, text[at]);
        if (!end) return er_quote_fail(quote, at, err, "a quotation mark that is not closed");
        out->sign = ER_SIGN_TEXT;
        out->end = (size_t)(end - text) + 1;
        return take(text + at + 1, out->end - at - 2, memory, out, err);
    } else {
        uint32_t character;
        const size_t bytes = er_utf8_next(text + at, strlen(text + at), &character);
        return er_quote_fail(quote, at, err, "\"%.*s\" has no meaning in a %s", bytes > 0 ? (int)bytes : 1,
                             text + at, quote->rule ? "rule" : "quoted value");
    }
    out->end = at + n;
    return n > 0 ? take(text + at, n, memory, out, err) : ER_OK;
}
