/* network.c - fuzzes what the metadata of a network's file say: its data's settings, and, line by line as
 * model, input, classes and loss, what it is. Whatever is bound is small enough to be a net. */
#include <ermine/memory.h>
#include <ermine/networks.h>
#include <ermine/study.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const key[] = {"model", "input", "classes", "loss"};
    struct er_data_settings settings;
    struct er_network_description is;
    struct er_tensor_note note[4];
    struct er_net *net = NULL;
    int64_t notes = 0;
    char *text = er_alloc((int64_t)size + 1, 1);
    if (!text) return 0;
    memcpy(text, data, size);
    if (er_data_settings_read(text, &settings, NULL) == ER_OK) {
        if (!settings.spec.name && !settings.spec.file) abort();
        er_data_settings_clear(&settings);
    }
    for (char *rest = NULL, *line = strtok_r(text, "\n", &rest); line && notes < 4;
         line = strtok_r(NULL, "\n", &rest), notes++)
        note[notes] = (struct er_tensor_note){key[notes], line};
    const struct er_tensors file = {.notes = notes, .note = note};
    if (er_network_describe(&file, &is, NULL) == ER_OK && er_network_bind(&is, &net, NULL) == ER_OK) {
        if (er_net_parameters(net) > (int64_t)1 << 31 || er_net_inputs(net) < 1) abort();
        er_network_check(net, NULL);
        er_net_free(net);
    }
    er_free(text);
    return 0;
}
