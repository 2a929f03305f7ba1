/* lazy_keys.h - the keys `lazy.*`: their rows, and what they say as a specification of a run.
 */
#ifndef ERMINE_EXPERIMENTS_LAZY_KEYS_H
#define ERMINE_EXPERIMENTS_LAZY_KEYS_H

#include <ermine/schema.h>
#include <stdbool.h>

struct er_lazy_spec {
    int64_t units, steps;
    double alpha, rate; /* rate: on the outputs, with the factor alpha where that is below 1 */
    double until;       /* train_mse at which training stops before its last step; 0: not */
    bool doubled;
    uint64_t seed;
};

/* The rows of `lazy`, ended by a row without path. */
extern const struct er_schema_row er_lazy_keys_row[];

/* What a point asks for. */
struct er_lazy_spec er_lazy_keys_spec(const struct er_point *point);

/* A doubled network of an odd width. ER_E_INPUT at the key. */
enum er_status er_lazy_keys_check(const struct er_point *point, struct er_error *err);

/* What is only known once the data are read: that there is one target an example. ER_E_INPUT at the data's key. */
enum er_status er_lazy_keys_fit(const struct er_point *point, int64_t targets, struct er_error *err);

#endif
