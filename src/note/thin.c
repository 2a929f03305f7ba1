/* thin.c - which of many points are shown. */
#include "note/thin.h"

#include <math.h>
#include <string.h>

/* Keeps `rest` of those that are not kept yet, at even steps; the last of them when it is one. */
static void keep_steps(int64_t n, int64_t rest, bool *keep)
{
    int64_t free = 0, at = 0, next = 0;
    for (int64_t i = 0; i < n; i++) free += !keep[i];
    for (int64_t i = 0; i < n && next < rest; i++) {
        if (keep[i]) continue;
        const int64_t due = rest > 1 ? next * (free - 1) / (rest - 1) : free - 1;
        if (at++ != due) continue;
        keep[i] = true;
        next++;
    }
}

static int64_t count(const bool *keep, int64_t n)
{
    int64_t kept = 0;
    for (int64_t i = 0; i < n; i++) kept += keep[i];
    return kept;
}

/* Keeps the extremes of the points begin .. end-1. */
static void keep_extremes(const struct er_summary *point, int64_t begin, int64_t end, bool *keep)
{
    int64_t least = begin, most = begin, low = begin, high = begin;
    for (int64_t i = begin; i < end; i++) {
        if (point[i].mean < point[least].mean) least = i;
        if (point[i].mean > point[most].mean) most = i;
        if (point[i].low < point[low].low) low = i;
        if (point[i].high > point[high].high) high = i;
    }
    keep[least] = keep[most] = keep[low] = keep[high] = true;
}

static bool has_range(const struct er_summary *point, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        if (point[i].n > 1) return true;
    return false;
}

/* Where x is along the axis; what a logarithmic axis has no place for lies at its beginning. */
static double along(double x, double first, bool logarithmic)
{
    if (!logarithmic) return x;
    return log(x > first ? x : first);
}

int64_t er_thin_line(const struct er_summary *point, int64_t n, bool logarithmic, int64_t most, bool *keep)
{
    memset(keep, n <= most, (size_t)n * sizeof *keep);
    if (n <= most) return n;
    if (most < ER_THIN_FEW) {
        keep_steps(n, most, keep);
        return most;
    }
    double first = point[0].x;
    for (int64_t i = 0; i < n && logarithmic && first <= 0; i++) first = point[i].x;
    logarithmic = logarithmic && first > 0;
    keep[0] = keep[n - 1] = true;
    const int64_t pieces = (most - 2) / (has_range(point, n) ? 4 : 2);
    const double begin = along(first, first, logarithmic);
    const double width = (along(point[n - 1].x, first, logarithmic) - begin) / (double)pieces;
    for (int64_t i = 0, end = 0; i < n; i = end) {
        const double piece = floor((along(point[i].x, first, logarithmic) - begin) / width);
        const bool last = piece >= (double)(pieces - 1); /* the last point is the end of the last piece */
        for (end = i + 1; end < n; end++)
            if (!last && floor((along(point[end].x, first, logarithmic) - begin) / width) > piece) break;
        keep_extremes(point, i, end, keep);
    }
    keep_steps(n, most - count(keep, n), keep);
    return most;
}

int64_t er_thin_runs(const struct er_sample *sample, int64_t n, int64_t most, bool *keep)
{
    memset(keep, n <= most, (size_t)n * sizeof *keep);
    if (n <= most) return n;
    int64_t groups = 0;
    for (int64_t i = 0; i < n; i++) groups += i == 0 || sample[i].x != sample[i - 1].x;
    const bool each = 4 * groups <= most;
    if (most >= ER_THIN_FEW) keep[0] = keep[n - 1] = true;
    for (int64_t i = 0, end; i < n && most >= ER_THIN_FEW; i = end) {
        int64_t low = i, high = i;
        for (end = i; end < n && (!each || sample[end].x == sample[i].x); end++) {
            if (sample[end].y < sample[low].y) low = end;
            if (sample[end].y > sample[high].y) high = end;
        }
        keep[low] = keep[high] = true;
    }
    keep_steps(n, most - count(keep, n), keep);
    return most;
}

int64_t er_thin_share(const int64_t *size, int64_t n, int64_t most)
{
    int64_t low = 1, high = most > 1 ? most : 1;
    while (low < high) {
        const int64_t middle = low + (high - low + 1) / 2;
        int64_t sum = 0;
        for (int64_t i = 0; i < n && sum <= most; i++) sum += size[i] < middle ? size[i] : middle;
        if (sum <= most)
            low = middle;
        else
            high = middle - 1;
    }
    return low;
}
