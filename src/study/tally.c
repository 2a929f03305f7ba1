/* tally.c - from an experiment's reports to those of its study. */
#include "study/tally.h"

#include <stdio.h>

static double larger(double a, double b)
{
    return a > b ? a : b;
}

/* The mutex is held. */
static void report(struct er_tally *tally)
{
    double done = tally->before + tally->last.done - tally->skipped;
    tally->shown = larger(tally->shown, larger(tally->finished, done < tally->runs ? done : tally->runs));
    struct er_progress_report r = {.what = tally->study,
                                   .unit = "runs",
                                   .done = tally->shown,
                                   .total = tally->runs,
                                   .epochs = tally->epochs + tally->last.epochs,
                                   .flops = tally->flops + tally->last.flops,
                                   .waiting = tally->waiting,
                                   .doing = tally->doing};
    if (tally->caller && tally->caller->report) tally->caller->report(tally->caller->ctx, &r);
}

static void hear(void *ctx, const struct er_progress_report *from_experiment)
{
    struct er_tally *tally = ctx;
    pthread_mutex_lock(&tally->mutex);
    tally->last = *from_experiment;
    tally->last.doing = NULL;
    snprintf(tally->doing, sizeof tally->doing, "%s", from_experiment->doing ? from_experiment->doing : "");
    report(tally);
    pthread_mutex_unlock(&tally->mutex);
}

void er_tally_open(struct er_tally *tally, const struct er_progress *caller, const char *study, int64_t runs)
{
    *tally = (struct er_tally){.caller = caller, .study = study, .runs = (double)runs};
    tally->progress =
        (struct er_progress){.report = hear, .ctx = tally, .stop = caller ? caller->stop : NULL};
    pthread_mutex_init(&tally->mutex, NULL);
}

void er_tally_close(struct er_tally *tally)
{
    pthread_mutex_destroy(&tally->mutex);
}

void er_tally_pass(struct er_tally *tally)
{
    pthread_mutex_lock(&tally->mutex);
    tally->epochs += tally->last.epochs;
    tally->flops += tally->last.flops;
    tally->last = (struct er_progress_report){0};
    tally->before = tally->finished;
    tally->skipped = 0;
    pthread_mutex_unlock(&tally->mutex);
}

void er_tally_finish(struct er_tally *tally, int64_t runs)
{
    pthread_mutex_lock(&tally->mutex);
    tally->finished += (double)runs;
    report(tally);
    pthread_mutex_unlock(&tally->mutex);
}

void er_tally_skip(struct er_tally *tally)
{
    pthread_mutex_lock(&tally->mutex);
    tally->skipped++;
    pthread_mutex_unlock(&tally->mutex);
}

void er_tally_wait(struct er_tally *tally, int64_t runs)
{
    pthread_mutex_lock(&tally->mutex);
    const bool news = tally->waiting < (double)runs || (double)runs < tally->waiting;
    tally->waiting = (double)runs;
    if (news) report(tally);
    pthread_mutex_unlock(&tally->mutex);
}

double er_tally_flops(struct er_tally *tally)
{
    pthread_mutex_lock(&tally->mutex);
    double flops = tally->flops + tally->last.flops;
    pthread_mutex_unlock(&tally->mutex);
    return flops;
}
