/* factor_engine.h - loss and gradient of a factorisation (factor.h has the formulas). Compiled twice: REAL is float or
 * double, NAME(x) x32 or x64, LANES the numbers in 64 bytes, MATMUL the product.
 */
#include "core/vector.h"
#include "math/matmul.h"
#include "recovery/factor.h"
#include "recovery/group_rmsprop.h"

#include <math.h>
#include <string.h>

typedef double FOUR __attribute__((vector_size(32), may_alias));
typedef REAL LANE __attribute__((vector_size(64), may_alias));
typedef REAL HALF __attribute__((vector_size(32), may_alias));
typedef REAL QUAD __attribute__((vector_size(4 * sizeof(REAL)), may_alias));
typedef REAL LOOSE_QUAD __attribute__((vector_size(4 * sizeof(REAL)), may_alias, aligned(sizeof(REAL))));

enum { AHEAD = 64 }; /* entries between asking for a row and reading it */

#include "recovery/factor_sparse.h"

#include "recovery/factor_dense.h"

#include "recovery/factor_step.h"

/* Four rows and columns turned round. */
static inline __attribute__((always_inline)) void NAME(turn_four)(const REAL *from, int64_t ld, REAL *to,
                                                                  int64_t ld_to)
{
    const QUAD a = *(const LOOSE_QUAD *)from, b = *(const LOOSE_QUAD *)(from + ld),
               c = *(const LOOSE_QUAD *)(from + 2 * ld), d = *(const LOOSE_QUAD *)(from + 3 * ld);
    const QUAD ab_even = __builtin_shufflevector(a, b, 0, 4, 2, 6),
               ab_odd = __builtin_shufflevector(a, b, 1, 5, 3, 7),
               cd_even = __builtin_shufflevector(c, d, 0, 4, 2, 6),
               cd_odd = __builtin_shufflevector(c, d, 1, 5, 3, 7);
    *(LOOSE_QUAD *)to = __builtin_shufflevector(ab_even, cd_even, 0, 1, 4, 5);
    *(LOOSE_QUAD *)(to + ld_to) = __builtin_shufflevector(ab_odd, cd_odd, 0, 1, 4, 5);
    *(LOOSE_QUAD *)(to + 2 * ld_to) = __builtin_shufflevector(ab_even, cd_even, 2, 3, 6, 7);
    *(LOOSE_QUAD *)(to + 3 * ld_to) = __builtin_shufflevector(ab_odd, cd_odd, 2, 3, 6, 7);
}

/* to (columns x rows) = from (rows x columns) turned round, in squares that stay in the first cache. */
ER_VECTOR
static void NAME(turn)(int64_t rows, int64_t columns, const REAL *from, int64_t ld, REAL *to, int64_t ld_to)
{
    enum { SQUARE = 16 };
    for (int64_t i = 0; i < rows; i += SQUARE)
        for (int64_t j = 0; j < columns; j += SQUARE) {
            const int64_t below = i + SQUARE < rows ? i + SQUARE : rows,
                          right = j + SQUARE < columns ? j + SQUARE : columns;
            const int64_t fours = below - (below - i) % 4, across = right - (right - j) % 4;
            for (int64_t p = i; p < fours; p += 4)
                for (int64_t q = j; q < across; q += 4)
                    NAME(turn_four)(from + p * ld + q, ld, to + q * ld_to + p, ld_to);
            for (int64_t p = i; p < below; p++)
                for (int64_t q = p < fours ? across : j; q < right; q++) to[q * ld_to + p] = from[p * ld + q];
        }
}

/* A product, unless the caller has asked to stop: of a step that is left half way nothing is kept. */
static void NAME(product)(const struct er_factorisation *f, struct er_team *team, bool transposed, int64_t m,
                          int64_t n, int64_t k, const REAL *a, int64_t lda, const REAL *b, int64_t ldb,
                          REAL *c, int64_t ldc)
{
    if (!er_progress_stopped(f->stop)) MATMUL(team, transposed, m, n, k, a, lda, b, ldb, c, ldc);
}

/* The products of the chain, of which the first is T_1 or T_2 itself. */
static REAL *NAME(partial_product)(const struct er_factorisation *f, int64_t i)
{
    const struct er_factor_plan *plan = &f->plan;
    const int64_t first = plan->middle ? 1 : 0;
    if (i == first) return (REAL *)f->w + plan->piece[first].at;
    return (REAL *)f->chain + (i - first - 1) * (plan->middle ? plan->width : plan->n) * plan->ld;
}

/* B. */
static const REAL *NAME(forward)(struct er_factorisation *f, struct er_team *team)
{
    const struct er_factor_plan *plan = &f->plan;
    const REAL *w = f->w;
    const int64_t first = plan->middle ? 1 : 0, last = plan->depth - 2, width = plan->width, ld = plan->ld;
    const int64_t rows = plan->middle ? width : plan->n;
    for (int64_t i = first + 1; i <= last; i++) NAME(product)
    (f, team, false, rows, width, width, NAME(partial_product)(f, i - 1), ld, w + plan->piece[i].at, ld,
     NAME(partial_product)(f, i), ld);
    if (!plan->middle) return NAME(partial_product)(f, last);
    NAME(product)(f, team, false, plan->n, width, width, w, ld, NAME(partial_product)(f, last), ld, f->b, ld);
    return f->b;
}

/* The gradients of T_first+1 .. T_{N-1} from that of their product, g, which for one factor is its place already. */
static void NAME(chain_back)(struct er_factorisation *f, struct er_team *team, REAL *g, REAL *spare)
{
    const struct er_factor_plan *plan = &f->plan;
    const int64_t first = plan->middle ? 1 : 0, width = plan->width, ld = plan->ld;
    const int64_t rows = plan->middle ? width : plan->n;
    REAL *dw = f->g;
    for (int64_t i = plan->depth - 2; i > first; i--) {
        REAL *next = i == first + 1 ? dw + plan->piece[first].at : spare;
        NAME(product)
        (f, team, true, width, width, rows, NAME(partial_product)(f, i - 1), ld, g, ld,
         dw + plan->piece[i].at, ld);
        NAME(turn)(width, width, (const REAL *)f->w + plan->piece[i].at, ld, f->across, ld);
        NAME(product)(f, team, false, rows, width, width, g, ld, f->across, ld, next, ld);
        spare = g;
        g = next;
    }
}

/* Where dL/dB is wanted: the gradient of T_1 where that is all of B. */
static REAL *NAME(side_gradient)(const struct er_factorisation *f)
{
    return f->plan.depth == 2 ? f->g : f->back[0];
}

static void NAME(backward)(struct er_factorisation *f, struct er_team *team)
{
    const struct er_factor_plan *plan = &f->plan;
    const int64_t width = plan->width, ld = plan->ld;
    REAL *g = NAME(side_gradient)(f);
    if (!plan->middle) {
        NAME(chain_back)(f, team, g, f->back[1]);
        return;
    }
    NAME(turn)(width, width, NAME(partial_product)(f, plan->depth - 2), ld, f->across, ld);
    NAME(product)(f, team, false, plan->n, width, width, g, ld, f->across, ld, f->g, ld);
    NAME(product)(f, team, true, width, width, plan->n, f->w, ld, g, ld, f->core[0], ld);
    NAME(chain_back)(f, team, f->core[0], f->core[1]);
}

/* Through W: dL = R B, G = R^T L. */
static double NAME(through_product)(struct er_factorisation *f, struct er_team *team, const REAL *b)
{
    const struct er_factor_plan *plan = &f->plan;
    const int64_t l = plan->piece[plan->depth - 1].at, m = plan->m, n = plan->n, width = plan->width;
    const REAL *side = (const REAL *)f->w + l;
    NAME(turn)(n, width, b, plan->ld, f->across, plan->ld_w);
    NAME(product)(f, team, false, m, n, width, side, plan->ld, f->across, plan->ld_w, f->dense, plan->ld_w);
    if (er_progress_stopped(f->stop)) return 0;
    const double sum = NAME(dense)(f, team, f->dense, f->dense_g);
    NAME(product)
    (f, team, false, m, width, n, f->dense_g, plan->ld_w, b, plan->ld, (REAL *)f->g + l, plan->ld);
    NAME(product)
    (f, team, true, n, width, m, f->dense_g, plan->ld_w, side, plan->ld, NAME(side_gradient)(f), plan->ld);
    return sum;
}

static bool NAME(evaluate)(struct er_factorisation *f, struct er_team *team)
{
    double sum;
    if (f->plan.depth == 1) {
        if (f->spec.weight_decay > 0) memset(f->g, 0, (size_t)f->plan.numbers * sizeof(REAL));
        sum = NAME(dense)(f, team, f->w, f->g);
    } else {
        const REAL *b = NAME(forward)(f, team);
        if (er_progress_stopped(f->stop)) return false;
        sum = f->plan.dense ? NAME(through_product)(f, team, b)
                            : NAME(sparse)(f, team, b, NAME(side_gradient)(f));
        NAME(backward)(f, team);
    }
    if (f->spec.weight_decay > 0) NAME(decay)(f, team);
    if (er_progress_stopped(f->stop)) return false;
    f->loss = sum / (double)f->plan.entries;
    return true;
}

static void NAME(get)(const struct er_factor_piece *piece, const void *block, bool transposed, double *out)
{
    const REAL *from = (const REAL *)block + piece->at;
    for (int64_t i = 0; i < piece->rows; i++)
        for (int64_t j = 0; j < piece->columns; j++)
            out[transposed ? j * piece->rows + i : i * piece->columns + j] = (double)from[i * piece->ld + j];
}

static void NAME(put)(const struct er_factor_piece *piece, void *block, bool transposed, const double *in)
{
    REAL *to = (REAL *)block + piece->at;
    for (int64_t i = 0; i < piece->rows; i++)
        for (int64_t j = 0; j < piece->columns; j++)
            to[i * piece->ld + j] = (REAL)in[transposed ? j * piece->rows + i : i * piece->columns + j];
}

static void NAME(numbers)(int64_t n, const double *in, const int64_t *place, void *out)
{
    REAL *to = out;
    for (int64_t i = 0; i < n; i++) to[i] = (REAL)in[place ? place[i] : i];
}

const struct er_factor_engine NAME(er_factor_engine) = {.evaluate = NAME(evaluate),
                                                        .square = NAME(square),
                                                        .step = NAME(step),
                                                        .get = NAME(get),
                                                        .put = NAME(put),
                                                        .numbers = NAME(numbers)};
