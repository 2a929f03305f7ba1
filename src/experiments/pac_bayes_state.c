/* pac_bayes_state.c - see pac_bayes_run.h: sealed head, then the trainer's state, or prior, curve and
 * descent. */
#include "core/clock.h"
#include "experiments/pac_bayes_run.h"
#include "experiments/seal.h"

#include <ermine/memory.h>
#include <string.h>

struct head {
    char seal[ER_SEAL];
    struct er_pac_bayes_trained trained;
    double seconds, sums[2];
    int64_t parameters;
};

static size_t curve_bytes(const struct er_pac_bayes_run *r)
{
    return (size_t)(ER_PAC_BAYES_CURVES * r->spec.epochs) * sizeof *r->curve;
}

static size_t prior_bytes(const struct er_pac_bayes_run *r)
{
    return (size_t)er_net_parameters(r->net) * sizeof *r->prior;
}

enum er_status er_pac_bayes_save(struct er_pac_bayes_run *r, const void *trainer, size_t bytes,
                                 struct er_error *err)
{
    const struct head head = {.trained = r->trained,
                              .seconds = r->seconds + er_clock_s() - r->began,
                              .sums = {r->sums[0], r->sums[1]},
                              .parameters = er_net_parameters(r->net)};
    const size_t body =
        trainer ? bytes : prior_bytes(r) + curve_bytes(r) + er_bound_descent_state_bytes(&r->descent);
    if (!r->events->checkpoint) return ER_OK;
    char *state = er_alloc((int64_t)(sizeof head + body), 1), *at = state;
    if (!state)
        return er_fail(err, ER_E_NOMEM, "pac-bayes: out of memory for a checkpoint of %zu bytes",
                       sizeof head + body);
    memcpy(at, &head, sizeof head);
    at += sizeof head;
    if (trainer)
        memcpy(at, trainer, bytes);
    else {
        memcpy(at, r->prior, prior_bytes(r));
        memcpy(at += prior_bytes(r), r->curve, curve_bytes(r));
        er_bound_descent_save(&r->descent, at + curve_bytes(r));
    }
    er_seal_set(state, sizeof head + body);
    const enum er_status status =
        r->events->checkpoint(r->events->ctx, r->number, state, sizeof head + body, err);
    er_free(state);
    return status;
}

enum er_status er_pac_bayes_restore(struct er_pac_bayes_run *r, const void *state, size_t bytes,
                                    struct er_error *err)
{
    const char *at = state;
    struct head head;
    if (bytes < sizeof head || !er_seal_holds(state, bytes)) return ER_OK;
    memcpy(&head, at, sizeof head);
    at += sizeof head;
    if (head.parameters != er_net_parameters(r->net)) return ER_OK;
    if (head.trained.done == 0) {
        r->seconds = head.seconds;
        r->trainer = at;
        r->trainer_bytes = bytes - sizeof head;
        return ER_OK;
    }
    const enum er_status status = er_pac_bayes_open_descent(r, err);
    if (status != ER_OK) return status;
    if (bytes != sizeof head + prior_bytes(r) + curve_bytes(r) + er_bound_descent_state_bytes(&r->descent)) {
        er_bound_descent_close(&r->descent);
        r->descending = false;
        return ER_OK;
    }
    memcpy(r->prior, at, prior_bytes(r));
    memcpy(r->curve, at += prior_bytes(r), curve_bytes(r));
    er_bound_descent_restore(&r->descent, at + curve_bytes(r));
    memcpy(r->sums, head.sums, sizeof r->sums);
    r->trained = head.trained;
    r->seconds = head.seconds;
    return ER_OK;
}
