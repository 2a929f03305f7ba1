/* average.h - a table of runs averaged over what its reader does not look at.
 *
 * Rows that agree in the axes that are asked for become one, in the order of the first of each: these axes,
 * "runs" (how many rows), the means of the numbers (over those that have a value), and the words, or "mixed"
 * where they differ. The seed is never an axis here. Of the axes, and of the results, those are taken that
 * are asked for by name, in the order of the table; when that is none, all.
 */
#ifndef ERMINE_CLI_AVERAGE_H
#define ERMINE_CLI_AVERAGE_H

#include <ermine/table.h>

/* *out is freed by er_table_clear() and borrows nothing. ER_E_NOMEM. Cost: rows times averages comparisons.
 */
enum er_status average_runs(const struct er_table *runs, const char *const *name, int64_t names,
                            struct er_table *out, struct er_error *err);

#endif
