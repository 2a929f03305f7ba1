/* axes_table.c - the columns by which the runs of a job differ, at the left of every table of results. */
#include "study/axes_table.h"

#include <ermine/memory.h>
#include <math.h>
#include <string.h>

static bool is_number(const struct er_setting *setting)
{
    return setting->row->type == ER_SCHEMA_INTEGER || setting->row->type == ER_SCHEMA_REAL;
}

static bool is_seed(const struct er_axis *axis)
{
    return strcmp(axis->path, "seed") == 0;
}

enum { MOST_VALUES = 64 };

/* The different values of an axis, rising; of very many the first that come along, and the extremes. */
struct values {
    double number[MOST_VALUES];
    int64_t n;
};

static void add_value(struct values *values, double number)
{
    int64_t at = values->n;
    while (at > 0 && values->number[at - 1] > number) at--;
    if (at > 0 && values->number[at - 1] == number) return;
    if (values->n == MOST_VALUES) {
        if (at == 0) values->number[0] = number;
        if (at == values->n) values->number[at - 1] = number;
        return;
    }
    for (int64_t i = values->n++; i > at; i--) values->number[i] = values->number[i - 1];
    values->number[at] = number;
}

/* An author who doubles (16, 32, 64, ...) thinks in factors: the steps are much more alike in ratio than in
 * size, over a factor of 4 at least. Two decades are better seen on a log scale whatever the steps. */
static bool by_factors(const struct values *values)
{
    if (values->n < 2) return false;
    const double *v = values->number, first = v[0], last = v[values->n - 1];
    if (first <= 0) return false;
    if (last >= 100 * first) return true;
    if (values->n < 3 || last < 4 * first) return false;
    double least = (double)INFINITY, most = 0, least_ratio = (double)INFINITY, most_ratio = 0;
    for (int64_t i = 1; i < values->n; i++) {
        least = fmin(least, v[i] - v[i - 1]);
        most = fmax(most, v[i] - v[i - 1]);
        least_ratio = fmin(least_ratio, log(v[i] / v[i - 1]));
        most_ratio = fmax(most_ratio, log(v[i] / v[i - 1]));
    }
    return 1.5 * most_ratio * least < most * least_ratio;
}

/* An axis is a column of numbers when it is one in every point where it exists. */
static struct er_table_column axis_column(const struct er_job *job, const struct er_axis *axis)
{
    struct er_table_column column = {.name = axis->path, .unit = "", .numeric = true, .axis = true};
    struct values values = {.n = 0};
    if (is_seed(axis)) return column;
    for (int64_t i = 0; i < job->runs; i++) {
        const struct er_setting *setting = er_point_get(&job->point[i], axis->path);
        if (!setting) continue;
        column.unit = setting->row->unit ? setting->row->unit : "";
        column.numeric = column.numeric && is_number(setting);
        if (is_number(setting)) add_value(&values, setting->number);
    }
    column.logarithmic = column.numeric && by_factors(&values);
    return column;
}

/* Settings with a label, of one axis. */
struct labels {
    const struct er_setting **setting;
    int64_t n, room;
};

static bool add_label(struct labels *labels, const struct er_setting *setting)
{
    if (labels->n == labels->room) {
        const int64_t room = labels->room ? 2 * labels->room : 16;
        void *grown = er_grow((void *)labels->setting, labels->room, room, sizeof(void *));
        if (!grown) return false;
        labels->setting = grown;
        labels->room = room;
    }
    labels->setting[labels->n++] = setting;
    return true;
}

/* Each once. Neighbouring points mostly share their setting, or the next has the one that came next before. */
static bool find_labels(const struct er_job *job, const struct er_axis *axis, struct labels *labels)
{
    int64_t last = 0;
    for (int64_t i = 0; i < job->runs; i++) {
        const struct er_setting *setting = er_point_get(&job->point[i], axis->path);
        if (!setting || !setting->label) continue;
        const int64_t n = labels->n;
        int64_t k = 0;
        while (k < n && labels->setting[(last + k) % n] != setting) k++;
        if (k == n && !add_label(labels, setting)) return false;
        last = k == n ? n : (last + k) % n;
    }
    return true;
}

/* What the labels of the last column stand for. Of all keys `model` alone has labels. */
static bool add_aliases(struct er_table *table, const struct er_job *job, const struct er_axis *axis)
{
    struct labels labels = {0};
    if (is_seed(axis)) return true;
    bool made = find_labels(job, axis, &labels);
    if (made && labels.n > 0) {
        struct er_alias *alias = er_arena_alloc(table->memory, labels.n, sizeof *alias);
        made = alias != NULL;
        for (int64_t i = 0; made && i < labels.n; i++) {
            alias[i] = (struct er_alias){.word = er_arena_strdup(table->memory, labels.setting[i]->label),
                                         .whole = er_arena_strdup(table->memory, labels.setting[i]->text),
                                         .column = table->columns - 1};
            made = alias[i].word && alias[i].whole;
        }
        table->alias = alias;
        table->aliases = made ? labels.n : 0;
    }
    er_free((void *)labels.setting);
    return made;
}

bool er_table_add_column(struct er_table *table, struct er_table_column column)
{
    char *name = er_arena_strdup(table->memory, column.name);
    char *unit = er_arena_strdup(table->memory, column.unit ? column.unit : "");
    if (!name || !unit) return false;
    column.name = name;
    column.unit = unit;
    table->column[table->columns++] = column;
    return true;
}

bool er_axes_table_new(struct er_table *table, const struct er_job *job, int64_t more)
{
    if (er_arena_new(SIZE_MAX / 2, &table->memory, NULL) != ER_OK) return false;
    table->column = er_arena_alloc(table->memory, job->axes + more, sizeof *table->column);
    if (!table->column) return false;
    for (int64_t i = 0; i < job->axes; i++)
        if (!er_table_add_column(table, axis_column(job, &job->axis[i])) ||
            !add_aliases(table, job, &job->axis[i]))
            return false;
    return true;
}

bool er_axes_table_fill(struct er_table *table, const struct er_job *job, int64_t run, struct er_cell *cell)
{
    for (int64_t i = 0; i < job->axes; i++) {
        const struct er_setting *setting = er_point_get(&job->point[run], job->axis[i].path);
        cell[i] = (struct er_cell){.number = (double)NAN};
        if (is_seed(&job->axis[i])) {
            cell[i].number = (double)job->point[run].seed;
        } else if (setting && table->column[i].numeric) {
            cell[i].number = setting->number;
        } else if (setting && setting->text) {
            cell[i].text = er_arena_strdup(table->memory, setting->label ? setting->label : setting->text);
            if (!cell[i].text) return false;
        }
    }
    return true;
}
