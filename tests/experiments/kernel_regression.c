/* The experiment `kernel-regression`: against LAPACK's dense solver, the primal problem and refitting; singular kernel
 * matrices; threads; the reference's numbers on MNIST. */
#include "experiments/kernel_bound.h"
#include "experiments/kernel_fit.h"
#include "experiments/targets.h"
#include "math/gram.h"

#include "support/experiment_run.h"
#include "support/needed.h"
#include "support/places.h"
#include "support/scratch.h"
#include "t.h"

#include <ermine/random.h>
#include <float.h>
#include <lapacke.h>

enum { N = 90, D = 5, K = 3 };

static struct er_dataset data_of(int64_t n)
{
    struct er_random r = er_random_open(8, er_stream(ER_PURPOSE_TEST, 0));
    struct er_dataset data = {.n = n, .shape = {1, 1, D}, .classes = K};
    data.x = needed(n * D, sizeof *data.x);
    data.label = needed(n, sizeof *data.label);
    for (int64_t i = 0; i < n * D; i++) data.x[i] = (float)er_random_normal(&r);
    for (int64_t i = 0; i < n; i++) data.label[i] = (int32_t)er_random_below(&r, K);
    return data;
}

static double *targets_of(int64_t n)
{
    struct er_random r = er_random_open(9, er_stream(ER_PURPOSE_TEST, 0));
    double *y = needed(n * K, sizeof *y);
    for (int64_t i = 0; i < n * K; i++) y[i] = er_random_normal(&r);
    return y;
}

/* c by Gaussian elimination on the whole matrix, the norm by a double sum. */
static void check_fit(const struct er_kernel *kernel, double ridge)
{
    struct er_error err;
    struct er_pool *pool = needed_pool(2);
    struct er_dataset data = data_of(N);
    double *y = targets_of(N), *G = needed(N * N, sizeof *G), *A = needed(N * N, sizeof *A),
           *c = needed(N * K, sizeof *c);
    struct er_kernel_fit fit;
    T_STATUS(er_kernel_fit(kernel, &data, K, y, ridge, pool, NULL, &fit, &err), ER_OK, "fit");
    T_STATUS(er_gram(kernel, N, D, data.x, G, pool, NULL, &err), ER_OK, "matrix");
    memcpy(A, G, N * N * sizeof *A);
    memcpy(c, y, N * K * sizeof *c);
    for (int i = 0; i < N; i++) A[i * N + i] += ridge;
    lapack_int order[N];
    if (LAPACKE_dgesv(LAPACK_ROW_MAJOR, N, K, A, N, order, c, K) != 0) abort();
    double off = 0, size = 0, outputs = 0, norm = 0, trace = 0;
    for (int i = 0; i < N; i++) {
        trace += G[i * N + i];
        for (int k = 0; k < K; k++) {
            double f = 0;
            for (int j = 0; j < N; j++) f += G[i * N + j] * c[j * K + k];
            norm += c[i * K + k] * f;
            off = fmax(off, fabs(c[i * K + k] - fit.c[i * K + k]));
            size = fmax(size, fabs(c[i * K + k]));
            outputs = fmax(outputs, fabs(f - fit.f[i * K + k]));
        }
    }
    const double eps = fit.condition * DBL_EPSILON;
    T_OK(fit.solved && fit.jitter == 0, "without jitter");
    T_CLOSE(off / size, 0, 10 * eps, "coefficients, condition %g", fit.condition);
    T_CLOSE(outputs, 0, 100 * eps, "outputs on the training set");
    T_CLOSE(fit.norm / sqrt(norm), 1, 10 * eps, "norm %g", fit.norm);
    T_CLOSE(fit.trace / trace, 1, N * DBL_EPSILON, "trace");
    er_kernel_fit_clear(&fit);
    er_dataset_clear(&data);
    er_free(y);
    er_free(G);
    er_free(A);
    er_free(c);
    er_pool_free(pool);
}

/* Every example left out in turn, and the rest fitted again. */
static void check_left_out(double ridge)
{
    enum { FEW = 40 };
    const struct er_kernel kernel = {.kind = ER_KERNEL_LAPLACE, .rate = 0.5};
    struct er_error err;
    struct er_pool *pool = needed_pool(1);
    struct er_dataset data = data_of(FEW);
    double *y = targets_of(FEW), worst = 0;
    struct er_kernel_fit all;
    T_STATUS(er_kernel_fit(&kernel, &data, K, y, ridge, pool, NULL, &all, &err), ER_OK, "all");
    for (int out = 0; out < FEW; out++) {
        struct er_dataset rest = data_of(FEW);
        double *targets = targets_of(FEW), f[K];
        struct er_kernel_fit fit;
        rest.n = FEW - 1;
        for (int i = out; i < FEW - 1; i++) {
            memcpy(rest.x + (ptrdiff_t)i * D, data.x + (ptrdiff_t)(i + 1) * D, D * sizeof *rest.x);
            memcpy(targets + (ptrdiff_t)i * K, y + (ptrdiff_t)(i + 1) * K, K * sizeof *targets);
        }
        if (er_kernel_fit(&kernel, &rest, K, targets, ridge, pool, NULL, &fit, &err) != ER_OK) abort();
        if (er_gram_apply(&kernel, 1, data.x + (ptrdiff_t)out * D, rest.n, rest.x, D, K, fit.c, f, pool, NULL,
                          &err) != ER_OK)
            abort();
        for (int k = 0; k < K; k++) worst = fmax(worst, fabs(f[k] - all.left_out[out * K + k]));
        er_kernel_fit_clear(&fit);
        er_dataset_clear(&rest);
        er_free(targets);
    }
    T_CLOSE(worst, 0, 100 * all.condition * DBL_EPSILON,
            "ridge %g: leave-one-out in closed form is that by refitting", ridge);
    er_kernel_fit_clear(&all);
    er_dataset_clear(&data);
    er_free(y);
    er_pool_free(pool);
}

/* The linear kernel's ridge regression is that of its weights: (X' X + ridge I) w = X' y, f = X w. */
static void check_primal(void)
{
    const struct er_kernel kernel = {.kind = ER_KERNEL_LINEAR};
    const double ridge = 0.7;
    struct er_error err;
    struct er_pool *pool = needed_pool(2);
    struct er_dataset data = data_of(N);
    double *y = targets_of(N), A[D * D] = {0}, w[D * K] = {0}, worst = 0, square = 0;
    struct er_kernel_fit fit;
    T_STATUS(er_kernel_fit(&kernel, &data, K, y, ridge, pool, NULL, &fit, &err), ER_OK,
             "linear, more examples than d");
    for (int64_t i = 0; i < N; i++)
        for (int64_t a = 0; a < D; a++) {
            for (int64_t b = 0; b < D; b++)
                A[a * D + b] += (double)data.x[i * D + a] * (double)data.x[i * D + b];
            for (int64_t k = 0; k < K; k++) w[a * K + k] += (double)data.x[i * D + a] * y[i * K + k];
        }
    for (int64_t a = 0; a < D; a++) A[a * D + a] += ridge;
    if (LAPACKE_dposv(LAPACK_ROW_MAJOR, 'L', D, K, A, D, w, K) != 0) abort();
    for (int64_t i = 0; i < N; i++)
        for (int64_t k = 0; k < K; k++) {
            double f = 0;
            for (int64_t a = 0; a < D; a++) f += (double)data.x[i * D + a] * w[a * K + k];
            worst = fmax(worst, fabs(f - fit.f[i * K + k]));
        }
    for (int64_t i = 0; i < D * K; i++) square += w[i] * w[i];
    T_CLOSE(worst, 0, 10 * fit.condition * DBL_EPSILON, "the same outputs");
    T_CLOSE(fit.norm / sqrt(square), 1, 1e-9, "the norm is that of the weights");
    er_kernel_fit_clear(&fit);
    er_dataset_clear(&data);
    er_free(y);
    er_pool_free(pool);
}

static void check_failures(void)
{
    const struct er_kernel kernel = {.kind = ER_KERNEL_GAUSSIAN, .rate = 0.1},
                           huge = {.kind = ER_KERNEL_POLYNOMIAL, .degree = 100, .scale = 1e9};
    struct er_error err;
    struct er_pool *pool = needed_pool(1);
    struct er_dataset data = data_of(N);
    double *y = targets_of(N);
    struct er_kernel_fit fit;
    atomic_bool stop = true;
    const struct er_progress progress = {.stop = &stop};
    T_STATUS(er_kernel_fit(&huge, &data, K, y, 0, pool, NULL, &fit, &err), ER_E_NONFINITE,
             "kernels beyond float64");
    T_STATUS(er_kernel_fit(&kernel, &data, K, y, 0, pool, &progress, &fit, &err), ER_E_STOPPED, "stopped");
    T_ALLOCATIONS(er_kernel_fit(&kernel, &data, K, y, 0, pool, NULL, &fit, &err), er_kernel_fit_clear(&fit),
                  "allocations");
    data.n = 2000000; /* said beforehand: nothing of it is read */
    T_STATUS(er_kernel_fit(&kernel, &data, K, y, 0, pool, NULL, &fit, &err), ER_E_NOMEM, "32 TB");
    T_OK(strstr(err.msg, "kernel matrix of 2000000 examples") && strstr(err.msg, "available"),
         "with the numbers: %s", err.msg);
    data.n = N;
    er_dataset_clear(&data);
    er_free(y);
    er_pool_free(pool);
}

/* Two classes and three, by hand: m = 4, two examples of a margin above .9, norm 5 so radius 8, the fourth of the
 * list. */
static void check_bound(void)
{
    int32_t label[] = {1, 0, 1, 0}, three[] = {0, 1, 2, 0};
    const struct er_dataset signs = {.n = 4, .shape = {1, 1, 1}, .classes = 2, .label = label},
                            classes = {.n = 4, .shape = {1, 1, 1}, .classes = 3, .label = three};
    const double f[] = {1, -1, 0.9, 2}, g[] = {1, 0, 0, 0, 1, 0.05, 0, 0.5, 1, 0, 1, 0};
    const double rhat = 8.0 / 4 * sqrt(9), tail = 3 * sqrt(log(2 / (0.05 / (4 * 5))) / 8);
    T_CLOSE(er_kernel_norm_bound(&signs, f, 5, 9), 0.5 + 2 / 0.9 * rhat + tail, 1e-12, "signs");
    T_CLOSE(er_kernel_norm_bound(&classes, g, 5, 9), 0.5 + 4 * 3 / 0.9 * rhat + tail, 1e-12, "three classes");
    T_CLOSE(er_kernel_norm_bound(&signs, f, 0.3, 0), 0.5 + 3 * sqrt(log(2 / (0.05 / 2)) / 8), 1e-12,
            "a norm below 1 is in the first ball");
}

static const char *const generated =
    "study: s\n"
    "data: {name: gaussian-mixture, classes: [2, 4], dimension: 6, train: 300, test: "
    "200, labels: {corrupt: [0, 1]}}\n"
    "kernel-regression: {gaussian: {rate: 0.2}}\n";

static void check_columns(void)
{
    struct er_error err;
    struct experiment_runs *r = experiment_runs_new(generated);
    T_STATUS(experiment_run(r, 1, NULL, &err), ER_OK, "generated data");
    T_CLOSE(r->done, (double)r->n, 1e-9, "progress reaches the end");
    for (int i = 0; i < r->n; i++) {
        const double norm = experiment_value(r, i, "norm");
        T_OK(experiment_value(r, i, "train_error") == 0 && experiment_value(r, i, "interpolates") == 1,
             "run %d fits", i);
        T_OK(experiment_value(r, i, "train_mse") < 1e-20 && experiment_value(r, i, "fit_error") < 1e-9,
             "exactly");
        T_OK(experiment_value(r, i, "gap") == experiment_value(r, i, "test_error"),
             "the gap is the test error");
        T_CLOSE(experiment_value(r, i, "rademacher"), norm / sqrt(300), 1e-12 * norm,
                "tr K = n for this kernel");
        T_OK(experiment_value(r, i, "norm_bound") > experiment_value(r, i, "test_error"), "the bound holds");
        T_EQ_STR(r->record[i].outcome, "solved", "outcome");
        T_OK(experiment_value(r, i, "jitter") == 0, "without jitter");
        if (i >= 2) T_OK(norm > 1.5 * experiment_value(r, i - 2, "norm"), "random labels need a larger norm");
        T_CLOSE(experiment_value(r, i, "loo_error"), experiment_value(r, i, "test_error"), 0.1,
                "leave-one-out estimates the error on new examples (of the same labels)");
    }
    for (int threads = 2; threads <= 3; threads++) {
        struct experiment_runs *again = experiment_runs_new(generated);
        again->skip = 1;
        T_STATUS(experiment_run(again, threads, NULL, &err), ER_OK, "%d threads", threads);
        for (int i = 0; i < 4; i++)
            T_OK(i == 1 ? !again->record[i].ended : experiment_same(&r->record[i], &again->record[i]),
                 "%d threads: run %d has the same bits, or is somebody else's", threads, i);
        again->hasty = true;
        T_STATUS(experiment_run(again, threads, NULL, &err), ER_E_STOPPED, "stopped");
        T_OK(!again->record[0].ended, "nothing half done is handed over");
        experiment_runs_free(again);
    }
    struct er_pool *pool = needed_pool(2);
    struct er_estimate estimate;
    T_STATUS(r->experiment->estimate(er_study_point(r->study, 0), 4, NULL, pool, NULL, &estimate, &err),
             ER_OK, "estimate");
    T_OK(estimate.ensembles == 1 && estimate.at_once == 1, "one kind: %d", (int)estimate.ensembles);
    T_OK(estimate.run_bytes > 300 * 300 * 8 && estimate.seconds > 0 && estimate.data_bytes >= 500 * 6 * 4,
         "bytes %zu, seconds %g", estimate.run_bytes, estimate.seconds);
    er_pool_free(pool);
    experiment_runs_free(r);
    experiment_refused(
        "data: {name: mnist, augment: {flip: true}}\nkernel-regression: {}", 37,
        "data.augment.flip: kernel-regression takes all examples as they are, there are no batches to "
        "augment");
    experiment_refused("kernel-regression: {gaussian: {rate: 0}}\ndata: {name: mnist}", 38,
                       "kernel-regression.gaussian.rate must be above 0, got 0");
}

static struct experiment_runs *run_file(const char *lines, const char *keys)
{
    struct er_error err;
    char folder[64], path[80], text[512];
    if (!scratch_make(folder)) exit(1);
    snprintf(path, sizeof path, "%s/a.csv", folder);
    FILE *file = fopen(path, "w");
    if (!file || fputs(lines, file) < 0 || fclose(file) != 0) exit(1);
    snprintf(
        text, sizeof text,
        "study: s\ndata: {standardise: none, select: first, train: 5, file: %s}\nkernel-regression: {%s}\n",
        path, keys);
    struct experiment_runs *r = experiment_runs_new(text);
    T_STATUS(experiment_run(r, 1, NULL, &err), ER_OK, "%s", keys);
    scratch_remove(folder);
    return r;
}

/* Equal examples: a matrix that is singular exactly. */
static void check_singular(void)
{
    static const char agree[] = "x,y\n1,0\n2,1\n1,0\n4,1\n5,0\n6,1\n",
                      disagree[] = "x,y\n1,0\n2,1\n1,1\n4,1\n5,0\n6,1\n",
                      zeros[] = "x,y\n0,0\n0,1\n0,1\n0,1\n0,0\n0,1\n";
    struct experiment_runs *r = run_file(agree, "");
    T_EQ_STR(r->record[0].outcome, "jitter", "equal examples of one label");
    T_OK(strstr(r->record[0].note, "singular"), "the reason is said");
    T_CLOSE(experiment_value(r, 0, "jitter"), 1e-10, 1e-20, "10^-10 of the mean diagonal element");
    T_OK(experiment_value(r, 0, "train_error") == 0 && experiment_value(r, 0, "fit_error") < 1e-6,
         "are fitted: %g", experiment_value(r, 0, "fit_error"));
    experiment_runs_free(r);

    r = run_file(disagree, "");
    T_OK(experiment_value(r, 0, "jitter") > 0 && experiment_value(r, 0, "interpolates") == 0,
         "of two labels are not");
    T_CLOSE(experiment_value(r, 0, "train_error"), 0.2, 1e-12, "one of them is wrong");
    T_CLOSE(experiment_value(r, 0, "train_mse"), 2.0 / 5, 1e-5, "the fit is between the two");
    experiment_runs_free(r);

    r = run_file(disagree, "ridge: 0.1");
    T_OK(experiment_value(r, 0, "jitter") == 0 && experiment_value(r, 0, "norm") < 10,
         "a ridge makes it regular");
    T_EQ_STR(r->record[0].outcome, "solved", "outcome");
    experiment_runs_free(r);

    r = run_file(zeros, "kernel: linear");
    T_EQ_STR(r->record[0].outcome, "singular", "a matrix of zeros");
    T_OK(isnan(experiment_value(r, 0, "norm")) && strstr(r->record[0].note, "ridge"),
         "no numbers, but a reason");
    experiment_runs_free(r);
}

/* Training error 0 and the norms of our reference, three digits; all 10,000 test images, where the reference takes
 * every fifth and has 8.6 and 6.0 %. Random labels: chance, with a norm that is 4 times as large at n = 5000, and already
 * 2.6 and 3.1 times here. */
static void check_mnist(void)
{
    struct er_error err;
    if (!places_have("mnist")) {
        printf("# MNIST is not here: its numbers were not checked\n");
        return;
    }
    struct experiment_runs *r = experiment_runs_new(
        "study: s\n"
        "data: {name: mnist, train: [1000, 2000], select: first, standardise: none, condition: [true-labels, "
        "random-labels]}\n"
        "kernel-regression: {gaussian: {rate: 0.02}}\n");
    T_STATUS(experiment_run(r, 2, places_here(), &err), ER_OK, "MNIST");
    for (int i = 0; i < 4; i++)
        T_OK(experiment_value(r, i, "train_error") == 0, "run %d: training error 0", i);
    T_CLOSE(experiment_value(r, 0, "norm"), 22.0, 0.05, "norm at n = 1000");
    T_CLOSE(experiment_value(r, 2, "norm"), 29.4, 0.05, "norm at n = 2000");
    T_CLOSE(experiment_value(r, 0, "test_error"), 0.086, 0.01, "test error at n = 1000");
    T_CLOSE(experiment_value(r, 2, "test_error"), 0.060, 0.01, "test error at n = 2000");
    for (int i = 1; i < 4; i += 2) {
        T_CLOSE(experiment_value(r, i, "test_error"), 0.9, 0.03, "random labels: chance");
        T_OK(experiment_value(r, i, "norm") > 2.5 * experiment_value(r, i - 1, "norm"),
             "and a norm much larger");
    }
    experiment_runs_free(r);
}

/* The reference's own test set, every fifth image: 8.6 and 6.0 %. */
static void check_every_fifth(int64_t n, double want)
{
    enum { FIFTH = 2000, PIXELS = 784, CLASSES = 10 };
    const struct er_kernel kernel = {.kind = ER_KERNEL_GAUSSIAN, .rate = 0.02};
    struct er_data_spec spec = er_data_spec_default();
    struct er_split split;
    struct er_error err;
    struct er_kernel_fit fit;
    if (!places_have("mnist")) return;
    struct er_pool *pool = needed_pool(2);
    double *y = needed(n * CLASSES, sizeof *y), *outputs = needed((int64_t)FIFTH * CLASSES, sizeof *outputs);
    spec.name = "mnist";
    spec.train = n;
    spec.first = true;
    T_STATUS(er_data_open(&spec, places_here(), &split, &err), ER_OK, "the first %d images", (int)n);
    struct er_dataset *test = &split.test;
    for (int64_t i = 0; i < FIFTH; i++) {
        memcpy(test->x + i * PIXELS, test->x + 5 * i * PIXELS, PIXELS * sizeof *test->x);
        test->label[i] = test->label[5 * i];
    }
    test->n = FIFTH;
    er_targets_fill(&split.train, y);
    T_STATUS(er_kernel_fit(&kernel, &split.train, CLASSES, y, 0, pool, NULL, &fit, &err), ER_OK,
             "are fitted");
    T_STATUS(er_gram_apply(&kernel, FIFTH, test->x, n, split.train.x, PIXELS, CLASSES, fit.c, outputs, pool,
                           NULL, &err),
             ER_OK, "and predict");
    T_CLOSE(er_targets_measure(test, outputs).error, want, 1.01 / FIFTH, "n = %d: test error", (int)n);
    er_kernel_fit_clear(&fit);
    er_split_clear(&split);
    er_free(y);
    er_free(outputs);
    er_pool_free(pool);
}

int main(void)
{
    const struct er_kernel gaussian = {.kind = ER_KERNEL_GAUSSIAN, .rate = 0.3},
                           laplace = {.kind = ER_KERNEL_LAPLACE, .rate = 0.3},
                           polynomial = {
                               .kind = ER_KERNEL_POLYNOMIAL, .degree = 3, .scale = 0.2, .offset = 1};
    check_fit(&gaussian, 0);
    check_fit(&gaussian, 0.5);
    check_fit(&laplace, 0);
    check_fit(&polynomial, 0.1);
    check_left_out(0);
    check_left_out(0.3);
    check_primal();
    check_failures();
    check_bound();
    check_columns();
    check_singular();
    check_mnist();
    check_every_fifth(1000, 0.086);
    check_every_fifth(2000, 0.060);
    return t_done();
}
