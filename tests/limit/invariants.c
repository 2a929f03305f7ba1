/* What holds of the kernels of any infinitely wide network, besides numbers.
 *
 * Eigenvalues: K, Theta and, in the tangent parameterisation, Theta - K are positive semidefinite, to -1e-12 of the trace.
 * Symmetries change the order of sums of at most some hundred terms: 1e-13 of an entry of size 1, and where they bring
 * different pixels of equal content together the square root of that, times what the slope of an angle is worth.
 * Bits: of an entry they depend neither on the rest of the matrix nor on the number of threads. The matrix of points with
 * themselves is computed below the diagonal.
 */
#include "t.h"

#include "oracles/limit.h"
#include "support/limit_case.h"
#include "support/needed.h"

#include <ermine/random.h>
#include <lapacke.h>

enum { N = 12, H = 4, W = 4, C = 2, D = H * W * C };

static const struct er_shape shape = {H, W, C};
static const char *const nets[] = {
    "[conv 4, relu, conv 4, relu, global_avg_pool, dense 1]",
    "[conv 4, relu, conv 4 3x3 stride=2, relu, flatten, dense 1]",
    "[conv 4, erf, avg_pool 2, conv 4, add: [identity, [relu, conv 4]], relu, global_avg_pool, dense 8, "
    "relu, dense 1]",
    "[dense 8, relu, dense 8, erf, dense 8, layer_norm affine=false, relu, dense 1]",
};
enum { NETS = sizeof nets / sizeof *nets };

static void draw(int64_t n, double *x)
{
    struct er_random r = er_random_open(7, er_stream(ER_PURPOSE_TEST, 300));
    for (int64_t i = 0; i < n; i++) x[i] = er_random_normal(&r);
}

static struct limit_case case_of(const char *text, const double *x)
{
    return (struct limit_case){
        .text = text, .shape = shape, .options = limit_case_options(sqrt(2), 0.1), .n = N, .x = x};
}

static void check_semidefinite(const double *k, const char *what, const char *text)
{
    double a[N * N], value[N], trace = 0;
    memcpy(a, k, sizeof a);
    for (int i = 0; i < N; i++) trace += a[i * N + i];
    LAPACKE_dsyev(LAPACK_ROW_MAJOR, 'N', 'U', N, a, N, value);
    T_OK(value[0] >= -1e-12 * trace, "%s: the smallest eigenvalue of %s, %g of the trace %g", text, what,
         value[0], trace);
}

static void test_semidefinite(const double *x)
{
    for (int i = 0; i < NETS; i++) {
        const struct limit_case c = case_of(nets[i], x);
        double k[N * N], theta[N * N], difference[N * N];
        if (!limit_case_kernel(&c, k, theta)) continue;
        for (int j = 0; j < N * N; j++) difference[j] = theta[j] - k[j];
        check_semidefinite(k, "K", nets[i]);
        check_semidefinite(theta, "Theta", nets[i]);
        check_semidefinite(difference, "Theta - K", nets[i]);
    }
}

/* Points in another order: rows and columns in another order. */
static void test_permuted(const double *x)
{
    double moved[N * D];
    for (int i = 0; i < N; i++) memcpy(moved + i * D, x + i * 5 % N * D, D * sizeof *x);
    for (int i = 0; i < NETS; i++) {
        struct limit_case c = case_of(nets[i], x);
        double k[N * N], theta[N * N], k2[N * N], theta2[N * N], largest = 0;
        bool same = limit_case_kernel(&c, k, theta);
        c.x = moved;
        same &= limit_case_kernel(&c, k2, theta2);
        for (int j = 0; j < N * N && same; j++) {
            const int there = j / N * 5 % N * N + j % N * 5 % N;
            largest = fmax(largest, fmax(fabs(k2[j] - k[there]), fabs(theta2[j] - theta[there])));
        }
        T_OK(same && largest <= 1e-13, "%s: of permuted points, %g away", nets[i], largest);
    }
}

/* One image moved by rows and columns, with wrapping. */
static void shift(const double *x, int rows, int columns, double *out)
{
    for (int i = 0; i < H; i++)
        for (int j = 0; j < W; j++)
            memcpy(out + ((i + rows) % H * W + (j + columns) % W) * C, x + (i * W + j) * C, C * sizeof *x);
}

static void test_shifted(const double *x)
{
    static const char
        *const pooled = "[conv 4 padding=circular, relu, conv 4 padding=circular, relu, global_avg_pool, "
                        "dense 1]",
               *const flat = "[conv 4 padding=circular, relu, conv 4 padding=circular, relu, flatten, "
                             "dense 1]";
    double two[2 * D], one_moved[2 * D], both_moved[2 * D], k[4], theta[4], k2[4], theta2[4];
    memcpy(two, x, sizeof two);
    memcpy(one_moved, x, sizeof one_moved);
    shift(x + D, 1, 3, one_moved + D);
    shift(x, 1, 3, both_moved);
    shift(x + D, 1, 3, both_moved + D);
    struct limit_case c = case_of(pooled, two);
    c.n = 2;
    if (!limit_case_kernel(&c, k, theta)) return;
    c.x = one_moved;
    if (!limit_case_kernel(&c, k2, theta2)) return;
    T_CLOSE(k2[1], k[1], 1e-13, "pooled: K with a shifted image");
    T_CLOSE(theta2[1], theta[1], 1e-13, "pooled: Theta with a shifted image");
    T_CLOSE(k2[3], k[3], 1e-13, "pooled: K of a shifted image");
    c = case_of(flat, two);
    c.n = 2;
    if (!limit_case_kernel(&c, k, theta)) return;
    c.x = both_moved;
    if (!limit_case_kernel(&c, k2, theta2)) return;
    T_CLOSE(k2[1], k[1], 1e-13, "flattened: K of two images shifted together");
    T_CLOSE(theta2[1], theta[1], 1e-13, "flattened: Theta of two images shifted together");
    c.x = one_moved;
    if (!limit_case_kernel(&c, k2, theta2)) return;
    T_OK(fabs(k2[1] - k[1]) > 1e-3, "flattened: with one image shifted, %g and %g are not the same", k2[1],
         k[1]);
}

/* Without pooling, weights that are shared or not make no difference to K. */
static void test_local(const double *x)
{
    const char *text = "[conv 4, relu, conv 4, relu, flatten, dense 1]";
    struct limit_case c = case_of(text, x);
    const struct limit_oracle o = {text, H, W, C, c.options, true};
    double k[4], theta[4], want[3], theta_want[3];
    c.n = 2;
    if (!T_OK(limit_oracle_kernels(&o, x, x + D, want, theta_want), "without shared weights")) return;
    if (!limit_case_kernel(&c, k, theta)) return;
    T_CLOSE(k[0], want[0], 1e-13, "K(x, x) without shared weights");
    T_CLOSE(k[1], want[1], 1e-13, "K(x, x') without shared weights");
}

static bool same_bits(int n, const double *a, const double *b)
{
    for (int i = 0; i < n; i++)
        if (a[i] != b[i]) return false;
    return true;
}

/* Blocks of the matrix, fewer points, K alone, other numbers of threads: the same bits. */
static void test_bits(const double *x)
{
    for (int i = 0; i < NETS; i++) {
        struct limit_case c = case_of(nets[i], x);
        double k[N * N], theta[N * N], k2[N * N], theta2[N * N];
        enum { ROWS = 5, COLUMNS = N - ROWS };
        if (!limit_case_kernel(&c, k, theta)) continue;
        for (int threads = 2; threads <= 3; threads++) {
            c.pool = needed_pool(threads);
            const bool done = limit_case_kernel(&c, k2, theta2);
            T_OK(done && same_bits(N * N, k, k2) && same_bits(N * N, theta, theta2),
                 "%s: the same bits with %d threads", nets[i], threads);
            er_pool_free(c.pool);
            c.pool = NULL;
        }
        const bool alone = limit_case_kernel(&c, k2, NULL);
        T_OK(alone && same_bits(N * N, k, k2), "%s: K alone has the same bits", nets[i]);
        c.n = ROWS; /* below the diagonal: a pair and the same pair turned round add in another order */
        c.m = COLUMNS;
        c.x = x + COLUMNS * D;
        c.x2 = x;
        bool same = limit_case_kernel(&c, k2, theta2);
        for (int r = 0; r < ROWS && same; r++)
            same = same_bits(COLUMNS, k2 + r * COLUMNS, k + (COLUMNS + r) * N) &&
                   same_bits(COLUMNS, theta2 + r * COLUMNS, theta + (COLUMNS + r) * N);
        T_OK(same, "%s: a block of the matrix has the same bits", nets[i]);
    }
}

/* Equal points among others have the kernel of a point with itself, to the bit, and so have those of another set. */
static void test_equal(const double *x)
{
    enum { ONE = 3, TWO = 7 };
    double equal[N * D];
    memcpy(equal, x, sizeof equal);
    memcpy(equal + TWO * D, x + ONE * D, D * sizeof *x);
    for (int i = 0; i < 2 * NETS; i++) {
        struct limit_case c = case_of(nets[i / 2], equal);
        double k[N * N], theta[N * N], k2[N * N], theta2[N * N];
        c.options.float32 = i % 2;
        bool same = limit_case_kernel(&c, k, theta);
        same = same && k[ONE * N + TWO] == k[ONE * N + ONE] && theta[ONE * N + TWO] == theta[TWO * N + TWO];
        T_OK(same, "%s: of two equal points", nets[i / 2]);
        c.x2 = equal;
        c.m = N;
        same = limit_case_kernel(&c, k2, theta2);
        for (int j = 0; j < N; j++)
            same = same && k2[j * (N + 1)] == k[j * (N + 1)] && theta2[j * (N + 1)] == theta[j * (N + 1)];
        T_OK(same, "%s: of the same points as another set", nets[i / 2]);
    }
}

/* float32 against float64, of points that come nearer and nearer to the first: what the header promises. */
static void test_float32(const double *x)
{
    double near[N * D];
    for (int i = 0; i < N; i++)
        for (int j = 0; j < D; j++)
            near[i * D + j] = x[j] + (i > 0 ? pow(10, -0.5 * (double)(i - 1)) * x[i * D + j] : 0);
    for (int i = 0; i < NETS; i++) {
        struct limit_case c = case_of(nets[i], near);
        double k[N * N], theta[N * N], k2[N * N], theta2[N * N], most = 0, most_theta = 0;
        if (!limit_case_kernel(&c, k, theta)) continue;
        c.options.float32 = true;
        if (!limit_case_kernel(&c, k2, theta2)) continue;
        for (int j = 0; j < N * N; j++) {
            most = fmax(most, fabs(k2[j] / k[j] - 1));
            most_theta = fmax(most_theta, fabs(theta2[j] / theta[j] - 1));
        }
        T_OK(most <= 3e-7 && most_theta <= 1e-6, "%s: in float32 K is %g away, Theta %g", nets[i], most,
             most_theta);
    }
}

/* Only the readout trained: Theta is K. */
static void test_fixed(const double *x)
{
    struct limit_case c = case_of(nets[0], x);
    double k[N * N], theta[N * N], largest = 0;
    c.options.fixed = 2;
    if (!limit_case_kernel(&c, k, theta)) return;
    for (int j = 0; j < N * N; j++) largest = fmax(largest, fabs(theta[j] - k[j]));
    T_OK(largest <= 1e-15, "the readout alone: Theta is K, to %g", largest);
}

int main(void)
{
    double *x = er_alloc(N * D, sizeof *x);
    if (!x) abort();
    draw(N * D, x);
    test_semidefinite(x);
    test_permuted(x);
    test_shifted(x);
    test_local(x);
    test_bits(x);
    test_equal(x);
    test_float32(x);
    test_fixed(x);
    er_free(x);
    return t_done();
}
