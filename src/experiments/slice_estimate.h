/* slice_estimate.h - what follows the trainings of a run of `slice`.
 */
#ifndef ERMINE_EXPERIMENTS_SLICE_ESTIMATE_H
#define ERMINE_EXPERIMENTS_SLICE_ESTIMATE_H

#include "experiments/minima_waves_estimate.h"

/* er_minima_waves_estimate.try. */
enum er_status er_slice_try(const struct er_minima_trial *trial, double *seconds, struct er_error *err);

#endif
