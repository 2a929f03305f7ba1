/* random.c - draws from Philox4x32-10, each a function of (seed, stream, counter).
 *
 *     counter words  (counter low, counter high, stream low, stream high)
 *     key words      (seed low, seed high)
 */
#include "core/vector.h"

#include <ermine/random.h>

#include <Random123/philox.h>
#include <assert.h>
#include <math.h>

__extension__ typedef unsigned __int128 uint128;

enum { INDEX_BITS = 48, LANES = 16 };

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

/* The rounds of Random123's philox.h, LANES counters side by side. */
ER_VECTOR
static void draw_lanes(uint64_t seed, uint64_t stream, uint64_t counter, uint32_t *out)
{
    uint32_t a[LANES], b[LANES], c[LANES], d[LANES];
    for (uint32_t i = 0; i < LANES; i++) {
        a[i] = (uint32_t)(counter + i);
        b[i] = (uint32_t)((counter + i) >> 32);
        c[i] = (uint32_t)stream;
        d[i] = (uint32_t)(stream >> 32);
    }
    uint32_t low = (uint32_t)seed, high = (uint32_t)(seed >> 32);
    for (int round = 0; round < 10; round++, low += PHILOX_W32_0, high += PHILOX_W32_1) {
#pragma omp simd
        for (int i = 0; i < LANES; i++) {
            const uint64_t left = (uint64_t)PHILOX_M4x32_0 * a[i], right = (uint64_t)PHILOX_M4x32_1 * c[i];
            a[i] = (uint32_t)(right >> 32) ^ b[i] ^ low;
            b[i] = (uint32_t)right;
            c[i] = (uint32_t)(left >> 32) ^ d[i] ^ high;
            d[i] = (uint32_t)left;
        }
    }
    for (int64_t i = 0; i < LANES; i++) {
        out[4 * i] = a[i];
        out[4 * i + 1] = b[i];
        out[4 * i + 2] = c[i];
        out[4 * i + 3] = d[i];
    }
}

void er_random_many_words(uint64_t seed, uint64_t stream, uint64_t counter, int64_t n, uint32_t *out)
{
    int64_t i = 0;
    for (; i + LANES <= n; i += LANES) draw_lanes(seed, stream, counter + (uint64_t)i, out + 4 * i);
    for (; i < n; i++) er_random_words(seed, stream, counter + (uint64_t)i, out + 4 * i);
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

/* A reader that takes its words many at a time; closing it leaves `r` where it would be without. */
struct ahead {
    struct er_random *r;
    uint64_t counter; /* of the first word of `word` */
    uint32_t word[4 * LANES];
    int next; /* 0 .. 4 LANES */
};

static uint32_t ahead_u32(struct ahead *a)
{
    if (a->r->left > 0) return er_random_u32(a->r);
    if (a->next == 4 * LANES) {
        a->counter += LANES;
        a->next = 0;
    }
    if (a->next == 0) draw_lanes(a->r->seed, a->r->stream, a->counter, a->word);
    return a->word[a->next++];
}

static void ahead_close(const struct ahead *a)
{
    struct er_random *r = a->r;
    if (a->next == 0) return;           /* nothing was taken that r did not have */
    const int last = (a->next - 1) / 4; /* the counter of the last word that was taken */
    r->counter = a->counter + (uint64_t)last + 1;
    r->left = 4 * (last + 1) - a->next;
    for (int j = 0; j < 4; j++) r->word[j] = a->word[4 * last + j];
}

static uint64_t ahead_u64(struct ahead *a)
{
    const uint64_t high = ahead_u32(a);
    return high << 32 | ahead_u32(a);
}

void er_random_permutation(struct er_random *r, int64_t n, int64_t *out)
{
    struct ahead a = {.r = r, .counter = r->counter};
    for (int64_t i = 0; i < n; i++) out[i] = i;
    for (int64_t i = n - 1; i > 0; i--) {
        const uint64_t range = (uint64_t)i + 1; /* as er_random_below() */
        uint128 product = (uint128)ahead_u64(&a) * range;
        if ((uint64_t)product < range) {
            const uint64_t surplus = -range % range;
            while ((uint64_t)product < surplus) product = (uint128)ahead_u64(&a) * range;
        }
        const int64_t j = (int64_t)(product >> 64), taken = out[i];
        out[i] = out[j];
        out[j] = taken;
    }
    ahead_close(&a);
}
