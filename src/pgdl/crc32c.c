/* crc32c.c - four bits at a time by a table of 16, or eight bytes by the processor's instruction. */
#include "pgdl/crc32c.h"

#include <string.h>

uint32_t er_crc32c_plain(const void *bytes, size_t n)
{
    /* entry i: the remainder of i x^28, bits reflected */
    static const uint32_t table[16] = {0x00000000, 0x105ec76f, 0x20bd8ede, 0x30e349b1, 0x417b1dbc, 0x5125dad3,
                                       0x61c69362, 0x7198540d, 0x82f63b78, 0x92a8fc17, 0xa24bb5a6, 0xb21572c9,
                                       0xc38d26c4, 0xd3d3e1ab, 0xe330a81a, 0xf36e6f75};
    const unsigned char *b = bytes;
    uint32_t crc = UINT32_MAX;
    for (size_t i = 0; i < n; i++) {
        crc ^= b[i];
        crc = crc >> 4 ^ table[crc & 15];
        crc = crc >> 4 ^ table[crc & 15];
    }
    return ~crc;
}

#if defined __x86_64__
__attribute__((target("sse4.2"))) static uint32_t by_instruction(const unsigned char *b, size_t n)
{
    uint64_t crc = UINT32_MAX;
    for (; n >= 8; b += 8, n -= 8) {
        unsigned long long word;
        memcpy(&word, b, sizeof word);
        crc = __builtin_ia32_crc32di(crc, word);
    }
    uint32_t rest = (uint32_t)crc;
    for (; n > 0; b++, n--) rest = __builtin_ia32_crc32qi(rest, *b);
    return ~rest;
}

uint32_t er_crc32c(const void *bytes, size_t n)
{
    return __builtin_cpu_supports("sse4.2") ? by_instruction(bytes, n) : er_crc32c_plain(bytes, n);
}
#else
uint32_t er_crc32c(const void *bytes, size_t n)
{
    return er_crc32c_plain(bytes, n);
}
#endif

uint32_t er_crc32c_masked(const void *bytes, size_t n)
{
    const uint32_t crc = er_crc32c(bytes, n);
    return (crc >> 15 | crc << 17) + 0xa282ead8;
}
