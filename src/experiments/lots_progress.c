/* lots_progress.c - reports of a lot -> reports of all runs. */
#include "experiments/lots_progress.h"

static void on_report(void *ctx, const struct er_progress_report *report)
{
    struct er_lots_progress *p = ctx;
    const double share = (double)p->runs / (double)p->trainings;
    const struct er_progress_report whole = {.what = p->what,
                                             .unit = "runs",
                                             .done = ((double)p->before + report->done) * share,
                                             .total = (double)p->runs,
                                             .epochs = p->epochs + report->epochs,
                                             .flops = p->flops + report->flops};
    p->last = *report;
    if (p->caller && p->caller->report) p->caller->report(p->caller->ctx, &whole);
}

struct er_progress er_lots_progress_part(struct er_lots_progress *p)
{
    return (struct er_progress){.report = on_report, .ctx = p, .stop = p->caller ? p->caller->stop : NULL};
}

void er_lots_progress_next(struct er_lots_progress *p, int64_t trainings)
{
    p->before += trainings;
    p->epochs += p->last.epochs;
    p->flops += p->last.flops;
    p->last = (struct er_progress_report){0};
}
