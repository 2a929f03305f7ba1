/* completion.h - small problems of recovery, and what is observed of one as a matrix. */
#ifndef ERMINE_TESTS_SUPPORT_COMPLETION_H
#define ERMINE_TESTS_SUPPORT_COMPLETION_H

#include "support/needed.h"

#include <ermine/factored.h>

/* By er_recovery_new(); cleared by er_recovery_clear(). */
static inline struct er_recovery made_recovery(enum er_recovery_kind kind, int64_t rows, int64_t columns,
                                               int64_t rank, int64_t observed, double noise, uint64_t seed)
{
    struct er_recovery_spec spec = er_recovery_spec_default();
    struct er_recovery p = {0};
    spec.kind = kind;
    spec.rows = rows;
    spec.columns = columns;
    spec.rank = rank;
    spec.observed = observed;
    spec.noise = noise;
    spec.seed = seed;
    if (er_recovery_new(&spec, &p, NULL) != ER_OK) abort();
    return p;
}

static inline struct er_recovery completion(int64_t rows, int64_t columns, int64_t rank, int64_t observed,
                                            double noise, uint64_t seed)
{
    return made_recovery(ER_COMPLETION, rows, columns, rank, observed, noise, seed);
}

/* The observed entries with zeros around them, minus x where there is one. */
static inline double *entries_of(const struct er_recovery *p, const struct er_factored *x)
{
    double *a = needed(p->rows * p->columns, sizeof *a), *value = needed(p->n, sizeof *value);
    if (x) er_factored_entries(x, &p->train, value, NULL);
    for (int64_t i = 0; i < p->rows; i++)
        for (int64_t e = p->train.row_start[i]; e < p->train.row_start[i + 1]; e++)
            a[i * p->columns + p->train.column[e]] = p->train.value[e] - value[e];
    er_free(value);
    return a;
}

#endif
