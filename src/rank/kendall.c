/* kendall.c - pairs in the same and in opposite order, by sorting.
 *
 *     sorted by x, equal ones by y:  D = exchanges that sorting by y then takes
 *     C = P - X - Y + B - D          P all pairs, X, Y, B tied in x, y, both
 */
#include <ermine/kendall.h>
#include <ermine/memory.h>
#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static const int64_t largest = (int64_t)1 << 31;

struct point {
    double x, y;
};

static int by_x(const void *a, const void *b)
{
    const struct point *p = a, *q = b;
    if (p->x != q->x) return p->x < q->x ? -1 : 1;
    return p->y < q->y ? -1 : p->y > q->y;
}

static int64_t pairs_of(int64_t n)
{
    return n % 2 ? (n - 1) / 2 * n : n / 2 * (n - 1);
}

/* Merges y[0 .. half) and y[half .. n), both rising, into `out`; the pairs that were the wrong way round. */
static int64_t merge(int64_t half, int64_t n, const double *y, double *out)
{
    int64_t exchanges = 0;
    for (int64_t i = 0, left = 0, right = half; i < n; i++) {
        const bool take_right = left == half || (right < n && y[right] < y[left]);
        if (take_right) exchanges += half - left;
        out[i] = take_right ? y[right++] : y[left++];
    }
    return exchanges;
}

/* Sorts y (n), with as much room again in `work`. */
static int64_t sort_counting(int64_t n, double *y, double *work)
{
    int64_t exchanges = 0;
    for (int64_t size = 1; size < n; size *= 2) {
        for (int64_t at = 0; at < n; at += 2 * size) {
            const int64_t length = n - at < 2 * size ? n - at : 2 * size;
            exchanges += merge(length < size ? length : size, length, y + at, work + at);
        }
        memcpy(y, work, (size_t)n * sizeof *y);
    }
    return exchanges;
}

/* Pairs of equal numbers among n rising ones. */
static int64_t ties(int64_t n, const double *rising)
{
    int64_t tied = 0;
    for (int64_t i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && rising[end] == rising[i];) end++;
        tied += pairs_of(end - i);
    }
    return tied;
}

static void tie_x(int64_t n, const struct point *p, struct er_kendall *k)
{
    for (int64_t i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && p[end].x == p[i].x;) end++;
        k->tied_x += pairs_of(end - i);
    }
    for (int64_t i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && p[end].x == p[i].x && p[end].y == p[i].y;) end++;
        k->tied_both += pairs_of(end - i);
    }
}

static enum er_status check(int64_t n, const double *x, const double *y, struct er_error *err)
{
    if (n < 0 || n > largest)
        return er_fail(err, ER_E_LIMIT, "Kendall's tau: takes 0 .. 2^31 points, got %" PRId64, n);
    for (int64_t i = 0; i < n; i++)
        if (!isfinite(x[i]) || !isfinite(y[i]))
            return er_fail(err, ER_E_NONFINITE, "Kendall's tau: point %" PRId64 " is (%g, %g)", i, x[i],
                           y[i]);
    return ER_OK;
}

enum er_status er_kendall(int64_t n, const double *x, const double *y, struct er_kendall *out,
                          struct er_error *err)
{
    const enum er_status status = check(n, x, y, err);
    if (status != ER_OK) return status;
    struct point *point = er_alloc(n, sizeof *point);
    double *work = er_alloc(n, 2 * sizeof *work);
    if (!point || !work) {
        er_free(point);
        er_free(work);
        return er_fail(err, ER_E_NOMEM, "Kendall's tau: out of memory for %" PRId64 " points", n);
    }
    struct er_kendall k = {.pairs = pairs_of(n)};
    for (int64_t i = 0; i < n; i++) point[i] = (struct point){x[i], y[i]};
    if (n > 0) qsort(point, (size_t)n, sizeof *point, by_x);
    for (int64_t i = 0; i < n; i++) work[i] = point[i].y;
    tie_x(n, point, &k);
    k.discordant = sort_counting(n, work, work + n);
    k.tied_y = ties(n, work);
    k.concordant = k.pairs - k.tied_x - k.tied_y + k.tied_both - k.discordant;
    er_free(point);
    er_free(work);
    *out = k;
    return ER_OK;
}

double er_kendall_tau_a(const struct er_kendall *k)
{
    return k->pairs > 0 ? (double)(k->concordant - k->discordant) / (double)k->pairs : (double)NAN;
}

double er_kendall_tau_b(const struct er_kendall *k)
{
    const int64_t x = k->pairs - k->tied_x, y = k->pairs - k->tied_y;
    if (x == 0 || y == 0) return NAN;
    return (double)(k->concordant - k->discordant) / (sqrt((double)x) * sqrt((double)y));
}
