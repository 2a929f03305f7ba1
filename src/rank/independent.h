/* independent.h - which columns of a table are hyper-parameters, and which follow from others. */
#ifndef ERMINE_RANK_INDEPENDENT_H
#define ERMINE_RANK_INDEPENDENT_H

#include <ermine/memory.h>
#include <ermine/rank.h>

/* Takes those of the table's parameters away that no two models differ in alone: a count of weights beside depth and width, a
 * column that says another one in other words. One after the other, the one of most levels first, of these the last; models of
 * different seeds differ by that, unless each configuration has seeds of its own. `parameter` is table->parameter; *follows (in the arena) are the names that went,
 * NULL behind the last. ER_E_NOMEM. Cost: sorting the models, times the square of their number at most. */
enum er_status er_rank_independent(struct er_rank_table *table, struct er_rank_parameter *parameter,
                                   struct er_arena *memory, const char *const **follows,
                                   struct er_error *err);

#endif
