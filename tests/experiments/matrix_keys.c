/* Keys of `matrix`: whose seed draws it. */
#include "t.h"

#include "experiments/matrix_keys.h"
#include "support/experiment_run.h"

static const struct er_data_places nowhere = {0};
static struct er_error err;

static struct experiment_runs *ran(const char *yaml)
{
    struct experiment_runs *runs = experiment_runs_new(yaml);
    T_STATUS(experiment_run(runs, 1, &nowhere, &err), ER_OK, "run: %s", err.msg);
    return runs;
}

/* A matrix's own seed draws what the run's seed draws without it. */
static void test_seeds(void)
{
    struct experiment_runs *own = ran("study: s\nmatrix: {rows: 9, rank: 2, observed: 40, seed: 7}\n"
                                      "recover: {method: frobenius}\nseeds: [0]\n"),
                           *of_run = ran("study: s\nmatrix: {rows: 9, rank: 2, observed: 40}\n"
                                         "recover: {method: frobenius}\nseeds: [7]\n");
    T_OK(experiment_value(own, 0, "test_mse") == experiment_value(of_run, 0, "test_mse") &&
             experiment_value(own, 0, "frobenius_norm") == experiment_value(of_run, 0, "frobenius_norm"),
         "%.17g, %.17g", experiment_value(own, 0, "test_mse"), experiment_value(of_run, 0, "test_mse"));
    T_EQ_INT((int64_t)er_matrix_keys_spec(er_study_point(own->study, 0)).seed, 7, "as it is written");
    T_EQ_INT((int64_t)er_matrix_keys_spec(er_study_point(of_run->study, 0)).seed, 7, "of the run");
    experiment_runs_free(own);
    experiment_runs_free(of_run);
}

/* What ended a method, and what is known of its solution. A gap of 1e-14 is below rounding. */
static void test_told(void)
{
    struct experiment_runs *runs = ran("study: s\nmatrix: {rows: 16, columns: 14, rank: 2, observed: 150}\n"
                                       "recover:\n"
                                       "  - nuclear-norm: {gap: 1e-14}\n"
                                       "  - nuclear-norm: {gap: 1e-14, iterations: 2}\n"
                                       "  - als: {lambda: 0.1, gap: 1e-12, iterations: 5000}\n"
                                       "  - bias: {}\n",
                                       1, &nowhere);
    T_EQ_STR(runs->record[0].outcome, "rounding", "rounding ended it");
    T_EQ_STR(runs->record[1].outcome, "iterations", "their number ended it");
    T_OK(experiment_value(runs, 0, "violation") == 0, "entries are met exactly");
    T_OK(experiment_value(runs, 2, "gradient_norm") < 1e-3 && experiment_value(runs, 2, "gradient_norm") > 0,
         "stationary: %g", experiment_value(runs, 2, "gradient_norm"));
    T_OK(experiment_value(runs, 3, "gradient_norm") < 1e-9 && experiment_value(runs, 3, "iterations") > 0,
         "biases are");
    T_OK(experiment_value(runs, 3, "primal") > 150 * experiment_value(runs, 3, "train_mse") * (1 - 1e-12),
         "their sum of squares with a penalty");
    T_OK(isnan(experiment_value(runs, 0, "users")) && isnan(experiment_value(runs, 0, "repeated")),
         "no ratings");
    experiment_runs_free(runs);
}

/* The least nuclear norm of what fits is below that of the truth, which fits, however both are centred. */
static void test_truth(void)
{
    struct experiment_runs *runs = ran("study: s\nmatrix: {rows: 20, rank: 2, observed: 300}\n"
                                       "recover: {centre: [none, mean, bias]}\n",
                                       2, &nowhere);
    for (int64_t i = 0; i < runs->n; i++)
        T_OK(experiment_value(runs, i, "dual") <= experiment_value(runs, i, "truth_nuclear_norm"),
             "run %d: at least %g, the truth's %g", (int)i, experiment_value(runs, i, "dual"),
             experiment_value(runs, i, "truth_nuclear_norm"));
    experiment_runs_free(runs);
}

/* The path: lambda falls in equal ratios from where the solution is 0; the least validation error's ratio is taken. */
static void test_path(void)
{
    struct experiment_runs *runs = ran("study: s\nmatrix: {rows: 20, rank: 1, observed: 200, noise: 0.1}\n"
                                       "recover: {soft-impute: {}}\n",
                                       1, &nowhere);
    const double *lambda = experiment_curve(runs, 0, "tried_lambda"),
                 *error = experiment_curve(runs, 0, "validation_mse"),
                 *gap = experiment_curve(runs, 0, "gap");
    const int64_t n = runs->record[0].n_curve;
    int64_t least = 0;
    T_OK(n > 3 && n <= 20, "%d values", (int)n);
    for (int64_t i = 1; i < n; i++) {
        T_CLOSE(lambda[i] / lambda[i - 1], pow(0.01, 1.0 / 19), 1e-12, "ratio %d", (int)i);
        T_OK(gap[i] <= 3e-3, "certified: %g", gap[i]);
        if (error[i] < error[least]) least = i;
    }
    T_CLOSE(experiment_curve(runs, 0, "nuclear_norm")[0], 0, 1e-9, "0 at the largest");
    T_OK(n == 20 || n - 1 - least == 3, "it ends after three that are not the least");
    T_OK(least > 0 && experiment_value(runs, 0, "lambda") > lambda[least] * 0.9 &&
             experiment_value(runs, 0, "lambda") < lambda[least] * 1.3,
         "about that lambda, on a tenth more: %g, %g", experiment_value(runs, 0, "lambda"), lambda[least]);
    experiment_runs_free(runs);
}

/* Few items, and no word of ranks: ratings as anybody has them. Methods complete what is left of the biases, which are best for
 * ratings that are nothing else; a pair that comes again is told. */
static void test_ratings(void)
{
    char folder[64], path[96], text[512];
    if (!scratch_make(folder)) exit(1);
    snprintf(path, sizeof path, "%s/ratings.csv", folder);
    FILE *file = fopen(path, "w");
    if (!file) exit(1);
    fprintf(file, "user,item,rating\n");
    for (int u = 0; u < 30; u++)
        for (int i = 0; i < 6; i++) fprintf(file, "u%d,i%d,%g\n", u, i, 3 + 0.05 * u - 0.3 * i);
    fprintf(file, "u0,i0,3\n");
    fclose(file);
    snprintf(text, sizeof text,
             "study: s\nmatrix: {file: %s}\n"
             "recover: {method: [mean, bias, als, soft-impute], als: {lambda: 1}, bias: {lambda: 1e-6}}\n",
             path);
    struct experiment_runs *runs = ran(text, 2, &nowhere);
    for (int64_t i = 0; i < runs->n; i++)
        T_OK(experiment_value(runs, i, "users") == 30 && experiment_value(runs, i, "items") == 6 &&
                 experiment_value(runs, i, "repeated") == 1,
             "run %d: told", (int)i);
    T_OK(experiment_value(runs, 0, "test_rmse") > 0.3 && experiment_value(runs, 1, "test_rmse") < 1e-4,
         "mean %g, bias %g", experiment_value(runs, 0, "test_rmse"), experiment_value(runs, 1, "test_rmse"));
    T_OK(experiment_value(runs, 2, "lambda") == 1 && isnan(experiment_value(runs, 0, "lambda")),
         "a map holds for its method");
    for (int64_t i = 2; i < runs->n; i++)
        T_OK(experiment_value(runs, i, "test_rmse") < 0.5 * experiment_value(runs, 0, "test_rmse"),
             "run %d: %g, of what biases leave", (int)i, experiment_value(runs, i, "test_rmse"));
    experiment_runs_free(runs);
    scratch_remove(folder);
}

static double estimated(const char *yaml, struct er_estimate *out)
{
    struct experiment_runs *runs = experiment_runs_new(yaml);
    struct er_pool *pool = NULL;
    T_STATUS(er_pool_new(1, &pool, &err), ER_OK, "a pool");
    T_STATUS(
        runs->experiment->estimate(er_study_point(runs->study, 0), runs->n, &nowhere, pool, NULL, out, &err),
        ER_OK, "estimate: %s", err.msg);
    er_pool_free(pool);
    experiment_runs_free(runs);
    return out->seconds;
}

/* n^3 tells: from 500 to 4,000 observations the interior point method takes some hundred times as long. A rival counts as it does
 * by itself, once a problem. */
static void test_estimate(void)
{
    struct er_estimate few, many, beside;
    const double quick =
                     estimated("study: s\nmatrix: {rows: 200, rank: 2, observed: 500}\nrecover: {}\n", &few),
                 slow = estimated("study: s\nmatrix: {rows: 200, rank: 2, observed: 4000}\nrecover: {}\n",
                                  &many),
                 rival = estimated("study: s\nmatrix: {rows: 200, rank: 2, observed: 4000}\n"
                                   "factorise: {steps: [1, 2], rival: nuclear-norm}\n",
                                   &beside);
    T_OK(slow > 8 * quick, "%g s, %g s", quick, slow);
    T_OK(many.run_bytes > 8 * 4000.0 * 4000 && few.run_bytes < many.run_bytes / 8, "normal equations");
    T_OK(rival > slow / 4 && rival < 4 * slow, "a rival: %g s, %g s", rival, slow);
}

int main(void)
{
    test_seeds();
    return t_done();
}
