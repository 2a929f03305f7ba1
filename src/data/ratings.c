/* ratings.c - ratings out of a named set or a file: bytes, their checksum, triples, a matrix. */
#include "data/ratings.h"

#include "data/decimal.h"
#include "data/source.h"

#include <ermine/memory.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

void er_ratings_clear(struct er_ratings *ratings)
{
    er_free(ratings->row);
    er_free(ratings->column);
    er_free(ratings->value);
    er_free(ratings->row_name);
    er_free(ratings->column_name);
    *ratings = (struct er_ratings){0};
}

const char *er_rating_read(const char *text, size_t length, double *value)
{
    if (!er_decimal_read(text, length, value))
        return memchr(text, ',', length) ? "is not a finite number; decimals stand behind a point"
                                         : "is not a finite number";
    return fabs(*value) <= ER_RATING_MOST ? NULL : "is too large for a rating: 1e100 is the most";
}

enum er_status er_ratings_read(const char *text, size_t n, struct er_rating_list *list, struct er_error *err)
{
    if (memchr(text, '\r', n) && !memchr(text, '\n', n))
        return er_fail_at(err, ER_E_INPUT, NULL, 1, 0, "lines end in CR alone; LF or CR LF ends a line");
    return er_ratings_is_market(text, n) ? er_ratings_market(text, n, list, err)
                                         : er_ratings_text(text, n, list, err);
}

/* The text is let go as soon as its ratings are out of it. */
static enum er_status open_file(const char *path, const struct er_ratings_spec *spec, struct er_ratings *out,
                                struct er_error *err)
{
    unsigned char *bytes;
    size_t n;
    char hex[ER_SHA256_HEX];
    struct er_rating_list list = {0};
    enum er_status status = er_table_bytes(path, &bytes, &n, hex, err);
    if (status != ER_OK) return status;
    status = er_ratings_read((const char *)bytes, n, &list, err);
    er_free(bytes);
    if (status == ER_OK)
        status = er_rating_list_settle(&list, spec->users, spec->items, out, err);
    else
        er_rating_list_clear(&list);
    if (status != ER_OK) {
        if (status != ER_E_USAGE)
            er_error_place(err, path, 0, 0); /* too many are asked for: not the file's fault */
        return status;
    }
    memcpy(out->checksum, hex, sizeof hex);
    return ER_OK;
}

static enum er_status open_named(const struct er_ratings_spec *spec, const struct er_data_places *places,
                                 struct er_ratings *out, struct er_error *err)
{
    const struct er_set *set = er_set_named(spec->name);
    struct er_set_paths paths;
    if (!set) return er_set_unknown(spec->name, err);
    if (set->format != ER_SET_RATINGS)
        return er_fail(err, ER_E_USAGE, "%s has examples with labels, and no ratings of items by users",
                       spec->name);
    enum er_status status = er_set_locate(set, places, &paths, err);
    if (status != ER_OK) return status;
    status = open_file(paths.path[0], spec, out, err);
    er_free(paths.path);
    return status;
}

enum er_status er_ratings_open(const struct er_ratings_spec *spec, const struct er_data_places *places,
                               struct er_ratings *out, struct er_error *err)
{
    char path[ER_PLACE_PATH];
    if (!spec->name == !spec->file)
        return er_fail(err, ER_E_USAGE, "ratings: either a name or a file is needed, and not both");
    if (spec->users < 0 || spec->items < 0)
        return er_fail(err, ER_E_USAGE, "ratings: %s is %" PRId64 ", and must be 0 (all) or more",
                       spec->users < 0 ? "users" : "items", spec->users < 0 ? spec->users : spec->items);
    if (spec->name) return open_named(spec, places, out, err);
    const struct er_data_spec source = {.file = spec->file, .within = spec->within};
    return open_file(er_data_file_path(&source, places, path), spec, out, err);
}
