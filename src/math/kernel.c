/* kernel.c - kernel functions of two blocks of points: a matrix product, then a function of each element. */
#include "math/kernel.h"

#include <cblas.h>
#include <math.h>
#include <stdbool.h>

/* Nearer than this share of |x|^2 + |z|^2, a squared distance is summed from differences. */
static const double NEAR = 1e-6;

void er_kernel_block_fill(struct er_kernel_block *block, int64_t n, int64_t d, const float *x)
{
    block->n = n;
    block->d = d;
    for (int64_t i = 0; i < n; i++) {
        double square = 0, *row = block->x + i * d;
        for (int64_t j = 0; j < d; j++) {
            row[j] = (double)x[i * d + j];
            square += row[j] * row[j];
        }
        block->square[i] = square;
    }
}

static double distance_by_differences(int64_t d, const double *x, const double *z)
{
    double sum = 0;
    for (int64_t j = 0; j < d; j++) sum += (x[j] - z[j]) * (x[j] - z[j]);
    return sum;
}

/* One row of inner products -> squared distances. */
static void to_distances(const struct er_kernel_block *x, int64_t i, const struct er_kernel_block *z,
                         double *row)
{
    const double *xi = x->x + i * x->d;
    for (int64_t j = 0; j < z->n; j++) {
        const double both = x->square[i] + z->square[j], distance = both - 2 * row[j];
        row[j] = distance > NEAR * both ? distance : distance_by_differences(x->d, xi, z->x + j * z->d);
    }
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
        for (int64_t j = 0; j < n; j++) row[j] = exp(-kernel->rate * row[j]);
        break;
    case ER_KERNEL_LAPLACE:
        for (int64_t j = 0; j < n; j++) row[j] = exp(-kernel->rate * sqrt(row[j]));
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
