/* overlay.c - points over lines: what several runs have alike is drawn once. */
#include "note/overlay.h"

#include <stdlib.h>
#include <string.h>

static int compare_places(const void *a, const void *b)
{
    const struct er_sample *s = a, *t = b;
    if (s->x != t->x) return s->x < t->x ? -1 : 1;
    if (s->y != t->y) return s->y < t->y ? -1 : 1;
    return (s->row > t->row) - (s->row < t->row);
}

/* Leaves one of each place. */
static bool drop_equals(struct er_series *series, struct er_arena *memory)
{
    struct er_sample *own = er_arena_alloc(memory, series->samples, sizeof *own);
    int64_t n = 0;
    if (!own) return false;
    memcpy(own, series->sample, (size_t)series->samples * sizeof *own);
    qsort(own, (size_t)series->samples, sizeof *own, compare_places);
    for (int64_t i = 0; i < series->samples; i++)
        if (n == 0 || own[i].x != own[n - 1].x || own[i].y != own[n - 1].y) own[n++] = own[i];
    series->sample = own;
    series->samples = n;
    return true;
}

static bool same_places(const struct er_series *a, const struct er_series *b)
{
    bool same = a->samples == b->samples;
    for (int64_t i = 0; i < a->samples && same; i++)
        same = a->sample[i].x == b->sample[i].x && a->sample[i].y == b->sample[i].y;
    return same;
}

bool er_overlay_merge(const struct er_view *view, struct er_aggregate *aggregate, struct er_arena *memory)
{
    struct er_series *series = aggregate->overlay;
    int64_t kept = 0;
    if (!view->curves) return true;
    for (int64_t s = 0; s < aggregate->n_overlay; s++)
        if (!drop_equals(&series[s], memory)) return false;
    for (int64_t s = 0, end; s < aggregate->n_overlay; s = end) {
        bool same = true;
        for (end = s + 1;
             end < aggregate->n_overlay && series[end].step == series[s].step && series[end].y == series[s].y;
             end++)
            same = same && same_places(&series[s], &series[end]);
        const int64_t n = same ? 1 : end - s;
        const bool shared = same && end - s > 1;
        memmove(&series[kept], &series[s], (size_t)n * sizeof *series);
        if (shared) series[kept].colour = ER_SHARED;
        kept += n;
    }
    aggregate->n_overlay = kept;
    return true;
}
