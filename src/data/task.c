/* task.c - labels as the task has them.
 *
 *     classes   label <- its number among the classes that are kept
 *     parity    label <- label mod 2      of a digit as read: 0 when it is even, 1 when it is odd
 */
#include "data/task.h"

int64_t er_task_classes(enum er_task task, const char *only, int64_t classes)
{
    return task == ER_TASK_PARITY ? 2 : er_only_classes(only, classes);
}

void er_task_labels(enum er_task task, const struct er_only *only, struct er_dataset *set)
{
    if (task != ER_TASK_PARITY) {
        er_only_labels(only, set);
        return;
    }
    set->classes = 2;
    for (int64_t i = 0; i < set->n; i++) set->label[i] %= 2;
}
