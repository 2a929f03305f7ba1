/* rank_report.c - a ranking for people. */
#include "rank_report.h"
#include "help.h"
#include "terminal.h"

#include <ermine/memory.h>

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { COLUMNS = 9, ESTIMATE = 32, REASON_WIDTH = 28 };

struct report {
    const struct er_rank_table *table;
    const char *const *follows; /* columns that are no hyper-parameters since they follow from these */
    const struct er_rank_options *options;
    const struct er_rank_results *results;
    const struct er_rank_result **sorted; /* best Psi first */
    struct er_arena *memory;
};

/* Larger Psi first; those without one last; then in the table's order. */
static int by_psi(const void *a, const void *b)
{
    const struct er_rank_result *x = *(const struct er_rank_result *const *)a,
                                *y = *(const struct er_rank_result *const *)b;
    const bool none_x = isnan(x->psi.value), none_y = isnan(y->psi.value);
    if (none_x != none_y) return none_x - none_y;
    if (!none_x && x->psi.value != y->psi.value) return x->psi.value > y->psi.value ? -1 : 1;
    return x < y ? -1 : x > y;
}

/* The measures that are compared on the most models first, then those on others. */
static void sort(struct report *r)
{
    const struct er_rank_result *result = r->results->result;
    int64_t most = 0, n = 0;
    for (int64_t k = 0; k < r->results->n; k++)
        if (result[k].models > most) most = result[k].models;
    if (r->options->each_by_itself) most = 0;
    for (int64_t k = 0; k < r->results->n; k++)
        if (result[k].models >= most) r->sorted[n++] = &result[k];
    const int64_t together = n;
    for (int64_t k = 0; k < r->results->n; k++)
        if (result[k].models < most) r->sorted[n++] = &result[k];
    qsort(r->sorted, (size_t)together, sizeof(const struct er_rank_result *), by_psi);
    qsort(r->sorted + together, (size_t)(n - together), sizeof(const struct er_rank_result *), by_psi);
}

static enum er_status no_memory(struct er_error *err)
{
    return er_fail(err, ER_E_NOMEM, "out of memory for a table");
}

static enum er_status print(const struct er_table *table, struct er_error *err)
{
    char *text = NULL;
    const enum er_status status = er_table_text(table, terminal_width(stdout, 0), 0, &text, err);
    if (status == ER_OK) fputs(text, stdout);
    er_free(text);
    return status;
}

/* "0.62 [0.55, 0.69]", "0.62" without an interval, NULL (missing) without a value. False when memory is out. */
static bool estimate(const struct report *r, struct er_rank_estimate e, struct er_cell *cell)
{
    char *text = er_arena_alloc(r->memory, ESTIMATE, 1);
    cell->text = text;
    if (!text) return false;
    if (isnan(e.value))
        cell->text = NULL;
    else if (isnan(e.low))
        snprintf(text, ESTIMATE, "%.3f", e.value);
    else
        snprintf(text, ESTIMATE, "%.3f [%.3f, %.3f]", e.value, e.low, e.high);
    return true;
}

static void say_models(const char *path, const struct report *r)
{
    const struct er_rank_table *t = r->table;
    const struct er_rank_result *most = &r->results->result[0];
    for (int64_t k = 1; k < r->results->n; k++)
        if (r->results->result[k].models > most->models) most = &r->results->result[k];
    printf("%s: %" PRId64 " models compared", path, most->models);
    if (most->dropped > 0) printf(" and %" PRId64 " dropped", most->dropped);
    if (most->points != most->models) printf(", %" PRId64 " configurations", most->points);
    printf("; hyper-parameters:");
    for (int64_t p = 0; p < t->parameters; p++)
        printf("%s %s (%" PRId64 ")", p ? "," : "", t->parameter[p].name, t->parameter[p].levels);
    printf("%s\n", t->parameters ? "" : " none");
    for (int64_t i = 0; r->follows && r->follows[i]; i++)
        printf("%s%s", i ? ", " : "left out, since no two models differ in it alone: ", r->follows[i]);
    if (r->follows && r->follows[0]) printf(" (--parameters decides otherwise)\n");
    printf("\n");
}

static enum er_status say_criteria(const struct report *r, struct er_error *err)
{
    struct er_table_column column[COLUMNS] = {{.name = "measure", .unit = "", .axis = true},
                                              {.name = "Psi", .unit = ""},
                                              {.name = "tau-a", .unit = ""},
                                              {.name = "K", .unit = ""},
                                              {.name = "sign error", .unit = "", .numeric = true},
                                              {.name = "90th", .unit = "", .numeric = true},
                                              {.name = "robust", .unit = ""},
                                              {.name = "PGDL", .unit = ""},
                                              {.name = "tau-b", .unit = "", .numeric = true}};
    struct er_cell *cell = er_arena_alloc(r->memory, r->results->n * COLUMNS, sizeof *cell);
    bool made = cell != NULL;
    for (int64_t k = 0; made && k < r->results->n; k++) {
        const struct er_rank_result *x = r->sorted[k];
        struct er_cell *at = cell + k * COLUMNS;
        at[0].text = x->name;
        made = estimate(r, x->psi, &at[1]) && estimate(r, x->tau_a, &at[2]) && estimate(r, x->cmi, &at[3]) &&
               estimate(r, x->sign.max, &at[6]) && estimate(r, x->pgdl, &at[7]);
        at[4].number = x->sign.mean.value;
        at[8].number = x->tau_b.value;
        at[5].number = x->sign.p90;
    }
    if (!made) return no_memory(err);
    return print(
        &(struct er_table){.column = column, .columns = COLUMNS, .rows = r->results->n, .cell = cell}, err);
}

/* A number of each hyper-parameter. */
typedef double of_axis(const struct er_rank_result *x, int64_t parameter);

static double psi_of(const struct er_rank_result *x, int64_t parameter)
{
    return x->psi_axis[parameter].value;
}

static double sign_error_of(const struct er_rank_result *x, int64_t parameter)
{
    return x->sign_axis[parameter].mean.value;
}

static double robust_of(const struct er_rank_result *x, int64_t parameter)
{
    return x->sign_axis[parameter].max.value;
}

static enum er_status say_axes(const struct report *r, const char *what, of_axis *number,
                               struct er_error *err)
{
    const int64_t columns = 1 + r->table->parameters;
    struct er_table_column *column = er_arena_alloc(r->memory, columns, sizeof *column);
    struct er_cell *cell = er_arena_alloc(r->memory, r->results->n * columns, sizeof *cell);
    if (!column || !cell) return no_memory(err);
    column[0] = (struct er_table_column){.name = "measure", .unit = "", .axis = true};
    for (int64_t p = 0; p < r->table->parameters; p++)
        column[1 + p] =
            (struct er_table_column){.name = r->table->parameter[p].name, .unit = "", .numeric = true};
    for (int64_t k = 0; k < r->results->n; k++) {
        cell[k * columns].text = r->sorted[k]->name;
        for (int64_t p = 0; p < r->table->parameters; p++)
            cell[k * columns + 1 + p].number = number(r->sorted[k], p);
    }
    printf("\n%s:\n\n", what);
    return print(
        &(struct er_table){.column = column, .columns = columns, .rows = r->results->n, .cell = cell}, err);
}

static void say_missing(const struct report *r)
{
    const struct er_rank_result *first = r->sorted[0];
    if (first->sign.environments == 0)
        printf("\nno sign errors: no environment has %g effective pairs of models%s\n",
               r->options->least_pairs,
               r->options->environments == ER_RANK_ENVIRONMENTS_CONFIGURATIONS
                   ? "; --environments levels pools them by level"
                   : "");
    if (first->pgdl_why) printf("\nno PGDL score: %s\n", first->pgdl_why);
    for (int64_t p = 0; p < r->table->parameters; p++)
        if (first->models > 0 && isnan(first->psi_axis[p].value))
            printf("\nno psi of %s: no two configurations differ in it alone\n", r->table->parameter[p].name);
    int64_t without = 0;
    for (int64_t k = 0; k < r->results->n; k++) {
        const struct er_rank_result *x = r->sorted[k];
        char text[64];
        if (x->missing == 0) continue;
        if (!without++) printf("\nModels with a gap that have no value of a measure:\n\n");
        snprintf(text, sizeof text, "%" PRId64 "%s", x->missing,
                 x->models == first->models ? "" : "; it is compared on the others");
        help_pair(stdout, x->name, REASON_WIDTH, x->models > 0 ? text : "all, or all but one");
    }
}

static enum er_status say(const char *path, struct report *r, struct er_error *err)
{
    const bool signs = r->sorted[0]->sign.environments > 0;
    say_models(path, r);
    enum er_status status = say_criteria(r, err);
    if (status != ER_OK) return status;
    if (!isnan(r->sorted[0]->cmi_chance))
        printf("\nK is never below 0: of measures that know nothing %g %% stay below %.3f\n",
               100 * r->options->level, r->sorted[0]->cmi_chance);
    if (signs)
        printf("\nsign error, 90th, robust: mean, 90th percentile and largest over %" PRId64
               " environment%s; 0.5 is a coin\n",
               r->sorted[0]->sign.environments, r->sorted[0]->sign.environments == 1 ? "" : "s");
    if (r->table->parameters > 0) status = say_axes(r, "psi by the hyper-parameter that varies", psi_of, err);
    if (status == ER_OK && signs)
        status = say_axes(r, "mean sign error by the hyper-parameter that differs", sign_error_of, err);
    if (status == ER_OK && signs)
        status = say_axes(r, "robust sign error by the hyper-parameter that differs", robust_of, err);
    if (status == ER_OK) say_missing(r);
    return status;
}

enum er_status rank_report_text(const char *path, const struct er_rank_table *table,
                                const char *const *follows, const struct er_rank_options *options,
                                const struct er_rank_results *results, struct er_error *err)
{
    struct report r = {.table = table, .follows = follows, .options = options, .results = results};
    enum er_status status = er_arena_new(SIZE_MAX / 2, &r.memory, err);
    if (status != ER_OK) return status;
    r.sorted = er_arena_alloc(r.memory, results->n, sizeof(const struct er_rank_result *));
    if (r.sorted) {
        sort(&r);
        status = say(path, &r, err);
    } else
        status = no_memory(err);
    er_arena_free(r.memory);
    return status;
}
