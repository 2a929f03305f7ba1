/* Fuzzes shards of examples. Mutations seldom get checksums right, so the first byte chooses: a file as it is, or the bytes of one
 * record, which is framed here. What is taken has labels below the classes, and values no more than its bytes. */
#include "pgdl/crc32c.h"

#include <ermine/memory.h>
#include <ermine/pgdl.h>
#include <string.h>

enum { CLASSES = 10, FRONT = 12, BACK = 4 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void put(unsigned char *to, uint64_t value, int bytes)
{
    for (int i = 0; i < bytes; i++) to[i] = (unsigned char)(value >> 8 * i);
}

static void feed(const unsigned char *bytes, size_t n)
{
    struct er_dataset set = {.classes = CLASSES};
    const enum er_status status = er_pgdl_shard_parse(bytes, n, CLASSES, &set, NULL);
    if (status != ER_OK && (set.n != 0 || set.x)) __builtin_trap();
    if ((size_t)(set.n * er_shape_size(set.shape)) > n / sizeof *set.x) __builtin_trap();
    for (int64_t i = 0; i < set.n; i++)
        if (set.label[i] < 0 || set.label[i] >= CLASSES) __builtin_trap();
    er_dataset_clear(&set);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    if (n == 0 || bytes[0] != 'r') {
        feed(bytes, n);
        return 0;
    }
    const size_t length = n - 1;
    unsigned char *file = er_alloc((int64_t)(FRONT + length + BACK), 1);
    if (!file) return 0;
    put(file, length, 8);
    put(file + 8, er_crc32c_masked(file, 8), 4);
    memcpy(file + FRONT, bytes + 1, length);
    put(file + FRONT + length, er_crc32c_masked(bytes + 1, length), BACK);
    feed(file, FRONT + length + BACK);
    er_free(file);
    return 0;
}
