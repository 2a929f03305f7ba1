/* schedule.c - the learning rate over time, as a factor of the rate given.
 *
 *     constant   1
 *     step       factor ^ floor(e / every)
 *     cosine     floor + (1 - floor) (1 + cos(pi e / E)) / 2
 *
 * During a warm-up of W epochs the factor is e / W (the trainer asks for the end of each step, so that the
 * first is not wasted); afterwards the above hold with e and E counted from the end of the warm-up. Sources:
 * Loshchilov and Hutter, "SGDR", ICLR 2017, eq. 5 with one cycle; Goyal et al. 2017, section 2.2 (gradual
 * warm-up).
 */
#include "train/schedule.h"

#include <math.h>

double er_schedule_factor(const struct er_schedule *s, double epoch, double epochs)
{
    if (epoch < s->warm_up) return epoch / s->warm_up;
    const double e = epoch - s->warm_up, E = epochs - s->warm_up;
    if (e <= 0) return 1; /* also where the warm-up lasts to the end */
    switch (s->kind) {
    case ER_SCHEDULE_STEP:
        return pow(s->factor, floor(e / s->every));
    case ER_SCHEDULE_COSINE:
        return e < E ? s->floor + (1 - s->floor) * (1 + cos(acos(-1) * e / E)) / 2 : s->floor;
    case ER_SCHEDULE_CONSTANT:
        break;
    }
    return 1;
}
