/* task_count.h - progress of a long computation whose tasks run on a pool: counts flops, reports them one
 * caller at a time, and tells tasks when to leave their work undone.
 */
#ifndef ERMINE_MATH_TASK_COUNT_H
#define ERMINE_MATH_TASK_COUNT_H

#include <ermine/progress.h>
#include <pthread.h>

struct er_task_count {
    const struct er_progress *progress;
    double done, total;
    pthread_mutex_t mutex;
};

/* A count from 0 to `total` flops; progress may be NULL. Closed by er_task_count_close(). */
void er_task_count_open(struct er_task_count *count, const struct er_progress *progress, double total);

/* Whether the caller has asked to stop. Any thread. */
bool er_task_count_stopped(const struct er_task_count *count);

/* So many flops more: reported as {.done, .total, .flops}. Any thread. */
void er_task_count_add(struct er_task_count *count, double flops);

/* ER_OK, or ER_E_STOPPED with "WHAT: interrupted" when the caller has asked to stop. */
enum er_status er_task_count_close(struct er_task_count *count, const char *what, struct er_error *err);

#endif
