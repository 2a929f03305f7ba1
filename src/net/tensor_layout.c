/* tensor_layout.c - parameters in our order and in PyTorch's: a permutation of four axes. */
#include "net/tensor_layout.h"

void er_layout_to_file(struct er_tensor_axes axes, const float *m, float *f)
{
    const int64_t H = axes.h, W = axes.w, C = axes.c, O = axes.o;
    for (int64_t o = 0; o < O; o++)
        for (int64_t c = 0; c < C; c++)
            for (int64_t p = 0; p < H * W; p++) *f++ = m[(p * C + c) * O + o];
}

void er_layout_from_file(struct er_tensor_axes axes, const float *f, float *m)
{
    const int64_t H = axes.h, W = axes.w, C = axes.c, O = axes.o;
    for (int64_t o = 0; o < O; o++)
        for (int64_t c = 0; c < C; c++)
            for (int64_t p = 0; p < H * W; p++) m[(p * C + c) * O + o] = *f++;
}
