/* random.c - draws from Philox4x32-10, each a function of (seed, stream, counter).
 *
 *     counter words  (counter low, counter high, stream low, stream high)
 *     key words      (seed low, seed high)
 */
#include "core/random_many.h"
#include "core/vector.h"

#include <ermine/random.h>

#include <Random123/philox.h>
#include <assert.h>
#include <math.h>

__extension__ typedef unsigned __int128 uint128;

enum { INDEX_BITS = 48 };

uint64_t er_stream(enum er_purpose purpose, uint64_t index)
{
    assert(index >> INDEX_BITS == 0);
    return (uint64_t)purpose << INDEX_BITS | index;
}

void er_random_words(uint64_t seed, uint64_t stream, uint64_t counter, uint32_t out[4])
{
    const philox4x32_ctr_t place = {
        {(uint32_t)counter, (uint32_t)(counter >> 32), (uint32_t)stream, (uint32_t)(stream >> 32)}};
    const philox4x32_key_t key = {{(uint32_t)seed, (uint32_t)(seed >> 32)}};
    const philox4x32_ctr_t words = philox4x32_R(10, place, key);
    for (int i = 0; i < 4; i++) out[i] = words.v[i];
}

/* LANES counters at a time from `counter` on: word j of counter + l in out[j][l]. The rounds of
 * philox4x32_R(10) written for vectors; tests/core/random.c holds them to words drawn one by one.
 */
enum { LANES = 16 };

ER_VECTOR
static void draw_lanes(uint64_t seed, uint64_t stream, uint64_t counter, uint32_t (*restrict out)[LANES])
{
    uint32_t key0 = (uint32_t)seed, key1 = (uint32_t)(seed >> 32);
    for (unsigned l = 0; l < LANES; l++) {
        out[0][l] = (uint32_t)(counter + l);
        out[1][l] = (uint32_t)((counter + l) >> 32);
        out[2][l] = (uint32_t)stream;
        out[3][l] = (uint32_t)(stream >> 32);
    }
    for (int round = 0; round < 10; round++) {
#pragma omp simd
        for (int l = 0; l < LANES; l++) {
            const uint64_t a = (uint64_t)PHILOX_M4x32_0 * out[0][l], b = (uint64_t)PHILOX_M4x32_1 * out[2][l];
            const uint32_t x1 = out[1][l], x3 = out[3][l];
            out[0][l] = (uint32_t)(b >> 32) ^ x1 ^ key0;
            out[1][l] = (uint32_t)b;
            out[2][l] = (uint32_t)(a >> 32) ^ x3 ^ key1;
            out[3][l] = (uint32_t)a;
        }
        key0 += PHILOX_W32_0;
        key1 += PHILOX_W32_1;
    }
}

void er_random_many_words(uint64_t seed, uint64_t stream, uint64_t counter, int64_t n, uint32_t *out)
{
    uint32_t word[4][LANES];
    int64_t i = 0;
    for (enum er_random_vectors which = 0; which < ER_RANDOM_VECTORS && i == 0; which++)
        if (er_random_has(which)) i = er_random_blocks(which, seed, stream, counter, n, out);
    out += 4 * i;
    for (; i + LANES <= n; i += LANES, out += (int64_t)4 * LANES) {
        draw_lanes(seed, stream, counter + (uint64_t)i, word);
        for (int64_t l = 0; l < LANES; l++)
            for (int64_t j = 0; j < 4; j++) out[4 * l + j] = word[j][l];
    }
    for (; i < n; i++, out += 4) er_random_words(seed, stream, counter + (uint64_t)i, out);
}

struct er_random er_random_open(uint64_t seed, uint64_t stream)
{
    return (struct er_random){.seed = seed, .stream = stream};
}

uint32_t er_random_u32(struct er_random *r)
{
    if (r->left == 0) {
        er_random_words(r->seed, r->stream, r->counter++, r->word);
        r->left = 4;
    }
    return r->word[4 - r->left--];
}

/* Two words, the first one high. */
static uint64_t next_u64(struct er_random *r)
{
    const uint64_t high = er_random_u32(r);
    return high << 32 | er_random_u32(r);
}

double er_random_uniform(struct er_random *r)
{
    return (double)(next_u64(r) >> 11) * 0x1p-53;
}

/* x n / 2^64 for x of 64 bits, where the low 2^64 mod n products of each value are thrown back. */
int64_t er_random_below(struct er_random *r, int64_t n)
{
    assert(n >= 1);
    const uint64_t range = (uint64_t)n;
    uint128 product = (uint128)next_u64(r) * range;
    if ((uint64_t)product < range) {
        const uint64_t surplus = -range % range; /* 2^64 mod n */
        while ((uint64_t)product < surplus) product = (uint128)next_u64(r) * range;
    }
    return (int64_t)(product >> 64);
}

/* z = sqrt(-2 log u) (cos 2 pi v, sin 2 pi v) with u in (0, 1], v in [0, 1). */
double er_random_normal(struct er_random *r)
{
    if (r->has_spare) {
        r->has_spare = 0;
        return r->spare;
    }
    const double u = 1 - er_random_uniform(r);
    const double angle = 2 * M_PI * er_random_uniform(r);
    const double radius = sqrt(-2 * log(u));
    r->spare = radius * sin(angle);
    r->has_spare = 1;
    return radius * cos(angle);
}

/* The next n <= 2 LANES numbers of 64 bits, as next_u64() gives them. */
static void next_many_u64(struct er_random *r, int64_t n, uint64_t *out)
{
    uint32_t word[4][LANES];
    if (n < (int64_t)2 * LANES || r->left > 0) {
        for (int64_t i = 0; i < n; i++) out[i] = next_u64(r);
        return;
    }
    draw_lanes(r->seed, r->stream, r->counter, word);
    r->counter += LANES;
    for (int l = 0; l < LANES; l++) {
        out[2 * l] = (uint64_t)word[0][l] << 32 | word[1][l];
        out[2 * l + 1] = (uint64_t)word[2][l] << 32 | word[3][l];
    }
}

/* Never draws more than are left to place, so that none is drawn in vain. */
void er_random_permutation(struct er_random *r, int64_t n, int64_t *out)
{
    uint64_t drawn[2 * LANES];
    for (int64_t i = 0; i < n; i++) out[i] = i;
    for (int64_t i = n - 1; i > 0;) {
        const int64_t many = i < (int64_t)2 * LANES ? i : (int64_t)2 * LANES;
        next_many_u64(r, many, drawn);
        for (int64_t k = 0; k < many; k++) {
            const uint64_t range = (uint64_t)i + 1; /* as er_random_below() */
            const uint128 product = (uint128)drawn[k] * range;
            if ((uint64_t)product < range && (uint64_t)product < -range % range) continue;
            const int64_t j = (int64_t)(product >> 64), taken = out[i];
            out[i--] = out[j];
            out[j] = taken;
        }
    }
}
