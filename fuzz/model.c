/* model.c - fuzzes model text: whatever is accepted has a canonical form that reads back as itself. */
#include <ermine/memory.h>
#include <ermine/model.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct er_error err;
    struct er_model *model = NULL, *again = NULL;
    char *text = er_alloc((int64_t)size + 1, 1);
    if (!text) return 0;
    memcpy(text, data, size);
    if (er_model_parse(text, &model, &err) == ER_OK) {
        if (er_model_parse(er_model_text(model), &again, &err) != ER_OK) abort();
        if (strcmp(er_model_text(model), er_model_text(again)) != 0) abort();
    }
    er_model_free(model);
    er_model_free(again);
    er_free(text);
    return 0;
}
