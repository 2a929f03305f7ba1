/* Learning rates at points where the formulas give them exactly. */
#include "t.h"

#include "train/schedule.h"

int main(void)
{
    struct er_schedule s = {.kind = ER_SCHEDULE_CONSTANT};
    T_CLOSE(er_schedule_factor(&s, 12.3, 50), 1, 0, "constant");

    s = (struct er_schedule){.kind = ER_SCHEDULE_STEP, .factor = 0.5, .every = 10};
    T_CLOSE(er_schedule_factor(&s, 9.99, 50), 1, 0, "before the first step");
    T_CLOSE(er_schedule_factor(&s, 10, 50), 0.5, 0, "at it");
    T_CLOSE(er_schedule_factor(&s, 49.9, 50), 0.0625, 0, "after four");
    s = (struct er_schedule){.kind = ER_SCHEDULE_STEP, .factor = 0.95, .every = 1};
    T_CLOSE(er_schedule_factor(&s, 100.5, 200), pow(0.95, 100), 1e-15, "Zhang et al.: .95 an epoch");

    s = (struct er_schedule){.kind = ER_SCHEDULE_COSINE, .floor = 0.1};
    T_CLOSE(er_schedule_factor(&s, 0, 40), 1, 0, "cosine starts at 1");
    T_CLOSE(er_schedule_factor(&s, 20, 40), 0.55, 1e-15, "halfway");
    T_CLOSE(er_schedule_factor(&s, 40, 40), 0.1, 0, "ends at its floor");
    T_CLOSE(er_schedule_factor(&s, 41, 40), 0.1, 0, "and stays there");

    s.warm_up = 10;
    T_CLOSE(er_schedule_factor(&s, 2.5, 50), 0.25, 0, "warm-up is linear");
    T_CLOSE(er_schedule_factor(&s, 10, 50), 1, 0, "and ends at 1");
    T_CLOSE(er_schedule_factor(&s, 30, 50), 0.55, 1e-15, "then the cosine over what is left");
    T_CLOSE(er_schedule_factor(&s, 10, 10), 1, 0, "a warm-up that lasts to the end ends at 1");
    return t_done();
}
