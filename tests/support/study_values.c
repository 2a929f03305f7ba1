/* study_values.c - see study_values.h. */
#include "support/study_values.h"

#include "experiments/experiment.h"
#include "support/study_text.h"

#include <ermine/memory.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int64_t count(const struct er_column *column)
{
    int64_t n = 0;
    while (column[n].name) n++;
    return n;
}

static enum er_status on_begin(void *ctx, int64_t run, bool *skip, const void **state, size_t *bytes,
                               struct er_error *err)
{
    (void)ctx;
    (void)run;
    (void)err;
    *skip = false;
    *state = NULL;
    *bytes = 0;
    return ER_OK;
}

static enum er_status on_end(void *ctx, int64_t run, const struct er_record *record, struct er_error *err)
{
    struct study_values *v = ctx;
    struct study_record *to = &v->record[run];
    const size_t bytes = (size_t)record->n_curve * sizeof(double);
    snprintf(to->outcome, sizeof to->outcome, "%s", record->outcome);
    snprintf(to->note, sizeof to->note, "%s", record->note);
    to->value = er_alloc(v->columns, sizeof *to->value);
    to->curve = er_alloc(v->curves * record->n_curve, sizeof *to->curve);
    if (!to->value || !to->curve) return er_fail(err, ER_E_NOMEM, "no room for run %d", (int)run);
    memcpy(to->value, record->value, (size_t)v->columns * sizeof(double));
    for (int64_t c = 0; c < v->curves && bytes > 0; c++)
        memcpy(to->curve + c * record->n_curve, record->curve[c], bytes);
    to->n_curve = record->n_curve;
    to->ended = true;
    return ER_OK;
}

enum er_status study_values(const char *yaml, const struct er_data_places *places, int threads,
                            struct study_values *out, struct er_error *err)
{
    *out = (struct study_values){0};
    enum er_status status = study_parse(yaml, &out->study, err);
    if (status != ER_OK) return status;
    out->experiment = er_study_experiment(out->study);
    out->runs = er_study_runs(out->study);
    out->columns = count(out->experiment->run_column);
    out->curves = count(out->experiment->curve_column);
    out->record = er_alloc(out->runs, sizeof *out->record);
    if (!out->record) return er_fail(err, ER_E_NOMEM, "no room for %d runs", (int)out->runs);
    struct er_pool *pool = NULL;
    status = er_pool_new(threads, &pool, err);
    if (status != ER_OK) return status;
    const struct er_run_events events = {.ctx = out, .begin = on_begin, .end = on_end};
    status = out->experiment->run(er_study_point(out->study, 0), out->runs, places, pool, NULL, &events, err);
    er_pool_free(pool);
    return status;
}

void study_values_free(struct study_values *values)
{
    for (int64_t i = 0; values->record && i < values->runs; i++) {
        er_free(values->record[i].value);
        er_free(values->record[i].curve);
    }
    er_free(values->record);
    er_study_free(values->study);
    *values = (struct study_values){0};
}

static int64_t find(const struct er_column *column, const char *name)
{
    for (int64_t i = 0; column[i].name; i++)
        if (strcmp(column[i].name, name) == 0) return i;
    printf("Bail out! there is no column %s\n", name);
    exit(1);
}

double study_value(const struct study_values *values, int64_t run, const char *column)
{
    return values->record[run].value[find(values->experiment->run_column, column)];
}

const double *study_curve(const struct study_values *values, int64_t run, const char *column)
{
    const struct study_record *record = &values->record[run];
    return record->curve + find(values->experiment->curve_column, column) * record->n_curve;
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double study_median(const struct study_values *values, int64_t from, int64_t n, const char *column)
{
    double *sorted = er_alloc(n, sizeof *sorted);
    if (!sorted) abort();
    for (int64_t i = 0; i < n; i++) sorted[i] = study_value(values, from + i, column);
    qsort(sorted, (size_t)n, sizeof *sorted, ascending);
    const double median = (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
    er_free(sorted);
    return median;
}

bool study_values_equal(const struct study_values *a, const struct study_values *b)
{
    bool equal = a->runs == b->runs && a->columns == b->columns && a->curves == b->curves;
    for (int64_t i = 0; i < a->runs && equal; i++) {
        const struct study_record *x = &a->record[i], *y = &b->record[i];
        equal = x->ended && y->ended && x->n_curve == y->n_curve && strcmp(x->outcome, y->outcome) == 0 &&
                memcmp(x->value, y->value, (size_t)a->columns * sizeof(double)) == 0 &&
                memcmp(x->curve, y->curve, (size_t)(a->curves * x->n_curve) * sizeof(double)) == 0;
    }
    return equal;
}
