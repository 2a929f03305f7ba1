/* modes.c - what a matrix's modes do under a gradient, and balanced factors of it. */
#include "recovery/end_to_end.h"

#include <ermine/matrix_flow.h>
#include <ermine/memory.h>
#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

/* Mean and standard deviation of |inner_ab| over the diagonal of its top x top block, or over the rest of that. */
static void spread(const struct er_end_to_end *e, int64_t top, bool diagonal, double *mean, double *deviation)
{
    double sum = 0, squares = 0, n = 0;
    for (int pass = 0; pass < 2; pass++)
        for (int64_t a = 0; a < top; a++)
            for (int64_t b = 0; b < top; b++) {
                if ((a == b) != diagonal) continue;
                const double size = fabs(e->inner[a * e->r + b]);
                if (pass == 0) {
                    sum += size;
                    n++;
                } else {
                    squares += (size - sum / n) * (size - sum / n);
                }
            }
    *mean = n > 0 ? sum / n : 0;
    *deviation = n > 0 ? sqrt(squares / n) : 0;
}

enum er_status er_matrix_modes(int64_t m, int64_t n, const double *w, const double *gradient, int64_t depth,
                               int64_t top, double *s, double *rate, struct er_mode_alignment *alignment,
                               struct er_error *err)
{
    struct er_end_to_end e = {0};
    const int64_t r = m < n ? m : n;
    if (top < 0 || top > r)
        return er_fail(err, ER_E_USAGE, "alignment: %" PRId64 " modes of %" PRId64, top, r);
    enum er_status status = er_end_to_end_open(m, n, depth, &e, err);
    if (status == ER_OK) status = er_end_to_end_look(&e, w, err);
    if (status == ER_OK) er_end_to_end_project(&e, gradient);
    if (status == ER_OK && s) memcpy(s, e.s, (size_t)r * sizeof *s);
    for (int64_t a = 0; a < r && status == ER_OK && rate; a++)
        rate[a] = -(double)depth * e.power[(depth - 1) * r + a] * e.inner[a * r + a];
    if (status == ER_OK && alignment) {
        spread(&e, top > 0 ? top : r, true, &alignment->diagonal, &alignment->diagonal_deviation);
        spread(&e, top > 0 ? top : r, false, &alignment->off, &alignment->off_deviation);
    }
    er_end_to_end_clear(&e);
    return status;
}

enum er_status er_balanced_factors(int64_t rows, int64_t columns, int64_t depth, int64_t width,
                                   const double *w, double *const factor[], struct er_error *err)
{
    struct er_end_to_end e = {0};
    enum er_status status = er_end_to_end_open(rows, columns, depth, &e, err);
    if (status != ER_OK) return status;
    status = er_end_to_end_look(&e, w, err);
    const double rounding = (double)(rows > columns ? rows : columns) * DBL_EPSILON;
    if (status == ER_OK && depth > 1 && (width < 1 || (width < e.r && e.s[width] > rounding * e.s[0])))
        status = er_fail(err, ER_E_USAGE,
                         "balanced factors: the hidden width is %" PRId64
                         ", the matrix has a higher rank: its singular value after that is %g",
                         width, width < 1 ? e.s[0] : e.s[width]);
    for (int64_t j = 1; j <= depth && status == ER_OK; j++) {
        if (depth == 1)
            memcpy(factor[0], w, (size_t)(rows * columns) * sizeof *w);
        else
            er_end_to_end_factor(&e, j, width, factor[j - 1]);
    }
    er_end_to_end_clear(&e);
    return status;
}
