/* delimiter.c - the delimiter rows of tables, as wide as md4c wants them. */
#include "note/delimiter.h"

#include "note/nesting.h"

#include <ermine/memory.h>
#include <stdbool.h>
#include <string.h>

enum { LEAST = 3 }; /* characters of a cell */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* What is left of line[*from..*to) without the marks of quotes and lists, blanks at the end, and the bars at
 * both ends. False when it has no bar at all. */
static bool trim(const char *line, size_t *from, size_t *to)
{
    const bool bar = memchr(line + *from, '|', *to - *from) != NULL;
    *from += er_nesting_prefix(line + *from, *to - *from, NULL);
    while (*to > *from && is_blank(line[*to - 1])) --*to;
    if (*from < *to && line[*from] == '|') ++*from;
    if (*from < *to && line[*to - 1] == '|' && (*to - *from < 2 || line[*to - 2] != '\\')) --*to;
    return bar;
}

static int64_t cells_of(const char *line, size_t from, size_t to)
{
    if (!trim(line, &from, &to)) return 0;
    int64_t cells = 1;
    for (size_t i = from; i < to; i++) {
        if (line[i] == '\\')
            i++;
        else
            cells += line[i] == '|';
    }
    return cells;
}

/* Reads one cell of a delimiter row, from *i to the bar or the end; *hyphen is a hyphen of it. 0: it is none.
 */
static size_t cell(const char *line, size_t *i, size_t to, size_t *hyphen)
{
    while (*i < to && is_blank(line[*i])) ++*i;
    const size_t begin = *i;
    if (*i < to && line[*i] == ':') ++*i;
    *hyphen = *i;
    while (*i < to && line[*i] == '-') ++*i;
    if (*i == *hyphen) return 0;
    if (*i < to && line[*i] == ':') ++*i;
    const size_t length = *i - begin;
    while (*i < to && is_blank(line[*i])) ++*i;
    return *i == to || line[*i] == '|' ? length : 0;
}

/* The cells of a delimiter row; 0 when line[from..to) is none. */
static int64_t delimiters_of(const char *line, size_t from, size_t to)
{
    int64_t cells = 0;
    size_t hyphen;
    if (!trim(line, &from, &to)) return 0;
    for (size_t i = from; i <= to; i++, cells++)
        if (cell(line, &i, to, &hyphen) == 0) return 0;
    return cells;
}

static enum er_status put_in(struct er_widening *w, size_t at, size_t added)
{
    if (w->gaps == w->room) {
        const int64_t room = w->room ? 2 * w->room : 16;
        struct er_widening_gap *gap = er_grow(w->gap, w->room, room, sizeof *gap);
        if (!gap) return ER_E_NOMEM;
        w->gap = gap;
        w->room = room;
    }
    const struct er_widening_gap *last = w->gaps ? &w->gap[w->gaps - 1] : NULL;
    w->gap[w->gaps] =
        (struct er_widening_gap){.at = at, .added = added, .before = last ? last->before + last->added : 0};
    w->gaps++;
    return ER_OK;
}

/* Notes what a delimiter row lacks. */
static enum er_status widen(struct er_widening *w, const char *line, size_t from, size_t to)
{
    enum er_status status = ER_OK;
    size_t hyphen;
    trim(line, &from, &to);
    for (size_t i = from; i <= to && status == ER_OK; i++) {
        const size_t length = cell(line, &i, to, &hyphen);
        if (length < LEAST) status = put_in(w, hyphen, LEAST - length);
    }
    return status;
}

static enum er_status find_gaps(struct er_widening *w, const char *text, size_t n)
{
    int64_t above = 0; /* cells of the line above */
    enum er_status status = ER_OK;
    for (size_t at = 0; at < n && status == ER_OK;) {
        const char *end = memchr(text + at, '\n', n - at);
        const size_t to = end ? (size_t)(end - text) : n;
        if (above > 0 && delimiters_of(text, at, to) == above) status = widen(w, text, at, to);
        above = cells_of(text, at, to);
        at = to + 1;
    }
    return status;
}

enum er_status er_widening_make(const char *text, size_t n, struct er_widening *out, struct er_error *err)
{
    struct er_widening made = {0};
    enum er_status status = find_gaps(&made, text, n);
    const struct er_widening_gap *last = made.gaps ? &made.gap[made.gaps - 1] : NULL;
    made.n = n + (last ? last->before + last->added : 0);
    made.text = status == ER_OK ? er_alloc((int64_t)made.n + 1, 1) : NULL;
    if (!made.text) {
        er_widening_clear(&made);
        return er_fail(err, ER_E_NOMEM, "out of memory while rendering a note");
    }
    size_t from = 0;
    char *to = made.text;
    for (int64_t i = 0; made.gap && i < made.gaps; i++) {
        const struct er_widening_gap *gap = &made.gap[i];
        memcpy(to, text + from, gap->at - from);
        to += gap->at - from;
        memset(to, '-', gap->added);
        to += gap->added;
        from = gap->at;
    }
    memcpy(to, text + from, n - from);
    *out = made;
    return ER_OK;
}

void er_widening_clear(struct er_widening *widening)
{
    er_free(widening->text);
    er_free(widening->gap);
    *widening = (struct er_widening){0};
}

size_t er_widening_origin(const struct er_widening *widening, size_t at)
{
    int64_t low = 0, high = widening->gaps; /* the gaps that begin before `at` */
    while (low < high) {
        const int64_t middle = (low + high) / 2;
        if (widening->gap[middle].at + widening->gap[middle].before < at)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0) return at;
    const struct er_widening_gap *gap = &widening->gap[low - 1];
    const size_t past = at - gap->at - gap->before;
    return at - gap->before - (past < gap->added ? past : gap->added);
}
