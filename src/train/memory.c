/* memory.c - what a member takes, before it takes it. */
#include "train/trainee.h"

#include <ermine/train.h>

enum er_status er_train_memory(const struct er_member *member, int parts, size_t *bytes, struct er_error *err)
{
    struct er_plans plans = {0};
    struct er_trainee t;
    enum er_status status = er_trainee_plans(member, &plans, err);
    if (status == ER_OK) {
        er_trainee_measure(&t, member, &plans, parts);
        *bytes = er_trainee_bytes(&t) + er_checkpoint_bytes(&t);
    }
    er_plans_clear(&plans);
    return status;
}
