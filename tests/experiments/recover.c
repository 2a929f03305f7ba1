/* The experiment `recover`: what each method says of its solution, and what it finds where that is known; ratings; refusals. */
#include "t.h"

#include "core/file.h"
#include "experiments/matrix_groups.h"
#include "experiments/recover_tables.h"
#include "support/experiment_run.h"
#include "support/places.h"
#include "support/scratch.h"

#include <math.h>
#include <unistd.h>

static const struct er_data_places nowhere = {0};
static struct er_error err;

static struct experiment_runs *ran(const char *yaml, int threads, const struct er_data_places *places)
{
    struct experiment_runs *runs = experiment_runs_new(yaml);
    T_STATUS(experiment_run(runs, threads, places, &err), ER_OK, "run: %s", err.msg);
    return runs;
}

enum { NUCLEAR, SOFT, ALS, FROBENIUS, MEAN, BIAS };

static const char *const all = "study: s\nmatrix: {rows: 16, columns: 14, rank: 2, observed: 150, seed: 4}\n"
                               "recover:\n"
                               "  - nuclear-norm: {gap: 1e-8}\n"
                               "  - soft-impute: {lambda: 1e-3, gap: 1e-6}\n"
                               "  - als: {lambda: 0, iterations: 5000, gap: 0}\n"
                               "  - method: frobenius\n"
                               "  - method: mean\n"
                               "  - bias: {lambda: 1e-6}\n";

static double of(const struct experiment_runs *runs, int64_t run, const char *column)
{
    return experiment_value(runs, run, column);
}

/* Each minimises its own: no other that fits is better at that. */
static void test_methods(void)
{
    struct experiment_runs *runs = ran(all, 2, &nowhere), *one = ran(all, 1, &nowhere);
    for (int64_t i = 0; i < runs->n; i++) {
        T_OK(experiment_same(&runs->record[i], &one->record[i]), "run %d on one thread", (int)i);
        T_CLOSE(of(runs, i, "test_rmse"), sqrt(of(runs, i, "test_mse")), 1e-15, "root");
        T_OK(isnan(of(runs, i, "test_rmse_low")), "an interval is of ratings");
    }
    T_OK(of(runs, NUCLEAR, "gap") <= 1e-8 && of(runs, NUCLEAR, "dual") <= of(runs, NUCLEAR, "primal"),
         "certified");
    T_EQ_STR(runs->record[NUCLEAR].outcome, "gap", "it says so");
    T_OK(of(runs, NUCLEAR, "nuclear_norm") <= of(runs, FROBENIUS, "nuclear_norm"), "least nuclear norm");
    T_OK(of(runs, NUCLEAR, "nuclear_norm") <= of(runs, NUCLEAR, "truth_nuclear_norm") * (1 + 1e-8),
         "the truth fits");
    T_OK(of(runs, FROBENIUS, "frobenius_norm") <= of(runs, NUCLEAR, "frobenius_norm"),
         "least Frobenius norm");
    T_CLOSE(of(runs, FROBENIUS, "dual"), of(runs, FROBENIUS, "primal"), 1e-12, "closed form");
    T_OK(of(runs, SOFT, "gap") <= 1e-6, "soft-impute is certified");
    T_CLOSE(of(runs, SOFT, "nuclear_norm"), of(runs, NUCLEAR, "nuclear_norm"), 1e-2,
            "and near to the least norm with a penalty near to 0");
    T_OK(of(runs, ALS, "test_mse") < 1e-8 && of(runs, ALS, "rank") == 2, "the right rank recovers it: %g",
         of(runs, ALS, "test_mse"));
    T_OK(of(runs, BIAS, "train_mse") < of(runs, MEAN, "train_mse"), "more constants fit better");
    T_OK(of(runs, MEAN, "rank") == 1 && of(runs, BIAS, "rank") == 2, "ranks of constants");
    experiment_runs_free(runs);
    experiment_runs_free(one);
}

/* Lambdas chosen by validation, inside what is tried and to an error of about the noise's square (times the degrees of freedom,
 * 23 of 144, it would be less than that; biases, which rank 1 does not have, cost more); sensing. */
static void test_chosen(void)
{
    struct experiment_runs *runs = ran("study: s\nmatrix: {rows: 12, rank: 1, observed: 90, noise: 0.1}\n"
                                       "recover: {method: [soft-impute, als], centre: [none, bias]}\n",
                                       1, &nowhere);
    for (int64_t i = 0; i < runs->n; i++)
        T_OK(of(runs, i, "lambda") > 2e-3 && of(runs, i, "lambda") < 10 &&
                 of(runs, i, "test_mse") < (i % 2 == 0 ? 0.02 : 0.1),
             "run %d: lambda %g, error %g", (int)i, of(runs, i, "lambda"), of(runs, i, "test_mse"));
    experiment_runs_free(runs);
    runs = ran("study: s\nmatrix: {rows: 8, rank: 1, observed: 50, observe: measurements}\n"
               "recover: {method: [nuclear-norm, als, frobenius]}\n",
               2, &nowhere);
    T_OK(of(runs, 0, "test_mse") < 1e-8 && of(runs, 1, "test_mse") < 1e-4, "sensed: %g, %g",
         of(runs, 0, "test_mse"), of(runs, 1, "test_mse"));
    T_OK(of(runs, 2, "test_mse") > 0.1 && of(runs, 2, "train_mse") < 1e-20, "a fit that is not it");
    experiment_runs_free(runs);
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
    T_OK(of(runs, 0, "violation") == 0, "entries are met exactly");
    T_OK(of(runs, 2, "gradient_norm") < 1e-3 && of(runs, 2, "gradient_norm") > 0, "stationary: %g",
         of(runs, 2, "gradient_norm"));
    T_OK(of(runs, 3, "gradient_norm") < 1e-9 && of(runs, 3, "iterations") > 0, "biases are");
    T_OK(of(runs, 3, "primal") > 150 * of(runs, 3, "train_mse") * (1 - 1e-12),
         "their sum of squares with a penalty");
    T_OK(isnan(of(runs, 0, "users")) && isnan(of(runs, 0, "repeated")), "no ratings");
    experiment_runs_free(runs);
}

/* The least nuclear norm of what fits is below that of the truth, which fits, however both are centred. */
static void test_truth(void)
{
    struct experiment_runs *runs = ran("study: s\nmatrix: {rows: 20, rank: 2, observed: 300}\n"
                                       "recover: {centre: [none, mean, bias]}\n",
                                       2, &nowhere);
    for (int64_t i = 0; i < runs->n; i++)
        T_OK(of(runs, i, "dual") <= of(runs, i, "truth_nuclear_norm"), "run %d: at least %g, the truth's %g",
             (int)i, of(runs, i, "dual"), of(runs, i, "truth_nuclear_norm"));
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
    T_OK(least > 0 && of(runs, 0, "lambda") > lambda[least] * 0.9 &&
             of(runs, 0, "lambda") < lambda[least] * 1.3,
         "about that lambda, on a tenth more: %g, %g", of(runs, 0, "lambda"), lambda[least]);
    experiment_runs_free(runs);
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

/* Biases of MovieLens-100K from 80 % of the ratings: 0.94 in all that was published of them. */
static void test_movielens(void)
{
    if (!places_have("movielens-100k")) {
        T_OK(true, "movielens-100k is not here # SKIP");
        return;
    }
    struct experiment_runs *runs =
        ran("study: s\nmatrix: {name: movielens-100k}\nrecover: {method: [mean, bias]}\n", 2, places_here());
    T_CLOSE(of(runs, 0, "test_rmse"), 1.125, 0.02, "mean");
    T_CLOSE(of(runs, 1, "test_rmse"), 0.942, 0.015, "biases");
    T_OK(of(runs, 1, "test_rmse_low") < of(runs, 1, "test_rmse") &&
             of(runs, 1, "test_rmse") < of(runs, 1, "test_rmse_high"),
         "its interval");
    T_EQ_INT(of(runs, 0, "observations"), 80000, "ratings to learn from");
    experiment_runs_free(runs);
}

/* Seeds draw from ratings that are read once, as other users are not; none are kept behind the last. */
static void test_ratings_once(void)
{
    enum { SEEDS = 3 };
    char top[64], path[128], yaml[512], text[2048];
    size_t length = 0;
    if (!scratch_make(top)) return;
    for (int u = 0; u < 9; u++)
        for (int i = 0; i < 7; i++)
            length += (size_t)snprintf(text + length, sizeof text - length, "u%d,i%d,%d\n", u, i, u * i % 5);
    snprintf(path, sizeof path, "%s/mine.csv", top);
    T_STATUS(er_file_write(path, text, length, NULL), ER_OK, "written");
    snprintf(yaml, sizeof yaml,
             "study: s\nmatrix: {file: \"%s\", users: [9, 8]}\nrecover: {method: mean}\nseeds: %d\n", path,
             SEEDS);
    struct experiment_runs *runs = experiment_runs_new(yaml);
    const struct er_point *point = er_study_point(runs->study, 0);
    struct er_matrix_groups groups;
    int64_t next = 0;
    T_STATUS(er_matrix_groups_new(point, runs->n, er_recover_keys_centre, &groups, &err), ER_OK, "groups");
    T_EQ_INT(groups.n, 2 * SEEDS, "a problem for each seed and number of users");
    for (int64_t g = 0; g < SEEDS; g++) {
        T_STATUS(er_matrix_groups_load(&groups, point, &nowhere, g, 1, NULL, &next, &err), ER_OK,
                 "group %d: %s", (int)g, err.msg);
        T_EQ_INT(next, g + 1, "one at a time");
        T_EQ_INT(groups.group[g].problem.rows, 9, "users");
        T_OK((groups.rater != NULL) == (next < SEEDS), "kept for the seeds that follow alone");
        if (g == 0) unlink(path);
    }
    T_OK(er_matrix_groups_load(&groups, point, &nowhere, SEEDS, 1, NULL, &next, &err) != ER_OK,
         "other users are read anew");
    T_STATUS(er_file_write(path, text, length, NULL), ER_OK, "written again");
    T_STATUS(er_matrix_groups_load(&groups, point, &nowhere, SEEDS, 1e9, NULL, &next, &err), ER_OK,
             "the rest");
    T_OK(next == groups.n && !groups.rater && !groups.ratings.value, "all loaded, no ratings kept");
    T_EQ_INT(groups.group[SEEDS].problem.rows, 8, "users of the rest");
    er_matrix_groups_clear(&groups);
    experiment_runs_free(runs);
    scratch_remove(top);
}

/* A matrix too small for the rank that it has by itself is of full rank, and als, whose rank is that, solves it. */
static void test_small(void)
{
    struct experiment_runs *runs = ran("study: s\nmatrix: {rows: 3, observed: 8}\n"
                                       "recover: {als: {lambda: 0.1}}\n",
                                       1, &nowhere);
    T_OK(of(runs, 0, "truth_effective_rank") > 1 && of(runs, 0, "truth_effective_rank") <= 3, "of rank 3");
    experiment_runs_free(runs);
}

static void test_refused(void)
{
    experiment_refused("recover: {method: soft-impute}\nmatrix: {rows: 9, observe: measurements}", 19,
                       "recover.method: soft-impute needs entries, and matrix.observe is measurements");
    experiment_refused("recover: {centre: bias}\nmatrix: {rows: 9, observe: measurements}", 19,
                       "recover.centre: only entries can be centred; matrix.observe is measurements");
    experiment_refused("recover: {soft-impute: {lambda: 0}}\nmatrix: {rows: 9}", 33,
                       "recover.soft-impute.lambda: must be above 0; nuclear-norm is what it comes to at 0");
    experiment_refused("recover: {als: {rank: 10}}\nmatrix: {rows: 9, rank: 1}", 23,
                       "recover.als.rank: 10 is more than the smaller side of the matrix, 9");
}

int main(void)
{
    test_methods();
    test_chosen();
    test_told();
    test_truth();
    test_path();
    test_small();
    test_estimate();
    test_movielens();
    test_ratings_once();
    test_refused();
    return t_done();
}
