/* rays.c - the size of the basin around a minimum, by rays in random directions.
 *
 *     r_i   where the training loss first rises above 0.1 along direction i (er_rays_measure()), RAYS of them
 *     ray_radius            mean of r_i                     ray_log10_volume     log10 of mean r_i^P
 *     ..._normalised        the same with directions that are filter-normalised
 *     ray_radius_relative   ray_radius_normalised / |d|, d a filter-normalised direction: all are equally long
 *
 * Lengths are of weights. Running statistics of batch norm stay. Loss is the run's own. What several of them use is
 * computed once.
 *
 * Source: Huang et al., "Understanding generalization through visualizations", 2019; filter normalisation: Li et al.,
 * NeurIPS 2018; that a ReLU network's unit-ray radii change with the scales of its layers: Dinh et al., "Sharp minima
 * can generalize for deep nets", ICML 2017.
 */
#include "measures/measured.h"

#include <ermine/landscape.h>
#include <ermine/memory.h>
#include <math.h>

enum { RAYS = 200 };

struct rays {
    double radius[RAYS];
};

/* `filters`: of filter-normalised directions. */
static enum er_status make(struct er_measured_run *run, int filters, void *part, struct er_error *err)
{
    const struct er_network network = {.w = run->is.w, .statistics = run->is.statistics};
    struct er_rays_settings settings = er_rays_settings_default();
    settings.filters = filters;
    return er_rays_measure(run->is.net, &network, run->is.train, &settings, RAYS, run->pool,
                           ((struct rays *)part)->radius, err);
}

static enum er_status radii(struct er_measured_run *run, bool filters, const double **out,
                            struct er_error *err)
{
    static const struct er_part of[] = {{"rays", sizeof(struct rays), make, NULL, false},
                                        {"rays", sizeof(struct rays), make, NULL, true}};
    void *is;
    const enum er_status status = er_measured_part(run, &of[filters], &is, err);
    if (status == ER_OK) *out = ((const struct rays *)is)->radius;
    return status;
}

static enum er_status mean(struct er_measured_run *run, bool filters, double *out, struct er_error *err)
{
    const double *radius;
    const enum er_status status = radii(run, filters, &radius, err);
    if (status != ER_OK) return status;
    double sum = 0;
    for (int i = 0; i < RAYS; i++) sum += radius[i];
    *out = sum / RAYS;
    return ER_OK;
}

static enum er_status volume(struct er_measured_run *run, bool filters, double *out, struct er_error *err)
{
    const double *radius;
    const enum er_status status = radii(run, filters, &radius, err);
    if (status == ER_OK) *out = er_rays_log10_volume(RAYS, radius, er_net_parameters(run->is.net));
    return status;
}

static enum er_status compute_radius(struct er_measured_run *run, double *out, struct er_error *err)
{
    return mean(run, false, out, err);
}

static enum er_status compute_radius_normalised(struct er_measured_run *run, double *out,
                                                struct er_error *err)
{
    return mean(run, true, out, err);
}

/* The length of all filter-normalised directions: that of the weights in filters, which biases are none of. */
static enum er_status filters_norm(const struct er_measured_run *run, double *out, struct er_error *err)
{
    const int64_t P = er_net_parameters(run->is.net);
    double squares = 0;
    float *d = er_alloc(P, sizeof *d);
    if (!d) return er_fail(err, ER_E_NOMEM, "measures: out of memory for a direction");
    er_direction_draw(run->is.net, 0, 0, d);
    const enum er_status status = er_direction_normalise_filters(run->is.net, run->is.w, d, err);
    for (int64_t i = 0; i < P; i++) squares += (double)d[i] * (double)d[i];
    er_free(d);
    *out = sqrt(squares);
    return status;
}

static enum er_status compute_relative(struct er_measured_run *run, double *out, struct er_error *err)
{
    double radius = 0, norm = 0;
    enum er_status status = mean(run, true, &radius, err);
    if (status == ER_OK) status = filters_norm(run, &norm, err);
    if (status == ER_OK) *out = radius / norm;
    return status;
}

static enum er_status compute_volume(struct er_measured_run *run, double *out, struct er_error *err)
{
    return volume(run, false, out, err);
}

static enum er_status compute_volume_normalised(struct er_measured_run *run, double *out,
                                                struct er_error *err)
{
    return volume(run, true, out, err);
}

#define RAY_MEASURE(NAME, TITLE, HELP, SOURCE, INVARIANT, COMPUTE)                                           \
    extern const struct er_measure er_measure_##NAME;                                                        \
    const struct er_measure er_measure_##NAME = {                                                            \
        .name = #NAME,                                                                                       \
        .title = (TITLE),                                                                                    \
        .unit = "",                                                                                          \
        .help = (HELP),                                                                                      \
        .source = (SOURCE),                                                                                  \
        .direction = -1,                                                                                     \
        .family = "basins",                                                                                  \
        .invariant = (INVARIANT),                                                                            \
        .needs = ER_NEEDS_WEIGHTS | ER_NEEDS_TRAIN | ER_NEEDS_OUTPUTS,                                       \
        .cost = ER_COST_TRAINING,                                                                            \
        .compute = (COMPUTE),                                                                                \
    }

RAY_MEASURE(ray_radius, "radius of the basin",
            "mean distance at which the training loss rises above 0.1, along 200 random directions",
            "Huang et al., 2019, section 5", 0, compute_radius);
RAY_MEASURE(ray_radius_normalised, "radius of the basin, filter-normalised",
            "the same along directions that are as large beside every filter as the filter: a length, which "
            "changes when a scale moves between layers",
            "Huang et al., 2019, section 5; filter normalisation: Li et al., 2018", 0,
            compute_radius_normalised);
RAY_MEASURE(
    ray_radius_relative, "radius of the basin, relative",
    "ray_radius_normalised in lengths of the weights in filters: the same when a relu network moves a "
    "scale between layers",
    "Huang et al., 2019, section 5; filter normalisation: Li et al., 2018",
    ER_INVARIANT_LAYER_SCALE | ER_INVARIANT_BATCH_NORM, compute_relative);
RAY_MEASURE(ray_log10_volume, "log10 volume of the basin",
            "log10 of the mean of radius to the power P along 200 random directions: decided by the longest",
            "Huang et al., 2019, section 5", 0, compute_volume);
RAY_MEASURE(ray_log10_volume_normalised, "log10 of radius^P, filter-normalised",
            "the same mean along filter-normalised directions, which are not uniform: no volume",
            "Huang et al., 2019, section 5; filter normalisation: Li et al., 2018", 0,
            compute_volume_normalised);
