/* factor.h - the inside of a deep factorisation: its factors as a step wants them.
 *
 * The problem is turned round where it has fewer rows than columns, so that m >= n, and is then
 *
 *     W = L B^T      L  m x width, the factor on the long side
 *                    B = T_1 T_2 ... T_{N-1}, n x width; T_1 is n x width, the others width x width
 *
 * so that an entry is the product of two rows that lie in memory one after the other, and the products among factors
 * are of the short side. Turned or not, each of these is a factor of W or its transpose:
 *
 *     as it is       T_j = W_j^T            L = W_N
 *     turned         T_j = W_{N+1-j}        L = W_1^T
 *
 * dL/dL_i = sum_j R_ij B_j by rows of R = dL/dW, and G = dL/dB = R^T L by columns; from there
 *
 *     middle false   C_1 = T_1, C_j = C_{j-1} T_j, B = C_{N-1};         dT_j = C_{j-1}^T G, G <- G T_j^T, at last dT_1 = G
 *     middle true    D_2 = T_2, D_j = D_{j-1} T_j, B = T_1 D_{N-1};     dT_1 = G D^T, E = T_1^T G, and so on with D and E
 *
 * 3 (N - 2) products of n width^2; the second way, where width < n and N > 3, has 3 of these and 3 (N - 3) of width^3.
 * Depth 1 is L alone, m x n, nothing turned. Sensing isn't turned, and forms W and R; so does completion where so much
 * is observed that this is cheaper (`dense`).
 *
 * Rows are padded with zeros to whole vectors of 64 bytes; padding stays zero through every step.
 */
#ifndef ERMINE_RECOVERY_FACTOR_H
#define ERMINE_RECOVERY_FACTOR_H

#include "core/team.h"

#include <ermine/factorise.h>
#include <ermine/progress.h>

enum { ER_FACTOR_PIECE = 1 << 14 }; /* numbers of a block that one task sums or updates */

struct er_factor_piece {
    int64_t rows, columns, ld; /* ld: numbers from row to row */
    int64_t at;                /* where it begins in the block of all factors */
};

struct er_factor_plan {
    enum er_recovery_kind kind;
    int64_t depth, width, m, n, entries; /* entries: observations */
    bool turned, dense, middle;
    bool few;                                      /* depth 1: entries alone change, and are few */
    size_t size;                                   /* of a number */
    int64_t lanes;                                 /* numbers in 64 bytes */
    int64_t numbers;                               /* in all factors, padding included */
    struct er_factor_piece piece[ER_FACTORS_MOST]; /* T_1 .. T_{N-1}, L */
    int64_t ld, ld_w;                              /* of what is as wide as factors; of W and R */
};

/* The plan of checked numbers: a rule of shapes alone. */
void er_factor_plan_make(enum er_recovery_kind kind, int64_t rows, int64_t columns, int64_t n,
                         const struct er_factorise_spec *spec, struct er_factor_plan *plan);

/* Factor j of 1..N: its piece, and whether that holds its transpose. */
int er_factor_piece_of(const struct er_factor_plan *plan, int64_t j, bool *transposed);

/* Rows, or columns, in runs of about the same number of entries: a task each. */
struct er_factor_runs {
    int64_t n, *first; /* n + 1 */
};

/* Entries by the rows of the (turned) problem and by its columns. */
struct er_factor_entries {
    const int64_t *row_start, *column_start;
    const int32_t *column, *row;
    const int64_t *entry; /* of the k-th by columns, its place by rows */
    int64_t *own;         /* `entry` where it had to be made */
    struct er_factor_runs rows, columns;
};

struct er_factor_engine;

struct er_factorisation {
    const struct er_recovery *problem;
    struct er_factorise_spec spec;
    struct er_factor_plan plan;
    const struct er_factor_engine *engine;
    struct er_factor_entries entries; /* completion beyond depth 1 */

    /* Blocks of float or double. */
    void *w, *g;             /* factors, gradient: plan.numbers */
    void *first, *second;    /* Adam's moments, likewise; NULL */
    void *y, *residual;      /* by rows: targets, (2/n) (W - y) */
    void *a;                 /* sensing: n x (m n); the problem's own in float64 */
    void *chain, *b;         /* C_2 .. C_{N-1} or D_3 .. D_{N-1}; B where it is none of these */
    void *back[2], *core[2]; /* G, E */
    void *across;            /* a factor turned round */
    void *dense, *dense_g;   /* W, R: m x ld_w */
    bool owns_y, owns_a;
    double *partial; /* sums of tasks */
    int64_t partials;

    const struct er_progress *stop; /* of the run in progress, asked between products; else NULL */
    double second_sum;              /* GroupRMSprop's s */
    int64_t step;
    bool known; /* loss, gradient: of the present factors */
    bool square_known;
    double loss, square; /* L; |gradient|^2 */
    double plateau_loss; /* the loss patience is counted from, and when that was; negative: not yet */
    int64_t plateau_step;
};

/* What is compiled for float and for double. */
struct er_factor_engine {
    /* Loss and gradient, weight decay included. False: asked to stop, and neither is known. */
    bool (*evaluate)(struct er_factorisation *f, struct er_team *team);
    /* |gradient|^2, in a fixed order. */
    double (*square)(const struct er_factorisation *f, struct er_team *team);
    /* One step of the optimiser along the gradient. */
    void (*step)(struct er_factorisation *f, struct er_team *team);
    /* A piece of the factors or of the gradient out and in, row-major without gaps, or its transpose. */
    void (*get)(const struct er_factor_piece *piece, const void *block, bool transposed, double *out);
    void (*put)(const struct er_factor_piece *piece, void *block, bool transposed, const double *in);
    /* out[i] = in[place[i]] in this type; place NULL: in[i]. */
    void (*numbers)(int64_t n, const double *in, const int64_t *place, void *out);
};

extern const struct er_factor_engine er_factor_engine32, er_factor_engine64;

/* factor_entries.c: by rows and columns of the turned problem. */
enum er_status er_factor_entries_make(const struct er_factor_plan *plan, const struct er_sparse *train,
                                      struct er_factor_entries *out, struct er_error *err);
void er_factor_entries_clear(struct er_factor_entries *entries);

/* factor_start.c: the factors that spec asks for. */
enum er_status er_factor_start(struct er_factorisation *f, struct er_error *err);

/* Bytes that a start takes and gives back. */
double er_factor_start_bytes(const struct er_factor_plan *plan, const struct er_factorise_spec *spec);

#endif
