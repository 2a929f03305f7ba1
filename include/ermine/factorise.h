/* <ermine/factorise.h> - deep matrix factorisation: gradient descent on W = W_N ... W_1 for a problem of
 * matrix recovery.
 *
 *     W_j is h_j x h_{j-1}: h_0 = columns, h_N = rows, all others `width`
 *     L(W_N ... W_1) as in <ermine/recovery.h>: the mean squared error over the n observations, without 1/2
 *     dL/dW_j = (W_N ... W_{j+1})^T (dL/dW) (W_{j-1} ... W_1)^T
 *
 * In completion dL/dW has as many entries as there are observations, and beyond depth 1 neither it nor W is
 * formed (unless more than about half of the entries are observed, when that is quicker). A step costs, in
 * operations, s the shorter side,
 *
 *     completion   6 n width + 6 (N - 2) s width^2
 *     sensing      4 n rows columns + 6 rows columns width + 6 (N - 2) columns width^2
 *     depth 1      4 n, or 4 n rows columns;                and 2 to 10 for each number of the factors
 *
 * Where width < s (sensing: columns) and N > 3, only one s width^2 in N - 2 is left, and the others are
 * width^3.
 *
 * Measured on one Zen 4 core in float64: 100 x 100, n = 2,000, depth 3: 160 microseconds, at 45 of its 59
 * GFLOP/s; 943 x 1682, n = 10,000: 11 ms at depth 2, 130 ms at depth 3; a million ratings with width 32 in
 * float32: 13 ms, ten million: 200 ms, and 0.1 GB beside the problem.
 *
 * What depth does to a start: the product's scale is what is asked for, that of a factor its N-th root. The
 * loss lies on a plateau near zero before it falls, longer for smaller starts and greater depth; `patience`
 * should outlast it. With GroupRMSprop at depth 4 and a tiny start, gradients of 1e-20 end the plateau: an
 * epsilon well above them (1e-4, the default) keeps the step in proportion, where a smaller one lets it jump
 * (tests/recovery/factorise_run.c). In float32 starts of less than about 1e-4 lose the small modes.
 *
 * Sources: Arora, Cohen, Hu and Luo, "Implicit regularization in deep matrix factorization", NeurIPS 2019,
 * and its code; Kingma and Ba, "Adam", ICLR 2015.
 */
#ifndef ERMINE_FACTORISE_H
#define ERMINE_FACTORISE_H

#include <ermine/pool.h>
#include <ermine/progress.h>
#include <ermine/recovery.h>

enum { ER_FACTORS_MOST = 16, ER_FACTOR_WIDTH_MOST = 1 << 27 };

enum er_factor_start {
    /* W_j: entries N(0, s^2), s = scale^(1/N) / sqrt(h_{j-1}); ||W||_F is about scale sqrt(rows). */
    ER_FACTOR_GAUSSIAN,
    /* scale^(1/N) times the identity (ones on the diagonal of what is not square). */
    ER_FACTOR_IDENTITY,
    /* W as a Gaussian one of depth 1 and its singular values' roots shared out: W_{j+1}^T W_{j+1} = W_j
     * W_j^T. A width below the shorter side keeps the largest. Cost: a singular value decomposition of rows x
     * columns, dense. */
    ER_FACTOR_BALANCED,
    /* scale^(1/N) times orthonormal columns or rows, whichever fit, by Haar's measure. Up to a width of the
     * shorter side `width` singular values of W are `scale` and the others 0; beyond that the product of
     * projections shrinks and spreads them. */
    ER_FACTOR_ORTHOGONAL,
};

enum er_factor_optimiser {
    /* W_j -= rate dL/dW_j */
    ER_FACTOR_DESCENT,
    /* One scale for all: s <- a s + (1 - a) |g|^2, step rate / (sqrt(s / (1 - a^t)) + eps). */
    ER_FACTOR_GROUP_RMSPROP,
    /* m / (1 - b^t) and v / (1 - a^t) for each number, eps outside the root. */
    ER_FACTOR_ADAM
};

struct er_factorise_spec {
    int64_t depth; /* N: 1 .. ER_FACTORS_MOST; 3 */
    int64_t width; /* hidden widths, to ER_FACTOR_WIDTH_MOST; 0, the default: min(rows, columns) */
    enum er_factor_start start;         /* Gaussian */
    double scale;                       /* of the product, > 0; 1e-3 */
    enum er_factor_optimiser optimiser; /* GroupRMSprop */
    double rate;                        /* > 0; 1e-3 */
    double decay;                       /* a of GroupRMSprop and of Adam: 0 <= a < 1; 0.99 */
    double momentum;                    /* b of Adam: 0 <= b < 1; 0.9 */
    double epsilon;                     /* GroupRMSprop >= 0, Adam > 0; 1e-4 */
    double weight_decay;                /* lambda >= 0: L + (lambda/2) sum_j ||W_j||_F^2 is minimised; 0 */
    bool single;                        /* in float32; sums of the loss and of |g|^2 are in float64 */
    uint64_t seed;                      /* of what is drawn: the same in both precisions */
};

/** The values named last above. */
ER_API struct er_factorise_spec er_factorise_spec_default(void);

/* One thread at a time; functions that take a const one may run side by side. From er_factorisation_new(),
 * freed by er_factorisation_free(). */
struct er_factorisation;

/* When steps end, whichever is first; of several at once the reason is the first of DIVERGED, LOSS, GRADIENT,
 * PLATEAU, STEPS. */
struct er_factorise_until {
    int64_t step;    /* at this step */
    double loss;     /* L at or below it; negative: never */
    double gradient; /* |gradient| of all factors together at or below it; negative: never */
    double plateau;  /* L fell by less than this share of what it was ... */
    /* ... over so many steps (stretches one after the other, the first from where it is asked); 0: never */
    int64_t patience;
};

enum er_factorise_end {
    ER_FACTORISE_STEPS,
    ER_FACTORISE_LOSS,
    ER_FACTORISE_GRADIENT,
    ER_FACTORISE_PLATEAU,
    /* L is not finite, or the norm of the gradient where GroupRMSprop or a rule asks for it: a result; the
     * factors are those that have it. */
    ER_FACTORISE_DIVERGED
};

/**
 * A factorisation at its start, step 0.
 *
 * @param problem  borrowed until er_factorisation_free().
 * @param out      given to the caller.
 * @return ER_OK; ER_E_USAGE for numbers out of range, named; ER_E_NOMEM; of a balanced start also ER_E_LIMIT
 *         (beyond LAPACK's 32-bit sizes) and ER_E_NONFINITE (a scale that overflows). `out` is untouched on
 *         failure.
 * Cost: that of the start, O(numbers in the factors) but for the balanced and orthogonal ones; memory:
 * er_factorise_bytes().
 */
ER_API enum er_status er_factorisation_new(const struct er_recovery *problem,
                                           const struct er_factorise_spec *spec,
                                           struct er_factorisation **out, struct er_error *err);

/** NULL is allowed. */
ER_API void er_factorisation_free(struct er_factorisation *f);

/** Whether factors begin balanced, W_{j+1}^T W_{j+1} = W_j W_j^T for all j, as <ermine/matrix_flow.h> needs
 * it: depth 1; a balanced start; an identity or orthogonal one whose width is at most the shorter side.
 * Gaussian ones beyond depth 1 are not. */
ER_API bool er_factorise_is_balanced(const struct er_factorise_spec *spec, int64_t rows, int64_t columns);

/** Bytes that er_factorisation_new() takes at most, but for some 10 KB, the problem not counted, for a
 * specification that it accepts. What the start alone needs is given back: two of the largest factor, for a
 * balanced one a decomposition of rows x columns. */
ER_API double er_factorise_bytes(enum er_recovery_kind kind, int64_t rows, int64_t columns, int64_t n,
                                 const struct er_factorise_spec *spec);

/** Floating-point operations of one step, counted, for a specification that er_factorisation_new() accepts:
 * what tells small problems from large ones. */
ER_API double er_factorise_flops(enum er_recovery_kind kind, int64_t rows, int64_t columns, int64_t n,
                                 const struct er_factorise_spec *spec);

/**
 * Steps until a rule ends them; none where one holds already. How a run is divided among calls changes no
 * bit.
 *
 * @param pool      its threads take each step together, one for every 4 10^6 operations of it at most, and
 *                  spin between the parts of a step. NULL: the caller's thread alone, as for many small ones
 *                  side by side. The same bits for any number of threads.
 * @param progress  in steps; may be NULL.
 * @param end       why it ended; untouched unless ER_OK.
 * @return ER_OK; ER_E_STOPPED leaves it between two steps, from where it can go on; ER_E_NOMEM (a team of
 *         threads) before the first one.
 */
ER_API enum er_status er_factorisation_run(struct er_factorisation *f, const struct er_factorise_until *until,
                                           struct er_pool *pool, const struct er_progress *progress,
                                           enum er_factorise_end *end, struct er_error *err);

/** Steps taken. */
ER_API int64_t er_factorisation_step(const struct er_factorisation *f);

/** L at the present factors, without weight decay, and the norm of the gradient of what is minimised. A run
 * leaves both known, unless it was stopped; they are NaN before the first one and after
 * er_factorisation_set() and er_factorisation_restore(). */
ER_API double er_factorisation_loss(const struct er_factorisation *f);
ER_API double er_factorisation_gradient_norm(const struct er_factorisation *f);

/** Factor j, which must be of 1..N: h_j and h_{j-1}; its numbers in float64, row-major, out and in (rounded
 * to float32 where `single`). */
ER_API void er_factorisation_shape(const struct er_factorisation *f, int64_t j, int64_t *rows,
                                   int64_t *columns);
ER_API void er_factorisation_factor(const struct er_factorisation *f, int64_t j, double *w);
ER_API void er_factorisation_set(struct er_factorisation *f, int64_t j, const double *w);

/** The gradient by W_j of what is minimised, at the present factors, as er_factorisation_factor() gives
 * these. ER_E_USAGE: no such factor. Cost: that of a step, once for all factors. */
ER_API enum er_status er_factorisation_gradient(struct er_factorisation *f, int64_t j, double *g,
                                                struct er_error *err);

/** W = W_N ... W_1, rows x columns, in float64 from the factors as they are. ER_E_NOMEM. Cost:
 * 2 rows columns width, and the products of the chain; on the caller's thread, here and below. */
ER_API enum er_status er_factorisation_product(const struct er_factorisation *f, double *w,
                                               struct er_error *err);

/** The entries of W at the places of `at`, which has W's shape: at->n values in its order, without forming W.
 * ER_E_SHAPE, ER_E_NOMEM. Cost: 2 width each, and once the products of the chain. `value` is untouched on
 * failure. */
ER_API enum er_status er_factorisation_entries(const struct er_factorisation *f, const struct er_sparse *at,
                                               double *value, struct er_error *err);

/** Singular values of W, falling: min(rows, columns, width) of them (depth 1: min(rows, columns)), the others
 * being zero. Long factors are reduced to triangles first, so that nothing larger than the factors is formed.
 * ER_E_NOMEM; ER_E_STOPPED: `progress`, which may be NULL, is asked between products and decompositions, and
 * told nothing; ER_E_NONFINITE where W is not finite; ER_E_LIMIT beyond LAPACK's 32-bit sizes. Cost: O((rows
 * + columns + N width) width^2); depth 1: O(rows columns min(rows, columns)). */
ER_API enum er_status er_factorisation_singular_values(const struct er_factorisation *f, double *s,
                                                       const struct er_progress *progress,
                                                       struct er_error *err);

/** What going on elsewhere needs: factors, moments, step, plateau. Restored into a factorisation of the same
 * problem and specification, it goes on to the same bits; that it is the same is not checked but by the
 * numbers of bytes and factors and the precision (ER_E_INPUT, with the factorisation as it was). Not portable
 * between byte orders. `state`: er_factorisation_state_bytes() of the caller's. */
ER_API size_t er_factorisation_state_bytes(const struct er_factorisation *f);
ER_API void er_factorisation_state(const struct er_factorisation *f, void *state);
ER_API enum er_status er_factorisation_restore(struct er_factorisation *f, const void *state, size_t bytes,
                                               struct er_error *err);

#endif
