/* Lanczos against spectra in closed form and LAPACK's dense solver; restarts, repeated eigenvalues,
 * breakdown. */
#include "support/matrices.h"
#include "t.h"

#include <float.h>
#include <lapacke.h>

int openblas_get_parallel(void); /* OpenBLAS's own: 0 for the build without threads */

/* Values come from Rayleigh quotients of float32 products: relative to the norm, one rounding u = 2^-24 of
 * the product, and the square of the residual (1e-5 or less here) over the gap, which the tests keep above
 * 1e-3. */
#define VALUE ((double)FLT_EPSILON)

enum { ROOM = 64 };

/* Runs a; checks status, residuals as reported against the product itself, unit length and orthogonality. */
static struct er_lanczos_report find(const struct er_operator *a, const struct er_lanczos_options *o,
                                     double *value, const char *name)
{
    struct er_error err = {0};
    struct er_lanczos_report report = {0};
    double residual[ROOM];
    float *vector = er_alloc(o->k * a->n, sizeof *vector), *w = er_alloc(a->n, sizeof *w);
    T_STATUS(er_lanczos(a, o, value, residual, vector, &report, &err), ER_OK, "%s", name);
    double largest = 0;
    for (int64_t i = 0; i < report.found; i++) largest = fmax(largest, fabs(value[i]));
    double longest = 0, overlap = 0, worst = 0;
    for (int64_t i = 0; i < report.found; i++) {
        const float *x = vector + i * a->n;
        a->apply(a->ctx, x, w, &err);
        double sum = 0;
        for (int64_t e = 0; e < a->n; e++) {
            const double d = (double)w[e] - value[i] * (double)x[e];
            sum += d * d;
        }
        if (largest > 0) worst = fmax(worst, sqrt(sum) / largest - residual[i] * 1.01);
        for (int64_t j = 0; j <= i; j++) {
            double dot = 0;
            for (int64_t e = 0; e < a->n; e++) dot += (double)x[e] * (double)vector[j * a->n + e];
            if (i == j)
                longest = fmax(longest, fabs(dot - 1));
            else
                overlap = fmax(overlap, fabs(dot));
        }
    }
    T_OK(longest <= 2 * (double)FLT_EPSILON, "%s: unit vectors, off by %g", name, longest);
    T_OK(overlap <= 2 * (double)FLT_EPSILON, "%s: orthogonal, off by %g", name, overlap);
    /* the report divides by the largest Ritz value, at either end of the spectrum: never less than found
     * values */
    T_OK(o->end != ER_SPECTRUM_MAGNITUDE || worst <= VALUE, "%s: residuals are as reported, off by %g", name,
         worst);
    T_OK(report.asymmetry < 4 * (double)FLT_EPSILON, "%s: symmetric, as far as seen: %g", name,
         report.asymmetry);
    er_free(vector);
    er_free(w);
    return report;
}

static void check_diagonal(void)
{
    enum { N = 500 };
    double d[N], value[ROOM];
    for (int i = 0; i < N; i++) d[i] = i < 490 ? -1 + 2.0 * i / 490 : 0; /* a bulk in [-1, 1) */
    const double top[] = {9, 7, 5.01, 5, 3}, bottom[] = {-10, -6};
    for (int i = 0; i < 5; i++) d[490 + i] = top[i];
    for (int i = 0; i < 2; i++) d[495 + i] = bottom[i];
    struct matrix m = {.n = N, .a = d, .spoil = -1};
    const struct er_operator a = matrix_diagonal(&m);
    struct er_lanczos_options o = er_lanczos_options_default();
    o.k = 5;
    struct er_lanczos_report r = find(&a, &o, value, "largest");
    T_EQ_INT(r.converged, 5, "largest: all converged");
    for (int i = 0; i < 5; i++) T_CLOSE(value[i], top[i], 10 * VALUE, "largest %d", i);
    o.k = 2;
    o.end = ER_SPECTRUM_SMALLEST;
    r = find(&a, &o, value, "smallest");
    T_EQ_INT(r.converged, 2, "smallest: all converged");
    for (int i = 0; i < 2; i++) T_CLOSE(value[i], bottom[i], 10 * VALUE, "smallest %d", i);
    o.k = 4;
    o.end = ER_SPECTRUM_MAGNITUDE;
    r = find(&a, &o, value, "magnitude");
    const double signed_values[] = {-10, 9, 7, -6};
    T_EQ_INT(r.converged, 4, "magnitude: all converged");
    for (int i = 0; i < 4; i++) T_CLOSE(value[i], signed_values[i], 10 * VALUE, "magnitude %d", i);

    /* the same bits again, others from another seed */
    double again[ROOM];
    find(&a, &o, again, "again");
    T_OK(memcmp(value, again, 4 * sizeof *value) == 0, "the same bits every time");
    o.seed = 1;
    find(&a, &o, again, "another seed");
    T_CLOSE(again[3], -6, 10 * VALUE, "from another start the same value");
}

/* From near the eigenvector fewer products are needed, and the value is the same. */
static void check_start(void)
{
    enum { N = 500 };
    double d[N], cold, warm;
    float start[N];
    struct er_error err = {0};
    for (int i = 0; i < N; i++) {
        d[i] = i == 7 ? 1.2 : cos(i);
        start[i] = (float)(0.01 * sin(i + 1)) + (i == 7);
    }
    struct matrix m = {.n = N, .a = d, .spoil = -1};
    const struct er_operator a = matrix_diagonal(&m);
    struct er_lanczos_options o = er_lanczos_options_default();
    o.tolerance = 1e-3;
    const struct er_lanczos_report far = find(&a, &o, &cold, "from anywhere");
    o.start = start;
    const struct er_lanczos_report near = find(&a, &o, &warm, "from nearby");
    T_CLOSE(cold, 1.2, 1e-5, "from anywhere: the square of the residual over the gap");
    T_CLOSE(warm, 1.2, 1e-5, "from nearby");
    T_OK(near.applies < far.applies - 2, "fewer products: %" PRId64 ", %" PRId64, near.applies, far.applies);
    memset(start, 0, sizeof start);
    T_STATUS(er_lanczos(&a, &o, &warm, NULL, NULL, NULL, &err), ER_E_USAGE, "from nowhere");
    start[0] = (float)NAN;
    T_STATUS(er_lanczos(&a, &o, &warm, NULL, NULL, NULL, &err), ER_E_USAGE, "from NaN");
}

static void check_laplacian(void)
{
    enum { N = 300, K = 6 };
    struct matrix m = {.n = N, .spoil = -1};
    const struct er_operator a = matrix_laplacian(&m);
    struct er_lanczos_options o = er_lanczos_options_default();
    o.k = K;
    o.tolerance = 1e-6;
    o.vectors = N; /* never restarts */
    double whole[ROOM], restarted[ROOM];
    struct er_lanczos_report r = find(&a, &o, whole, "Laplacian");
    T_EQ_INT(r.restarts, 0, "no restart");
    o.vectors = 40;
    o.applies = 5000;
    struct er_lanczos_report thick = find(&a, &o, restarted, "Laplacian, 40 vectors");
    T_OK(thick.restarts > 2, "it restarted, %" PRId64 " times", thick.restarts);
    printf("# Laplacian: %" PRId64 " products without, %" PRId64 " with %" PRId64 " restarts\n", r.applies,
           thick.applies, thick.restarts);
    T_EQ_INT(thick.converged, K, "all converged");
    for (int i = 0; i < K; i++) {
        const double want = 2 - 2 * cos((N - i) * M_PI / (N + 1));
        T_CLOSE(whole[i], want, 4 * 10 * VALUE, "Laplacian %d", i);
        T_CLOSE(restarted[i], want, 4 * 10 * VALUE, "Laplacian, restarted %d", i);
    }
    o.applies = 30;
    r = find(&a, &o, restarted, "Laplacian, too few products");
    T_OK(r.found == K && r.converged < K && r.applies == 30 + K,
         "what was reached is given, with its number");
    o.applies = 3;
    r = find(&a, &o, restarted, "Laplacian, fewer products than values");
    T_EQ_INT(r.found, 3, "three products give three values");
}

static void check_dense(void)
{
    enum { N = 120, K = 4 };
    double *matrix = matrix_random(N, 7), *copy = matrix_random(N, 7), w[N], value[ROOM];
    T_EQ_INT(LAPACKE_dsyev(LAPACK_ROW_MAJOR, 'N', 'U', N, copy, N, w), 0, "dsyev");
    struct matrix m = {.n = N, .a = matrix, .spoil = -1};
    const struct er_operator a = matrix_dense(&m);
    for (int end = ER_SPECTRUM_LARGEST; end <= ER_SPECTRUM_SMALLEST; end++) {
        struct er_lanczos_options o = er_lanczos_options_default();
        o.k = K;
        o.end = (enum er_spectrum_end)end;
        o.vectors = 16;
        o.tolerance = 1e-6;
        const struct er_lanczos_report r = find(&a, &o, value, "dense");
        T_EQ_INT(r.converged, K, "dense: all converged after %" PRId64 " products", r.applies);
        for (int i = 0; i < K; i++)
            T_CLOSE(value[i], end == ER_SPECTRUM_LARGEST ? w[N - 1 - i] : w[i], 2 * 10 * VALUE, "dense %d",
                    i);
    }
    struct er_lanczos_options o = er_lanczos_options_default();
    o.k = N;
    T_OK(o.k > ROOM, "all pairs are not for find()");
    double all[N], residual[N];
    struct er_error err;
    T_STATUS(er_lanczos(&a, &o, all, residual, NULL, NULL, &err), ER_OK, "all eigenvalues");
    double worst = 0;
    for (int i = 0; i < N; i++) worst = fmax(worst, fabs(all[i] - w[N - 1 - i]));
    T_OK(worst <= 2 * 10 * VALUE, "all eigenvalues, off by %g", worst);
    er_free(matrix);
    er_free(copy);
}

static void check_repeated(void)
{
    enum { N = 200 };
    double d[N], value[ROOM];
    for (int i = 0; i < N; i++) d[i] = (double)i / N;
    d[10] = d[20] = d[30] = 4;
    d[40] = d[50] = 3;
    struct matrix m = {.n = N, .a = d, .spoil = -1};
    const struct er_operator a = matrix_diagonal(&m);
    struct er_lanczos_options o = er_lanczos_options_default();
    o.k = 5;
    o.repeated = true;
    const struct er_lanczos_report r = find(&a, &o, value, "repeated");
    T_EQ_INT(r.converged, 5, "repeated: all converged after %" PRId64 " products", r.applies);
    const double want[] = {4, 4, 4, 3, 3};
    for (int i = 0; i < 5; i++) T_CLOSE(value[i], want[i], 4 * 10 * VALUE, "repeated %d", i);

    /* a spectrum so easy that all converges before rounding could bring the copy */
    for (int i = 0; i < N; i++) d[i] = i < 2 ? 4 : i < 4 ? 4 - i : .01 * i / N;
    o.k = 2;
    o.tolerance = 1e-3;
    o.repeated = false;
    find(&a, &o, value, "easy");
    T_CLOSE(value[1], 2, 1e-5, "easy: one start meets one of the two"); /* (4 residual)^2 over a gap of 1 */
    o.repeated = true;
    find(&a, &o, value, "easy, repeated");
    T_CLOSE(value[1], 4, 1e-5, "easy: the copy is looked for and found");
    o.k = 5;
    o.tolerance = 1e-5;

    /* two eigenvalues: the subspace of any start has two dimensions */
    for (int i = 0; i < N; i++) d[i] = i < 3 ? 2 : -1;
    struct er_lanczos_report two = find(&a, &o, value, "two values");
    T_EQ_INT(two.converged, 5, "two values: all converged");
    const double copies[] = {2, 2, 2, -1, -1};
    for (int i = 0; i < 5; i++) T_CLOSE(value[i], copies[i], 10 * VALUE, "two values %d", i);
    o.repeated = false;
    o.k = 1;
    two = find(&a, &o, value, "two values, one wanted");
    T_OK(two.applies <= 4, "two steps and the measuring, or so: %" PRId64, two.applies);
    T_CLOSE(value[0], 2, 10 * VALUE, "two values, one wanted");
}

static void check_small(void)
{
    double d[8] = {0}, value[ROOM];
    struct matrix m = {.n = 8, .a = d, .spoil = -1};
    struct er_operator a = matrix_diagonal(&m);
    struct er_lanczos_options o = er_lanczos_options_default();
    o.k = 3;
    for (int repeated = 0; repeated < 2; repeated++) {
        o.repeated = repeated;
        struct er_lanczos_report r = find(&a, &o, value, "zero");
        T_OK(r.found == 3 && r.converged == 3, "zero: three pairs");
        for (int i = 0; i < 3; i++) T_OK(value[i] == 0, "zero %d: %g", i, value[i]);
        o.k = 20;
        r = find(&a, &o, value, "zero, more than there are");
        T_EQ_INT(r.found, 8, "n pairs when k is above n");
        o.k = 3;
    }
    for (int i = 0; i < 8; i++) d[i] = 1;
    find(&a, &o, value, "identity");
    for (int i = 0; i < 3; i++) T_CLOSE(value[i], 1, VALUE, "identity %d", i);

    m.n = a.n = 1;
    d[0] = -2.5;
    const struct er_lanczos_report one = find(&a, &o, value, "n = 1");
    T_OK(one.found == 1 && value[0] == -2.5, "n = 1: its own value");

    /* rank one: u u^T with |u|^2 = sum i^2 */
    enum { N = 40 };
    double *outer = er_alloc(N * N, sizeof *outer), square = 0;
    for (int i = 0; i < N; i++) {
        square += i * i;
        for (int j = 0; j < N; j++) outer[i * N + j] = i * j;
    }
    struct matrix rank_one = {.n = N, .a = outer, .spoil = -1};
    a = matrix_dense(&rank_one);
    o.end = ER_SPECTRUM_MAGNITUDE;
    find(&a, &o, value, "rank 1");
    T_CLOSE(value[0] / square, 1, 4 * VALUE, "rank 1: |u|^2");
    for (int i = 1; i < 3; i++) T_CLOSE(value[i] / square, 0, 4 * VALUE, "rank 1: 0, %d", i);
    er_free(outer);
}

static enum er_status shift(void *ctx, const float *v, float *out, struct er_error *err)
{
    (void)err;
    const int64_t n = *(const int64_t *)ctx;
    for (int64_t i = 0; i < n; i++) out[i] = v[(i + 1) % n];
    return ER_OK;
}

static enum er_status stopped(void *ctx, const float *v, float *out, struct er_error *err)
{
    (void)ctx, (void)v, (void)out;
    return er_fail(err, ER_E_STOPPED, "asked to stop");
}

static void check_errors(void)
{
    struct er_error err = {0};
    double d[30], value[ROOM] = {77}, residual[ROOM];
    for (int i = 0; i < 30; i++) d[i] = i;
    struct matrix m = {.n = 30, .a = d, .spoil = 4};
    struct er_operator a = matrix_diagonal(&m);
    struct er_lanczos_options o = er_lanczos_options_default();
    T_STATUS(er_lanczos(&a, &o, value, residual, NULL, NULL, &err), ER_E_NONFINITE, "a NaN in a product");
    T_OK(value[0] == 77, "the outputs are untouched");
    m.spoil = -1;
    T_ALLOCATIONS(er_lanczos(&a, &o, value, residual, NULL, NULL, &err), (void)0, "allocations");

    struct er_operator b = a;
    b.apply = stopped;
    T_STATUS(er_lanczos(&b, &o, value, residual, NULL, NULL, &err), ER_E_STOPPED,
             "the operator's own failure");
    T_EQ_STR(err.msg, "asked to stop", "and its message");
    b.apply = NULL;
    T_STATUS(er_lanczos(&b, &o, value, residual, NULL, NULL, &err), ER_E_USAGE, "no product");
    b = a;
    b.n = 0;
    T_STATUS(er_lanczos(&b, &o, value, residual, NULL, NULL, &err), ER_E_USAGE, "n = 0");
    struct er_lanczos_options bad[7];
    for (int i = 0; i < 7; i++) bad[i] = o;
    bad[0].k = 0;
    bad[1].k = ER_KRYLOV_MAX;
    bad[2].tolerance = NAN;
    bad[3].tolerance = 0;
    bad[4].vectors = 2;
    bad[5].applies = 0;
    bad[6].end = (enum er_spectrum_end)7;
    for (int i = 0; i < 7; i++)
        T_STATUS(er_lanczos(&a, &bad[i], value, residual, NULL, NULL, &err), ER_E_USAGE, "bad option %d", i);

    int64_t n = 30;
    b = (struct er_operator){.n = n, .ctx = &n, .apply = shift};
    struct er_lanczos_report report;
    T_STATUS(er_lanczos(&b, &o, value, residual, NULL, &report, &err), ER_OK, "a shift is not symmetric");
    T_OK(report.asymmetry > .1, "and that shows: %g", report.asymmetry);
}

int main(void)
{
    T_EQ_INT(openblas_get_parallel(), 0, "OpenBLAS is the build without threads");
    check_diagonal();
    check_start();
    check_laplacian();
    check_dense();
    check_repeated();
    check_small();
    check_errors();
    return t_done();
}
