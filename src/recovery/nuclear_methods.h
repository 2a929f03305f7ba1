/* nuclear_methods.h - the two ways to the minimum nuclear norm. Both propose solutions and bounds to a certificate until
 * its gap is the one asked for, their iterations are used up or rounding stops them.
 */
#ifndef ERMINE_RECOVERY_NUCLEAR_METHODS_H
#define ERMINE_RECOVERY_NUCLEAR_METHODS_H

#include "recovery/certificate.h"

/* Both: spec has its number of iterations; *iterations <- those taken. ER_E_NOMEM, ER_E_NONFINITE, ER_E_STOPPED. */
enum er_status er_nuclear_interior(const struct er_observation *o, const struct er_nuclear_spec *spec,
                                   struct er_certificate *c, int64_t *iterations, struct er_pool *pool,
                                   const struct er_progress *progress, struct er_error *err);
double er_nuclear_interior_bytes(const struct er_recovery *problem, int threads);

/* Completion alone. */
enum er_status er_nuclear_splitting(const struct er_observation *o, const struct er_nuclear_spec *spec,
                                    struct er_certificate *c, int64_t *iterations,
                                    const struct er_progress *progress, struct er_error *err);
double er_nuclear_splitting_bytes(const struct er_recovery *problem);

/* ER_E_STOPPED when the caller has asked to stop: asked between products and decompositions. */
enum er_status er_nuclear_stopped(const struct er_progress *progress, struct er_error *err);

/* Reports an iteration; ER_E_STOPPED when the caller has asked to stop. */
enum er_status er_nuclear_report(const struct er_progress *progress, int64_t done, struct er_error *err);

#endif
