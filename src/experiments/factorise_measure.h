/* factorise_measure.h - what is recorded of a descent on factors at a moment. */
#ifndef ERMINE_EXPERIMENTS_FACTORISE_MEASURE_H
#define ERMINE_EXPERIMENTS_FACTORISE_MEASURE_H

#include "experiments/factorise_tables.h"

/* Memory for measuring. */
struct er_factorise_watch {
    const struct er_factorise_request *request;
    const struct er_recovery *problem;
    const struct er_progress *progress; /* asked between the parts of a record whether to stop; may be NULL */
    int64_t n_s;                        /* min(rows, columns) */
    double *s;                          /* singular values, zeros behind those that the product can have */
    double *w, *gradient; /* rows x columns: where the truth is known; of alignment; else NULL */
    double *at;           /* of the entries that were held out */
};

enum er_status er_factorise_watch_new(const struct er_factorise_request *request,
                                      const struct er_recovery *problem, struct er_factorise_watch *out,
                                      struct er_error *err);
void er_factorise_watch_clear(struct er_factorise_watch *watch);
double er_factorise_watch_bytes(const struct er_factorise_request *request,
                                const struct er_recovery *problem);

/* The columns of a curve at the present factors, those of the flow NaN. *finite is false where they are not:
 * nothing is then filled. ER_E_STOPPED. */
enum er_status er_factorise_measure(struct er_factorise_watch *watch, const struct er_factorisation *f,
                                    double column[ER_FACTORISE_CURVES], bool *finite, struct er_error *err);

/* The test error alone; what is predicted of held out entries stays in watch->at. NaN where nothing is
 * known. */
enum er_status er_factorise_test(struct er_factorise_watch *watch, const struct er_factorisation *f,
                                 double *error, struct er_error *err);

#endif
