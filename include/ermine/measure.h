/* <ermine/measure.h> - measures: numbers computed of a trained network that are meant to predict its gap between
 * test and training error. A measure with a guarantee is a bound.
 *
 *     bound      with probability >= 1 - delta over the draw of the training set (of the test set, where the
 *                measure's help says so):  error on new examples <= value,   delta = ER_MEASURE_DELTA
 *     vacuous    a bound of 1 or more: any network keeps it
 *     gap        error on new examples - training error <= value - training error
 *
 * Most bounds are of the error of the network. A PAC-Bayes bound is of that of a stochastic network around it,
 * whose weights are drawn anew for every prediction: it says nothing of the network's own error, nor of its gap
 * (enum er_guarantee). Bounds hold one at a time: all of k at once, and so the least of them, with 1 - k delta.
 *
 * A guarantee is about examples drawn as the training examples were, independently: with corrupted labels,
 * about labels corrupted in the same way. Inputs standardised by statistics of the training set are taken as
 * if those had been fixed before. docs/measures.md has each bound in words and formulas.
 *
 * The measures are those of src/measures/measures.def. Weights and inputs are float32. Norms of weights
 * and of differences, sums over paths and everything after them are computed in float64, batch norm folded there too; the largest
 * singular values of convolutions and of large matrices to a relative error of 1e-6 (src/measures/layer_norms.h). What a network
 * makes of examples (outputs, margins, features, errors and losses at other weights, gradients, products with curvature) is
 * computed in float32 as in a training, with relative errors of 1e-7 to 1e-5, and summed in float64.
 */
#ifndef ERMINE_MEASURE_H
#define ERMINE_MEASURE_H

#include <ermine/net.h>
#include <ermine/pool.h>
#include <ermine/rank_file.h>

/* The probability that a bound fails. */
#define ER_MEASURE_DELTA 0.05

/* A network at the end of a run, with what measures need of the run. */
struct er_measured_run;

/* What a measure is computed from, as bits. */
enum er_measure_need {
    ER_NEEDS_WEIGHTS =
        1, /* the weights where training ended, and running statistics where the net has them */
    ER_NEEDS_INITIAL = 2,      /* the same before the first step */
    ER_NEEDS_TRAIN = 4,        /* the training set: how many, its inputs */
    ER_NEEDS_OUTPUTS = 8,      /* the network on the training set: its error and margins */
    ER_NEEDS_TEST = 16,        /* the test set: how many, and the network's error on it */
    ER_NEEDS_DERIVATIVES = 32, /* those of the loss over the training set (<ermine/derivatives.h>) */
    ER_NEEDS_FIRST_EPOCH = 64, /* the weights after the first epoch */
    ER_NEEDS_COURSE = 128,     /* the training loss at the records of training */
    ER_NEEDS_GRADIENTS = 256,  /* gradients of single training examples */
    ER_NEEDS_PERTURBED = 512,  /* the network at many weights around those at the end, on the training set */
    ER_NEEDS_KERNEL = 1024     /* the kernel matrix of some training examples */
};

/* What computing takes, dearest part first. */
enum er_measure_cost {
    ER_COST_MODEL,   /* next to nothing */
    ER_COST_WEIGHTS, /* a look, or some dozens, at all weights */
    ER_COST_PASS,    /* forward passes over the training set */
    ER_COST_TRAINING /* as long as a training, some dozens of gradients of all examples, or longer */
};

/* Changes of the parameters that leave the function of a network as it is, as bits. A measure has the bit of a change
 * that leaves it as it is too, up to rounding and, of a bound, the price of its grid; what is estimated with random
 * numbers of its own moves with any. The same change is made to the weights at the end, the initial ones and those
 * after the first epoch (tests/measures/invariances.c). The first two are of relu networks without biases. */
enum er_invariance {
    ER_INVARIANT_UNIT_SCALE = 1,  /* what goes into hidden unit j times c_j > 0, what leaves it over c_j */
    ER_INVARIANT_LAYER_SCALE = 2, /* all of a matrix times c > 0, all of the next one over c */
    ER_INVARIANT_PERMUTATION = 4, /* hidden units change places */
    ER_INVARIANT_BATCH_NORM = 8,  /* what batch norm scales anyway: the weights before it, with its moments */
    ER_INVARIANT_ALL = 15         /* what depends on the function alone, or on the model */
};

/* Whose error on new examples is at most the value, with probability >= 1 - ER_MEASURE_DELTA. */
enum er_guarantee {
    ER_GUARANTEE_NONE,    /* nobody's: a measure without a guarantee */
    ER_GUARANTEE_NETWORK, /* that of the network */
    ER_GUARANTEE_STOCHASTIC /* that of a stochastic network around it, as the measure says; not of the network's */
};

struct er_measure {
    const char *name;   /* column and word: "vc_bound" */
    const char *title;  /* for people: "VC bound" */
    const char *unit;   /* "" for a pure number */
    const char *help;   /* a line, with the formula or its shape */
    const char *source; /* paper and theorem */
    bool logarithmic;   /* better seen on a log axis */
    enum er_guarantee guarantee;
    int direction; /* +1: a larger value predicts a larger gap; -1: the opposite */

    /* Whether a bound has it over the number of training examples, or its logarithm: how er_rank() compares networks that were
     * trained on different numbers. Of direction +1 where it is not ER_RANK_AS_IS. */
    enum er_rank_scale scale;
    const char *family; /* a word for measures that belong together: "norms" */
    int version; /* of what it computes: part of a run's key where above 0; raised when its values change */
    unsigned invariant; /* bits of enum er_invariance */
    unsigned needs;     /* bits of enum er_measure_need */
    enum er_measure_cost cost;
    /* Called by er_measure_compute(). Leaves *out untouched on failure. */
    enum er_status (*compute)(struct er_measured_run *run, double *out, struct er_error *err);
    /* Of a guarantee for the stochastic network: called by er_measure_test_error(), likewise. */
    enum er_status (*test_error)(struct er_measured_run *run, double *out, struct er_error *err);
    /* Bytes that computing it takes of m examples on one thread, about, beside what its needs tell; NULL: next to none. */
    double (*bytes)(const struct er_net *net, int64_t m);
};

/** All measures in the order of measures.def; *n of them. Static. */
ER_API const struct er_measure *const *er_measure_list(int64_t *n);

/** The measure called `name`, or NULL. */
ER_API const struct er_measure *er_measure_find(const char *name);

/** How a ranking takes the column `name`, as er_rank_direction (<ermine/rank_file.h>): the direction of the measure of that name,
 * and its scale; 0 of no measure; ER_RANK_BESIDE of one that is computed from the test set. */
ER_API int er_measure_direction(const char *name, enum er_rank_scale *scale);

/** What a bit of er_measure.needs, and a cost, are called: "weights", "perturbed", "training". NULL for a bit that is
 * none. Static. */
ER_API const char *er_measure_need_name(unsigned need);
ER_API const char *er_measure_cost_name(enum er_measure_cost cost);

/** The measure of the first word of *words, which is moved behind that word; NULL when there is none. `words` are names of
 * measures with blanks between, as the key `measures` of a study holds them; others are passed over. */
ER_API const struct er_measure *er_measure_next(const char **words);

/* The records of a training: n of them, in order. */
struct er_course {
    int64_t n;
    const int64_t *step;      /* updates so far */
    const double *train_loss; /* mean over the training set, in evaluation */
};

/* What is known of a run. Everything is borrowed until er_measured_run_free(); what is not known is NULL, or NaN.
 * The net must be given. */
struct er_measured {
    const struct er_net *net;
    const float *w, *statistics;                 /* at the end: P, and S (NULL where S is 0) */
    const float *initial_w, *initial_statistics; /* before the first step, likewise */
    const struct er_dataset *train, *test;
    double train_error, test_error; /* of the network at the end, where already known; NaN: to be measured */
    const float *first_epoch_w, *first_epoch_statistics; /* after the first epoch, likewise */
    const struct er_course *course;
    uint64_t seed; /* of what measures draw: perturbations, mixtures, probes */
};

/**
 * A context for computing measures. What several of them use (outputs, margins, norms of layers) is computed when
 * first asked for and kept.
 *
 * @param pool  for passes over data; NULL: the caller's thread alone. Not to be in use by others during a call.
 * Errors: ER_E_SHAPE, ER_E_INPUT (inputs, classes or labels of a set do not fit the net), ER_E_USAGE (a set
 * without examples; statistics missing), ER_E_NOMEM.
 * Threads: one caller at a time. Memory: n (outputs + 1) numbers, and seven copies of the weights in float64 at most; for measures
 * by derivatives er_derivatives_bytes() and 24 copies of the weights; for those by gradients of single examples or kernels up to
 * 2^28 bytes or 128 copies of the weights, and for relative flatness what comes into the last layer from all examples.
 */
ER_API enum er_status er_measured_run_new(const struct er_measured *what, struct er_pool *pool,
                                          struct er_measured_run **out, struct er_error *err);
ER_API void er_measured_run_free(struct er_measured_run *run);

/**
 * *out = the measure of a run: finite. The same bits for any number of threads.
 *
 * Errors: ER_E_UNSUPPORTED (not defined for this net or run; the message says why: a layer that the theorem does
 * not cover, something that the measure needs and the run has not, no example that is predicted rightly),
 * ER_E_NONFINITE (a weight, or the value itself, is not finite), ER_E_NOMEM. *out is untouched then.
 */
ER_API enum er_status er_measure_compute(const struct er_measure *measure, struct er_measured_run *run,
                                         double *out, struct er_error *err);

/* Networks that are drawn to measure the error of a stochastic one. */
#define ER_MEASURE_TEST_DRAWS 1000

/**
 * *out = the error on the test set of that which the measure's guarantee is about, to be held against its value: of the
 * network, or of its stochastic network, then by ER_MEASURE_TEST_DRAWS draws of it and of
 * 16 examples each.
 *
 * Errors: as er_measure_compute(); ER_E_UNSUPPORTED for a measure without a guarantee and a run without a test set.
 */
ER_API enum er_status er_measure_test_error(const struct er_measure *measure, struct er_measured_run *run,
                                            double *out, struct er_error *err);

#endif
