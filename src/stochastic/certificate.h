/* certificate.h - what a posterior guarantees: a bound on the error of the stochastic network.
 *
 *     ehat    mean over n draws of (a network of Q, `rows` training examples with replacement) of its share of
 *             errors on them
 *     ebar    kl^-1(ehat | ln(2 / delta') / n) >= Lhat(Q), but for probability delta'; er_pac_bayes_sampled()
 *     j       the place of the prior's variance on the grid at which KL_j and its price are least
 *     bound   kl^-1(ebar | (KL_j + ln(pi^2 j^2 / 6) + ln(2 sqrt(m) / delta)) / m), with 1 - delta - delta'
 *
 * A draw is a network with a few examples in place of all: its share of errors has the same expectation and
 * is in [0, 1] as well, which is all that ebar asks, and many more draws are had in the same time. Draws
 * must not have been looked at when Q was chosen: those of a certificate have streams of their own.
 *
 * Every step holds for exactly normal draws, of which KL is. Those of normals.h come near: radii and angles are from
 * grids of 2^23 and 2^24 points, and nothing lies beyond 5.8, where of P normal weights one does with probability
 * 8e-9 P. What that does to an expected error is not counted.
 *
 * Beside it the same numbers in the other bounds of <ermine/pac_bayes.h>: only one of them may be chosen
 * beforehand.
 *
 * Source: Langford and Caruana, "(Not) bounding the true error", NIPS 2001; Dziugaite and Roy 2017,
 * sections 3 and 4, whose released code leaves ebar out.
 */
#ifndef ERMINE_STOCHASTIC_CERTIFICATE_H
#define ERMINE_STOCHASTIC_CERTIFICATE_H

#include <ermine/net.h>
#include <ermine/pool.h>
#include <ermine/progress.h>

/* A posterior N(mean, diag deviation^2) and the mean of its prior. All borrowed. */
struct er_stochastic {
    const struct er_net *net;
    const float *mean, *deviation, *prior; /* P each */
};

/* Share of errors over draws. */
struct er_sampled_error {
    double mean;           /* ehat */
    double standard_error; /* of it as a mean of n draws */
};

struct er_sampling {
    int64_t draws; /* n >= 1 */
    int64_t rows;  /* >= 1 */
    uint64_t seed;
    bool search; /* the draws that choose a posterior, in place of those that certify it */
};

/* The error of Q on a set, by draws; the same for any number of threads. ER_E_NOMEM, ER_E_STOPPED. `pool`,
 * `progress` may be NULL; progress hears nothing and is only asked whether to stop. Memory: 2 P floats and
 * a plan's scratch a thread. */
enum er_status er_sampled_error(const struct er_stochastic *q, const struct er_dataset *set,
                                const struct er_sampling *how, struct er_pool *pool,
                                const struct er_progress *progress, struct er_sampled_error *out,
                                struct er_error *err);

/* Bytes of that for one thread. ER_E_NOMEM. */
enum er_status er_sampled_error_bytes(const struct er_net *net, int64_t rows, double *bytes,
                                      struct er_error *err);

struct er_certificate {
    double error, upper;                      /* ehat, ebar */
    double divergence, variance;              /* KL to the prior of the grid, its lambda */
    int64_t place;                            /* j */
    double bound;                             /* the certificate */
    double dziugaite_roy, classic, quadratic; /* at ebar and the same prior */
};

/* From ehat of n draws. m >= 8 examples; delta and delta' above 0, below 1 together. */
struct er_certificate er_certify(const struct er_stochastic *q, double error, int64_t draws, double m,
                                 double delta, double delta_sampling);

#endif
