/* task.h - what is asked of an example: its class, or whether that is odd. */
#ifndef ERMINE_DATA_TASK_H
#define ERMINE_DATA_TASK_H

#include <ermine/data.h>

/* How many classes a task makes of K. */
int64_t er_task_classes(enum er_task task, int64_t classes);

/* Changes the labels of a set to those of the task. */
void er_task_labels(enum er_task task, struct er_dataset *set);

#endif
