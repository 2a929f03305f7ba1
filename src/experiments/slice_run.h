/* slice_run.h - the slice of one run, from the minima that were found: its numbers and its curve.
 */
#ifndef ERMINE_EXPERIMENTS_SLICE_RUN_H
#define ERMINE_EXPERIMENTS_SLICE_RUN_H

#include "experiments/experiment.h"
#include "experiments/minima_waves.h"
#include "experiments/slice_keys.h"

/* Measures the slice of a run whose minima have been looked for, and hands over its record. A run one of whose minima
 * was not found has no slice, and says so. Errors: er_slice_measure()'s, er_plane_through()'s but for minima that span
 * no plane, which is the record's note. */
enum er_status er_slice_run(const struct er_minima_wave_run *run, struct er_pool *pool,
                            const struct er_progress *progress, const struct er_run_events *events,
                            struct er_error *err);

#endif
