/* cp_descent.c - see cp_descent.h. Sums over terms are taken in eight lanes, whatever the machine's
 * vectors. */
#include "experiments/cp_descent.h"

#include "core/vector.h"
#include "recovery/group_rmsprop.h"

#include <ermine/memory.h>
#include <ermine/random.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LANES = 8, CHECK = 1 << 8 /* steps between two looks at `stop` */ };

int64_t er_cp_entries(int64_t order, int64_t side)
{
    int64_t entries = 1;
    for (int64_t k = 0; k < order; k++) {
        entries *= side;
        if (entries > ER_CP_ENTRIES_MOST) return 0;
    }
    return entries;
}

/* index[k] = i_k of an entry, the last one fastest. */
static void indices(const struct er_cp_spec *s, int64_t entry, int64_t index[ER_CP_ORDER_MOST])
{
    for (int64_t k = s->order - 1; k >= 0; k--) {
        index[k] = entry % s->side;
        entry /= s->side;
    }
}

/* out[r] = x[r] y[r] */
ER_VECTOR static void multiply(int64_t n, const double *restrict x, const double *restrict y,
                               double *restrict out)
{
#pragma omp simd
    for (int64_t r = 0; r < n; r++) out[r] = x[r] * y[r];
}

/* g[r] += c x[r] y[r] */
ER_VECTOR static void accumulate(int64_t n, double c, const double *restrict x, const double *restrict y,
                                 double *restrict g)
{
#pragma omp simd
    for (int64_t r = 0; r < n; r++) g[r] += c * x[r] * y[r];
}

ER_VECTOR static double sum_of(int64_t n, const double *x)
{
    double lane[LANES] = {0};
    int64_t r = 0;
    for (; r + LANES <= n; r += LANES)
#pragma omp simd
        for (int l = 0; l < LANES; l++) lane[l] += x[r + l];
    for (; r < n; r++) lane[r % LANES] += x[r];
    return ((lane[0] + lane[4]) + (lane[1] + lane[5])) + ((lane[2] + lane[6]) + (lane[3] + lane[7]));
}

static const double *row_of(const struct er_cp_spec *s, const double *a, int64_t k, int64_t i)
{
    return a + (k * s->side + i) * s->terms;
}

/* X at an entry; lane[k] becomes the product of the rows of A_1 .. A_k, lane[0] being ones. */
static double forward(const struct er_cp *t, const int64_t *index)
{
    const int64_t R = t->spec.terms;
    for (int64_t k = 0; k < t->spec.order; k++)
        multiply(R, t->lane + k * R, row_of(&t->spec, t->a, k, index[k]), t->lane + (k + 1) * R);
    return sum_of(R, t->lane + t->spec.order * R);
}

/* g += c dX/d(A_1 .. A_N) at the entry that forward() was at: from the last factor to the first, what is
 * above it is gathered in the place of the whole product. */
static void backward(struct er_cp *t, const int64_t *index, double c)
{
    const struct er_cp_spec *s = &t->spec;
    const int64_t R = s->terms;
    double *above = t->lane + s->order * R, *next = above + R;
    for (int64_t r = 0; r < R; r++) above[r] = 1;
    for (int64_t k = s->order - 1; k >= 0; k--) {
        accumulate(R, c, t->lane + k * R, above, t->g + (k * s->side + index[k]) * R);
        multiply(R, above, row_of(s, t->a, k, index[k]), next);
        double *const other = above;
        above = next;
        next = other;
    }
}

void er_cp_look(struct er_cp *t)
{
    const struct er_cp_spec *s = &t->spec;
    const double scale = 2 / (double)s->observed;
    double sum = 0;
    memset(t->g, 0, (size_t)t->parameters * sizeof *t->g);
    for (int64_t e = 0; e < s->observed; e++) {
        const int64_t place = t->place[e];
        int64_t index[ER_CP_ORDER_MOST];
        indices(s, place, index);
        const double residual = (s->linear ? t->a[place] : forward(t, index)) - t->truth[place];
        sum += residual * residual;
        if (s->linear)
            t->g[place] = scale * residual;
        else
            backward(t, index, scale * residual);
    }
    t->loss = sum / (double)s->observed;
}

static void draw(uint64_t seed, enum er_purpose purpose, uint64_t index, double scale, int64_t n, double *out)
{
    struct er_random r = er_random_open(seed, er_stream(purpose, index));
    for (int64_t i = 0; i < n; i++) out[i] = scale * er_random_normal(&r);
}

/* T, from the factors b: order x side x rank. */
static void make_truth(const struct er_cp_spec *s, const double *b, int64_t entries, double *truth)
{
    double squares = 0;
    for (int64_t e = 0; e < entries; e++) {
        int64_t index[ER_CP_ORDER_MOST];
        indices(s, e, index);
        truth[e] = 0;
        for (int64_t r = 0; r < s->rank; r++) {
            double term = 1;
            for (int64_t k = 0; k < s->order; k++) term *= b[(k * s->side + index[k]) * s->rank + r];
            truth[e] += term;
        }
        squares += truth[e] * truth[e];
    }
    for (int64_t e = 0; e < entries; e++) truth[e] /= sqrt(squares);
}

enum er_status er_cp_open(const struct er_cp_spec *spec, struct er_cp *out, struct er_error *err)
{
    struct er_cp t = {.spec = *spec, .entries = er_cp_entries(spec->order, spec->side)};
    const int64_t factor = spec->side * spec->terms;
    t.parameters = spec->linear ? t.entries : spec->order * factor;
    double *b = er_alloc(spec->order * spec->side * spec->rank, sizeof *b);
    t.truth = er_alloc(t.entries, sizeof *t.truth);
    t.place = er_alloc(t.entries, sizeof *t.place);
    t.a = er_alloc(t.parameters, sizeof *t.a);
    t.g = er_alloc(t.parameters, sizeof *t.g);
    t.lane = er_alloc((spec->order + 2) * spec->terms, sizeof *t.lane);
    if (!b || !t.truth || !t.place || !t.a || !t.g || !t.lane) {
        er_free(b);
        er_cp_clear(&t);
        return er_fail(err, ER_E_NOMEM, "tensor: out of memory for %lld entries and %lld parameters",
                       (long long)t.entries, (long long)t.parameters);
    }
    for (int64_t k = 0; k < spec->order; k++) {
        draw(spec->seed, ER_PURPOSE_TRUTH, (uint64_t)k, 1, spec->side * spec->rank,
             b + k * spec->side * spec->rank);
        if (!spec->linear)
            draw(spec->seed, ER_PURPOSE_FACTORS, (uint64_t)k, spec->start, factor, t.a + k * factor);
    }
    if (spec->linear) draw(spec->seed, ER_PURPOSE_FACTORS, 0, spec->start, t.entries, t.a);
    make_truth(spec, b, t.entries, t.truth);
    struct er_random places = er_random_open(spec->seed, er_stream(ER_PURPOSE_PLACES, 0));
    er_random_permutation(&places, t.entries, t.place);
    for (int64_t r = 0; r < spec->terms; r++) t.lane[r] = 1;
    er_free(b);
    er_cp_look(&t);
    *out = t;
    return ER_OK;
}

void er_cp_clear(struct er_cp *t)
{
    er_free(t->truth);
    er_free(t->place);
    er_free(t->a);
    er_free(t->g);
    er_free(t->lane);
    *t = (struct er_cp){0};
}

static void step(struct er_cp *t)
{
    const struct er_cp_spec *s = &t->spec;
    double square = 0;
    for (int64_t i = 0; i < t->parameters; i++) square += t->g[i] * t->g[i];
    t->step++;
    const double rate = er_group_rmsprop(s->rate, s->decay, s->epsilon, square, (double)t->step, &t->moment);
    for (int64_t i = 0; i < t->parameters; i++) t->a[i] -= rate * t->g[i];
    er_cp_look(t);
}

enum er_status er_cp_until(struct er_cp *t, int64_t last, double loss, const struct er_progress *progress,
                           struct er_error *err)
{
    while (t->step < last && t->loss > loss && isfinite(t->loss)) {
        if (t->step % CHECK == 0 && er_progress_stopped(progress))
            return er_fail(err, ER_E_STOPPED, "tensor: stopped after step %lld", (long long)t->step);
        step(t);
    }
    return ER_OK;
}

void er_cp_errors(struct er_cp *t, double *test_error, double *norm)
{
    double wrong = 0, of = 0, squares = 0;
    for (int64_t e = 0; e < t->entries; e++) {
        const int64_t place = t->place[e];
        int64_t index[ER_CP_ORDER_MOST];
        indices(&t->spec, place, index);
        const double x = t->spec.linear ? t->a[place] : forward(t, index), truth = t->truth[place];
        squares += x * x;
        if (e < t->spec.observed) continue;
        wrong += (x - truth) * (x - truth);
        of += truth * truth;
    }
    *norm = sqrt(squares);
    *test_error = of > 0 ? sqrt(wrong / of) : (double)NAN;
}

static int falling(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x < y) - (x > y);
}

void er_cp_terms(const struct er_cp *t, double *norm)
{
    const struct er_cp_spec *s = &t->spec;
    for (int64_t r = 0; r < s->terms; r++) {
        norm[r] = 1;
        for (int64_t k = 0; k < s->order; k++) {
            double square = 0;
            for (int64_t i = 0; i < s->side; i++) {
                const double a = row_of(s, t->a, k, i)[r];
                square += a * a;
            }
            norm[r] *= sqrt(square);
        }
    }
    qsort(norm, (size_t)s->terms, sizeof *norm, falling);
}
