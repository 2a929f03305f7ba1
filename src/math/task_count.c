/* task_count.c - a mutex around a sum and a report. */
#include "math/task_count.h"

void er_task_count_open(struct er_task_count *count, const struct er_progress *progress, double total)
{
    *count = (struct er_task_count){.progress = progress, .total = total};
    pthread_mutex_init(&count->mutex, NULL); /* with default attributes it can't fail here */
}

bool er_task_count_stopped(const struct er_task_count *count)
{
    return er_progress_stopped(count->progress);
}

void er_task_count_add(struct er_task_count *count, double flops)
{
    pthread_mutex_lock(&count->mutex);
    count->done += flops;
    if (count->progress && count->progress->report) {
        const struct er_progress_report report = {
            .what = "", .unit = "flops", .done = count->done, .total = count->total, .flops = count->done};
        count->progress->report(count->progress->ctx, &report);
    }
    pthread_mutex_unlock(&count->mutex);
}

enum er_status er_task_count_close(struct er_task_count *count, const char *what, struct er_error *err)
{
    pthread_mutex_destroy(&count->mutex);
    if (er_progress_stopped(count->progress)) return er_fail(err, ER_E_STOPPED, "%s: interrupted", what);
    return ER_OK;
}
