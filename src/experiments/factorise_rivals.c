/* factorise_rivals.c - see factorise_rivals.h. */
#include "experiments/factorise_rivals.h"

#include <ermine/memory.h>

enum er_status er_rivals_new(int64_t runs, struct er_rivals *out, struct er_error *err)
{
    *out = (struct er_rivals){.rival = er_alloc(runs, sizeof *out->rival)};
    if (!out->rival)
        return er_fail(err, ER_E_NOMEM, "factorise: out of memory for rivals of %lld runs", (long long)runs);
    if (pthread_mutex_init(&out->lock, NULL) == 0) {
        if (pthread_cond_init(&out->solved, NULL) == 0) return ER_OK;
        pthread_mutex_destroy(&out->lock);
    }
    er_free(out->rival);
    out->rival = NULL;
    return er_fail(err, ER_E_NOMEM, "factorise: out of memory for a lock");
}

void er_rivals_clear(struct er_rivals *rivals)
{
    if (!rivals->rival) return;
    pthread_cond_destroy(&rivals->solved);
    pthread_mutex_destroy(&rivals->lock);
    er_free(rivals->rival);
    rivals->rival = NULL;
}

enum er_status er_rivals_get(struct er_rivals *rivals, const struct er_recovery *problem,
                             const struct er_method_spec *spec, struct er_pool *pool,
                             const struct er_progress *progress, struct er_method_result *out,
                             struct er_error *err)
{
    int64_t i = 0;
    pthread_mutex_lock(&rivals->lock);
    while (i < rivals->n && !er_method_same(&rivals->rival[i].spec, spec)) i++;
    struct er_rival *rival = &rivals->rival[i];
    if (i < rivals->n)
        while (!rival->solved) pthread_cond_wait(&rivals->solved, &rivals->lock);
    else {
        rivals->n++;
        rival->spec = *spec;
        pthread_mutex_unlock(&rivals->lock);
        rival->status = er_method_solve(problem, spec, pool, progress, &rival->result, &rival->why);
        pthread_mutex_lock(&rivals->lock);
        rival->solved = true;
        pthread_cond_broadcast(&rivals->solved);
    }
    pthread_mutex_unlock(&rivals->lock);
    *out = rival->result;
    if (rival->status != ER_OK && err) *err = rival->why;
    return rival->status;
}
