/* task.c - labels as the task has them.
 *
 *     parity    label <- label mod 2      of a digit: 0 when it is even, 1 when it is odd
 */
#include "data/task.h"

int64_t er_task_classes(enum er_task task, int64_t classes)
{
    return task == ER_TASK_PARITY ? 2 : classes;
}

void er_task_labels(enum er_task task, struct er_dataset *set)
{
    set->classes = er_task_classes(task, set->classes);
    for (int64_t i = 0; task == ER_TASK_PARITY && i < set->n; i++) set->label[i] %= 2;
}
