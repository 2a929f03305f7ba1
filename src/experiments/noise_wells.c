/* noise_wells.c - see noise_wells.h. */
#include "experiments/noise_wells.h"

#include <math.h>

enum { PIECES = 4096 }; /* of Simpson's rule in a well; even */

double er_wells_loss(const struct er_wells *w, double x)
{
    const double width = x < 0 ? w->narrow : w->wide, fall = x < 0 ? w->depth + w->deeper : w->depth;
    return w->depth - fall * (1 - cos(2 * M_PI * x / width)) / 2;
}

double er_wells_slope(const struct er_wells *w, double x)
{
    const double width = x < 0 ? w->narrow : w->wide, fall = x < 0 ? w->depth + w->deeper : w->depth;
    return -fall * M_PI / width * sin(2 * M_PI * x / width);
}

double er_wells_fold(const struct er_wells *w, double x)
{
    const double period = w->narrow + w->wide, folded = x - period * floor((x + w->narrow) / period);
    /* rounding may come to the end itself, and far away, where numbers are more than a period apart, anywhere */
    return folded >= -w->narrow && folded < w->wide ? folded : -w->narrow;
}

/* Integral of exp(sign (L - level) / T) from a to b, on one side of 0. */
static double integral(const struct er_wells *w, double temperature, double sign, double level, double a,
                       double b)
{
    double sum = 0;
    for (int i = 0; i <= PIECES; i++) {
        const double x = a + (b - a) * i / PIECES;
        const double weight = i == 0 || i == PIECES ? 1 : i % 2 ? 4 : 2;
        sum += weight * exp(sign * (er_wells_loss(w, x) - level) / temperature);
    }
    return sum * (b - a) / PIECES / 3;
}

struct er_wells_theory er_wells_theory(const struct er_wells *w, double temperature)
{
    /* all exponents are at most 0: exp(-(L + deeper) / T) and exp((L - depth) / T) */
    const double narrow = integral(w, temperature, -1, -w->deeper, -w->narrow, 0),
                 wide = integral(w, temperature, -1, -w->deeper, 0, w->wide),
                 barrier = integral(w, temperature, 1, w->depth, -w->narrow / 2, 0) +
                           integral(w, temperature, 1, w->depth, 0, w->wide / 2);
    const double height = exp(-(w->depth + w->deeper) / temperature);
    return (struct er_wells_theory){.wide = wide / (narrow + wide),
                                    .rate = 2 * temperature * height * (1 / narrow + 1 / wide) / barrier,
                                    .sum = narrow + wide};
}

double er_wells_share(const struct er_wells_theory *theory, double a, double b)
{
    const double k = theory->rate;
    const double left = k > 0 ? exp(-k * a) * -expm1(-k * (b - a)) / (k * (b - a)) : 1;
    return theory->wide * (1 - left);
}
