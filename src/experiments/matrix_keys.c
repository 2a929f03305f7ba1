/* matrix_keys.c - `matrix.*` of a study point -> er_recovery. */
#include "experiments/matrix_keys.h"

#include "experiments/key_rows.h"
#include "experiments/point.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

const struct er_schema_row er_matrix_keys_row[] = {
    MAP("matrix", NULL, "the matrix to be recovered from few observations: made, or ratings that are read"),
    {"matrix.name", "", 0, 0, NULL, "",
     "a named set of ratings: movielens-100k; without it the matrix is made", ER_SCHEMA_TEXT,
     ER_SCHEMA_KEYED},
    {"matrix.file", "", 0, 0, NULL, "",
     "a file of ratings (user, item, rating) or a Matrix Market file in place of a name", ER_SCHEMA_FILE,
     ER_SCHEMA_UNKEYED},
    INTEGER("matrix.users", "users", 1, 2e9, "",
            "ratings: only the users with the most of them; without it all"),
    INTEGER("matrix.items", "items", 1, 2e9, "",
            "ratings: only the items with the most of them, of all users; without it all"),
    INTEGER("matrix.rows", "", 1, 1e6, "", "of a matrix that is made; without it 100"),
    INTEGER("matrix.columns", "", 1, 1e6, "", "of a matrix that is made; without it as many as rows"),
    INTEGER("matrix.rank", "", 1, 1e6, "", "of a matrix that is made; without it 5, or its smaller side"),
    BOOL("matrix.symmetric", "", "made: whether it is symmetric and positive semidefinite; without it false"),
    REAL("matrix.noise", "", 0, 1e6, "",
         "made: standard deviation of the observations around the truth, whose entries have size 1; without "
         "it 0"),
    CHOICE("matrix.observe", "entries measurements", "",
           "made: completion of entries, or sensing by Gaussian measurements <A, W>; without it entries"),
    INTEGER("matrix.observed", "", 1, 1e10, "", "how many observations; without it a share"),
    REAL(
        "matrix.share", "", 0, 1, "",
        "how many observations, as a share of the entries, or of the ratings; without it 0.2 of the entries, "
        "0.8 of the ratings"),
    INTEGER("matrix.test", "ratings", 1, 1e10, "", "ratings held out; without it all that are not observed"),
    INTEGER(
        "matrix.seed", "", 0, 9e15, "",
        "draws the matrix and what is observed of it; without it the run's seed, which draws the start too"),
    {0},
};

bool er_matrix_keys_is_ratings(const struct er_point *point)
{
    return er_point_get(point, "matrix.name") || er_point_get(point, "matrix.file");
}

struct er_data_spec er_matrix_keys_source(const struct er_point *point)
{
    struct er_data_spec spec = er_data_spec_default();
    const struct er_setting *file = er_point_get(point, "matrix.file");
    spec.name = er_point_text(point, "matrix.name", NULL);
    if (file) {
        spec.file = file->file;
        spec.within = file->text;
    }
    return spec;
}

static uint64_t seed_of(const struct er_point *point)
{
    return (uint64_t)er_point_integer(point, "matrix.seed", (int64_t)point->seed);
}

/* How many of `all` are observed. */
static int64_t observed_of(const struct er_point *point, int64_t all, double share)
{
    const double part = er_point_real(point, "matrix.share", share) * (double)all;
    return er_point_integer(point, "matrix.observed", llround(part) < 1 ? 1 : llround(part));
}

struct er_recovery_spec er_matrix_keys_spec(const struct er_point *point)
{
    struct er_recovery_spec s = er_recovery_spec_default();
    s.kind =
        strcmp(er_point_text(point, "matrix.observe", ""), "measurements") == 0 ? ER_SENSING : ER_COMPLETION;
    s.rows = er_point_integer(point, "matrix.rows", 100);
    s.columns = er_point_integer(point, "matrix.columns", s.rows);
    const int64_t smaller = s.rows < s.columns ? s.rows : s.columns;
    s.rank = er_point_integer(point, "matrix.rank", smaller < 5 ? smaller : 5);
    s.symmetric = er_point_bool(point, "matrix.symmetric", false);
    s.noise = er_point_real(point, "matrix.noise", 0);
    s.observed = observed_of(point, s.rows * s.columns, 0.2);
    s.seed = seed_of(point);
    return s;
}

static enum er_status check_made(const struct er_point *point, struct er_error *err)
{
    static const char *const read[] = {"matrix.users", "matrix.items", "matrix.test"};
    const struct er_recovery_spec s = er_matrix_keys_spec(point);
    for (size_t i = 0; i < sizeof read / sizeof *read; i++)
        if (er_point_get(point, read[i]))
            return er_point_fail(
                point, read[i], err,
                "only ratings have it; without matrix.name and matrix.file the matrix is made");
    const int64_t least = s.rows < s.columns ? s.rows : s.columns, all = s.rows * s.columns;
    if (s.rank > least)
        return er_point_fail(point, "matrix.rank", err,
                             "%" PRId64 " is more than the smaller side of the matrix, %" PRId64, s.rank,
                             least);
    if (s.symmetric && s.rows != s.columns)
        return er_point_fail(point, "matrix.symmetric", err,
                             "the matrix is not square: %" PRId64 " x %" PRId64, s.rows, s.columns);
    if (s.kind == ER_COMPLETION && s.observed > all)
        return er_point_fail(point, "matrix.observed", err,
                             "%" PRId64 " is more than the %" PRId64 " entries", s.observed, all);
    return ER_OK;
}

static enum er_status check_ratings(const struct er_point *point, struct er_error *err)
{
    static const char *const made[] = {"matrix.rows",      "matrix.columns", "matrix.rank",
                                       "matrix.symmetric", "matrix.noise",   "matrix.observe"};
    if (er_point_get(point, "matrix.name") && er_point_get(point, "matrix.file"))
        return er_point_fail(point, "matrix.file", err, "there is a matrix.name too; give one of them");
    for (size_t i = 0; i < sizeof made / sizeof *made; i++)
        if (er_point_get(point, made[i]))
            return er_point_fail(
                point, made[i], err, "only a matrix that is made has it; these are ratings: %s",
                er_point_text(point, "matrix.name", er_point_text(point, "matrix.file", "")));
    return ER_OK;
}

enum er_status er_matrix_keys_check(const struct er_point *point, struct er_error *err)
{
    if (er_point_get(point, "matrix.observed") && er_point_get(point, "matrix.share"))
        return er_point_fail(point, "matrix.share", err, "there is a matrix.observed too; give one of them");
    return er_matrix_keys_is_ratings(point) ? check_ratings(point, err) : check_made(point, err);
}

enum er_status er_matrix_keys_check_centre(const struct er_point *point, const char *path,
                                           struct er_error *err)
{
    if (er_matrix_keys_is_ratings(point) || er_matrix_keys_spec(point).kind == ER_COMPLETION ||
        strcmp(er_point_text(point, path, "none"), "none") == 0)
        return ER_OK;
    return er_point_fail(point, path, err, "only entries can be centred; matrix.observe is measurements");
}

enum er_status er_matrix_keys_fail(const struct er_point *point, const struct er_error *why,
                                   struct er_error *err)
{
    const struct er_setting *setting = er_point_get(point, "matrix.name");
    if (!setting) setting = er_point_get(point, "matrix.file");
    if (err) *err = *why;
    if (setting && !why->file[0]) er_error_place(err, NULL, setting->line, setting->column);
    return why->code;
}

/* An error of making a problem, at the number that asks for too much. */
static enum er_status fail_at_size(const struct er_point *point, enum er_status status,
                                   const struct er_error *why, struct er_error *err)
{
    const char *path = er_point_get(point, "matrix.observed") ? "matrix.observed" : "matrix.test";
    if (status == ER_E_USAGE && er_point_get(point, path))
        return er_point_fail(point, path, err, "%s", why->msg);
    if (err) *err = *why;
    return status;
}

enum er_status er_matrix_keys_ratings(const struct er_point *point, const struct er_data_places *places,
                                      struct er_ratings *out, struct er_error *err)
{
    const struct er_data_spec source = er_matrix_keys_source(point);
    const struct er_ratings_spec spec = {.name = source.name,
                                         .file = source.file,
                                         .within = source.within,
                                         .users = er_point_integer(point, "matrix.users", 0),
                                         .items = er_point_integer(point, "matrix.items", 0)};
    struct er_error why = {0};
    return er_ratings_open(&spec, places, out, &why) == ER_OK ? ER_OK : er_matrix_keys_fail(point, &why, err);
}

bool er_matrix_keys_same_ratings(const struct er_point *a, const struct er_point *b)
{
    static const char *const key[] = {"matrix.name", "matrix.file", "matrix.users", "matrix.items"};
    for (size_t i = 0; i < sizeof key / sizeof *key; i++) {
        const struct er_setting *x = er_point_get(a, key[i]), *y = er_point_get(b, key[i]);
        if (!x != !y || (x && strcmp(x->text, y->text) != 0)) return false;
    }
    return true;
}

enum er_status er_matrix_keys_open(const struct er_point *point, const struct er_ratings *ratings,
                                   struct er_recovery *out, struct er_error *err)
{
    struct er_error why = {0};
    enum er_status status;
    if (er_matrix_keys_is_ratings(point)) {
        status =
            er_recovery_from_ratings(ratings, observed_of(point, ratings->n, 0.8),
                                     er_point_integer(point, "matrix.test", 0), seed_of(point), out, &why);
    } else {
        const struct er_recovery_spec spec = er_matrix_keys_spec(point);
        status = er_recovery_new(&spec, out, &why);
    }
    return status == ER_OK ? ER_OK : fail_at_size(point, status, &why, err);
}

int er_matrix_keys_compare(const struct er_point *a, const struct er_point *b)
{
    static const char prefix[] = "matrix.";
    const uint64_t seed_a = seed_of(a), seed_b = seed_of(b);
    if (seed_a != seed_b) return seed_a < seed_b ? -1 : 1;
    for (int64_t i = 0; i < a->n && i < b->n; i++) {
        if (a->setting[i] == b->setting[i] ||
            strncmp(a->setting[i]->row->path, prefix, sizeof prefix - 1) != 0)
            continue;
        const int order = strcmp(a->setting[i]->text, b->setting[i]->text);
        if (order != 0) return order;
    }
    return 0;
}
