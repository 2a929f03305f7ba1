/* factor_entries.c - the observed entries by rows and by columns, turned round where the problem is, and cut into tasks. */
#include "recovery/factor.h"

#include <ermine/memory.h>

/* A task has so many multiplications at least, and there are at most so many tasks: a rule of shapes. */
enum { TASK = 1 << 16, TASKS = 256 };

static enum er_status cut(const struct er_factor_plan *plan, int64_t lines, const int64_t *start,
                          struct er_factor_runs *out)
{
    const int64_t all = plan->entries + lines, least = TASK / plan->width + 1, share = all / TASKS + 1;
    const int64_t most = share > least ? share : least;
    out->first = er_alloc(all / most + 3, sizeof *out->first);
    if (!out->first) return ER_E_NOMEM;
    for (int64_t i = 0; i < lines;) {
        const int64_t from = start[i] + i;
        do i++;
        while (i < lines && start[i] + i - from < most);
        out->first[++out->n] = i;
    }
    return ER_OK;
}

enum er_status er_factor_entries_make(const struct er_factor_plan *plan, const struct er_sparse *train,
                                      struct er_factor_entries *out, struct er_error *err)
{
    struct er_factor_entries e = {.row_start = train->row_start,
                                  .column_start = train->column_start,
                                  .column = train->column,
                                  .row = train->row,
                                  .entry = train->entry};
    enum er_status status = ER_OK;
    if (plan->turned) {
        e.row_start = train->column_start;
        e.column_start = train->row_start;
        e.column = train->row;
        e.row = train->column;
        e.own = er_alloc(train->n, sizeof *e.own);
        e.entry = e.own;
        if (!e.own) status = ER_E_NOMEM;
        for (int64_t k = 0; k < train->n && e.own; k++) e.own[train->entry[k]] = k;
    }
    if (status == ER_OK) status = cut(plan, plan->m, e.row_start, &e.rows);
    if (status == ER_OK) status = cut(plan, plan->n, e.column_start, &e.columns);
    if (status == ER_OK) {
        *out = e;
        return ER_OK;
    }
    er_factor_entries_clear(&e);
    return er_fail(err, status, "factorise: out of memory for the places of %lld entries",
                   (long long)train->n);
}

void er_factor_entries_clear(struct er_factor_entries *entries)
{
    er_free(entries->own);
    er_free(entries->rows.first);
    er_free(entries->columns.first);
    *entries = (struct er_factor_entries){0};
}
