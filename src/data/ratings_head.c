/* ratings_head.c - the first line is read with each separator in turn until one makes sense of it.
 *
 * That three cells come out is not enough: "1,Foo::Bar::Baz,5" has three with "::", and "Smith, J.;Clue,
 * The;4" with commas.
 */
#include "data/ratings_head.h"

#include "data/decimal.h"
#include "data/shown.h"

#include <inttypes.h>
#include <string.h>

enum { USER = ER_RATING_USER, ITEM = ER_RATING_ITEM, VALUE = ER_RATING_VALUE, ROLES = ER_RATING_ROLES };

static const char *const role_name[ROLES] = {"users", "items", "ratings"};

/* How surely a name says what its column is: of two columns of a kind the surer one is meant. */
enum { ID, NAME, PLACE, SURENESSES };

/* Names of columns, without case, blanks, points, dashes and underscores. */
static const char *const known[ROLES][SURENESSES][12] = {
    [USER] = {[ID] = {"userid", "uid", "customerid", "reviewerid", "raterid", "profileid"},
              [NAME] = {"user", "users", "customer", "reviewer", "rater", "profile"},
              [PLACE] = {"row"}},
    [ITEM] = {[ID] = {"itemid", "iid", "movieid", "filmid", "productid", "asin", "isbn", "bookid", "jokeid",
                      "artistid", "animeid"},
              [NAME] = {"item", "items", "movie", "film", "product", "book", "joke", "artist", "anime"},
              [PLACE] = {"column"}},
    [VALUE] = {[NAME] = {"rating", "ratings", "score", "stars", "bookrating", "overall", "bewertung"},
               [PLACE] = {"value"}},
};

/* What the cells of a line may be. */
struct look {
    int64_t n;
    bool number; /* in the third cell */
    struct {
        int64_t cell; /* from 0; -1: none */
        int sureness;
        int64_t second; /* another one as sure; -1: none */
    } role[ROLES];
};

enum er_status er_rating_cell_fail(const struct er_rating_cell *cell, struct er_error *err, const char *what)
{
    char shown[ER_SHOWN];
    return er_fail_at(err, ER_E_INPUT, NULL, cell->line, cell->column, "\"%s\" %s",
                      er_text_shown(cell->text, cell->length, shown), what);
}

/* The role that a column's name says, or ROLES. */
static int role_of(const struct er_rating_cell *cell, int *sureness)
{
    char name[24];
    size_t length = 0;
    for (size_t i = 0; i < cell->length; i++) {
        const char c = cell->text[i];
        if (strchr(" ._-", c) && c) continue;
        if (length + 1 == sizeof name) return ROLES;
        name[length++] = (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    }
    name[length] = '\0';
    for (int role = 0; role < ROLES; role++)
        for (*sureness = 0; *sureness < SURENESSES; ++*sureness)
            for (const char *const *word = known[role][*sureness]; *word; word++)
                if (strcmp(name, *word) == 0) return role;
    return ROLES;
}

static void note_role(const struct er_rating_cell *cell, struct look *look)
{
    int sureness = 0;
    const int role = role_of(cell, &sureness);
    if (role == ROLES) return;
    if (look->role[role].cell < 0 || sureness < look->role[role].sureness) {
        look->role[role].cell = look->n;
        look->role[role].sureness = sureness;
        look->role[role].second = -1;
    } else if (sureness == look->role[role].sureness && look->role[role].second < 0) {
        look->role[role].second = look->n;
    }
}

static enum er_status read_line(struct er_line_reader r, struct look *out, struct er_error *err)
{
    struct er_rating_cell cell;
    double value;
    *out = (struct look){0};
    for (int role = 0; role < ROLES; role++) out->role[role].cell = out->role[role].second = -1;
    do {
        const enum er_status status = er_line_cell(&r, &cell, err);
        if (status != ER_OK) return status;
        if (out->n == 2) out->number = er_decimal_read(cell.text, cell.length, &value);
        note_role(&cell, out);
        out->n++;
    } while (!cell.last);
    return ER_OK;
}

static int roles_in(const struct look *look)
{
    int roles = 0;
    for (int role = 0; role < ROLES; role++) roles += look->role[role].cell >= 0;
    return roles;
}

/* ER_E_INPUT at the cell of this number. */
static enum er_status fail_cell(struct er_line_reader r, int64_t number, struct er_error *err,
                                const char *what)
{
    struct er_rating_cell cell;
    for (int64_t i = 0; i <= number; i++) {
        const enum er_status status = er_line_cell(&r, &cell, err);
        if (status != ER_OK) return status;
    }
    return er_rating_cell_fail(&cell, err, what);
}

/* A line that makes no sense with any separator. */
static enum er_status fail_line(const struct er_line_reader *r, const struct look *look, struct er_error *err)
{
    if (look->n < ROLES)
        return er_fail_at(err, ER_E_INPUT, NULL, r->line, 1,
                          "%" PRId64
                          " cell%s where user, item and rating are the least; they are parted by commas, "
                          "semicolons, tabs, blanks or ::",
                          look->n, look->n == 1 ? "" : "s");
    if (roles_in(look) == 0)
        return fail_cell(*r, VALUE, err,
                         "is not a finite number; if the line is a header, call its columns user, item and "
                         "rating");
    int there = 0, missing = 0;
    while (look->role[there].cell < 0) there++;
    while (look->role[missing].cell >= 0) missing++;
    return er_fail_at(err, ER_E_INPUT, NULL, r->line, 0,
                      "the header names a column of %s and none of %s; call the columns user, item and "
                      "rating, or leave the header out and let them be the first three",
                      role_name[there], role_name[missing]);
}

static bool makes_sense(const struct look *look)
{
    return look->n >= ROLES && (look->number || roles_in(look) == ROLES);
}

/* Sets the first separator with which the line makes sense, else the first that makes three cells, else
 * blanks. */
static void choose_separator(struct er_line_reader *r)
{
    enum er_separator fallback = ER_SEPARATORS;
    for (int s = 0; s < ER_SEPARATORS; s++) {
        struct look look;
        r->separator = (enum er_separator)s;
        if (read_line(*r, &look, NULL) == ER_OK && makes_sense(&look)) return;
        if (look.n >= ROLES && fallback == ER_SEPARATORS) fallback = r->separator;
    }
    r->separator = fallback == ER_SEPARATORS ? ER_BLANKS : fallback;
}

enum er_status er_ratings_head(struct er_line_reader *r, struct er_rating_columns *out, struct er_error *err)
{
    struct look look;
    choose_separator(r);
    enum er_status status = read_line(*r, &look, err);
    if (status != ER_OK) return status;
    if (!makes_sense(&look)) return fail_line(r, &look, err);
    *out = (struct er_rating_columns){.column = {0, 1, 2}, .n = look.n, .header = roles_in(&look) == ROLES};
    for (int role = 0; role < ROLES && out->header; role++) {
        if (look.role[role].second >= 0)
            return fail_cell(*r, look.role[role].second, err,
                             "is a second column of its kind; rename the one that is not meant");
        out->column[role] = look.role[role].cell;
    }
    return ER_OK;
}
