/* measure_guarantees.h - what `ermine measure` prints of bounds: what they guarantee beside what was measured. */
#ifndef ERMINE_CLI_MEASURE_GUARANTEES_H
#define ERMINE_CLI_MEASURE_GUARANTEES_H

#include "measure_report.h"

/* Of the network: gaps at the measured training error. Of its stochastic network: errors. Nothing where there are no
 * bounds. ER_E_NOMEM. */
enum er_status measure_guarantees(const struct measure_report *report, struct er_error *err);

#endif
