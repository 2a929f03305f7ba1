/* signs_sets.c - the sets of axes, their groups and cells. */
#include "rank/signs.h"

#include <ermine/memory.h>
#include <inttypes.h>

enum { VECTOR = 16 }; /* counts */

static enum er_status check(const struct er_rank_points *p, const struct er_rank_signs *s,
                            struct er_error *err)
{
    if (s->cells > ER_RANK_CELLS_MAX)
        return er_fail(err, ER_E_LIMIT,
                       "rank: conditional mutual information of %" PRId64 " hyper-parameters takes %" PRId64
                       " cells, more than %d; leave some out, or join levels",
                       p->axes, s->cells, ER_RANK_CELLS_MAX);
    if (s->columns * (s->n / 16 + 2) > (int64_t)1 << 28)
        return er_fail(err, ER_E_LIMIT,
                       "rank: conditional mutual information of %" PRId64 " points in %" PRId64
                       " groups takes more than 1 GiB",
                       s->n, s->columns);
    return ER_OK;
}

/* Places set (a, b) behind those before it. */
static void place(const struct er_rank_points *p, int a, int b, struct er_rank_signs *s)
{
    const int64_t groups = (a < 0 ? 1 : p->levels[a]) * (b < 0 ? 1 : p->levels[b]);
    s->set[s->sets++] =
        (struct er_rank_signs_set){.a = a, .b = b, .groups = groups, .column = s->columns, .cell = s->cells};
    s->columns += groups;
    s->cells += groups * groups;
}

static void fill(const struct er_rank_points *p, struct er_rank_signs *s)
{
    for (int64_t i = 0; i < s->n; i++) {
        const int32_t *level = p->level + p->at[i] * p->axes;
        for (int64_t k = 0; k < s->sets; k++) {
            const struct er_rank_signs_set *set = &s->set[k];
            const int64_t u = set->a < 0 ? 0 : level[set->a];
            s->column[i * s->sets + k] =
                (int32_t)(set->column + (set->b < 0 ? u : u * p->levels[set->b] + level[set->b]));
        }
    }
}

enum er_status er_rank_signs_new(const struct er_rank_points *points, struct er_rank_signs *out,
                                 struct er_error *err)
{
    const int axes = (int)points->axes;
    struct er_rank_signs s = {.n = points->n};
    s.set = er_alloc(axes < 2 ? 1 : axes * (axes - 1) / 2, sizeof *s.set);
    if (!s.set) return er_fail(err, ER_E_NOMEM, "rank: out of memory for pairs of hyper-parameters");
    for (int a = 0; a < axes; a++)
        for (int b = a + 1; b < axes; b++) place(points, a, b, &s);
    if (axes < 2) place(points, axes - 1, -1, &s);
    s.columns = (s.columns + VECTOR - 1) / VECTOR * VECTOR;
    const enum er_status status = check(points, &s, err);
    s.column = status == ER_OK ? er_alloc(s.n * s.sets, sizeof *s.column) : NULL;
    if (!s.column) {
        er_rank_signs_clear(&s);
        return status != ER_OK
                   ? status
                   : er_fail(err, ER_E_NOMEM, "rank: out of memory for %" PRId64 " points", points->n);
    }
    fill(points, &s);
    *out = s;
    return ER_OK;
}

void er_rank_signs_clear(struct er_rank_signs *signs)
{
    er_free(signs->set);
    er_free(signs->column);
    *signs = (struct er_rank_signs){0};
}
