/* The engine of images against plain loops over all pairs of pixels, in float64, for programs made by hand: every form of map,
 * odd sizes, strides, all paddings, means in the middle, branches that want different displacements of one node.
 */
#include "limit/slice_plan.h"
#include "math/duals.h"
#include "t.h"

#include <ermine/random.h>

enum { MOST_NODES = 24, H = 6, W = 5, C = 3 };

/* A relu that is written down plainly; its table is the variance itself. */
static void relu_pair(int64_t n, const double *q1, int64_t step1, const double *q2, int64_t step2, double *k,
                      double *theta)
{
    for (int64_t i = 0; i < n; i++) {
        const double c = k[i], det = fmax(q1[i * step1] * q2[i * step2] - c * c, 0);
        const double angle = det > 0 || c != 0 ? atan2(sqrt(det), c) : M_PI / 2,
                     slope = (M_PI - angle) / (2 * M_PI);
        k[i] = sqrt(det) / (2 * M_PI) + slope * c;
        if (theta) theta[i] *= slope;
    }
}
static void plain_pair(const double *p, int64_t n, const struct er_dual_side *one,
                       const struct er_dual_side *two, double *k, double *theta)
{
    (void)p;
    relu_pair(n, one->q, one->step, two->q, two->step, k, theta);
}
static void table_pair(const double *p, int64_t n, const struct er_dual_side *one,
                       const struct er_dual_side *two, double *k, double *theta)
{
    (void)p;
    relu_pair(n, one->table + 1, 2 * one->step, two->table + 1, 2 * two->step, k, theta);
}
static void table_prepare(const double *p, int64_t n, const double *q, double *table)
{
    (void)p;
    for (int64_t i = 0; i < n; i++) {
        table[2 * i] = (double)NAN;
        table[2 * i + 1] = q[i];
    }
}
static void relu_self(const double *p, int64_t n, const double *q, const double *table, double *k,
                      double *theta)
{
    (void)p;
    (void)table;
    for (int64_t i = 0; i < n; i++) {
        if (theta) theta[i] *= q[i] > 0 ? 0.5 : 0.25;
        k[i] = q[i] / 2;
    }
}
static void plain_pair32(const double *p, int64_t n, const struct er_dual_side32 *one,
                         const struct er_dual_side32 *two, float *k, float *theta)
{
    for (int64_t i = 0; i < n; i++) {
        const double q1 = (double)one->q[i * one->step], q2 = (double)two->q[i * two->step];
        const struct er_dual_side a = {&q1, NULL, 1}, b = {&q2, NULL, 1};
        double c = (double)k[i], t = theta ? (double)theta[i] : 0;
        plain_pair(p, 1, &a, &b, &c, &t);
        k[i] = (float)c;
        if (theta) theta[i] = (float)t;
    }
}
static const struct er_dual plain_relu = {
    .slope = true, .pair = plain_pair, .self = relu_self, .pair32 = plain_pair32};
static const struct er_dual table_relu = {
    .width = 2, .slope = true, .prepare = table_prepare, .pair = table_pair, .self = relu_self};

/* A program by hand. */
struct made {
    struct er_limit limit;
    struct er_net net;
    struct er_limit_node node[MOST_NODES];
    int64_t from[MOST_NODES][2];
    struct er_layer layer[MOST_NODES];
    struct er_shape branch[MOST_NODES][2];
};

static void start(struct made *m, int64_t height, int64_t width, int64_t channels)
{
    *m = (struct made){.net.n_in = height * width * channels};
    m->limit = (struct er_limit){.net = &m->net, .node = m->node, .input = {height, width, channels}};
    m->limit.options.ntk = true;
}

static struct er_kernel_map *add(struct made *m, enum er_kernel_form form, int64_t one, int64_t two)
{
    const int64_t i = m->limit.n++;
    struct er_limit_node *node = &m->node[i];
    m->from[i][0] = one;
    m->from[i][1] = two;
    *node = (struct er_limit_node){.map.form = form,
                                   .layer = &m->layer[i],
                                   .from = m->from[i],
                                   .n_from = two < -1 ? 1 : 2,
                                   .height = er_limit_height(&m->limit, one),
                                   .width = er_limit_width(&m->limit, one),
                                   .variances_at = -1,
                                   .tables_at = -1};
    m->branch[i][0].channels = 2;
    m->branch[i][1].channels = 6;
    m->layer[i].branch = m->branch[i];
    return &node->map;
}

static int64_t last(const struct made *m)
{
    return m->limit.n - 1;
}

/* The window of `rows` x `columns` on node `from` (-1: the data). */
static void windows(struct made *m, enum er_kernel_form form, int64_t from, int64_t rows, int64_t columns,
                    int64_t stride, int64_t dilation, enum er_padding padding)
{
    struct er_kernel_map *map = add(m, form, from, -2);
    const struct er_window y = {.in = er_limit_height(&m->limit, from),
                                .size = rows,
                                .stride = stride,
                                .dilation = dilation,
                                .padding = padding};
    map->rows = map->columns = y;
    map->columns.in = er_limit_width(&m->limit, from);
    map->columns.size = columns;
    if (!er_window_fit(&map->rows) || !er_window_fit(&map->columns)) exit(2);
    map->w = 1.7;
    map->b = 0.2;
    map->tangent_w = 1.1;
    map->tangent_b = 0.3;
    m->node[last(m)].height = map->rows.out;
    m->node[last(m)].width = map->columns.out;
}

static void conv(struct made *m, int64_t size, int64_t stride, enum er_padding padding)
{
    windows(m, ER_KERNEL_AFFINE, last(m), size, size, stride, 1, padding);
}

static void pool(struct made *m, int64_t size, int64_t stride, enum er_padding padding, bool counts)
{
    windows(m, ER_KERNEL_AVERAGE, last(m), size, size, stride, 1, padding);
    m->node[last(m)].map.counts_padding = counts;
}

static void relu(struct made *m, const struct er_dual *dual)
{
    struct er_kernel_map *map = add(m, ER_KERNEL_POINTWISE, last(m), -2);
    map->dual = dual;
    map->parameter[1] = 1;
}

static void layer(struct made *m, int64_t size)
{
    conv(m, size, 1, ER_PADDING_SAME);
    relu(m, &plain_relu);
}

static void dense(struct made *m, int64_t from)
{
    struct er_kernel_map *map = add(m, ER_KERNEL_AFFINE, from, -2);
    map->all_pixels = true;
    map->w = 1.3;
    map->b = 0.1;
    map->tangent_w = 2.3;
    map->tangent_b = 0.7;
    m->node[last(m)].height = m->node[last(m)].width = 1;
}

static void global_mean(struct made *m)
{
    const int64_t from = last(m);
    struct er_kernel_map *map = add(m, ER_KERNEL_AVERAGE, from, -2);
    map->rows = (struct er_window){.in = er_limit_height(&m->limit, from),
                                   .size = er_limit_height(&m->limit, from),
                                   .stride = 1,
                                   .dilation = 1,
                                   .padding = ER_PADDING_VALID};
    map->columns = map->rows;
    map->columns.in = map->columns.size = er_limit_width(&m->limit, from);
    if (!er_window_fit(&map->rows) || !er_window_fit(&map->columns)) exit(2);
    m->node[last(m)].height = m->node[last(m)].width = 1;
}

static bool finish(struct made *m)
{
    int64_t at = 0;
    for (int64_t i = 0; i < m->limit.n; i++) {
        struct er_limit_node *node = &m->node[i];
        if (node->map.form != ER_KERNEL_POINTWISE && node->map.form != ER_KERNEL_NORMALISE) continue;
        const int64_t pixels = er_limit_pixels(&m->limit, node->from[0]);
        node->variances_at = at;
        at += pixels;
        if (node->map.form == ER_KERNEL_NORMALISE || !node->map.dual->width) continue;
        node->tables_at = at;
        at += pixels * node->map.dual->width;
    }
    m->limit.point_block = at + 2;
    struct er_error err = {0};
    return T_OK(er_slices_new(&m->limit, &m->limit.slices, &err) == ER_OK, "there is a plan");
}

/* Plain loops: K and Theta of all pairs of pixels of every node. q: the variances, K(x,x) and K(x',x') in full. */
struct full {
    double *k[MOST_NODES + 1], *t[MOST_NODES + 1]; /* by node + 1 */
};

static int64_t tap(const struct er_window *w, int64_t i, int64_t a)
{
    int64_t p = i * w->stride + a * w->dilation - w->before;
    if (w->padding == ER_PADDING_CIRCULAR) return ((p % w->in) + w->in) % w->in;
    return p < 0 || p >= w->in ? -1 : p;
}

static double window_size(const struct er_window *w, int64_t i, bool counts)
{
    double n = 0;
    for (int64_t a = 0; a < w->size; a++) n += counts || tap(w, i, a) >= 0;
    return n;
}

/* A window's sum at pixels p and q. */
static double window_sum(const struct er_kernel_map *map, int64_t width, int64_t in_width, const double *in,
                         int64_t p, int64_t q)
{
    const struct er_window *y = &map->rows, *x = &map->columns;
    const bool both = map->form == ER_KERNEL_AVERAGE;
    const int64_t in_pixels = y->in * in_width, py = p / width, px = p % width, qy = q / width,
                  qx = q % width;
    double sum = 0;
    for (int64_t a = 0; a < y->size; a++)
        for (int64_t b = 0; b < x->size; b++)
            for (int64_t c = both ? 0 : a; c < (both ? y->size : a + 1); c++)
                for (int64_t d = both ? 0 : b; d < (both ? x->size : b + 1); d++) {
                    const int64_t i = tap(y, py, a), j = tap(x, px, b), k = tap(y, qy, c), l = tap(x, qx, d);
                    if (i < 0 || j < 0 || k < 0 || l < 0) continue;
                    sum += in[(i * in_width + j) * in_pixels + k * in_width + l];
                }
    if (!both) return sum / (double)(y->size * x->size);
    return sum / (window_size(y, py, map->counts_padding) * window_size(x, px, map->counts_padding) *
                  window_size(y, qy, map->counts_padding) * window_size(x, qx, map->counts_padding));
}

static double norm_of(const struct er_kernel_map *map, const double *k, int64_t pixels, int64_t p)
{
    double v = 0;
    for (int64_t i = 0; i < pixels; i++) v += k[i * pixels + i] / (double)pixels;
    return sqrt(map->epsilon + (map->over_all ? v : k[p * pixels + p]));
}

/* Entry (p, q) of node i; self1, self2: the full kernels of each point alone. */
static void full_entry(const struct made *m, struct full *f, const struct full *self1,
                       const struct full *self2, int64_t i, int64_t p, int64_t q)
{
    const struct er_limit_node *node = &m->node[i];
    const struct er_kernel_map *map = &node->map;
    const int64_t from = node->from[0], pixels = node->height * node->width, at = p * pixels + q;
    const int64_t before = er_limit_pixels(&m->limit, from);
    const bool same = self1 == f && p == q;
    double *k = &f->k[i + 1][at], *t = &f->t[i + 1][at];
    const double *in_k = f->k[from + 1], *in_t = f->t[from + 1];
    const double *q1 = self1->k[from + 1], *q2 = self2->k[from + 1];
    if (map->form != ER_KERNEL_AFFINE && map->form != ER_KERNEL_AVERAGE) {
        *k = in_k[at];
        *t = in_t[at];
    }
    switch (map->form) {
    case ER_KERNEL_AFFINE:
        *k = *t = 0;
        for (int64_t e = 0; map->all_pixels && e < before; e++) {
            *k += in_k[e * before + e] / (double)before;
            *t += in_t[e * before + e] / (double)before;
        }
        if (!map->all_pixels) {
            *k = window_sum(map, node->width, er_limit_width(&m->limit, from), in_k, p, q);
            *t = window_sum(map, node->width, er_limit_width(&m->limit, from), in_t, p, q);
        }
        *t = map->w * *t + map->tangent_w * *k + map->tangent_b;
        *k = map->w * *k + map->b;
        break;
    case ER_KERNEL_POINTWISE:
        if (same)
            relu_self(NULL, 1, k, NULL, k, t);
        else
            relu_pair(1, &q1[p * pixels + p], 1, &q2[q * pixels + q], 1, k, t);
        break;
    case ER_KERNEL_SCALE:
        *k *= map->w;
        *t *= map->w;
        break;
    case ER_KERNEL_AVERAGE:
        *k = window_sum(map, node->width, er_limit_width(&m->limit, from), in_k, p, q);
        *t = window_sum(map, node->width, er_limit_width(&m->limit, from), in_t, p, q);
        break;
    case ER_KERNEL_SUM:
        *k += f->k[node->from[1] + 1][at];
        *t += f->t[node->from[1] + 1][at];
        break;
    case ER_KERNEL_PRODUCT:
        *t = *t * f->k[node->from[1] + 1][at] + *k * f->t[node->from[1] + 1][at];
        *k *= f->k[node->from[1] + 1][at];
        break;
    case ER_KERNEL_CONCAT:
        *k = 0.25 * *k + 0.75 * f->k[node->from[1] + 1][at];
        *t = 0.25 * *t + 0.75 * f->t[node->from[1] + 1][at];
        break;
    case ER_KERNEL_NORMALISE: {
        const double r = norm_of(map, q1, pixels, p) * norm_of(map, q2, pixels, q);
        *k /= r;
        *t /= r;
        if (!map->own_pixel || p == q) *t += map->tangent_w * *k + map->tangent_b;
        break;
    }
    case ER_KERNEL_DROPOUT:
        if (same) {
            *k /= map->keep;
            *t /= map->keep;
        }
        break;
    }
}

static void full_free(struct full *f)
{
    for (int64_t i = 0; i <= MOST_NODES; i++) {
        er_free(f->k[i]);
        er_free(f->t[i]);
    }
}

/* self1 == f: a point with itself. */
static void full_kernel(const struct made *m, const double *x1, const double *x2, struct full *f,
                        const struct full *self1, const struct full *self2)
{
    const struct er_shape in = m->limit.input;
    const int64_t P = in.height * in.width;
    *f = (struct full){0};
    for (int64_t i = -1; i < m->limit.n; i++) {
        const int64_t pixels = er_limit_pixels(&m->limit, i);
        f->k[i + 1] = er_alloc(pixels * pixels, sizeof(double));
        f->t[i + 1] = er_alloc(pixels * pixels, sizeof(double));
    }
    for (int64_t p = 0; p < P; p++)
        for (int64_t q = 0; q < P; q++)
            for (int64_t c = 0; c < in.channels; c++)
                f->k[0][p * P + q] += x1[p * in.channels + c] * x2[q * in.channels + c] / (double)in.channels;
    for (int64_t i = 0; i < m->limit.n; i++) {
        const int64_t pixels = er_limit_pixels(&m->limit, i);
        for (int64_t p = 0; p < pixels; p++)
            for (int64_t q = 0; q < pixels; q++) full_entry(m, f, self1, self2, i, p, q);
    }
}

static void check_pair(struct made *m, const struct er_limit_points *points, void *scratch, double tolerance,
                       const char *name)
{
    const struct er_limit *limit = &m->limit;
    struct full self[2] = {0}, pair = {0};
    const int64_t D = m->net.n_in;
    double k[4], theta[4], alone[4];
    er_limit_slices.tile(points, 0, 2, points, 2, 2, k, theta, 2, scratch);
    er_limit_slices.tile(points, 0, 2, points, 2, 2, alone, NULL, 2, scratch);
    for (int64_t i = 0; i < 2; i++)
        full_kernel(m, points->x + i * D, points->x + i * D, &self[i], &self[i], &self[i]);
    for (int64_t i = 0; i < 2; i++) {
        const double *own = points->block + i * limit->point_block + er_limit_self_at(limit);
        T_CLOSE(own[0], *self[i].k[limit->n], 1e-13 * fabs(own[0]), "%s: K of point %d with itself", name,
                (int)i);
        T_CLOSE(own[1], *self[i].t[limit->n], 1e-13 * fabs(own[1]), "%s: Theta of point %d with itself", name,
                (int)i);
    }
    full_kernel(m, points->x + 2 * D, points->x + 2 * D, &pair, &pair, &pair);
    struct full other;
    for (int64_t i = 0; i < 2; i++) {
        full_kernel(m, points->x + i * D, points->x + 2 * D, &other, &self[i], &pair);
        T_CLOSE(k[2 * i], *other.k[limit->n], tolerance * fabs(k[2 * i]), "%s: K of points %d and 2", name,
                (int)i);
        T_CLOSE(theta[2 * i], *other.t[limit->n], tolerance * fabs(theta[2 * i]),
                "%s: Theta of points %d and 2", name, (int)i);
        T_OK(alone[2 * i] == k[2 * i], "%s: K alone is the same K", name);
        full_free(&other);
    }
    full_free(&self[0]);
    full_free(&self[1]);
    full_free(&pair);
}

static void set_dual(struct made *m, const struct er_dual *from, const struct er_dual *to)
{
    for (int64_t i = 0; i < m->limit.n; i++)
        if (m->node[i].map.form == ER_KERNEL_POINTWISE && m->node[i].map.dual == from)
            m->node[i].map.dual = to;
}

/* Filter and activation in one pass, or one after the other: a dual that the engine doesn't know by name. */
static void check_bits(struct made *m, const struct er_limit_points *points, void *scratch, const char *name)
{
    static struct er_dual unnamed;
    double one[4], two[4], theta_one[4], theta_two[4];
    unnamed = er_dual_abrelu;
    set_dual(m, &er_dual_abrelu, &unnamed);
    er_limit_slices.tile(points, 0, 2, points, 2, 2, one, theta_one, 2, scratch);
    set_dual(m, &unnamed, &er_dual_abrelu);
    er_limit_slices.tile(points, 0, 2, points, 2, 2, two, theta_two, 2, scratch);
    T_OK(memcmp(one, two, sizeof one) == 0, "%s: K to the bit", name);
    T_OK(memcmp(theta_one, theta_two, sizeof theta_one) == 0, "%s: Theta to the bit", name);
}

static void open_points(struct made *m, struct er_limit_points *points, int64_t n, void **scratch)
{
    struct er_limit *limit = &m->limit;
    *points = (struct er_limit_points){.limit = limit, .n = n};
    double *x = er_alloc(n * m->net.n_in, sizeof *x);
    points->x = x;
    points->block = er_alloc(n * limit->point_block, sizeof *points->block);
    *scratch = er_alloc((int64_t)er_limit_slices.scratch_bytes(limit), 1);
    struct er_random r = er_random_open(7, er_stream(ER_PURPOSE_TEST, 70));
    for (int64_t i = 0; i < n * m->net.n_in; i++) x[i] = er_random_normal(&r);
    er_limit_slices.prepare(limit, n, x, points->block, *scratch);
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
    return er_slices_new(limit, &limit->slices, &err) == ER_OK && limit->slices->float32;
}

static void check(struct made *m, const char *name)
{
    struct er_limit *limit = &m->limit;
    struct er_limit_points points;
    void *scratch;
    if (!finish(m)) return;
    open_points(m, &points, 4, &scratch);
    check_pair(m, &points, scratch, 1e-13, name);
    set_dual(m, &plain_relu, &er_dual_abrelu);
    check_pair(m, &points, scratch, 1e-13, name);
    check_bits(m, &points, scratch, name);
    if (plan_float32(limit)) {
        check_pair(m, &points, scratch, 1e-5, name);
        check_bits(m, &points, scratch, name);
    }
    er_slices_free(limit->slices);
    close_points(&points, scratch);
}

/* Images of several vectors a row, and of rows that begin inside of vectors. */
static void check_wide(int64_t height, int64_t width)
{
    struct made m;
    struct er_limit_points points;
    void *scratch;
    start(&m, height, width, 1);
    conv(&m, 3, 1, ER_PADDING_SAME);
    relu(&m, &er_dual_abrelu);
    conv(&m, 3, 1, ER_PADDING_SAME);
    relu(&m, &er_dual_abrelu);
    global_mean(&m);
    dense(&m, last(&m));
    if (!finish(&m)) return;
    open_points(&m, &points, 4, &scratch);
    check_bits(&m, &points, scratch, "wide, float64");
    if (plan_float32(&m.limit)) check_bits(&m, &points, scratch, "wide, float32");
    er_slices_free(m.limit.slices);
    close_points(&points, scratch);
}

static void test_wide(void)
{
    check_wide(5, 32);
    check_wide(20, 13);
    check_wide(3, 50);
}

static void test_plain(void)
{
    struct made m;
    start(&m, H, W, C);
    layer(&m, 3);
    layer(&m, 3);
    layer(&m, 2);
    global_mean(&m);
    dense(&m, last(&m));
    check(&m, "same, global mean");

    start(&m, H, W, C);
    layer(&m, 3);
    layer(&m, 5);
    dense(&m, last(&m));
    relu(&m, &plain_relu);
    dense(&m, last(&m));
    check(&m, "same, flat, a tail");

    start(&m, 1, 9, 1);
    layer(&m, 3);
    windows(&m, ER_KERNEL_AFFINE, last(&m), 1, 3, 1, 2, ER_PADDING_SAME);
    relu(&m, &table_relu);
    global_mean(&m);
    dense(&m, last(&m));
    check(&m, "a sequence, dilation, tables");
}

static void test_paddings(void)
{
    struct made m;
    start(&m, H, W, C);
    conv(&m, 3, 1, ER_PADDING_CIRCULAR);
    relu(&m, &plain_relu);
    conv(&m, 2, 1, ER_PADDING_VALID);
    relu(&m, &plain_relu);
    global_mean(&m);
    dense(&m, last(&m));
    check(&m, "circular, then valid");

    start(&m, H, W, C);
    conv(&m, 3, 2, ER_PADDING_SAME);
    relu(&m, &plain_relu);
    layer(&m, 3);
    global_mean(&m);
    dense(&m, last(&m));
    check(&m, "strides");

    start(&m, H, W, C);
    conv(&m, 3, 2, ER_PADDING_CIRCULAR);
    relu(&m, &table_relu);
    layer(&m, 3);
    global_mean(&m);
    dense(&m, last(&m));
    check(&m, "circular with stride, tables");

    start(&m, 3, 3, C);
    conv(&m, 3, 1, ER_PADDING_VALID);
    relu(&m, &plain_relu);
    dense(&m, last(&m));
    check(&m, "valid to one pixel: no sums");
}

static void test_means(void)
{
    struct made m;
    start(&m, H, W, C);
    layer(&m, 3);
    pool(&m, 2, 2, ER_PADDING_VALID, true);
    layer(&m, 3);
    global_mean(&m);
    dense(&m, last(&m));
    check(&m, "a mean in the middle");

    start(&m, H, W, C);
    layer(&m, 3);
    pool(&m, 3, 2, ER_PADDING_SAME, false);
    conv(&m, 1, 1, ER_PADDING_SAME);
    pool(&m, 2, 1, ER_PADDING_CIRCULAR, true);
    layer(&m, 3);
    dense(&m, last(&m));
    check(&m, "means of all paddings, flat");

    start(&m, H, W, C);
    layer(&m, 3);
    pool(&m, 2, 2, ER_PADDING_SAME, true);
    pool(&m, 3, 3, ER_PADDING_SAME, true);
    dense(&m, last(&m));
    check(&m, "means down to one pixel");

    start(&m, 2, 2, C);
    layer(&m, 3);
    pool(&m, 3, 2, ER_PADDING_SAME, false);
    dense(&m, last(&m));
    check(&m, "a mean over a window that leaves the image");
}

static void test_branches(void)
{
    struct made m;
    start(&m, H, W, C);
    conv(&m, 3, 1, ER_PADDING_SAME);
    const int64_t before = last(&m);
    relu(&m, &plain_relu);
    conv(&m, 3, 1, ER_PADDING_SAME);
    add(&m, ER_KERNEL_SUM, before, last(&m));
    relu(&m, &plain_relu);
    const int64_t fork = last(&m);
    conv(&m, 3, 2, ER_PADDING_SAME);
    const int64_t one = last(&m);
    windows(&m, ER_KERNEL_AFFINE, fork, 1, 1, 2, 1, ER_PADDING_SAME);
    add(&m, ER_KERNEL_SUM, one, last(&m));
    relu(&m, &plain_relu);
    global_mean(&m);
    dense(&m, last(&m));
    check(&m, "residual, with a stride");

    start(&m, H, W, C);
    layer(&m, 3);
    const int64_t shared = last(&m);
    conv(&m, 3, 2, ER_PADDING_SAME);
    const int64_t strided = last(&m);
    windows(&m, ER_KERNEL_AVERAGE, shared, 2, 2, 2, 1, ER_PADDING_SAME);
    add(&m, ER_KERNEL_CONCAT, last(&m), strided);
    conv(&m, 3, 1, ER_PADDING_SAME);
    relu(&m, &plain_relu);
    const int64_t joined = last(&m);
    global_mean(&m);
    const int64_t pooled = last(&m);
    dense(&m, joined);
    add(&m, ER_KERNEL_CONCAT, pooled, last(&m));
    dense(&m, last(&m));
    check(&m, "a mean beside a stride; two sums");
}

static void test_others(void)
{
    struct made m;
    start(&m, H, W, C);
    conv(&m, 3, 1, ER_PADDING_SAME);
    struct er_kernel_map *map = add(&m, ER_KERNEL_NORMALISE, last(&m), -2);
    map->epsilon = 0.1;
    map->tangent_w = 0.4;
    map->tangent_b = 0.6;
    relu(&m, &plain_relu);
    conv(&m, 3, 1, ER_PADDING_SAME);
    map = add(&m, ER_KERNEL_NORMALISE, last(&m), -2);
    map->over_all = map->own_pixel = true;
    map->tangent_w = 0.4;
    map->tangent_b = 0.6;
    relu(&m, &plain_relu);
    add(&m, ER_KERNEL_DROPOUT, last(&m), -2)->keep = 0.8;
    add(&m, ER_KERNEL_SCALE, last(&m), -2)->w = 0.7;
    const int64_t at = last(&m);
    conv(&m, 3, 1, ER_PADDING_SAME);
    relu(&m, &table_relu);
    add(&m, ER_KERNEL_PRODUCT, at, last(&m));
    conv(&m, 1, 1, ER_PADDING_SAME);
    add(&m, ER_KERNEL_DROPOUT, last(&m), -2)->keep = 0.5;
    global_mean(&m);
    dense(&m, last(&m));
    relu(&m, &plain_relu);
    add(&m, ER_KERNEL_DROPOUT, last(&m), -2)->keep = 0.5;
    dense(&m, last(&m));
    check(&m, "norms, dropout, scale, product");
}

static void test_memory(void)
{
    struct made m;
    struct er_error err = {0};
    start(&m, H, W, C);
    layer(&m, 3);
    pool(&m, 2, 2, ER_PADDING_SAME, true);
    layer(&m, 3);
    global_mean(&m);
    dense(&m, last(&m));
    if (!finish(&m)) return;
    er_slices_free(m.limit.slices);
    T_ALLOCATIONS(er_slices_new(&m.limit, &m.limit.slices, &err), er_slices_free(m.limit.slices),
                  "a plan out of memory");
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
