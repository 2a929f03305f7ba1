/* task.c - labels as the task has them.
 *
 *     classes   label <- its number among the classes that are kept
 *     parity    label <- label mod 2      of a digit as read: 0 when it is even, 1 when it is odd
 *     halves    label <- label >= K / 2   of a digit as read: 0 from 0 to 4, 1 from 5 to 9
 */
#include "data/task.h"

bool er_task_binary(enum er_task task)
{
    return task == ER_TASK_PARITY || task == ER_TASK_HALVES;
}

int64_t er_task_classes(enum er_task task, const char *only, int64_t classes)
{
    return er_task_binary(task) ? 2 : er_only_classes(only, classes);
}

void er_task_labels(enum er_task task, const struct er_only *only, struct er_dataset *set)
{
    const int64_t K = set->classes;
    if (!er_task_binary(task)) {
        er_only_labels(only, set);
        return;
    }
    set->classes = 2;
    for (int64_t i = 0; i < set->n; i++)
        set->label[i] = task == ER_TASK_PARITY ? set->label[i] % 2 : 2 * (int64_t)set->label[i] >= K;
}
