/* ratings_text.c - lines of user, item, rating and whatever else; ids are texts.
 *
 *     text = [comment end] ... [header end] line end ... [end ...]        comment begins with # or %
 *     line = cell separator cell separator cell [separator cell] ...
 */
#include "data/ratings.h"
#include "data/ratings_head.h"
#include "data/ratings_line.h"
#include "data/recognise.h"
#include "data/shown.h"

#include <inttypes.h>
#include <string.h>

enum { USER = ER_RATING_USER, ITEM = ER_RATING_ITEM, VALUE = ER_RATING_VALUE, ROLES = ER_RATING_ROLES };

enum { LEAST_BYTES = 6 /* of a line: "1,1,1" and its end */ };

static enum er_status check_id(const struct er_rating_cell *cell, struct er_error *err)
{
    if (cell->length == 0) return er_rating_cell_fail(cell, err, "is no name of a user or an item");
    if (!er_text_plain(cell->text, cell->length))
        return er_rating_cell_fail(cell, err, "is not UTF-8 text on one line");
    return ER_OK;
}

static enum er_status read_value(const struct er_rating_cell *cell, double *value, struct er_error *err)
{
    const char *wrong = er_rating_read(cell->text, cell->length, value);
    if (!wrong) return ER_OK;
    if (cell->length == 0)
        return er_fail_at(err, ER_E_INPUT, NULL, cell->line, cell->column,
                          "the rating is missing; leave the line out");
    return er_rating_cell_fail(cell, err, wrong);
}

/* One line; cells[] are those that are meant. */
static enum er_status read_line(struct er_line_reader *r, const struct er_rating_columns *columns,
                                struct er_rating_cell *other, struct er_rating_cell cells[ROLES],
                                struct er_rating_list *list, struct er_error *err)
{
    double value;
    enum er_status status = ER_OK;
    for (int64_t i = 0; i < columns->n; i++) {
        struct er_rating_cell *cell = other;
        for (int role = 0; role < ROLES; role++)
            if (columns->column[role] == i) cell = &cells[role];
        status = er_line_cell(r, cell, err);
        if (status != ER_OK) return status;
        if (cell->last != (i + 1 == columns->n))
            return er_fail_at(err, ER_E_INPUT, NULL, cell->line, cell->column,
                              cell->last ? "the line ends after %" PRId64 " cells, the first has %" PRId64
                                         : "the line goes on after %" PRId64 " cells, the first has %" PRId64,
                              i + 1, columns->n);
    }
    for (int role = USER; role <= ITEM && status == ER_OK; role++) status = check_id(&cells[role], err);
    if (status == ER_OK) status = read_value(&cells[VALUE], &value, err);
    if (status != ER_OK) return status;
    return er_rating_list_add(list, cells[USER].text, cells[USER].length, cells[ITEM].text,
                              cells[ITEM].length, value, err);
}

/* Lines from here on, at most: what is allocated is bounded by the text. */
static int64_t most_lines(const struct er_line_reader *r)
{
    int64_t lines = 1;
    const char *at = r->text + r->at, *end = r->text + r->n;
    while ((at = memchr(at, '\n', (size_t)(end - at)))) {
        lines++;
        at++;
    }
    const int64_t fit = (int64_t)(r->n - r->at) / LEAST_BYTES + 1;
    return lines < fit ? lines : fit;
}

static enum er_status read_lines(struct er_line_reader *r, const struct er_rating_columns *columns,
                                 struct er_rating_cell cells[ROLES + 1], struct er_rating_list *list,
                                 struct er_error *err)
{
    int64_t empty_line = 0;
    enum er_status status = er_rating_list_reserve(list, most_lines(r), err);
    while (r->at < r->n && status == ER_OK) {
        const size_t end = er_line_end(r);
        if (end && !empty_line) empty_line = r->line;
        if (end) {
            er_line_next(r, end);
            continue;
        }
        if (empty_line)
            return er_fail_at(err, ER_E_INPUT, NULL, empty_line, 1, "an empty line inside the table");
        status = read_line(r, columns, &cells[ROLES], cells, list, err);
    }
    if (status == ER_OK && list->n == 0)
        return er_fail_at(err, ER_E_INPUT, NULL, r->line, 0, "there are no ratings");
    return status;
}

/* A NUL is in no text; one memchr() says so for all cells. */
static enum er_status check_nul(const struct er_line_reader *r, struct er_error *err)
{
    const char *nul = memchr(r->text, '\0', r->n);
    if (!nul) return ER_OK;
    int64_t line = 1;
    const char *start = r->text;
    for (const char *next; (next = memchr(start, '\n', (size_t)(nul - start))); start = next + 1) line++;
    return er_fail_at(err, ER_E_INPUT, NULL, line, nul - start + 1, "a NUL byte, which no text has");
}

/* Comments before the table. */
static void skip_comments(struct er_line_reader *r)
{
    while (r->at < r->n && (r->text[r->at] == '#' || r->text[r->at] == '%')) {
        const char *end = memchr(r->text + r->at, '\n', r->n - r->at);
        if (!end) {
            r->at = r->n;
            return;
        }
        r->at = (size_t)(end - r->text);
        er_line_next(r, 1);
    }
}

enum er_status er_ratings_text(const char *text, size_t n, struct er_rating_list *list, struct er_error *err)
{
    struct er_line_reader r = {.text = text, .n = n, .line = 1};
    struct er_rating_cell cells[ROLES + 1];
    struct er_rating_columns columns = {0};
    const char *looks = er_data_looks((const unsigned char *)text, n);
    if (*looks) return er_fail(err, ER_E_INPUT, "these are no ratings of items by users%s", looks);
    enum er_status status = check_nul(&r, err);
    if (status != ER_OK) return status;
    if (n >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) r.at = r.line_start = 3;
    skip_comments(&r);
    if (r.at == n || er_line_end(&r))
        return er_fail_at(err, ER_E_INPUT, NULL, r.line, 1,
                          r.line == 1 ? "the first line is empty" : "nothing stands behind the comments");
    status = er_ratings_head(&r, &columns, err);
    for (bool last = !columns.header; status == ER_OK && !last; last = cells[0].last)
        status = er_line_cell(&r, &cells[0], err);
    return status == ER_OK ? read_lines(&r, &columns, cells, list, err) : status;
}
