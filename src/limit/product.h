/* product.h - matrix products in float64 on the threads of a pool, in blocks that don't depend on their number: the same
 * bits on any.
 */
#ifndef ERMINE_LIMIT_PRODUCT_H
#define ERMINE_LIMIT_PRODUCT_H

#include "math/task_count.h"

#include <ermine/pool.h>
#include <stdbool.h>

enum { ER_PRODUCT_ROWS = 128 }; /* of a block */

/* c <- factor a b + keep c, all row-major and whole: a m x k, b k x n (or n x k, `transposed`), c m x n. Counts 2 m n k
 * flops; leaves its work undone where the count says stop. */
struct er_product {
    int64_t m, n, k;
    double factor;
    const double *a, *b;
    bool transposed;
    double keep;
    double *c;
};
void er_product_run(const struct er_product *product, struct er_pool *pool, struct er_task_count *count);

/* The same on the caller's thread. */
void er_product_here(const struct er_product *product);

/* c (n x k) <- A^T b of a square A (n x n), on the caller's thread. */
void er_product_transposed_here(int64_t n, int64_t k, const double *a, const double *b, double *c);

/* The least of two sizes. */
static inline int64_t er_least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* (A + A^T) / 2 of an n x n matrix, in place. */
void er_symmetrise(int64_t n, double *a);

/* ER_E_NONFINITE, "WHAT: a result is infinite or NaN", unless all n values are finite. */
enum er_status er_check_finite(int64_t n, const double *v, const char *what, struct er_error *err);

#endif
