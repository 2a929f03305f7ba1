/* regression.h - sources of real targets; one file each under regressions/, one line each in regressions.def.
 */
#ifndef ERMINE_DATA_REGRESSION_H
#define ERMINE_DATA_REGRESSION_H

#include <ermine/random.h>
#include <ermine/regression.h>

/* What a source makes its examples of: parameters with defaults filled in and ranges checked. */
struct er_regression_spec {
    const struct er_data_spec *data; /* seed, choice of rows, standardisation */
    int64_t size[2];                 /* training and test examples */
    int64_t dimension;               /* 1..2^16 */
    double noise;                    /* 0..10^6 */
    int64_t width;                   /* 1..2^16 */
};

struct er_regression_source {
    const char *name, *title;
    int64_t version, dimension;
    double noise;
    int64_t width, train, test, own;
    const char *x_name, *y_name;
    unsigned takes;
    /* Both parts, and the truth where it is linear. What it leaves in `out` on failure is freed by the
     * caller. ER_E_NOMEM. */
    enum er_status (*make)(const struct er_regression_spec *spec, struct er_regression_split *out,
                           struct er_error *err);
};

/* The source of that name, or NULL. */
const struct er_regression_source *er_regression_named(const char *name);

/* The SHA-256 of "ermine NAME VERSION". */
void er_regression_checksum(const struct er_regression_source *source, char hex[ER_SHA256_HEX]);

/* Whether targets are real numbers: of a source by name, or of a .csv file whose labels are given no task.
 * Otherwise they are labels, those of er_data_open(). */
bool er_regression_is_real(const struct er_data_spec *spec);

/* Checks, without reading or making anything, that real targets can be had as the specification says.
 * *parameter: what the one at fault is called in a study, without "data.". ER_E_USAGE. */
enum er_status er_regression_check(const struct er_data_spec *spec, const char **parameter,
                                   struct er_error *err);

/* The parameters of a source by name, for a specification that er_regression_check() took. */
struct er_regression_spec er_regression_resolve(const struct er_regression_source *source,
                                                const struct er_data_spec *spec);

/* Each source's `make`, in regressions/NAME.c. */
#define REGRESSION(id, ...)                                                                                  \
    enum er_status er_regression_make_##id(const struct er_regression_spec *spec,                            \
                                           struct er_regression_split *out, struct er_error *err);
#include "regressions.def"
#undef REGRESSION

/* Zeroed examples, with `clean` or without. ER_E_NOMEM, also when a size overflows; what is in *out then is
 * to be freed. */
enum er_status er_regression_new(int64_t n, int64_t d, int64_t k, bool clean, struct er_regression *out,
                                 struct er_error *err);

/* The random numbers of example i of a part: first its inputs, then its noise. */
static inline struct er_random er_regression_random(const struct er_regression_spec *spec, int part,
                                                    int64_t i)
{
    return er_random_open(spec->data->seed,
                          er_stream(ER_PURPOSE_GENERATE, (uint64_t)part << 40 | (uint64_t)i));
}

/* Inputs x_j of deviation deviation(j), and a truth in blocks: d / blocks inputs each, in which theta has the
 * norm norm[b] and a uniform direction, and the inputs have the standard deviation deviation[b]. Makes truth
 * and both parts of x_j ~ N(0, variance_j), y = x theta + noise. ER_E_NOMEM. */
enum er_status er_regression_linear(const struct er_regression_spec *spec, int blocks, const double norm[],
                                    const double deviation[], struct er_regression_split *out,
                                    struct er_error *err);

/* A table in which column `target` of `columns` is the target and the others are inputs, in order. */
struct er_regression_rows {
    const double *value; /* n x columns */
    int64_t n, columns, target;
};

/* size[0] training and size[1] test rows, as the specification chooses them (`in_order`: the first ones), and
 * the inputs standardised as it says. ER_E_NOMEM; what is in *out then is freed by the caller. */
enum er_status er_regression_take(const struct er_regression_rows *rows, const struct er_data_spec *spec,
                                  const int64_t size[2], bool in_order, struct er_regression_split *out,
                                  struct er_error *err);

/* The split of a .csv file with a real target. Errors as er_regression_open()'s. */
enum er_status er_regression_table(const struct er_data_spec *spec, struct er_regression_split *out,
                                   struct er_error *err);

#endif
