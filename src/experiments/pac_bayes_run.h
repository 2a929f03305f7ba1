/* pac_bayes_run.h - one run of `pac-bayes`: a network trained, noise found for it, a certificate.
 *
 *     1  train the network: on all examples (prior initial), or on the first `share` of them (prior data)
 *     2  prior mean: the initial weights, or that network. Posterior: that network with one deviation for all
 *        weights, then by descent (src/stochastic/bound_descent.h) on the m examples that the prior has not seen
 *     3  draw networks, certify (src/stochastic/certificate.h); the same draws try the test set
 *
 * The surrogate of the descent is the loss over ln 2, which is at least the 0-1 loss, for the objective of
 * Dziugaite and Roy; over ln(1 / 1e-4) for the others, which want losses in [0, 1]: Perez-Ortiz et al.
 * besides cut the probabilities at 1e-4, which a certificate of this loss would need and one of errors does
 * not. The network is drawn in evaluation: dropout is off. A run that is interrupted goes on within 1 and
 * 2.
 *
 * Sources: Dziugaite and Roy, UAI 2017; Perez-Ortiz, Rivasplata, Shawe-Taylor and Szepesvari, JMLR 2021,
 * section 4 and 6. Against the released code of the first: means get the gradient of KL, delta is one, the
 * correction for the draws is there.
 */
#ifndef ERMINE_EXPERIMENTS_PAC_BAYES_RUN_H
#define ERMINE_EXPERIMENTS_PAC_BAYES_RUN_H

#include "experiments/experiment.h"
#include "experiments/pac_bayes_keys.h"
#include "experiments/pac_bayes_tables.h"
#include "experiments/run_spread.h"
#include "stochastic/bound_descent.h"

#include <ermine/train.h>

/* What 1 came to. */
struct er_pac_bayes_trained {
    double done; /* 0 until it has ended */
    double train_error, test_error, epochs;
};

struct er_pac_bayes_run {
    struct er_pac_bayes_spec spec;
    const struct er_point *point;
    const struct er_run_events *events;
    const struct er_progress *progress;
    int64_t number;
    struct er_net *net;
    struct er_dataset learned,
        bound; /* views of the split: what the network learns from, what the bound is of */
    const struct er_dataset *test; /* or NULL */
    struct er_member member;
    struct er_pac_bayes_trained trained;
    char cause[200];     /* of a training that diverged */
    float *prior, *mean; /* P each: before and after 1 */
    struct er_bound_descent descent;
    bool descending;
    double sums[2]; /* of surrogate and objective in the epoch under way */
    double *curve;  /* ER_PAC_BAYES_CURVES x epochs */
    double began, seconds;
    const void *trainer; /* state that 1 goes on from */
    size_t trainer_bytes;
};

/* er_run_spread.compute of one point: fills the result. */
enum er_status er_pac_bayes_compute(const struct er_point *point, int64_t number,
                                    const struct er_split *split, const struct er_run_events *events,
                                    const struct er_progress *progress, struct er_spread_result *result,
                                    struct er_error *err);

/* Bytes of a run beside its data. Errors: of the net, ER_E_NOMEM. */
enum er_status er_pac_bayes_bytes(const struct er_point *point, const struct er_split *split, double *bytes,
                                  struct er_error *err);

/* --- pac_bayes_state.c: a run as bytes, for the same program on the same machine --- */

/* Keeps it by the events; with the trainer's own state in 1, NULL in 2. ER_E_NOMEM, and the event's. */
enum er_status er_pac_bayes_save(struct er_pac_bayes_run *r, const void *trainer, size_t bytes,
                                 struct er_error *err);

/* Takes a state up, unless it is damaged or can't be this run's. In 2 the descent is opened. */
enum er_status er_pac_bayes_restore(struct er_pac_bayes_run *r, const void *state, size_t bytes,
                                    struct er_error *err);

/* Opens 2 at its beginning. */
enum er_status er_pac_bayes_open_descent(struct er_pac_bayes_run *r, struct er_error *err);

#endif
