/* regress_tables.h - columns, default figures and default claims of the experiment `regress`.
 */
#ifndef ERMINE_EXPERIMENTS_REGRESS_TABLES_H
#define ERMINE_EXPERIMENTS_REGRESS_TABLES_H

#include "experiments/experiment.h"

/* In the order of enum er_regress_value and enum er_regress_curve; each ended by a column without name. */
extern const struct er_column er_regress_run_column[], er_regress_curve_column[];

/* Ended by a figure without mark, by a claim without sentence. */
extern const struct er_default_figure er_regress_figure[];
extern const struct er_default_claim er_regress_claim[];

#endif
