/* task.h - what is asked of an example: its class, whether that is odd, or of the upper half. */
#ifndef ERMINE_DATA_TASK_H
#define ERMINE_DATA_TASK_H

#include "data/only.h"

/* Whether it makes two classes of any number. */
bool er_task_binary(enum er_task task);

/* How many classes a task makes of K, of which `only` are kept (er_data_spec.only). */
int64_t er_task_classes(enum er_task task, const char *only, int64_t classes);

/* Changes the labels of a set, all of classes that are kept, to those of the task. */
void er_task_labels(enum er_task task, const struct er_only *only, struct er_dataset *set);

#endif
