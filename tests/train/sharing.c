/* How members are put on threads, and the time that they take then: small cases by hand. */
#include "t.h"

#include "train/sharing.h"

static void check_sharing(int64_t n, int threads, bool worth, int64_t at_once, int parts)
{
    const struct er_sharing s = er_sharing_of(n, threads, worth);
    T_EQ_INT(s.at_once, at_once, "%d members on %d threads, worth it %d: at once", (int)n, threads, worth);
    T_EQ_INT(s.parts, parts, "%d members on %d threads, worth it %d: threads on each", (int)n, threads,
             worth);
}

/* Three threads with memory for fewer and fewer. */
static void check_less(void)
{
    static const int at_once[] = {2, 1, 1, 1}, parts[] = {1, 3, 2, 1};
    struct er_sharing s = er_sharing_of(6, 3, true);
    T_EQ_INT(er_sharing_lot(&s, 6), 6, "all are handed to three threads");
    for (int i = 0; i < 4; i++) {
        T_OK(er_sharing_less(&s), "less, time %d", i + 1);
        T_EQ_INT(s.at_once, at_once[i], "less, time %d: at once", i + 1);
        T_EQ_INT(s.parts, parts[i], "less, time %d: threads on each", i + 1);
        T_EQ_INT(er_sharing_lot(&s, 6), i == 1 ? 6 : at_once[i], "less, time %d: handed over at a time",
                 i + 1);
    }
    T_OK(!er_sharing_less(&s), "one on one thread is the least");
}

static void check_seconds(void)
{
    static const double seconds[] = {3, 2, 2, 1, 4};
    struct er_sharing s = er_sharing_of(1, 2, false);
    T_CLOSE(er_sharing_seconds(&s, seconds, 1), 3, 0, "one that can't be shared takes its time");
    s = er_sharing_of(3, 2, false);
    T_CLOSE(er_sharing_seconds(&s, (double[]){5, 5, 5}, 3), 10, 0, "three on two threads take that of two");
    s = er_sharing_of(5, 2, false); /* 3 1, 2 2 4 */
    T_CLOSE(er_sharing_seconds(&s, seconds, 5), 8, 0, "in order, each where it is free first");
    s = er_sharing_of(5, 3, false);
    er_sharing_less(&s); /* (3, 2), (2, 1), (4) */
    T_CLOSE(er_sharing_seconds(&s, seconds, 5), 9, 0, "two at a time on three threads: lot after lot");
    T_CLOSE(er_sharing_seconds(&s, seconds, 0), 0, 0, "none take none");
}

int main(void)
{
    check_sharing(5, 2, true, 2, 1);
    check_sharing(1, 2, true, 1, 2);
    check_sharing(1, 2, false, 1, 1);
    check_sharing(3, 8, true, 3, 2);
    check_sharing(0, 4, true, 0, 1);
    check_less();
    check_seconds();
    return t_done();
}
