/* The experiment `memorise`: theorem 1's network reproduces any labels; its weights against an oracle in long double;
 * its lemma; fast and plain sums; ties; threads; MNIST at the reference's sizes. */
#include "experiments/memorise_network.h"

#include "support/experiment_run.h"
#include "support/needed.h"
#include "support/places.h"
#include "support/scratch.h"
#include "t.h"

#include <float.h>

/* n points of d values in [0, 1) and k columns of random signs. */
static void draw(int64_t n, int64_t d, int64_t k, float **x, double **y)
{
    struct er_random r = er_random_open(5, er_stream(ER_PURPOSE_TEST, (uint64_t)n));
    *x = needed(n * d, sizeof **x);
    *y = needed(n * k, sizeof **y);
    for (int64_t i = 0; i < n * d; i++) (*x)[i] = (float)er_random_uniform(&r);
    for (int64_t i = 0; i < n * k; i++) (*y)[i] = er_random_below(&r, 2) ? 1 : -1;
}

/* Self-test 3 of the reference: n = 10, d = 784, any labels to 1e-10. */
static void check_fit(int64_t n, int64_t k, double tolerance)
{
    enum { D = 784 };
    struct er_error err;
    struct er_memorise m;
    struct er_memorise_tie tie;
    float *x;
    double *y, out[4], again[4], worst = 0, apart = 0, least = (double)INFINITY, largest = 0;
    draw(n, D, k, &x, &y);
    T_STATUS(er_memorise_new(n, D, k, x, y, 1, NULL, &tie, &m, &err), ER_OK, "n = %d", (int)n);
    T_OK(!tie.tied, "all apart");
    for (int64_t i = 0; i < n; i++) {
        const double z = er_memorise_project(&m, x + i * D);
        er_memorise_sum(&m, z, out);
        er_memorise_output(&m, z, again);
        int64_t below = 0; /* of the thresholds: example i is number below - 1 in the order of z */
        while (below < n && m.b[below] < z) below++;
        least = fmin(least, z - m.b[below - 1]);
        for (int64_t c = 0; c < k; c++) {
            worst = fmax(worst, fabs(out[c] - y[i * k + c]));
            apart = fmax(apart, fabs(out[c] - again[c]));
        }
    }
    for (int64_t i = 0; i < n * k; i++) largest = fmax(largest, fabs(m.w[i]));
    T_CLOSE(worst, 0, tolerance, "n = %d: the labels are reproduced", (int)n);
    T_CLOSE(apart, 0, tolerance, "n = %d: both sums agree", (int)n);
    T_OK(least == m.smallest && least > 0, "n = %d: smallest eigenvalue %g is the least distance", (int)n,
         least);
    T_OK(er_memorise_largest_weight(&m) == largest, "largest weight");
    for (int64_t j = 1; j < n; j++)
        if (m.b[j] <= m.b[j - 1]) T_OK(false, "thresholds rise");
    er_memorise_output(&m, m.b[0] - 1, out);
    T_OK(out[0] == 0, "0 to the left of all thresholds");
    er_memorise_clear(&m);
    er_free(x);
    er_free(y);
}

/* The system solved once more in long double, by the same rows in the same order. */
static void check_weights(void)
{
    enum { N = 60, D = 5 };
    struct er_error err;
    struct er_memorise m;
    struct er_memorise_tie tie;
    float *x;
    double *y, z[N], worst = 0;
    long double w[N];
    draw(N, D, 1, &x, &y);
    T_STATUS(er_memorise_new(N, D, 1, x, y, 2, NULL, &tie, &m, &err), ER_OK, "weights");
    for (int j = 0; j < N; j++) { /* example whose place is between b_j and b_j+1 */
        int found = 0;
        for (int i = 0; i < N; i++) {
            const double at = er_memorise_project(&m, x + (ptrdiff_t)i * D);
            if (at <= m.b[j] || (j + 1 < N && at > m.b[j + 1])) continue;
            found++;
            z[j] = at;
            w[j] = (long double)y[i];
        }
        T_EQ_INT(found, 1, "one example between neighbouring thresholds");
        T_OK(j == 0 || fabs(m.b[j] - (z[j - 1] + z[j]) / 2) < 1e-14, "in the middle");
    }
    for (int i = 0; i < N; i++) {
        for (int j = 0; j < i; j++) w[i] -= ((long double)z[i] - (long double)m.b[j]) * w[j];
        w[i] /= (long double)z[i] - (long double)m.b[i];
        worst = fmax(worst, fabs((double)(w[i] - (long double)m.w[i])));
    }
    /* an error is multiplied by the inverse of a gap, twice where two small ones meet */
    const double amplified = DBL_EPSILON / (m.smallest * m.smallest);
    T_CLOSE(worst / er_memorise_largest_weight(&m), 0, amplified, "the weights solve A w = y");
    er_memorise_clear(&m);
    T_ALLOCATIONS(er_memorise_new(N, D, 1, x, y, 2, NULL, &tie, &m, &err), er_memorise_clear(&m),
                  "allocations");
    er_free(x);
    er_free(y);
}

static void check_ties(void)
{
    enum { N = 30, D = 3 };
    struct er_error err;
    struct er_memorise m = {0};
    struct er_memorise_tie tie;
    float *x;
    double *y;
    draw(N, D, 1, &x, &y);
    memcpy(x + 20 * D, x + 7 * D, D * sizeof *x);
    T_STATUS(er_memorise_new(N, D, 1, x, y, 2, NULL, &tie, &m, &err), ER_OK, "equal examples");
    T_OK(tie.tied && tie.equal && tie.first == 7 && tie.second == 20, "are found: %d and %d", (int)tie.first,
         (int)tie.second);
    x[20 * D] = 1e-30f; /* lost in a sum with values of order 1 */
    x[7 * D] = 2e-30f;
    T_STATUS(er_memorise_new(N, D, 1, x, y, 2, NULL, &tie, &m, &err), ER_OK, "examples at the same place");
    T_OK(tie.tied && !tie.equal && tie.first == 7 && tie.second == 20 && !m.w,
         "are found, and said not to be equal");
    er_free(x);
    er_free(y);
}

/* Places beyond 2^53, where 1 less may be the same number: the first threshold is below the first place all the same. */
static void check_far(void)
{
    struct er_error err;
    struct er_memorise m;
    struct er_memorise_tie tie;
    const float x[] = {1e20f, -3e20f};
    const double y[] = {1, -1};
    for (int64_t n = 1; n <= 2; n++) {
        T_STATUS(er_memorise_new(n, 1, 1, x, y, 3, NULL, &tie, &m, &err), ER_OK, "far examples");
        if (!T_OK(!tie.tied, "apart")) return;
        double first = er_memorise_project(&m, x), out = 0;
        if (n == 1) er_memorise_sum(&m, first, &out);
        if (n == 1) T_CLOSE(out, 1, 2 * DBL_EPSILON, "the label is reproduced");
        if (n == 2) first = fmin(first, er_memorise_project(&m, x + 1));
        T_OK(m.b[0] < first && m.smallest > 0, "%g below %g", m.b[0], first);
        T_OK(isfinite(er_memorise_largest_weight(&m)), "weights are numbers");
        er_memorise_clear(&m);
    }
}

static void check_columns(void)
{
    struct er_error err;
    struct experiment_runs *r =
        experiment_runs_new("study: s\n"
                            "data: {name: gaussian-mixture, classes: [2, 5], dimension: 6, train: 200, test: "
                            "300}\nmemorise: {}\nseeds: 2\n");
    T_STATUS(experiment_run(r, 2, NULL, &err), ER_OK, "generated data");
    T_CLOSE(r->done, (double)r->n, 1e-12, "progress reaches the end");
    for (int i = 0; i < 4; i++) {
        T_OK(experiment_value(r, i, "train_error") == 0 && experiment_value(r, i, "interpolates") == 1,
             "run %d fits", i);
        T_OK(experiment_value(r, i, "fit_error") < 1e-6, "to %g", experiment_value(r, i, "fit_error"));
        T_OK(experiment_value(r, i, "gap") == experiment_value(r, i, "test_error"),
             "the gap is the test error");
        T_EQ_INT(experiment_value(r, i, "parameters"), i < 2 ? 2 * 200 + 6 : (1 + 5) * 200 + 6, "weights");
        T_EQ_STR(r->record[i].outcome, "fitted", "outcome");
    }
    T_OK(!experiment_same(&r->record[0], &r->record[1]), "another seed, another direction");
    for (int threads = 1; threads <= 3; threads += 2) {
        struct experiment_runs *again =
            experiment_runs_new("study: s\n"
                                "data: {name: gaussian-mixture, classes: [2, 5], dimension: 6, train: 200, "
                                "test: 300}\nmemorise: {}\n"
                                "seeds: 2\n");
        again->skip = 3;
        T_STATUS(experiment_run(again, threads, NULL, &err), ER_OK, "%d threads", threads);
        for (int i = 0; i < 3; i++) T_OK(experiment_same(&r->record[i], &again->record[i]), "the same bits");
        T_OK(!again->record[3].ended, "a run of somebody else is left alone");
        again->hasty = true;
        T_STATUS(experiment_run(again, threads, NULL, &err), ER_E_STOPPED, "stopped");
        experiment_runs_free(again);
    }
    experiment_runs_free(r);
    experiment_refused(
        "data: {name: mnist, augment: {flip: true}}\nmemorise: {}", 37,
        "data.augment.flip: memorise takes all examples as they are, there are no batches to augment");
}

/* Duplicates in a file are a result with its reason. */
static void check_duplicates(void)
{
    struct er_error err;
    char folder[64], path[80], text[256];
    if (!scratch_make(folder)) exit(1);
    snprintf(path, sizeof path, "%s/a.csv", folder);
    FILE *file = fopen(path, "w");
    if (!file || fputs("x,y\n1,0\n2,1\n1,1\n4,1\n5,0\n6,1\n", file) < 0 || fclose(file) != 0) exit(1);
    snprintf(text, sizeof text,
             "study: s\ndata: {standardise: none, select: first, train: 5, file: %s}\nmemorise: {}\n", path);
    struct experiment_runs *r = experiment_runs_new(text);
    T_STATUS(experiment_run(r, 1, NULL, &err), ER_OK, "a file with duplicates");
    T_EQ_STR(r->record[0].outcome, "tie", "outcome");
    T_EQ_STR(r->record[0].note,
             "training examples 0 and 2 (from 0) are equal, so no network tells them apart; the construction "
             "needs "
             "examples that differ",
             "the reason");
    T_OK(isnan(experiment_value(r, 0, "fit_error")), "no numbers");
    experiment_runs_free(r);
    scratch_remove(folder);
}

/* Training error 0 for n <= 2,000; errors and weights in the reference's order of magnitude. */
static void check_mnist(void)
{
    struct er_error err;
    if (!places_have("mnist")) {
        printf("# MNIST is not here: its numbers were not checked\n");
        return;
    }
    struct experiment_runs *r = experiment_runs_new(
        "study: s\n"
        "data: {name: mnist, train: [100, 1000, 2000], select: first, standardise: none}\n"
        "memorise: {}\nseeds: 2\n");
    T_STATUS(experiment_run(r, 2, places_here(), &err), ER_OK, "MNIST");
    for (int i = 0; i < r->n; i++) {
        T_OK(experiment_value(r, i, "train_error") == 0, "run %d: training error 0", i);
        T_OK(experiment_value(r, i, "fit_error") < 1e-3, "fit error %g", experiment_value(r, i, "fit_error"));
        T_CLOSE(experiment_value(r, i, "test_error"), 0.9, 0.04, "the test error is chance, to 4 points");
    }
    T_EQ_INT(experiment_value(r, 2, "parameters"), 784 + 11 * 1000, "weights");
    experiment_runs_free(r);

    r = experiment_runs_new(
        "study: s\n"
        "data: {name: mnist, train: 2000, select: first, standardise: none, labels: {task: parity}, "
        "condition: [true-labels, random-labels]}\nmemorise: {}\nseeds: 3\n");
    T_STATUS(experiment_run(r, 2, places_here(), &err), ER_OK, "parity, and random signs");
    for (int i = 0; i < r->n; i++) {
        T_OK(experiment_value(r, i, "train_error") == 0 && experiment_value(r, i, "fit_error") < 2e-5,
             "run %d: exact, to %g", i, experiment_value(r, i, "fit_error"));
        T_CLOSE(experiment_value(r, i, "test_error"), 0.5, 0.04, "chance");
        T_EQ_INT(experiment_value(r, i, "parameters"), 2 * 2000 + 784, "2 n + d weights");
    }
    experiment_runs_free(r);
}

/* Sizes are kinds, seeds are none; of the largest run: direction, thresholds, three numbers an output of each unit, places
 * and their order, targets, and outputs for the larger part. */
static void check_estimate(void)
{
    struct er_error err;
    struct er_estimate e = {0};
    struct er_pool *pool = NULL;
    struct experiment_runs *r = experiment_runs_new(
        "study: s\ndata: {name: gaussian-mixture, classes: 4, dimension: 6, train: [100, 200], test: 300}\n"
        "memorise: {}\nseeds: 2\n");
    T_STATUS(er_pool_new(3, &pool, &err), ER_OK, "pool");
    T_STATUS(r->experiment->estimate(er_study_point(r->study, 0), r->n, NULL, pool, NULL, &e, &err), ER_OK,
             "estimate");
    T_EQ_INT(e.ensembles, 2, "kinds");
    T_EQ_INT(e.at_once, 2, "as many at a time as learn from one split");
    T_EQ_INT(e.run_bytes, 8 * (6 + 200 * (1 + 3 * 4) + 2 * 200 + 200 * 4 + 300 * 4), "bytes of the largest");
    T_EQ_INT(e.data_bytes, 500 * (6 * sizeof(float) + sizeof(int32_t)), "bytes of its data");
    T_OK(e.seconds > 0 && e.seconds < 1e3, "%g s", e.seconds);
    er_pool_free(pool);
    experiment_runs_free(r);
}

int main(void)
{
    check_estimate();
    check_fit(10, 1, 1e-10);
    check_fit(100, 1, 1e-8);
    check_fit(1000, 3, 1e-4);
    check_weights();
    check_ties();
    check_far();
    check_columns();
    check_duplicates();
    check_mnist();
    return t_done();
}
