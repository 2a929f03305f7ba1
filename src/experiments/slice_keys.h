/* slice_keys.h - the keys `slice.*`: their rows, what they say, what can be checked beforehand.
 */
#ifndef ERMINE_EXPERIMENTS_SLICE_KEYS_H
#define ERMINE_EXPERIMENTS_SLICE_KEYS_H

#include <ermine/data.h>
#include <ermine/minima.h>
#include <ermine/schema.h>

enum { ER_SLICE_MINIMA = 3 };

extern const struct er_schema_row er_slice_keys_row[];

struct er_slice_settings {
    const struct er_sampler *sampler[ER_SLICE_MINIMA]; /* of A, B and C */
    int64_t minima;                                    /* so many of them */
    int64_t grid;
    double margin, span;
    double threshold; /* NaN: from the minima that sgd found */
    bool recomputed;  /* batch norm's moments, at every point */
    bool path;
};

struct er_slice_settings er_slice_keys_settings(const struct er_point *point);

/* Whether minimum i is found by sgd. */
bool er_slice_keys_sgd(const struct er_slice_settings *settings, int64_t i);

/* er_experiment.check of `slice`. */
enum er_status er_slice_keys_check(const struct er_point *point, const struct er_data_places *places,
                                   struct er_error *err);

#endif
