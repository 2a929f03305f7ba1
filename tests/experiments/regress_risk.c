/* The experiment `regress` where risks are known: theory of the least-norm solution, bias and variance,
 * gradient descent and its limit, null space. */
#include "experiments/regress_risk.h"

#include "experiments/regress_descent.h"
#include "support/study_values.h"
#include "t.h"

#include <float.h>

static void study(const char *yaml, struct study_values *v)
{
    struct er_error err;
    T_STATUS(study_values(yaml, NULL, 2, v, &err), ER_OK, "%s", yaml);
    if (err.code != ER_OK) exit(1);
}

/* Published values at d = 100, |theta| = 1, s = 0.5. */
static void check_theory(void)
{
    T_CLOSE(er_regress_theory_risk(50, 100, 1, .5), .755, 5e-4, "n = 50");
    T_CLOSE(er_regress_theory_risk(200, 100, 1, .5), .2525, 5e-5, "n = 200");
    T_CLOSE(er_regress_theory_risk(150, 100, 1, .5), .5102, 5e-5, "n = 150");
    T_CLOSE(er_regress_theory_risk(50, 100, 3, 0), 1.5, 4 * DBL_EPSILON,
            "without noise half of the signal is seen");
    for (int64_t n = 99; n <= 101; n++)
        T_OK(isnan(er_regress_theory_risk(n, 100, 1, .5)), "infinite at %d", (int)n);
    const double w[] = {1, 2}, theta[] = {0, 4}, variance[] = {3, .5};
    T_CLOSE(er_regress_excess_risk(2, w, theta, variance), 5, 8 * DBL_EPSILON, "3 * 1 + 0.5 * 4");
}

/* Medians of 30 repeats within 25 % of the theory for |n - d| >= 10, the largest at n = d. */
static void check_sample_wise(void)
{
    static const int n[] = {10, 30, 50, 70, 80, 90, 100, 110, 120, 150, 200, 400, 1000};
    enum { SIZES = sizeof n / sizeof *n, REPEATS = 30 };
    struct study_values v;
    double worst = 0, at = 0;
    study("study: s\n"
          "data: {name: linear, dimension: 100, noise: 0.5, test: 1,\n"
          "  train: [10, 30, 50, 70, 80, 90, 100, 110, 120, 150, 200, 400, 1000],\n"
          "  seed: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, "
          "24, 25, 26,\n"
          "         27, 28, 29]}\n"
          "regress: {basis: linear}\n",
          &v);
    T_EQ_INT(v.runs, SIZES * REPEATS, "13 sizes, 30 data sets of each");
    for (int i = 0; i < SIZES; i++) {
        const double median = study_median(&v, i * REPEATS, REPEATS, "excess_risk");
        const double theory = study_value(&v, i * REPEATS, "theory_risk");
        if (median > worst) at = n[i];
        worst = fmax(worst, median);
        if (n[i] == 100)
            T_OK(isnan(theory), "no theory at n = d");
        else
            T_CLOSE(median / theory, 1, .25, "n = %d: median %.4g, theory %.4g", n[i], median, theory);
        T_EQ_INT(study_value(&v, i * REPEATS, "interpolates"), n[i] <= 100, "n = %d interpolates up to d",
                 n[i]);
    }
    T_OK(at == 100, "the largest is at n = d: %g", worst);
    study_values_free(&v);
}

/* 500 training sets of 25 examples of sin(pi x): the decomposition is exact, the classical U has its
 * minimum at degree 3, the median over x tells that the ends rule the mean. */
static void check_bias_variance(void)
{
    struct study_values v;
    int best = 0;
    study("study: s\ndata: {name: sine, train: 25, noise: 0.3}\n"
          "regress: {basis: legendre, sets: 500, degree: [0, 1, 2, 3, 4, 5, 6, 7, 8]}\n",
          &v);
    for (int degree = 0; degree < v.runs; degree++) {
        const double bias2 = study_value(&v, degree, "bias2"), variance = study_value(&v, degree, "variance");
        const double total = study_value(&v, degree, "total_risk");
        T_CLOSE(total, bias2 + variance + .09, 1e-12 * total, "degree %d: bias2, variance, noise", degree);
        T_CLOSE(study_value(&v, degree, "test_mse") / total, 1, .03, "degree %d: error on fresh targets",
                degree);
        if (total < study_value(&v, best, "total_risk")) best = degree;
        if (degree > 3)
            T_OK(variance > study_value(&v, degree - 1, "variance"), "degree %d: the variance rises", degree);
    }
    T_EQ_INT(best, 3, "the least is at degree 3");
    T_OK(study_value(&v, 3, "bias2") < .01, "with a bias of %g", study_value(&v, 3, "bias2"));
    T_CLOSE(study_value(&v, 3, "total_risk"), .114, .01, "near the published total");
    T_CLOSE(study_value(&v, 0, "bias2"), .5, .01, "a constant has the bias of the mean of sin^2");
    T_OK(study_value(&v, 7, "variance_median") < .1 && study_value(&v, 7, "variance") > .5,
         "at degree 7 the median variance is small and the mean is not");
    study_values_free(&v);
}

/* Two groups of inputs at two scales, 20 data sets: down, up, down, up; published 5.00 at step 0, 4.67 at
 * 1, 5.98 at 20, 3.09 at 700, 4.21 at 10,000. A mean over 20
 * draws has a standard error of some 5 % at the end, here and there. */
static void check_turning_points(void)
{
    struct study_values v;
    study("study: s\n"
          "data: {name: two-scales, dimension: 100, train: 200, test: 1,\n"
          "  seed: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19]}\n"
          "regress: {basis: linear, gradient-descent: {rate: 0.3, steps: 10000}}\n",
          &v);
    const int64_t n = v.record[0].n_curve;
    const double *step = study_curve(&v, 0, "step");
    double mean[128] = {0};
    int first = 0, peak = 0, second = 0;
    for (int64_t i = 0; i < n && n < 128; i++)
        for (int64_t r = 0; r < v.runs; r++) mean[i] += study_curve(&v, r, "excess_risk")[i] / (double)v.runs;
    for (int i = 0; step[i] <= 5; i++)
        if (mean[i] < mean[first]) first = i;
    for (int i = first; step[i] <= 200; i++)
        if (mean[i] > mean[peak]) peak = i;
    for (int i = second = peak; i < n; i++)
        if (mean[i] < mean[second]) second = i;
    T_CLOSE(mean[0], 5, 1e-9, "the risk of zero weights is exact");
    T_OK(step[first] >= 1 && step[first] <= 2, "first minimum at step %g: %.3f", step[first], mean[first]);
    T_OK(step[peak] >= 10 && step[peak] <= 40, "peak at step %g: %.3f", step[peak], mean[peak]);
    T_OK(step[second] >= 400 && step[second] <= 1500, "second minimum at step %g: %.3f", step[second],
         mean[second]);
    T_CLOSE(mean[first] / 4.67, 1, .1, "near the published first minimum");
    T_CLOSE(mean[peak] / 5.98, 1, .1, "near the published peak");
    T_CLOSE(mean[second] / 3.09, 1, .1, "near the published second minimum");
    T_CLOSE(mean[n - 1] / 4.21, 1, .2, "near the published end");
    T_OK(mean[peak] > mean[first] && mean[second] < mean[first] && mean[n - 1] > mean[second],
         "down, up, down, up");
    study_values_free(&v);
}

/* n = 50 < d = 784: from 0 to pinv(X) y, from elsewhere to the solution nearest to the start; its part in
 * the null space stays what it was, which makes the norm larger. */
static void check_implicit_bias(void)
{
    struct study_values v;
    study("study: s\ndata: {name: linear, dimension: 784, train: 50, test: 10}\n"
          "regress: {basis: linear, gradient-descent: {steps: 2000, start: [0, 2]}}\n",
          &v);
    const double without = study_value(&v, 0, "norm"), with = study_value(&v, 1, "norm");
    for (int run = 0; run < 2; run++) {
        const double *distance = study_curve(&v, run, "distance");
        T_CLOSE(distance[0], run ? distance[0] : 1, 1e-12, "at first the whole way is left");
        T_OK(study_value(&v, run, "distance") < 1e-6, "start %d: relative distance to the limit %g", run,
             study_value(&v, run, "distance"));
        T_EQ_INT(study_value(&v, run, "interpolates"), 1, "it interpolates");
        T_EQ_STR(v.record[run].outcome, "steps", "after all steps");
    }
    /* Of a random direction the null space holds 734 of 784 dimensions: 4 * 0.936. */
    T_CLOSE((with * with - without * without) / (4 * 734. / 784), 1, .05,
            "the start's share of the null space stays");
    study_values_free(&v);

    study("study: s\ndata: {name: linear, dimension: 784, train: 50, test: 1000}\n"
          "regress: {basis: linear, null: [0, 3]}\n",
          &v);
    T_CLOSE(study_value(&v, 0, "norm"), without, 1e-6 * without,
            "gradient descent from 0 is the least-norm solution");
    T_CLOSE(study_value(&v, 1, "norm") / study_value(&v, 0, "norm"), sqrt(10), 1e-9,
            "at a right angle, 3 times as long");
    T_EQ_INT(study_value(&v, 1, "interpolates"), 1, "and it interpolates all the same");
    T_OK(study_value(&v, 1, "test_mse") > 1.2 * study_value(&v, 0, "test_mse"), "with a larger test error");
    T_OK(isnan(study_value(&v, 1, "theory_risk")) && !isnan(study_value(&v, 0, "theory_risk")),
         "beyond the theory");
    study_values_free(&v);
}

/* Ridge by gradient descent is ridge; a rate beyond 2 / curvature diverges and says so. */
static void check_descent(void)
{
    struct study_values a, b;
    study("study: s\ndata: {name: linear, dimension: 20, train: 60, test: 10}\n"
          "regress: {basis: linear, ridge: 3, gradient-descent: {steps: 2000}}\n",
          &a);
    study("study: s\ndata: {name: linear, dimension: 20, train: 60, test: 10}\n"
          "regress: {basis: linear, ridge: 3}\n",
          &b);
    T_CLOSE(study_value(&a, 0, "excess_risk"), study_value(&b, 0, "excess_risk"), 1e-12, "the same minimum");
    T_OK(study_value(&a, 0, "distance") < 1e-12, "to rounding");
    study_values_free(&a);
    study_values_free(&b);
    study("study: s\ndata: {name: linear, dimension: 20, train: 60, test: 10}\n"
          "regress: {basis: linear, gradient-descent: {rate: 50, steps: 100000}}\n",
          &a);
    T_EQ_STR(a.record[0].outcome, "diverged", "a rate of 50");
    T_OK(strstr(a.record[0].note, "step"), "at a step: %s", a.record[0].note);
    study_values_free(&a);
}

/* Features that are all 0: gradients are 0, and descent stays where it began. */
static void check_zeros(void)
{
    double phi[6] = {0}, y[] = {1, -2, 3}, w[2], start[] = {0, 2};
    const struct er_examples train = {.n = 3, .features = 2, .k = 1, .phi = phi, .y = y};
    for (int i = 0; i < 2; i++) {
        const struct er_regress_spec spec = {
            .descent = true, .rate = (double)NAN, .start = start[i], .steps = 20};
        struct er_descent d = {.train = &train, .test = &train, .w = w};
        struct er_error err;
        T_STATUS(er_regress_descend(&spec, &d, NULL, &err), ER_OK, "zeros");
        if (!d.record) return;
        T_OK(!d.diverged && d.steps == 20, "all steps are done: %d", (int)d.steps);
        T_CLOSE(hypot(w[0], w[1]), start[i], 4 * DBL_EPSILON, "and nothing moves");
        T_CLOSE(d.record[d.n_records - 1].train_mse, 14 / 3.0, 4 * DBL_EPSILON * 5, "the error stays");
        er_free(d.record);
    }
}

int main(void)
{
    check_theory();
    check_sample_wise();
    check_bias_variance();
    check_turning_points();
    check_implicit_bias();
    check_descent();
    check_zeros();
    return t_done();
}
