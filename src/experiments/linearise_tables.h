/* linearise_tables.h - columns, default figures and claims of the experiment `linearise`. */
#ifndef ERMINE_EXPERIMENTS_LINEARISE_TABLES_H
#define ERMINE_EXPERIMENTS_LINEARISE_TABLES_H

#include "experiments/experiment.h"

extern const struct er_column er_linearise_run_column[], er_linearise_curve_column[];
extern const struct er_default_figure er_linearise_figure[];
extern const struct er_default_claim er_linearise_claim[];

#endif
