/* The experiments max-margin and sparse: our reference's tables, theory to the digits that it has, a hard margin found by
 * trying every set of support vectors; and of them and of noise threads, stops, refusals. */
#include "experiments/max_margin_descent.h"
#include "experiments/sparse_limit.h"
#include "math/least_squares.h"

#include "oracles/hard_margin.h"
#include "support/experiment_run.h"
#include "t.h"

#include <float.h>

static struct experiment_runs *done(const char *yaml)
{
    struct er_error err;
    struct experiment_runs *r = experiment_runs_new(yaml);
    T_STATUS(experiment_run(r, 2, NULL, &err), ER_OK, "%s", yaml);
    return r;
}

/* Support vectors of equal weight, a record a decade up to 10^6: the reference's table. Its ten other points are not given,
 * so that the last digits of early losses are ours. The gap falls by decades; its own digits are two. */
static void check_even(void)
{
    static const double loss[] = {8.0, 2.4, .45, .062, .0069, 7.1e-4, 7.2e-5};
    static const double norm[] = {.16, .73, 1.68, 3.00, 4.52, 6.11, 7.73};
    static const double gap[] = {.046, .049, .040, .021, .0091, .0040, .0018};
    struct experiment_runs *r = done("study: s\ndata: {name: even-supports, train: 16, standardise: none}\n"
                                     "max-margin: {steps: 1000000, records: 1}\n");
    T_EQ_INT(r->record[0].n_curve, 7, "a record a decade");
    T_EQ_STR(r->record[0].outcome, "steps", "outcome");
    for (int i = 0; i < 7; i++) {
        T_CLOSE(experiment_curve(r, 0, "step")[i], pow(10, i), 0, "step");
        T_CLOSE(experiment_curve(r, 0, "loss")[i], loss[i], 0.015 * loss[i], "loss at 10^%d", i);
        T_CLOSE(experiment_curve(r, 0, "norm")[i], norm[i], 0.0101, "norm at 10^%d", i);
        T_CLOSE(experiment_curve(r, 0, "margin_gap")[i], gap[i], 0.06 * gap[i], "margin gap at 10^%d", i);
    }
    T_CLOSE(experiment_value(r, 0, "largest_margin"), M_SQRT2, 4 * DBL_EPSILON, "margin sqrt 2");
    T_EQ_INT(experiment_value(r, 0, "support_vectors"), 4, "two support vectors, each twice");
    T_EQ_INT(experiment_value(r, 0, "separated_at"), 1, "separated by the first step");
    T_CLOSE(experiment_value(r, 0, "norm_growth_theory"), log(10) / M_SQRT2, 1e-14, "1.63 a decade");
    T_CLOSE(experiment_value(r, 0, "norm_growth"), 1.6, 0.1, "about 1.6 a decade");
    T_OK(experiment_value(r, 0, "norm_r2") > 0.99, "affine in log t");
    T_OK(experiment_value(r, 0, "loss_spread") < 3, "loss times t within a factor 3");
    T_OK(experiment_value(r, 0, "margin_gap_share") < 0.1, "the gap has fallen tenfold");
    T_OK(experiment_value(r, 0, "angle") < 0.01, "within .01 of (1, 1)");
    T_CLOSE(experiment_curve(r, 0, "w1")[6], experiment_curve(r, 0, "w2")[6], 0.01 * 7.7, "(1, 1) / sqrt 2");
    experiment_runs_free(r);
}

/* One support vector six times the other's weight: all points are given, and so are three digits of the angle. */
static void check_uneven(void)
{
    static const double angle[] = {.160, .181, .172, .154, .136}, times_log[] = {0, 1.25, 1.59, 1.78, 1.87};
    struct experiment_runs *r = done("study: s\ndata: {name: uneven-supports, train: 12, standardise: none}\n"
                                     "max-margin: {steps: 1000000, records: 1}\n");
    for (int i = 0; i < 5; i++)
        T_CLOSE(experiment_curve(r, 0, "angle")[i + 2], angle[i], 0.5001e-3, "angle at 10^%d", i + 2);
    for (int i = 1; i < 5; i++)
        T_CLOSE(experiment_curve(r, 0, "angle_times_log_step")[i + 2], times_log[i], 0.501e-2, "angle ln t");
    T_CLOSE(experiment_value(r, 0, "largest_margin"), M_SQRT2, 4 * DBL_EPSILON, "margin sqrt 2");
    T_EQ_INT(experiment_value(r, 0, "support_vectors"), 7, "support vectors");
    experiment_runs_free(r);
}

/* Two blobs: the reference's gaps after 1000 steps, .045 and .001. The descents are exact in the first step: from 0 it is
 * half the sum of the z_i times the rate, over 40 ln 2 when normalised. */
static void check_normalised(void)
{
    struct experiment_runs *r =
        done("study: s\ndata: {name: gaussian-mixture, train: 40, separation: 6, standardise: none}\n"
             "max-margin: {steps: 1000, records: 1, gradient: [plain, normalised]}\n");
    T_CLOSE(experiment_value(r, 0, "margin_gap"), 0.045, 0.0011, "plain");
    T_CLOSE(experiment_value(r, 1, "margin_gap"), 0.001, 0.0002, "normalised: the same limit, much faster");
    T_CLOSE(experiment_value(r, 0, "largest_margin"), experiment_value(r, 1, "largest_margin"), 0,
            "one limit");
    struct er_data_spec spec = er_data_spec_default();
    struct er_split split = {0};
    struct er_error err;
    spec.name = "gaussian-mixture";
    spec.train = 40;
    spec.separation = 6;
    T_STATUS(er_data_open(&spec, NULL, &split, &err), ER_OK, "the same data");
    double sum[2] = {0}, xx = 0, xy = 0, yy = 0, longest = 0;
    for (int i = 0; i < 40; i++) {
        const double x = (double)split.train.x[2 * i], y = (double)split.train.x[2 * i + 1],
                     side = split.train.label[i] ? 1 : -1;
        sum[0] += side * x;
        sum[1] += side * y;
        xx += x * x;
        xy += x * y;
        yy += y * y;
        longest = fmax(longest, x * x + y * y);
    }
    const double largest = (xx + yy) / 2 + hypot((xx - yy) / 2, xy); /* eigenvalue of Z^T Z */
    const char *const name[] = {"w1", "w2"};
    for (int j = 0; j < 2; j++) {
        T_CLOSE(experiment_curve(r, 0, name[j])[0], sum[j] / 2 / largest, 1e-14, "first step, plain");
        T_CLOSE(experiment_curve(r, 1, name[j])[0], sum[j] / 2 / (40 * M_LN2) / longest, 1e-14, "normalised");
    }
    er_split_clear(&split);
    experiment_runs_free(r);
}

/* Fourteen random points in three dimensions, with a bias four, against every set of support vectors. */
static void check_oracle(void)
{
    struct experiment_runs *r = done(
        "study: s\ndata: {name: gaussian-mixture, train: 14, dimension: 3, separation: 5, standardise: none, "
        "seed: [0, 1, 2]}\nmax-margin: {steps: 1000, bias: [false, true], start: 2}\nseeds: [1]\n");
    for (int i = 0; i < 6; i++) {
        const bool bias = i % 2;
        struct er_data_spec spec = er_data_spec_default();
        struct er_split split = {0};
        struct er_margin_examples e = {0};
        struct er_error err;
        double w[4] = {0};
        spec.name = "gaussian-mixture";
        spec.dimension = 3;
        spec.train = 14;
        spec.separation = 5;
        spec.seed = (uint64_t)(i / 2);
        T_STATUS(er_data_open(&spec, NULL, &split, &err), ER_OK, "data");
        T_STATUS(er_margin_examples_new(&split.train, bias, &e, &err), ER_OK, "examples");
        const int64_t d = bias ? 4 : 3;
        double square = 0;
        T_OK(e.d == d && hard_margin(14, d, e.z, w), "separable");
        for (int64_t j = 0; j < d; j++) square += w[j] * w[j];
        T_CLOSE(experiment_value(r, i, "largest_margin"), 1 / sqrt(square), 1e-9, "run %d: margin", i);
        T_OK(experiment_value(r, i, "margin_gap") > 0, "run %d: no margin is larger", i);
        er_margin_examples_clear(&e);
        er_split_clear(&split);
    }
    experiment_runs_free(r);
}

/* What ends otherwise. */
static void check_endings(void)
{
    struct experiment_runs *r =
        done("study: s\ndata: {name: gaussian-mixture, train: 30, separation: 0.5, standardise: none}\n"
             "max-margin: {steps: 100}\n");
    T_EQ_STR(r->record[0].outcome, "not-separable", "overlapping blobs");
    T_OK(experiment_value(r, 0, "largest_margin") == 0 && isnan(experiment_value(r, 0, "margin_gap")) &&
             experiment_value(r, 0, "train_error") > 0 && isnan(experiment_value(r, 0, "separated_at")),
         "no margin to come to");
    experiment_runs_free(r);
    r = done("study: s\ndata: {name: even-supports, train: 16, standardise: none}\n"
             "max-margin: {steps: 1000000, gradient: normalised, rate: 1}\n");
    T_EQ_STR(r->record[0].outcome, "underflow", "a normalised descent");
    T_OK(experiment_value(r, 0, "steps") < 1000 && experiment_value(r, 0, "loss") < 1e-299,
         "to the last loss");
    experiment_runs_free(r);
    experiment_refused("data: {name: gaussian-mixture, classes: 3}\nmax-margin: {}", 14,
                       "data.name: max-margin tells two classes apart, and these data have 3; "
                       "data.labels.task: parity makes two of them");
}

static void random_problem(double noise, struct er_sparse_problem *p)
{
    const struct er_sparse_spec spec = {
        .examples = 15, .dimension = 30, .nonzeros = 3, .noise = noise, .seed = 4};
    struct er_error err;
    T_STATUS(er_sparse_problem_new(&spec, p, &err), ER_OK, "problem");
}

/* The limit of flow: it solves X w = y, and asinh(w / 2 alpha^2) is in the span of the rows of X, which is what
 * makes it the minimiser. The ends are the solutions of least |w|_2 and, truth being sparse, least |w|_1. */
static void check_limit(void)
{
    static const double alpha[] = {100, 1, 0.1, 1e-3, 1e-6};
    struct er_sparse_problem p;
    struct er_least_squares *f;
    struct er_error err;
    double w[30], z[30], residual[15], least[30], norm = 0, off = 0, sum = 0;
    bool exact;
    random_problem(0.3, &p);
    T_STATUS(er_least_squares_new(15, 30, p.x, 1e-10, &f, &err), ER_OK, "least squares");
    T_STATUS(er_least_squares_solve(f, 1, p.y, 0, least, &err), ER_OK, "of least norm");
    for (int a = 0; a < 5; a++) {
        double inside = 0, all = 0;
        T_STATUS(er_sparse_limit(&p, alpha[a], w, &exact, &err), ER_OK, "alpha %g", alpha[a]);
        T_OK(exact && sqrt(er_sparse_residual(&p, w, residual)) < 1e-8, "alpha %g: fits", alpha[a]);
        for (int j = 0; j < 30; j++) {
            z[j] = asinh(w[j] / (2 * alpha[a] * alpha[a]));
            all += z[j] * z[j];
        }
        T_STATUS(er_least_squares_null(f, 1, z, &err), ER_OK, "null space");
        for (int j = 0; j < 30; j++) inside += z[j] * z[j];
        T_OK(inside < 1e-14 * all, "alpha %g: optimal, %g of %g", alpha[a], inside, all);
        for (int j = 0; a == 0 && j < 30; j++) {
            off += (w[j] - least[j]) * (w[j] - least[j]);
            norm += least[j] * least[j];
        }
    }
    T_OK(off < 1e-8 * norm, "large alpha: the least norm");
    er_least_squares_free(f);
    er_sparse_problem_clear(&p);
    random_problem(0, &p);
    T_STATUS(er_sparse_limit(&p, 1e-6, w, &exact, &err), ER_OK, "small alpha");
    for (int j = 0; j < 30; j++) sum += fabs(w[j]);
    T_CLOSE(sum, 3, 1e-3, "small alpha: the least sum of absolute weights");
    for (int j = 0; j < 30; j++) T_CLOSE(w[j], p.beta[j], 1e-3, "which is the truth's, weight %d", j);
    T_ALLOCATIONS(er_sparse_limit(&p, 1, w, &exact, &err), (void)0, "allocations");
    er_sparse_problem_clear(&p);
}

/* One step, by the gradient of |X (u^2 - v^2) - y|^2 / 2n written out; and where it ends. */
static void check_sparse_step(void)
{
    const struct er_sparse_spec spec = {
        .examples = 5, .dimension = 4, .nonzeros = 2, .start = 0.3, .rate = 0.05, .seed = 2};
    struct er_sparse_problem p;
    struct er_sparse_descent s;
    struct er_error err;
    bool fits;
    T_STATUS(er_sparse_problem_new(&spec, &p, &err), ER_OK, "problem");
    T_STATUS(er_sparse_descent_new(&p, &spec, &s, &err), ER_OK, "descent");
    T_STATUS(er_sparse_descent_until(&s, 1, &fits, NULL, &err), ER_OK, "a step");
    for (int j = 0; j < 4; j++) { /* from u = v, w = 0 */
        double slope = 0, size = 0;
        for (int i = 0; i < 5; i++) {
            slope -= p.x[i * 4 + j] * p.y[i] / 5;
            size += p.y[i] * p.y[i];
        }
        const double u = 0.3 - 0.05 * 2 * 0.3 * slope, v = 0.3 + 0.05 * 2 * 0.3 * slope;
        T_CLOSE(s.w[j], u * u - v * v, 1e-14, "weight %d after a step", j);
        if (j > 0) continue;
        T_STATUS(er_sparse_descent_until(&s, 1000000, &fits, NULL, &err), ER_OK, "to the end");
        T_OK(fits && s.square <= 1e-24 * size, "fitted to rounding: %g of %g", s.square, size);
        er_sparse_descent_clear(&s);
        T_STATUS(er_sparse_descent_new(&p, &spec, &s, &err), ER_OK, "once more");
        T_STATUS(er_sparse_descent_until(&s, 1, &fits, NULL, &err), ER_OK, "a step");
    }
    er_sparse_descent_clear(&s);
    er_sparse_problem_clear(&p);
}

/* The reference's sweep: as its table says but for the draw of the inputs. A smaller rate is nearer to flow. */
static void check_sparse(void)
{
    struct experiment_runs *r = done("study: s\nsparse: {alpha: [1, 0.3, 0.1, 0.03, 0.01, 0.001]}\n");
    const double least = experiment_value(r, 0, "least_norm_error");
    T_CLOSE(experiment_value(r, 0, "relative_error"), least, 0.01 * least,
            "alpha 1 is nearly the least norm");
    for (int i = 1; i < 6; i++)
        T_OK(experiment_value(r, i, "relative_error") < experiment_value(r, i - 1, "relative_error"),
             "smaller alpha, smaller error: run %d", i);
    T_CLOSE(experiment_value(r, 5, "relative_error"), 0.0026, 0.0026, "alpha .001: the truth");
    T_CLOSE(experiment_value(r, 5, "l1_norm"), 2, 0.01, "its l1 norm");
    T_OK(experiment_value(r, 0, "l1_norm") > 4, "twice that for alpha 1");
    for (int i = 0; i < 6; i++)
        T_OK(experiment_value(r, i, "from_limit") < 0.004, "the limit of flow: run %d", i);
    experiment_runs_free(r);
    r = done("study: s\nsparse: {alpha: 0.5, rate: [0.02, 0.01, 0.005]}\n");
    const double off[] = {experiment_value(r, 0, "from_limit"), experiment_value(r, 1, "from_limit"),
                          experiment_value(r, 2, "from_limit")};
    T_CLOSE(off[0] / off[1], 2, 0.1, "the distance to flow's limit is in proportion to the rate");
    T_CLOSE(off[1] / off[2], 2, 0.1, "and again");
    T_EQ_STR(r->record[0].outcome, "fitted", "outcome");
    experiment_runs_free(r);
    r = done("study: s\nsparse: {alpha: 30}\n");
    T_EQ_STR(r->record[0].outcome, "diverged", "too large a start for the rate");
    experiment_runs_free(r);
    experiment_refused("sparse: {examples: 50}", 20,
                       "sparse.examples: is above sparse.dimension: there may be no solution");
}

/* Threads, one run alone, one that somebody else has, a stop, allocations. */
static void check_events(const char *yaml)
{
    struct er_error err;
    struct experiment_runs *one = experiment_runs_new(yaml), *r = experiment_runs_new(yaml);
    T_STATUS(experiment_run(one, 1, NULL, &err), ER_OK, "one thread: %s", yaml);
    T_CLOSE(one->done, (double)one->n, 1e-12, "progress reaches the end");
    T_STATUS(experiment_run(r, 3, NULL, &err), ER_OK, "three");
    for (int64_t i = 0; i < r->n; i++)
        T_OK(experiment_same(&one->record[i], &r->record[i]), "run %d has the same bits", (int)i);
    T_OK(!experiment_same(&one->record[0], &one->record[1]), "another seed is another run");
    T_STATUS(experiment_run_some(r, 1, 1, 2, NULL, &err), ER_OK, "alone");
    T_OK(experiment_same(&one->record[1], &r->record[0]), "run 1 alone, too");
    r->skip = 1;
    T_STATUS(experiment_run(r, 2, NULL, &err), ER_OK, "one is skipped");
    T_OK(r->record[0].ended && !r->record[1].ended && r->record[2].ended, "the others are not");
    r->hasty = true;
    T_STATUS(experiment_run(r, 2, NULL, &err), ER_E_STOPPED, "stopped");
    T_OK(!r->record[0].ended, "nothing half done is handed over");
    experiment_runs_free(r);
    r = experiment_runs_new(yaml);
    enum er_status status = ER_E_NOMEM;
    int64_t n = 0;
    for (; status == ER_E_NOMEM && n < 300; n++) {
        t_fail_allocation(n);
        status = experiment_run(r, 1, NULL, &err);
        t_allocation_failed();
    }
    T_OK(status == ER_OK && n > 4, "allocations: %d", (int)n);
    struct er_estimate e = {0};
    struct er_pool *pool = NULL;
    T_STATUS(er_pool_new(2, &pool, &err), ER_OK, "pool");
    T_STATUS(r->experiment->estimate(er_study_point(r->study, 0), r->n, NULL, pool, NULL, &e, &err), ER_OK,
             "estimate");
    T_OK(e.at_once == 2 && e.run_bytes > 0 && e.seconds > 0 && e.seconds < 10, "%g s", e.seconds);
    er_pool_free(pool);
    experiment_runs_free(r);
    experiment_runs_free(one);
}

int main(void)
{
    check_even();
    check_uneven();
    check_normalised();
    check_oracle();
    check_endings();
    check_limit();
    check_sparse_step();
    check_sparse();
    check_events(
        "study: s\ndata: {name: even-supports, train: 16}\nmax-margin: {start: 1, steps: 500}\nseeds: 3\n");
    check_events("study: s\nsparse: {steps: 500}\nseeds: 3\n");
    check_events("study: s\nnoise: {steps: 500, walkers: 3}\nseeds: 3\n");
    check_events("study: s\nnoise: {steps: 500, walkers: 3, wells: {deeper: 0.1}}\nseeds: 3\n");
    return t_done();
}
