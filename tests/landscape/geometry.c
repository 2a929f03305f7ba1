/* Directions, planes, pieces of a grid, rays: against lengths, projections, a slow oracle and a closed form. */
#include "t.h"

#include "support/measured_net.h"
#include "support/small_net.h"

#include <ermine/landscape.h>
#include <ermine/random.h>

enum { N = 60, D = 9, K = 5, RAYS = 7 };

static double dot(int64_t n, int64_t step, const float *a, const float *b)
{
    double sum = 0;
    for (int64_t i = 0; i < n; i++) sum += (double)a[i * step] * (double)b[i * step];
    return sum;
}

/* Self-test 14 of the reference: every filter of d has the norm of w's, bias entries are 0. The layouts are those of
 * the layers: dense I x O, conv kh kw C x O, each filter a column; then the biases. */
static void check_filters(void)
{
    struct measured_net m;
    struct er_error err;
    const struct er_shape shape = {6, 6, 2};
    if (measured_net_open(&m, "[conv 4 3x3, batch_norm, relu, flatten, dense 7, relu, dense bias=false]",
                          "cross-entropy", shape, 3, 20)) {
        float *d = er_alloc(m.P, sizeof *d), *raw = er_alloc(m.P, sizeof *raw);
        er_direction_draw(m.net, 3, 1, raw);
        er_direction_draw(m.net, 3, 1, d);
        T_OK(memcmp(d, raw, (size_t)m.P * sizeof *d) == 0, "a direction is a function of seed and index");
        T_STATUS(er_direction_normalise_filters(m.net, m.w, d, &err), ER_OK, "normalise");
        const struct {
            int64_t weights, filters, zeros; /* inputs of a filter, filters, what comes behind and is 0 */
        } layer[] = {{3 * 3 * 2, 4, 4 + 8}, {6 * 6 * 4, 7, 7}, {7, 3, 0}};
        int64_t at = 0;
        for (int l = 0; l < 3; l++) {
            const int64_t n = layer[l].weights, f = layer[l].filters;
            for (int64_t k = 0; k < f; k++) {
                const float *a = d + at + k, *b = m.w + at + k, *c = raw + at + k;
                const double length = sqrt(dot(n, f, a, a)), want = sqrt(dot(n, f, b, b));
                T_CLOSE(length, want, 1e-5 * want, "layer %d, filter %d", l, (int)k);
                /* and it keeps its direction: rounded products, so to a few epsilon of float32 */
                T_CLOSE(dot(n, f, a, c), length * sqrt(dot(n, f, c, c)), 1e-5 * length * sqrt((double)n) * 2,
                        "parallel");
            }
            at += n * f;
            bool none = true;
            for (int64_t i = 0; i < layer[l].zeros; i++) none = none && d[at + i] == 0;
            T_OK(none, "biases and norms of layer %d are 0", l);
            at += layer[l].zeros;
        }
        T_EQ_INT(at, m.P, "that is all of them");
        T_ALLOCATIONS(er_direction_normalise_filters(m.net, m.w, d, &err), (void)0, "normalise");
        er_free(d);
        er_free(raw);
    }
    measured_net_close(&m);
}

static void check_planes(void)
{
    struct small_net s;
    struct er_error err;
    struct er_plane plane = {0}, other = {0};
    if (small_net_open(&s, "[dense 20, batch_norm, relu, dense]", "cross-entropy", N, D, K)) {
        float *w[3], *statistics[3];
        struct er_network at[3];
        const int64_t S = er_net_statistics(s.net);
        for (uint64_t k = 0; k < 3; k++) {
            w[k] = er_alloc(s.P, sizeof(float));
            statistics[k] = er_alloc(S, sizeof(float));
            small_net_draw(30 + k, s.P, w[k], NULL);
            for (int64_t i = 0; i < S; i++) statistics[k][i] = (float)(1 + (double)k + 0.1 * (double)i);
            at[k] = (struct er_network){.w = w[k], .statistics = statistics[k]};
        }
        T_STATUS(er_plane_through(s.net, at, 3, &plane, &err), ER_OK, "plane");
        const double eps = 1e-6; /* of float32 axes, over sums of some hundred terms */
        T_CLOSE(dot(s.P, 1, plane.w[1], plane.w[1]), 1, eps, "|u|");
        T_CLOSE(dot(s.P, 1, plane.w[2], plane.w[2]), 1, eps, "|v|");
        T_CLOSE(dot(s.P, 1, plane.w[1], plane.w[2]), 0, eps, "u.v");
        for (int k = 0; k < 3; k++) {
            const struct er_plane_minimum *m = &plane.minimum[k];
            double a, b, off, worst = 0, worst_statistic = 0;
            er_plane_project(&plane, w[k], &a, &b, &off);
            T_CLOSE(a, m->a, eps * plane.minimum[1].a, "a of minimum %d", k);
            T_CLOSE(b, m->b, eps * plane.minimum[1].a, "b of minimum %d", k);
            T_CLOSE(off, 0, 2 * eps * plane.minimum[1].a, "minimum %d lies in the plane", k);
            for (int64_t i = 0; i < s.P; i++)
                worst = fmax(worst, fabs((double)plane.w[0][i] + m->a * (double)plane.w[1][i] +
                                         m->b * (double)plane.w[2][i] - (double)w[k][i]));
            for (int64_t i = 0; i < S; i++)
                worst_statistic =
                    fmax(worst_statistic,
                         fabs((double)plane.statistics[0][i] + m->a * (double)plane.statistics[1][i] +
                              m->b * (double)plane.statistics[2][i] - (double)statistics[k][i]));
            T_OK(worst < 1e-5, "minimum %d is where it is said: %g", k, worst);
            T_OK(worst_statistic < 1e-5, "and so are its statistics: %g", worst_statistic);
        }
        T_OK(plane.minimum[0].a == 0 && plane.minimum[0].b == 0 && plane.minimum[1].b == 0, "A and B");
        struct er_network same[3] = {at[0], at[0], at[2]};
        T_STATUS(er_plane_through(s.net, same, 3, &other, &err), ER_E_USAGE, "twice the same");
        for (int64_t i = 0; i < s.P; i++) w[2][i] = 2 * w[1][i] - w[0][i];
        T_STATUS(er_plane_through(s.net, at, 3, &other, &err), ER_E_USAGE, "on a line");
        w[2][3] += 1e-3f * (float)plane.minimum[1].a;
        T_STATUS(er_plane_through(s.net, at, 3, &other, &err), ER_OK, "beside it by a thousandth is a plane");
        er_plane_clear(&other);
        T_STATUS(er_plane_through(s.net, at, 2, &other, &err), ER_OK, "a line");
        T_OK(!other.w[2] && other.minimum[1].a == plane.minimum[1].a, "through A and B");
        er_plane_clear(&other);
        w[2][7] = (float)NAN;
        T_STATUS(er_plane_through(s.net, at, 3, &other, &err), ER_E_NONFINITE, "NaN");
        T_ALLOCATIONS(er_plane_around(s.net, at, 5, &other, &err), er_plane_clear(&other), "around");
        T_STATUS(er_plane_around(s.net, at, 5, &other, &err), ER_OK, "around");
        T_OK(other.minima == 1 && fabs(dot(s.P, 1, other.w[1], other.w[1]) -
                                       dot(s.P, 1, other.w[2], other.w[2])) < 1e-5 * (double)s.P,
             "two directions, as long as the weights");
        for (int k = 0; k < 3; k++) {
            er_free(w[k]);
            er_free(statistics[k]);
        }
    }
    er_plane_clear(&plane);
    er_plane_clear(&other);
    small_net_close(&s);
}

/* The slow way: every cell takes the least number among its neighbours until nothing changes. */
static int64_t spread(int64_t columns, int64_t rows, const bool *marked, int64_t *least)
{
    int64_t pieces = 0;
    for (int64_t i = 0; i < columns * rows; i++) least[i] = marked[i] ? i + 1 : 0;
    for (bool moved = true; moved;) {
        moved = false;
        for (int64_t i = 0; i < columns * rows; i++)
            for (int64_t j = 0; j < columns * rows; j++) {
                const int64_t dx = llabs(i % columns - j % columns), dy = llabs(i / columns - j / columns);
                if (dx + dy != 1 || !least[i] || !least[j] || least[j] >= least[i]) continue;
                least[i] = least[j];
                moved = true;
            }
    }
    for (int64_t i = 0; i < columns * rows; i++) pieces += least[i] == i + 1;
    return pieces;
}

static void check_components(void)
{
    enum { WIDE = 9, HIGH = 6, CELLS = WIDE * HIGH };
    struct er_error err;
    struct er_random r = er_random_open(4, er_stream(ER_PURPOSE_TEST, 9));
    int64_t number[CELLS], least[CELLS], pieces = 0;
    bool marked[CELLS] = {0};
    T_STATUS(er_grid_components(WIDE, HIGH, marked, number, &pieces, &err), ER_OK, "none");
    T_EQ_INT(pieces, 0, "nothing is marked");
    for (int round = 0; round < 20; round++) {
        for (int i = 0; i < CELLS; i++) marked[i] = er_random_uniform(&r) < 0.2 + 0.03 * round;
        T_STATUS(er_grid_components(WIDE, HIGH, marked, number, &pieces, &err), ER_OK, "grid");
        T_EQ_INT(pieces, spread(WIDE, HIGH, marked, least), "pieces");
        bool same = true;
        for (int i = 0; i < CELLS; i++)
            for (int j = 0; j < CELLS; j++) same = same && (number[i] == number[j]) == (least[i] == least[j]);
        T_OK(same, "cells of one piece, round %d", round);
    }
    T_ALLOCATIONS(er_grid_components(WIDE, HIGH, marked, NULL, &pieces, &err), (void)0, "grid");
}

/* A linear network with half the squared distance: L(w + r d) is a quadratic in r, whose root is known. The weights
 * are a fit of the labels by themselves (one-hot inputs), so that L(w) is below the level. */
static void check_rays(void)
{
    struct small_net s;
    struct er_error err;
    if (small_net_open(&s, "[dense]", "mean-squared", N, D, K)) {
        for (int64_t i = 0; i < N; i++) {
            s.set.label[i] = (int32_t)(i % K);
            for (int64_t j = 0; j < D; j++)
                s.set.x[i * D + j] = (float)(j == i % D) + 0.25f * (float)(j == i % K);
        }
        for (int64_t p = 0; p < s.P; p++) s.w[p] = 0.01f * s.w[p] + (float)(p < D * K && p / K % K == p % K);
        for (int64_t i = 0; i < N; i++) s.set.label[i] = (int32_t)(i % D % K);
        double radius[RAYS], again[RAYS];
        float *d = er_alloc(s.P, sizeof *d);
        struct er_rays_settings settings = er_rays_settings_default();
        T_CLOSE(settings.level, 0.1, 0, "the level of the papers");
        settings.seed = 12;
        for (int filters = 0; filters < 2; filters++) {
            settings.filters = filters;
            for (int threads = 1; threads <= 3; threads += 2) {
                struct er_pool *pool = NULL;
                T_STATUS(er_pool_new(threads, &pool, &err), ER_OK, "pool");
                T_STATUS(er_rays_measure(s.net, &s.network, &s.set, &settings, RAYS, pool,
                                         threads == 1 ? radius : again, &err),
                         ER_OK, "rays");
                er_pool_free(pool);
            }
            for (int ray = 0; ray < RAYS; ray++)
                T_OK(radius[ray] == again[ray], "ray %d on three threads: the same bits", ray);
            for (int ray = 0; ray < RAYS; ray++) {
                er_direction_draw(s.net, 12, (uint64_t)ray, d);
                if (filters) T_STATUS(er_direction_normalise_filters(s.net, s.w, d, &err), ER_OK, "filters");
                const double size = sqrt(dot(s.P, 1, d, d));
                double c0 = 0, c1 = 0, c2 = 0; /* L = c0 + c1 r + c2 r^2 */
                for (int64_t i = 0; i < N; i++)
                    for (int64_t o = 0; o < K; o++) {
                        double f = (double)s.w[D * K + o], g = (double)d[D * K + o] / size;
                        for (int64_t j = 0; j < D; j++) {
                            f += (double)s.set.x[i * D + j] * (double)s.w[j * K + o];
                            g += (double)s.set.x[i * D + j] * (double)d[j * K + o] / size;
                        }
                        f -= s.set.label[i] == o;
                        c0 += f * f / (2 * N);
                        c1 += f * g / N;
                        c2 += g * g / (2 * N);
                    }
                const double root = (-c1 + sqrt(c1 * c1 + 4 * c2 * (settings.level - c0))) / (2 * c2);
                T_OK(c0 < settings.level, "begins below the level: %g", c0);
                /* bisection ends within 2^-12 of the radius; a middle is half of that away, and float32 */
                T_CLOSE(radius[ray], root, root / 4096, "ray %d, filters %d", ray, filters);
            }
        }
        T_ALLOCATIONS(er_rays_measure(s.net, &s.network, &s.set, &settings, 1, NULL, radius, &err), (void)0,
                      "rays");
        settings.level = 1e-9;
        T_STATUS(er_rays_measure(s.net, &s.network, &s.set, &settings, 1, NULL, radius, &err),
                 ER_E_UNSUPPORTED, "begins above the level");
        er_free(d);
    }
    small_net_close(&s);
    const double two[] = {2, 2, 2}, ten[] = {1, 10};
    T_CLOSE(er_rays_log10_volume(3, two, 100000), 100000 * log10(2), 1e-9, "equal rays");
    T_CLOSE(er_rays_log10_volume(2, ten, 500), 500 - log10(2), 1e-12, "the longest decides");
}

int main(void)
{
    check_filters();
    check_planes();
    check_components();
    check_rays();
    return t_done();
}
