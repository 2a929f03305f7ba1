/* normals.c - words by the block, turned into pairs. */
#include "stochastic/normals.h"

#include "core/vector.h"
#include "math/elementary.h"

#include <ermine/random.h>

enum { PAIRS = 8, GROUP = 2 * PAIRS, GROUPS = 64, BLOCK = GROUP * GROUPS };

/* word: a group's u words, then its v words. */
ER_VECTOR
static void turn(int64_t groups, const uint32_t *restrict word, float *restrict out)
{
    for (int64_t g = 0; g < groups; g++) {
        const uint32_t *u = word + g * GROUP, *v = u + PAIRS;
        float *y = out + g * GROUP;
#pragma omp simd
        for (int i = 0; i < PAIRS; i++) {
            const float share = ((float)(int32_t)(u[i] >> 9) + 0.5f) * 0x1p-23f,
                        angle = (float)(int32_t)(v[i] >> 8) * 0x1p-24f * 6.28318531f,
                        radius = sqrtf(-2.0f * er_logf(share));
            y[i] = radius * er_cosf(angle);
            y[i + PAIRS] = radius * er_sinf(angle);
        }
    }
}

void er_normals(uint64_t seed, uint64_t stream, int64_t n, float *out)
{
    uint32_t word[BLOCK];
    float last[BLOCK];
    for (int64_t at = 0; at < n; at += BLOCK) {
        const int64_t left = n - at;
        er_random_many_words(seed, stream, (uint64_t)(at / 4), BLOCK / 4, word);
        turn(GROUPS, word, left < BLOCK ? last : out + at);
        for (int64_t i = 0; left < BLOCK && i < left; i++) out[at + i] = last[i];
    }
}
