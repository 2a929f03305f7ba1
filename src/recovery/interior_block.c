/* interior_block.c - see interior_block.h. Symmetric matrices are the same by rows and by columns, so LAPACK takes them as
 * they are.
 */
#include "recovery/interior_block.h"

#include <cblas.h>
#include <ermine/memory.h>
#include <inttypes.h>
#include <lapacke.h>
#include <math.h>
#include <string.h>

enum { MATRICES = 9, WORK = 35 }; /* eigenvalues, and dsytrd's blocks of 32 with 2 more, a side each */

enum er_status er_interior_block_open(int64_t rows, int64_t columns, struct er_interior_block *out,
                                      struct er_error *err)
{
    struct er_interior_block b = {.rows = rows, .columns = columns, .side = rows + columns};
    double **matrix[MATRICES] = {&b.z,        &b.t,         &b.dz, &b.dt,  &b.z_factor,
                                 &b.t_factor, &b.t_inverse, &b.b,  &b.half};
    bool all = true;
    for (int i = 0; i < MATRICES; i++) {
        *matrix[i] = er_alloc(b.side * b.side, sizeof **matrix[i]);
        all = all && *matrix[i];
    }
    b.corner = er_alloc(rows * columns, sizeof *b.corner);
    b.eigen = er_alloc(WORK * b.side, sizeof *b.eigen);
    if (all && b.corner && b.eigen) {
        *out = b;
        return ER_OK;
    }
    er_interior_block_close(&b);
    return er_fail(err, ER_E_NOMEM, "least nuclear norm: out of memory for %" PRId64 " x %" PRId64, rows,
                   columns);
}

void er_interior_block_close(struct er_interior_block *b)
{
    double *all[] = {b->z,         b->t, b->dz,   b->dt,     b->z_factor, b->t_factor,
                     b->t_inverse, b->b, b->half, b->corner, b->eigen};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) er_free(all[i]);
}

double er_interior_block_bytes(int64_t rows, int64_t columns)
{
    const double side = (double)(rows + columns);
    return 8 * (MATRICES * side * side + WORK * side + (double)rows * (double)columns);
}

/* The upper right part and its mirror image <- scale times corner. */
static void set_corner(const struct er_interior_block *b, double scale, double *matrix)
{
    for (int64_t i = 0; i < b->rows; i++)
        for (int64_t j = 0; j < b->columns; j++) {
            const double value = scale * b->corner[i * b->columns + j];
            matrix[i * b->side + b->rows + j] = value;
            matrix[(b->rows + j) * b->side + i] = value;
        }
}

static void get_corner(struct er_interior_block *b, const double *matrix)
{
    for (int64_t i = 0; i < b->rows; i++)
        memcpy(b->corner + i * b->columns, matrix + i * b->side + b->rows,
               (size_t)b->columns * sizeof *matrix);
}

static void clear(const struct er_interior_block *b, double *matrix)
{
    memset(matrix, 0, (size_t)(b->side * b->side) * sizeof *matrix);
}

void er_interior_block_start(struct er_interior_block *b, double c)
{
    clear(b, b->z);
    clear(b, b->t);
    for (int64_t i = 0; i < b->side; i++) {
        b->z[i * b->side + i] = c;
        b->t[i * b->side + i] = 1;
    }
    set_corner(b, 1, b->z);
}

static bool factor(const struct er_interior_block *b, const double *matrix, double *out)
{
    memcpy(out, matrix, (size_t)(b->side * b->side) * sizeof *out);
    return LAPACKE_dpotrf_work(LAPACK_COL_MAJOR, 'L', (lapack_int)b->side, out, (lapack_int)b->side) == 0;
}

bool er_interior_block_factor(struct er_interior_block *b)
{
    const int64_t n = b->side;
    if (!factor(b, b->z, b->z_factor) || er_progress_stopped(b->stop)) return false;
    if (!factor(b, b->t, b->t_factor) || er_progress_stopped(b->stop)) return false;
    memcpy(b->t_inverse, b->t_factor, (size_t)(n * n) * sizeof *b->t_inverse);
    if (LAPACKE_dpotri_work(LAPACK_COL_MAJOR, 'L', (lapack_int)n, b->t_inverse, (lapack_int)n) != 0)
        return false;
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < i; j++) b->t_inverse[i * n + j] = b->t_inverse[j * n + i];
    return true;
}

/* out -= sym(left dT T^-1) */
static void subtract_turned(const struct er_interior_block *b, const double *left, double *out)
{
    const int64_t n = b->side;
    const blasint order = (blasint)n;
    double *half = b->half, *whole = b->dz; /* dZ is made anew by whoever asks for this */
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, order, order, order, 1, left, order, b->dt, order,
                0, half, order);
    if (er_progress_stopped(b->stop)) return;
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, order, order, order, 1, half, order, b->t_inverse,
                order, 0, whole, order);
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < n; j++) out[i * n + j] -= (whole[i * n + j] + whole[j * n + i]) / 2;
}

void er_interior_block_aim(struct er_interior_block *b, double tau, bool correct)
{
    const int64_t size = b->side * b->side;
    for (int64_t i = 0; i < size; i++) b->b[i] = tau * b->t_inverse[i];
    if (correct) subtract_turned(b, b->dz, b->b);
    get_corner(b, b->b);
    for (int64_t i = 0; i < size; i++) b->b[i] -= b->z[i];
}

void er_interior_block_turn(struct er_interior_block *b)
{
    clear(b, b->dt);
    set_corner(b, -1, b->dt);
    subtract_turned(b, b->z, b->b);
    memcpy(b->dz, b->b, (size_t)(b->side * b->side) * sizeof *b->dz);
}

double er_interior_block_step(struct er_interior_block *b, bool dual)
{
    const lapack_int n = (lapack_int)b->side;
    double *w = b->half;
    if (er_progress_stopped(b->stop)) return 0;
    memcpy(w, dual ? b->dt : b->dz, (size_t)(b->side * b->side) * sizeof *w);
    if (LAPACKE_dsygst_work(LAPACK_COL_MAJOR, 1, 'L', n, w, n, dual ? b->t_factor : b->z_factor, n) != 0 ||
        er_progress_stopped(b->stop))
        return 0;
    if (LAPACKE_dsyev_work(LAPACK_COL_MAJOR, 'N', 'L', n, w, n, b->eigen, b->eigen + n, (WORK - 1) * n) != 0)
        return 0;
    return b->eigen[0] < -1 ? -1 / b->eigen[0] : 1;
}

double er_interior_block_inner(const struct er_interior_block *b, double primal, double dual)
{
    double sum = 0;
    for (int64_t i = 0; i < b->side; i++) {
        double row = 0;
        for (int64_t j = i * b->side; j < (i + 1) * b->side; j++)
            row += (b->z[j] + primal * b->dz[j]) * (b->t[j] + dual * b->dt[j]);
        sum += row;
    }
    return sum;
}

void er_interior_block_move(struct er_interior_block *b, double primal, double dual)
{
    for (int64_t i = 0; i < b->side * b->side; i++) {
        b->z[i] += primal * b->dz[i];
        b->t[i] += dual * b->dt[i];
    }
    get_corner(b, b->z);
}
