/* connect_record.h - columns of the experiment `connect`, and the record of one run.
 */
#ifndef ERMINE_EXPERIMENTS_CONNECT_RECORD_H
#define ERMINE_EXPERIMENTS_CONNECT_RECORD_H

#include "experiments/connect_pair.h"
#include "experiments/experiment.h"

extern const struct er_column er_connect_run_column[], er_connect_curve_column[];

/* Hands over a run: of a pair that was measured, or, where an end was not found, of its ends alone. */
enum er_status er_connect_record(const struct er_connect_pair *pair, const struct er_held_minimum end[2],
                                 int64_t run, const struct er_run_events *events, struct er_error *err);

#endif
