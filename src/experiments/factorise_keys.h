/* factorise_keys.h - the keys `factorise.*` of a point. */
#ifndef ERMINE_EXPERIMENTS_FACTORISE_KEYS_H
#define ERMINE_EXPERIMENTS_FACTORISE_KEYS_H

#include "experiments/recover_method.h"

#include <ermine/factorise.h>

enum { ER_FACTORISE_MODES = 10 };

extern const struct er_schema_row er_factorise_keys_row[];

/* What a run does. */
struct er_factorise_request {
    struct er_factorise_spec spec;
    struct er_factorise_until until; /* `step`: the last */
    int64_t per_decade;              /* records in a decade of steps */
    int64_t every;                   /* a record each so many steps in their place; 0: not so */
    int64_t modes;                   /* singular values of a record */
    bool alignment, flow;
    bool has_rival;
    struct er_method_spec rival;
};

/* The problem tells the width of factors that has no key; NULL: it isn't known yet, and such a width is 0. */
struct er_factorise_request er_factorise_keys_request(const struct er_point *point,
                                                      const struct er_recovery *problem);

/* er_matrix_centre. */
const char *er_factorise_keys_centre(const struct er_point *point);

/* What the schema cannot say. ER_E_INPUT at the setting. */
enum er_status er_factorise_keys_check(const struct er_point *point, struct er_error *err);

/* What the matrix's shape has to say, which of ratings is known when they are read. ER_E_INPUT at the
 * setting. */
enum er_status er_factorise_keys_fit(const struct er_point *point, int64_t rows, int64_t columns,
                                     struct er_error *err);

#endif
