/* noise_wells.h - a periodic loss of one number with a narrow and a wide well, and what theory says of its occupancy.
 *
 *     [-narrow, 0]   L = depth - (depth + deeper) (1 - cos(2 pi x / narrow)) / 2        least -deeper in the middle
 *     [0, wide]      L = depth - depth (1 - cos(2 pi x / wide)) / 2                     least 0 in the middle
 *
 * with period narrow + wide: the two barriers between the wells have the height `depth`. At temperature T
 *
 *     p(x) ~ exp(-L(x) / T)                        stationary; with deeper = 0 the wide well holds the share
 *                                                  wide / (narrow + wide) at every T
 *     dp_wide/dt = k (p_stationary - p_wide)       how it is approached, for depth >> T (Kramers):
 *     k = 2 T (1 / Z_narrow + 1 / Z_wide) / B,     Z = integral of exp(-L / T) over a well,
 *                                                  B = integral of exp(L / T) from one bottom to the other
 *
 * Source: Kramers, "Brownian motion in a field of force", Physica 1940; in this form Hanggi, Talkner and Borkovec, Rev. Mod.
 * Phys. 1990, section IV.
 */
#ifndef ERMINE_EXPERIMENTS_NOISE_WELLS_H
#define ERMINE_EXPERIMENTS_NOISE_WELLS_H

#include <ermine/progress.h>

struct er_wells {
    double narrow, wide; /* widths, above 0 */
    double depth;        /* of the wide well, above 0 */
    double deeper;       /* by which the narrow one is deeper, >= 0 */
};

/* L and L' at x in [-narrow, wide]. */
double er_wells_loss(const struct er_wells *wells, double x);
double er_wells_slope(const struct er_wells *wells, double x);

/* The place in [-narrow, wide) of any x. */
double er_wells_fold(const struct er_wells *wells, double x);

/* The stationary share of the wide well at T > 0, and k, by Simpson's rule. */
struct er_wells_theory {
    double wide, rate;
    double sum; /* integral of exp(-(L + deeper) / T) over a period */
};
struct er_wells_theory er_wells_theory(const struct er_wells *wells, double temperature);

/* The mean share of the wide well between the times a < b after all began in the narrow one. */
double er_wells_share(const struct er_wells_theory *theory, double a, double b);

#endif
