/* factorise_rivals.h - rivals of the runs that share a problem: each is solved once a call, by the first run
 * that needs it, while others that need it wait.
 */
#ifndef ERMINE_EXPERIMENTS_FACTORISE_RIVALS_H
#define ERMINE_EXPERIMENTS_FACTORISE_RIVALS_H

#include "experiments/recover_method.h"

#include <pthread.h>

struct er_rival {
    struct er_method_spec spec;
    bool solved; /* else under way */
    enum er_status status;
    struct er_error why;
    struct er_method_result result;
};

struct er_rivals {
    pthread_mutex_t lock;
    pthread_cond_t solved;
    struct er_rival *rival; /* n of them, room for as many as there are runs */
    int64_t n;
};

/* Room for the rivals of `runs` runs. ER_E_NOMEM; rivals that were not made are zeros, and may be cleared. */
enum er_status er_rivals_new(int64_t runs, struct er_rivals *out, struct er_error *err);
void er_rivals_clear(struct er_rivals *rivals);

/* The result of a rival, solved now unless it was before. Any thread. Errors: er_method_solve()'s. */
enum er_status er_rivals_get(struct er_rivals *rivals, const struct er_recovery *problem,
                             const struct er_method_spec *spec, struct er_pool *pool,
                             const struct er_progress *progress, struct er_method_result *out,
                             struct er_error *err);

#endif
