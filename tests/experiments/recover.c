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
    test_ratings();
    test_estimate();
    test_movielens();
    test_ratings_once();
    test_refused();
    return t_done();
}
