/* Crops are centred, pooled pixels are means: by hand on tiny images, and against the sum over what is kept. */
#include "t.h"

#include "data/dataset.h"
#include "data/reduce.h"

#include <stdlib.h>

static struct er_error err;

static bool same_bits(const void *a, const void *b, size_t n)
{
    return memcmp(a, b, n) == 0;
}

/* n images whose value at (row, column, channel) is 100 row + 10 column + channel + i / 2. */
static struct er_dataset make(int64_t n, struct er_shape shape)
{
    struct er_dataset set;
    if (er_dataset_new(n, shape, 2, &set, NULL) != ER_OK) exit(1);
    float *x = set.x;
    for (int64_t i = 0; i < n; i++)
        for (int64_t r = 0; r < shape.height; r++)
            for (int64_t q = 0; q < shape.width; q++)
                for (int64_t c = 0; c < shape.channels; c++)
                    *x++ = (float)(100 * r + 10 * q + c) + (float)i / 2;
    return set;
}

static void check_crop(void)
{
    static const struct {
        int64_t height, width, crop, top, left;
    } c[] = {{4, 4, 2, 1, 1}, {5, 4, 2, 1, 1}, {5, 5, 3, 1, 1}, {5, 5, 2, 1, 1},
             {4, 7, 4, 0, 1}, {3, 3, 3, 0, 0}, {6, 6, 1, 2, 2}, {32, 32, 28, 2, 2}};
    for (size_t k = 0; k < sizeof c / sizeof *c; k++) {
        struct er_dataset set = make(3, (struct er_shape){c[k].height, c[k].width, 2});
        const int64_t side = c[k].crop;
        int wrong = 0;
        T_STATUS(er_reduce(side, 1, &set, &err), ER_OK, "crop to %d", (int)side);
        T_OK(set.shape.height == side && set.shape.width == side && set.shape.channels == 2, "its shape");
        for (int64_t i = 0; i < 3; i++)
            for (int64_t r = 0; r < side; r++)
                for (int64_t q = 0; q < side; q++)
                    for (int64_t ch = 0; ch < 2; ch++) {
                        const int64_t place = 100 * (c[k].top + r) + 10 * (c[k].left + q) + ch;
                        wrong += set.x[((i * side + r) * side + q) * 2 + ch] != (float)place + (float)i / 2;
                    }
        T_EQ_INT(wrong, 0, "%d x %d: the middle %d x %d", (int)c[k].height, (int)c[k].width, (int)side,
                 (int)side);
        er_dataset_clear(&set);
    }
}

static void check_pool(void)
{
    static const float image[4 * 4] = {1, 3, 0, 4, 5, 7, 8, 0, 1, 1, 2, 2, 1, 1, 2, 6};
    static const float want[4] = {4, 3, 1, 3};
    struct er_dataset set = make(1, (struct er_shape){4, 4, 1});
    memcpy(set.x, image, sizeof image);
    T_STATUS(er_reduce(0, 2, &set, &err), ER_OK, "means of 2 x 2");
    T_OK(set.shape.height == 2 && set.shape.width == 2, "their shape");
    T_OK(same_bits(set.x, want, sizeof want), "the means");
    T_STATUS(er_reduce(0, 2, &set, &err), ER_OK, "and again");
    T_CLOSE(set.x[0], 44 / 16.0, 0, "the mean of all");
    er_dataset_clear(&set);
    /* a mean of values linear in row and column is the value at the middle of the square */
    set = make(2, (struct er_shape){6, 9, 3});
    T_STATUS(er_reduce(0, 3, &set, &err), ER_OK, "means of 3 x 3 in three channels");
    double off = 0;
    for (int64_t i = 0; i < 2; i++)
        for (int64_t r = 0; r < 2; r++)
            for (int64_t q = 0; q < 3; q++)
                for (int64_t c = 0; c < 3; c++) {
                    const double middle =
                        100 * (3 * (double)r + 1) + 10 * (3 * (double)q + 1) + (double)c + (double)i / 2;
                    off = fmax(off, fabs((double)set.x[((i * 2 + r) * 3 + q) * 3 + c] - middle));
                }
    T_CLOSE(off, 0, 500 * 6e-8, "each channel by itself, rounded once to float32");
    er_dataset_clear(&set);
}

/* The crop comes first: the middle 4 x 4 of 6 x 6, then its quarters. */
static void check_both(void)
{
    struct er_dataset set = make(1, (struct er_shape){6, 6, 1});
    T_STATUS(er_reduce(4, 2, &set, &err), ER_OK, "crop and pool");
    T_OK(set.x[0] == 165 && set.x[1] == 185 && set.x[2] == 365 && set.x[3] == 385, "in this order");
    er_dataset_clear(&set);
}

static void check_refused(void)
{
    static const struct {
        struct er_shape shape;
        int64_t crop, pool;
        const char *parameter, *says;
    } bad[] = {
        {{28, 28, 1}, 29, 1, "crop", "29 x 29 positions, of images of 28 x 28"},
        {{8, 6, 1}, 7, 1, "crop", "of images of 8 x 6"},
        {{28, 28, 1}, -1, 1, "crop", "-1 x -1"},
        {{28, 28, 1}, 0, 3, "pool", "3 x 3 positions, which don't divide 28 x 28"},
        {{28, 28, 1}, 27, 2, "pool", "don't divide 27 x 27"},
        {{28, 28, 1}, 0, -2, "pool", "-2 x -2"},
        {{4, 4, 1}, 0, 8, "pool", "8 x 8 positions, which don't divide 4 x 4"},
        {{1, 1, 64}, 4, 1, "crop", "a crop needs images"},
        {{1, 1, 64}, 0, 4, "pool", "a pool needs images"},
    };
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
        struct er_shape shape = bad[k].shape;
        const char *parameter = "";
        T_STATUS(er_reduced_shape(bad[k].crop, bad[k].pool, &shape, &parameter, &err), ER_E_USAGE, "case %d",
                 (int)k);
        T_OK(strstr(err.msg, bad[k].says), "\"%s\": %s", bad[k].says, err.msg);
        T_EQ_STR(parameter, bad[k].parameter, "the one at fault");
        T_OK(er_shape_size(shape) == er_shape_size(bad[k].shape), "nothing changed");
    }
}

static enum er_status reduce(struct er_dataset *set)
{
    *set = (struct er_dataset){0};
    enum er_status status = er_dataset_new(3, (struct er_shape){4, 4, 1}, 2, set, &err);
    if (status == ER_OK) status = er_reduce(2, 2, set, &err);
    if (status != ER_OK) er_dataset_clear(set);
    return status;
}

int main(void)
{
    struct er_dataset set;
    check_crop();
    check_pool();
    check_both();
    check_refused();
    T_ALLOCATIONS(reduce(&set), er_dataset_clear(&set), "every allocation");
    return t_done();
}
