/* als_begin.c - the factor that alternating least squares begins with.
 *
 * Spectral: subspace iteration for the right singular vectors of M = sum_k y_k A_k from a Gaussian block, V <- orth(M^T M V),
 * whose columns then get the lengths that balanced factors of the matrix would have, were all of it as what is observed:
 *
 *     |v_c|^2 = |M v_c| / p        p = n / (rows columns) in completion; E M = W n / (rows columns) in sensing too
 */
#include "recovery/als_kind.h"

#include <ermine/memory.h>
#include <ermine/random.h>
#include <inttypes.h>
#include <lapacke.h>
#include <math.h>

enum { SWEEPS = 5 };

/* Index 0: descent with the same seed draws its factors from 1 on. */
static void draw(const struct er_als_work *w, double scale)
{
    struct er_random random = er_random_open(w->options->seed, er_stream(ER_PURPOSE_FACTORS, 0));
    for (int64_t i = 0; i < w->length[1] * w->options->rank; i++)
        w->factor[1][i] = scale * er_random_normal(&random);
}

/* Orthonormal columns of v (n x k, row-major, n >= k), which to LAPACK are rows. work: 65 k. */
static bool orthonormalise(int64_t n, int64_t k, double *v, double *work)
{
    const lapack_int m = (lapack_int)k, size = (lapack_int)(64 * k);
    return LAPACKE_dgelqf_work(LAPACK_COL_MAJOR, m, (lapack_int)n, v, m, work, work + k, size) == 0 &&
           LAPACKE_dorglq_work(LAPACK_COL_MAJOR, m, (lapack_int)n, m, v, m, work, work + k, size) == 0;
}

static bool find_directions(struct er_als_work *w, double *work)
{
    const int64_t r = w->options->rank;
    bool right = true;
    for (int sweep = 0; right && sweep < SWEEPS; sweep++) {
        w->kind->times(w, w->y, 0, r, w->factor[1], w->factor[0]);
        w->kind->times(w, w->y, 1, r, w->factor[0], w->factor[1]);
        right = orthonormalise(w->length[1], r, w->factor[1], work);
    }
    return right;
}

static void lengthen(struct er_als_work *w)
{
    const int64_t r = w->options->rank;
    const double p = (double)w->problem->n / ((double)w->length[0] * (double)w->length[1]);
    w->kind->times(w, w->y, 0, r, w->factor[1], w->factor[0]);
    for (int64_t c = 0; c < r; c++) {
        double squared = 0;
        for (int64_t i = 0; i < w->length[0]; i++)
            squared += w->factor[0][i * r + c] * w->factor[0][i * r + c];
        const double length = sqrt(sqrt(squared) / p);
        for (int64_t j = 0; j < w->length[1]; j++) w->factor[1][j * r + c] *= length;
    }
}

enum er_status er_als_begin(struct er_als_work *w, struct er_error *err)
{
    const int64_t r = w->options->rank, n = w->problem->n;
    const double mean = er_sparse_dot(n, w->y, w->y) / (double)n;
    if (w->options->start == ER_ALS_GAUSSIAN) {
        draw(w, mean > 0 ? sqrt(sqrt(mean / (double)r)) : 1);
        return ER_OK;
    }
    draw(w, 1);
    double *work = er_alloc(65 * r, sizeof *work);
    if (!work) return er_fail(err, ER_E_NOMEM, "als: out of memory for rank %" PRId64, r);
    const bool right = find_directions(w, work);
    er_free(work);
    if (!right) return er_fail(err, ER_E_NONFINITE, "als: the targets have no singular vectors");
    lengthen(w);
    return ER_OK;
}
