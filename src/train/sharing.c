/* sharing.c - members under way at a time, threads on each, and how long they take all together. */
#include "train/sharing.h"

#include <ermine/pool.h>
#include <math.h>

bool er_sharing_worth(const struct er_member *member)
{
    const double least = 4e6; /* operations of a step: some 40 microseconds */
    const int64_t batch = member->spec.optimiser.batch, all = member->train->n;
    const double rows = (double)(batch == 0 || batch > all ? all : batch);
    return er_net_gradient_flops(member->net) * rows >= least;
}

struct er_sharing er_sharing_of(int64_t n, int threads, bool worth)
{
    return (struct er_sharing){.threads = threads,
                               .at_once = n < threads ? n : threads,
                               .parts = n > 0 && n < threads && worth ? (int)(threads / n) : 1};
}

bool er_sharing_less(struct er_sharing *s)
{
    if (s->at_once > 1) {
        s->at_once--;
        s->parts = s->threads / (int)s->at_once;
        return true;
    }
    if (s->parts == 1) return false;
    s->parts--;
    return true;
}

int64_t er_sharing_lot(const struct er_sharing *s, int64_t n)
{
    const int64_t by_itself = (s->threads + s->parts - 1) / s->parts;
    return by_itself <= s->at_once ? n : s->at_once;
}

/* The time of one lot. */
static double lot_seconds(int64_t at_once, const double *seconds, int64_t n)
{
    double busy[ER_POOL_MAX_THREADS] = {0}, last = 0;
    for (int64_t i = 0; i < n; i++) {
        int64_t free = 0;
        for (int64_t place = 1; place < at_once; place++)
            if (busy[place] < busy[free]) free = place;
        busy[free] += seconds[i];
        last = fmax(last, busy[free]);
    }
    return last;
}

double er_sharing_seconds(const struct er_sharing *s, const double *seconds, int64_t n)
{
    const int64_t lot = er_sharing_lot(s, n);
    double total = 0;
    for (int64_t i = 0; i < n; i += lot)
        total += lot_seconds(s->at_once, seconds + i, n - i < lot ? n - i : lot);
    return total;
}
