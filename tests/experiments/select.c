/* The experiment `select`: the reference's table, classifiers one by one against the distribution of the least, mistakes
 * that are not independent, the histogram, threads. */
#include "experiments/select_draw.h"

#include "support/experiment_run.h"
#include "t.h"

#include <float.h>

/* The winner of each repeat on as many fresh examples: fair coins, whatever it was chosen for. */
static void check_true_error(const struct experiment_runs *r, int64_t i, double examples, double repeats)
{
    const double deviation = 0.5 / sqrt(examples * repeats), error = experiment_value(r, i, "true_error");
    T_CLOSE(error, 0.5, 5 * deviation, "run %d: the winner on fresh examples", (int)i);
    T_OK(error != 0.5, "run %d: which is measured", (int)i);
}

/* n = 100 and 1000, M = 1 .. 10^6: the exact values and the bounds of our reference, and its rule. */
static void check_table(void)
{
    static const double expected[2][7] = {{.5000, .4232, .3752, .3393, .3097, .2842, .2616},
                                          {.5000, .4757, .4604, .4488, .4392, .4308, .4233}};
    static const double bound[2][7] = {{.500, .393, .348, .314, .285, .260, .237},
                                       {.500, .466, .452, .441, .432, .424, .417}};
    struct er_error err;
    struct experiment_runs *r =
        experiment_runs_new("study: s\nselect: {examples: [100, 1000], classifiers: "
                            "[1, 10, 100, 1000, 10000, 100000, 1000000], coin-flips: {draw: least}}\n");
    T_STATUS(experiment_run(r, 2, NULL, &err), ER_OK, "14 runs");
    T_EQ_INT(r->n, 14, "of a grid");
    for (int i = 0; i < 14; i++) {
        const double best = experiment_value(r, i, "best_empirical_error");
        T_CLOSE(experiment_value(r, i, "expected"), expected[i / 7][i % 7], 0.5e-4, "run %d: exact mean", i);
        T_CLOSE(experiment_value(r, i, "hoeffding_bound"), bound[i / 7][i % 7], 0.5e-3 + 1e-9, "bound");
        T_CLOSE(best, experiment_value(r, i, "expected"), 0.005, "the rule: within .005 of it");
        T_CLOSE(best, experiment_value(r, i, "expected"), 5 * experiment_value(r, i, "standard_error"),
                "and within standard errors");
        T_OK(i % 7 == 0 || best > experiment_value(r, i, "hoeffding_bound"), "above the bound");
        T_CLOSE(experiment_value(r, i, "gap"), experiment_value(r, i, "true_error") - best, DBL_EPSILON,
                "gap");
        T_OK(experiment_value(r, i, "from_expected") == best - experiment_value(r, i, "expected") &&
                 experiment_value(r, i, "above_bound") == best - experiment_value(r, i, "hoeffding_bound"),
             "differences");
        check_true_error(r, i, i / 7 ? 1000 : 100, 1000);
        T_EQ_STR(r->record[i].outcome, "least", "drawn from the distribution of the least");
    }
    experiment_runs_free(r);
}

/* All classifiers one by one: the same mean as the distribution of the least says. 130 and 32 examples are words that
 * are used in part, and as a whole. */
static void check_one_by_one(void)
{
    struct er_error err;
    struct experiment_runs *r = experiment_runs_new("study: s\nselect: {examples: [130, 32, 7], classifiers: "
                                                    "[3, 700], coin-flips: {draw: all}, repeats: 2000}\n");
    T_STATUS(experiment_run(r, 2, NULL, &err), ER_OK, "one by one");
    for (int i = 0; i < r->n; i++) {
        T_CLOSE(experiment_value(r, i, "best_empirical_error"), experiment_value(r, i, "expected"),
                5 * experiment_value(r, i, "standard_error"), "run %d: the exact mean", i);
        T_EQ_STR(r->record[i].outcome, "all", "all were drawn");
        check_true_error(r, i, i < 2 ? 130 : i < 4 ? 32 : 7, 2000);
    }
    experiment_runs_free(r);
}

/* Both ways of a table of the reference: as it draws each classifier, and as the least is drawn at once. */
static void check_both_ways(void)
{
    struct er_error err;
    struct experiment_runs *r =
        experiment_runs_new("study: s\nselect: {examples: [100, 1000], classifiers: [10, "
                            "1000], coin-flips: {draw: [all, least]}}\n");
    T_STATUS(experiment_run(r, 2, NULL, &err), ER_OK, "both ways");
    T_EQ_INT(r->n, 8, "of a grid");
    for (int i = 0; i < r->n; i += 2) {
        const double all = experiment_value(r, i, "best_empirical_error"),
                     least = experiment_value(r, i + 1, "best_empirical_error");
        T_EQ_STR(r->record[i].outcome, "all", "all of them");
        T_EQ_STR(r->record[i + 1].outcome, "least", "the least");
        T_OK(all != least, "are two draws");
        T_CLOSE(
            all, least,
            5 * hypot(experiment_value(r, i, "standard_error"), experiment_value(r, i + 1, "standard_error")),
            "of one mean");
        T_CLOSE(all, experiment_value(r, i, "expected"), 0.005,
                "the reference's rule, classifier by classifier");
    }
    experiment_runs_free(r);
}

/* In the plane at most 2 n labelings are linear, so more classifiers than that gain little; in many dimensions they are
 * nearly independent. */
static void check_linear(void)
{
    struct er_error err;
    struct experiment_runs *r = experiment_runs_new("study: s\nselect: {examples: 50, classifiers: [1, "
                                                    "2000], repeats: 400, linear: {dimension: [2, 40]}}\n");
    T_STATUS(experiment_run(r, 2, NULL, &err), ER_OK, "linear");
    const double plane = experiment_value(r, 2, "best_empirical_error"),
                 space = experiment_value(r, 3, "best_empirical_error"),
                 expected = experiment_value(r, 3, "expected");
    for (int i = 0; i < 4; i++) check_true_error(r, i, 50, 400);
    for (int i = 0; i < 2; i++)
        T_CLOSE(experiment_value(r, i, "best_empirical_error"), 0.5,
                5 * experiment_value(r, i, "standard_error"), "one linear classifier is a fair coin");
    T_CLOSE(space, expected, 0.01, "forty dimensions: nearly as if independent");
    T_OK(plane > expected + 0.05, "two dimensions: %g, far above %g", plane, expected);
    experiment_runs_free(r);
}

/* One repeat's classifiers, each counted once; about as many as expected in each bin. */
static void check_histogram(void)
{
    struct er_error err;
    struct experiment_runs *r =
        experiment_runs_new("study: s\nselect: {examples: 100, classifiers: 100000, repeats: 10}\n");
    T_STATUS(experiment_run(r, 1, NULL, &err), ER_OK, "histogram");
    const double *error = experiment_curve(r, 0, "error"), *count = experiment_curve(r, 0, "frequency"),
                 *expected = experiment_curve(r, 0, "expected_frequency");
    const int64_t n = r->record[0].n_curve;
    double sum = 0, all = 0, worst = 0;
    for (int64_t i = 0; i < n; i++) {
        sum += count[i];
        all += expected[i];
        if (expected[i] > 30) worst = fmax(worst, fabs(count[i] - expected[i]) / sqrt(expected[i]));
        T_OK(i == 0 || fabs(error[i] - error[i - 1] - 0.01) < 1e-12, "bins are one example apart");
    }
    T_OK(sum == 100000, "every classifier once: %g", sum);
    T_CLOSE(all, 100000, 10, "nearly all that are expected lie there");
    T_OK(worst < 5, "bins are within 5 standard deviations: %g", worst);
    T_OK(count[0] > 0 && count[n - 1] > 0, "from the best to the worst");
    experiment_runs_free(r);
}

static void check_same(const char *yaml)
{
    struct er_error err;
    struct experiment_runs *one = experiment_runs_new(yaml);
    T_STATUS(experiment_run(one, 1, NULL, &err), ER_OK, "one thread");
    T_CLOSE(one->done, (double)one->n, 1e-12, "progress reaches the end");
    for (int threads = 2; threads <= 3; threads++) {
        struct experiment_runs *r = experiment_runs_new(yaml);
        T_STATUS(experiment_run(r, threads, NULL, &err), ER_OK, "%d threads", threads);
        for (int64_t i = 0; i < r->n; i++)
            T_OK(experiment_same(&one->record[i], &r->record[i]), "run %d has the same bits", (int)i);
        T_STATUS(experiment_run_some(r, 1, 1, threads, NULL, &err), ER_OK, "alone");
        T_OK(experiment_same(&one->record[1], &r->record[0]), "run 1 alone, too");
        experiment_runs_free(r);
    }
    T_OK(!experiment_same(&one->record[0], &one->record[1]), "another seed is another run");
    experiment_runs_free(one);
}

/* Stopped, both ways of drawing leave what they haven't drawn. */
static void check_stop(void)
{
    const atomic_bool stop = true;
    const struct er_progress progress = {.stop = &stop};
    const struct er_select coins = {.examples = 100, .classifiers = 10},
                           linear = {.examples = 100, .classifiers = 10, .dimension = 7};
    int64_t least[3] = {-1, -1, -1}, fresh[3] = {-1, -1, -1}, count[101];
    struct er_error err;
    struct er_pool *pool = NULL;
    T_STATUS(er_select_draw_least(&coins, 0, 3, least, fresh, &progress, &err), ER_E_STOPPED, "the least");
    T_OK(least[0] == -1 && fresh[2] == -1, "not one is drawn");
    T_STATUS(er_pool_new(2, &pool, &err), ER_OK, "pool");
    T_STATUS(er_select_draw(&linear, 3, least, fresh, count, pool, &progress, &err), ER_E_STOPPED, "linear");
    T_OK(fresh[0] == -1 && fresh[2] == -1, "nor a fresh example");
    T_STATUS(er_select_draw_least(&coins, 0, 3, least, fresh, NULL, &err), ER_OK, "not stopped");
    T_OK(least[0] >= 0 && fresh[2] >= 0, "all are drawn");
    er_pool_free(pool);
}

static void check_events(void)
{
    struct er_error err;
    struct experiment_runs *r =
        experiment_runs_new("study: s\nselect: {coin-flips: {draw: all}, repeats: 50}\nseeds: 3\n");
    r->skip = 1;
    T_STATUS(experiment_run(r, 2, NULL, &err), ER_OK, "one is skipped");
    T_OK(r->record[0].ended && !r->record[1].ended && r->record[2].ended, "the others are not");
    r->hasty = true;
    T_STATUS(experiment_run(r, 2, NULL, &err), ER_E_STOPPED, "stopped");
    T_OK(!r->record[0].ended, "nothing half done is handed over");
    experiment_runs_free(r);
    experiment_refused("select: {examples: 200000}", 20,
                       "select.examples: 200000 is too large; the most is 131072 examples");
    experiment_refused(
        "select: {linear: {dimension: 2}, coin-flips: {draw: all}}", 34,
        "select.coin-flips: this is given, but select.kind is linear (line 2); give one of them");
}

static void check_allocations(void)
{
    struct er_error err;
    struct experiment_runs *r =
        experiment_runs_new("study: s\nselect: {repeats: 3, linear: {dimension: 2}}\n");
    int64_t n = 0;
    enum er_status status = ER_E_NOMEM;
    for (; status == ER_E_NOMEM && n < 100; n++) {
        t_fail_allocation(n);
        status = experiment_run(r, 1, NULL, &err);
        t_allocation_failed();
    }
    T_OK(status == ER_OK && n > 5, "allocations: %d", (int)n);
    experiment_runs_free(r);
}

/* Sizes are kinds, seeds are none; memory of linear classifiers is inputs, 256 classifiers and their outputs a thread. */
static void check_estimate(void)
{
    struct er_error err;
    struct er_estimate e = {0}, more = {0};
    struct er_pool *pool = NULL;
    struct experiment_runs *r =
        experiment_runs_new("study: s\nselect: {examples: [100, 1000], classifiers: 5000, repeats: 8, "
                            "linear: {dimension: 30}}\nseeds: 2\n");
    T_STATUS(er_pool_new(2, &pool, &err), ER_OK, "pool");
    T_STATUS(r->experiment->estimate(er_study_point(r->study, 0), 4, NULL, pool, NULL, &e, &err), ER_OK,
             "estimate");
    T_EQ_INT(e.ensembles, 2, "kinds");
    T_EQ_INT(e.at_once, 1, "one run after the other");
    T_EQ_INT(e.run_bytes, 8 * (2 * 8 + 8 * 1001 + 2 * (30 + 1000 * 30 + 256 * 1030)), "bytes of the largest");
    T_OK(e.seconds > 0 && e.seconds < 1e3, "%g s", e.seconds);
    T_STATUS(r->experiment->estimate(er_study_point(r->study, 0), 2, NULL, pool, NULL, &more, &err), ER_OK,
             "of the first two");
    T_EQ_INT(more.ensembles, 1, "a kind");
    const atomic_bool stop = true;
    const struct er_progress progress = {.stop = &stop};
    T_STATUS(r->experiment->estimate(er_study_point(r->study, 0), 4, NULL, pool, &progress, &e, &err),
             ER_E_STOPPED, "stops");
    er_pool_free(pool);
    experiment_runs_free(r);
}

int main(void)
{
    check_estimate();
    check_table();
    check_one_by_one();
    check_both_ways();
    check_linear();
    check_histogram();
    check_same("study: s\nselect: {examples: 100, classifiers: 300, coin-flips: {draw: all}}\nseeds: 2\n");
    check_same("study: s\nselect: {examples: 40, classifiers: 300, repeats: 20, linear: {dimension: "
               "3}}\nseeds: 2\n");
    check_stop();
    check_events();
    check_allocations();
    return t_done();
}
