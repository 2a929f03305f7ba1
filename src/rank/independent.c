/* independent.c - columns that follow from the others: those without a line along which they vary. */
#include "rank/independent.h"
#include "rank/points.h"

#include <string.h>

static enum er_status no_memory(struct er_error *err)
{
    return er_fail(err, ER_E_NOMEM, "table of models: out of memory");
}

/* Whether no two points differ along axis a alone. */
static enum er_status has_no_line(const struct er_rank_points *points, int64_t a, bool *has_none,
                                  struct er_error *err)
{
    struct er_rank_lines lines = {0};
    const enum er_status status = er_rank_lines_new(points, a, true, &lines, err);
    if (status == ER_OK) *has_none = lines.n == points->configurations;
    er_rank_lines_clear(&lines);
    return status;
}

/* *which = the parameter, of the first `n`, that is to go next; -1: none. */
static enum er_status find_one(const struct er_rank_table *table, int64_t n, const bool *kept, int64_t *which,
                               struct er_error *err)
{
    struct er_rank_points points = {0};
    enum er_status status = er_rank_points_new(table, kept, ER_RANK_SEEDS_AVERAGED, &points, err);
    int64_t most = 0;
    *which = -1;
    for (int64_t a = 0; status == ER_OK && a < points.axes; a++) {
        const int64_t p = points.axis[a], levels = points.levels[a];
        bool has_none = false;
        if (p >= n || levels < most) continue;
        status = has_no_line(&points, a, &has_none, err);
        if (!has_none) continue;
        most = levels;
        *which = p;
    }
    er_rank_points_clear(&points);
    return status;
}

/* Seeds as a further parameter where they repeat: else they would tell each model from the others. */
static bool seeds_repeat(const struct er_rank_table *t, struct er_rank_parameter *out)
{
    int32_t most = 0;
    for (int64_t i = 0; t->seed && i < t->n; i++)
        if (t->seed[i] > most) most = t->seed[i];
    *out = (struct er_rank_parameter){.name = "seed", .levels = (int64_t)most + 1, .level = t->seed};
    return out->levels > 1 && 2 * out->levels <= t->n && out->levels <= ER_RANK_LEVELS_MAX;
}

enum er_status er_rank_independent(struct er_rank_table *table, struct er_rank_parameter *parameter,
                                   struct er_arena *memory, const char *const **follows, struct er_error *err)
{
    const char **name = er_arena_alloc(memory, table->parameters + 1, sizeof *name);
    if (!name) return no_memory(err);
    *follows = name;
    if (table->parameters >= ER_RANK_PARAMETERS_MAX) return ER_OK; /* too many to be ranked in any case */
    bool *kept = er_alloc(table->n, sizeof *kept);
    if (!kept) return no_memory(err);
    for (int64_t i = 0; i < table->n; i++) kept[i] = true;
    struct er_rank_parameter all[ER_RANK_PARAMETERS_MAX], seed;
    const bool seeds = seeds_repeat(table, &seed);
    enum er_status status = ER_OK;
    for (int64_t which = 0; status == ER_OK && which >= 0;) {
        const int64_t n = table->parameters;
        memcpy(all, parameter, (size_t)n * sizeof *all);
        all[n] = seed;
        const struct er_rank_table with_seeds = {.n = table->n, .parameters = n + seeds, .parameter = all};
        status = find_one(&with_seeds, n, kept, &which, err);
        if (status != ER_OK || which < 0) break;
        *name++ = parameter[which].name;
        memmove(parameter + which, parameter + which + 1, (size_t)(n - 1 - which) * sizeof *parameter);
        table->parameters--;
    }
    er_free(kept);
    return status;
}
