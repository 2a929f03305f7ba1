/* The engine of images against plain loops over all pairs of pixels, for programs made by hand: every form of map, odd sizes,
 * strides, all paddings, means in the middle, branches that want different displacements of one node.
 */
#include "math/duals.h"
#include "oracles/limit_pixels.h"
#include "support/made_limit.h"
#include "t.h"

#include <ermine/random.h>

enum { H = 6, W = 5, C = 3 };

static void check_pair(struct made_limit *m, const struct er_limit_points *points, void *scratch,
                       double tolerance, const char *name)
{
    const struct er_limit *limit = &m->limit;
    struct full self[2] = {0}, pair = {0};
    const int64_t D = m->net.n_in;
    double k[4], theta[4], alone[4];
    er_limit_slices.tile(points, 0, 2, points, 2, 2, k, theta, 2, scratch);
    er_limit_slices.tile(points, 0, 2, points, 2, 2, alone, NULL, 2, scratch);
    for (int64_t i = 0; i < 2; i++)
        full_kernel(&m->limit, points->x + i * D, points->x + i * D, &self[i], &self[i], &self[i]);
    for (int64_t i = 0; i < 2; i++) {
        const double *own = points->block + i * limit->point_block + er_limit_self_at(limit);
        T_CLOSE(own[0], *self[i].k[limit->n], 1e-13 * fabs(own[0]), "%s: K of point %d with itself", name,
                (int)i);
        T_CLOSE(own[1], *self[i].t[limit->n], 1e-13 * fabs(own[1]), "%s: Theta of point %d with itself", name,
                (int)i);
    }
    full_kernel(&m->limit, points->x + 2 * D, points->x + 2 * D, &pair, &pair, &pair);
    struct full other;
    for (int64_t i = 0; i < 2; i++) {
        full_kernel(&m->limit, points->x + i * D, points->x + 2 * D, &other, &self[i], &pair);
        T_CLOSE(k[2 * i], *other.k[limit->n], tolerance * fabs(k[2 * i]), "%s: K of points %d and 2", name,
                (int)i);
        T_CLOSE(theta[2 * i], *other.t[limit->n], tolerance * fabs(theta[2 * i]),
                "%s: Theta of points %d and 2", name, (int)i);
        T_OK(fabs(alone[2 * i] - k[2 * i]) <= (tolerance > 1e-10 ? tolerance : 0) * fabs(k[2 * i]),
             "%s: K alone is the same K", name);
        full_free(&other);
    }
    full_free(&self[0]);
    full_free(&self[1]);
    full_free(&pair);
}

static void set_dual(struct made_limit *m, const struct er_dual *from, const struct er_dual *to)
{
    for (int64_t i = 0; i < m->limit.n; i++)
        if (m->node[i].map.form == ER_KERNEL_POINTWISE && m->node[i].map.dual == from)
            m->node[i].map.dual = to;
}

static bool near(const double *one, const double *two, double tolerance)
{
    for (int i = 0; i < 4; i++)
        if (!(fabs(one[i] - two[i]) <= tolerance * fabs(two[i]))) return false;
    return true;
}

/* Filter and activation in one pass, or one after the other, with a dual that the engine doesn't know by name: the same bits
 * in float64. */
static void check_bits(struct made_limit *m, const struct er_limit_points *points, void *scratch,
                       const char *name)
{
    static struct er_dual unnamed;
    double one[4], two[4], theta_one[4], theta_two[4];
    unnamed = er_dual_abrelu;
    set_dual(m, &er_dual_abrelu, &unnamed);
    er_limit_slices.tile(points, 0, 2, points, 2, 2, one, theta_one, 2, scratch);
    set_dual(m, &unnamed, &er_dual_abrelu);
    er_limit_slices.tile(points, 0, 2, points, 2, 2, two, theta_two, 2, scratch);
    const double tolerance = m->limit.slices->float32 ? 1e-6 : 0;
    T_OK(near(one, two, tolerance), "%s: K the same", name);
    T_OK(near(theta_one, theta_two, tolerance), "%s: Theta the same", name);
}

static void open_points(struct made_limit *m, struct er_limit_points *points, int64_t n, void **scratch)
{
    struct er_limit *limit = &m->limit;
    *points = (struct er_limit_points){.limit = limit, .n = n};
    double *x = er_alloc(n * m->net.n_in, sizeof *x);
    points->x = x;
    points->block = er_alloc(n * limit->point_block, sizeof *points->block);
    *scratch = er_alloc((int64_t)er_limit_slices.scratch_bytes(limit), 1);
    struct er_random r = er_random_open(7, er_stream(ER_PURPOSE_TEST, 70));
    for (int64_t i = 0; i < n * m->net.n_in; i++) x[i] = er_random_normal(&r);
    er_limit_slices.prepare(limit, n, x, true, points->block, *scratch);
}

static void close_points(struct er_limit_points *points, void *scratch)
{
    er_free((void *)(uintptr_t)points->x);
    er_free(points->block);
    er_free(scratch);
}

/* The plan in float32; whether it is one. */
static bool plan_float32(struct er_limit *limit)
{
    struct er_error err = {0};
    er_slices_free(limit->slices);
    limit->slices = NULL;
    limit->options.float32 = true;
    return er_slices_new(limit, ER_SLICE_STORED, &limit->slices, &err) == ER_OK && limit->slices &&
           limit->slices->float32;
}

/* Means that are not stored: as many displacements as they need at a time. */
static void check_unstored(struct made_limit *m, const char *name)
{
    struct er_limit_points points;
    struct er_error err = {0};
    void *scratch;
    er_slices_free(m->limit.slices);
    m->limit.options.float32 = false;
    if (!T_OK(er_slices_new(&m->limit, 0, &m->limit.slices, &err) == ER_OK, "there is a plan")) return;
    open_points(m, &points, 4, &scratch);
    check_pair(m, &points, scratch, 1e-13, name);
    close_points(&points, scratch);
}

static void check(struct made_limit *m, const char *name)
{
    struct er_limit *limit = &m->limit;
    struct er_limit_points points;
    void *scratch;
    if (!T_OK(made_finish(m), "there is a plan")) return;
    open_points(m, &points, 4, &scratch);
    check_pair(m, &points, scratch, 1e-13, name);
    set_dual(m, &plain_relu, &er_dual_abrelu);
    check_pair(m, &points, scratch, 1e-13, name);
    check_bits(m, &points, scratch, name);
    if (plan_float32(limit)) {
        check_pair(m, &points, scratch, 1e-5, name);
        check_bits(m, &points, scratch, name);
    }
    close_points(&points, scratch);
    for (int64_t i = 0; i < limit->n; i++)
        if (limit->slices->store[i].y) {
            check_unstored(m, name);
            break;
        }
    er_slices_free(limit->slices);
}

/* Images of several vectors a row, and of rows that begin inside of vectors. */
static void check_wide(int64_t height, int64_t width, bool tangent)
{
    struct made_limit m;
    struct er_limit_points points;
    void *scratch;
    made_start(&m, height, width, 1);
    made_conv(&m, 3, 1, ER_PADDING_SAME);
    made_relu(&m, &er_dual_abrelu);
    made_conv(&m, 3, 1, ER_PADDING_SAME);
    made_relu(&m, &er_dual_abrelu);
    made_global_mean(&m);
    made_dense(&m, made_last(&m));
    for (int64_t i = 0; tangent && i < m.limit.n; i++) {
        m.node[i].map.tangent_w = m.node[i].map.w;
        m.node[i].map.tangent_b = m.node[i].map.b;
    }
    if (!T_OK(made_finish(&m), "there is a plan")) return;
    open_points(&m, &points, 4, &scratch);
    check_bits(&m, &points, scratch, "wide, float64");
    if (plan_float32(&m.limit)) check_bits(&m, &points, scratch, "wide, float32");
    er_slices_free(m.limit.slices);
    close_points(&points, scratch);
}

static void test_wide(void)
{
    check_wide(5, 32, true);
    check_wide(4, 32, false);
    check_wide(20, 13, true);
    check_wide(3, 50, false);
}

static void test_plain(void)
{
    struct made_limit m;
    made_start(&m, H, W, C);
    made_layer(&m, 3);
    made_layer(&m, 3);
    made_layer(&m, 2);
    made_global_mean(&m);
    made_dense(&m, made_last(&m));
    check(&m, "same, global mean");

    made_start(&m, H, W, C);
    made_layer(&m, 3);
    made_layer(&m, 5);
    made_dense(&m, made_last(&m));
    made_relu(&m, &plain_relu);
    made_dense(&m, made_last(&m));
    check(&m, "same, flat, a tail");

    made_start(&m, 1, 9, 1);
    made_layer(&m, 3);
    made_windows(&m, ER_KERNEL_AFFINE, made_last(&m), 1, 3, 1, 2, ER_PADDING_SAME);
    made_relu(&m, &table_relu);
    made_global_mean(&m);
    made_dense(&m, made_last(&m));
    check(&m, "a sequence, dilation, tables");
}

static void test_paddings(void)
{
    struct made_limit m;
    made_start(&m, H, W, C);
    made_conv(&m, 3, 1, ER_PADDING_CIRCULAR);
    made_relu(&m, &plain_relu);
    made_conv(&m, 2, 1, ER_PADDING_VALID);
    made_relu(&m, &plain_relu);
    made_global_mean(&m);
    made_dense(&m, made_last(&m));
    check(&m, "circular, then valid");

    made_start(&m, H, W, C);
    made_conv(&m, 3, 2, ER_PADDING_SAME);
    made_relu(&m, &plain_relu);
    made_layer(&m, 3);
    made_global_mean(&m);
    made_dense(&m, made_last(&m));
    check(&m, "strides");

    made_start(&m, H, W, C);
    made_conv(&m, 3, 2, ER_PADDING_CIRCULAR);
    made_relu(&m, &table_relu);
    made_layer(&m, 3);
    made_global_mean(&m);
    made_dense(&m, made_last(&m));
    check(&m, "circular with stride, tables");

    made_start(&m, 3, 3, C);
    made_conv(&m, 3, 1, ER_PADDING_VALID);
    made_relu(&m, &plain_relu);
    made_dense(&m, made_last(&m));
    check(&m, "valid to one pixel: no sums");
}

static void test_means(void)
{
    struct made_limit m;
    made_start(&m, H, W, C);
    made_layer(&m, 3);
    made_pool(&m, 2, 2, ER_PADDING_VALID, true);
    made_layer(&m, 3);
    made_global_mean(&m);
    made_dense(&m, made_last(&m));
    check(&m, "a mean in the middle");

    made_start(&m, H, W, C);
    made_layer(&m, 3);
    made_pool(&m, 3, 2, ER_PADDING_SAME, false);
    made_conv(&m, 1, 1, ER_PADDING_SAME);
    made_pool(&m, 2, 1, ER_PADDING_CIRCULAR, true);
    made_layer(&m, 3);
    made_dense(&m, made_last(&m));
    check(&m, "means of all paddings, flat");

    made_start(&m, H, W, C);
    made_layer(&m, 3);
    made_pool(&m, 2, 2, ER_PADDING_SAME, true);
    made_pool(&m, 3, 3, ER_PADDING_SAME, true);
    made_dense(&m, made_last(&m));
    check(&m, "means down to one pixel");

    made_start(&m, 2, 2, C);
    made_layer(&m, 3);
    made_pool(&m, 3, 2, ER_PADDING_SAME, false);
    made_dense(&m, made_last(&m));
    check(&m, "a mean over a window that leaves the image");
}

static void test_branches(void)
{
    struct made_limit m;
    made_start(&m, H, W, C);
    made_conv(&m, 3, 1, ER_PADDING_SAME);
    const int64_t before = made_last(&m);
    made_relu(&m, &plain_relu);
    made_conv(&m, 3, 1, ER_PADDING_SAME);
    made_add(&m, ER_KERNEL_SUM, before, made_last(&m));
    made_relu(&m, &plain_relu);
    const int64_t fork = made_last(&m);
    made_conv(&m, 3, 2, ER_PADDING_SAME);
    const int64_t one = made_last(&m);
    made_windows(&m, ER_KERNEL_AFFINE, fork, 1, 1, 2, 1, ER_PADDING_SAME);
    made_add(&m, ER_KERNEL_SUM, one, made_last(&m));
    made_relu(&m, &plain_relu);
    made_global_mean(&m);
    made_dense(&m, made_last(&m));
    check(&m, "residual, with a stride");

    made_start(&m, H, W, C);
    made_layer(&m, 3);
    const int64_t shared = made_last(&m);
    made_conv(&m, 3, 2, ER_PADDING_SAME);
    const int64_t strided = made_last(&m);
    made_windows(&m, ER_KERNEL_AVERAGE, shared, 2, 2, 2, 1, ER_PADDING_SAME);
    made_add(&m, ER_KERNEL_CONCAT, made_last(&m), strided);
    made_conv(&m, 3, 1, ER_PADDING_SAME);
    made_relu(&m, &plain_relu);
    const int64_t joined = made_last(&m);
    made_global_mean(&m);
    const int64_t pooled = made_last(&m);
    made_dense(&m, joined);
    made_add(&m, ER_KERNEL_CONCAT, pooled, made_last(&m));
    made_dense(&m, made_last(&m));
    check(&m, "a mean beside a stride; two sums");
}

static void test_others(void)
{
    struct made_limit m;
    made_start(&m, H, W, C);
    made_conv(&m, 3, 1, ER_PADDING_SAME);
    struct er_kernel_map *map = made_add(&m, ER_KERNEL_NORMALISE, made_last(&m), -2);
    map->epsilon = 0.1;
    made_relu(&m, &plain_relu);
    made_conv(&m, 3, 1, ER_PADDING_SAME);
    made_add(&m, ER_KERNEL_NORMALISE, made_last(&m), -2)->over_all = true;
    made_relu(&m, &plain_relu);
    made_add(&m, ER_KERNEL_DROPOUT, made_last(&m), -2)->keep = 0.8;
    made_add(&m, ER_KERNEL_SCALE, made_last(&m), -2)->w = 0.7;
    const int64_t at = made_last(&m);
    made_conv(&m, 3, 1, ER_PADDING_SAME);
    made_relu(&m, &table_relu);
    made_add(&m, ER_KERNEL_PRODUCT, at, made_last(&m));
    made_conv(&m, 1, 1, ER_PADDING_SAME);
    made_add(&m, ER_KERNEL_DROPOUT, made_last(&m), -2)->keep = 0.5;
    made_global_mean(&m);
    made_dense(&m, made_last(&m));
    made_relu(&m, &plain_relu);
    made_add(&m, ER_KERNEL_DROPOUT, made_last(&m), -2)->keep = 0.5;
    made_dense(&m, made_last(&m));
    check(&m, "norms, dropout, scale, product");
}

static void test_memory(void)
{
    struct made_limit m;
    struct er_error err = {0};
    made_start(&m, H, W, C);
    made_layer(&m, 3);
    made_pool(&m, 2, 2, ER_PADDING_SAME, true);
    made_layer(&m, 3);
    made_global_mean(&m);
    made_dense(&m, made_last(&m));
    if (!T_OK(made_finish(&m), "there is a plan")) return;
    er_slices_free(m.limit.slices);
    T_ALLOCATIONS(er_slices_new(&m.limit, ER_SLICE_STORED, &m.limit.slices, &err),
                  er_slices_free(m.limit.slices), "a plan out of memory");
}

int main(void)
{
    test_plain();
    test_paddings();
    test_means();
    test_branches();
    test_others();
    test_wide();
    test_memory();
    return t_done();
}
