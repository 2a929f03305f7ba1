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

/* Seeds as a further parameter. */
static struct er_rank_parameter seeds_of(const struct er_rank_table *t)
{
    int32_t most = 0;
    for (int64_t i = 0; t->seed && i < t->n; i++)
        if (t->seed[i] > most) most = t->seed[i];
    return (struct er_rank_parameter){.name = "seed", .levels = (int64_t)most + 1, .level = t->seed};
}

/* Takes parameters away one by one: kept ones are in `parameter` then, *n of them, the names of the others in `name`. */
static enum er_status take_away(const struct er_rank_table *table, bool seeds, const bool *kept,
                                struct er_rank_parameter *parameter, int64_t *n, const char **name,
                                struct er_error *err)
{
    for (;;) {
        int64_t which;
        struct er_rank_table some = {.n = table->n, .parameters = *n + seeds, .parameter = parameter};
        parameter[*n] = seeds_of(table);
        const enum er_status status = find_one(&some, *n, kept, &which, err);
        if (status != ER_OK || which < 0) return status;
        *name++ = parameter[which].name;
        memmove(parameter + which, parameter + which + 1, (size_t)(*n - 1 - which) * sizeof *parameter);
        --*n;
    }
}

enum er_status er_rank_independent(struct er_rank_table *table, struct er_rank_parameter *parameter,
                                   struct er_arena *memory, const char *const **follows, struct er_error *err)
{
    const int64_t all = table->parameters, seeds = seeds_of(table).levels;
    const char **name = er_arena_alloc(memory, all + 1, sizeof *name);
    if (!name) return no_memory(err);
    *follows = name;
    if (all >= ER_RANK_PARAMETERS_MAX) return ER_OK; /* too many to be ranked in any case */
    bool *kept = er_alloc(table->n, sizeof *kept);
    if (!kept) return no_memory(err);
    for (int64_t i = 0; i < table->n; i++) kept[i] = true;
    struct er_rank_parameter some[ER_RANK_PARAMETERS_MAX];
    enum er_status status = ER_OK;
    int64_t n = 0;
    for (int with_seeds = seeds > 1 && seeds <= ER_RANK_LEVELS_MAX;
         status == ER_OK && n == 0 && with_seeds >= 0; with_seeds--) {
        n = all; /* without, when with them none is left: each configuration has seeds of its own */
        memcpy(some, parameter, (size_t)all * sizeof *some);
        memset((void *)name, 0, (size_t)all * sizeof *name);
        status = take_away(table, with_seeds == 1, kept, some, &n, name, err);
    }
    memcpy(parameter, some, (size_t)n * sizeof *some);
    table->parameters = n;
    er_free(kept);
    return status;
}
