/* Memory of the experiment `regress`: what a run will take is known, by hand and against what is allocated; one that
 * does not fit is refused; fewer go side by side; features and test errors that are made piece by piece are those of the
 * whole; whoever asks to stop need not wait for a large matrix. */
#include "experiments/regress_memory.h"
#include "core/available.h"
#include "experiments/data_keys.h"
#include "experiments/memory_gate.h"
#include "experiments/regress_fit.h"
#include "experiments/regress_run.h"
#include "support/experiment_run.h"
#include "support/study_text.h"
#include "t.h"

#include <ermine/memory.h>
#include <ermine/random.h>
#include <float.h>
#include <malloc.h>

/* 20 examples of 5 numbers, 100 features, 2 outputs, 50 tests. */
static void check_bytes(void)
{
    const struct er_regress_sizes sizes = {.n = 20, .m = 50, .d = 5, .k = 2};
    struct er_regress_spec spec = {.basis = ER_BASIS_RELU, .features = 100};
    const double fit = 20 * 100 + 6 * 20 * 20 + 120 * 2 + 64 * 120, weights = 100 * 2, targets = 70 * 2,
                 basis = 100 * 6, design = 20 * 100, test = 50 * 100;
    T_CLOSE(er_regress_bytes(&spec, &sizes), 8 * (weights + targets + basis + design + fmax(fit, test)), 0,
            "a solution: features, their copy, squares of the smaller side");
    spec.descent = true;
    T_CLOSE(er_regress_bytes(&spec, &sizes), 8 * (3 * weights + targets + basis + design + fit + test), 0,
            "gradient descent keeps the features of the test part");
    spec = (struct er_regress_spec){.basis = ER_BASIS_LINEAR};
    const struct er_regress_sizes tall = {.n = 1000, .m = 50, .d = 5, .k = 2};
    T_CLOSE(er_regress_bytes(&spec, &tall), 8. * (10 + 2100 + 1000 * 5 + 6 * 25 + 1005 * 2 + 64 * 1005), 0,
            "linear: features are the inputs, and only their copy counts");
    T_EQ_INT(er_regress_rows_at_once(100), 4194304 / 100 / 96 * 96, "32 MB of test rows");
    T_EQ_INT(er_regress_rows_at_once(1000000), 96, "or 96");
}

/* Features that are made in several tiles both ways, against single products. */
static void check_tiles(enum er_basis_kind kind)
{
    enum { ROWS = 1700, FEATURES = 6400, D = 70 };
    struct er_error err;
    struct er_basis basis;
    double *x = er_alloc(ROWS * D, sizeof *x), *phi = er_alloc((int64_t)ROWS * FEATURES, sizeof *phi),
           worst = 0;
    struct er_random r = er_random_open(3, er_stream(ER_PURPOSE_TEST, 0));
    for (int i = 0; i < ROWS * D; i++) x[i] = er_random_normal(&r);
    T_STATUS(er_basis_open(kind, FEATURES, (double)NAN, D, 0, 0, 1, NULL, &basis, &err), ER_OK, "features");
    T_STATUS(er_basis_design(&basis, ROWS, x, phi, NULL, &err), ER_OK, "design");
    for (int i = 0; i < ROWS; i += 11)
        for (int j = 0; j < FEATURES; j += 7) {
            double z = 0, want;
            for (int k = 0; k < D; k++) z += x[i * D + k] * basis.direction[j * D + k];
            want = kind == ER_BASIS_RELU ? fmax(z, 0) / sqrt(FEATURES)
                                         : sqrt(2. / FEATURES) * cos(z + basis.phase[j]);
            worst = fmax(worst, fabs(phi[(int64_t)i * FEATURES + j] - want));
        }
    T_CLOSE(worst, 0, 4 * D * 10 * DBL_EPSILON / sqrt(FEATURES), "every feature in its place");

    const atomic_bool stop = true;
    const struct er_progress progress = {.stop = &stop};
    T_STATUS(er_basis_design(&basis, ROWS, x, phi, &progress, &err), ER_E_STOPPED, "stops");
    er_basis_clear(&basis);
    T_STATUS(er_basis_open(kind, FEATURES, (double)NAN, D, 0, 0, 1, &progress, &basis, &err), ER_E_STOPPED,
             "and while features are drawn");
    er_free(x);
    er_free(phi);
}

/* The most that is allocated at a time, as the C library counts it. */
struct account {
    double before, most;
};

static double allocated(void)
{
    const struct mallinfo2 info = mallinfo2();
    return (double)info.uordblks + (double)info.hblkhd;
}

static bool watch(void *ctx, size_t bytes)
{
    struct account *a = ctx;
    a->most = fmax(a->most, allocated() + (double)bytes - a->before);
    return true;
}

/* What a run takes is at most what was said, and not much less: `share` of it. Singular vectors are for the ridge. */
static void check_account(const char *yaml, double share)
{
    struct er_study *study = NULL;
    struct er_regression_split split = {0};
    struct er_regress_result result = {0};
    struct er_error err;
    T_STATUS(study_parse(yaml, &study, &err), ER_OK, "%s", yaml);
    if (!study) return;
    const struct er_point *point = er_study_point(study, 0);
    const struct er_data_spec data = er_data_keys_spec(point);
    T_STATUS(er_regression_open(&data, NULL, &split, &err), ER_OK, "its data");
    const struct er_regress_spec spec = er_regress_keys_spec(point);
    const struct er_regress_sizes sizes = er_regress_sizes_of(&split);
    const double said = er_regress_bytes(&spec, &sizes);
    struct account account = {.before = allocated()};
    er_alloc_set_hook(watch, &account);
    T_STATUS(er_regress_run(point, NULL, &split, NULL, &result, &err), ER_OK, "run");
    er_alloc_set_hook(NULL, NULL);
    T_OK(account.most <= said, "%s: %.0f bytes, %.0f were said", yaml, account.most, said);
    if (!T_SANITIZED)
        T_OK(account.most >= share * said, "%s: only %.0f bytes, %.0f were said", yaml, account.most, said);
    er_regress_result_clear(&result);
    er_regression_split_clear(&split);
    er_study_free(study);
}

#define MIXTURE "study: s\ndata: {name: gaussian-mixture, dimension: 10, train: 300, test: 2000}\n"
#define LINEAR  "study: s\ndata: {name: linear, dimension: 400, train: 300, test: 500}\n"

static void check_accounts(void)
{
    check_account(MIXTURE "regress: {basis: relu-features, features: 700}\n", .6);
    check_account(MIXTURE "regress: {basis: relu-features, features: 700, ridge: 1}\n", .6);
    check_account(MIXTURE "regress: {basis: fourier-features, features: 2000, k-fold: {folds: 3}}\n", .5);
    check_account(MIXTURE "regress: {basis: relu-features, features: 700, bootstrap: {resamples: 2}}\n", .5);
    check_account(MIXTURE "regress: {basis: relu-features, features: 700, hold-out: {share: 0.1}}\n", .5);
    check_account(MIXTURE "regress: {basis: relu-features, features: 700, gradient-descent: {steps: 3}}\n",
                  .6);
    check_account(LINEAR "regress: {basis: linear, ridge: 1, k-fold: {folds: 2}}\n", .5);
    check_account(LINEAR "regress: {basis: linear, null: 1}\n", .2);
    check_account(LINEAR "regress: {basis: relu-features, features: 300, sets: 4}\n", .5);
    check_account(
        "study: s\ndata: {name: sine, train: 900}\nregress: {degree: 800, bootstrap: {resamples: 2}}\n", .5);
}

/* More test rows than are made at a time: the errors are those of all at once, to the bit. */
static void check_pieces(void)
{
    enum { FEATURES = 40000, TRAIN = 5, TEST = 330 };
    struct er_error err;
    struct er_basis basis;
    struct er_regression_split split;
    struct experiment_runs *r =
        experiment_runs_new("study: s\ndata: {name: linear, dimension: 3, train: 5, test: 330}\n"
                            "regress: {basis: fourier-features, features: 40000}\n");
    T_STATUS(experiment_run(r, 1, NULL, &err), ER_OK, "a run");
    T_OK(3 * er_regress_rows_at_once(FEATURES) < TEST, "several pieces");
    const struct er_point *point = er_study_point(r->study, 0);
    const struct er_data_spec data = er_data_keys_spec(point);
    T_STATUS(er_regression_open(&data, NULL, &split, &err), ER_OK, "its data");
    T_STATUS(er_basis_open(ER_BASIS_RANDOM_FOURIER, FEATURES, (double)NAN, 3, 0, 0, point->seed, NULL, &basis,
                           &err),
             ER_OK, "its features");
    double *phi = er_alloc((int64_t)TEST * FEATURES, sizeof *phi), *w = er_alloc(FEATURES, sizeof *w);
    struct er_error_sums sums = {0};
    struct er_examples examples = {.n = TRAIN, .features = FEATURES, .k = 1, .phi = phi, .y = split.train.y};
    T_STATUS(er_basis_design(&basis, TRAIN, split.train.x, phi, NULL, &err), ER_OK, "training");
    T_STATUS(er_regress_solve(&examples, 0, 1e-10, w, NULL, NULL, &err), ER_OK, "fit");
    T_STATUS(er_basis_design(&basis, TEST, split.test.x, phi, NULL, &err), ER_OK, "test");
    examples.n = TEST;
    examples.y = split.test.y;
    T_STATUS(er_regress_errors(&examples, w, &sums, &err), ER_OK, "errors");
    T_CLOSE(experiment_value(r, 0, "test_mse"), sums.squared / TEST, 1e-13 * sums.squared,
            "the whole's error");
    er_free(phi);
    er_free(w);
    er_basis_clear(&basis);
    er_regression_split_clear(&split);
    experiment_runs_free(r);
}

/* Features that take half a terabyte: refused by run and estimate, with numbers, before any is drawn. */
static void check_refused(void)
{
    static const char says[] = "regress: 1000000 features of 20 examples and their fit take 525";
    struct er_error err;
    struct er_estimate estimate;
    struct er_pool *pool = NULL;
    struct experiment_runs *r =
        experiment_runs_new("study: s\ndata: {name: linear, dimension: 65536, train: 20, test: 2}\n"
                            "regress: {basis: relu-features, features: 1000000}\n");
    T_STATUS(er_pool_new(2, &pool, &err), ER_OK, "pool");
    if (er_memory_available() < (size_t)500e9) {
        T_STATUS(experiment_run(r, 2, NULL, &err), ER_E_NOMEM, "too large");
        T_OK(strncmp(err.msg, says, sizeof says - 1) == 0, "%s", err.msg);
        T_OK(!r->record[0].begun, "it was not begun");
        T_STATUS(r->experiment->estimate(er_study_point(r->study, 0), 1, NULL, pool, NULL, &estimate, &err),
                 ER_E_NOMEM, "nor estimated");
        T_OK(strncmp(err.msg, says, sizeof says - 1) == 0, "%s", err.msg);
    }
    er_pool_free(pool);
    experiment_runs_free(r);
}

/* Tasks of a gate, and the most of them that were inside together. */
struct visits {
    struct er_memory_gate gate;
    atomic_int inside, most;
    double bytes;
};

static void visit(void *ctx, int64_t task, int worker)
{
    struct visits *v = ctx;
    (void)task, (void)worker;
    er_memory_gate_enter(&v->gate, v->bytes);
    const int now = atomic_fetch_add(&v->inside, 1) + 1;
    int most = atomic_load(&v->most);
    while (now > most && !atomic_compare_exchange_weak(&v->most, &most, now)) {}
    for (volatile int i = 0; i < 100000; i++) {}
    atomic_fetch_sub(&v->inside, 1);
    er_memory_gate_leave(&v->gate, v->bytes);
}

static void check_gate(void)
{
    struct er_error err;
    struct er_pool *pool = NULL;
    T_STATUS(er_pool_new(4, &pool, &err), ER_OK, "pool");
    for (int fit = 0; fit <= 2; fit++) {
        struct visits v = {.bytes = fit == 0 ? 11 : 10. / fit};
        T_OK(er_memory_gate_open(&v.gate), "gate");
        er_memory_gate_resize(&v.gate, 10);
        er_pool_run(pool, 200, visit, &v);
        T_OK(v.most <= (fit > 1 ? fit : 1), "at most %d at a time, and 1 of what is too large: %d", fit,
             v.most);
        T_OK(v.gate.tasks == 0, "all have left");
        er_memory_gate_close(&v.gate);
    }
    er_pool_free(pool);
}

/* Kinds of run, and threads that are at work. */
static void check_estimate(void)
{
    struct er_error err;
    struct er_estimate e = {0};
    struct er_pool *pool = NULL;
    struct experiment_runs *r = experiment_runs_new(
        "study: s\ndata: {name: gaussian-mixture, train: [20, 30], test: 40, seed: [0, 1]}\n"
        "regress: {basis: relu-features, features: [10, 2000], ridge: [0.1, 1]}\nseeds: 3\n");
    T_STATUS(er_pool_new(3, &pool, &err), ER_OK, "pool");
    T_STATUS(r->experiment->estimate(er_study_point(r->study, 0), r->n, NULL, pool, NULL, &e, &err), ER_OK,
             "estimate");
    T_EQ_INT(e.ensembles, 4, "sizes are kinds; seeds and ridges are none");
    T_EQ_INT(e.at_once, 3, "one a thread");
    const struct er_regress_spec spec = er_regress_keys_spec(er_study_point(r->study, r->n - 1));
    const struct er_regress_sizes sizes = {.n = 30, .m = 40, .d = 2, .k = 2};
    T_EQ_INT(e.run_bytes, er_regress_bytes(&spec, &sizes), "the largest");
    T_OK(e.seconds > 0 && e.seconds < 1e3 && e.data_bytes > 0 && e.memory > 0, "%g s", e.seconds);
    const atomic_bool stop = true;
    const struct er_progress progress = {.stop = &stop};
    T_STATUS(r->experiment->estimate(er_study_point(r->study, 0), r->n, NULL, pool, &progress, &e, &err),
             ER_E_STOPPED, "stops");
    er_pool_free(pool);
    experiment_runs_free(r);
}

int main(void)
{
    check_bytes();
    check_tiles(ER_BASIS_RELU);
    check_tiles(ER_BASIS_RANDOM_FOURIER);
    check_accounts();
    check_pieces();
    check_refused();
    check_gate();
    check_estimate();
    return t_done();
}
