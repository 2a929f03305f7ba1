/* Fuzzes gzip: whatever comes in, at most the limit comes out. */
#include "data/gzip.h"

#include <ermine/memory.h>

enum { LIMIT = 1 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    unsigned char *out;
    size_t length;
    if (er_gzip_unpack(bytes, n, LIMIT, &out, &length, NULL) != ER_OK) return 0;
    if (length > LIMIT || out[length] != 0) __builtin_trap();
    er_free(out);
    return 0;
}
