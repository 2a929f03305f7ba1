/* nearest_point.c - see nearest_point.h.
 *
 * A corral S holds points that are affinely independent, with weights a > 0; x = sum_S a_i p_i.
 *
 *     major   add j = argmin_j x . p_j to S with weight 0; the end when x . p_j >= |x|^2
 *     minor   m = weights of the point of S's affine hull nearest to 0:  (e e^T + G / c) v = e,  m = v / sum v,
 *             G the Gram matrix of S, c the largest |p_i|^2. All m > 0: a = m. Else go from a towards m until a
 *             weight is 0, drop its point, and again
 *
 * The Gram matrix squares distances: of points that are affinely independent by less than the root of a rounding, m is had
 * from the distances themselves, by least squares. |x| falls in every major step; where it does not, rounding is all that
 * is left, and the x before is the answer.
 */
#include "math/nearest_point.h"

#include "math/least_squares.h"

#include <cblas.h>
#include <ermine/memory.h>
#include <inttypes.h>
#include <lapacke.h>
#include <math.h>
#include <string.h>

static const double TOLERANCE = 1e-13, ZERO = 1e-10, LEAST_WEIGHT = 1e-14, CUT_OFF = 1e-14;

struct corral {
    const double *p;
    int64_t n, d, most; /* most: points that S can hold */
    double longest;     /* c */
    int64_t *point;     /* numbers of the k points of S */
    double *weight, *nearest;
    double *mean;          /* d: the points of S, so weighted */
    double *gram, *factor; /* most x most */
    int64_t k;
};

static double dot(int64_t d, const double *a, const double *b)
{
    return cblas_ddot((blasint)d, a, 1, b, 1);
}

static void corral_clear(struct corral *s)
{
    er_free(s->point);
    er_free(s->weight);
    er_free(s->nearest);
    er_free(s->mean);
    er_free(s->gram);
    er_free(s->factor);
}

static enum er_status corral_new(int64_t n, int64_t d, const double *p, struct corral *s,
                                 struct er_error *err)
{
    const int64_t most = (n < d + 1 ? n : d + 1) + 1;
    *s = (struct corral){.p = p,
                         .n = n,
                         .d = d,
                         .most = most,
                         .point = er_alloc(most, sizeof *s->point),
                         .weight = er_alloc(most, sizeof *s->weight),
                         .nearest = er_alloc(most, sizeof *s->nearest),
                         .mean = er_alloc(d, sizeof *s->mean),
                         .gram = er_alloc(most * most, sizeof *s->gram),
                         .factor = er_alloc(most * most, sizeof *s->factor)};
    if (s->point && s->weight && s->nearest && s->mean && s->gram && s->factor) return ER_OK;
    corral_clear(s);
    return er_fail(err, ER_E_NOMEM,
                   "nearest point: out of memory for %" PRId64 " points of %" PRId64 " numbers", n, d);
}

static void add(struct corral *s, int64_t j)
{
    const double *p = s->p + j * s->d;
    s->point[s->k] = j;
    s->weight[s->k] = 0;
    for (int64_t i = 0; i <= s->k; i++)
        s->gram[i * s->most + s->k] = s->gram[s->k * s->most + i] = dot(s->d, p, s->p + s->point[i] * s->d);
    s->k++;
}

/* Drops point i of S; the order of the others stays. */
static void drop(struct corral *s, int64_t i)
{
    const int64_t after = s->k - i - 1;
    memmove(s->point + i, s->point + i + 1, (size_t)after * sizeof *s->point);
    memmove(s->weight + i, s->weight + i + 1, (size_t)after * sizeof *s->weight);
    memmove(s->nearest + i, s->nearest + i + 1, (size_t)after * sizeof *s->nearest);
    for (int64_t r = 0; r < s->k; r++) {
        double *row = s->gram + r * s->most;
        memmove(row + i, row + i + 1, (size_t)after * sizeof *row);
    }
    for (int64_t r = i; r + 1 < s->k; r++)
        memcpy(s->gram + r * s->most, s->gram + (r + 1) * s->most, (size_t)s->k * sizeof *s->gram);
    s->k--;
}

/* Weights of the nearest point of the affine hull. False: S is hardly affinely independent. */
static bool solve_gram(struct corral *s)
{
    const int64_t k = s->k;
    double sum = 0;
    for (int64_t i = 0; i < k; i++) {
        for (int64_t j = 0; j < k; j++) s->factor[i * k + j] = 1 + s->gram[i * s->most + j] / s->longest;
        s->nearest[i] = 1;
    }
    if (LAPACKE_dposv_work(LAPACK_COL_MAJOR, 'L', (lapack_int)k, 1, s->factor, (lapack_int)k, s->nearest,
                           (lapack_int)k) != 0)
        return false;
    for (int64_t i = 0; i < k; i++) sum += s->nearest[i];
    for (int64_t i = 0; i < k; i++) s->nearest[i] /= sum;
    return true;
}

/* The same for any S, of two points or more: p_0 + sum_i m_i (p_i - p_0) is least, of such m the shortest. */
static enum er_status solve_differences(struct corral *s, struct er_error *err)
{
    const int64_t d = s->d, n = s->k - 1;
    const double *base = s->p + s->point[0] * d;
    struct er_least_squares *squares = NULL;
    double *a = er_alloc(d * (n + 1), sizeof *a);
    if (!a) return er_fail(err, ER_E_NOMEM, "nearest point: out of memory for %" PRId64 " differences", n);
    double *b = a + d * n;
    for (int64_t j = 0; j < d; j++) {
        for (int64_t i = 0; i < n; i++) a[j * n + i] = s->p[s->point[i + 1] * d + j] - base[j];
        b[j] = -base[j];
    }
    enum er_status status = er_least_squares_new(d, n, a, CUT_OFF, &squares, err);
    if (status == ER_OK) status = er_least_squares_solve(squares, 1, b, 0, s->nearest + 1, err);
    s->nearest[0] = 1;
    for (int64_t i = 1; i <= n; i++) s->nearest[0] -= s->nearest[i];
    er_least_squares_free(squares);
    er_free(a);
    return status;
}

/* From the weights towards the nearest ones until they are reached, or one is 0 and dropped. True: reached. */
static bool advance(struct corral *s)
{
    double step = 1;
    int64_t first = -1;
    for (int64_t i = 0; i < s->k; i++) {
        if (s->nearest[i] > LEAST_WEIGHT) continue;
        const double until = s->weight[i] / (s->weight[i] - s->nearest[i]);
        if (first < 0 || until < step) {
            step = until;
            first = i;
        }
    }
    if (first < 0) {
        memcpy(s->weight, s->nearest, (size_t)s->k * sizeof *s->weight);
        return true;
    }
    if (!(step > 0)) step = 0;
    for (int64_t i = 0; i < s->k; i++) s->weight[i] += step * (s->nearest[i] - s->weight[i]);
    s->weight[first] = 0;
    for (int64_t i = s->k; i-- > 0;)
        if (s->weight[i] <= LEAST_WEIGHT && s->k > 1) drop(s, i);
    return false;
}

/* The mean of S, and its square. */
static double average(const struct corral *s)
{
    memset(s->mean, 0, (size_t)s->d * sizeof *s->mean);
    for (int64_t i = 0; i < s->k; i++)
        cblas_daxpy((blasint)s->d, s->weight[i], s->p + s->point[i] * s->d, 1, s->mean, 1);
    return dot(s->d, s->mean, s->mean);
}

/* Takes the mean for the answer so far. */
static void keep(const struct corral *s, double *x, double *a)
{
    memcpy(x, s->mean, (size_t)s->d * sizeof *x);
    memset(a, 0, (size_t)s->n * sizeof *a);
    for (int64_t i = 0; i < s->k; i++) a[s->point[i]] = s->weight[i];
}

static bool holds(const struct corral *s, int64_t j)
{
    for (int64_t i = 0; i < s->k; i++)
        if (s->point[i] == j) return true;
    return false;
}

/* The point that is least far along x: -1 when none is nearer than x itself. */
static int64_t farthest(const struct corral *s, const double *x)
{
    const double square = dot(s->d, x, x);
    double least = (double)INFINITY;
    int64_t at = -1;
    for (int64_t i = 0; i < s->n; i++) {
        const double along = dot(s->d, x, s->p + i * s->d);
        if (along < least) {
            least = along;
            at = i;
        }
    }
    if (least >= square - TOLERANCE * sqrt(square * s->longest)) return -1;
    return holds(s, at) ? -1 : at; /* in S, where x is the nearest: rounding alone says otherwise */
}

static enum er_status begin(struct corral *s, struct er_error *err)
{
    double shortest = (double)INFINITY;
    int64_t first = 0;
    for (int64_t i = 0; i < s->n; i++) {
        const double square = dot(s->d, s->p + i * s->d, s->p + i * s->d);
        if (!isfinite(square))
            return er_fail(err, ER_E_NONFINITE, "nearest point: point %" PRId64 " is not finite", i);
        s->longest = fmax(s->longest, square);
        if (square < shortest) {
            shortest = square;
            first = i;
        }
    }
    add(s, first);
    s->weight[0] = 1;
    return ER_OK;
}

static bool is_zero(const struct corral *s, const double *x)
{
    return sqrt(dot(s->d, x, x)) <= ZERO * sqrt(s->longest);
}

static enum er_status find(struct corral *s, double *x, double *a, const struct er_progress *progress,
                           struct er_error *err)
{
    const int64_t most = 1000 + 100 * (s->n + s->d);
    double square = (double)INFINITY;
    for (int64_t steps = 0; steps < most;) {
        const double before = square;
        square = average(s);
        if (square >= before) return ER_OK;
        keep(s, x, a);
        const int64_t j = is_zero(s, x) || s->k == s->most ? -1 : farthest(s, x);
        if (j < 0) return ER_OK;
        add(s, j);
        for (bool reached = false; !reached; steps++) {
            if (er_progress_stopped(progress))
                return er_fail(err, ER_E_STOPPED, "nearest point: interrupted");
            const enum er_status status = solve_gram(s) ? ER_OK : solve_differences(s, err);
            if (status != ER_OK) return status;
            reached = advance(s);
        }
    }
    return er_fail(err, ER_E_LIMIT, "nearest point: no end after %" PRId64 " steps", most);
}

enum er_status er_nearest_point(int64_t n, int64_t d, const double *p, double *x, double *a,
                                const struct er_progress *progress, struct er_error *err)
{
    struct corral s;
    if (n < 1 || d < 1)
        return er_fail(err, ER_E_USAGE,
                       "nearest point: needs a point of a number, got %" PRId64 " of %" PRId64, n, d);
    enum er_status status = corral_new(n, d, p, &s, err);
    if (status != ER_OK) return status;
    status = begin(&s, err);
    if (status == ER_OK) status = find(&s, x, a, progress, err);
    if (status == ER_OK && is_zero(&s, x)) memset(x, 0, (size_t)d * sizeof *x);
    corral_clear(&s);
    return status;
}
