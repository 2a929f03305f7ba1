/* matrix_groups.c - runs sorted by their problem; problems in memory a budget's worth at a time. */
#include "experiments/matrix_groups.h"

#include "experiments/matrix_keys.h"
#include "experiments/point.h"

#include <ermine/baseline.h>
#include <ermine/memory.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What is added to the sum of squared errors of mu + b_u + c_i, times the squared numbers. */
static const double BIAS_LAMBDA = 5;

struct entry {
    const struct er_point *point;
    const char *centre;
    int64_t run;
};

static int by_problem(const struct entry *x, const struct entry *y)
{
    const int order = er_matrix_keys_compare(x->point, y->point);
    return order != 0 ? order : strcmp(x->centre, y->centre);
}

static int by_problem_and_run(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    const int order = by_problem(x, y);
    return order != 0 ? order : (x->run > y->run) - (x->run < y->run);
}

static int by_first_run(const void *a, const void *b)
{
    const struct er_matrix_group *x = a, *y = b;
    return (x->run[0] > y->run[0]) - (x->run[0] < y->run[0]);
}

enum er_status er_matrix_groups_new(const struct er_point *point, int64_t n, const char *centre,
                                    struct er_matrix_groups *out, struct er_error *err)
{
    struct er_matrix_groups groups = {.centre = centre};
    struct entry *entry = er_alloc(n, sizeof *entry);
    groups.run = er_alloc(n, sizeof *groups.run);
    groups.of = er_alloc(n, sizeof *groups.of);
    groups.group = er_alloc(n, sizeof *groups.group);
    if (!entry || !groups.run || !groups.of || !groups.group) {
        er_free(entry);
        er_matrix_groups_clear(&groups);
        return er_fail(err, ER_E_NOMEM, "matrix: out of memory for %lld runs", (long long)n);
    }
    for (int64_t i = 0; i < n; i++)
        entry[i] = (struct entry){&point[i], er_point_text(&point[i], centre, "none"), i};
    qsort(entry, (size_t)n, sizeof *entry, by_problem_and_run);
    for (int64_t i = 0; i < n; i++) {
        groups.run[i] = entry[i].run;
        if (i == 0 || by_problem(&entry[i - 1], &entry[i]) != 0)
            groups.group[groups.n++].run = &groups.run[i];
        groups.group[groups.n - 1].n++;
    }
    qsort(groups.group, (size_t)groups.n, sizeof *groups.group, by_first_run);
    for (int64_t g = 0; g < groups.n; g++)
        for (int64_t i = 0; i < groups.group[g].n; i++) groups.of[groups.group[g].run[i]] = g;
    er_free(entry);
    *out = groups;
    return ER_OK;
}

static double sparse_bytes(const struct er_sparse *s)
{
    return s->row_start ? 28 * (double)s->n + 8 * (double)(s->rows + s->columns) : 0;
}

double er_recovery_bytes(const struct er_recovery *problem)
{
    const double entries = (double)problem->rows * (double)problem->columns;
    return sparse_bytes(&problem->train) + sparse_bytes(&problem->test) +
           (problem->truth ? 8 * entries : 0) + (problem->a ? 8 * (double)problem->n * (entries + 1) : 0);
}

/* The truth less the constants: what a factorisation of the residuals is to recover. */
static enum er_status centre_truth(const struct er_baseline *baseline, struct er_recovery *problem)
{
    for (int64_t i = 0; problem->truth && i < problem->rows; i++)
        for (int64_t j = 0; j < problem->columns; j++)
            problem->truth[i * problem->columns + j] -= er_baseline_at(baseline, i, j);
    return ER_OK;
}
