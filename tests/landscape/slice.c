/* Slices: the walk over a plane has the bits of the plain evaluation where it stands still, and its values within
 * rounding where it moves; minima keep theirs; moments that are computed anew; threads change nothing. */
#include "t.h"

#include "support/measured_net.h"
#include "support/small_net.h"

#include <ermine/landscape.h>
#include <ermine/paths.h>

enum { N = 83, D = 12, K = 4, SIDE = 5 };

/* Three networks of a small net: its own, and two beside it. */
struct trio {
    struct small_net s;
    float *w[3];
    struct er_network at[3];
};

static bool trio_open(struct trio *t, const char *text, const char *loss, int64_t n)
{
    *t = (struct trio){0};
    if (!small_net_open(&t->s, text, loss, n, D, K)) return false;
    for (uint64_t k = 0; k < 3; k++) {
        t->w[k] = er_alloc(t->s.P, sizeof(float));
        small_net_draw(20 + k, t->s.P, t->w[k], NULL);
        for (int64_t i = 0; i < t->s.P; i++) t->w[k][i] = t->s.w[i] + (k > 0 ? 0.1f * t->w[k][i] : 0);
        t->at[k] = t->s.network;
        t->at[k].w = t->w[k];
    }
    return true;
}

static void trio_close(struct trio *t)
{
    for (int k = 0; k < 3; k++) er_free(t->w[k]);
    small_net_close(&t->s);
}

static void grid(const struct er_plane *plane, struct er_slice_point *point)
{
    const double wide = plane->minimum[1].a, high = plane->minimum[2].b;
    for (int i = 0; i < SIDE * SIDE; i++) {
        const int column = i % SIDE - 1, row = i / SIDE - 1;
        point[i] = (struct er_slice_point){wide * column / 2, high * row / 2};
    }
}

/* The same bits. */
static bool same(const struct er_slice_measures *a, const struct er_slice_measures *b, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        if (a[i].loss != b[i].loss || a[i].error != b[i].error || a[i].errors != b[i].errors) return false;
    return true;
}

static void plain(const struct trio *t, const struct er_plane *plane, struct er_slice_point p,
                  struct er_network_measures *out)
{
    struct er_error err;
    float *w = er_alloc(t->s.P, sizeof *w);
    for (int64_t i = 0; i < t->s.P; i++)
        w[i] = (float)((double)plane->w[0][i] + p.a * (double)plane->w[1][i] + p.b * (double)plane->w[2][i]);
    struct er_network network = t->s.network;
    network.w = w;
    T_STATUS(er_network_measure(t->s.net, &network, &t->s.set, out, &err), ER_OK, "plain");
    er_free(w);
}

/* Every kind of beginning: dense, dense behind what has no parameters, two affine layers side by side, none at all. */
static const char *const nets[] = {
    "[dense 16, relu, dense]",
    "[dense 16 bias=false, tanh, dense 24, relu, dense]",
    "[relu, dense 16, gelu, dense]",
    "[scale 0.5, concat: [[dense 6, relu], [dense 5, tanh], identity], dense]",
    "[layer_norm, dense 16, relu, dense]",
    "[dense]",
    "[dense 16, batch_norm, relu, dense 8, batch_norm, tanh, dense]",
    "[dropout 0.25, dense 16 init=ntk bias_scale=1, relu, dropout 0.5, dense]",
};

static void check_net(const char *text, const char *loss)
{
    struct trio t;
    struct er_error err;
    struct er_plane plane = {0};
    if (trio_open(&t, text, loss, N)) {
        const struct er_dataset *set = &t.s.set;
        struct er_slice_point point[SIDE * SIDE];
        struct er_slice_measures got[SIDE * SIDE], one;
        struct er_network_measures want;
        T_STATUS(er_plane_through(t.s.net, t.at, 3, &plane, &err), ER_OK, "%s: plane", text);
        grid(&plane, point);
        T_STATUS(er_slice_measure(&plane, &set, 1, NULL, SIDE * SIDE, point, NULL, NULL, got, &err), ER_OK,
                 "%s: slice", text);
        for (int i = 0; i < SIDE * SIDE; i++) {
            plain(&t, &plane, point[i], &want);
            /* float32 sums of D or of 24 terms, each off by a few epsilon, and outputs of size 10 */
            T_CLOSE(got[i].loss, want.loss, 2e-5 * (1 + want.loss), "%s, %s: loss at point %d", text, loss,
                    i);
            T_OK(llabs((long long)(got[i].errors - want.errors)) <= 1, "%s: errors at %d", text, i);
        }
        for (int m = 0; m < 3; m++) {
            const struct er_slice_point at = {plane.minimum[m].a, plane.minimum[m].b};
            T_STATUS(er_network_measure(t.s.net, &t.at[m], set, &want, &err), ER_OK, "minimum");
            T_STATUS(er_slice_measure(&plane, &set, 1, NULL, 1, &at, NULL, NULL, &one, &err), ER_OK,
                     "minimum");
            T_OK(one.loss == want.loss && one.error == want.error && one.errors == want.errors,
                 "%s, %s: minimum %d has its own bits, %.17g for %.17g", text, loss, m, one.loss, want.loss);
        }
        /* without the exception for minima, the walk itself has them at the origin */
        const struct er_slice_point origin = {0, 0};
        plane.minima = 0;
        T_STATUS(er_network_measure(t.s.net, &t.at[0], set, &want, &err), ER_OK, "origin");
        T_STATUS(er_slice_measure(&plane, &set, 1, NULL, 1, &origin, NULL, NULL, &one, &err), ER_OK,
                 "origin");
        T_OK(one.loss == want.loss && one.errors == want.errors,
             "%s, %s: bits at the origin, %.17g for %.17g", text, loss, one.loss, want.loss);
    }
    er_plane_clear(&plane);
    trio_close(&t);
}

/* Images: a convolution first, one behind pooling, two side by side. A line, whose one end is the initial network. */
static const char *const image_nets[] = {
    "[conv 4 3x3, relu, max_pool 2, flatten, dense]",
    "[avg_pool 2, conv 5 3x3 padding=same, batch_norm, relu, global_avg_pool, dense]",
    "[concat: [[conv 3 3x3 padding=same, tanh], [max_pool 3 stride=1 padding=same, conv 2 1x1]], flatten, "
    "dense 9, relu, "
    "dense]",
};

static void check_images(const char *text)
{
    struct measured_net m;
    struct er_error err;
    struct er_plane line = {0};
    const struct er_shape shape = {6, 6, 2};
    if (measured_net_open(&m, text, "cross-entropy", shape, 3, 70)) {
        const struct er_dataset *set = &m.train;
        const struct er_network end[2] = {{.w = m.w, .statistics = m.S ? m.statistics : NULL},
                                          {.w = m.w0, .statistics = m.S ? m.statistics0 : NULL}};
        T_STATUS(er_plane_through(m.net, end, 2, &line, &err), ER_OK, "%s: line", text);
        const struct er_slice_point point[2] = {{0, 0}, {0.375 * line.minimum[1].a, 0}};
        struct er_slice_measures got[2];
        struct er_network_measures want;
        line.minima = 0;
        T_STATUS(er_slice_measure(&line, &set, 1, NULL, 2, point, NULL, NULL, got, &err), ER_OK, "%s", text);
        T_STATUS(er_network_measure(m.net, &end[0], set, &want, &err), ER_OK, "origin");
        T_OK(got[0].loss == want.loss && got[0].errors == want.errors,
             "%s: bits at the origin, %.17g for %.17g", text, got[0].loss, want.loss);
        float *w = er_alloc(m.P, sizeof *w), *statistics = er_alloc(m.S, sizeof *statistics);
        for (int64_t i = 0; i < m.P; i++) w[i] = 0.625f * m.w[i] + 0.375f * m.w0[i];
        for (int64_t i = 0; i < m.S; i++)
            statistics[i] = 0.625f * m.statistics[i] + 0.375f * m.statistics0[i];
        const struct er_network between = {.w = w, .statistics = m.S ? statistics : NULL};
        T_STATUS(er_network_measure(m.net, &between, set, &want, &err), ER_OK, "between");
        T_CLOSE(got[1].loss, want.loss, 1e-5 * (1 + want.loss), "%s: loss between", text);
        er_free(w);
        er_free(statistics);
    }
    er_plane_clear(&line);
    measured_net_close(&m);
}

/* Several chunks and tiles, two sets, points in an order without runs of equal b: the same bits on any threads and
 * for any companions. */
static void check_threads(void)
{
    enum { MANY = 1200, POINTS = 150 };
    struct trio t;
    struct er_error err;
    struct er_plane plane = {0};
    if (trio_open(&t, "[dense 16, batch_norm, relu, dense]", "cross-entropy", MANY)) {
        struct er_dataset half = t.s.set;
        half.n = 611;
        const struct er_dataset *const sets[] = {&t.s.set, &half};
        static struct er_slice_point point[POINTS];
        static struct er_slice_measures first[2 * POINTS], got[2 * POINTS], alone[2];
        T_STATUS(er_plane_through(t.s.net, t.at, 3, &plane, &err), ER_OK, "plane");
        for (int i = 0; i < POINTS; i++)
            point[i] = (struct er_slice_point){0.02 * i, 0.1 * ((i * 7) % 11 - 3)};
        for (int moments = 0; moments < 2; moments++)
            for (int threads = 1; threads <= 3; threads++) {
                struct er_pool *pool = NULL;
                struct er_slice_measures *out = threads == 1 ? first : got;
                T_STATUS(er_pool_new(threads, &pool, &err), ER_OK, "pool");
                T_STATUS(er_slice_measure(&plane, sets, 2, moments ? &half : NULL, POINTS, point, pool, NULL,
                                          out, &err),
                         ER_OK, "slice");
                er_pool_free(pool);
                T_OK(threads == 1 || same(first, got, 2 * POINTS), "%d threads, moments %d", threads,
                     moments);
                if (threads > 1) continue;
                T_STATUS(er_slice_measure(&plane, sets, 2, moments ? &half : NULL, 1, point + 77, NULL, NULL,
                                          alone, &err),
                         ER_OK, "one point");
                T_OK(alone[0].loss == first[77].loss && alone[1].loss == first[POINTS + 77].loss,
                     "a point alone, moments %d", moments);
            }
    }
    er_plane_clear(&plane);
    trio_close(&t);
}

/* Moments anew, over three chunks that differ much: those of er_statistics_measure(), which paths take, to the bit
 * where the weights are a minimum's own, and to rounding elsewhere; with the masks of each row of the set. */
static void check_moments_of_paths(const char *text)
{
    enum { MANY = 1300 };
    struct trio t;
    struct er_error err;
    struct er_plane plane = {0};
    if (trio_open(&t, text, "cross-entropy", MANY)) {
        const struct er_dataset *set = &t.s.set;
        const int64_t S = er_net_statistics(t.s.net);
        struct er_slice_point point[2] = {{0, 0}, {0.3, 0.2}};
        struct er_slice_measures got[2];
        struct er_network_measures want;
        float *w = er_alloc(t.s.P, sizeof *w), *statistics = er_alloc(S, sizeof *statistics);
        const struct er_network network = {.w = w, .statistics = statistics};
        for (int64_t i = 0; i < MANY * D; i++) t.s.set.x[i] += i < 512 * D ? 4 : -1;
        T_STATUS(er_plane_through(t.s.net, t.at, 3, &plane, &err), ER_OK, "plane");
        const struct er_slice_point B = {plane.minimum[1].a, 0};
        struct er_slice_measures at_b;
        T_STATUS(er_statistics_measure(t.s.net, t.w[1], set, statistics, &err), ER_OK, "statistics");
        const struct er_network second = {.w = t.w[1], .statistics = statistics};
        T_STATUS(er_network_measure(t.s.net, &second, set, &want, &err), ER_OK, "B");
        T_STATUS(er_slice_measure(&plane, &set, 1, set, 1, &B, NULL, NULL, &at_b, &err), ER_OK, "B");
        T_OK(at_b.loss == want.loss, "B has its weights, and moments as the points around: %.17g for %.17g",
             at_b.loss, want.loss);
        plane.minima = 0;
        T_STATUS(er_slice_measure(&plane, &set, 1, set, 2, point, NULL, NULL, got, &err), ER_OK, "moments");
        for (int k = 0; k < 2; k++) {
            for (int64_t i = 0; i < t.s.P; i++)
                w[i] = (float)((double)plane.w[0][i] + point[k].a * (double)plane.w[1][i] +
                               point[k].b * (double)plane.w[2][i]);
            T_STATUS(er_statistics_measure(t.s.net, w, set, statistics, &err), ER_OK, "statistics");
            T_STATUS(er_network_measure(t.s.net, &network, set, &want, &err), ER_OK, "measure");
            T_CLOSE(got[k].loss, want.loss, k == 0 ? 0 : 2e-5 * (1 + want.loss), "loss at point %d", k);
        }
        er_free(w);
        er_free(statistics);
    }
    er_plane_clear(&plane);
    trio_close(&t);
}

/* With moments of one chunk a network in evaluation is the network in training on it, but for the variance over n - 1
 * in place of n: outputs differ by half of 1/n of themselves a layer. And they undo what scales or shifts the layer
 * before: the same network by other weights. */
static void check_moments(void)
{
    struct trio t;
    struct er_error err;
    struct er_plane plane = {0}, moved = {0};
    enum { MANY = 400 };
    if (trio_open(&t, "[dense 16, batch_norm, relu, dense]", "cross-entropy", MANY)) {
        const struct er_dataset *set = &t.s.set;
        const struct er_slice_point p = {0.3, 0.2};
        struct er_slice_measures got, same, with;
        T_STATUS(er_plane_through(t.s.net, t.at, 3, &plane, &err), ER_OK, "plane");
        T_STATUS(er_slice_measure(&plane, &set, 1, set, 1, &p, NULL, NULL, &got, &err), ER_OK, "moments");
        float *w = er_alloc(t.s.P, sizeof *w), *statistics = er_alloc(er_net_statistics(t.s.net), sizeof *w);
        for (int64_t i = 0; i < t.s.P; i++)
            w[i] = (float)((double)plane.w[0][i] + p.a * (double)plane.w[1][i] + p.b * (double)plane.w[2][i]);
        const struct er_network training = {.w = w, .statistics = statistics, .training = true};
        struct er_plan *plan = NULL;
        double loss;
        int64_t errors;
        T_STATUS(er_plan_new(t.s.net, MANY, &plan, &err), ER_OK, "plan");
        void *scratch = er_alloc((int64_t)er_plan_scratch_bytes(plan), 1);
        er_plan_loss(plan, &training, set->x, set->label, &loss, &errors, scratch);
        T_CLOSE(got.loss, loss / MANY, 1.0 / MANY * (loss / MANY), "as in training");
        T_STATUS(er_slice_measure(&plane, &set, 1, NULL, 1, &p, NULL, NULL, &with, &err), ER_OK,
                 "interpolated");
        T_OK(fabs(with.loss - got.loss) > 10 * fabs(got.loss - loss / MANY),
             "the moments differ from those that are interpolated: %g and %g", with.loss, got.loss);
        for (int k = 0; k < 3; k++)
            for (int64_t i = 0; i < (D + 1) * 16; i++) t.w[k][i] = 4 * t.w[k][i];
        T_STATUS(er_plane_through(t.s.net, t.at, 3, &moved, &err), ER_OK, "plane of the same functions");
        const double wide = plane.minimum[1].a, high = plane.minimum[2].b;
        const struct er_slice_point B = {moved.minimum[1].a * (1 + 1e-9), 0};
        const struct er_slice_point B_before = {wide * (1 + 1e-9), 0 * high};
        T_STATUS(er_slice_measure(&plane, &set, 1, set, 1, &B_before, NULL, NULL, &got, &err), ER_OK,
                 "near B");
        T_STATUS(er_slice_measure(&moved, &set, 1, set, 1, &B, NULL, NULL, &same, &err), ER_OK, "near B");
        /* epsilon = 1e-5 beside variances of about 1, and of 16 */
        T_CLOSE(same.loss, got.loss, 1e-4 * got.loss, "a factor before batch norm changes nothing");
        er_free(w);
        er_free(statistics);
        er_free(scratch);
        er_plan_free(plan);
    }
    er_plane_clear(&plane);
    er_plane_clear(&moved);
    trio_close(&t);
}

static void check_refusals(void)
{
    struct trio t;
    struct er_error err;
    struct er_plane plane = {0};
    if (trio_open(&t, "[dense 6, relu, dense]", "cross-entropy", N)) {
        const struct er_dataset *set = &t.s.set;
        struct er_dataset none = t.s.set;
        const struct er_dataset *empty = &none;
        struct er_slice_point p = {1, 0};
        struct er_slice_measures out;
        none.n = 0;
        T_ALLOCATIONS(er_plane_through(t.s.net, t.at, 3, &plane, &err), er_plane_clear(&plane), "plane");
        T_STATUS(er_plane_through(t.s.net, t.at, 3, &plane, &err), ER_OK, "plane");
        T_ALLOCATIONS(er_slice_measure(&plane, &set, 1, NULL, 1, &p, NULL, NULL, &out, &err), (void)0,
                      "slice");
        T_STATUS(er_slice_measure(&plane, &empty, 1, NULL, 1, &p, NULL, NULL, &out, &err), ER_E_USAGE,
                 "no data");
        atomic_bool stop = true;
        const struct er_progress progress = {.stop = &stop};
        T_STATUS(er_slice_measure(&plane, &set, 1, NULL, 1, &p, NULL, &progress, &out, &err), ER_E_STOPPED,
                 "stopped");
    }
    er_plane_clear(&plane);
    trio_close(&t);
}

int main(void)
{
    for (size_t i = 0; i < sizeof nets / sizeof nets[0]; i++) check_net(nets[i], "cross-entropy");
    check_net("[dense 7, relu, dense]", "mean-squared");
    for (size_t i = 0; i < sizeof image_nets / sizeof image_nets[0]; i++) check_images(image_nets[i]);
    check_threads();
    check_moments_of_paths("[dense 16, batch_norm, relu, dense 6, batch_norm, relu, dense]");
    check_moments_of_paths("[dense 16, relu, dropout 0.5, dense 6, batch_norm, relu, dense]");
    check_moments_of_paths("[dropout 0.25, dense 16, batch_norm, relu, dense]");
    check_moments();
    check_refusals();
    return t_done();
}
