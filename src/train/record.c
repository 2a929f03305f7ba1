/* record.c - a member's curve: loss and error over the whole training and test sets at given weights. */
#include "train/trainee.h"

#include <ermine/memory.h>
#include <math.h>

static void measure(struct er_trainee *t, const struct er_dataset *set, double *loss, double *error)
{
    *loss = *error = NAN;
    if (!set || set->n == 0) return;
    double loss_total = 0;
    int64_t errors_total = 0;
    const struct er_network network = er_trainee_network(t, false);
    for (int64_t i = 0; i < set->n; i += t->chunk) {
        const int64_t rows = set->n - i < t->chunk ? set->n - i : t->chunk;
        double loss_sum;
        int64_t errors;
        er_plan_run(&(struct er_plan_call){
            .plan = er_trainee_plan_of(t, rows),
            .network = &network,
            .x = set->x + i * t->d,
            .label = set->label + i,
            .scratch = t->scratch,
            .team = t->team,
            .loss_sum = &loss_sum,
            .errors = &errors,
        });
        loss_total += loss_sum;
        errors_total += errors;
    }
    *loss = loss_total / (double)set->n;
    *error = (double)errors_total / (double)set->n;
    t->flops += er_net_flops(t->member->net) * (double)set->n;
}

enum er_status er_trainee_record(struct er_trainee *t, struct er_error *err)
{
    if (t->n_curve == t->curve_room) {
        const int64_t room = t->curve_room ? 2 * t->curve_room : 64;
        struct er_curve_point *curve = er_grow(t->curve, t->curve_room, room, sizeof *curve);
        if (!curve) return er_fail(err, ER_E_NOMEM, "train: out of memory for a curve");
        t->curve = curve;
        t->curve_room = room;
    }
    struct er_curve_point *p = &t->curve[t->n_curve++];
    p->step = t->steps;
    p->epoch = (double)t->steps / (double)t->steps_per_epoch;
    p->learning_rate = t->steps ? t->rate : er_trainee_rate(t);
    p->test_loss = p->test_error = NAN;
    measure(t, t->member->train, &p->train_loss, &p->train_error);
    return ER_OK;
}

void er_trainee_record_test(struct er_trainee *t)
{
    struct er_curve_point *p = &t->curve[t->n_curve - 1];
    measure(t, t->member->test, &p->test_loss, &p->test_error);
}
