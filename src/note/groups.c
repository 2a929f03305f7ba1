/* groups.c - the samples of a series that share x. */
#include "note/groups.h"

#include <math.h>
#include <stdlib.h>

static int compare_numbers(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static bool take_medians(const struct er_series *series, struct er_summary *point, struct er_arena *memory)
{
    double *value = er_arena_alloc(memory, series->samples, sizeof *value);
    if (!value) return false;
    for (int64_t i = 0; i < series->samples; i++) value[i] = series->sample[i].y;
    for (int64_t i = 0; i < series->points; value += point[i++].n) {
        qsort(value, (size_t)point[i].n, sizeof *value, compare_numbers);
        const double upper = value[point[i].n / 2], lower = value[(point[i].n - 1) / 2];
        point[i].mean = lower + (upper - lower) / 2;
    }
    return true;
}

bool er_groups_make(struct er_series *series, bool median, struct er_arena *memory)
{
    struct er_summary *point = er_arena_alloc(memory, series->samples, sizeof *point);
    if (!point) return false;
    int64_t n = 0;
    for (int64_t i = 0; i < series->samples; i++) {
        const struct er_sample *s = &series->sample[i];
        if (n == 0 || point[n - 1].x != s->x)
            point[n++] = (struct er_summary){.x = s->x, .low = s->y, .high = s->y};
        struct er_summary *p = &point[n - 1];
        p->mean += s->y;
        p->low = fmin(p->low, s->y);
        p->high = fmax(p->high, s->y);
        p->n++;
    }
    series->point = point;
    series->points = n;
    if (median) return take_medians(series, point, memory);
    for (int64_t i = 0; i < n; i++) point[i].mean /= (double)point[i].n;
    return true;
}
