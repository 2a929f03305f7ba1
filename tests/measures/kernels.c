/* Tangent kernels and what is read off them: the reference's numbers, both ways of forming them, draws of examples. */
#include "t.h"

#include "measures/kernel_numbers.h"
#include "measures/subset.h"
#include "measures/tangent_gram.h"
#include "support/measured_net.h"

#include <ermine/empirical.h>

/* Equal to the bit. */
static bool same(const void *a, const void *b, size_t n)
{
    return memcmp(a, b, n) == 0;
}

static void check_c36_tangent_kernel(void)
{
    const double want[] = {7.5, 1.5, 15, 1.5, 22.25, 3, 15, 3, 30};
    const float w[] = {1, .5f, -1, 1, 1, -2}, x[] = {1, .5f, -1, 2, 2, 1}; /* W is inputs x outputs here */
    static const char *const text[] = {"[dense 2 bias=false, relu, dense bias=false]",
                                       "[conv 2 1x1 bias=false, relu, flatten, dense bias=false]"};
    for (int i = 0; i < 2; i++) { /* in float64, and from gradients of single examples */
        struct measured_net net;
        struct er_error err;
        double k[9];
        if (measured_net_open(&net, text[i], "logistic", (struct er_shape){1, 1, 2}, 2, 3)) {
            const struct er_network network = {.w = net.w};
            memcpy(net.w, w, sizeof w);
            memcpy(net.train.x, x, sizeof x);
            T_STATUS(er_tangent_gram(net.net, &network, &net.train, NULL, k, &err), ER_OK, "%s", text[i]);
            for (int j = 0; j < 9; j++) T_CLOSE(k[j], want[j], 1e-12, "%s: %d", text[i], j);
        }
        measured_net_close(&net);
    }
}

static void check_c37_kernel_numbers(void)
{
    const double k[] = {2, .5, 0, .5, 1, .2, 0, .2, 1.5}, y[] = {1, -1, 1};
    struct er_error err;
    double value, l[3];
    T_STATUS(er_kernel_alignment(3, k, 1, y, false, &value, &err), ER_OK, "alignment");
    T_CLOSE(value, 0.3692832064, 1e-10, "alignment");
    T_STATUS(er_kernel_alignment(3, k, 1, y, true, &value, &err), ER_OK, "centred");
    T_CLOSE(value, 0.4084640747, 1e-10, "centred");
    T_STATUS(er_kernel_label_complexity(3, k, 0, 1, y, &value, &err), ER_OK, "label complexity");
    T_CLOSE(value, 1.5104959134, 1e-10, "label complexity");
    T_CLOSE(value * value * 3 / 2, 3.4223968566, 1e-9, "y' K^-1 y");
    T_STATUS(er_kernel_eigenvalues(3, k, l, &err), ER_OK, "eigenvalues");
    T_CLOSE(er_kernel_dimension(3, l, .1), 2.7777085928, 1e-10, "effective dimension");
    T_CLOSE(er_kernel_dimension(3, l, .3), 2.4309917355, 1e-10, "effective dimension of a larger ridge");
    T_CLOSE(er_kernel_effective_rank(3, l), 2.7564053556, 1e-10, "effective rank");
    T_CLOSE(er_kernel_stable_rank(3, l), 2.0310735656, 1e-10, "stable rank");
    T_CLOSE(er_kernel_participation(3, l), 2.5862068966, 1e-10, "participation");
    T_CLOSE(er_kernel_condition(3, l, 0), l[2] / l[0], 1e-15, "condition");
}

static void check_c38_arora(void)
{
    const double t[] = {1, .5, 0, -.5}, want[] = {.5, 0.1666666667, 0, -0.0833333333};
    const double h[] = {er_arora_kernel(1), er_arora_kernel(.5), er_arora_kernel(.5), er_arora_kernel(1)};
    const double y[2][2] = {{1, 1}, {1, -1}}, complexity[] = {1.7320508076, 2.4494897428};
    struct er_error err;
    double value;
    for (int i = 0; i < 4; i++) T_CLOSE(er_arora_kernel(t[i]), want[i], 1e-10, "H at %g", t[i]);
    T_CLOSE(er_arora_kernel(1 + 1e-12), .5, 1e-12, "rounding beyond 1");
    for (int i = 0; i < 2; i++) {
        T_STATUS(er_kernel_label_complexity(2, h, 0, 1, y[i], &value, &err), ER_OK, "complexity");
        T_CLOSE(value, complexity[i], 1e-9, "complexity");
    }
    struct measured_net net; /* lengths of inputs are nothing to the measure */
    if (measured_net_open(&net, "[dense]", "logistic", (struct er_shape){1, 1, 2}, 2, 2)) {
        const float x[] = {3, 0, 1, (float)sqrt(3.0)};
        memcpy(net.train.x, x, sizeof x);
        net.train.label[0] = 1;
        for (int i = 0; i < 2; i++) {
            net.train.label[1] = 1 - i;
            /* 5e-7 is added to a diagonal of 0.5 */
            T_CLOSE(measured_net_value(&net.is, "arora_label_complexity", 1), complexity[i], 5e-6, "measure");
        }
        double before = 0;
        net.train.x[2] = net.train.x[0];
        net.train.x[3] = net.train.x[1];
        for (int same = 1; same >= 0; same--) { /* of equal examples, equal labels; then not */
            net.train.label[1] = same;
            value = measured_net_value(&net.is, "arora_label_complexity", 1);
            if (!same) T_OK(value > 1e3 * before, "a contradiction: %g, %g without", value, before);
            before = value;
        }
    }
    measured_net_close(&net);
}

/* What y K y' and |Y Y'| of several columns are, by matrices that are formed; and what has no value. */
static void test_alignment(void)
{
    enum { N = 6, C = 3 };
    double k[N * N], y[N * C] = {0}, g[N * N], dot = 0, kk = 0, gg = 0, value, ones[N];
    struct er_error err;
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) k[i * N + j] = exp(-.1 * (i - j) * (i - j)) + (i == j);
    for (int i = 0; i < N; i++) y[i * C + i % C] = ones[i] = 1;
    for (int i = 0; i < N * N; i++) {
        g[i] = i / N % C == i % N % C;
        dot += k[i] * g[i];
        kk += k[i] * k[i];
        gg += g[i] * g[i];
    }
    T_STATUS(er_kernel_alignment(N, k, C, y, false, &value, &err), ER_OK, "three classes");
    T_CLOSE(value, dot / sqrt(kk * gg), 1e-14, "three classes");
    T_STATUS(er_kernel_alignment(N, g, C, y, false, &value, &err), ER_OK, "of the labels' own kernel");
    T_CLOSE(value, 1, 1e-14, "which is 1");
    T_STATUS(er_kernel_alignment(N, g, C, y, true, &value, &err), ER_OK, "centred");
    T_CLOSE(value, 1, 1e-14, "centred too");
    T_STATUS(er_kernel_alignment(N, k, 1, ones, true, &value, &err), ER_E_UNSUPPORTED, "labels all alike");
    for (int i = 0; i < N * N; i++) g[i] = .1;
    T_STATUS(er_kernel_alignment(N, g, C, y, true, &value, &err), ER_E_UNSUPPORTED, "a constant kernel");
    T_STATUS(er_kernel_label_complexity(N, g, 0, C, y, &value, &err), ER_E_UNSUPPORTED, "a singular one");
    T_ALLOCATIONS(er_kernel_label_complexity(N, k, 0, C, y, &value, &err), (void)0, "label complexity");
}

/* Gradients of single examples in float32 give the kernel of float64. */
static void test_convolution(void)
{
    enum { N = 40 };
    struct measured_net net;
    struct er_error err;
    if (measured_net_open(&net, "[conv 4 3x3, batch_norm, relu, global_avg_pool, dense]", "cross-entropy",
                          (struct er_shape){6, 6, 2}, 3, N)) {
        static double k[N * N], want[N * N];
        double *w = er_alloc(net.P, sizeof *w), *s = er_alloc(net.S, sizeof *s),
               *x = er_alloc(N * 72, sizeof *x), off = 0, most = 0;
        const struct er_network network = {.w = net.w, .statistics = net.statistics};
        struct er_finite *finite = NULL;
        for (int64_t i = 0; i < net.P; i++) w[i] = (double)net.w[i];
        for (int64_t i = 0; i < net.S; i++) s[i] = (double)net.statistics[i];
        for (int i = 0; i < N * 72; i++) x[i] = (double)net.train.x[i];
        T_STATUS(er_finite_new(net.net, &finite, &err), ER_OK, "in float64");
        const struct er_finite_network wide = {finite, w, s};
        const struct er_empirical_options options = {.outputs = ER_OUTPUTS_MEAN};
        T_STATUS(er_empirical_kernel(&wide, N, x, 0, NULL, &options, NULL, want, NULL, NULL, NULL, &err),
                 ER_OK, "kernel");
        T_STATUS(er_tangent_gram(net.net, &network, &net.train, NULL, k, &err), ER_OK, "by gradients");
        for (int i = 0; i < N * N; i++) {
            off = fmax(off, fabs(k[i] - want[i]));
            most = fmax(most, fabs(want[i]));
        }
        T_CLOSE(off, 0, 2e-6 * most, "the same kernel, to float32");
        T_ALLOCATIONS(er_tangent_gram(net.net, &network, &net.train, NULL, k, &err), (void)0, "kernel");
        er_finite_free(finite);
        er_free(w);
        er_free(s);
        er_free(x);
    }
    measured_net_close(&net);
}

/* 100 examples, 80 of class 0, 15 of class 1, 5 of class 2: a draw of 30 takes all of the last, and shares the rest. */
static void test_subset(void)
{
    enum { N = 100 };
    struct measured_net net;
    struct er_error err;
    struct er_dataset some, other;
    if (measured_net_open(&net, "[dense]", "cross-entropy", (struct er_shape){1, 1, 2}, 3, N)) {
        int count[3] = {0}, last = -1, alike = 0;
        for (int i = 0; i < N; i++) {
            net.train.label[i] = i % 20 == 7 ? 2 : i % 20 < 3 ? 1 : 0;
            net.train.x[2 * i] = (float)i;
        }
        T_STATUS(er_subset_draw(&net.train, 30, 1, &some, &err), ER_OK, "a draw");
        T_STATUS(er_subset_draw(&net.train, 30, 2, &other, &err), ER_OK, "another");
        T_EQ_INT(some.n, 30, "as many as asked for");
        for (int i = 0; i < 30; i++) {
            const int from = (int)some.x[2 * i];
            T_OK(from > last && some.label[i] == net.train.label[from], "in order, with its label: %d", from);
            last = from;
            count[some.label[i]]++;
            alike += some.x[2 * i] == other.x[2 * i];
        }
        T_OK(count[0] == 13 && count[1] == 12 && count[2] == 5, "%d, %d, %d", count[0], count[1], count[2]);
        T_OK(alike < 25, "another seed, other examples: %d the same", alike);
        er_dataset_clear(&some);
        er_dataset_clear(&other);
        T_STATUS(er_subset_draw(&net.train, 1000, 1, &some, &err), ER_OK, "more than there are");
        T_OK(some.n == N && same(some.x, net.train.x, 2 * N * sizeof(float)), "are all");
        er_dataset_clear(&some);
        T_ALLOCATIONS(er_subset_draw(&net.train, 30, 1, &some, &err), er_dataset_clear(&some), "subset");
    }
    measured_net_close(&net);
}

int main(void)
{
    check_c36_tangent_kernel();
    check_c37_kernel_numbers();
    check_c38_arora();
    test_alignment();
    test_convolution();
    test_subset();
    return t_done();
}
