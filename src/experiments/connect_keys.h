/* connect_keys.h - the keys `connect.*`: their rows, what they say, what can be checked beforehand.
 */
#ifndef ERMINE_EXPERIMENTS_CONNECT_KEYS_H
#define ERMINE_EXPERIMENTS_CONNECT_KEYS_H

#include <ermine/data.h>
#include <ermine/minima.h>
#include <ermine/paths.h>
#include <ermine/schema.h>

extern const struct er_schema_row er_connect_keys_row[];

struct er_connect_settings {
    const struct er_sampler *end[2]; /* of A and B; NULL: none of that name */
    bool same_start;                 /* B from A's initial weights */
    enum er_path_kind kind;
    bool align;
    int64_t points;
    struct er_path_training training; /* its seed: the run's */
};

struct er_connect_settings er_connect_keys_settings(const struct er_point *point);

/* er_experiment.check of `connect`. */
enum er_status er_connect_keys_check(const struct er_point *point, const struct er_data_places *places,
                                     struct er_error *err);

#endif
