/* Kernels of real images: Fashion-MNIST, x = (pixel / 255 - 0.2860) / 0.3530 in double, in the files' order; skipped where
 * the set is not there.
 *
 * Entries were published to 12 digits, 1e-10 of them is asked; extreme eigenvalues to 4 and 6. Images share patches of
 * background, whose angle is 0: Theta of the flattened network was published with 9 right digits (10.1830118287 and
 * 3.57118292863); what stands here is by oracles/limit.h in long double, on all pairs of pixels. In float32 such an angle
 * is 1e-4 away for patches that are only nearly equal.
 */
#include "t.h"

#include "support/limit_case.h"
#include "support/needed.h"
#include "support/places.h"

#include <lapacke.h>

enum { SIDE = 28, D = SIDE * SIDE, HALF = SIDE / 2, DH = HALF * HALF };

/* n images for training and one for testing behind them. */
static double *images(int64_t n)
{
    struct er_data_spec spec = er_data_spec_default();
    struct er_split split;
    struct er_error err;
    spec.name = "fashion-mnist";
    spec.first = true;
    spec.train = n;
    spec.test = 1;
    if (!T_OK(er_data_open(&spec, places_here(), &split, &err) == ER_OK, "Fashion-MNIST")) return NULL;
    double *x = needed((n + 1) * D, sizeof *x);
    for (int64_t i = 0; i < (n + 1) * D; i++) {
        const float pixel = i < n * D ? split.train.x[i] : split.test.x[i - n * D];
        x[i] = (rint(255 * (double)pixel) / 255 - 0.2860) / 0.3530;
    }
    er_split_clear(&split);
    return x;
}

static void check_entries(const char *text, const double *x, const double want[3], const double want_theta[3])
{
    struct limit_case c = {
        .text = text, .shape = {HALF, HALF, 1}, .options = limit_case_options(sqrt(2), 0.1), .n = 3, .x = x};
    static const int place[3] = {0, 3, 6}; /* train 0, train 1, test 0: with train 0 */
    double k[9], theta[9];
    for (int float32 = 0; float32 < 2; float32++) {
        c.options.float32 = float32;
        if (!limit_case_kernel(&c, k, theta)) return;
        for (int i = 0; i < 3; i++) {
            const double part = float32 ? 5e-6 : 1e-10;
            T_CLOSE(k[place[i]], want[i], part * want[i], "%s: K, entry %d%s", text, i,
                    float32 ? ", float32" : "");
            T_CLOSE(theta[place[i]], want_theta[i], part * want_theta[i], "%s: Theta, entry %d%s", text, i,
                    float32 ? ", float32" : "");
        }
    }
}

/* Means over 2 x 2 blocks, four convolutions. */
static void test_entries(void)
{
    double *x = images(2), half[3 * DH];
    if (!x) return;
    for (int i = 0; i < 3 * DH; i++) {
        const double *corner = x + i / DH * D + i % DH / HALF * 2 * SIDE + i % HALF * 2;
        half[i] = (corner[0] + corner[1] + corner[SIDE] + corner[SIDE + 1]) / 4;
    }
    check_entries("[conv 8, relu, conv 8, relu, conv 8, relu, conv 8, relu, global_avg_pool, dense 1]", half,
                  (double[]){1.3007813729, 1.3291640712, 0.888833952157},
                  (double[]){3.30734840301, 3.30406130105, 1.95918509392});
    check_entries("[conv 8, relu, conv 8, relu, conv 8, relu, conv 8, relu, flatten, dense 1]", half,
                  (double[]){2.05592562972, 1.56851702681, 1.15464546026},
                  (double[]){10.1830118724647, 4.34051348699, 3.57118292955584});
    er_free(x);
}

static void check_eigenvalues(int n, double *a, const char *what, double least, double most)
{
    double *value = needed(n, sizeof *value);
    LAPACKE_dsyev(LAPACK_ROW_MAJOR, 'N', 'U', n, a, n, value);
    T_CLOSE(value[0], least, 5e-4 * least, "%s: the smallest eigenvalue", what);
    T_CLOSE(value[n - 1], most, 5e-6 * most, "%s: the largest eigenvalue", what);
    er_free(value);
}

static void test_eigenvalues(void)
{
    enum { N = 1000 };
    double *x = images(N), *k = needed((int64_t)N * N, sizeof *k),
           *theta = needed((int64_t)N * N, sizeof *theta);
    struct er_pool *pool = needed_pool(2);
    const struct limit_case c = {.text = "[dense 8, relu, dense 8, relu, dense 8, relu, dense 1]",
                                 .shape = {SIDE, SIDE, 1},
                                 .options = limit_case_options(sqrt(2), 0.1),
                                 .n = N,
                                 .x = x,
                                 .pool = pool};
    if (x && limit_case_kernel(&c, k, theta)) {
        check_eigenvalues(N, k, "K", 0.01174, 1434.26);
        check_eigenvalues(N, theta, "Theta", 0.4813, 3205.77);
    }
    er_pool_free(pool);
    er_free(x);
    er_free(k);
    er_free(theta);
}

int main(void)
{
    if (!places_have("fashion-mnist")) T_SKIP("Fashion-MNIST is not here");
    test_entries();
    test_eigenvalues();
    return t_done();
}
