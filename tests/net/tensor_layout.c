/* Layouts: a layer with our parameters on a channels-last image gives what a layer with the file's gives on
 * the channels-first one, in PyTorch's indices. Values are small integers, so that sums are exact. */
#include "t.h"

#include "net/tensor_layout.h"

enum { H = 3, W = 4, C = 2, O = 5, MOST = 400 };

static float value(int i, int salt)
{
    return (float)((i * 37 + salt * 11) % 17 - 8);
}

static void fill(float *x, int n, int salt)
{
    for (int i = 0; i < n; i++) x[i] = value(i, salt);
}

static bool same(const float *x, const float *y, int n)
{
    int wrong = 0;
    for (int i = 0; i < n; i++) wrong += x[i] != y[i];
    return wrong == 0;
}

static float at_first(const float *x, int c, int i, int j) /* x as (C, H, W) from (H, W, C) */
{
    return x[(i * W + j) * C + c];
}

/* torch.flatten, then Linear: y[o] = sum_k weight[o, k] x[k] with k over (C, H, W). */
static void dense_of_image(void)
{
    float x[H * W * C], m[H * W * C * O], f[H * W * C * O], back[H * W * C * O];
    fill(x, H * W * C, 1);
    fill(m, H * W * C * O, 2);
    er_layout_to_file((struct er_tensor_axes){H, W, C, O}, m, f);
    for (int o = 0; o < O; o++) {
        float ours = 0, theirs = 0;
        for (int i = 0; i < H * W * C; i++) ours += x[i] * m[i * O + o];
        for (int c = 0, k = 0; c < C; c++)
            for (int i = 0; i < H; i++)
                for (int j = 0; j < W; j++, k++) theirs += at_first(x, c, i, j) * f[o * H * W * C + k];
        T_OK(ours == theirs, "output %d: %g and %g", o, (double)ours, (double)theirs);
    }
    er_layout_from_file((struct er_tensor_axes){H, W, C, O}, f, back);
    T_OK(same(back, m, H * W * C * O), "and back");
    T_OK(!same(f, m, H * W * C * O), "it does something");
}

/* y[o] = sum_i x[i] W[i, o] = sum_i weight[o, i] x[i]: a plain transpose. */
static void dense(void)
{
    enum { I = 7 };
    float m[I * O], f[I * O];
    int wrong = 0;
    fill(m, I * O, 3);
    er_layout_to_file((struct er_tensor_axes){1, 1, I, O}, m, f);
    for (int o = 0; o < O; o++)
        for (int i = 0; i < I; i++) wrong += f[o * I + i] != m[i * O + o];
    T_EQ_INT(wrong, 0, "weight[o, i] = W[i, o]");
}

/* A grouped convolution without padding, once in each layout. */
static void conv(void)
{
    enum { KH = 2, KW = 3, G = 2, CG = C / G, OUT = 4, OG = OUT / G };
    float x[H * W * C], m[KH * KW * CG * OUT], f[KH * KW * CG * OUT], back[KH * KW * CG * OUT];
    fill(x, H * W * C, 4);
    fill(m, KH * KW * CG * OUT, 5);
    er_layout_to_file((struct er_tensor_axes){KH, KW, CG, OUT}, m, f);
    int wrong = 0;
    for (int i = 0; i + KH <= H; i++)
        for (int j = 0; j + KW <= W; j++)
            for (int o = 0; o < OUT; o++) {
                float ours = 0, theirs = 0;
                for (int a = 0; a < KH; a++)
                    for (int b = 0; b < KW; b++)
                        for (int c = 0; c < CG; c++) {
                            const float pixel = at_first(x, o / OG * CG + c, i + a, j + b);
                            ours += pixel * m[((a * KW + b) * CG + c) * OUT + o];
                            theirs += pixel * f[((o * CG + c) * KH + a) * KW + b];
                        }
                wrong += ours != theirs;
            }
    T_EQ_INT(wrong, 0, "outputs that differ");
    er_layout_from_file((struct er_tensor_axes){KH, KW, CG, OUT}, f, back);
    T_OK(same(back, m, KH * KW * CG * OUT), "and back");
}

/* One value a feature of an image that was flattened; with one channel or one pixel nothing moves. */
static void features(void)
{
    float m[H * W * C], f[H * W * C];
    int wrong = 0;
    fill(m, H * W * C, 6);
    er_layout_to_file((struct er_tensor_axes){H, W, C, 1}, m, f);
    for (int c = 0; c < C; c++)
        for (int i = 0; i < H; i++)
            for (int j = 0; j < W; j++) wrong += f[(c * H + i) * W + j] != at_first(m, c, i, j);
    T_EQ_INT(wrong, 0, "values of a feature each");
    er_layout_to_file((struct er_tensor_axes){H, W * C, 1, 1}, m, f);
    T_OK(same(f, m, H * W * C), "one channel");
    er_layout_to_file((struct er_tensor_axes){1, 1, H * W * C, 1}, m, f);
    T_OK(same(f, m, H * W * C), "one pixel");
}

/* Bits survive, those of a signalling NaN too; and every value of any shape moves to a place of its own. */
static void permutes(void)
{
    const struct er_tensor_axes shapes[] = {
        {1, 1, 1, 1}, {3, 3, 4, 8}, {1, 5, 2, 3}, {5, 1, 1, 7}, {2, 3, 0, 4}};
    uint32_t bits[MOST], there[MOST], back[MOST];
    float m[MOST], f[MOST];
    for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++) {
        const size_t n = (size_t)(shapes[s].h * shapes[s].w * shapes[s].c * shapes[s].o);
        for (uint32_t i = 0; i < n; i++) bits[i] = 0x7f800001U + i; /* NaNs that signal */
        memcpy(m, bits, n * sizeof *m);
        memset(f, 0, sizeof f);
        er_layout_to_file(shapes[s], m, f);
        memcpy(there, f, n * sizeof *f);
        int64_t sum = 0;
        for (size_t i = 0; i < n; i++) sum += there[i] - 0x7f800001U;
        T_EQ_INT(sum, n ? n * (n - 1) / 2 : 0, "shape %d: each value once", (int)s);
        memset(m, 0, sizeof m);
        er_layout_from_file(shapes[s], f, m);
        memcpy(back, m, n * sizeof *m);
        T_OK(memcmp(back, bits, n * sizeof *bits) == 0, "shape %d: there and back", (int)s);
    }
}

int main(void)
{
    dense();
    dense_of_image();
    conv();
    features();
    permutes();
    return t_done();
}
