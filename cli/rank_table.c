/* rank_table.c - a ranking as a table for programs. */
#include "rank_report.h"

#include <ermine/memory.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { FIXED = 35, BY_AXIS = 8 }; /* columns, and those of each hyper-parameter */

static const struct er_table_column fixed[FIXED] = {
    {.name = "measure", .unit = ""},
    {.name = "direction", .unit = "", .numeric = true},
    {.name = "models", .unit = "", .numeric = true},
    {.name = "points", .unit = "", .numeric = true},
    {.name = "dropped", .unit = "", .numeric = true},
    {.name = "missing", .unit = "", .numeric = true},
    {.name = "tau_a", .unit = "", .numeric = true},
    {.name = "tau_a_low", .unit = "", .numeric = true},
    {.name = "tau_a_high", .unit = "", .numeric = true},
    {.name = "tau_b", .unit = "", .numeric = true},
    {.name = "tau_b_low", .unit = "", .numeric = true},
    {.name = "tau_b_high", .unit = "", .numeric = true},
    {.name = "psi", .unit = "", .numeric = true},
    {.name = "psi_low", .unit = "", .numeric = true},
    {.name = "psi_high", .unit = "", .numeric = true},
    {.name = "cmi", .unit = "", .numeric = true},
    {.name = "cmi_low", .unit = "", .numeric = true},
    {.name = "cmi_high", .unit = "", .numeric = true},
    {.name = "cmi_set", .unit = ""},
    {.name = "cmi_chance", .unit = "", .numeric = true},
    {.name = "cmi_0", .unit = "", .numeric = true},
    {.name = "cmi_1", .unit = "", .numeric = true},
    {.name = "cmi_2", .unit = "", .numeric = true},
    {.name = "environments", .unit = "", .numeric = true},
    {.name = "sign_error_mean", .unit = "", .numeric = true},
    {.name = "sign_error_mean_low", .unit = "", .numeric = true},
    {.name = "sign_error_mean_high", .unit = "", .numeric = true},
    {.name = "sign_error_p90", .unit = "", .numeric = true},
    {.name = "robust_sign_error", .unit = "", .numeric = true},
    {.name = "robust_sign_error_low", .unit = "", .numeric = true},
    {.name = "robust_sign_error_high", .unit = "", .numeric = true},
    {.name = "pgdl", .unit = "", .numeric = true},
    {.name = "pgdl_low", .unit = "", .numeric = true},
    {.name = "pgdl_high", .unit = "", .numeric = true},
    {.name = "pgdl_strict", .unit = "", .numeric = true},
};

static const char *join(struct er_arena *memory, const char *before, const char *after)
{
    const size_t n = strlen(before) + strlen(after) + 1;
    char *text = er_arena_alloc(memory, (int64_t)n, 1);
    if (text) snprintf(text, n, "%s%s", before, after);
    return text;
}

static bool name_axis(const char *axis, struct er_arena *memory, struct er_table_column *column)
{
    static const char *const prefix[BY_AXIS] = {"psi_",
                                                "psi_low_",
                                                "psi_high_",
                                                "environments_",
                                                "sign_error_mean_",
                                                "robust_sign_error_",
                                                "robust_sign_error_low_",
                                                "robust_sign_error_high_"};
    bool named = true;
    for (int i = 0; i < BY_AXIS; i++) {
        column[i] =
            (struct er_table_column){.name = join(memory, prefix[i], axis), .unit = "", .numeric = true};
        named = named && column[i].name;
    }
    return named;
}

/* "depth width", the hyper-parameters of K; "" for none, NULL where there is no K. */
static bool name_set(const struct er_rank_table *t, const struct er_rank_result *r, struct er_arena *memory,
                     struct er_cell *cell)
{
    if (isnan(r->cmi.value)) return true;
    cell->text = r->cmi_set[0] < 0 ? "" : t->parameter[r->cmi_set[0]].name;
    if (r->cmi_set[1] < 0) return true;
    const char *first = join(memory, cell->text, " ");
    cell->text = first ? join(memory, first, t->parameter[r->cmi_set[1]].name) : NULL;
    return cell->text != NULL;
}

static bool fill(const struct er_rank_table *t, const struct er_rank_result *r, int64_t k,
                 struct er_arena *memory, struct er_cell *cell)
{
    const struct er_cell row[FIXED] = {
        {.text = r->name},
        {.number = t->measure[k].direction},
        {.number = (double)r->models},
        {.number = (double)r->points},
        {.number = (double)r->dropped},
        {.number = (double)r->missing},
        {.number = r->tau_a.value},
        {.number = r->tau_a.low},
        {.number = r->tau_a.high},
        {.number = r->tau_b.value},
        {.number = r->tau_b.low},
        {.number = r->tau_b.high},
        {.number = r->psi.value},
        {.number = r->psi.low},
        {.number = r->psi.high},
        {.number = r->cmi.value},
        {.number = r->cmi.low},
        {.number = r->cmi.high},
        {.text = NULL},
        {.number = r->cmi_chance},
        {.number = r->cmi_by_size[0]},
        {.number = r->cmi_by_size[1]},
        {.number = r->cmi_by_size[2]},
        {.number = (double)r->sign.environments},
        {.number = r->sign.mean.value},
        {.number = r->sign.mean.low},
        {.number = r->sign.mean.high},
        {.number = r->sign.p90},
        {.number = r->sign.max.value},
        {.number = r->sign.max.low},
        {.number = r->sign.max.high},
        {.number = r->pgdl.value},
        {.number = r->pgdl.low},
        {.number = r->pgdl.high},
        {.number = r->pgdl_strict},
    };
    memcpy(cell, row, sizeof row);
    for (int64_t p = 0; p < t->parameters; p++) {
        struct er_cell *at = cell + FIXED + p * BY_AXIS;
        at[0].number = r->psi_axis[p].value;
        at[1].number = r->psi_axis[p].low;
        at[2].number = r->psi_axis[p].high;
        at[3].number = (double)r->sign_axis[p].environments;
        at[4].number = r->sign_axis[p].mean.value;
        at[5].number = r->sign_axis[p].max.value;
        at[6].number = r->sign_axis[p].max.low;
        at[7].number = r->sign_axis[p].max.high;
    }
    for (int c = 0; c < FIXED; c++)
        if (strcmp(fixed[c].name, "cmi_set") == 0) return name_set(t, r, memory, &cell[c]);
    return true;
}

enum er_status rank_report_table(const struct er_rank_table *table, const struct er_rank_results *results,
                                 struct er_table *out, struct er_error *err)
{
    struct er_table t = {.columns = FIXED + table->parameters * BY_AXIS, .rows = results->n};
    enum er_status status = er_arena_new(SIZE_MAX / 2, &t.memory, err);
    if (status != ER_OK) return status;
    t.column = er_arena_alloc(t.memory, t.columns, sizeof *t.column);
    t.cell = er_arena_alloc(t.memory, t.rows * t.columns, sizeof *t.cell);
    bool made = t.column && t.cell;
    if (made) memcpy(t.column, fixed, sizeof fixed);
    for (int64_t p = 0; made && p < table->parameters; p++)
        made = name_axis(table->parameter[p].name, t.memory, t.column + FIXED + p * BY_AXIS);
    for (int64_t k = 0; made && k < t.rows; k++)
        made = fill(table, &results->result[k], k, t.memory, t.cell + k * t.columns);
    if (!made) {
        er_table_clear(&t);
        return er_fail(err, ER_E_NOMEM, "out of memory for a table");
    }
    *out = t;
    return ER_OK;
}
