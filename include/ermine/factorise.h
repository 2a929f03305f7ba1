/* <ermine/factorise.h> - deep matrix factorisation: gradient descent on W = W_N ... W_1 for a problem of matrix recovery.
 *
 *     W_j is h_j x h_{j-1}: h_0 = columns, h_N = rows, all others `width`
 *     L(W_N ... W_1) as in <ermine/recovery.h>: the mean squared error over the observations, without 1/2
 *     dL/dW_j = (W_N ... W_{j+1})^T (dL/dW) (W_{j-1} ... W_1)^T
 *
 * In completion dL/dW has as many entries as there are observations, and neither it nor W is ever formed: a step costs
 * O(n width) beside the products among factors. Source: Arora, Cohen, Hu and Luo, NeurIPS 2019.
 */
#ifndef ERMINE_FACTORISE_H
#define ERMINE_FACTORISE_H

#include <ermine/pool.h>
#include <ermine/progress.h>
#include <ermine/recovery.h>

enum { ER_FACTORS_MOST = 16 };

enum er_factor_start {
    ER_FACTOR_GAUSSIAN, /* entries N(0, s^2), s = scale^(1/N) / sqrt(h_{j-1}) of W_j: ||W||_F is about scale sqrt(rows) */
    ER_FACTOR_IDENTITY, /* scale^(1/N) times the identity (ones on the diagonal of what is not square) */
    ER_FACTOR_BALANCED, /* W as ER_FACTOR_GAUSSIAN's of depth 1, its singular values' roots shared out: W_{j+1}^T W_{j+1} = W_j W_j^T */
    ER_FACTOR_ORTHOGONAL, /* scale^(1/N) times orthonormal columns or rows */
};

enum er_factor_optimiser {
    ER_FACTOR_DESCENT, /* W_j -= rate dL/dW_j */
    ER_FACTOR_GROUP_RMSPROP, /* one scalar for all: s <- a s + (1 - a) |g|^2, step rate / (sqrt(s / (1 - a^t)) + eps) */
    ER_FACTOR_ADAM           /* Kingma and Ba 2015, bias-corrected */
};

struct er_factorise_spec {
    int64_t depth; /* N: 1 .. ER_FACTORS_MOST; 3 */
    int64_t width; /* hidden widths; 0: min(rows, columns) */
    enum er_factor_start start;
    double scale; /* 1e-3 */
    enum er_factor_optimiser optimiser;
    double rate, decay, momentum, epsilon; /* decay: GroupRMSprop's a, Adam's beta2; momentum: Adam's beta1 */
    double weight_decay;                   /* lambda: L + (lambda/2) sum_j ||W_j||_F^2; 0 */
    bool single;                           /* in float32, sums of the loss and of |g|^2 in float64 */
    uint64_t seed;
};

ER_API struct er_factorise_spec er_factorise_spec_default(void);

struct er_factorisation;

/* When steps end, whichever is first. */
struct er_factorise_until {
    int64_t step;     /* at this step */
    double loss;      /* L at or below it; negative: never */
    double gradient;  /* |dL/d(W_1..W_N)| at or below it; negative: never */
    double plateau;   /* L fell by less than this share of itself ... */
    int64_t patience; /* ... in so many steps; 0: never */
};

enum er_factorise_end {
    ER_FACTORISE_STEPS,
    ER_FACTORISE_LOSS,
    ER_FACTORISE_GRADIENT,
    ER_FACTORISE_PLATEAU,
    ER_FACTORISE_DIVERGED
};

/** The problem is borrowed. ER_E_USAGE, ER_E_NOMEM, ER_E_LIMIT. */
ER_API enum er_status er_factorisation_new(const struct er_recovery *problem,
                                           const struct er_factorise_spec *spec,
                                           struct er_factorisation **out, struct er_error *err);
ER_API void er_factorisation_free(struct er_factorisation *f);

/** Bytes that er_factorisation_new() takes, the problem not counted. */
ER_API double er_factorise_bytes(enum er_recovery_kind kind, int64_t rows, int64_t columns, int64_t n,
                                 const struct er_factorise_spec *spec);

/** Floating-point operations of one step, counted: what tells small problems from large ones. */
ER_API double er_factorise_flops(enum er_recovery_kind kind, int64_t rows, int64_t columns, int64_t n,
                                 const struct er_factorise_spec *spec);

/** Steps on. The pool may be NULL: the caller's thread alone; the same bits for any number of threads. ER_E_STOPPED
 * leaves it between two steps. */
ER_API enum er_status er_factorisation_run(struct er_factorisation *f, const struct er_factorise_until *until,
                                           struct er_pool *pool, const struct er_progress *progress,
                                           enum er_factorise_end *end, struct er_error *err);

ER_API int64_t er_factorisation_step(const struct er_factorisation *f); /* steps taken */
ER_API double er_factorisation_loss(
    const struct er_factorisation *f); /* L at the present factors; known without cost after a run */
ER_API double er_factorisation_gradient_norm(const struct er_factorisation *f);

/** Factor j of 1..N in float64, h_j x h_{j-1} row-major. */
ER_API void er_factorisation_shape(const struct er_factorisation *f, int64_t j, int64_t *rows,
                                   int64_t *columns);
ER_API void er_factorisation_factor(const struct er_factorisation *f, int64_t j, double *w);
ER_API void er_factorisation_set(struct er_factorisation *f, int64_t j, const double *w);
/** dL/dW_j at the present factors, float64. */
ER_API enum er_status er_factorisation_gradient(struct er_factorisation *f, int64_t j, double *g,
                                                struct er_error *err);
/** W = W_N ... W_1, rows x columns. */
ER_API enum er_status er_factorisation_product(const struct er_factorisation *f, double *w,
                                               struct er_error *err);
/** The entries of W at given places: n values, without forming W. */
ER_API enum er_status er_factorisation_entries(const struct er_factorisation *f, const struct er_sparse *at,
                                               double *value, struct er_error *err);
/** Singular values of W, min(rows, columns, width) of them, falling; by QR of the chain, without forming W where width is small. */
ER_API enum er_status er_factorisation_singular_values(const struct er_factorisation *f, double *s,
                                                       struct er_error *err);

/** Factors, optimiser, step, plateau: what going on needs. */
ER_API size_t er_factorisation_state_bytes(const struct er_factorisation *f);
ER_API void er_factorisation_state(const struct er_factorisation *f, void *state);
ER_API enum er_status er_factorisation_restore(struct er_factorisation *f, const void *state, size_t bytes,
                                               struct er_error *err);

#endif
