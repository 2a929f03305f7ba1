/* quote_mask.c - quoted values in the disguise of plain words. */
#include "note/quote_mask.h"

#include "note/nesting.h"

#include <string.h>

static bool blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n';
}

bool er_quote_opens(const char *text, size_t from, size_t at, size_t to)
{
    if (at + 1 >= to || text[at] != '{' || text[at + 1] != '{') return false;
    if (at + 2 < to && text[at + 2] == '{') return false;
    size_t escapes = 0;
    while (at - escapes > from && text[at - escapes - 1] == '\\') escapes++;
    return escapes % 2 == 0;
}

/* The end of what stands between braces and begins at text[at]: a brace, an empty line or the text's end.
 * *plain: nothing in it could end what began before. */
static size_t end_of(const char *text, size_t at, size_t n, bool *plain)
{
    bool empty = false; /* nothing yet on this line, which is not the first */
    *plain = true;
    for (; at < n && text[at] != '{' && text[at] != '}'; at++) {
        if (text[at] == '\n' && empty) break;
        empty = text[at] == '\n' || (empty && blank(text[at]));
        if (strchr("`$\\|[]", text[at])) *plain = false;
    }
    return at;
}

/* The marks and the first word of a line belong to the structure of blocks and stay. */
static void disguise(char *text, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (text[i] == '\n') {
            const char *end = memchr(text + i + 1, '\n', n - i - 1);
            const size_t rest = end ? (size_t)(end - text) - i - 1 : n - i - 1;
            i += er_nesting_prefix(text + i + 1, rest, NULL);
            while (i + 1 < n && !blank(text[i + 1])) i++;
        } else if (!blank(text[i])) {
            text[i] = 'x';
        }
    }
}

void er_quote_mask(char *text, size_t n)
{
    for (size_t at = 0; at < n;) {
        const char *brace = memchr(text + at, '{', n - at);
        if (!brace) return;
        at = (size_t)(brace - text);
        if (!er_quote_opens(text, 0, at, n)) {
            at++;
            continue;
        }
        bool plain;
        const size_t begin = at + 2;
        at = end_of(text, begin, n, &plain);
        if (plain && at + 1 < n && text[at] == '}' && text[at + 1] == '}') disguise(text + begin, at - begin);
    }
}
