/* <ermine/paths.h> - paths between two networks of one net, and permutations of hidden units that bring the
 * two together.
 *
 * A path phi(t), t in [0, 1], leads from A = phi(0) to B = phi(1) through the space of all P parameters:
 *
 *     line      (1 - t) A + t B
 *     bezier    (1 - t)^2 A + 2 t (1 - t) C + t^2 B                     C: the bend, P floats
 *     chain     A to C in straight line for t <= 1/2, then C to B
 *
 * With L the mean loss over a set, the barrier of a path is
 *
 *     max over t of   L(phi(t)) - ((1 - t) L(A) + t L(B))
 *
 * at the t that are looked at: 0 or more, since t = 0 is one of them. Sources: Goodfellow, Vinyals and Saxe,
 * "Qualitatively characterizing neural network optimization problems", ICLR 2015 (the line); Garipov,
 * Izmailov, Podoprikhin, Vetrov and Wilson, "Loss surfaces, mode connectivity, and fast ensembling of DNNs",
 * NeurIPS 2018, equations 1 to 4 (curves); Frankle, Dziugaite, Roy and Carbin, ICML 2020 (the barrier; there
 * from the mean of the two ends). Well known; written from the formulas.
 *
 * Batch norm's running moments belong to weights: in between they are those of no network. They are measured
 * anew at every t (er_statistics_measure()), at the ends too.
 */
#ifndef ERMINE_PATHS_H
#define ERMINE_PATHS_H

#include <ermine/net.h>
#include <ermine/pool.h>
#include <ermine/progress.h>

/* --- paths ---------------------------------------------------------------------------------------------- */

enum er_path_kind { ER_PATH_LINE, ER_PATH_BEZIER, ER_PATH_CHAIN };

/** "line", "bezier", "chain". */
ER_API const char *er_path_kind_text(enum er_path_kind kind);

/* A path. All is borrowed. */
struct er_path {
    enum er_path_kind kind;
    const float *a, *b; /* P */
    const float *bend;  /* C, P floats; unused by a line */
};

/** w (P) = phi(t), each number computed in double and rounded once: phi(0) = A and phi(1) = B to the bit (but -0
 * becomes 0), and between equal A, B (and C) nothing moves. w may be none of the three. t in [0, 1]. Any thread. */
ER_API void er_path_at(const struct er_path *path, int64_t P, double t, float *w);

/* How a bend is trained. */
struct er_path_training {
    double rate;   /* of Adam, beta1 .9, beta2 .999, eps 1e-8; > 0 */
    int64_t steps; /* >= 1 */
    int64_t batch; /* examples a step, >= 1; as many as there are when that is fewer */
    uint64_t seed; /* of the batches, of the t, and of dropout */
};

/** Garipov's curve at the size of this laboratory: rate 3e-3, 1500 steps, batch 100, seed 0. */
ER_API struct er_path_training er_path_training_default(void);

/**
 * Trains the bend: bend (P) = argmin over C of E_{t ~ U(0, 1)} L(phi(t)), by one batch and one t a step. Starts
 * from (A + B) / 2, where a Bezier curve and a chain are the line. With c(t) = d phi / d C, a step's gradient is
 *
 *     c(t) (gradient of the mean loss over the batch at phi(t))     c = 2 t (1 - t);  chain: min(2 t, 2 - 2 t)
 *
 * The network is in training: batch norm by the moments of the batch, dropout drawn. Batches go through the
 * examples in an order of each epoch's own; the last of an epoch may be short.
 *
 * @param path  its kind (ER_E_USAGE for a line, which has nothing to train), a and b; its bend is not read.
 * @param bend  undefined on failure.
 * @param progress  only its `stop` is looked at, after every step.
 * Errors: ER_E_USAGE (a field out of range, with its bound; no examples), ER_E_SHAPE, ER_E_INPUT (the data
 * are not the net's), ER_E_NONFINITE (the loss is, with the step), ER_E_STOPPED, ER_E_NOMEM. Cost: steps
 * gradients of one batch; memory 5 P floats and a plan's scratch. One thread; any number of calls at once. The
 * same arguments give the same bits.
 */
ER_API enum er_status er_path_train(const struct er_net *net, const struct er_path *path,
                                    const struct er_dataset *set, const struct er_path_training *training,
                                    const struct er_progress *progress, float *bend, struct er_error *err);

/* A place on a path, measured over whole sets; test_*: NaN without a test set. */
struct er_path_point {
    double t, train_loss, train_error, test_loss, test_error; /* losses are means, errors shares of 1 */
};

/**
 * Measures a path at t_i = i / (n - 1), i = 0 .. n-1, running statistics of the training set of their own at
 * each.
 *
 * @param n     2 .. 4096.
 * @param test  NULL: none.
 * @param pool  NULL: the caller's thread alone. Each thread takes places of its own: the same bits for any
 * number.
 * @param out   n places; undefined on failure.
 * Errors: ER_E_USAGE (n), those of er_network_measure(), ER_E_STOPPED. A loss that is not finite is a result.
 * Cost: a forward pass over both sets for each place, with batch norm another one over the training set;
 * memory for each thread: P floats and a plan's scratch.
 */
ER_API enum er_status er_path_measure(const struct er_net *net, const struct er_path *path,
                                      const struct er_dataset *train, const struct er_dataset *test,
                                      int64_t n, struct er_pool *pool, const struct er_progress *progress,
                                      struct er_path_point *out, struct er_error *err);

/* What a barrier is taken of. */
enum er_path_value { ER_PATH_TRAIN_LOSS, ER_PATH_TRAIN_ERROR, ER_PATH_TEST_LOSS, ER_PATH_TEST_ERROR };

/** The barrier of n >= 2 measured places, the first of which is t = 0 and the last t = 1: exactly 0 between
 * equal values, NaN where a value is NaN. */
ER_API double er_path_barrier(const struct er_path_point *point, int64_t n, enum er_path_value of);

/** The largest value of n places; NaN where one is NaN. */
ER_API double er_path_most(const struct er_path_point *point, int64_t n, enum er_path_value of);

/* --- running statistics ---------------------------------------------------------------------------------- */

/**
 * Measures the running moments that weights w would have after training had stood still there: out (S) = for
 * each batch norm the mean and the variance (unbiased, as training keeps it) of its input over all examples and
 * pixels, the layers before it normalised by the moments of batches of er_net chunk size (16 to 512, the order
 * of the data). One batch's moments are exact; of several, the mean and the variance between batches are
 * pooled exactly. A net without statistics: nothing is done.
 *
 * @param w  P; @param out  S, undefined on failure.
 * Errors: ER_E_USAGE (no examples), ER_E_SHAPE, ER_E_NOMEM; ER_E_UNSUPPORTED for a batch norm of momentum 0,
 * which never measures anything. Cost: one forward pass. Any thread. Source: "Loss surfaces, mode
 * connectivity", appendix A.2 (moments recomputed on the training set).
 */
ER_API enum er_status er_statistics_measure(const struct er_net *net, const float *w,
                                            const struct er_dataset *set, float *out, struct er_error *err);

/* --- two networks on the same examples -------------------------------------------------------------------- */

struct er_networks_difference {
    double
        disagreement; /* share of examples for which they predict different classes: the largest output, the first
                            of equal ones; of a single output its sign */
    double outputs; /* the largest |difference| of an output; NaN where one is not a number */
};

/** Compares two networks of one net over a set (its labels do not count). Errors: those of er_network_measure().
 * Cost: two forward passes. Any thread. */
ER_API enum er_status er_networks_differ(const struct er_net *net, const struct er_network *a,
                                         const struct er_network *b, const struct er_dataset *set,
                                         struct er_networks_difference *out, struct er_error *err);

/* --- hidden units ----------------------------------------------------------------------------------------- */

/* A layer of hidden units is what a dense layer or a convolution gives (units: outputs, channels), the last
 * one's excepted. Units of a layer may change places if what comes in and what goes out goes with them: the
 * columns and biases of the layer itself, the parameters and statistics of norms behind it, the rows of the next
 * one (all pixels of a channel, where an image was flattened). The function stays the same.
 *
 * U units in all L layers. A permutation is one array of U: for each layer, in their order, its n units;
 * permutation[i] is the old place, 0..n-1, of the unit that comes to place i of its layer. */

/** *units = U, and *layers = L (either may be NULL). ER_E_UNSUPPORTED names the layer for which units have no
 * place to change to: a join (branches tie their units), convolution in groups, lrn (whose windows go by the
 * order of channels). ER_E_NOMEM. */
ER_API enum er_status er_net_units(const struct er_net *net, int64_t *layers, int64_t *units,
                                   struct er_error *err);

/**
 * Moves hidden units: out = network w with its units at the places of `permutation`. Values are moved, never
 * computed with.
 *
 * @param w, out                          P, not overlapping.
 * @param statistics, statistics_out      S; NULL where S is 0.
 * Errors: as er_net_units(); ER_E_USAGE for an array that is no permutation, with layer and place. Cost: one
 * pass. Invariant: outputs stay, to the order of sums (tests/landscape/align.c).
 */
ER_API enum er_status er_net_permute(const struct er_net *net, const int64_t *permutation, const float *w,
                                     const float *statistics, float *out, float *statistics_out,
                                     struct er_error *err);

/* What an alignment came to. */
struct er_alignment {
    int64_t sweeps;       /* over all layers, the last one of which changed nothing */
    int64_t moved;        /* units whose place changed */
    double before, after; /* <A, B> and <A, pi B>, sums over all parameters that touch hidden units */
};

/** *bytes = what er_net_align() takes for a net, nearly: known before there are weights to align. Errors: those of
 * er_net_units(). */
ER_API enum er_status er_net_align_bytes(const struct er_net *net, double *bytes, struct er_error *err);

/**
 * Weight matching: the permutation pi of B's hidden units that brings B near A,
 *
 *     max over pi of <A, pi B> = min over pi of |A - pi B|^2,
 *
 * by coordinate ascent. For one layer, the others as they stand, this is a linear assignment problem: its gains
 * are G = sum over all parameters that touch the layer of A_(unit, rest) B_(unit, rest)', for an inner layer k of
 * dense ones
 *
 *     G = W_k^A' (pi_(k-1) W_k^B) + beta_k^A beta_k^B' + W_(k+1)^A (W_(k+1)^B pi_(k+1))'
 *
 * and is solved exactly. Layers are visited in random order until a sweep changes nothing. The result is a local
 * maximum; for one hidden layer the global one. Norms' parameters count, running statistics only move along.
 *
 * @param a, b         P parameters.
 * @param seed         of the order of layers.
 * @param permutation  U places; starts as the identity.
 * @param progress     only its `stop` is looked at, between layers.
 * Errors: as er_net_units(), ER_E_NONFINITE (a weight), ER_E_STOPPED, ER_E_NOMEM. Cost: in each sweep, for each
 * layer of n units, 2 n flops for each parameter that touches it and O(n^3) for the assignment, in float64; parameters
 * between a layer and what stays (inputs, outputs) only once. Memory: 8 n^2 bytes for each layer, and 16
 * bytes for each parameter of the largest tensor. One thread; any number of calls at once.
 * Source: Ainsworth, Hayase and Srinivasa, "Git Re-Basin: merging models modulo permutation symmetries", ICLR
 * 2023, section 3.2 and algorithm 1.
 */
ER_API enum er_status er_net_align(const struct er_net *net, const float *a, const float *b, uint64_t seed,
                                   const struct er_progress *progress, int64_t *permutation,
                                   struct er_alignment *out, struct er_error *err);

#endif
