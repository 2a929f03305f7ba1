/* Fuzzes model_configs.json: in what is taken every model has a level of every hyper-parameter, and a folder without slashes. */
#include <ermine/pgdl.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct er_pgdl_task task;
    if (er_pgdl_configs_parse((const char *)bytes, n, &task, NULL) != ER_OK) return 0;
    if (task.models < 1 || task.parameters < 1) __builtin_trap();
    for (int64_t i = 0; i < task.models; i++) {
        if (strchr(task.model[i].folder, '/')) __builtin_trap();
        for (int64_t p = 0; p < task.parameters; p++)
            if (task.model[i].level[p] < 0 || task.model[i].level[p] >= task.parameter[p].levels)
                __builtin_trap();
    }
    er_pgdl_task_clear(&task);
    return 0;
}
