/* rank_tables.h - columns and figures of the experiment `rank`.
 */
#ifndef ERMINE_EXPERIMENTS_RANK_TABLES_H
#define ERMINE_EXPERIMENTS_RANK_TABLES_H

#include "experiments/experiment.h"

enum {
    ER_RANK_TAU_A,
    ER_RANK_TAU_A_LOW,
    ER_RANK_TAU_A_HIGH,
    ER_RANK_TAU_B,
    ER_RANK_TAU_B_LOW,
    ER_RANK_TAU_B_HIGH,
    ER_RANK_PSI,
    ER_RANK_PSI_LOW,
    ER_RANK_PSI_HIGH,
    ER_RANK_CMI,
    ER_RANK_CMI_LOW,
    ER_RANK_CMI_HIGH,
    ER_RANK_CMI_CHANCE,
    ER_RANK_CMI_NONE,
    ER_RANK_CMI_ONE,
    ER_RANK_CMI_TWO,
    ER_RANK_SIGN_MEAN,
    ER_RANK_SIGN_MEAN_LOW,
    ER_RANK_SIGN_MEAN_HIGH,
    ER_RANK_SIGN_P90,
    ER_RANK_SIGN_MAX,
    ER_RANK_SIGN_MAX_LOW,
    ER_RANK_SIGN_MAX_HIGH,
    ER_RANK_ENVIRONMENTS,
    ER_RANK_PGDL,
    ER_RANK_PGDL_LOW,
    ER_RANK_PGDL_HIGH,
    ER_RANK_PGDL_STRICT,
    ER_RANK_REGRESSION_1,
    ER_RANK_REGRESSION_2,
    ER_RANK_REGRESSION_3,
    ER_RANK_MODELS,
    ER_RANK_CONFIGURATIONS,
    ER_RANK_DROPPED,
    ER_RANK_MISSING,
    ER_RANK_DIRECTION,
    ER_RANK_RUN_COLUMNS
};

extern const struct er_column er_rank_run_column[], er_rank_curve_column[];
extern const struct er_default_figure er_rank_figure[];

/* What a hyper-parameter has columns of. */
enum { ER_RANK_AXIS_PSI, ER_RANK_AXIS_SIGN, ER_RANK_AXIS_COLUMNS };

/* er_results_reader.columns: of each hyper-parameter of the source, or that rank.parameters names where there is none,
 * psi_NAME and sign_error_NAME; NAME is the last part of its name where no other ends so. */
enum er_status er_rank_axis_columns(const struct er_point *point, const struct er_source *source,
                                    struct er_arena *arena, struct er_column **out, int64_t *n,
                                    struct er_error *err);

/* The hyper-parameters that have columns, in their order: *n names in `arena`. */
enum er_status er_rank_axis_names(const struct er_point *point, const struct er_source *source,
                                  struct er_arena *arena, const char *const **out, int64_t *n,
                                  struct er_error *err);

#endif
