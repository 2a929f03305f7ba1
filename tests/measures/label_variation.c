/* Graphs of neighbours and the variation of labels on them, beside plain versions; the Davies-Bouldin index, mixtures. */
#include "t.h"

#include "measures/davies_bouldin.h"
#include "measures/drawn.h"
#include "measures/graph_examples.h"
#include "measures/label_graph.h"
#include "support/measured_net.h"

enum { K = 3, D = 4, H = 6, N = 40 };

static const double third = 1 / 3.;

static void check_c39_davies_bouldin(void)
{
    const float x[] = {0, 0, 2, 0, 10, 0, 10, 4, 0, 8, 2, 8};
    const int32_t label[] = {0, 0, 1, 1, 2, 2}, apart[] = {0, 0, 3, 3, 1, 1}, one[] = {2, 2, 2, 2, 2, 2};
    const float same[12] = {0};
    double room[16], value = -1;
    T_OK(er_davies_bouldin(6, 2, x, label, 3, room, &value), "three clusters");
    T_CLOSE(value, 0.3093804905, 1e-10, "index");
    T_OK(er_davies_bouldin(6, 2, x, apart, 4, room, &value), "a cluster without points");
    T_CLOSE(value, 0.3093804905, 1e-10, "does not count");
    /* of two clusters the index is (S_a + S_b) / M_ab, S = 1, 2, 1 */
    const double sum[] = {3, 2, 3}, distance[] = {9.2195444573, 8, 10.8166538264};
    for (int pair = 0; pair < 3; pair++) {
        const int out = 2 - pair, a = out == 0, b = out == 2 ? 1 : 2;
        const float two[] = {x[4 * a], x[4 * a + 1], x[4 * a + 2], x[4 * a + 3],
                             x[4 * b], x[4 * b + 1], x[4 * b + 2], x[4 * b + 3]};
        T_OK(er_davies_bouldin(4, 2, two, label, 2, room, &value), "clusters %d and %d", a, b);
        T_CLOSE(sum[pair] / value, distance[pair], 1e-9, "distance of centres %d and %d", a, b);
    }
    value = -1;
    T_OK(!er_davies_bouldin(6, 2, x, one, 3, room, &value) && value == -1, "one cluster has no index");
    T_OK(!er_davies_bouldin(6, 2, same, label, 3, room, &value) && value == -1,
         "nor have clusters at one place");
}

/* W x, W = (1, 0; -1, 0.5): six examples are one batch. */
static void check_c40_mixup(void)
{
    const float x[] = {2, 0, -1, 0, 1, 1, -2, 1, 1, 0, -1, -3}, w[] = {1, -1, 0, .5f};
    struct measured_net m;
    if (measured_net_open(&m, "[dense bias=false]", "cross-entropy", (struct er_shape){1, 1, 2}, 2, 6)) {
        memcpy(m.train.x, x, sizeof x);
        memcpy(m.w, w, sizeof w);
        for (int i = 0; i < 6; i++) m.train.label[i] = i / 3;
        const double mixup = measured_net_value(&m.is, "mixup_performance", 1);
        T_CLOSE(mixup, 2 * third, 1e-15, "two of three pairs in each class");
        T_CLOSE(0.3093804905 * (1 - mixup), 0.1031268302, 1e-10, "times the index of c39");
        T_CLOSE(measured_net_value(&m.is, "davies_bouldin_mixup", 2),
                measured_net_value(&m.is, "davies_bouldin", 1) * (1 - mixup), 1e-15,
                "the product of the two");
        for (int i = 0; i < 6; i++) m.train.label[i] = i == 5;
        T_OK(isfinite(measured_net_value(&m.is, "mixup_performance", 1)),
             "a class with one example is left out");
    }
    measured_net_close(&m);
}

/* Ten batches of 20 of 230 examples, in the order that is drawn. */
static void check_mixup_batches(void)
{
    enum { M = 230 };
    struct measured_net m;
    struct er_measured_run *run = NULL;
    struct er_error err = {0};
    if (measured_net_open(&m, "[dense bias=false]", "cross-entropy", (struct er_shape){1, 1, D}, 2, M)) {
        T_STATUS(er_measured_run_new(&m.is, NULL, &run, &err), ER_OK, "a run");
        int64_t *order = er_drawn_order(run, ER_DRAW_MIXUP);
        double share[2] = {0}, first = 0;
        for (int batch = 0; order && batch < 10; batch++)
            for (int k = 0; k < 2; k++) {
                int right = 0, pairs = 0;
                for (int i = 0; i < 20; i++)
                    for (int j = 0; j < i; j++) {
                        const int64_t a = order[20 * batch + i], b = order[20 * batch + j];
                        double f[2] = {0};
                        if (m.train.label[a] != k || m.train.label[b] != k) continue;
                        for (int o = 0; o < 2; o++)
                            for (int d = 0; d < D; d++)
                                f[o] += (double)m.w[2 * d + o] *
                                        ((double)m.train.x[a * D + d] + (double)m.train.x[b * D + d]);
                        right += (f[1] > f[0]) == (k == 1);
                        pairs++;
                    }
                share[k] += (double)right / pairs / 10;
                if (batch == 0) first += (double)right / pairs / 2;
            }
        /* a mixture on the border may fall on either side in float32: one of 45 pairs, 10 batches and 2 classes */
        const double want = (share[0] + share[1]) / 2;
        T_CLOSE(measured_net_value(&m.is, "mixup_performance", 1), want, 1e-12, "the mean over ten batches");
        T_OK(fabs(want - first) > .01, "which is not the first: %g, %g", want, first);
        er_free(order);
        er_measured_run_free(run);
    }
    measured_net_close(&m);
}

/* Unit rows; two pairs of neighbours. */
static void check_c42_variation(void)
{
    enum { n = 4 };
    float x[] = {1, 0, .96f, .28f, 0, 2, .28f, .96f};
    const double y[3][2 * n] = {
        {1, 0, 1, 0, 0, 1, 0, 1}, {1, 0, 0, 1, 1, 0, 0, 1}, {1, 0, .7, .3, 0, 1, .2, .8}};
    const double trace[] = {0, 4, .26}, plain[] = {0, 4, .26}; /* all degrees are 1: both L are the same */
    double s[n * n], a[n * n], room[n];
    er_graph_normalise(n, 2, x);
    for (int i = 0; i < n * n; i++)
        s[i] =
            (double)x[i / n * 2] * (double)x[i % n * 2] + (double)x[i / n * 2 + 1] * (double)x[i % n * 2 + 1];
    double mean = 0, square = 0;
    for (int i = 0; i < n * n; i++) { /* of squared distances of these rows */
        mean += (2 - 2 * s[i]) / (n * n);
        square += (2 - 2 * s[i]) * (2 - 2 * s[i]) / (n * n);
    }
    T_CLOSE(sqrt(square - mean * mean), 0.7556371616, 1e-7, "std(D), of rows in float32");
    for (int both = 0; both < 2; both++) {
        er_graph_nearest(n, 1, s, both, a, room);
        for (int i = 0; i < n * n; i++)
            T_EQ_INT(a[i], i / n != i % n && i / n / 2 == i % n / 2, "edge %d", i);
        for (int k = 0; k < 3; k++) {
            T_CLOSE(er_graph_variation(n, 2, a, y[k], false, room), trace[k], 1e-12, "labels %d", k);
            T_CLOSE(er_graph_variation(n, 2, a, y[k], true, room), plain[k], 1e-12, "labels %d, D - A", k);
        }
    }
    T_CLOSE(trace[1] / (2 * 2 * n), .25, 1e-15, "divided as vpm is");
    T_CLOSE(trace[2] / (2 * 2 * n), .01625, 1e-15, "and of mixtures");
    /* three on a line: the outer ones look at the middle one, which looks at the nearer of the two */
    const double line[] = {0, -1, -9, -1, 0, -4, -9, -4, 0}, kinds[] = {1, 0, 0, 1, 1, 0};
    er_graph_nearest(3, 1, line, false, a, room);
    T_OK(a[1] == 1 && a[2] == 0 && a[3] == 1 && a[5] == 0 && a[6] == 0 && a[7] == 1, "one way");
    T_CLOSE(er_graph_variation(3, 2, a, kinds, false, room), 3, 1e-15, "no edge between equals");
    er_graph_nearest(3, 1, line, true, a, room);
    T_OK(a[5] == 1, "either way");
    T_CLOSE(er_graph_variation(3, 2, a, kinds, true, room), 4, 1e-15, "the degrees of all");
}

/* tr(Y' L Y) of the rows of v (n x d) and of y (n x K), from the definition: a full Laplacian. `both`: edges either way. */
static double oracle(int n, int d, const double *v, const double *y, int k, bool cosine, bool both)
{
    double a[N][N] = {{0}}, s[N][N], degree[N] = {0}, sum = 0;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            double ij = 0, ii = 0, jj = 0;
            for (int c = 0; c < d; c++) {
                ij += v[i * d + c] * v[j * d + c];
                ii += v[i * d + c] * v[i * d + c];
                jj += v[j * d + c] * v[j * d + c];
            }
            s[i][j] = ii > 0 && jj > 0 ? ij / sqrt(ii * jj) : 0;
        }
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            int nearer = 0; /* to i than j is */
            for (int l = 0; l < n; l++) nearer += l != i && s[i][l] > s[i][j] + 1e-9;
            if (i == j || nearer >= k) continue;
            a[i][j] = cosine ? fmax(0, s[i][j]) : 1;
            if (both) a[j][i] = a[i][j];
        }
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) degree[i] += a[i][j];
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            const double laplacian = cosine ? (i == j ? degree[i] : 0) - a[i][j]
                                            : (i == j) - a[i][j] / sqrt(degree[i] * degree[j]);
            for (int c = 0; c < K; c++) sum += laplacian * y[i * K + c] * y[j * K + c];
        }
    return sum;
}

static int rising(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The median of five graphs of mixtures, as the program draws them, before the last layer, from each to its nearest. */
static double oracle_vpm(const struct measured_net *m)
{
    struct er_error err = {0};
    struct er_measured_run *run = NULL;
    struct er_graph_examples v;
    double of[5] = {0}, h[N * H];
    T_STATUS(er_measured_run_new(&m->is, NULL, &run, &err), ER_OK, "a run");
    T_STATUS(er_graph_examples_open(run, N, true, 1, &v, &err), ER_OK, "examples");
    for (uint64_t g = 0; g < 5; g++) {
        T_STATUS(er_graph_examples_draw(&v, N, ER_DRAW_VARIATION + g, &err), ER_OK, "mixtures");
        if (!T_OK(v.n <= N && v.K == K && v.taken[0].d == H, "%d examples", (int)v.n)) continue;
        for (int64_t i = 0; i < v.n; i++) {
            const float *a = m->train.x + v.example[i] * D, *b = m->train.x + v.other[i] * D;
            for (int j = 0; j < H; j++) {
                double sum = 0;
                for (int k = 0; k < D; k++)
                    sum += (v.share[i] * (double)a[k] + (1 - v.share[i]) * (double)b[k]) *
                           (double)m->w[k * H + j];
                h[i * H + j] = fmax(0, sum);
            }
        }
        of[g] = oracle((int)v.n, H, h, v.y, 1, false, false) / (2. * 2. * (double)v.n);
    }
    er_graph_examples_close(&v);
    er_measured_run_free(run);
    qsort(of, 5, sizeof *of, rising);
    return of[2];
}

/* All examples are taken where there are few, so their order does not matter. */
static void check_measures(void)
{
    struct measured_net m;
    if (measured_net_open(&m, "[dense 6 bias=false, relu, dense bias=false]", "cross-entropy",
                          (struct er_shape){1, 1, D}, K, N)) {
        double x[N * D], h[N * H], y[N * K];
        for (int i = 0; i < N * D; i++) x[i] = (double)m.train.x[i];
        for (int i = 0; i < N; i++)
            for (int j = 0; j < H; j++) {
                double sum = 0;
                for (int k = 0; k < D; k++) sum += x[i * D + k] * (double)m.w[k * H + j];
                h[i * H + j] = fmax(0, sum);
            }
        for (int i = 0; i < N * K; i++) y[i] = m.train.label[i / K] == i % K;
        /* float32 beside double in N units of 1 */
        T_CLOSE(measured_net_value(&m.is, "wcv", 2), oracle(N, H, h, y, 1, false, true) / (4. * N), 1e-6,
                "wcv");
        const double before = oracle(N, D, x, y, 20, true, true), after = oracle(N, H, h, y, 20, true, true);
        T_CLOSE(measured_net_value(&m.is, "vr", 2), fabs(after - before) / (100. * N), 1e-6, "vr");
        const double one = measured_net_value(&m.is, "vpm", 1);
        T_OK(one > 0 && one <= .5, "vpm: shares of labels on edges of weight 1: %g", one);
        m.train.n = 12; /* so few that float32 does not choose between neighbours */
        for (int seed = 0; seed < 3; seed++) {
            m.is.seed = (uint64_t)seed;
            T_CLOSE(measured_net_value(&m.is, "vpm", 1), oracle_vpm(&m), 1e-9, "vpm, seed %d", seed);
        }
        m.train.n = N;
        m.is.seed = 8;
        T_OK(measured_net_value(&m.is, "vpm", 1) != one, "another seed, other mixtures");
        for (int i = 0; i < N; i++) m.train.label[i] = 1;
        T_CLOSE(measured_net_value(&m.is, "vr", 1), 0, 1e-12, "one label varies nowhere");
        for (int i = 0; i < N; i++) m.train.label[i] = i % K;
        for (int64_t i = 0; i < D * H; i++) m.w[i] = -1e-3f;
        for (int i = 0; i < N * D; i++) m.train.x[i] = 1;
        struct er_error err = {0};
        struct er_measured_run *run = NULL;
        double value = -7;
        T_STATUS(er_measured_run_new(&m.is, NULL, &run, &err), ER_OK, "a run");
        T_STATUS(er_measure_compute(er_measure_find("wcv"), run, &value, &err), ER_E_UNSUPPORTED,
                 "no direction");
        T_OK(value == -7 && strstr(err.msg, "one direction"), "%s", err.msg);
        er_measured_run_free(run);
    }
    measured_net_close(&m);
}

/* A convolution that leaves the image as it is, so that features are largest values in windows of 4 x 4 and what is left. */
static void check_features(void)
{
    enum { SIDE = 6, M = 30 };
    struct measured_net m;
    if (measured_net_open(&m, "[conv 1 1x1 bias=false, relu, global_avg_pool, dense]", "cross-entropy",
                          (struct er_shape){SIDE, SIDE, 1}, K, M)) {
        float feature[M * 4] = {0};
        double room[K * 6], want = 0;
        m.w[0] = 1;
        for (int i = 0; i < M * SIDE * SIDE; i++) {
            const int p = i % (SIDE * SIDE), window = p / SIDE / 4 * 2 + p % SIDE / 4;
            float *f = feature + i / (SIDE * SIDE) * 4 + window;
            *f = m.train.x[i] > *f ? m.train.x[i] : *f;
        }
        T_OK(er_davies_bouldin(M, 4, feature, m.train.label, K, room, &want), "features");
        /* the measure sees the examples in another order */
        T_CLOSE(measured_net_value(&m.is, "davies_bouldin", 2), want, 1e-12 * want,
                "of the first layer's maps");
    }
    measured_net_close(&m);
}

int main(void)
{
    check_c39_davies_bouldin();
    check_c40_mixup();
    check_mixup_batches();
    check_c42_variation();
    check_measures();
    check_features();
    return t_done();
}
