/* measured.c - a run as its measures see it: what it has, and what they ask for. */
#include "measures/measured.h"

#include <ermine/memory.h>
#include <math.h>

enum er_status er_measured_run_new(const struct er_measured *what, struct er_pool *pool,
                                   struct er_measured_run **out, struct er_error *err)
{
    struct er_measured_run *run = er_alloc(1, sizeof *run);
    if (!run) return er_fail(err, ER_E_NOMEM, "measures: out of memory");
    *run = (struct er_measured_run){.is = *what, .pool = pool};
    *out = run;
    return ER_OK;
}

void er_measured_run_free(struct er_measured_run *run)
{
    er_free(run);
}

enum er_status er_measure_compute(const struct er_measure *measure, struct er_measured_run *run, double *out,
                                  struct er_error *err)
{
    double value;
    const enum er_status status = measure->compute(run, &value, err);
    if (status != ER_OK) return status;
    if (!isfinite(value)) return er_fail(err, ER_E_NONFINITE, "%s: its value is %g", measure->name, value);
    *out = value;
    return ER_OK;
}
