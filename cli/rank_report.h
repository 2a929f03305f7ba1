/* rank_report.h - what `ermine rank` prints. */
#ifndef ERMINE_CLI_RANK_REPORT_H
#define ERMINE_CLI_RANK_REPORT_H

#include <ermine/rank.h>
#include <ermine/table.h>

/* For people: criteria with intervals, best Psi first; by hyper-parameter; what is missing and why. ER_E_NOMEM. */
enum er_status rank_report_text(const char *path, const struct er_rank_table *table,
                                const char *const *follows, const struct er_rank_options *options,
                                const struct er_rank_results *results, struct er_error *err);

/* For programs: one row a measure in the table's order, all numbers; cleared by er_table_clear(). ER_E_NOMEM. */
enum er_status rank_report_table(const struct er_rank_table *table, const struct er_rank_results *results,
                                 struct er_table *out, struct er_error *err);

#endif
