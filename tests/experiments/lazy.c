/* The experiment `lazy`: at a large scale training is kernel regression, at a small one it is not; weights move as
 * 1 / alpha, kernels come near as 1 / sqrt(M); same bits on any number of threads; rules that end a run; what is refused.
 */
#include "experiments/lazy_run.h"

#include "experiments/lazy_keys.h"
#include "support/experiment_run.h"
#include "support/needed.h"
#include "t.h"

static struct experiment_runs *study(const char *yaml, int threads)
{
    struct experiment_runs *runs = experiment_runs_new(yaml);
    struct er_error err;
    T_STATUS(experiment_run(runs, threads, NULL, &err), ER_OK, "%s", yaml);
    return runs;
}

/* Large scales: what is left of a difference to the linear model is of first order in 1 / alpha. */
static void check_scale(void)
{
    struct experiment_runs *runs =
        study("study: s\ndata: {name: relu-sum, dimension: 4, train: 20, test: 50}\n"
              "lazy: {alpha: [0.1, 100, 1000, 10000], width: 60, steps: 500}\n",
              2);
    double gap[4], movement[4], kernel[4], test[4];
    for (int i = 0; i < 4; i++) {
        gap[i] = experiment_value(runs, i, "linear_gap");
        movement[i] = experiment_value(runs, i, "movement");
        kernel[i] = experiment_value(runs, i, "kernel_distance");
        test[i] = experiment_value(runs, i, "test_mse");
        T_OK(experiment_value(runs, i, "alignment_start") == experiment_value(runs, 0, "alignment_start"),
             "the same start");
        T_EQ_STR(runs->record[i].outcome, "steps", "its end");
    }
    for (int i = 2; i < 4; i++) { /* off by a share of order 1 / alpha, a hundredth at most */
        T_CLOSE(movement[i - 1] / movement[i], 10, 0.1, "weights move as 1 / alpha");
        T_OK(gap[i] < gap[i - 1] / 4 && kernel[i] < kernel[i - 1] / 4, "gap %g, kernel %g", gap[i],
             kernel[i]);
    }
    const double linear = experiment_value(runs, 3, "linear_test_mse");
    T_CLOSE(test[3], linear, 1e-3 * linear, "the linear model's error");
    T_OK(gap[0] > 100 * gap[3] && kernel[0] > 0.1, "at 0.1 features are learnt: gap %g, kernel %g", gap[0],
         kernel[0]);
    /* y is not -y: the first record is of f = 0, whose error is the mean square, and the linear model's too */
    const double *mse = experiment_curve(runs, 0, "test_mse"),
                 *same = experiment_curve(runs, 0, "linear_test_mse");
    T_OK(mse[0] == same[0] && experiment_curve(runs, 3, "test_mse")[0] == mse[0], "f = 0 at the start");
    T_OK(experiment_curve(runs, 0, "step")[0] == 0 && experiment_curve(runs, 0, "movement")[0] == 0 &&
             experiment_curve(runs, 0, "kernel_distance")[0] == 0,
         "where nothing has moved");
    T_OK(experiment_curve(runs, 0, "step")[runs->record[0].n_curve - 1] == 500, "the last step has a record");
    experiment_runs_free(runs);
}

/* After many steps at a large scale: kernel regression. Few examples, whose kernel is well conditioned. */
static void check_limit(void)
{
    struct experiment_runs *runs =
        study("study: s\ndata: {name: relu-sum, dimension: 8, train: 5, test: 40}\n"
              "lazy: {alpha: 1e6, width: 80, rate: 4, steps: 2000, doubled: false}\n",
              1);
    const double limit = experiment_value(runs, 0, "limit_test_mse");
    T_CLOSE(experiment_value(runs, 0, "train_mse"), 0, 1e-9, "interpolates");
    T_CLOSE(experiment_value(runs, 0, "linear_test_mse") / limit, 1, 1e-4,
            "the linear model has come to its limit");
    experiment_runs_free(runs);
    runs = study("study: s\ndata: {name: relu-sum, dimension: 8, train: 5, test: 40}\n"
                 "lazy: {alpha: 1e6, width: 80, rate: 4, steps: 2000}\n",
                 1);
    T_CLOSE(experiment_value(runs, 0, "test_mse") / experiment_value(runs, 0, "limit_test_mse"), 1, 1e-4,
            "and so has the network");
    experiment_runs_free(runs);
}

static void check_width(void)
{
    struct experiment_runs *runs = study("study: s\ndata: {name: relu-sum, train: 20, test: 5}\n"
                                         "lazy: {width: [64, 1024], rate: 1, steps: 300}\nseeds: 3\n",
                                         2);
    double movement[2] = {0}, apart[2] = {0};
    for (int i = 0; i < 6; i++) {
        movement[i / 3] += experiment_value(runs, i, "movement");
        apart[i / 3] += experiment_value(runs, i, "infinite_distance");
    }
    /* sums over 3 x 64 units at the least: standard errors of 7 %, three and four of which are allowed for */
    T_CLOSE(movement[0] / movement[1], 4, 0.8, "weights move as 1 / sqrt(M)");
    T_CLOSE(apart[0] / apart[1], 4, 1.2, "the kernel comes near its limit as 1 / sqrt(M)");
    experiment_runs_free(runs);
}

static void check_bits(void)
{
    const char *yaml = "study: s\ndata: {name: relu-sum, train: 9, test: 4, seed: [0, 1]}\n"
                       "lazy: {width: [6, 14], steps: 70, alpha: [0.3, 2]}\n";
    struct experiment_runs *one = study(yaml, 1), *three = study(yaml, 3);
    int same = 0;
    for (int64_t i = 0; i < one->n; i++) same += experiment_same(&one->record[i], &three->record[i]);
    T_EQ_INT(same, 8, "the same bits on one thread and on three");
    T_OK(!experiment_same(&one->record[0], &one->record[1]), "which differ between runs");
    experiment_runs_free(one);
    experiment_runs_free(three);
}

static void check_ends(void)
{
    struct experiment_runs *runs = study("study: s\ndata: {name: relu-sum, train: 9}\n"
                                         "lazy: {steps: 1000, width: 20, until: 0.1}\n",
                                         1);
    const int64_t n = runs->record[0].n_curve;
    const double *mse = experiment_curve(runs, 0, "train_mse"), steps = experiment_value(runs, 0, "steps");
    T_EQ_STR(runs->record[0].outcome, "train_mse", "stops at its training error");
    T_OK(mse[n - 1] <= 0.1 && mse[n - 2] > 0.1 && steps < 1000 &&
             experiment_curve(runs, 0, "step")[n - 1] == steps,
         "at the first step below it");
    experiment_runs_free(runs);
    runs =
        study("study: s\ndata: {name: relu-sum, train: 9}\nlazy: {steps: 1000, width: 20, rate: 1000}\n", 1);
    T_EQ_STR(runs->record[0].outcome, "diverged", "a rate that is too large");
    T_OK(strstr(runs->record[0].note, "no finite number at step"), "%s", runs->record[0].note);
    T_OK(isnan(experiment_value(runs, 0, "train_mse")), "has no error");
    experiment_runs_free(runs);
    runs = study("study: s\ndata: {name: gaussian-mixture, train: 40, labels: {task: parity}}\n"
                 "lazy: {width: 8, steps: 200}\n",
                 1);
    T_OK(experiment_value(runs, 0, "train_error") <= 0.2, "two classes as signs: %g wrong",
         experiment_value(runs, 0, "train_error"));
    experiment_runs_free(runs);
}

static void check_refused(void)
{
    struct er_error err;
    experiment_refused(
        "lazy: {width: 7}\ndata: {name: relu-sum}", 15,
        "lazy.width is 7; units in pairs need an even number of them, or lazy.doubled is false");
    struct experiment_runs *runs =
        experiment_runs_new("study: s\ndata: {name: gaussian-mixture}\nlazy: {}\n");
    T_STATUS(experiment_run(runs, 1, NULL, &err), ER_E_INPUT, "two targets");
    T_OK(err.line == 2 && strstr(err.msg, "has 2 targets, and the network one output"), "%s", err.msg);
    experiment_runs_free(runs);
    runs = experiment_runs_new("study: s\ndata: {name: relu-sum}\nlazy: {steps: 1000000000}\n");
    runs->hasty = true;
    T_STATUS(experiment_run(runs, 1, NULL, &err), ER_E_STOPPED, "stops when it is asked to");
    experiment_runs_free(runs);
}

/* Memory by formula, and half the time on two threads. */
static void check_estimate(void)
{
    struct er_estimate one = {0}, two = {0};
    struct er_error err;
    struct experiment_runs *runs =
        experiment_runs_new("study: s\ndata: {name: relu-sum}\nlazy: {width: [20, 40], steps: 100}\n");
    for (int threads = 1; threads <= 2; threads++) {
        struct er_pool *pool = needed_pool(threads);
        T_STATUS(runs->experiment->estimate(er_study_point(runs->study, 0), 2, NULL, pool, NULL,
                                            threads == 1 ? &one : &two, &err),
                 ER_OK, "an estimate");
        er_pool_free(pool);
    }
    const struct er_lazy_spec largest = er_lazy_keys_spec(er_study_point(runs->study, 1));
    T_OK(one.ensembles == 2 && one.at_once == 1 && two.at_once == 2 && one.seconds > 0, "kinds, and at once");
    T_OK(one.run_bytes == (size_t)er_lazy_run_bytes(&largest, 100, 1000, 10), "memory of the larger run");
    experiment_runs_free(runs);
}

static void check_memory(void)
{
    const struct er_lazy_spec spec = {.units = 10, .steps = 20, .alpha = 1, .rate = 0.5, .doubled = true};
    struct er_data_spec data = er_data_spec_default();
    struct er_regression_split split;
    struct er_spread_result result = {0};
    struct er_error err;
    data.name = "relu-sum";
    data.train = 7;
    data.test = 10;
    T_STATUS(er_regression_open(&data, NULL, &split, &err), ER_OK, "data");
    T_ALLOCATIONS(er_lazy_run(&spec, &split, NULL, &result, &err), er_free(result.curve[0]), "a run");
    er_regression_split_clear(&split);
}

int main(void)
{
    check_scale();
    check_limit();
    check_width();
    check_bits();
    check_ends();
    check_refused();
    check_estimate();
    check_memory();
    return t_done();
}
