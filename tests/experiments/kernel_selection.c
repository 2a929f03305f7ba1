/* The experiment `kernel-selection`: its kernels by the recursion of the paper's code, votes, threads, real tables. */
#include "experiments/network_kernel.h"
#include "experiments/one_against_one.h"

#include "support/experiment_run.h"
#include "support/needed.h"
#include "support/places.h"
#include "t.h"

#include <ermine/random.h>
#include <float.h>

enum { N = 12, D = 4, MOST = 5 };

static const double PI = 3.14159265358979323846;

/* The paper's code, for one pair: s of x with x, x with z, z with z. */
static void by_recursion(int layers, int fixed, const double *x, const double *z, double *k, double *theta)
{
    double s[3] = {0}, h = 0;
    for (int d = 0; d < D; d++) {
        s[0] += x[d] * x[d];
        s[1] += x[d] * z[d];
        s[2] += z[d] * z[d];
    }
    for (int l = 0;; l++) {
        if (fixed <= l) h += s[1];
        if (l + 1 == layers) break;
        const double size = sqrt(s[0] * s[2]), angle = acos(fmin(1, fmax(-1, s[1] / size)));
        s[1] = size * (sin(angle) + (PI - angle) * cos(angle)) / (2 * PI);
        h *= (PI - angle) / (2 * PI);
        s[0] /= 2;
        s[2] /= 2;
    }
    *k = s[1];
    *theta = h;
}

static void check_kernels(void)
{
    struct er_error err;
    struct er_pool *pool = needed_pool(1);
    struct er_random r = er_random_open(4, er_stream(ER_PURPOSE_TEST, 0));
    double x[N * D], got[N * N], k, theta;
    for (int i = 0; i < N * D; i++) x[i] = er_random_normal(&r);
    for (int layers = 1; layers <= MOST; layers++)
        for (int fixed = ER_NETWORK_UNTRAINED; fixed < layers; fixed++) {
            double worst = 0;
            T_STATUS(er_network_kernel(layers, fixed, N, D, x, got, pool, NULL, &err), ER_OK, "kernel");
            for (int i = 0; i < N; i++)
                for (int j = 0; j < N; j++) {
                    by_recursion(layers, fixed, x + (ptrdiff_t)i * D, x + (ptrdiff_t)j * D, &k, &theta);
                    worst = fmax(worst, fabs(got[i * N + j] - (fixed < 0 ? k : theta)));
                }
            /* acos of a cosine near 1 loses half of the digits, and so does the slope at i = j. */
            T_CLOSE(worst, 0, 1e-6, "%d layers, %d fixed: the recursion of the paper's code", layers, fixed);
        }
    er_pool_free(pool);
}

/* Three classes on a line, far apart: every vote is right; a class that is not learnt from is never predicted. */
static void check_votes(void)
{
    enum { ROWS = 9 };
    struct er_error err;
    double k[ROWS * ROWS];
    int32_t label[ROWS];
    const int64_t learn[] = {0, 1, 3, 4, 6, 7}, predict[] = {2, 5, 8};
    for (int i = 0; i < ROWS; i++) label[i] = i / 3;
    for (int i = 0; i < ROWS; i++)
        for (int j = 0; j < ROWS; j++)
            k[i * ROWS + j] = exp(-pow(10 * (label[i] - label[j]) + 0.1 * (i % 3 - j % 3), 2));
    const struct er_labelled_kernel kernel = {ROWS, 3, k, label};
    struct er_rows rows = {learn, predict, 6, 3};
    int64_t wrong, unfinished = 0;
    T_STATUS(er_one_against_one(&kernel, &rows, 10, NULL, &wrong, &unfinished, &err), ER_OK, "votes");
    T_OK(wrong == 0 && unfinished == 0, "all right");
    rows.n_learn = 4;
    T_STATUS(er_one_against_one(&kernel, &rows, 10, NULL, &wrong, &unfinished, &err), ER_OK, "two classes");
    T_EQ_INT(wrong, 1, "the third is missed");
    T_ALLOCATIONS(er_one_against_one(&kernel, &rows, 10, NULL, &wrong, &unfinished, &err), (void)0,
                  "allocations");
}

static void check_runs(void)
{
    static const char study[] =
        "study: s\n"
        "data: {name: gaussian-mixture, classes: 3, dimension: 4, train: 60, test: 31}\n"
        "kernel-selection: {get: [ntk, nngp, gaussian], depth: 2}\nseeds: 2\n";
    struct er_error err;
    struct experiment_runs *one = experiment_runs_new(study), *two = experiment_runs_new(study);
    T_STATUS(experiment_run(one, 1, NULL, &err), ER_OK, "one thread");
    T_STATUS(experiment_run(two, 2, NULL, &err), ER_OK, "two");
    for (int64_t i = 0; i < one->n; i++) {
        T_OK(experiment_same(&one->record[i], &two->record[i]), "run %d has the same bits", (int)i);
        T_OK(experiment_value(one, i, "test_error") < 0.3, "and has learnt: %g",
             experiment_value(one, i, "test_error"));
        T_OK(isnan(experiment_value(one, i, "layers")) == !isnan(experiment_value(one, i, "rate")),
             "a network or a rate");
    }
    T_OK(experiment_value(one, 0, "test_error") + experiment_value(one, 0, "test_accuracy") == 1, "accuracy");
    struct er_pool *pool = needed_pool(2);
    struct er_estimate estimate;
    T_STATUS(
        two->experiment->estimate(er_study_point(two->study, 0), two->n, NULL, pool, NULL, &estimate, &err),
        ER_OK, "estimate");
    T_OK(estimate.seconds > 0 && estimate.at_once == 2, "%g s", estimate.seconds);
    er_pool_free(pool);
    experiment_runs_free(one);
    experiment_runs_free(two);
    one = experiment_runs_new(
        "study: s\ndata: {name: gaussian-mixture, train: 4, test: 3}\nkernel-selection: {}\n");
    T_STATUS(experiment_run(one, 1, NULL, &err), ER_E_INPUT, "too few rows");
    experiment_runs_free(one);
}

/* Two folds of 45 rows: mistakes are counts a and b, the mean is (a + b) / 90, the deviation |a - b| / (45 sqrt 2). Some of
 * the networks that are chosen have layers fixed. */
static void check_results(void)
{
    static const char study[] = "study: s\n"
                                "data: {name: gaussian-mixture, classes: 3, dimension: 4, train: 60, test: "
                                "30, labels: {corrupt: 0.3}}\n"
                                "kernel-selection: {get: ntk, depth: 3, folds: 2}\nseeds: 3\n";
    struct er_error err;
    struct experiment_runs *r = experiment_runs_new(study);
    double most_fixed = 0, most_apart = 0;
    T_STATUS(experiment_run(r, 2, NULL, &err), ER_OK, "two folds");
    for (int64_t i = 0; i < r->n; i++) {
        const double sum = 90 * experiment_value(r, i, "test_error"),
                     apart = 45 * sqrt(2) * experiment_value(r, i, "fold_spread");
        T_CLOSE(apart - round(apart), 0, 1e-6, "run %d: a difference of %g mistakes", (int)i, apart);
        T_CLOSE(fmod(round(sum) + round(apart), 2), 0, 1e-6, "of %g", sum);
        T_OK(experiment_value(r, i, "fixed") < experiment_value(r, i, "layers"), "not all are fixed");
        most_fixed = fmax(most_fixed, experiment_value(r, i, "fixed"));
        most_apart = fmax(most_apart, apart);
    }
    T_OK(most_fixed > 0 && most_apart > 0, "%g layers fixed, %g apart", most_fixed, most_apart);
    experiment_runs_free(r);
}

/* A file that the study's folder lacks is found among the data sets. */
static void check_table(void)
{
    struct er_error err;
    struct er_data_spec spec = er_data_spec_default();
    struct er_split split;
    spec.file = "nowhere/iris.csv";
    spec.within = "tables/iris.csv";
    if (er_data_open(&spec, places_here(), &split, &err) != ER_OK) {
        printf("# the tables are not here: %s\n", err.msg);
        return;
    }
    T_EQ_INT(split.train.n + split.test.n, 150, "iris");
    er_split_clear(&split);
    struct experiment_runs *r =
        experiment_runs_new("study: s\ndata: {file: tables/iris.csv}\nkernel-selection: {}\n");
    T_STATUS(experiment_run(r, 1, places_here(), &err), ER_OK, "iris");
    T_OK(experiment_value(r, 0, "test_error") < 0.07, "error %g", experiment_value(r, 0, "test_error"));
    experiment_runs_free(r);
}

int main(void)
{
    check_kernels();
    check_votes();
    check_runs();
    check_results();
    check_table();
    return t_done();
}
