/* mathblock.c - display formulas as blocks, in the disguise of HTML blocks. */
#include "note/mathblock.h"

#include "note/nesting.h"

#include <stdbool.h>
#include <string.h>

struct line {
    char *text;
    size_t n;
};

/* What is left of a line after the marks of quotes and list items in front of it. */
static struct line content(struct line line)
{
    const size_t prefix = er_nesting_prefix(line.text, line.n, NULL);
    line.text += prefix;
    line.n -= prefix;
    while (line.n > 0 && (line.text[line.n - 1] == ' ' || line.text[line.n - 1] == '\t')) line.n--;
    return line;
}

static bool opens(struct line line)
{
    return line.n >= 2 && line.text[0] == '$' && line.text[1] == '$';
}

static bool closes(struct line line)
{
    return line.n >= 2 && line.text[line.n - 1] == '$' && line.text[line.n - 2] == '$';
}

/* The number of the fence's characters when the line is one, else 0. */
static size_t fence(struct line line)
{
    size_t length = 0;
    if (line.n == 0 || (line.text[0] != '`' && line.text[0] != '~')) return 0;
    while (length < line.n && line.text[length] == line.text[0]) length++;
    const bool code_span = line.text[0] == '`' && memchr(line.text + length, '`', line.n - length);
    return length >= 3 && !code_span ? length : 0;
}

static struct line line_at(char *text, size_t n, size_t at)
{
    char *end = memchr(text + at, '\n', n - at);
    return (struct line){text + at, end ? (size_t)(end - text) - at : n - at};
}

static bool holds_pair(const char *text, size_t n)
{
    for (size_t i = 1; i < n; i++)
        if (text[i] == '$' && text[i - 1] == '$') return true;
    return false;
}

/* The line with which the formula that opens in `first` ends; text NULL when there is none, and then *barren
 * is the byte up to which no formula ends. A fence ends the search: no formula holds one, and an unclosed $$
 * must not swallow a study. */
static struct line find_end(char *text, size_t n, struct line first, size_t *barren)
{
    const struct line rest = {first.text + 2, first.n - 2};
    if (rest.n > 2 && closes(rest)) return holds_pair(rest.text, rest.n - 2) ? (struct line){0} : first;
    if (holds_pair(rest.text, rest.n)) return (struct line){0};
    size_t at = (size_t)(first.text - text);
    for (;;) {
        at += line_at(text, n, at).n + 1;
        if (at >= n) break;
        struct line line = content(line_at(text, n, at));
        if (fence(line)) break;
        if (closes(line)) return line;
    }
    *barren = at;
    return (struct line){0};
}

static void disguise(struct line first, struct line last)
{
    char *end = last.text + last.n - 2;
    for (char *c = first.text + 2; c < end; c++)
        if (*c == '?') *c = 'x'; /* would end the HTML block */
    first.text[0] = '<';
    first.text[1] = end[0] = '?';
    end[1] = '>';
}

void er_math_mask(char *text, size_t n)
{
    char mark = 0; /* of the fence that is open; 0: none */
    size_t marks = 0, barren = 0;
    for (size_t at = 0; at < n;) {
        const struct line whole = line_at(text, n, at), line = content(whole);
        at += whole.n + 1;
        const size_t length = fence(line);
        if (mark) {
            if (length >= marks && line.text[0] == mark && length == line.n) mark = 0;
        } else if (length > 0) {
            mark = line.text[0];
            marks = length;
        } else if (opens(line) && at > barren) {
            const struct line last = find_end(text, n, line, &barren);
            if (!last.text) continue;
            disguise(line, last);
            const size_t end = (size_t)(last.text - text);
            at = end + line_at(text, n, end).n + 1;
        }
    }
}
