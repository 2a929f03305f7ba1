/* Ratings in the experiments `recover` and `factorise`: what is centred, how lambda and width follow the ratings. */
#include "t.h"

#include "experiments/factorise_keys.h"
#include "support/experiment_run.h"
#include "support/scratch.h"

#include <math.h>

static const struct er_data_places nowhere = {0};
static struct er_error err;

static struct experiment_runs *ran(const char *yaml, int threads, const struct er_data_places *places)
{
    struct experiment_runs *runs = experiment_runs_new(yaml);
    T_STATUS(experiment_run(runs, threads, places, &err), ER_OK, "run: %s", err.msg);
    return runs;
}

static double of(const struct experiment_runs *runs, int64_t run, const char *column)
{
    return experiment_value(runs, run, column);
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
        T_OK(of(runs, i, "users") == 30 && of(runs, i, "items") == 6 && of(runs, i, "repeated") == 1,
             "run %d: told", (int)i);
    T_OK(of(runs, 0, "test_rmse") > 0.3 && of(runs, 1, "test_rmse") < 1e-4, "mean %g, bias %g",
         of(runs, 0, "test_rmse"), of(runs, 1, "test_rmse"));
    T_OK(of(runs, 2, "lambda") == 1 && isnan(of(runs, 0, "lambda")), "a map holds for its method");
    for (int64_t i = 2; i < runs->n; i++)
        T_OK(of(runs, i, "test_rmse") < 0.5 * of(runs, 0, "test_rmse"), "run %d: %g, of what biases leave",
             (int)i, of(runs, i, "test_rmse"));
    experiment_runs_free(runs);
    scratch_remove(folder);
}

/* als chooses lambda below the least whose solution is 0, in ratios of a root of 2: ratings a thousand times as large have one a
 * thousand times as large, and errors alike. */
static void test_als_scale(void)
{
    double lambda[2], error[2];
    for (int large = 0; large < 2; large++) {
        char folder[64], path[96], text[512];
        if (!scratch_make(folder)) exit(1);
        snprintf(path, sizeof path, "%s/ratings.csv", folder);
        FILE *file = fopen(path, "w");
        if (!file) exit(1);
        for (int u = 0; u < 12; u++)
            for (int i = 0; i < 10; i++)
                fprintf(file, "u%02d,i%d,%d\n", u, i, (large ? 1024 : 1) * (u * i % 5 + u % 3));
        fclose(file);
        snprintf(text, sizeof text, "study: s\nmatrix: {file: %s}\nrecover: {als: {rank: 2}}\n", path);
        struct experiment_runs *runs = ran(text, 1, &nowhere);
        lambda[large] = of(runs, 0, "lambda");
        error[large] = of(runs, 0, "test_rmse");
        experiment_runs_free(runs);
        scratch_remove(folder);
    }
    T_CLOSE(lambda[1], 1024 * lambda[0], 1e-9 * lambda[1], "lambda %g", lambda[0]);
    T_CLOSE(error[1], 1024 * error[0], 1e-6 * error[1], "error %g", error[0]);
}

/* Ratings of which nothing is left when their mean is taken away: every method predicts them, with a matrix of zeros. */
static void test_constant(void)
{
    char folder[64], path[96], text[512];
    if (!scratch_make(folder)) exit(1);
    snprintf(path, sizeof path, "%s/ratings.csv", folder);
    FILE *file = fopen(path, "w");
    if (!file) exit(1);
    for (int e = 0; e < 35; e++) fprintf(file, "u%d,i%d,4\n", e / 5, e % 5);
    fclose(file);
    snprintf(text, sizeof text,
             "study: s\nmatrix: {file: %s, share: 0.5}\n"
             "recover: {method: [als, soft-impute, nuclear-norm, frobenius]}\n",
             path);
    struct experiment_runs *runs = ran(text, 1, &nowhere);
    for (int64_t i = 0; i < runs->n; i++)
        T_OK(of(runs, i, "test_rmse") == 0 && of(runs, i, "rank") == 0 && of(runs, i, "effective_rank") == 0,
             "run %d: %g", (int)i, of(runs, i, "test_rmse"));
    experiment_runs_free(runs);
    scratch_remove(folder);
}

/* Of ratings factors are no wider than 50 and than the smaller side, unless it is said. */
static void test_width(void)
{
    static const struct {
        int64_t rows, columns;
        const char *of, *width;
        int64_t want;
    } shape[] = {{943, 1682, "{file: r.csv}", "", 50},
                 {30, 7, "{file: r.csv}", "", 7},
                 {30, 7, "{file: r.csv}", ", width: 9", 9},
                 {943, 1682, "{rows: 943, columns: 1682}", "", 0}};
    for (size_t i = 0; i < sizeof shape / sizeof *shape; i++) {
        char text[256];
        snprintf(text, sizeof text, "study: s\nmatrix: %s\nfactorise: {steps: 5%s}\n", shape[i].of,
                 shape[i].width);
        struct experiment_runs *runs = experiment_runs_new(text);
        const struct er_recovery problem = {.rows = shape[i].rows, .columns = shape[i].columns};
        const struct er_factorise_request request =
            er_factorise_keys_request(er_study_point(runs->study, 0), &problem);
        T_EQ_INT(request.spec.width, shape[i].want, "%s%s", shape[i].of, shape[i].width);
        experiment_runs_free(runs);
    }
}

int main(void)
{
    test_ratings();
    test_als_scale();
    test_constant();
    test_width();
    return t_done();
}
