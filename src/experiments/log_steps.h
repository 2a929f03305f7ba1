/* log_steps.h - steps 1 <= t <= last at which a curve is recorded: about as many in each decade.
 *
 *     t_k = round(10^(k / per_decade)) as far as they are different integers, and the last step
 */
#ifndef ERMINE_EXPERIMENTS_LOG_STEPS_H
#define ERMINE_EXPERIMENTS_LOG_STEPS_H

#include <math.h>
#include <stdint.h>

/* The first of these steps after `step` >= 0, and at most `last`, which is at least 1. */
static inline int64_t er_log_step_after(int64_t step, int64_t per_decade, int64_t last)
{
    if (step < 1) return 1;
    for (int64_t k = (int64_t)((double)per_decade * log10((double)step));; k++) {
        const double next = round(pow(10, (double)k / (double)per_decade));
        if (next > (double)step) return next < (double)last ? (int64_t)next : last;
    }
}

/* No more records than that. */
static inline int64_t er_log_steps_most(int64_t per_decade, int64_t last)
{
    return 2 + (int64_t)ceil((double)per_decade * log10((double)last));
}

#endif
