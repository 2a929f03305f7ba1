/* matrix_groups.c - runs sorted by their problem; problems in memory a budget's worth at a time. */
#include "experiments/matrix_groups.h"

#include "experiments/matrix_keys.h"

#include <ermine/baseline.h>
#include <ermine/memory.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

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

enum er_status er_matrix_groups_new(const struct er_point *point, int64_t n, er_matrix_centre *centre,
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
    for (int64_t i = 0; i < n; i++) entry[i] = (struct entry){&point[i], centre(&point[i]), i};
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
    return sparse_bytes(&problem->train) + sparse_bytes(&problem->test) + (problem->truth ? 8 * entries : 0) +
           (problem->a ? 8 * (double)problem->n * (entries + 1) : 0);
}

/* What is predicted without any interaction is taken from entries and from the truth. */
static void subtract(const struct er_baseline *baseline, struct er_recovery *problem)
{
    er_baseline_residual(baseline, &problem->train, problem->train.value);
    if (problem->test.n > 0) er_baseline_residual(baseline, &problem->test, problem->test.value);
    for (int64_t i = 0; i < problem->rows && problem->truth; i++)
        for (int64_t j = 0; j < problem->columns; j++)
            problem->truth[i * problem->columns + j] -= er_baseline_at(baseline, i, j);
}

static double error_of(const struct er_baseline *baseline, const struct er_sparse *test)
{
    double sum = 0;
    for (int64_t i = 0; i < test->rows; i++)
        for (int64_t e = test->row_start[i]; e < test->row_start[i + 1]; e++) {
            const double off = test->value[e] - er_baseline_at(baseline, i, test->column[e]);
            sum += off * off;
        }
    return sum / (double)test->n;
}

/* Both constants' errors, of ratings; and the observations centred. */
static enum er_status centre(struct er_matrix_group *group, const char *how, struct er_pool *pool,
                             struct er_error *err)
{
    struct er_recovery *problem = &group->problem;
    struct er_baseline mean = {0}, bias = {0};
    group->mean_error = group->bias_error = (double)NAN;
    if (problem->kind != ER_COMPLETION || (problem->test.n == 0 && strcmp(how, "none") == 0)) return ER_OK;
    enum er_status status = er_baseline_mean(&problem->train, &mean, err);
    if (status == ER_OK) status = er_baseline_bias(&problem->train, ER_BASELINE_LAMBDA, pool, &bias, err);
    if (status == ER_OK && problem->test.n > 0) {
        group->mean_error = error_of(&mean, &problem->test);
        group->bias_error = error_of(&bias, &problem->test);
    }
    if (status == ER_OK && strcmp(how, "none") != 0)
        subtract(strcmp(how, "bias") == 0 ? &bias : &mean, problem);
    er_baseline_clear(&mean);
    er_baseline_clear(&bias);
    return status;
}

static enum er_status know_truth(struct er_matrix_group *group, struct er_error *err)
{
    const struct er_recovery *problem = &group->problem;
    const int64_t n = problem->rows < problem->columns ? problem->rows : problem->columns;
    group->truth_nuclear_norm = group->truth_effective_rank = (double)NAN;
    if (!problem->truth) return ER_OK;
    double *s = er_alloc(n, sizeof *s);
    if (!s) return er_fail(err, ER_E_NOMEM, "matrix: out of memory for %lld singular values", (long long)n);
    const enum er_status status = er_singular_values(problem->rows, problem->columns, problem->truth, s, err);
    if (status == ER_OK) {
        group->truth_nuclear_norm = er_nuclear_norm(n, s);
        group->truth_effective_rank = er_effective_rank(n, s);
    }
    er_free(s);
    return status;
}

static void forget_ratings(struct er_matrix_groups *groups)
{
    er_ratings_clear(&groups->ratings);
    groups->rater = NULL;
}

/* The ratings that the point's problem is drawn from are at hand afterwards, where it has some; and no
 * others. */
static enum er_status have_ratings(struct er_matrix_groups *groups, const struct er_point *point,
                                   const struct er_data_places *places, struct er_error *err)
{
    if (groups->rater && er_matrix_keys_same_ratings(groups->rater, point)) return ER_OK;
    forget_ratings(groups);
    if (!er_matrix_keys_is_ratings(point)) return ER_OK;
    const enum er_status status = er_matrix_keys_ratings(point, places, &groups->ratings, err);
    if (status == ER_OK) groups->rater = point;
    return status;
}

static enum er_status load_group(struct er_matrix_groups *groups, struct er_matrix_group *group,
                                 const struct er_point *point, const struct er_data_places *places,
                                 struct er_pool *pool, struct er_error *err)
{
    enum er_status status = have_ratings(groups, point, places, err);
    if (status == ER_OK) status = er_matrix_keys_open(point, &groups->ratings, &group->problem, err);
    group->repeated = groups->rater ? (double)groups->ratings.repeated : (double)NAN;
    if (status == ER_OK) status = centre(group, groups->centre(point), pool, err);
    if (status == ER_OK) status = know_truth(group, err);
    return status;
}

enum er_status er_matrix_groups_load(struct er_matrix_groups *groups, const struct er_point *point,
                                     const struct er_data_places *places, int64_t from, double limit,
                                     struct er_pool *pool, int64_t *to, struct er_error *err)
{
    double bytes = 0;
    int64_t g = from;
    *to = from;
    while (g < groups->n && (g == from || bytes < limit)) {
        struct er_matrix_group *group = &groups->group[g++];
        const enum er_status status = load_group(groups, group, &point[group->run[0]], places, pool, err);
        if (status != ER_OK) {
            er_matrix_groups_release(groups, from, g);
            return status;
        }
        bytes += er_recovery_bytes(&group->problem);
    }
    if (groups->rater &&
        (g == groups->n || !er_matrix_keys_same_ratings(groups->rater, &point[groups->group[g].run[0]])))
        forget_ratings(groups);
    *to = g;
    return ER_OK;
}

/* Whether the problems of two points differ in what is drawn alone. */
static bool differ_in_seed(const struct er_point *a, const struct er_point *b)
{
    for (int64_t i = 0; i < a->n && i < b->n; i++) {
        const char *path = a->setting[i]->row->path;
        if (strncmp(path, "matrix.", 7) != 0 || strcmp(path, "matrix.seed") == 0) continue;
        if (strcmp(a->setting[i]->text, b->setting[i]->text) != 0) return false;
    }
    return true;
}

enum er_status er_matrix_groups_like(struct er_matrix_groups *groups, const struct er_point *point,
                                     const struct er_data_places *places, int64_t g, struct er_pool *pool,
                                     int64_t *made, struct er_error *err)
{
    int64_t next;
    if (*made >= 0) {
        if (differ_in_seed(&point[groups->group[*made].run[0]], &point[groups->group[g].run[0]]))
            return ER_OK;
        er_matrix_groups_release(groups, *made, *made + 1);
    }
    *made = g;
    return er_matrix_groups_load(groups, point, places, g, 1, pool, &next, err);
}

void er_matrix_groups_release(struct er_matrix_groups *groups, int64_t from, int64_t to)
{
    for (int64_t g = from; g < to; g++) er_recovery_clear(&groups->group[g].problem);
}

void er_matrix_groups_clear(struct er_matrix_groups *groups)
{
    if (groups->group) er_matrix_groups_release(groups, 0, groups->n);
    forget_ratings(groups);
    er_free(groups->group);
    er_free(groups->run);
    er_free(groups->of);
    *groups = (struct er_matrix_groups){0};
}
