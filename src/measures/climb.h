/* climb.h - the largest loss within a ball around the weights, looked for by normalised steps of ascent.
 *
 *     max_{|T^-1 u| <= rho} L(w + u)        T = 1, or adaptive: T = diag(|w_i|)
 *
 *     u_1 = rho T^2 g(w) / |T g(w)|         u_{k+1} = rho T^2 g(w + u_k) / |T g(w + u_k)|
 *
 * where g is the gradient: each step goes to the point of the ball's boundary where the loss, linear as it
 * looks from where one is, is largest. Of a convex loss the values rise from step to step, of a quadratic one
 * to the maximum as in the power method; in general the largest loss met is a lower bound. Where g(w) = 0 it
 * begins in a random direction.
 *
 * Source: Foret, Kleiner, Mobahi and Neyshabur, "Sharpness-aware minimization", ICLR 2021, eq. 2 (u_1); Kwon,
 * Kim, Park and Choi, "ASAM", ICML 2021, eq. 6 (the adaptive one). More than one step: ours.
 */
#ifndef ERMINE_MEASURES_CLIMB_H
#define ERMINE_MEASURES_CLIMB_H

#include <ermine/status.h>
#include <stdbool.h>

/* A loss of P parameters; `gradient` writes g (P) and *loss at w (P). */
struct er_hill {
    int64_t P;
    void *ctx;
    enum er_status (*gradient)(void *ctx, const float *w, float *g, double *loss, struct er_error *err);
};

struct er_climb {
    double rho; /* > 0 */
    bool adaptive;
    int steps;             /* >= 1: gradients beside the first */
    uint64_t seed, stream; /* of the random direction */
};

struct er_climbed {
    double start, first, most; /* L(w); L(w + u_1); the largest of all, L(w) among them */
    bool stationary;           /* g(w) = 0: u_1 is of a random direction */
};

/* room: 2 P floats. ER_E_NONFINITE (a loss or gradient), ER_E_UNSUPPORTED (adaptive, and all weights 0), those
 * of `gradient`. */
enum er_status er_climb(const struct er_hill *hill, const struct er_climb *how, const float *w, float *room,
                        struct er_climbed *out, struct er_error *err);

#endif
