/* One run of `regress` of each kind: no failed allocation goes unnoticed or leaks, and a run that is asked
 * to stop stops. */
#include "experiments/regress_run.h"
#include "experiments/data_keys.h"
#include "support/study_text.h"
#include "t.h"

static const char *const kinds[] = {
    "data: {name: marathon}\nregress: {degree: 3, hold-out: {above: 1980}}\n",
    "data: {name: marathon}\nregress: {degree: 3, k-fold: {folds: 2}}\n",
    "data: {name: marathon}\nregress: {basis: radial, features: 4, ridge: 0.1, bootstrap: {resamples: 2}}\n",
    "data: {name: sine, train: 8, test: 5}\nregress: {degree: 3, sets: 3}\n",
    "data: {name: linear, dimension: 5, train: 8}\nregress: {basis: linear, gradient-descent: {start: 1}}\n",
    "data: {name: linear, dimension: 9, train: 4, test: 5}\nregress: {basis: linear, null: 2}\n",
    "data: {name: gaussian-mixture, train: 8, test: 5}\nregress: {basis: relu-features, features: 30}\n",
};

int main(void)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct er_study *study = NULL;
        struct er_regression_split split = {0};
        struct er_regress_result result = {0};
        struct er_error err;
        char yaml[256];
        snprintf(yaml, sizeof yaml, "study: s\n%s", kinds[i]);
        T_STATUS(study_parse(yaml, &study, &err), ER_OK, "%s", kinds[i]);
        if (!study) return t_done();
        const struct er_point *point = er_study_point(study, 0);
        const struct er_data_spec spec = er_data_keys_spec(point);
        T_STATUS(er_regression_open(&spec, NULL, &split, &err), ER_OK, "its data");
        T_ALLOCATIONS(er_regress_run(point, NULL, &split, NULL, &result, &err),
                      er_regress_result_clear(&result), "%s", kinds[i]);

        const atomic_bool stop = true;
        const struct er_progress progress = {.stop = &stop};
        T_STATUS(er_regress_run(point, NULL, &split, &progress, &result, &err), ER_E_STOPPED, "stops");
        er_regression_split_clear(&split);
        er_study_free(study);
    }
    return t_done();
}
