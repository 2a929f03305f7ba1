/* least_nuclear.c - see least_nuclear.h. Matrices of the barrier are held as vectors of their free numbers, v:
 * Z = Z0 + sum_a v_a E_a, with E_a symmetric.
 */
#include "oracles/least_nuclear.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum {
    SIDE = 2 * LEAST_NUCLEAR_SIDE,
    AREA = SIDE * SIDE,
    CELLS = LEAST_NUCLEAR_SIDE * LEAST_NUCLEAR_SIDE,
    FREE = 30 + CELLS
};

struct barrier {
    int side, free;
    long double z0[AREA], e[FREE][AREA], v[FREE];
};

static long double dot(int n, const long double *a, const long double *b)
{
    long double sum = 0;
    for (int i = 0; i < n; i++) sum += a[i] * b[i];
    return sum;
}

/* v less its parts along `n` orthonormal rows, twice for rounding; then of length 1. False where nothing is left. */
static bool orthonormal(int n, int size, long double (*rows)[CELLS], long double *v)
{
    for (int pass = 0; pass < 2; pass++)
        for (int i = 0; i < n; i++) {
            const long double along = dot(size, rows[i], v);
            for (int j = 0; j < size; j++) v[j] -= along * rows[i][j];
        }
    const long double length = sqrtl(dot(size, v, v));
    for (int j = 0; j < size; j++) v[j] /= length;
    return length > 1e-9L;
}

static void measurement(const struct er_recovery *p, int k, long double *a, long double *y)
{
    const int size = (int)(p->rows * p->columns);
    for (int j = 0; j < size; j++) a[j] = p->kind == ER_SENSING ? (long double)p->a[k * size + j] : 0;
    if (p->kind == ER_COMPLETION)
        for (int64_t i = 0; i < p->rows; i++)
            if (k >= p->train.row_start[i] && k < p->train.row_start[i + 1])
                a[i * p->columns + p->train.column[k]] = 1;
    *y = (long double)(p->kind == ER_SENSING ? p->y[k] : p->train.value[k]);
}

/* x0 with A(x0) = y, and an orthonormal basis of what A does not see, behind the n orthonormal rows of A. */
static int null_space(const struct er_recovery *p, long double (*basis)[CELLS], long double *x0)
{
    const int size = (int)(p->rows * p->columns), n = (int)p->n;
    memset(x0, 0, CELLS * sizeof *x0);
    for (int k = 0; k < n; k++) {
        long double a[CELLS], y;
        measurement(p, k, a, &y);
        memcpy(basis[k], a, sizeof a);
        if (!orthonormal(k, size, basis, basis[k])) abort();
        const long double step = (y - dot(size, a, x0)) / dot(size, a, basis[k]);
        for (int j = 0; j < size; j++) x0[j] += step * basis[k][j];
    }
    int count = n;
    for (int j = 0; j < size && count < size; j++) {
        memset(basis[count], 0, sizeof basis[count]);
        basis[count][j] = 1;
        count += orthonormal(count, size, basis, basis[count]);
    }
    return count - n;
}

static void put_corner(const struct er_recovery *p, int side, const long double *x, long double *z)
{
    for (int i = 0; i < (int)p->rows; i++)
        for (int j = 0; j < (int)p->columns; j++)
            z[i * side + (int)p->rows + j] = z[((int)p->rows + j) * side + i] = x[i * (int)p->columns + j];
}

static void make(const struct er_recovery *p, struct barrier *b)
{
    static long double basis[CELLS + 1][CELLS];
    long double x0[CELLS];
    const int rows = (int)p->rows, side = rows + (int)p->columns, dark = null_space(p, basis, x0);
    *b = (struct barrier){.side = side};
    put_corner(p, side, x0, b->z0);
    for (int i = 0; i < dark; i++) put_corner(p, side, basis[p->n + i], b->e[b->free++]);
    long double size = 1;
    for (int i = 0; i < CELLS; i++) size += fabsl(x0[i]);
    for (int i = 0; i < side; i++)
        for (int j = i < rows ? 0 : rows; j <= i; j++) {
            b->v[b->free] = i == j ? size : 0;
            b->e[b->free][i * side + j] = b->e[b->free][j * side + i] = 1;
            b->free++;
        }
}

static void assemble(const struct barrier *b, const long double *v, long double *z)
{
    memcpy(z, b->z0, sizeof b->z0);
    for (int a = 0; a < b->free; a++)
        for (int i = 0; i < b->side * b->side; i++) z[i] += v[a] * b->e[a][i];
}

/* L of a = L L^T in its place; false where it is not positive definite. */
static bool cholesky(int n, long double *a)
{
    for (int j = 0; j < n; j++) {
        const long double pivot = a[j * n + j] - dot(j, a + j * n, a + j * n);
        if (!(pivot > 0)) return false;
        a[j * n + j] = sqrtl(pivot);
        for (int i = j + 1; i < n; i++)
            a[i * n + j] = (a[i * n + j] - dot(j, a + i * n, a + j * n)) / a[j * n + j];
    }
    return true;
}

static void solve(int n, const long double *l, long double *x)
{
    for (int i = 0; i < n; i++) x[i] = (x[i] - dot(i, l + i * n, x)) / l[i * n + i];
    for (int i = n - 1; i >= 0; i--) {
        for (int j = i + 1; j < n; j++) x[i] -= l[j * n + i] * x[j];
        x[i] /= l[i * n + i];
    }
}

/* 1/2 tr Z / mu - log det Z; infinite outside. */
static long double value(const struct barrier *b, const long double *v, long double mu)
{
    long double z[AREA], trace = 0, log_det = 0;
    assemble(b, v, z);
    for (int i = 0; i < b->side; i++) trace += z[i * b->side + i];
    if (!cholesky(b->side, z)) return HUGE_VALL;
    for (int i = 0; i < b->side; i++) log_det += 2 * logl(z[i * b->side + i]);
    return trace / (2 * mu) - log_det;
}

/* P_a = Z^-1 E_a for all a. */
static void images(const struct barrier *b, long double (*image)[AREA])
{
    const int n = b->side;
    long double l[AREA], column[SIDE];
    assemble(b, b->v, l);
    if (!cholesky(n, l)) abort();
    for (int a = 0; a < b->free; a++)
        for (int j = 0; j < n; j++) {
            for (int i = 0; i < n; i++) column[i] = b->e[a][i * n + j];
            solve(n, l, column);
            for (int i = 0; i < n; i++) image[a][i * n + j] = column[i];
        }
}

/* One step of Newton's method with halving; returns its squared decrement. */
static long double newton(struct barrier *b, long double mu)
{
    static long double image[FREE][AREA], hessian[FREE * FREE];
    long double step[FREE] = {0}, turned[AREA], next[FREE];
    const int n = b->side, free = b->free;
    images(b, image);
    for (int a = 0; a < free; a++) {
        step[a] = 0;
        for (int i = 0; i < n; i++) step[a] += image[a][i * n + i] - b->e[a][i * n + i] / (2 * mu);
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++) turned[j * n + i] = image[a][i * n + j];
        for (int c = 0; c <= a; c++) hessian[a * free + c] = dot(n * n, turned, image[c]);
    }
    memcpy(next, step, sizeof next);
    if (!cholesky(free, hessian)) abort();
    solve(free, hessian, step);
    const long double decrement = dot(free, next, step);
    const long double here = value(b, b->v, mu);
    for (int halving = 0; halving < 40; halving++) {
        for (int a = 0; a < free; a++) next[a] = b->v[a] + ldexpl(step[a], -halving);
        if (value(b, next, mu) > here) continue;
        memcpy(b->v, next, sizeof next);
        break;
    }
    return decrement;
}

double least_nuclear(const struct er_recovery *problem, double *x)
{
    static struct barrier b;
    long double z[AREA], trace = 0;
    make(problem, &b);
    long double mu = b.v[b.free - 1];
    while (mu > 1e-9L) {
        for (int i = 0; i < 60 && newton(&b, mu) > 1e-6L; i++) {}
        mu /= 8;
    }
    assemble(&b, b.v, z);
    for (int i = 0; i < b.side; i++) trace += z[i * b.side + i];
    for (int i = 0; i < (int)problem->rows; i++)
        for (int j = 0; j < (int)problem->columns; j++)
            x[i * (int)problem->columns + j] = (double)z[i * b.side + (int)problem->rows + j];
    return (double)(trace / 2);
}
