/* margin_distance.h - how far an example is from another class, measured at a layer inside the network. */
#ifndef ERMINE_MEASURES_MARGIN_DISTANCE_H
#define ERMINE_MEASURES_MARGIN_DISTANCE_H

#include "measures/passes.h"

/* A measure of margins: n examples that `fill` makes with `ctx`, of the classes label[0 .. n). */
struct er_margin_distance {
    int64_t n;
    const int32_t *label;
    er_passes_fill *fill;
    void *ctx;
};

/* Bytes for n examples on one thread; 0 where the net has no layer with weights. */
double er_margin_distance_bytes(const struct er_net *net, int64_t n);

/* *out = -(1/n) sum_i dist_i / (s + 1e-7), as in margin_distance.c: negative where examples are far on the right side.
 * ER_E_UNSUPPORTED with the reason where it is not defined; errors of er_passes_run(). */
enum er_status er_margin_distance(struct er_measured_run *run, const struct er_margin_distance *of,
                                  double *out, struct er_error *err);

#endif
