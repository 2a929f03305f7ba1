/* factors.h - products of a few small matrices that follow the gradient of a problem of recovery, by plain loops: the oracle of
 * deep factorisation and of its flow. */
#ifndef ERMINE_TESTS_ORACLES_FACTORS_H
#define ERMINE_TESTS_ORACLES_FACTORS_H

#include <ermine/recovery.h>

enum { FACTORS_SIDE = 8, FACTORS_MOST = 4 };

struct factors {
    int64_t depth, rows, columns, width;
    double *w[FACTORS_MOST]; /* W_1 first */
};

/* Zeros. Sides up to FACTORS_SIDE. */
struct factors factors_new(int64_t depth, int64_t rows, int64_t columns, int64_t width);
void factors_clear(struct factors *f);

/* W_N ... W_1 */
void factors_product(const struct factors *f, double *out);

/* to = from - h dL/d(factors) at `at`; `to` is another than `at` */
void factors_descend(const struct er_recovery *p, const struct factors *from, const struct factors *at,
                     double h, struct factors *to);

/* One step of Runge and Kutta's classical method along gradient flow. */
void factors_flow(const struct er_recovery *p, struct factors *f, double h);

/* The largest element of W_{j+1}^T W_{j+1} - W_j W_j^T over all j. */
double factors_imbalance(const struct factors *f);

#endif
