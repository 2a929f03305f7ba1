/* sharpness.h - the largest eigenvalue of a matrix of curvature where training ended. */
#ifndef ERMINE_MEASURES_SHARPNESS_H
#define ERMINE_MEASURES_SHARPNESS_H

#include "measures/measured.h"

/* *out = the largest eigenvalue with its sign, to a residual of 1e-3 of the largest in size. `name`: the measure's, for
 * ER_E_UNSUPPORTED where 2000 products don't do; errors of er_lanczos(). */
enum er_status er_measured_lambda_max(struct er_measured_run *run, enum er_curvature curvature,
                                      const char *name, double *out, struct er_error *err);

#endif
