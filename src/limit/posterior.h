/* posterior.h - the inside of a posterior, and one try at a factorisation. */
#ifndef ERMINE_LIMIT_POSTERIOR_H
#define ERMINE_LIMIT_POSTERIOR_H

#include "limit/product.h"

#include <ermine/predict.h>

struct er_posterior {
    int64_t n;
    double *l;   /* n x n; its lower triangle is L */
    double mean; /* of the diagonal of the kernel */
    double norm; /* of the kernel, with no ridge: the largest sum of absolute values of a row */
    struct er_posterior_report report;
};

/* Memory, checks and report.ridge, but no factor yet. Freed by er_posterior_free(). */
enum er_status er_posterior_open(int64_t n, const double *k_train, struct er_ridge ridge,
                                 struct er_posterior **out, struct er_error *err);

/* A = K + added I is factored into what er_posterior_open() made. *definite says whether it could be; then the report is
 * complete. */
enum er_status er_posterior_factor(struct er_posterior *posterior, const double *k_train, double added,
                                   bool *definite, struct er_pool *pool, const struct er_progress *progress,
                                   struct er_error *err);

/* ER_E_USAGE unless the ridge is a number >= 0. */
enum er_status er_ridge_check(struct er_ridge ridge, struct er_error *err);

#endif
