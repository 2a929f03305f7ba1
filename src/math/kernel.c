/* kernel.c - kernel functions of two blocks of points: a matrix product, then a function of each element. */
#include "math/kernel.h"

#include "core/vector.h"
#include "math/elementary.h"
#include <cblas.h>
#include <math.h>
#include <stdbool.h>

/* Nearer than this share of |x|^2 + |z|^2, a squared distance is summed from differences. */
static const double NEAR = 1e-6;

ER_VECTOR
static void widen(int64_t n, const float *x, double *y)
{
#pragma omp simd
    for (int64_t i = 0; i < n; i++) y[i] = (double)x[i];
}

void er_kernel_block_fill(struct er_kernel_block *block, int64_t n, int64_t d, const float *x)
{
    block->n = n;
    block->d = d;
    widen(n * d, x, block->x);
    for (int64_t i = 0; i < n; i++)
        block->square[i] = cblas_ddot((blasint)d, block->x + i * d, 1, block->x + i * d, 1);
}

static double distance_by_differences(int64_t d, const double *x, const double *z)
{
    double sum = 0;
    for (int64_t j = 0; j < d; j++) sum += (x[j] - z[j]) * (x[j] - z[j]);
    return sum;
}

/* A row of inner products of x_i -> squared distances, those of near points not yet right. */
ER_VECTOR
static void add_squares(int64_t n, double square, const double *squares, double *row)
{
#pragma omp simd
    for (int64_t j = 0; j < n; j++) row[j] = square + squares[j] - 2 * row[j];
}

static void to_distances(const struct er_kernel_block *x, int64_t i, const struct er_kernel_block *z,
                         double *row)
{
    add_squares(z->n, x->square[i], z->square, row);
    for (int64_t j = 0; j < z->n; j++)
        if (row[j] <= NEAR * (x->square[i] + z->square[j]))
            row[j] = distance_by_differences(x->d, x->x + i * x->d, z->x + j * z->d);
}

/* -rate |x - z|^2, or -rate |x - z|, of squared distances. */
ER_VECTOR
static void exponents(int64_t n, double rate, bool root, double *row)
{
#pragma omp simd
    for (int64_t j = 0; j < n; j++) row[j] = -rate * (root ? sqrt(row[j]) : row[j]);
}

static double power(double base, int64_t degree)
{
    double out = 1;
    for (int64_t i = degree; i > 0; i /= 2) {
        if (i % 2 == 1) out *= base;
        base *= base;
    }
    return out;
}

static void map_row(const struct er_kernel *kernel, int64_t n, double *row)
{
    switch (kernel->kind) {
    case ER_KERNEL_GAUSSIAN:
    case ER_KERNEL_LAPLACE:
        exponents(n, kernel->rate, kernel->kind == ER_KERNEL_LAPLACE, row);
        er_exp_negative_array(n, row, row);
        break;
    case ER_KERNEL_LINEAR:
        break;
    case ER_KERNEL_POLYNOMIAL:
        for (int64_t j = 0; j < n; j++)
            row[j] = power(kernel->scale * row[j] + kernel->offset, kernel->degree);
        break;
    }
}

void er_kernel_between(const struct er_kernel *kernel, const struct er_kernel_block *x,
                       const struct er_kernel_block *z, double *out, int64_t ld)
{
    const bool of_distance = kernel->kind == ER_KERNEL_GAUSSIAN || kernel->kind == ER_KERNEL_LAPLACE;
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (blasint)x->n, (blasint)z->n, (blasint)x->d, 1, x->x,
                (blasint)x->d, z->x, (blasint)z->d, 0, out, (blasint)ld);
    for (int64_t i = 0; i < x->n; i++) {
        double *row = out + i * ld;
        if (of_distance) to_distances(x, i, z, row);
        map_row(kernel, z->n, row);
    }
}
