/* channels.h - passes over a matrix of rows (pixels x channels, row-major) with one shift and one factor for
 * each channel: what normalisation is made of. The same bits at every vector width and any split. */
#ifndef ERMINE_NET_CHANNELS_H
#define ERMINE_NET_CHANNELS_H

#include <stdint.h>

/* Channels that are summed at a time: a cache line, so that threads who share channels never write to one. */
enum { ER_CHANNELS = 16 };

/* No shift. */
extern const double er_channels_none[ER_CHANNELS];

/* s[c] = sum_r (a[r,c] - shift_a[c]) and t[c] = sum_r (a[r,c] - shift_a[c]) (b[r,c] - shift_b[c]) of m <=
 * ER_CHANNELS channels, in double and row after row; rows lie `stride` apart. s, t have room for ER_CHANNELS.
 */
void er_channels_sum(int64_t rows, int64_t stride, int64_t m, const float *a, const double *shift_a,
                     const float *b, const double *shift_b, double *s, double *t);

/* out[r,c] = constant[c] + sum over terms of (in[r,c] - shift[c]) factor[c] */
enum { ER_CHANNELS_TERMS = 4 };
struct er_channels_map {
    int n;
    struct {
        const float *in;
        float *shift, *factor;
    } term[ER_CHANNELS_TERMS];
    float *constant;
};

/* Floats a channel that the arrays of a map take. */
enum { ER_CHANNELS_FLOATS = 2 * ER_CHANNELS_TERMS + 1 };

/* A map whose arrays lie in `floats`, ER_CHANNELS_FLOATS for each channel. */
struct er_channels_map er_channels_map(int64_t channels, float *floats);

/* Applies it to channels at .. at + m of `rows` rows; out is none of its inputs. */
void er_channels_apply(const struct er_channels_map *map, int64_t rows, int64_t stride, int64_t at, int64_t m,
                       float *out);

#endif
