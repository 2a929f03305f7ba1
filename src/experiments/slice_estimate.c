/* slice_estimate.c - some points of a plane are measured on some examples, and the time is scaled. */
#include "experiments/slice_estimate.h"

#include "experiments/slice_keys.h"

#include <ermine/landscape.h>
#include <ermine/memory.h>

enum { FEWEST = 512 /* points beside which the first products count for as little as in a slice */ };

/* Points of a plane, on some examples. */
struct trying {
    const struct er_plane *plane;
    const struct er_dataset *some;
    bool moments;
};

static enum er_status measure_points(void *ctx, int64_t units, struct er_error *err)
{
    const struct trying *t = ctx;
    struct er_slice_point *point = er_alloc(units, sizeof *point);
    struct er_slice_measures *measures = er_alloc(units, sizeof *measures);
    enum er_status status = ER_E_NOMEM;
    if (point && measures) {
        for (int64_t i = 0; i < units; i++) point[i].a = 1e-3 * (double)(i + 1);
        status = er_slice_measure(t->plane, &t->some, 1, t->moments ? t->some : NULL, units, point, NULL,
                                  NULL, measures, err);
    } else
        er_fail(err, ER_E_NOMEM, "slice: out of memory for points");
    er_free(point);
    er_free(measures);
    return status;
}

enum er_status er_slice_try(const struct er_minima_trial *trial, double *seconds, struct er_error *err)
{
    const struct er_slice_settings settings = er_slice_keys_settings(trial->point);
    const struct er_network network = {.w = trial->w, .statistics = trial->statistics};
    const double points = (double)settings.grid * (settings.minima == 2 ? 1 : (double)settings.grid);
    struct er_plane plane = {0};
    enum er_status status = er_plane_around(trial->net, &network, 0, &plane, err);
    if (status != ER_OK) return status;
    status = er_minima_time(measure_points, &(struct trying){&plane, trial->some, settings.recomputed},
                            FEWEST, seconds, err);
    *seconds *= points * trial->examples / (double)trial->some->n;
    er_plane_clear(&plane);
    return status;
}
