/* factorised.h - factorisations for tests: a problem of rank 2, one of it, steps, and all its numbers in a row.
 */
#ifndef ERMINE_TESTS_FACTORISED_H
#define ERMINE_TESTS_FACTORISED_H

#include <ermine/factorise.h>

struct er_recovery factorised_problem(enum er_recovery_kind kind, int64_t rows, int64_t columns, int64_t n,
                                      double noise);

struct er_factorisation *factorised(const struct er_recovery *p, const struct er_factorise_spec *spec);

/* Steps on to `step`, whatever the loss. */
enum er_factorise_end factorised_run(struct er_factorisation *f, int64_t step, struct er_pool *pool);

/* All factors, one after the other, or their gradients: n numbers, freed by er_free(). */
double *factorised_all(struct er_factorisation *f, int64_t depth, bool gradient, int64_t *n);

#endif
