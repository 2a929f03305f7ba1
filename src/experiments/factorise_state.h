/* factorise_state.h - a descent as bytes: a sealed head with the rival, the curve so far, factors and
 * optimiser. For the same program on the same machine.
 */
#ifndef ERMINE_EXPERIMENTS_FACTORISE_STATE_H
#define ERMINE_EXPERIMENTS_FACTORISE_STATE_H

#include "experiments/run_spread.h"

#include <ermine/factorise.h>

/* Freed by er_free(). ER_E_NOMEM. */
enum er_status er_factorise_save(const struct er_factorisation *f, const struct er_spread_result *so_far,
                                 double seconds, void **state, size_t *bytes, struct er_error *err);

/* Whether result->state has what the rival gave; result->value then has it too. */
bool er_factorise_has_rival(struct er_spread_result *result);

/* Takes up result->state: curve (of at most `records`), seconds, factors. Where there is none, or it is
 * damaged, all is as it was. */
enum er_status er_factorise_take(struct er_factorisation *f, struct er_spread_result *result, int64_t records,
                                 struct er_error *err);

#endif
