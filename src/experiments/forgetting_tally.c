/* forgetting_tally.c - see forgetting_tally.h. */
#include "experiments/forgetting_tally.h"

#include "minima/sampler.h"

#include <ermine/memory.h>
#include <inttypes.h>
#include <math.h>

enum er_status er_tally_new(int64_t n, int64_t outputs, const int32_t *label, const int32_t *truth,
                            struct er_tally *out, struct er_error *err)
{
    struct er_tally t = {.n = n,
                         .outputs = outputs,
                         .label = label,
                         .truth = truth,
                         .right = er_alloc(n, sizeof *t.right),
                         .events = er_alloc(n, sizeof *t.events),
                         .learnt = er_alloc(n, sizeof *t.learnt)};
    if (!t.right || !t.events || !t.learnt) {
        er_tally_clear(&t);
        return er_fail(err, ER_E_NOMEM, "forgetting: out of memory for %" PRId64 " examples", n);
    }
    for (int64_t i = 0; i < n; i++) {
        t.learnt[i] = (double)NAN;
        t.noisy += label[i] != truth[i];
    }
    *out = t;
    return ER_OK;
}

void er_tally_clear(struct er_tally *tally)
{
    er_free(tally->right);
    er_free(tally->events);
    er_free(tally->learnt);
    *tally = (struct er_tally){0};
}

static double share(int64_t part, int64_t of)
{
    return of > 0 ? (double)part / (double)of : (double)NAN;
}

struct er_tally_record er_tally_add(struct er_tally *t, double epoch, const float *output)
{
    int64_t clean = 0, noisy = 0, as_true = 0;
    double least = (double)INFINITY;
    for (int64_t i = 0; i < t->n; i++) {
        const float *f = output + i * t->outputs;
        const double m = er_minimum_row_margin(f, t->outputs, t->label[i]);
        const bool right = m > 0, is_noisy = t->label[i] != t->truth[i];
        least = er_minimum_least(least, m);
        if (right && isnan(t->learnt[i])) t->learnt[i] = epoch;
        t->events[i] += t->records > 0 && t->right[i] && !right;
        t->right[i] = right;
        clean += right && !is_noisy;
        noisy += right && is_noisy;
        as_true += is_noisy && er_minimum_row_margin(f, t->outputs, t->truth[i]) > 0;
    }
    t->records++;
    return (struct er_tally_record){.clean_fit = share(clean, t->n - t->noisy),
                                    .noisy_fit = share(noisy, t->noisy),
                                    .noisy_true = share(as_true, t->noisy),
                                    .margin = least};
}

struct er_tally_summary er_tally_sum(const struct er_tally *t, bool noisy)
{
    int64_t examples = 0, learnt = 0, events = 0, never = 0;
    double epochs = 0;
    for (int64_t i = 0; i < t->n; i++) {
        if ((t->label[i] != t->truth[i]) != noisy) continue;
        examples++;
        events += t->events[i];
        if (isnan(t->learnt[i])) continue;
        learnt++;
        epochs += t->learnt[i];
        never += t->events[i] == 0;
    }
    return (struct er_tally_summary){.learnt = learnt > 0 ? epochs / (double)learnt : (double)NAN,
                                     .forgotten = share(events, examples),
                                     .never_forgotten = share(never, examples)};
}
