/* plans.c - the plans of an ensemble in a hash table, probed linearly. */
#include "train/plans.h"

#include "net/plan.h"

#include <ermine/memory.h>

/* Where (net, rows) is, or the free place where it would be. `places` is above 0. */
static int64_t place_of(const struct er_planned *planned, int64_t places, const struct er_net *net,
                        int64_t rows)
{
    const uint64_t mixed = ((uint64_t)(uintptr_t)net ^ (uint64_t)rows << 32) * UINT64_C(0x9e3779b97f4a7c15);
    int64_t at = (int64_t)(mixed >> 32) & (places - 1);
    while (planned[at].plan && !(planned[at].net == net && er_plan_rows(planned[at].plan) == rows))
        at = (at + 1) & (places - 1);
    return at;
}

const struct er_plan *er_plans_get(const struct er_plans *plans, const struct er_net *net, int64_t rows)
{
    return plans->places ? plans->planned[place_of(plans->planned, plans->places, net, rows)].plan : NULL;
}

static enum er_status make_room(struct er_plans *plans, struct er_error *err)
{
    if (2 * (plans->n + 1) <= plans->places) return ER_OK;
    const int64_t places = plans->places ? 2 * plans->places : 16;
    struct er_planned *planned = er_alloc(places, sizeof *planned);
    if (!planned) return er_fail(err, ER_E_NOMEM, "train: out of memory");
    for (int64_t i = 0; i < plans->places; i++) {
        const struct er_planned *p = &plans->planned[i];
        if (p->plan) planned[place_of(planned, places, p->net, er_plan_rows(p->plan))] = *p;
    }
    er_free(plans->planned);
    plans->planned = planned;
    plans->places = places;
    return ER_OK;
}

enum er_status er_plans_add(struct er_plans *plans, const struct er_net *net, int64_t rows,
                            struct er_error *err)
{
    if (rows == 0 || er_plans_get(plans, net, rows)) return ER_OK;
    enum er_status status = make_room(plans, err);
    if (status != ER_OK) return status;
    struct er_plan *plan;
    status = er_plan_new(net, rows, &plan, err);
    if (status != ER_OK) return status;
    plans->planned[place_of(plans->planned, plans->places, net, rows)] =
        (struct er_planned){.net = net, .plan = plan};
    plans->n++;
    plans->products += er_plan_products(plan);
    return ER_OK;
}

void er_plans_clear(struct er_plans *plans)
{
    for (int64_t i = 0; i < plans->places; i++) er_plan_free(plans->planned[i].plan);
    er_free(plans->planned);
    *plans = (struct er_plans){0};
}
