/* cp_descent.h - a tensor of which few entries are observed, completed by gradient descent on a sum of
 * rank-one terms.
 *
 *     X[i_1, ..., i_N] = sum_{r=1..R} prod_k A_k[i_k, r]     order N, every side d; A_k: d x R     (CP form)
 *     L = (1/n) sum over observed entries of (X - T)^2
 *     T = sum_{r=1..rank} b_1r o ... o b_Nr, Gaussian b, scaled to ||T||_F = 1
 *
 * A_k begin as N(0, start^2). Steps are GroupRMSprop's: one scalar for all of g = dL/d(A_1 .. A_N),
 *
 *     s <- decay s + (1 - decay) |g|^2,   A_k -= rate / (sqrt(s / (1 - decay^t)) + epsilon) dL/dA_k
 *
 * so that steps have about the length `rate` while |g| is above epsilon. The linear form has X itself as its
 * parameters: entries that are not observed stay where they begin.
 *
 * In float64. Source: Razin and Cohen, "Implicit regularization in deep learning may not be explainable by
 * norms", NeurIPS 2020, its experiments with tensors and their code; Razin, Maman and Cohen, "Implicit
 * regularization in tensor factorization", ICML 2021, for why terms come one after another.
 */
#ifndef ERMINE_EXPERIMENTS_CP_DESCENT_H
#define ERMINE_EXPERIMENTS_CP_DESCENT_H

#include <ermine/progress.h>
#include <stdbool.h>

enum { ER_CP_ORDER_MOST = 6, ER_CP_ENTRIES_MOST = 1 << 18 };

struct er_cp_spec {
    int64_t order, side, rank; /* of the truth */
    int64_t observed;          /* distinct entries, 1 .. side^order */
    bool linear;
    int64_t terms; /* R */
    double start, rate, decay, epsilon;
    uint64_t seed;
};

struct er_cp {
    struct er_cp_spec spec;
    int64_t entries, parameters;
    double *truth;
    int64_t *place; /* observed: which entries */
    double *a, *g;  /* parameters: A_1, A_2, ..., each side x R; or the entries of X */
    double *lane;   /* (order + 2) x R: partial products */
    double moment;  /* s */
    double loss;    /* at the present parameters */
    int64_t step;
};

/* side^order, or 0 beyond ER_CP_ENTRIES_MOST. */
int64_t er_cp_entries(int64_t order, int64_t side);

/* ER_E_NOMEM. Freed by er_cp_clear(). The spec is checked by the experiment's keys. */
enum er_status er_cp_open(const struct er_cp_spec *spec, struct er_cp *out, struct er_error *err);

void er_cp_clear(struct er_cp *t);

/* loss and g at the present parameters. */
void er_cp_look(struct er_cp *t);

/* Steps on until step `last`, until the loss is at or below `loss`, or not finite. ER_E_STOPPED. */
enum er_status er_cp_until(struct er_cp *t, int64_t last, double loss, const struct er_progress *progress,
                           struct er_error *err);

/* ||X - T|| / ||T|| over the entries that are not observed (NaN where there are none), and ||X||_F. */
void er_cp_errors(struct er_cp *t, double *test_error, double *norm);

/* The norms of the R terms, prod_k ||A_k[:, r]||, falling. */
void er_cp_terms(const struct er_cp *t, double *norm);

#endif
