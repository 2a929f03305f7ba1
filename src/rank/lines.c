/* lines.c - points in lines: sorted by all that stays the same along one, then by the axis itself. */
#include "rank/order.h"
#include "rank/points.h"

#include <ermine/memory.h>
#include <inttypes.h>

struct lining {
    const struct er_rank_points *points;
    int64_t a, n;
    bool of_configurations;
    int32_t *level; /* n x axes */
    int32_t *work;  /* n */
    int64_t *count;
};

static bool same_line(const struct lining *s, int32_t x, int32_t y)
{
    const struct er_rank_points *p = s->points;
    for (int64_t b = 0; b < p->axes; b++)
        if (b != s->a && s->level[x * p->axes + b] != s->level[y * p->axes + b]) return false;
    return s->of_configurations || p->seed[x] == p->seed[y];
}

static void fill(struct lining *s, struct er_rank_lines *lines)
{
    const struct er_rank_points *p = s->points;
    for (int64_t i = 0; i < s->n; i++) {
        const int64_t c = s->of_configurations ? i : p->at[i];
        for (int64_t b = 0; b < p->axes; b++) s->level[i * p->axes + b] = p->level[c * p->axes + b];
        lines->point[i] = (int32_t)i;
    }
    er_rank_order_levels(s->n, s->level + s->a, p->axes, p->levels[s->a], lines->point, s->work, s->count);
    for (int64_t b = p->axes - 1; b >= 0; b--)
        if (b != s->a)
            er_rank_order_levels(s->n, s->level + b, p->axes, p->levels[b], lines->point, s->work, s->count);
    if (!s->of_configurations)
        er_rank_order_levels(s->n, p->seed, 1, p->seeds, lines->point, s->work, s->count);
    for (int64_t i = 0; i < s->n; i++)
        if (i == 0 || !same_line(s, lines->point[i - 1], lines->point[i])) lines->first[lines->n++] = i;
    lines->first[lines->n] = s->n;
}

enum er_status er_rank_lines_new(const struct er_rank_points *points, int64_t a, bool of_configurations,
                                 struct er_rank_lines *out, struct er_error *err)
{
    const int64_t n = of_configurations ? points->configurations : points->n;
    int64_t most = points->seeds;
    for (int64_t b = 0; b < points->axes; b++)
        if (points->levels[b] > most) most = points->levels[b];
    struct lining s = {.points = points, .a = a, .n = n, .of_configurations = of_configurations};
    struct er_rank_lines lines = {0};
    s.level = er_alloc(n * points->axes, sizeof *s.level);
    s.work = er_alloc(n, sizeof *s.work);
    s.count = er_alloc(most + 1, sizeof *s.count);
    lines.first = er_alloc(n + 1, sizeof *lines.first);
    lines.point = er_alloc(n, sizeof *lines.point);
    const bool got = s.level && s.work && s.count && lines.first && lines.point;
    if (got) fill(&s, &lines);
    er_free(s.level);
    er_free(s.work);
    er_free(s.count);
    if (!got) {
        er_rank_lines_clear(&lines);
        return er_fail(err, ER_E_NOMEM, "rank: out of memory for the lines of %" PRId64 " points", n);
    }
    *out = lines;
    return ER_OK;
}

void er_rank_lines_clear(struct er_rank_lines *lines)
{
    er_free(lines->first);
    er_free(lines->point);
    *lines = (struct er_rank_lines){0};
}
