/* connect_estimate.c - places of a line are measured, and some steps of a bend made, on some examples, and the time is scaled. */
#include "experiments/connect_estimate.h"

#include "experiments/connect_keys.h"

#include <ermine/memory.h>
#include <ermine/paths.h>
#include <math.h>

static enum er_status measure_place(void *ctx, int64_t units, struct er_error *err)
{
    const struct er_minima_trial *trial = ctx;
    const struct er_path line = {.kind = ER_PATH_LINE, .a = trial->w, .b = trial->w};
    struct er_path_point place[2];
    enum er_status status = ER_OK;
    for (int64_t i = 0; i < units && status == ER_OK; i++)
        status = er_path_measure(trial->net, &line, trial->some, NULL, 2, NULL, NULL, place, err);
    return status;
}

static enum er_status bend_some(void *ctx, int64_t units, struct er_error *err)
{
    const struct er_minima_trial *trial = ctx;
    const struct er_connect_settings settings = er_connect_keys_settings(trial->point);
    const struct er_path path = {.kind = settings.kind, .a = trial->w, .b = trial->w};
    struct er_path_training training = settings.training;
    struct er_error why;
    float *bend = er_alloc(er_net_parameters(trial->net), sizeof *bend);
    if (!bend) return er_fail(err, ER_E_NOMEM, "connect: out of memory for a bend");
    training.steps = units;
    training.rate = 1e-9;
    if (training.batch > trial->some->n) training.batch = trial->some->n;
    const enum er_status status = er_path_train(trial->net, &path, trial->some, &training, NULL, bend, &why);
    er_free(bend);
    return status == ER_OK ? ER_OK : er_fail(err, status, "connect: %s", why.msg);
}

/* The straight line's places, the path's, and the steps of a bend; what aligning takes is not counted. */
enum er_status er_connect_try(const struct er_minima_trial *trial, double *seconds, struct er_error *err)
{
    const struct er_connect_settings settings = er_connect_keys_settings(trial->point);
    const bool bent = settings.kind != ER_PATH_LINE;
    const double paths = bent || settings.align ? 2 : 1, batch = (double)settings.training.batch,
                 some = (double)trial->some->n;
    struct er_minima_trial with = *trial;
    double place = 0, step = 0;
    enum er_status status = er_minima_time(measure_place, &with, 2, &place, err);
    if (status == ER_OK && bent) status = er_minima_time(bend_some, &with, 2, &step, err);
    *seconds = paths * (double)settings.points * place / 2 * trial->examples / some +
               (double)settings.training.steps * step * fmax(1, batch / some);
    return status;
}
