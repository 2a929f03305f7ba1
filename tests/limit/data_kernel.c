/* The product of a tile's points against its sums; matrices whose rows begin on lines of cache, which are stored past it,
 * against others. */
#include "t.h"

#include "limit/data_kernel.h"
#include "limit/program.h"
#include "support/vectors.h"

#include <float.h>
#include <string.h>

enum { MOST = ER_DATA_KERNEL_MOST, D_MOST = 300 };

static struct er_error err;

/* The largest distance from the sums, in roundings: one for each product and one for its sum, the factor's two. */
static double worst(int64_t rows, int64_t columns, int64_t d, const double *x, const double *y,
                    const double *k)
{
    double most = 0;
    for (int64_t i = 0; i < rows; i++)
        for (int64_t j = 0; j < columns; j++) {
            long double sum = 0, size = 0;
            for (int64_t p = 0; p < d; p++) {
                sum += (long double)x[i * d + p] * y[j * d + p];
                size += fabs(x[i * d + p] * y[j * d + p]);
            }
            const double roundings = (double)(2 * d + 2) * DBL_EPSILON * (double)(size / d);
            most = fmax(most, fabs(k[i * MOST + j] - (double)(sum / d)) / roundings);
        }
    return most;
}

static void products(const double *x)
{
    static const int64_t size[][3] = {{1, 1, 1},    {1, 17, 7},    {8, 16, 8},       {9, 8, 127},
                                      {7, 15, 128}, {23, 33, 129}, {MOST, 128, 255}, {121, 113, D_MOST}};
    double *k = needed(MOST * MOST, sizeof *k), *turned = needed(MOST * MOST, sizeof *turned),
           *scratch = needed(ER_DATA_KERNEL_SCRATCH, sizeof *scratch);
    for (size_t s = 0; s < sizeof size / sizeof size[0]; s++) {
        const int64_t rows = size[s][0], columns = size[s][1], d = size[s][2];
        const double *y = x + MOST * d;
        memset(k, 0xff, MOST * MOST * sizeof *k);
        er_data_kernel(rows, columns, d, x, y, k, scratch);
        const double found = worst(rows, columns, d, x, y, k);
        T_OK(found <= 1, "%d x %d of %d values: %g", (int)rows, (int)columns, (int)d, found);
        er_data_kernel(columns, rows, d, y, x, turned, scratch);
        T_OK(worst(columns, rows, d, y, x, turned) <= 1, "exchanged");
    }
    er_free(k);
    er_free(turned);
    er_free(scratch);
}

/* K, and Theta behind it, of n points. */
static double *kernels_of(const struct er_limit *limit, int64_t n, const double *x)
{
    struct er_pool *pool = NULL;
    double *k = needed(2 * n * n, sizeof *k);
    T_STATUS(er_pool_new(1, &pool, &err), ER_OK, "a pool");
    struct er_limit_points *points = vectors_prepared(limit, n, x, pool);
    T_STATUS(er_limit_kernel(points, NULL, k, k + n * n, pool, NULL, &err), ER_OK, "kernels");
    er_limit_points_free(points);
    er_pool_free(pool);
    return k;
}

/* The same entries in matrices of 136 and of 137 points: bit by bit in the first tile, to rounding in one that is cut. */
static void rows_on_lines(const double *x)
{
    enum { N = 136, M = N + 1 };
    struct er_limit *limit = vectors_limit("[dense 8, relu, dense 1]", true);
    double *on = kernels_of(limit, N, x), *off = kernels_of(limit, M, x);
    for (int64_t l = 0; l < 2; l++)
        for (int64_t i = 0; i < N; i++)
            for (int64_t j = 0; j < N; j++) {
                const double a = on[(l * N + i) * N + j], b = off[(l * M + i) * M + j];
                const double tolerance = i < MOST && j < MOST ? 0 : 1024 * DBL_EPSILON;
                T_OK(fabs(a - b) <= tolerance, "%d, %d of %s: %.17g, %.17g", (int)i, (int)j,
                     l ? "Theta" : "K", a, b);
            }
    er_limit_free(limit);
    er_free(on);
    er_free(off);
}

int main(void)
{
    double *x = needed(2 * MOST * D_MOST, sizeof *x);
    struct er_random r = er_random_open(1, er_stream(ER_PURPOSE_TEST, 0));
    for (int64_t i = 0; i < 2 * MOST * D_MOST; i++) x[i] = er_random_normal(&r);
    products(x);
    rows_on_lines(x);
    er_free(x);
    return t_done();
}
