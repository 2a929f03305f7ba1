/* rank_keys.h - the keys `rank.*`: rows, what is checked when a study is read, settings of a ranking.
 */
#ifndef ERMINE_EXPERIMENTS_RANK_KEYS_H
#define ERMINE_EXPERIMENTS_RANK_KEYS_H

#include "experiments/rank_axes.h"

extern const struct er_schema_row er_rank_keys_row[];

/* er_experiment.check; what a point says of its source (er_results_reader.check); word i of the axis over rank.measure:
 * the source's measures, then the baselines. */
enum er_status er_rank_keys_check(const struct er_point *point, const struct er_data_places *places,
                                  struct er_error *err);
enum er_status er_rank_keys_check_source(const struct er_point *point, const struct er_source *source,
                                         struct er_error *err);
const char *er_rank_keys_word(const struct er_source *source, int64_t i);

/* The names in rank.parameters, NULL behind the last; *out is NULL where nothing is written. In `arena`. */
enum er_status er_rank_keys_names(const struct er_point *point, struct er_arena *arena,
                                  const char *const **out, struct er_error *err);

/* The hyper-parameters of the source: those that rank.parameters names, or all. ER_E_INPUT at the setting names the
 * nearest of one that there is not. */
enum er_status er_rank_keys_axes(const struct er_point *point, const struct er_source *source,
                                 struct er_arena *arena, struct er_rank_axes *out, struct er_error *err);

/* Whether `name` is a baseline. */
bool er_rank_keys_is_baseline(const char *name);

/* How a point's models are compared; test_size is of the source, 0: not known. */
struct er_rank_options er_rank_keys_options(const struct er_point *point, int64_t test_size);

/* The file that rank.file names, for its checksum and its place. */
struct er_data_spec er_rank_keys_source(const struct er_point *point);

/* Passes an error on, with the place of the setting at `path` unless it is of a file. */
enum er_status er_rank_keys_fail(const struct er_point *point, const char *path, const struct er_error *why,
                                 struct er_error *err);

#endif
