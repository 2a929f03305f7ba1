/* rank_models.h - the models that a ranking is of: runs of an earlier study, or lines of a file.
 */
#ifndef ERMINE_EXPERIMENTS_RANK_MODELS_H
#define ERMINE_EXPERIMENTS_RANK_MODELS_H

#include "experiments/experiment.h"
#include <ermine/rank_file.h>

struct er_rank_models {
    struct er_rank_table
        table; /* of all models there are; every column of numbers that may be ranked is a measure */
    int64_t
        passed_over; /* runs of the study that are no models: they diverged, or ended otherwise than asked for */
    int64_t test_size; /* examples behind each gap, where the source says so; else 0 */
    struct er_arena *memory;
    struct er_rank_file *file; /* a table that was read, in the arena; NULL: none was */
};

/* The models of a point with keys `rank.*`; `source` is the study that it names, or NULL. Of a file columns are measures
 * that are named as the library's, and those that `asked` names (NULL behind the last). Cleared by
 * er_rank_models_clear(). Errors: ER_E_INPUT with the place of the setting (a column or an outcome that there is not, with
 * the nearest), those of reading a file, ER_E_LIMIT, ER_E_NOMEM. */
enum er_status er_rank_models_new(const struct er_point *point, const struct er_source *source,
                                  const struct er_data_places *places, const char *const *asked,
                                  struct er_rank_models *out, struct er_error *err);
void er_rank_models_clear(struct er_rank_models *models);

/* The part of it that takes a study's runs; `m` has its arena. */
enum er_status er_rank_models_of_study(const struct er_point *point, const struct er_source *source,
                                       struct er_rank_models *m, struct er_error *err);

/* The models that are compared, in `arena`: those with a gap and, with every measure of the
 * library that at least this share of the models has. Which they are does not depend on the measure that is ranked. *kept
 * has no measures; row[i] is model i's number in models->table. ER_E_INPUT: fewer than two are left. ER_E_NOMEM. */
enum er_status er_rank_models_keep(const struct er_rank_models *models, double least_share,
                                   struct er_arena *arena, struct er_rank_table *kept, const int64_t **row,
                                   struct er_error *err);

#endif
