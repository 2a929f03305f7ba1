/* The parts of the experiment `lazy`: outputs against plain sums; steps against differences; f = 0 at the start; the
 * tangent kernel against the Jacobian of the same net from a model's text, and its limit of infinite width; alignment and
 * distance by closed forms; the linear model against its own descent. */
#include "experiments/lazy_kernel.h"
#include "experiments/lazy_linear.h"

#include "support/needed.h"
#include "support/small_net.h"
#include "t.h"

#include <ermine/derivatives.h>
#include <ermine/random.h>
#include <float.h>

static double *draw(uint64_t stream, int64_t n)
{
    double *v = needed(n, sizeof *v);
    struct er_random r = er_random_open(8, er_stream(ER_PURPOSE_TEST, stream));
    for (int64_t i = 0; i < n; i++) v[i] = er_random_normal(&r);
    return v;
}

static struct er_lazy_network network_of(int64_t d, int64_t units, double alpha, bool doubled)
{
    struct er_lazy_network network;
    struct er_error err;
    T_STATUS(er_lazy_network_new(d, units, alpha, doubled, 3, &network, &err), ER_OK, "%d units", (int)units);
    return network;
}

static double *weight(const struct er_lazy_network *n, int64_t unit, int64_t input)
{
    return n->w + (unit / ER_LAZY_LANES * n->d + input) * ER_LAZY_LANES + unit % ER_LAZY_LANES;
}

static double output(const struct er_lazy_network *n, const double *x)
{
    double sum = 0;
    for (int64_t k = 0; k < n->units; k++) {
        double z = 0;
        for (int64_t j = 0; j < n->d; j++) z += *weight(n, k, j) * x[j];
        sum += n->a[k] * fmax(z, 0);
    }
    return n->scale * sum;
}

/* sum_i c_i f(x_i) */
static double combination(const struct er_lazy_network *network, int64_t n, const double *x, const double *c)
{
    double sum = 0;
    for (int64_t i = 0; i < n; i++) sum += c[i] * output(network, x + i * network->d);
    return sum;
}

/* sum_i c_i f_i is linear in a single weight, but for kinks: a central difference has no error but rounding, which the
 * step h divides. Every number of rows of a tile, blocks that are full and not. */
static void check_step(int64_t n, int64_t d, int64_t units)
{
    const double h = 1e-6;
    struct er_lazy_network network = network_of(d, units, 1.7, false), moved;
    struct er_error err;
    double *x = draw(1, n * d), *c = draw(2, n), *f = needed(n, sizeof *f), worst = 0, slope = 0, lost = 0;
    double *hidden = needed(er_lazy_hidden_size(&network, n), sizeof *hidden);
    T_STATUS(er_lazy_network_copy(&network, &moved, &err), ER_OK, "a copy");
    er_lazy_network_outputs(&moved, n, x, hidden, f);
    for (int64_t i = 0; i < n; i++) worst = fmax(worst, fabs(f[i] - output(&network, x + i * d)));
    T_CLOSE(worst, 0, 1e-14 * (double)(d * units), "outputs of %dx%d, %d units", (int)n, (int)d, (int)units);
    T_OK(er_lazy_network_movement(&moved, &network) == 0, "outputs move nothing");
    er_lazy_network_move(&moved, n, x, c, hidden);
    for (int64_t k = 0; k < units; k++)
        for (int64_t j = 0; j <= d; j++) {
            double *w = j < d ? weight(&network, k, j) : network.a + k;
            const double at = *w, got = at - (j < d ? *weight(&moved, k, j) : moved.a[k]);
            *w = at + h;
            const double up = combination(&network, n, x, c);
            *w = at - h;
            const double down = combination(&network, n, x, c);
            *w = at;
            lost = fmax(lost, fabs((up - down) / (2 * h) - got));
            slope = fmax(slope, fabs(got));
        }
    T_CLOSE(lost, 0, 1e-8 * slope, "steps of %dx%d, %d units", (int)n, (int)d, (int)units);
    double outside = 0;
    for (int64_t k = units; k < moved.blocks * ER_LAZY_LANES; k++)
        for (int64_t j = 0; j <= d; j++) outside += fabs(j < d ? *weight(&moved, k, j) : moved.a[k]);
    T_OK(outside == 0, "what fills up the last block stays 0");
    er_free(x);
    er_free(c);
    er_free(f);
    er_free(hidden);
    er_lazy_network_clear(&network);
    er_lazy_network_clear(&moved);
}

/* Not to rounding: 0. */
static void check_doubling(void)
{
    enum { N = 50, D = 7 };
    double *x = draw(3, N * D), f[N];
    for (int64_t units = 2; units < 40; units += 6) {
        struct er_lazy_network network = network_of(D, units, 1e5, true);
        double *hidden = needed(er_lazy_hidden_size(&network, N), sizeof *hidden);
        er_lazy_network_outputs(&network, N, x, hidden, f);
        int zero = 0;
        for (int i = 0; i < N; i++) zero += f[i] == 0;
        T_EQ_INT(zero, N, "%d units in pairs: f = 0", (int)units);
        T_CLOSE(er_lazy_flips(&network, N, hidden, hidden), 0, 0, "no unit has flipped");
        er_free(hidden);
        er_lazy_network_clear(&network);
    }
    er_free(x);
}

/* J J' of the same net in float32 by er_derivatives, at weights that are floats. */
static void check_jacobian(void)
{
    enum { N = 9, D = 5, M = 21 };
    struct small_net s;
    struct er_error err;
    struct er_derivatives *jacobian = NULL;
    struct er_lazy_network network = network_of(D, M, 1, false);
    double K[N * N], inner[N * N], f[N], room[2 * N * M], worst = 0;
    double *hidden = needed(er_lazy_hidden_size(&network, N), sizeof *hidden);
    if (!small_net_open(&s, "[dense 21 bias=false, relu, dense init=ntk bias=false]", "logistic", N, D, 2))
        return;
    T_EQ_INT(s.P, M * (D + 1), "as many weights");
    for (int k = 0; k < M; k++)
        for (int j = 0; j <= D; j++) {
            double *w = j < D ? weight(&network, k, j) : network.a + k;
            const float rounded = (float)*w;
            *w = (double)rounded;
            s.w[j < D ? j * M + k : D * M + k] = rounded;
        }
    float *rows = needed(N * s.P, sizeof *rows), df[N];
    T_STATUS(er_derivatives_new(s.net, &s.network, &s.set, NULL, NULL, &jacobian, &err), ER_OK,
             "derivatives");
    for (int i = 0; i < N; i++) {
        for (int j = 0; j < N; j++) df[j] = i == j;
        T_STATUS(er_derivatives_vjp(jacobian, df, rows + i * s.P, &err), ER_OK, "a row of the Jacobian");
    }
    er_lazy_network_outputs(&network, N, s.x64, hidden, f);
    const struct er_lazy_examples e = {.n = N, .x = s.x64, .hidden = hidden, .room = room};
    er_lazy_inner(D, &e, &e, inner);
    er_lazy_kernel(&network, &e, &e, inner, K);
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            double sum = 0;
            for (int64_t p = 0; p < s.P; p++) sum += (double)rows[i * s.P + p] * (double)rows[j * s.P + p];
            worst = fmax(worst, fabs(sum - K[i * N + j]) / sqrt(K[i * N + i] * K[j * N + j]));
        }
    T_CLOSE(worst, 0, 20 * (double)FLT_EPSILON, "the kernel is J J' of the net that the model's text gives");
    er_derivatives_free(jacobian);
    small_net_close(&s);
    er_free(rows);
    er_free(hidden);
    er_lazy_network_clear(&network);
}

/* Entries by hand; the kernel of finite width comes near as 1 / sqrt(M). */
static void check_infinite(void)
{
    enum { N = 12, D = 3 };
    const double corner[] = {2, 0, 0, 0, 3, 0, -1, 0, 0};
    double K[N * N], limit[N * N], inner[N * N], f[N], apart[2];
    er_lazy_kernel_infinite(3, D, corner, K);
    T_CLOSE(K[0], 4, 1e-14, "x with itself: |x|^2");
    T_CLOSE(K[1], 6 / (2 * M_PI), 1e-14, "at a right angle: |x| |x'| / (2 pi)");
    T_CLOSE(K[2], 0, 1e-14, "opposite: 0");
    double *x = draw(4, N * D);
    er_lazy_kernel_infinite(N, D, x, limit);
    for (int wide = 0; wide < 2; wide++) {
        const int64_t units = wide ? 1 << 16 : 1 << 10;
        struct er_lazy_network network = network_of(D, units, 1, false);
        double *hidden = needed(er_lazy_hidden_size(&network, N), sizeof *hidden),
               *room = needed(2 * N * units, sizeof *room);
        const struct er_lazy_examples e = {.n = N, .x = x, .hidden = hidden, .room = room};
        er_lazy_network_outputs(&network, N, x, hidden, f);
        er_lazy_inner(D, &e, &e, inner);
        er_lazy_kernel(&network, &e, &e, inner, K);
        apart[wide] = er_lazy_kernel_distance(N, K, limit);
        er_free(hidden);
        er_free(room);
        er_lazy_network_clear(&network);
    }
    /* an entry's relative standard deviation is about 3 / sqrt(M), and entries go together */
    T_OK(apart[1] < 0.02, "65536 units are %g from infinitely many", apart[1]);
    T_OK(apart[0] < 0.16 && apart[0] > 2 * apart[1], "1024 units, %g, are further", apart[0]);
    er_free(x);
}

static void check_alignment(void)
{
    enum { N = 6 };
    const double y[N] = {1, -2, 0.5, 3, 1, -1};
    double K[N * N], L[N * N], room[2 * N];
    for (int i = 0; i < N * N; i++) {
        K[i] = y[i / N] * y[i % N];
        L[i] = i % (N + 1) == 0;
    }
    T_CLOSE(er_lazy_alignment(N, K, y), 1, 1e-15, "y y' with y");
    T_CLOSE(er_lazy_alignment(N, L, y), 1 / sqrt(N), 1e-15, "the identity");
    T_CLOSE(er_lazy_alignment_centred(N, L, y, room), 1 / sqrt(N - 1), 1e-15, "centred: it has rank n - 1");
    for (int i = 0; i < N * N; i++) K[i] = (y[i / N] + 7) * (y[i % N] + 7);
    T_CLOSE(er_lazy_alignment_centred(N, K, y, room), 1, 1e-14, "centred, a shift changes nothing");
    for (int i = 0; i < N * N; i++) L[i] = 3 * K[i];
    T_CLOSE(er_lazy_kernel_angle(N, L, K), 0, 1e-15, "no angle to a multiple");
    T_CLOSE(er_lazy_kernel_distance(N, L, K), 2, 1e-15, "but a distance");
    for (int i = 0; i < N * N; i++) L[i] = -K[i];
    T_CLOSE(er_lazy_kernel_angle(N, L, K), 2, 1e-15, "opposite");
}

/* c <- c + rate / n (r - K c), from 0; `share` is rate / n times the largest eigenvalue. */
static void check_linear(int64_t rank, double share)
{
    enum { N = 6, STEPS = 70 };
    struct er_lazy_linear linear;
    struct er_error err;
    double *x = draw(5, N * rank), *r = draw(6, N), K[N * N] = {0}, c[N] = {0}, got[N], next[N], worst = 0,
           left = 0;
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++)
            for (int64_t p = 0; p < rank; p++) K[i * N + j] += x[i * rank + p] * x[j * rank + p];
    T_STATUS(er_lazy_linear_new(N, K, r, &linear, &err), ER_OK, "a kernel of rank %d", (int)rank);
    const double rate = share * N / linear.value[N - 1];
    for (int t = 0; t < STEPS; t++) {
        for (int i = 0; i < N; i++) {
            next[i] = c[i] + rate / N * r[i];
            for (int j = 0; j < N; j++) next[i] -= rate / N * K[i * N + j] * c[j];
        }
        memcpy(c, next, sizeof c);
    }
    er_lazy_linear_after(&linear, rate, STEPS, got);
    for (int i = 0; i < N; i++) worst = fmax(worst, fabs(got[i] - c[i]));
    T_CLOSE(worst, 0, 1e-13 * STEPS, "rank %d, %g: %d steps at once", (int)rank, share, STEPS);
    er_lazy_linear_after(&linear, rate, (double)INFINITY, got);
    for (int i = 0; i < N; i++) { /* K (r - K c) = 0: nothing that K sees is left */
        double sum = 0;
        for (int j = 0; j < N; j++) {
            double residual = r[j];
            for (int k = 0; k < N; k++) residual -= K[j * N + k] * got[k];
            sum += K[i * N + j] * residual;
        }
        left = fmax(left, fabs(sum));
    }
    T_CLOSE(left, 0, 1e-11, "rank %d: the limit", (int)rank);
    er_lazy_linear_clear(&linear);
    T_ALLOCATIONS(er_lazy_linear_new(N, K, r, &linear, &err), er_lazy_linear_clear(&linear), "allocations");
    K[3] = K[18] = (double)NAN;
    T_STATUS(er_lazy_linear_new(N, K, r, &linear, &err), ER_E_NONFINITE, "a kernel of no numbers");
    er_free(x);
    er_free(r);
}

/* By hand. */
static void check_distances(void)
{
    static const double A[4] = {1, 0, 0, 0}, B[4] = {1, 0, 0, 1}, C[4] = {0, 2, 2, 0};
    /* two of the six pairs of example and unit; lanes behind the units hold 0 */
    static const double hidden[64] = {1, 0, 0, 2, 3, 0}, start[64] = {2, 0, 1, 0, 3, 0};
    const struct er_lazy_network network = {.units = 3, .blocks = 1};
    T_CLOSE(er_lazy_kernel_angle(2, A, B), 1 - M_SQRT1_2, 4 * DBL_EPSILON, "1 - cos of an eighth turn");
    T_CLOSE(er_lazy_kernel_angle(2, B, B), 0, 4 * DBL_EPSILON, "of none");
    T_CLOSE(er_lazy_kernel_angle(2, B, C), 1, 4 * DBL_EPSILON, "of a quarter");
    T_CLOSE(er_lazy_kernel_distance(2, C, B), sqrt(10.0 / 2), 8 * DBL_EPSILON, "|C - B| / |B|");
    T_CLOSE(er_lazy_flips(&network, 2, hidden, start), 2.0 / 6, DBL_EPSILON, "a third has changed");
}

int main(void)
{
    check_distances();
    for (int64_t rows = 1; rows <= 8; rows++) check_step(rows, 9 - rows, 4 + rows);
    check_step(13, 10, 24);
    check_doubling();
    check_jacobian();
    check_infinite();
    check_alignment();
    check_linear(6, 0.8);
    check_linear(6, 1.7);
    check_linear(3, 0.8);
    struct er_lazy_network network;
    struct er_error err;
    T_ALLOCATIONS(er_lazy_network_new(3, 10, 1, true, 0, &network, &err), er_lazy_network_clear(&network),
                  "a network");
    return t_done();
}
