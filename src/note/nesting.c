/* nesting.c - the marks of lists and quotes in front of a line. */
#include "note/nesting.h"

#include "note/place.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

static bool blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Bytes of the list mark at the start of a text, 0 when there is none. */
static size_t list_mark(const char *text, size_t n)
{
    size_t length = 0;
    while (length < n && text[length] >= '0' && text[length] <= '9') length++;
    if (length == n) return 0;
    bool ends = length > 0 ? text[length] == '.' || text[length] == ')' : strchr("-+*", text[0]) != NULL;
    return ends && (length + 1 == n || blank(text[length + 1])) ? length + 1 : 0;
}

size_t er_nesting_prefix(const char *line, size_t n, int64_t *depth)
{
    size_t at = 0;
    int64_t marks = 0, columns = 0, deepest = 0;
    for (;;) {
        if (at == n) break;
        if (blank(line[at])) {
            columns += line[at++] == '\t' ? 4 : 1;
            continue;
        }
        size_t mark = line[at] == '>' ? 1 : list_mark(line + at, n - at);
        if (mark == 0) break;
        deepest = ++marks + columns / 2;
        at += mark;
        if (at < n && blank(line[at])) at++;
    }
    if (depth) *depth = deepest;
    return at;
}

static bool is_blank_line(const char *line, size_t n)
{
    while (n > 0 && blank(line[n - 1])) n--;
    return n == 0;
}

static int64_t brackets(const char *line, size_t n)
{
    int64_t count = 0;
    for (const char *end = line + n; (line = memchr(line, ']', (size_t)(end - line))); line++) count++;
    return count;
}

static enum er_status fail_at(const char *text, size_t at, const char *file, const char *why, int64_t limit,
                              struct er_error *err)
{
    struct er_place place = {.text = text, .line = 1};
    er_place_move(&place, at);
    return er_fail_at(err, ER_E_LIMIT, file, place.line, 1, "%s; the limit is %" PRId64, why, limit);
}

enum er_status er_nesting_check(const char *text, size_t body, size_t n, int64_t limit, const char *file,
                                struct er_error *err)
{
    int64_t lines = 0, closing = 0; /* since the last blank line */
    for (size_t at = body; at < n;) {
        const char *end = memchr(text + at, '\n', n - at);
        size_t length = end ? (size_t)(end - text) - at : n - at;
        int64_t depth;
        er_nesting_prefix(text + at, length, &depth);
        if (depth > limit) return fail_at(text, at, file, "lists and quotes nest too deep", limit, err);
        lines++;
        closing += brackets(text + at, length);
        if (closing > ER_NESTING_MAX_BRACKETS / lines)
            return fail_at(text, at, file, "too many lines times closing brackets without a blank line",
                           ER_NESTING_MAX_BRACKETS, err);
        if (is_blank_line(text + at, length)) lines = closing = 0;
        at += length + 1;
    }
    return ER_OK;
}
