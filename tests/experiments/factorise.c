/* The experiment `factorise`: what depth finds beside its rival, runs that are left, spread or split to the bit, how they end, the
 * equation beside them, ratings centred, what is refused. */
#include "t.h"

#include "experiments/factorise_measure.h"
#include "experiments/factorise_rivals.h"
#include "experiments/factorise_state.h"
#include "experiments/matrix_groups.h"
#include "support/experiment_run.h"
#include "support/scratch.h"

#include <ermine/recovery.h>
#include <math.h>

static const struct er_data_places nowhere = {0};
static struct er_error err;

static struct experiment_runs *ran(const char *yaml, int threads)
{
    struct experiment_runs *runs = experiment_runs_new(yaml);
    T_STATUS(experiment_run(runs, threads, &nowhere, &err), ER_OK, "run: %s", err.msg);
    return runs;
}

/* Section 5.5 of the reference, smaller: from 40 % of the entries of a matrix of rank 2 three factors recover it. The least nuclear norm is
 * below the truth's, which is a matrix that fits; the rival is the same in all runs of a problem. */
static void test_depth(void)
{
    struct experiment_runs *runs = ran(
        "study: s\nmatrix: {rows: 20, rank: 2, observed: 160, seed: 1}\n"
        "factorise: {depth: [2, 3], rival: nuclear-norm, group-rmsprop: {rate: 3e-3}, until: {loss: 1e-5}}\n",
        2);
    for (int64_t i = 0; i < runs->n; i++) {
        const double nuclear = experiment_value(runs, i, "rival_nuclear_norm"),
                     truth = experiment_value(runs, i, "truth_nuclear_norm");
        T_EQ_STR(runs->record[i].outcome, "train_loss", "it ends by its loss");
        T_OK(experiment_value(runs, i, "train_loss") <= 1e-5, "at or below it");
        T_OK(nuclear <= truth * (1 + 1e-6), "least nuclear norm %g, the truth's %g", nuclear, truth);
        T_OK(experiment_value(runs, i, "rival_gap") <= 1e-6, "certified");
        T_OK(experiment_value(runs, i, "rival_dual") <= experiment_value(runs, i, "rival_primal"), "a bound");
        T_CLOSE(experiment_value(runs, i, "rival_primal"), nuclear, 1e-9 * nuclear, "what it minimises");
        T_OK(nuclear == experiment_value(runs, 0, "rival_nuclear_norm"), "one rival");
        T_OK(experiment_value(runs, i, "best_test_mse") <= experiment_value(runs, i, "test_mse"), "best");
    }
    T_CLOSE(runs->done, runs->total, 1e-9, "all runs are reported as done");
    T_OK(experiment_value(runs, 1, "test_mse") < 1e-3, "three factors recover it: %g",
         experiment_value(runs, 1, "test_mse"));
    T_CLOSE(experiment_value(runs, 1, "effective_rank"), experiment_value(runs, 1, "truth_effective_rank"),
            0.05, "with its rank");
    T_OK(experiment_value(runs, 0, "effective_rank") > experiment_value(runs, 1, "effective_rank"), "depth");
    /* sigma_1 >= sigma_2 >= ..., and the norm is at least the sum of those shown */
    const double *s1 = experiment_curve(runs, 1, "sigma_1"), *s5 = experiment_curve(runs, 1, "sigma_5"),
                 *norm = experiment_curve(runs, 1, "nuclear_norm"), *step = experiment_curve(runs, 1, "step");
    for (int64_t i = 0; i < runs->record[1].n_curve; i++)
        T_OK(s1[i] >= s5[i] && norm[i] >= s1[i] + s5[i] && (i == 0 || step[i] > step[i - 1]), "record %d",
             (int)i);
    experiment_runs_free(runs);
}

static const char *const several = "study: s\nmatrix: {rows: 12, columns: 9, rank: 2, observed: 60}\n"
                                   "factorise: {depth: [1, 3], start: [gaussian, balanced], steps: 300, "
                                   "every: 40, rival: frobenius, alignment: true}\n"
                                   "seeds: 2\n";

/* Left after every fourth checkpoint, and with any number of threads: the same bits. */
static void test_bits(void)
{
    struct experiment_runs *one = ran(several, 1), *three = ran(several, 3),
                           *left = experiment_runs_new(several);
    left->leave_after = 4;
    int stops = 0;
    bool kept = true;
    enum er_status status = ER_E_STOPPED;
    while (status == ER_E_STOPPED && stops < 1000) {
        atomic_store(&left->stop, false);
        for (int64_t i = 0; i < left->n; i++) left->state[i].taken = 0;
        status = experiment_run(left, 2, &nowhere, &err);
        stops++;
        for (int64_t i = 0; i < left->n; i++) {
            struct er_spread_result now = {.state = left->state[i].bytes, .state_bytes = left->state[i].n};
            kept &= now.state_bytes == 0 ||
                    (er_factorise_has_rival(&now) && now.value[ER_FACTORISE_V_RIVAL_NUCLEAR] ==
                                                         experiment_value(one, i, "rival_nuclear_norm"));
        }
    }
    T_STATUS(status, ER_OK, "after all: %s", err.msg);
    T_OK(stops > 1, "left %d times", stops);
    T_OK(kept, "the rival is in every checkpoint");
    for (int64_t i = 0; i < one->n; i++) {
        T_OK(experiment_same(&one->record[i], &three->record[i]), "run %d on three threads", (int)i);
        T_OK(experiment_same(&one->record[i], &left->record[i]), "run %d left and taken up", (int)i);
        T_EQ_INT(one->record[i].n_curve, 9, "records at 0, 40, ..., 280, 300");
        T_OK(experiment_value(one, i, "alignment_off_diagonal") >= 0, "alignment");
    }
    experiment_runs_free(one);
    experiment_runs_free(three);
    experiment_runs_free(left);
}

/* A run that is worth splitting and has others threads idle beside it: as on one. */
static void test_split(void)
{
    static const char *const large = "study: s\nmatrix: {rows: 260, rank: 2}\nfactorise: {steps: 2}\n";
    struct experiment_runs *one = ran(large, 1), *two = ran(large, 2);
    T_OK(experiment_same(&one->record[0], &two->record[0]), "split over threads");
    experiment_runs_free(one);
    experiment_runs_free(two);
}

static void test_ends(void)
{
    struct experiment_runs *runs = ran(
        "study: s\nmatrix: {rows: 6, rank: 1, observed: 20}\n"
        "factorise:\n"
        "  - {depth: 2, scale: 1, descent: {rate: 100}}\n"
        "  - {depth: 2, start: identity, steps: 7}\n"
        "  - {depth: 1, descent: {rate: 1}, until: {gradient: 1e-3, loss: 0}}\n"
        "  - {depth: 2, scale: 1, descent: {rate: 0.5}, until: {plateau: 0.5, patience: 10, loss: 0}}\n"
        "  - {depth: 2, adam: {rate: 0.01}, until: {loss: 1e-3}, precision: float32, weight_decay: 1e-6}\n",
        2);
    static const char *const outcome[] = {"diverged", "steps", "gradient", "plateau", "train_loss"};
    for (int i = 0; i < 5; i++) T_EQ_STR(runs->record[i].outcome, outcome[i], "run %d", i);
    T_OK(strstr(runs->record[0].note, "not finite after step"), "a divergence says where: %s",
         runs->record[0].note);
    T_OK(isnan(experiment_value(runs, 0, "train_loss")), "and has no loss");
    T_OK(experiment_value(runs, 1, "steps") == 7, "steps");
    T_OK(experiment_value(runs, 2, "gradient_norm") <= 1e-3, "gradient");
    experiment_runs_free(runs);
}

/* Descent stays near the equation: a step errs by O(rate^2), so that the gap over a run is O(rate), within 1 % here. */
static void test_flow(void)
{
    struct experiment_runs *runs =
        ran("study: s\nmatrix: {rows: 8, columns: 7, rank: 2, observed: 40, seed: 3}\n"
            "factorise:\n"
            "  - {depth: 2, start: identity, scale: 0.01, flow: true, descent: {rate: 0.04}, steps: 1000, "
            "every: 20}\n"
            "  - {depth: 2, start: identity, scale: 0.01, flow: true, descent: {rate: 0.02}, steps: 2000, "
            "every: 40}\n"
            "  - {depth: 3, start: orthogonal, scale: 0.01, flow: true, descent: {rate: 0.01}, steps: 4000, "
            "every: 200}\n",
            2);
    const double coarse = experiment_value(runs, 0, "flow_gap"), fine = experiment_value(runs, 1, "flow_gap");
    T_OK(coarse < 0.01 && fine > 0, "gaps of %g, %g", coarse, fine);
    T_CLOSE(coarse / fine, 2, 0.2, "twice the rate, twice the gap, to the second order");
    T_OK(experiment_value(runs, 2, "flow_gap") < 0.01, "three orthogonal factors: %g",
         experiment_value(runs, 2, "flow_gap"));
    const double *sigma = experiment_curve(runs, 1, "sigma_2"), *flow = experiment_curve(runs, 1, "flow_2"),
                 *gap = experiment_curve(runs, 1, "flow_gap");
    for (int64_t i = 0; i < runs->record[1].n_curve; i++)
        T_OK(fabs(sigma[i] - flow[i]) <= gap[i], "record %d", (int)i);
    T_OK(sigma[runs->record[1].n_curve - 1] > 1, "the second value has risen");
    experiment_runs_free(runs);
}

/* Ratings that are mu + b_u + c_i but for noise: centred by these, descent from near 0 begins at their error. */
static void test_centre(void)
{
    char folder[64], path[96], text[512];
    FILE *file = NULL;
    if (!scratch_make(folder)) exit(1);
    snprintf(path, sizeof path, "%s/ratings.csv", folder);
    file = fopen(path, "w");
    if (!file) exit(1);
    fprintf(file, "user,item,rating\n");
    for (int u = 0; u < 12; u++)
        for (int i = 0; i < 10; i++)
            fprintf(file, "u%d,i%d,%g\n", u, i, 3 + 0.1 * u - 0.2 * i + 0.05 * ((u * 7 + i * 3) % 5));
    fclose(file);
    snprintf(text, sizeof text,
             "study: s\nmatrix: {file: %s, share: 0.7}\n"
             "factorise: {depth: 2, scale: 1e-9, centre: [none, mean, bias], steps: 50, rival: bias}\n",
             path);
    struct experiment_runs *runs = ran(text, 2);
    static const char *const begins[] = {NULL, "mean_rmse", "bias_rmse"};
    for (int i = 0; i < 3; i++) {
        const double first = sqrt(experiment_curve(runs, i, "test_mse")[0]);
        T_OK(experiment_value(runs, i, "bias_rmse") < experiment_value(runs, i, "mean_rmse"), "biases help");
        T_OK(experiment_value(runs, i, "test_rmse_low") < experiment_value(runs, i, "test_rmse") &&
                 experiment_value(runs, i, "test_rmse") < experiment_value(runs, i, "test_rmse_high"),
             "an interval");
        if (begins[i])
            T_CLOSE(first, experiment_value(runs, i, begins[i]), 1e-7,
                    "run %d begins at the constant's error", i);
        else
            T_OK(first > 2.5, "ratings as they are: %g", first);
    }
    T_CLOSE(experiment_value(runs, 0, "rival_test_rmse"), experiment_value(runs, 0, "bias_rmse"), 1e-12,
            "the rival is that constant");
    experiment_runs_free(runs);
    scratch_remove(folder);
}

/* Orthogonal factors that are wider than the smaller side are not balanced; of ratings that shows when they are read. */
static void test_wide_flow(void)
{
    static const char *const wide =
        "factorise: {depth: 3, start: %s, width: 40, flow: true, descent: {rate: 0.1}}\nmatrix: %s";
    char folder[64], path[96], text[512];
    FILE *file = NULL;
    for (int i = 0; i < 2; i++) {
        const char *start = i == 0 ? "identity" : "orthogonal";
        char said[256];
        snprintf(text, sizeof text, wide, start, "{rows: 50, columns: 20}");
        snprintf(said, sizeof said,
                 "factorise.flow: the equation begins at balanced factors, and those of a start that is %s "
                 "are not "
                 "beyond a width of 20, the smaller side of the matrix; factorise.width is 40",
                 start);
        experiment_refused(text, i == 0 ? 57 : 59, said);
    }
    if (!scratch_make(folder)) exit(1);
    snprintf(path, sizeof path, "%s/ratings.csv", folder);
    file = fopen(path, "w");
    if (!file) exit(1);
    for (int e = 0; e < 35; e++) fprintf(file, "u%d,i%d,%d\n", e / 5, e % 5, e % 4);
    fclose(file);
    for (int i = 0; i < 2; i++) {
        snprintf(text, sizeof text,
                 "study: s\nmatrix: {file: %s}\nfactorise: {start: %s, width: 6, flow: true, steps: 5, "
                 "descent: {rate: 0.1}}\n",
                 path, i == 0 ? "orthogonal" : "balanced");
        struct experiment_runs *runs = experiment_runs_new(text);
        T_STATUS(experiment_run(runs, 1, &nowhere, &err), i == 0 ? ER_E_INPUT : ER_OK,
                 "seven users, width 6");
        if (i == 0) T_OK(strstr(err.msg, "beyond a width of 5"), "it says: %s", err.msg);
        experiment_runs_free(runs);
    }
    scratch_remove(folder);
}

static void test_refused(void)
{
    experiment_refused("factorise: {flow: true}\nmatrix: {rows: 9}", 19,
                       "factorise.flow: the equation is that of gradient descent; give factorise.descent");
    experiment_refused("factorise: {flow: true, descent: {rate: 0.1}}\nmatrix: {rows: 9}", 19,
                       "factorise.flow: the equation begins at balanced factors, and Gaussian ones are not: "
                       "factorise.start is to be identity, balanced or orthogonal");
    experiment_refused("factorise: {descent: {rate: 0}}\nmatrix: {rows: 9}", 29,
                       "factorise.descent.rate: must be above 0");
    experiment_refused("factorise: {adam: {beta2: 1}}\nmatrix: {rows: 9}", 27,
                       "factorise.adam.beta2: must be below 1");
    experiment_refused("factorise: {every: 1, steps: 1000000}\nmatrix: {rows: 9}", 20,
                       "factorise.every: 1000000 steps have more than the 100000 records that a curve holds");
    experiment_refused("factorise: {until: {patience: 5}}\nmatrix: {rows: 9}", 31,
                       "factorise.until.patience: it is of factorise.until.plateau, which is not given");
    experiment_refused("factorise: {every: 10, records: 3}\nmatrix: {rows: 9}", 33,
                       "factorise.records: there is a factorise.every in its place");
    experiment_refused("factorise: {depth: 1, width: 3}\nmatrix: {rows: 9}", 30,
                       "factorise.width: a depth of 1 is one matrix, without a width");
    experiment_refused("factorise: {centre: mean}\nmatrix: {rows: 9, observe: measurements}", 21,
                       "factorise.centre: only entries can be centred; matrix.observe is measurements");
    experiment_refused("factorise: {rival: soft-impute}\nmatrix: {rows: 9, observe: measurements}", 20,
                       "factorise.rival: soft-impute needs entries, and matrix.observe is measurements");
}

/* What a call makes: every failure of memory is walked. */
static void test_memory(void)
{
    struct er_recovery_spec spec = er_recovery_spec_default();
    struct er_recovery problem = {0};
    struct er_factorise_request request = {.alignment = true, .modes = 2};
    struct er_factorise_watch watch;
    struct er_rivals rivals;
    struct er_matrix_groups groups;
    struct experiment_runs *runs = experiment_runs_new(several);
    const struct er_point *point = er_study_point(runs->study, 0);
    spec.rows = spec.columns = 6;
    spec.rank = 2;
    spec.observed = 20;
    T_STATUS(er_recovery_new(&spec, &problem, &err), ER_OK, "problem");
    T_ALLOCATIONS(er_factorise_watch_new(&request, &problem, &watch, &err), er_factorise_watch_clear(&watch),
                  "watch");
    T_ALLOCATIONS(er_rivals_new(3, &rivals, &err), er_rivals_clear(&rivals), "rivals");
    T_ALLOCATIONS(er_matrix_groups_new(point, runs->n, er_factorise_keys_centre, &groups, &err),
                  er_matrix_groups_clear(&groups), "groups");
    T_STATUS(er_matrix_groups_new(point, runs->n, er_factorise_keys_centre, &groups, &err), ER_OK, "groups");
    T_EQ_INT(groups.n, 2, "a problem for each seed");
    er_matrix_groups_clear(&groups);
    er_recovery_clear(&problem);
    experiment_runs_free(runs);
}

int main(void)
{
    test_depth();
    test_bits();
    test_split();
    test_ends();
    test_flow();
    test_centre();
    test_wide_flow();
    test_refused();
    test_memory();

    return t_done();
}
