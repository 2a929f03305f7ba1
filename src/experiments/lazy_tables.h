/* lazy_tables.h - columns, default figures and default claims of the experiment `lazy`.
 */
#ifndef ERMINE_EXPERIMENTS_LAZY_TABLES_H
#define ERMINE_EXPERIMENTS_LAZY_TABLES_H

#include "experiments/experiment.h"

/* In the order of enum er_lazy_value and enum er_lazy_curve; each ended by a column without name. */
extern const struct er_column er_lazy_run_column[], er_lazy_curve_column[];

/* Ended by a figure without mark, by a claim without sentence. */
extern const struct er_default_figure er_lazy_figure[];
extern const struct er_default_claim er_lazy_claim[];

#endif
