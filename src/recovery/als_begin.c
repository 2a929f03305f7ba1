/* als_begin.c - the factor that alternating least squares begins with.
 *
 * Spectral: subspace iteration for the right singular vectors of M = sum_k y_k A_k from a Gaussian block, V <- orth(M^T M V),
 * whose columns then get the lengths that balanced factors of the matrix would have, were all of it as what is observed:
 *
 *     |v_c|^2 = |M v_c| / p        p = n / (rows columns) in completion; E M = W n / (rows columns) in sensing too
 */
#include "math/qr.h"
#include "recovery/als_kind.h"

#include <ermine/random.h>
#include <math.h>

enum { SWEEPS = 5 };

/* Index 0: descent with the same seed draws its factors from 1 on. */
static void draw(const struct er_als_work *w, double scale)
{
    struct er_random random = er_random_open(w->options->seed, er_stream(ER_PURPOSE_FACTORS, 0));
    for (int64_t i = 0; i < w->length[1] * w->options->rank; i++)
        w->factor[1][i] = scale * er_random_normal(&random);
}

static enum er_status find_directions(struct er_als_work *w, struct er_error *err)
{
    const int64_t r = w->options->rank;
    enum er_status status = ER_OK;
    for (int sweep = 0; status == ER_OK && sweep < SWEEPS; sweep++) {
        w->kind->times(w, w->y, 0, r, w->factor[1], w->factor[0]);
        w->kind->times(w, w->y, 1, r, w->factor[0], w->factor[1]);
        status = er_qr_thin(w->length[1], r, w->factor[1], NULL, err);
    }
    return status;
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
    const enum er_status status = find_directions(w, err);
    if (status == ER_OK) lengthen(w);
    return status;
}
