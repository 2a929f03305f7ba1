/* study_values.h - the runs of a study computed without a store: their values and curves, for tests. */
#ifndef ERMINE_TESTS_SUPPORT_STUDY_VALUES_H
#define ERMINE_TESTS_SUPPORT_STUDY_VALUES_H

#include <ermine/data.h>
#include <ermine/study.h>

/* What one run handed over. */
struct study_record {
    bool ended;
    char outcome[32], note[200];
    double *value; /* one for each run column */
    double *curve; /* curve column c at c * n_curve */
    int64_t n_curve;
};

struct study_values {
    struct er_study *study;
    const struct er_experiment *experiment;
    int64_t runs, columns, curves;
    struct study_record *record;
};

/* Reads the study and computes all its runs. *out is to be freed whatever is returned. */
enum er_status study_values(const char *yaml, const struct er_data_places *places, int threads,
                            struct study_values *out, struct er_error *err);
void study_values_free(struct study_values *values);

/* The value of a run column; the curve of a curve column, n_curve long. Ends the test program when there is
 * none of that name. */
double study_value(const struct study_values *values, int64_t run, const char *column);
const double *study_curve(const struct study_values *values, int64_t run, const char *column);

/* The median of a run column over runs from..from + n - 1. */
double study_median(const struct study_values *values, int64_t from, int64_t n, const char *column);

/* Whether both computed the same, to the bit. */
bool study_values_equal(const struct study_values *a, const struct study_values *b);

#endif
