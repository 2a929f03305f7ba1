/* table.h - whether a table of models is one. */
#ifndef ERMINE_RANK_TABLE_H
#define ERMINE_RANK_TABLE_H

#include <ermine/rank.h>

/* ER_E_USAGE (no measure, a level, a direction or a train size out of its range), ER_E_LIMIT. */
enum er_status er_rank_table_check(const struct er_rank_table *table, struct er_error *err);

#endif
