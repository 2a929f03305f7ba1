/* recover_path.c - see recover_path.h. */
#include "experiments/recover_path.h"

#include <math.h>

enum { RISEN = 3 };

/* Gap of what is only judged by entries that are held out. */
static const double ROUGH = 3e-3;

struct walk {
    const struct er_sparse *held;
    struct er_recover_path *path;
    struct er_factored best; /* the solution of the least error, step `at` */
    int64_t at;
    struct er_pool *pool;
    enum er_status status;
    struct er_error *err;
};

static bool see(void *ctx, const struct er_soft_impute_state *state, const struct er_factored *x)
{
    struct walk *w = ctx;
    struct er_recover_path *path = w->path;
    const int64_t here = path->n++;
    path->step[here].state = *state;
    w->status = er_factored_error(x, w->held, &path->step[here].error, w->pool, w->err);
    if (w->status != ER_OK) return false;
    if (here == 0 || path->step[here].error < path->step[w->at].error) {
        w->at = here;
        er_factored_clear(&w->best);
        w->status = er_factored_copy(x, &w->best, w->err);
    }
    return w->status == ER_OK && here - w->at < RISEN;
}

enum er_status er_recover_path(const struct er_recovery *problem,
                               const struct er_soft_impute_options *options, double share, uint64_t seed,
                               struct er_recover_path *path, struct er_factored *x,
                               struct er_soft_impute_state *state, struct er_pool *pool,
                               const struct er_progress *progress, struct er_error *err)
{
    const struct er_soft_impute_path lambdas = {.count = ER_RECOVER_PATH, .least = 0.01};
    struct er_soft_impute_options roughly = *options;
    struct er_soft_impute_state last;
    struct er_recovery part = {0};
    struct er_factored tried = {0};
    struct walk w = {.held = &part.test, .path = path, .pool = pool, .err = err};
    double largest = 0;
    path->n = 0;
    roughly.gap = fmax(roughly.gap, ROUGH);
    enum er_status status = er_recovery_hold_out(problem, share, seed, &part, err);
    if (status == ER_OK)
        status = er_soft_impute_along(&part, &roughly, &lambdas, see, &w, &tried, &last, pool, progress, err);
    if (status == ER_OK) status = w.status;
    er_factored_clear(&tried);
    er_recovery_clear(&part);
    if (status == ER_OK) status = er_soft_impute_largest(problem, options->seed, &largest, pool, err);
    if (status == ER_OK) {
        const double ratio = path->step[w.at].state.lambda / path->step[0].state.lambda;
        status = er_soft_impute(problem, options, ratio * largest, &w.best, state, pool, progress, err);
    }
    if (status == ER_OK)
        *x = w.best;
    else
        er_factored_clear(&w.best);
    return status;
}
