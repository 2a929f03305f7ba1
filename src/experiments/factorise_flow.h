/* factorise_flow.h - the differential equation that gradient descent approximates, beside the curve of a
 * run. */
#ifndef ERMINE_EXPERIMENTS_FACTORISE_FLOW_H
#define ERMINE_EXPERIMENTS_FACTORISE_FLOW_H

#include "experiments/factorise_tables.h"
#include "experiments/run_spread.h"

/* Integrates <ermine/matrix_flow.h>'s equation from the product at the beginning, and fills the columns of
 * the flow at the times, step times rate, of the curve's records, and the value of the gap. Where the
 * equation can't be followed on, what remains is NaN, and the note says so. */
enum er_status er_factorise_flow(const struct er_factorise_request *request,
                                 const struct er_recovery *problem, const struct er_progress *progress,
                                 struct er_spread_result *result, struct er_error *err);

/* Bytes that it takes; 0 where no flow is asked for. */
double er_factorise_flow_bytes(const struct er_factorise_request *request, const struct er_recovery *problem);

#endif
