/* factorise_state.c - see factorise_state.h. */
#include "experiments/factorise_state.h"

#include "experiments/factorise_tables.h"
#include "experiments/seal.h"

#include <ermine/memory.h>
#include <math.h>
#include <string.h>

struct head {
    char seal[ER_SEAL];
    int64_t records, factors; /* of the curve; bytes of factors and optimiser */
    double seconds;
    double value[ER_SPREAD_VALUES]; /* those of the rival count */
};

static size_t curve_bytes(int64_t records)
{
    return (size_t)records * ER_FACTORISE_CURVES * sizeof(double);
}

enum er_status er_factorise_save(const struct er_factorisation *f, const struct er_spread_result *so_far,
                                 double seconds, void **state, size_t *bytes, struct er_error *err)
{
    const size_t factors = er_factorisation_state_bytes(f);
    struct head head = {.records = so_far->n_curve, .factors = (int64_t)factors, .seconds = seconds};
    memcpy(head.value, so_far->value, sizeof head.value);
    *bytes = sizeof head + curve_bytes(head.records) + factors;
    char *at = er_alloc((int64_t)*bytes, 1);
    *state = at;
    if (!at)
        return er_fail(err, ER_E_NOMEM, "factorise: out of memory for a checkpoint of %zu bytes", *bytes);
    memcpy(at, &head, sizeof head);
    at += sizeof head;
    for (int c = 0; c < ER_FACTORISE_CURVES; c++, at += (size_t)head.records * sizeof(double))
        memcpy(at, so_far->curve[c], (size_t)head.records * sizeof(double));
    er_factorisation_state(f, at);
    er_seal_set(*state, *bytes);
    return ER_OK;
}

bool er_factorise_has_rival(struct er_spread_result *result)
{
    struct head head;
    if (result->state_bytes < sizeof head || !er_seal_holds(result->state, result->state_bytes)) return false;
    memcpy(&head, result->state, sizeof head);
    if (isnan(head.value[ER_FACTORISE_V_RIVAL_NUCLEAR])) return false;
    for (int v = ER_FACTORISE_V_RIVAL_TEST; v <= ER_FACTORISE_V_RIVAL_ITERATIONS; v++)
        result->value[v] = head.value[v];
    return true;
}

enum er_status er_factorise_take(struct er_factorisation *f, struct er_spread_result *result, int64_t records,
                                 struct er_error *err)
{
    const char *at = result->state;
    struct head head;
    if (result->state_bytes < sizeof head || !er_seal_holds(at, result->state_bytes)) return ER_OK;
    memcpy(&head, at, sizeof head);
    if (head.records < 0 || head.records > records ||
        (size_t)head.factors != er_factorisation_state_bytes(f) ||
        result->state_bytes != sizeof head + curve_bytes(head.records) + (size_t)head.factors)
        return ER_OK;
    at += sizeof head;
    const enum er_status status =
        er_factorisation_restore(f, at + curve_bytes(head.records), (size_t)head.factors, err);
    if (status != ER_OK) return status;
    for (int c = 0; c < ER_FACTORISE_CURVES; c++, at += (size_t)head.records * sizeof(double))
        memcpy(result->curve[c], at, (size_t)head.records * sizeof(double));
    result->n_curve = head.records;
    result->seconds = head.seconds;
    return ER_OK;
}
