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

int main(void)
{
    test_seeds();
    return t_done();
}
