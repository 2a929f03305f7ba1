/* Fuzzes config.json: what is taken is a model's text, which binds to its input or is refused. */
#include <ermine/memory.h>
#include <ermine/networks.h>
#include <ermine/pgdl.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct er_pgdl_architecture a;
    struct er_net *net;
    if (er_pgdl_architecture_parse((const char *)bytes, n, &a, NULL) != ER_OK) return 0;
    if (a.outputs < 2 || er_shape_size(a.input) < 1) __builtin_trap();
    const struct er_network_description is = {a.model, a.input, a.outputs, "cross-entropy"};
    if (er_network_bind(&is, &net, NULL) == ER_OK) {
        if (er_net_outputs(net) != a.outputs) __builtin_trap();
        er_net_free(net);
    }
    er_pgdl_architecture_clear(&a);
    return 0;
}
