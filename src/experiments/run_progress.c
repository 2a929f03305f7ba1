/* run_progress.c - flops of parts -> share of runs. */
#include "experiments/run_progress.h"

void er_run_progress_begin_together(struct er_run_progress *p, int64_t runs, double total)
{
    p->before = p->latest = 0;
    p->total = total;
    p->together = runs;
}

void er_run_progress_begin(struct er_run_progress *p, double total)
{
    er_run_progress_begin_together(p, 1, total);
}

static void report(const struct er_run_progress *p, double share)
{
    const struct er_progress_report whole = {.what = p->what,
                                             .unit = "runs",
                                             .done = (double)p->run + (double)p->together * share,
                                             .total = (double)p->runs,
                                             .flops = p->flops + p->before + p->latest};
    if (p->caller && p->caller->report) p->caller->report(p->caller->ctx, &whole);
}

static void on_report(void *ctx, const struct er_progress_report *part)
{
    struct er_run_progress *p = ctx;
    if (part->done < p->latest) p->before += p->latest;
    p->latest = part->done;
    const double done = p->before + p->latest;
    report(p, done < p->total ? done / p->total : 1);
}

struct er_progress er_run_progress_part(struct er_run_progress *p)
{
    return (struct er_progress){.report = on_report, .ctx = p, .stop = p->caller ? p->caller->stop : NULL};
}

void er_run_progress_end(struct er_run_progress *p)
{
    p->flops += p->before + p->latest;
    p->before = p->latest = 0;
    p->run += p->together > 1 ? p->together : 1;
    p->together = 0;
    report(p, 0);
}
