/* regress_keys.h - the keys `regress.*`: their rows, and what they say as a specification of a fit.
 */
#ifndef ERMINE_EXPERIMENTS_REGRESS_KEYS_H
#define ERMINE_EXPERIMENTS_REGRESS_KEYS_H

#include "experiments/basis.h"

#include <ermine/schema.h>

/* In the order of the words of `regress.validation`. */
enum er_validation {
    ER_VALIDATION_NONE,
    ER_VALIDATION_HOLD_OUT,
    ER_VALIDATION_LEAVE_ONE_OUT,
    ER_VALIDATION_K_FOLD,
    ER_VALIDATION_BOOTSTRAP
};

struct er_regress_spec {
    enum er_basis_kind basis;
    int64_t features; /* of the basis; 0: those of the input (linear) */
    double bandwidth; /* NaN: the basis's own */
    double ridge, cut_off;
    enum er_validation validation;
    double above, share; /* hold-out: x above it (NaN: not so), else a random share */
    int64_t folds;       /* of k-fold; of the bootstrap: resamples */
    int64_t sets;        /* training sets of a bias-variance decomposition; 0: none */
    bool descent;        /* gradient descent in place of the solution */
    double rate, start;  /* its learning rate (NaN: 1 / the largest curvature), norm of its random start */
    int64_t steps;
    double null; /* norm of a component added in the null space, in norms of the solution */
    uint64_t seed;
};

/* The rows of `regress`, ended by a row without path. */
extern const struct er_schema_row er_regress_keys_row[];

/* What a point asks for. */
struct er_regress_spec er_regress_keys_spec(const struct er_point *point);

/* Keys that exclude or need each other, with the place of the one at fault. ER_E_INPUT. */
enum er_status er_regress_keys_check(const struct er_point *point, struct er_error *err);

/* What is only known once the data are read: d numbers an input, n examples. ER_E_INPUT, at the key at
 * fault. */
enum er_status er_regress_keys_fit(const struct er_point *point, int64_t n, int64_t d, struct er_error *err);

#endif
