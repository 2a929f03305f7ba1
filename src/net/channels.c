/* channels.c - the passes of channels.h. */
#include "net/channels.h"

#include "core/vector.h"

#include <string.h>

const double er_channels_none[ER_CHANNELS];

/* For m known to the compiler the sums stay in registers. */
static inline __attribute__((always_inline)) void sum(int64_t rows, int64_t stride, int64_t m, const float *a,
                                                      const double *shift_a, const float *b,
                                                      const double *shift_b, double *s, double *t)
{
    double first[ER_CHANNELS] = {0}, second[ER_CHANNELS] = {0};
    for (int64_t r = 0; r < rows; r++, a += stride, b += stride) {
#pragma omp simd
        for (int64_t c = 0; c < m; c++) {
            const double d = (double)a[c] - shift_a[c];
            first[c] += d;
            second[c] += d * ((double)b[c] - shift_b[c]);
        }
    }
    memcpy(s, first, sizeof first);
    memcpy(t, second, sizeof second);
}

ER_VECTOR
void er_channels_sum(int64_t rows, int64_t stride, int64_t m, const float *a, const double *shift_a,
                     const float *b, const double *shift_b, double *s, double *t)
{
    if (m == ER_CHANNELS)
        sum(rows, stride, ER_CHANNELS, a, shift_a, b, shift_b, s, t);
    else
        sum(rows, stride, m, a, shift_a, b, shift_b, s, t);
}

struct er_channels_map er_channels_map(int64_t channels, float *floats)
{
    struct er_channels_map map = {.constant = floats};
    for (int64_t i = 0; i < ER_CHANNELS_TERMS; i++) {
        map.term[i].shift = floats + (2 * i + 1) * channels;
        map.term[i].factor = floats + (2 * i + 2) * channels;
    }
    return map;
}

ER_VECTOR
void er_channels_apply(const struct er_channels_map *map, int64_t rows, int64_t stride, int64_t at, int64_t m,
                       float *out)
{
    const float *restrict constant = map->constant + at;
    for (int64_t r = 0; r < rows; r++) {
        float *restrict to = out + r * stride + at;
        const float *restrict in = map->term[0].in + r * stride + at;
        const float *restrict shift = map->term[0].shift + at, *restrict factor = map->term[0].factor + at;
#pragma omp simd
        for (int64_t c = 0; c < m; c++) to[c] = constant[c] + (in[c] - shift[c]) * factor[c];
        for (int i = 1; i < map->n; i++) {
            in = map->term[i].in + r * stride + at;
            shift = map->term[i].shift + at;
            factor = map->term[i].factor + at;
#pragma omp simd
            for (int64_t c = 0; c < m; c++) to[c] += (in[c] - shift[c]) * factor[c];
        }
    }
}
