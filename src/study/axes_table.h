/* axes_table.h - tables that begin with the columns by which the runs of a job differ. */
#ifndef ERMINE_STUDY_AXES_TABLE_H
#define ERMINE_STUDY_AXES_TABLE_H

#include "study/job.h"

/* Begins a table with the axes; room for `more` columns behind them. False when memory is out;
 * er_table_clear() frees it then too. */
bool er_axes_table_new(struct er_table *table, const struct er_job *job, int64_t more);

/* The next column; its texts are copied. */
bool er_table_add_column(struct er_table *table, struct er_table_column column);

/* The cells of the axes for run i. */
bool er_axes_table_fill(struct er_table *table, const struct er_job *job, int64_t run, struct er_cell *cell);

#endif
