/* trial.c - one forward pass over a whole training set, and what it says of the weights. */
#include "minima/trial.h"

#include "minima/sampler.h"
#include "net/net.h"

#include <ermine/memory.h>
#include <math.h>

enum er_status er_trial_new(const struct er_net *net, const struct er_dataset *set, struct er_trial *out,
                            struct er_error *err)
{
    struct er_trial trial = {.net = net, .set = set};
    enum er_status status = er_net_check_data(net, set, err);
    if (status == ER_OK && set->n == 0)
        status = er_fail(err, ER_E_USAGE, "minima: there are no examples to fit");
    if (status == ER_OK) status = er_plan_new(net, set->n, &trial.plan, err);
    if (status != ER_OK) return status;
    *out = trial;
    return ER_OK;
}

void er_trial_clear(struct er_trial *trial)
{
    er_plan_free(trial->plan);
    *trial = (struct er_trial){0};
}

enum er_status er_trial_room_new(const struct er_trial *trial, struct er_trial_room *out,
                                 struct er_error *err)
{
    const int64_t n = trial->set->n;
    struct er_trial_room room = {
        .f = er_alloc(n * er_net_outputs(trial->net), sizeof *room.f),
        .loss = er_alloc(n, sizeof *room.loss),
        .wrong = er_alloc(n, 1),
        .scratch = er_alloc((int64_t)er_plan_scratch_bytes(trial->plan), 1),
    };
    *out = room;
    if (room.f && room.loss && room.wrong && room.scratch) return ER_OK;
    er_trial_room_clear(out);
    return er_fail(err, ER_E_NOMEM, "minima: out of memory for trials of %lld examples", (long long)n);
}

void er_trial_room_clear(struct er_trial_room *room)
{
    er_free(room->f);
    er_free(room->loss);
    er_free(room->wrong);
    er_free(room->scratch);
    *room = (struct er_trial_room){0};
}

void er_trial_outputs(const struct er_trial *trial, const struct er_trial_room *room, const float *w,
                      const float *statistics)
{
    const struct er_network network = {.w = w, .statistics = statistics};
    er_plan_outputs(trial->plan, &network, trial->set->x, room->f, room->scratch);
}

double er_trial_margin(const struct er_trial *trial, const struct er_trial_room *room, const float *w,
                       const float *statistics)
{
    const int64_t n_out = er_net_outputs(trial->net);
    er_trial_outputs(trial, room, w, statistics);
    double least = (double)INFINITY;
    for (int64_t b = 0; b < trial->set->n && !isnan(least); b++)
        least =
            er_minimum_least(least, er_minimum_row_margin(room->f + b * n_out, n_out, trial->set->label[b]));
    return least;
}

double er_trial_loss(const struct er_trial *trial, const struct er_trial_room *room, const float *w,
                     const float *statistics, double divisor, int64_t *errors)
{
    const int64_t n = trial->set->n, n_out = er_net_outputs(trial->net);
    er_trial_outputs(trial, room, w, statistics);
    if (divisor != 1)
        for (int64_t i = 0; i < n * n_out; i++) room->f[i] = (float)((double)room->f[i] / divisor);
    trial->net->loss->evaluate(n, n_out, room->f, trial->set->label, 0, NULL, room->loss, room->wrong);
    double sum = 0;
    *errors = 0;
    for (int64_t b = 0; b < n; b++) {
        sum += room->loss[b];
        *errors += room->wrong[b];
    }
    return sum / (double)n;
}

double er_trial_scale(const struct er_net *net, const float *w, double unit)
{
    double product;
    int64_t layers;
    if (er_minimum_scale(net, w, &product, &layers, NULL) != ER_OK || layers == 0) return (double)NAN;
    return product / pow(unit, (double)layers);
}
