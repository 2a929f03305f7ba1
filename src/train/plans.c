/* plans.c - the plans of an ensemble, found by looking back from the newest: members of one net come
 * together. */
#include "train/plans.h"

#include <ermine/memory.h>

const struct er_plan *er_plans_get(const struct er_plans *plans, const struct er_net *net, int64_t rows)
{
    for (int64_t i = plans->n - 1; i >= 0; i--)
        if (plans->planned[i].net == net && er_plan_rows(plans->planned[i].plan) == rows)
            return plans->planned[i].plan;
    return NULL;
}

enum er_status er_plans_add(struct er_plans *plans, const struct er_net *net, int64_t rows,
                            struct er_error *err)
{
    if (rows == 0 || er_plans_get(plans, net, rows)) return ER_OK;
    if (plans->n == plans->capacity) {
        const int64_t capacity = plans->capacity ? 2 * plans->capacity : 8;
        void *grown = er_grow(plans->planned, plans->capacity, capacity, sizeof *plans->planned);
        if (!grown) return er_fail(err, ER_E_NOMEM, "train: out of memory");
        plans->planned = grown;
        plans->capacity = capacity;
    }
    struct er_planned *planned = &plans->planned[plans->n];
    enum er_status status = er_plan_new(net, rows, &planned->plan, err);
    if (status != ER_OK) return status;
    planned->net = net;
    plans->n++;
    return ER_OK;
}

void er_plans_clear(struct er_plans *plans)
{
    for (int64_t i = 0; i < plans->n; i++) er_plan_free(plans->planned[i].plan);
    er_free(plans->planned);
    *plans = (struct er_plans){0};
}
