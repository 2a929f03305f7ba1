/* <ermine/minima.h> - samplers: ways to come by weights that fit a training set without a mistake.
 *
 * S the training set, T the test set, w weights of one net. What is called a minimum is where a sampler stopped;
 * it is interpolating if its training error on S is 0. Samplers differ in how w is reached, and so in which of the
 * many interpolating minima they find; net and data are the caller's, and the same for all of them. So is the rule
 * that stops (spec.stop) for samplers that train; pattern and greedy end by its training error and loss, at any step;
 * guess and prior end when they have what they were asked for, whatever it says, and so does langevin, which takes
 * spec.optimiser.rate and weight_decay and nothing else of spec, and no augmentation. All numbers of a minimum are
 * measured at its weights, in evaluation, on S and T alone, whatever else it was trained on:
 *
 *     margin             min over S of  f_y - max_{j != y} f_j  (one output: f for label 1, -f for label 0),
 *                        divided by prod_l ||W_l||_F over the layers with weights, biases not counted; NaN where an
 *                        output is
 *     normalised_loss    mean loss over S of the outputs divided by prod_l (||W_l||_F / 3)
 *     norm, distance     ||w||_2; ||w - w_0||_2 from where the sampler began
 *
 * The factor 3 is that of P. Chiang, R. Ni, D. Y. Miller, A. Bansal, J. Geiping, M. Goldblum and T. Goldstein,
 * "Loss landscapes are all you need", ICLR 2023, whose code divides each layer by it.
 *
 * The samplers are those of src/minima/samplers.def; src/minima/samplers/NAME.c says more of each. C classes, eta =
 * spec.optimiser.rate, lambda = spec.optimiser.weight_decay, L the mean loss over S, xi ~ N(0, I):
 *
 *     sgd          er_train() on S from initial weights of seed_initialise
 *     poison       the same on S and K = settings.poison others, labelled (true label + 1 + u) mod C, u uniform on
 *                  {0, ..., C - 2}; K = 0 is sgd, to the bit. Wu, Zhu and E, 2017; Huang et al., 2019 (there drawn anew
 *                  for each step)
 *     adversarial  first settings.copies copies of S, of whose inputs a share `drop` is 0, with labels drawn by lot, by
 *                  settings.pretrain; then S. Liu, Papailiopoulos and Achlioptas, 2019
 *     langevin     w <- w - eta (grad L(w) + lambda w) + sqrt(2 eta T) xi: for small eta the density
 *                  exp(-(L(w) + lambda |w|^2 / 2) / T). Roberts and Tweedie, 1996; Welling and Teh, ICML 2011
 *     guess        w ~ U[-scale, scale]^P until it fits S. Chiang et al., ICLR 2023, as are pattern and greedy
 *     pattern      w <- the best of w +- r e_i in blocks of 64; r, 1 at first, is halved after a pass without any
 *     greedy       w <- the best of 64 of w + r xi; r is halved after repeated failure
 *     prior        w ~ the net's initialisation until it fits S: the Bayesian posterior under the 0-1 likelihood. Mingard,
 *                  Valle-Perez, Skalse and Louis, JMLR 2021
 */
#ifndef ERMINE_MINIMA_H
#define ERMINE_MINIMA_H

#include <ermine/train.h>

struct er_sampler;

/* A sampler for people. Static. */
struct er_sampler_info {
    const char *name, *help, *source;
    bool trains; /* by er_train(): one minimum a request, and the training specification counts */
};
/** Describes sampler i, in the order of samplers.def. False when there is none. */
ER_API bool er_sampler_describe(int64_t i, struct er_sampler_info *out);

/** The sampler called `name`, or NULL. */
ER_API const struct er_sampler *er_sampler_find(const char *name);

/* What is to become small in a search without gradients. */
enum er_objective {
    ER_OBJECTIVE_LOSS,      /* the mean loss over S */
    ER_OBJECTIVE_NORMALISED /* normalised_loss: scaling the weights up does not lower it */
};

/* What a sampler may be told besides. */
struct er_minima_settings {
    int64_t poison;       /* poison: examples with wrong labels that are learnt beside S; at most others->n */
    uint64_t seed_poison; /* of these labels */

    int64_t copies;                /* adversarial: of S with random labels, learnt before; >= 1 */
    double drop;                   /* share of the values of their inputs that are 0, in [0, 1] */
    struct er_train_spec pretrain; /* how they are learnt */

    int64_t draws; /* guess, prior, pattern, greedy: how many weights are looked at, at most; 1..2^40 */
    int64_t most;  /* guess, prior: after so many minima the search ends; 1..10^7 */
    double scale;  /* guess, pattern, greedy: weights and biases are drawn on [-scale, scale]; above 0 */
    enum er_objective objective; /* pattern, greedy */
    double radius;               /* pattern, greedy: the search ends when its steps are shorter; above 0 */
    struct er_langevin {
        double temperature;          /* T >= 0 */
        int64_t burn, thin, samples; /* steps before, steps between, how often it is looked at */
    } langevin;
};

/* One search. Everything is borrowed. */
struct er_minimum_request {
    const struct er_sampler *sampler;
    const struct er_net *net;
    const struct er_dataset *train, *test; /* S, T; test may be NULL */
    const struct er_dataset *others; /* further examples of the source of S, in neither set; NULL: none */
    struct er_train_spec spec;
    struct er_augment augment;
    uint64_t seed_initialise,
        seed_batches; /* as in struct er_member; draws without training are by the first */
    struct er_minima_settings settings;
};

/* A minimum. Borrowed for the call that hands it over. */
struct er_minimum {
    int64_t number, tried;   /* of this request: from 0; how many weights had been looked at by then */
    const float *w;          /* P; NULL for one of a walk (langevin) that was found before an interruption */
    const float *statistics; /* S running statistics; NULL where there are none */
    const float *initial;    /* P: where the sampler began; NULL for one that begins nowhere */
    bool interpolates;
    double train_loss, train_error, test_loss, test_error; /* on S and T; NaN without T */
    double margin, normalised_loss, norm,
        distance;          /* NaN where not defined: a net without layers with weights */
    int64_t epochs, steps; /* of training; 0 for a sampler that does not train */
};

/* How a request ended. */
struct er_minima_result {
    const char *outcome; /* why: the words of er_stop_reason_text(), or a sampler's own */
    const char *cause;   /* a line for people: of a divergence; "" */
    int64_t tried, found;
    double seconds;
};

/* What the caller hears of requests: calls may come from any worker, also at the same time for different ones. */
struct er_minima_events {
    void *ctx;
    /* As in struct er_train_events. NULL: start all afresh. */
    enum er_status (*begin)(void *ctx, int64_t request, bool *skip, const void **state, size_t *bytes,
                            struct er_error *err);
    enum er_status (*checkpoint)(void *ctx, int64_t request, const void *state, size_t bytes,
                                 struct er_error *err);
    /* After each record of a request that trains, as in struct er_train_events. */
    enum er_status (*record)(void *ctx, int64_t request, const struct er_curve_point *point,
                             const struct er_kept *at, struct er_error *err);
    /* A minimum was found. A trained network is handed over wherever its training ended, unless it diverged, and so is
     * where a search (pattern, greedy) ended: `interpolates` says whether it is one that counts. A request that goes
     * on from a checkpoint hands over all that it found before, from number 0. */
    enum er_status (*found)(void *ctx, int64_t request, const struct er_minimum *minimum,
                            struct er_error *err);
    enum er_status (*end)(void *ctx, int64_t request, const struct er_minima_result *result,
                          struct er_error *err);
    double checkpoint_seconds;
    size_t memory; /* as in struct er_train_events */
};

/**
 * Answers n requests on the pool. Those of samplers that train are trained side by side, like any members; guess and
 * prior have all threads for one request after the other, pattern, greedy and langevin one thread each. All offer
 * checkpoints, and go on from them to the bit, on any number of threads.
 * Results are a function of each request alone: the same bits for any threads and companions.
 *
 * Errors, with the request's number: ER_E_USAGE (a setting out of range, or one that needs `others`), those of
 * er_train(), ER_E_NOMEM, ER_E_STOPPED (what had begun was offered to `checkpoint`), and whatever an event
 * returned. Memory: er_train()'s.
 */
ER_API enum er_status er_minima_find(const struct er_minimum_request *request, int64_t n,
                                     struct er_pool *pool, const struct er_progress *progress,
                                     const struct er_minima_events *events, struct er_error *err);

#endif
