/* Augmented images are those of the formula, read pixel by pixel; draws are uniform and nobody's business but
 * that of seed, epoch and example. */
#include "data/augment.h"

#include "t.h"

#include <ermine/random.h>

enum { MOST = 9, MOST_C = 4, ROOM = MOST * MOST * MOST_C, GUARD = 8 };

static const float mark = -12345.0F;

/* Pixel i of n, found step by step from outside: back by the way one came, or not beyond the end. */
static int64_t walk(enum er_augment_padding padding, int64_t i, int64_t n)
{
    int64_t at = 0, step = i < 0 ? -1 : 1;
    for (int64_t k = 0; k != i; k += i < 0 ? -1 : 1) {
        if (at + step < 0 || at + step >= n) {
            if (padding == ER_AUGMENT_EDGE) continue;
            step = -step;
        }
        at += step;
    }
    return at;
}

/* The value at (y, x, c) of the padded plane, (0, 0) being the image's corner. */
static float padded(enum er_augment_padding padding, struct er_shape s, const float *zero, const float *in,
                    int64_t y, int64_t x, int64_t c)
{
    const bool outside = y < 0 || y >= s.height || x < 0 || x >= s.width;
    if (outside && padding == ER_AUGMENT_ZERO) return zero ? zero[c] : 0;
    y = walk(padding, y, s.height);
    x = walk(padding, x, s.width);
    return in[(y * s.width + x) * s.channels + c];
}

static bool equals_oracle(const struct er_augment *a, struct er_augment_draw draw, struct er_shape s,
                          const float *zero, const float *in, const float *out)
{
    for (int64_t y = 0; y < s.height; y++)
        for (int64_t x = 0; x < s.width; x++)
            for (int64_t c = 0; c < s.channels; c++) {
                const int64_t xx = draw.flip ? s.width - 1 - x : x;
                const float want =
                    padded(a->padding, s, zero, in, y + draw.down - a->crop, xx + draw.right - a->crop, c);
                if (out[(y * s.width + x) * s.channels + c] != want) return false;
            }
    return true;
}

static bool same(int64_t n, const float *a, const float *b)
{
    for (int64_t i = 0; i < n; i++)
        if (a[i] != b[i]) return false;
    return true;
}

static void fill(float *in)
{
    for (int i = 0; i < ROOM; i++) in[i] = (float)(i + 1); /* no two pixels are alike, none is a zero */
}

/* Every window of a shape, with guard words around the result. */
static void check_shape(struct er_shape s, const float *in, const float *zero)
{
    const int64_t d = er_shape_size(s), least = s.height < s.width ? s.height : s.width;
    float room[ROOM + 2 * GUARD];
    int64_t wrong = 0, windows = 0, spilt = 0;
    for (int64_t crop = 0; crop < least; crop++)
        for (int padding = ER_AUGMENT_ZERO; padding <= ER_AUGMENT_EDGE; padding++)
            for (int64_t u = 0; u <= 2 * crop; u++)
                for (int64_t v = 0; v <= 2 * crop; v++)
                    for (int flip = 0; flip < 2; flip++) {
                        const struct er_augment a = {crop, (enum er_augment_padding)padding, true};
                        const struct er_augment_draw draw = {u, v, flip};
                        for (int i = 0; i < ROOM + 2 * GUARD; i++) room[i] = mark;
                        er_augment_apply(&a, draw, s, zero, in, room + GUARD);
                        wrong += !equals_oracle(&a, draw, s, zero, in, room + GUARD);
                        for (int i = 0; i < GUARD; i++)
                            spilt += room[i] != mark || room[GUARD + d + i] != mark;
                        windows++;
                    }
    T_OK(wrong == 0 && spilt == 0 && windows > 0,
         "%" PRId64 " x %" PRId64 " x %" PRId64 ": %" PRId64 " of %" PRId64 " windows wrong, %" PRId64
         " words spilt",
         s.height, s.width, s.channels, wrong, windows, spilt);
}

static void check_content(void)
{
    const float zero[MOST_C] = {-1, -2, -3, -4};
    float in[ROOM];
    fill(in);
    for (int64_t h = 1; h <= 6; h++)
        for (int64_t w = 1; w <= 6; w++)
            for (int64_t c = 1; c <= MOST_C; c++)
                check_shape((struct er_shape){h, w, c}, in, c == 2 ? NULL : zero);
    check_shape((struct er_shape){MOST, MOST, 3}, in, zero);
}

/* The rows of the header. */
static void check_paddings(void)
{
    static const struct {
        enum er_augment_padding padding;
        float left[3], right[3];
    } want[] = {
        {ER_AUGMENT_ZERO, {7, 7, 1}, {3, 7, 7}},
        {ER_AUGMENT_REFLECT, {3, 2, 1}, {3, 2, 1}},
        {ER_AUGMENT_EDGE, {1, 1, 1}, {3, 3, 3}},
    };
    const struct er_shape s = {3, 3, 1};
    const float in[] = {1, 2, 3, 1, 2, 3, 1, 2, 3}, zero = 7;
    float out[9];
    for (int i = 0; i < 3; i++) {
        const struct er_augment a = {2, want[i].padding, false};
        er_augment_apply(&a, (struct er_augment_draw){2, 0, false}, s, &zero, in, out);
        T_OK(same(3, out + 3, want[i].left), "padding %d: left", i);
        er_augment_apply(&a, (struct er_augment_draw){2, 4, false}, s, &zero, in, out);
        T_OK(same(3, out + 3, want[i].right), "padding %d: right", i);
    }
}

static void check_flip(void)
{
    const struct er_shape s = {4, 5, 3};
    const struct er_augment a = {.flip = true};
    const int64_t d = er_shape_size(s);
    float in[ROOM], once[ROOM], twice[ROOM];
    fill(in);
    er_augment_apply(&a, (struct er_augment_draw){0, 0, true}, s, NULL, in, once);
    er_augment_apply(&a, (struct er_augment_draw){0, 0, true}, s, NULL, once, twice);
    T_OK(!same(d, in, once) && same(d, in, twice), "two flips are none");
    const struct er_augment none = {0};
    er_augment_example(&none, s, NULL, 1, 2, 3, in, once);
    T_OK(same(d, in, once) && er_augment_is_none(&none), "no augmentation is a copy");
}

/* The words behind a draw, and what it does not depend on. */
static void check_draws(void)
{
    const struct er_augment a = {.crop = 4, .flip = true};
    const struct er_shape s = {MOST, MOST, 1};
    float in[ROOM], out[ROOM], again[ROOM];
    int64_t wrong = 0, unlike[3] = {0};
    fill(in);
    for (int64_t i = 1000; i-- > 0;) { /* backwards: nobody drew before */
        uint32_t w[4];
        er_random_words(5, er_stream(ER_PURPOSE_AUGMENT, 17), (uint64_t)i, w);
        const struct er_augment_draw d = er_augment_draw(&a, 5, 17, i);
        wrong += (double)d.down != floor(9.0 * w[0] / 0x1p32) ||
                 (double)d.right != floor(9.0 * w[1] / 0x1p32) || d.flip != (w[2] >= 0x80000000U);
        er_augment_example(&a, s, NULL, 5, 17, i, in, out);
        wrong += !equals_oracle(&a, d, s, NULL, in, out);
        er_augment_example(&a, s, NULL, 5, 17, i, in, again);
        wrong += !same(MOST * MOST, out, again);
        const struct er_augment_draw other[] = {er_augment_draw(&a, 6, 17, i), er_augment_draw(&a, 5, 18, i),
                                                er_augment_draw(&a, 5, 17, i + 1)};
        for (int k = 0; k < 3; k++)
            unlike[k] += other[k].down != d.down || other[k].right != d.right || other[k].flip != d.flip;
    }
    T_EQ_INT(wrong, 0, "a draw is words 0, 1 and 2 of (seed, epoch, example)");
    for (int k = 0; k < 3; k++) /* 1 of 162 by chance: 6 expected, deviation 2.5 */
        T_OK(unlike[k] > 1000 - 6 - 5 * 3, "another %s draws anew: %d of 1000",
             (const char *[]){"seed", "epoch", "example"}[k], (int)unlike[k]);
    const struct er_augment still = {.crop = 4};
    int64_t flips = 0, moved = 0;
    for (int64_t i = 0; i < 100; i++) flips += er_augment_draw(&still, 5, 0, i).flip;
    const struct er_augment mirror = {.flip = true};
    for (int64_t i = 0; i < 100; i++) {
        const struct er_augment_draw d = er_augment_draw(&mirror, 5, 0, i);
        moved += d.down != 0 || d.right != 0;
    }
    T_OK(flips == 0 && moved == 0, "a flip only if asked for, nor a crop");
}

/* Each of the (2p + 1)^2 windows, mirrored and not, within 5 standard deviations of its share. */
static void check_uniform(bool over_epochs, int64_t crop)
{
    enum { SIDE = 9, EACH = 1000 };
    int64_t seen[2 * SIDE * SIDE] = {0}, far = 0;
    const int64_t side = 2 * crop + 1, cells = 2 * side * side, n = cells * EACH;
    const struct er_augment a = {.crop = crop, .flip = true};
    for (int64_t i = 0; i < n; i++) {
        const struct er_augment_draw d =
            over_epochs ? er_augment_draw(&a, 3, (uint64_t)i, 12) : er_augment_draw(&a, 3, 12, i);
        seen[(d.down * side + d.right) * 2 + d.flip]++;
    }
    const double share = 1 / (double)cells, sigma = sqrt((double)n * share * (1 - share));
    for (int64_t k = 0; k < cells; k++) far += !(fabs((double)(seen[k] - EACH)) <= 5 * sigma);
    T_EQ_INT(far, 0, "crop %d over %s: all windows equally often", (int)crop,
             over_epochs ? "epochs" : "examples");
}

static void check_errors(void)
{
    const struct er_shape image = {28, 20, 1}, row = {1, 1, 784}, line = {1, 28, 1};
    struct er_error err;
    T_STATUS(er_augment_check(&(struct er_augment){.crop = 19, .flip = true}, image, &err), ER_OK, "most");
    T_STATUS(er_augment_check(&(struct er_augment){.crop = 20}, image, &err), ER_E_USAGE, "more");
    T_EQ_STR(err.msg, "crop is 20, and must be from 0 to 19: less than the 28 x 20 pixels of an image",
             "says");
    T_STATUS(er_augment_check(&(struct er_augment){.crop = -1}, image, &err), ER_E_USAGE, "less than none");
    T_STATUS(er_augment_check(&(struct er_augment){.crop = 1}, row, &err), ER_E_USAGE, "a table");
    T_EQ_STR(err.msg, "crop moves the pixels of images; these examples are 1 x 1", "says");
    T_STATUS(er_augment_check(&(struct er_augment){.flip = true}, line, &err), ER_E_USAGE, "a line");
    T_EQ_STR(err.msg, "flip moves the pixels of images; these examples are 1 x 28", "says");
    T_STATUS(er_augment_check(&(struct er_augment){0}, row, &err), ER_OK, "nothing asked of a table");
}

int main(void)
{
    check_content();
    check_paddings();
    check_flip();
    check_draws();
    check_uniform(false, 4);
    check_uniform(true, 4);
    check_uniform(false, 1);
    check_errors();
    return t_done();
}
