/* ratings_market.c - a matrix in the Matrix Market's text.
 *
 *     %%MatrixMarket matrix coordinate|array real|integer general|symmetric
 *     % comments
 *     rows columns entries          and so many lines "row column value", both from 1
 *     rows columns                  and all values, column after column, for `array`
 *
 * Of a symmetric matrix the lower triangle is stored. Rows are users and columns items, called by their
 * numbers; those without an entry are left out, as in a text they would not come at all.
 * Source: R. F. Boisvert, R. Pozo and K. A. Remington, "The Matrix Market exchange formats: initial design",
 * NISTIR 5935, 1996.
 */
#include "data/ratings.h"
#include "data/shown.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static const char banner[] = "%%MatrixMarket";

enum { LEAST_ENTRY = 6, LEAST_VALUE = 2 }; /* bytes of a line: "1 1 1" or "1", and its end */

struct scan {
    const char *text;
    size_t n, at, line_start;
    int64_t line;
};

struct word {
    const char *text;
    size_t length;
    int64_t line, column;
};

struct market {
    bool coordinate, symmetric;
    int64_t rows, columns, entries; /* entries: lines of values to come */
};

bool er_ratings_is_market(const char *text, size_t n)
{
    return n >= sizeof banner - 1 && strncasecmp(text, banner, sizeof banner - 1) == 0;
}

static enum er_status fail_word(const struct word *w, struct er_error *err, const char *what)
{
    char shown[ER_SHOWN];
    return er_fail_at(err, ER_E_INPUT, NULL, w->line, w->column, "\"%s\" %s",
                      er_text_shown(w->text, w->length, shown), what);
}

/* The next word of this line; empty at its end. */
static struct word next_word(struct scan *s)
{
    while (s->at < s->n && strchr(" \t\r", s->text[s->at]) && s->text[s->at]) s->at++;
    struct word w = {
        .text = s->text + s->at, .line = s->line, .column = (int64_t)(s->at - s->line_start) + 1};
    while (s->at < s->n && !(strchr(" \t\r\n", s->text[s->at]) && s->text[s->at])) s->at++;
    w.length = (size_t)(s->text + s->at - w.text);
    return w;
}

/* Behind the end of this line, which must have no more words. */
static enum er_status end_line(struct scan *s, struct er_error *err)
{
    const struct word w = next_word(s);
    if (w.length) return fail_word(&w, err, "stands where the line ends");
    if (s->at < s->n) {
        s->line_start = ++s->at;
        s->line++;
    }
    return ER_OK;
}

/* To the first line that is neither empty nor a comment; false at the text's end. */
static bool next_line(struct scan *s)
{
    while (s->at < s->n) {
        struct scan look = *s;
        const struct word w = next_word(&look);
        if (w.length && w.text[0] != '%') return true;
        const char *end = memchr(s->text + s->at, '\n', s->n - s->at);
        if (!end) break;
        s->at = s->line_start = (size_t)(end - s->text) + 1;
        s->line++;
    }
    s->at = s->n;
    return false;
}

static bool is(const struct word *w, const char *text)
{
    return w->length == strlen(text) && strncasecmp(w->text, text, w->length) == 0;
}

static enum er_status read_banner(struct scan *s, struct market *m, struct er_error *err)
{
    const struct word head = next_word(s), object = next_word(s), format = next_word(s), field = next_word(s),
                      symmetry = next_word(s);
    if (!is(&head, banner)) return fail_word(&head, err, "is not %%MatrixMarket");
    if (!is(&object, "matrix")) return fail_word(&object, err, "stands where \"matrix\" belongs");
    m->coordinate = is(&format, "coordinate");
    if (!m->coordinate && !is(&format, "array"))
        return fail_word(&format, err, "is neither \"coordinate\" nor \"array\"");
    if (is(&field, "pattern")) return fail_word(&field, err, "has no values, and ratings have");
    if (!is(&field, "real") && !is(&field, "integer") && !is(&field, "double"))
        return fail_word(&field, err, "is neither \"real\" nor \"integer\"");
    m->symmetric = is(&symmetry, "symmetric");
    if (!m->symmetric && !is(&symmetry, "general"))
        return fail_word(&symmetry, err, "is neither \"general\" nor \"symmetric\"");
    return end_line(s, err);
}

/* A whole number of 0 .. most. */
static enum er_status read_count(struct scan *s, int64_t least, int64_t most, const char *what,
                                 struct word *w, int64_t *out, struct er_error *err)
{
    char shown[ER_SHOWN];
    int64_t value = 0;
    *w = next_word(s);
    if (w->length == 0)
        return er_fail_at(err, ER_E_INPUT, NULL, w->line, w->column, "the line ends where %s belongs", what);
    bool whole = true;
    for (size_t i = 0; i < w->length && whole; i++) {
        whole = w->text[i] >= '0' && w->text[i] <= '9' && value <= most / 10;
        value = 10 * value + (w->text[i] - '0');
    }
    if (!whole || value < least || value > most)
        return er_fail_at(err, ER_E_INPUT, NULL, w->line, w->column,
                          "\"%s\" is not %s: a whole number of %" PRId64 " to %" PRId64,
                          er_text_shown(w->text, w->length, shown), what, least, most);
    *out = value;
    return ER_OK;
}

static enum er_status read_sizes(struct scan *s, struct market *m, struct er_error *err)
{
    struct word w;
    if (!next_line(s))
        return er_fail_at(err, ER_E_INPUT, NULL, s->line, 0, "the text ends where the matrix's sizes belong");
    const int64_t line = s->line;
    enum er_status status = read_count(s, 1, INT32_MAX - 1, "a number of rows", &w, &m->rows, err);
    if (status == ER_OK)
        status = read_count(s, 1, INT32_MAX - 1, "a number of columns", &w, &m->columns, err);
    if (status != ER_OK) return status;
    if (m->symmetric && m->rows != m->columns)
        return er_fail_at(err, ER_E_INPUT, NULL, line, 1, "a symmetric matrix of %" PRId64 " x %" PRId64,
                          m->rows, m->columns);
    const int64_t all = m->rows * m->columns;
    m->entries = m->symmetric ? (all - m->rows) / 2 + m->rows : all;
    if (m->coordinate) status = read_count(s, 1, m->entries, "a number of entries", &w, &m->entries, err);
    if (status == ER_OK) status = end_line(s, err);
    const int64_t least = m->coordinate ? LEAST_ENTRY : LEAST_VALUE;
    if (status == ER_OK && m->entries > (int64_t)(s->n - s->at) / least + 1)
        return er_fail_at(err, ER_E_INPUT, NULL, line, 1,
                          "%" PRId64 " entries do not fit in the %zu bytes that follow", m->entries,
                          s->n - s->at);
    return status;
}

static enum er_status add(struct er_rating_list *list, int64_t row, int64_t column, double value,
                          struct er_error *err)
{
    char user[24], item[24];
    const int user_length = snprintf(user, sizeof user, "%" PRId64, row);
    const int item_length = snprintf(item, sizeof item, "%" PRId64, column);
    return er_rating_list_add(list, user, (size_t)user_length, item, (size_t)item_length, value, err);
}

/* One line of values; an array's *row and *column are those of the entry before. */
static enum er_status read_entry(struct scan *s, const struct market *m, int64_t *row, int64_t *column,
                                 struct er_rating_list *list, struct er_error *err)
{
    struct word w = {0};
    double value;
    enum er_status status = ER_OK;
    if (m->coordinate) {
        status = read_count(s, 1, m->rows, "a row", &w, row, err);
        if (status == ER_OK) status = read_count(s, 1, m->columns, "a column", &w, column, err);
        if (status == ER_OK && m->symmetric && *column > *row)
            return er_fail_at(err, ER_E_INPUT, NULL, w.line, w.column,
                              "entry (%" PRId64 ", %" PRId64 ") is above the diagonal of a symmetric matrix",
                              *row, *column);
    } else if (++*row > m->rows) {
        ++*column;
        *row = m->symmetric ? *column : 1;
    }
    if (status != ER_OK) return status;
    w = next_word(s);
    const char *wrong = er_rating_read(w.text, w.length, &value);
    if (wrong) return fail_word(&w, err, wrong);
    status = end_line(s, err);
    if (status == ER_OK) status = add(list, *row, *column, value, err);
    if (status == ER_OK && m->symmetric && *row != *column) status = add(list, *column, *row, value, err);
    return status;
}

enum er_status er_ratings_market(const char *text, size_t n, struct er_rating_list *list,
                                 struct er_error *err)
{
    struct scan s = {.text = text, .n = n, .line = 1};
    struct market m = {0};
    enum er_status status = read_banner(&s, &m, err);
    if (status == ER_OK) status = read_sizes(&s, &m, err);
    if (status == ER_OK) status = er_rating_list_reserve(list, m.symmetric ? 2 * m.entries : m.entries, err);
    int64_t row = 0, column = 1;
    for (int64_t k = 0; k < m.entries && status == ER_OK; k++) {
        if (!next_line(&s))
            return er_fail_at(err, ER_E_INPUT, NULL, s.line, 0,
                              "the text ends after %" PRId64 " entries of %" PRId64, k, m.entries);
        status = read_entry(&s, &m, &row, &column, list, err);
    }
    if (status == ER_OK && next_line(&s))
        return er_fail_at(err, ER_E_INPUT, NULL, s.line, 1,
                          "more than the %" PRId64 " entries that were said to come", m.entries);
    return status;
}
