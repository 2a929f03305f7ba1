/* als_kind.h - what alternating least squares asks of observations: entries, or dense measurements.
 *
 * Factors are numbered: 0 is U (rows x rank), 1 is V (columns x rank).
 */
#ifndef ERMINE_RECOVERY_ALS_KIND_H
#define ERMINE_RECOVERY_ALS_KIND_H

#include "recovery/row_regression.h"

#include <ermine/als.h>

struct er_als_work;

struct er_als_kind {
    enum er_status (*open)(struct er_als_work *w, struct er_error *err);
    void (*close)(struct er_als_work *w);
    /* Factor `which` becomes the regression on the other; *squared: what is left of the targets then. */
    enum er_status (*step)(struct er_als_work *w, int which, double *squared, struct er_error *err);
    double (*penalty)(const struct er_als_work *w, int which); /* of factor `which` */
    void (*residual)(struct er_als_work *w, double *out);      /* y_k - <A_k, U V^T>: n */
    /* out = M v, or M^T v (which 1), of M = sum_k c_k A_k; v has k columns. */
    void (*times)(struct er_als_work *w, const double *c, int which, int64_t k, const double *v, double *out);
};

struct er_als_work {
    const struct er_als_kind *kind;
    const struct er_recovery *problem;
    const struct er_als_options *options;
    const double *y;
    int64_t length[2]; /* rows, columns */
    double *factor[2];
    struct er_pool *pool;
    struct er_task_count *count;
    /* entries */
    struct er_row_regression lines;
    struct er_sparse_side side[2];
    double *squared; /* by line */
    /* measurements */
    double *design, *normal, *dense, *left; /* n x (rank length), (rank length)^2, rows x columns, n */
};

extern const struct er_als_kind er_als_entries, er_als_measured;

/* Factor 1 as it begins (options->start). ER_E_NOMEM, ER_E_NONFINITE. */
enum er_status er_als_begin(struct er_als_work *w, struct er_error *err);

#endif
