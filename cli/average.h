/* average.h - a table of runs averaged over their seeds.
 *
 * Rows that agree in every axis but "seed" become one: the axes, "runs" (how many rows), the means of the
 * numbers (over those that have a value), and the words, or "mixed" where they differ.
 */
#ifndef ERMINE_CLI_AVERAGE_H
#define ERMINE_CLI_AVERAGE_H

#include <ermine/table.h>

/* Rows of one setting stand together, as er_study_table() gives them. *out is freed by er_table_clear() and
 * borrows nothing. ER_E_NOMEM. */
enum er_status average_seeds(const struct er_table *runs, const char *const *name, int64_t names,
                             struct er_table *out, struct er_error *err);

#endif
