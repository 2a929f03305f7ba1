/* plans.h - the plans of an ensemble: one for each (net, batch size) that a member will need, made before
 * training. */
#ifndef ERMINE_TRAIN_PLANS_H
#define ERMINE_TRAIN_PLANS_H

#include <ermine/net.h>

/* Zeroed: empty. A hash table of net and rows, at most half full. */
struct er_plans {
    struct er_planned {
        const struct er_net *net;
        struct er_plan *plan; /* NULL: the place is free */
    } * planned;
    int64_t n, places; /* plans; places, a power of two */
    int64_t products;  /* er_plan_products() of all */
};

/* Makes the plan of (net, rows) unless it is there; rows 0: nothing to do. ER_E_NOMEM, ER_E_SHAPE. */
enum er_status er_plans_add(struct er_plans *plans, const struct er_net *net, int64_t rows,
                            struct er_error *err);

/* The plan of (net, rows), or NULL. */
const struct er_plan *er_plans_get(const struct er_plans *plans, const struct er_net *net, int64_t rows);

void er_plans_clear(struct er_plans *plans);

#endif
