/* stability_track.c - the sharpness of a run at its records, each search from the last eigenvector. */
#include "experiments/stability_track.h"

#include "math/inner.h"
#include "net/net.h"

#include <ermine/memory.h>
#include <math.h>

/* Of the largest eigenvalue in size: the value is then good to the square of it, over the gap. */
static const double RESIDUAL = 1e-3;

/* A start has so much of a random vector beside the last eigenvector, so that another one that has become the largest is
 * seen. */
static const double FRESH = 0.3;

enum { PRODUCTS = 500, VECTORS = 24 };

double er_stability_threshold(const struct er_optimiser *o, double rate)
{
    if (o->nesterov) return (2 + 2 * o->momentum) / (rate * (1 + 2 * o->momentum));
    return (2 + 2 * o->momentum) / rate;
}

/* Of batch norm the moments of the examples are what descent sees. */
static bool in_training(const struct er_net *net)
{
    return er_net_mixes_rows(net);
}

enum er_status er_stability_track_open(struct er_stability_track *track, const struct er_member *member,
                                       int64_t room, struct er_error *err)
{
    const int64_t P = er_net_parameters(member->net);
    track->network = (struct er_network){.training = in_training(member->net), .seed = member->seed_batches};
    track->vector = er_alloc(P, sizeof *track->vector);
    track->point = er_alloc(room, sizeof *track->point);
    track->room = room;
    if (!track->vector || !track->point)
        return er_fail(err, ER_E_NOMEM, "stability: out of memory for %lld weights", (long long)P);
    return er_derivatives_new(member->net, &track->network, member->train, NULL, NULL, &track->derivatives,
                              err);
}

/* Adds noise of length FRESH to the unit vector, a function of the step. */
static void freshen(float *vector, int64_t P, int64_t step)
{
    struct er_random r = er_random_open((uint64_t)step, er_stream(ER_PURPOSE_PROBES, 1));
    const double size = FRESH / sqrt((double)P);
    for (int64_t i = 0; i < P; i++) vector[i] += (float)(size * er_random_normal(&r));
}

/* The largest eigenvalue; NaN when products are not finite. */
static enum er_status measure(struct er_stability_track *track, int64_t P, struct er_stability_point *point,
                              struct er_error *err)
{
    const struct er_operator hessian = er_derivatives_operator(track->derivatives, ER_CURVATURE_HESSIAN);
    struct er_lanczos_options options = er_lanczos_options_default();
    struct er_lanczos_report report = {0};
    struct er_error why = {0};
    double value, residual;
    options.tolerance = RESIDUAL;
    options.applies = PRODUCTS;
    if (track->found) {
        freshen(track->vector, P, point->at.step);
        options.start = track->vector;
    }
    const enum er_status status =
        er_lanczos(&hessian, &options, &value, &residual, track->vector, &report, &why);
    track->found = status == ER_OK;
    track->products += report.applies;
    if (status == ER_E_NONFINITE) return ER_OK;
    if (status != ER_OK) return er_fail(err, status, "%s", why.msg);
    point->sharpness = value;
    point->residual = residual;
    return ER_OK;
}

static enum er_status add(struct er_stability_track *track, const struct er_member *member,
                          const struct er_curve_point *at, struct er_error *err)
{
    const struct er_optimiser *o = &member->spec.optimiser;
    if (track->n == track->room) {
        const int64_t room = track->room ? 2 * track->room : 64;
        struct er_stability_point *point = er_grow(track->point, track->room, room, sizeof *point);
        if (!point) return er_fail(err, ER_E_NOMEM, "stability: out of memory for a curve");
        track->point = point;
        track->room = room;
    }
    struct er_stability_point *point = &track->point[track->n];
    *point = (struct er_stability_point){
        .at = *at,
        .sharpness = (double)NAN,
        .residual = (double)NAN,
        .threshold = er_stability_threshold(o, at->learning_rate),
        .rising = track->steps ? (double)track->rises / (double)track->steps : (double)NAN,
    };
    if (isfinite(at->train_loss)) {
        const enum er_status status = measure(track, er_net_parameters(member->net), point, err);
        if (status != ER_OK) return status;
        point->sharpness += o->weight_decay;
    }
    track->n++;
    track->steps = track->rises = 0;
    return ER_OK;
}

/* Nothing has been gathered. */
static void restart(struct er_stability_track *track)
{
    track->n = track->steps = track->rises = track->products = 0;
    track->had_record = track->found = false;
}

enum er_status er_stability_record(struct er_stability_track *track, const struct er_member *member,
                                   int64_t every, const struct er_curve_point *point, const float *w,
                                   const float *statistics, bool last, struct er_error *err)
{
    enum er_status status = ER_OK;
    if (!track->derivatives) status = er_stability_track_open(track, member, 64, err);
    if (status != ER_OK) return status;
    if (!last && point->step == 0) restart(track);
    if (!last) {
        if (track->had_record) {
            track->steps++;
            track->rises += point->train_loss > track->loss;
        }
        track->loss = point->train_loss;
        track->had_record = true;
    }
    const bool measured = track->n > 0 && track->point[track->n - 1].at.step == point->step;
    if (measured || (!last && point->step % every != 0)) return ER_OK;
    track->network.w = w;
    track->network.statistics = statistics;
    track->network.step = (uint64_t)point->step;
    return add(track, member, point, err);
}

int64_t er_stability_crossing(const struct er_stability_track *track)
{
    const struct er_stability_point *p = track->point;
    int64_t i = 0;
    while (i < track->n && !(p[i].sharpness < p[i].threshold)) i++;
    const bool above = i == track->n; /* all the time */
    for (i = above ? 1 : i; i + above < track->n; i++)
        if (above ? p[i + 1].sharpness > p[i].sharpness : p[i].sharpness >= p[i].threshold) return i;
    return -1;
}

void er_stability_track_clear(struct er_stability_track *track)
{
    er_derivatives_free(track->derivatives);
    er_free(track->vector);
    er_free(track->point);
    *track = (struct er_stability_track){0};
}

enum er_status er_stability_bytes(const struct er_net *net, int64_t examples, size_t *bytes,
                                  struct er_error *err)
{
    size_t plans;
    const enum er_status status = er_derivatives_bytes(net, in_training(net), examples, 1, NULL, &plans, err);
    if (status == ER_OK) *bytes = plans + (VECTORS + 1) * (size_t)er_net_parameters(net) * sizeof(float);
    return status;
}
