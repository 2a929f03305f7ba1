/* random.c - draws from Philox4x32-10, each a function of (seed, stream, counter).
 *
 *     counter words  (counter low, counter high, stream low, stream high)
 *     key words      (seed low, seed high)
 */
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

void er_random_permutation(struct er_random *r, int64_t n, int64_t *out)
{
    for (int64_t i = 0; i < n; i++) out[i] = i;
    for (int64_t i = n - 1; i > 0; i--) {
        const int64_t j = er_random_below(r, i + 1);
        const int64_t taken = out[i];
        out[i] = out[j];
        out[j] = taken;
    }
}
