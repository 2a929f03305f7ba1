/* memorise_network.c - sorting, midpoints, forward substitution. */
#include "experiments/memorise_network.h"

#include <ermine/memory.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct placed {
    double z;
    int64_t example;
};

static int by_place(const void *a, const void *b)
{
    const struct placed *p = a, *q = b;
    if (p->z != q->z) return p->z < q->z ? -1 : 1;
    return (p->example > q->example) - (p->example < q->example);
}

void er_memorise_clear(struct er_memorise *m)
{
    er_free(m->a);
    er_free(m->b);
    er_free(m->w);
    er_free(m->slope);
    er_free(m->value);
    *m = (struct er_memorise){0};
}

double er_memorise_project(const struct er_memorise *m, const float *x)
{
    double sum = 0;
    for (int64_t j = 0; j < m->d; j++) sum += m->a[j] * (double)x[j];
    return sum;
}

static enum er_status allocate(struct er_memorise *m, struct placed **placed, struct er_error *err)
{
    m->a = er_alloc(m->d, sizeof *m->a);
    m->b = er_alloc(m->n, sizeof *m->b);
    m->w = er_alloc(m->n * m->k, sizeof *m->w);
    m->slope = er_alloc(m->n * m->k, sizeof *m->slope);
    m->value = er_alloc(m->n * m->k, sizeof *m->value);
    *placed = er_alloc(m->n, sizeof **placed);
    if (m->a && m->b && m->w && m->slope && m->value && *placed) return ER_OK;
    return er_fail(err, ER_E_NOMEM, "memorise: out of memory for %lld examples", (long long)m->n);
}

/* The places of the examples along a, sorted. */
static void place(const struct er_memorise *m, const float *x, struct placed *placed)
{
    for (int64_t i = 0; i < m->n; i++)
        placed[i] = (struct placed){.z = er_memorise_project(m, x + i * m->d), .example = i};
    qsort(placed, (size_t)m->n, sizeof *placed, by_place);
}

/* Neighbours between which no threshold fits: equal, or so near that their midpoint is one of them. */
static struct er_memorise_tie find_tie(const struct er_memorise *m, const float *x,
                                       const struct placed *placed)
{
    for (int64_t i = 1; i < m->n; i++) {
        const double middle = placed[i - 1].z + (placed[i].z - placed[i - 1].z) / 2;
        if (placed[i - 1].z < middle && middle < placed[i].z) continue;
        const int64_t a = placed[i - 1].example, b = placed[i].example;
        return (struct er_memorise_tie){.tied = true,
                                        .equal =
                                            memcmp(x + a * m->d, x + b * m->d, (size_t)m->d * sizeof *x) == 0,
                                        .first = a < b ? a : b,
                                        .second = a < b ? b : a};
    }
    return (struct er_memorise_tie){0};
}

static void set_thresholds(struct er_memorise *m, const struct placed *placed)
{
    const double below = nextafter(placed[0].z, -(double)INFINITY); /* beyond 2^53, z - 1 may be z */
    m->b[0] = fmin(placed[0].z - 1, below);
    m->smallest = placed[0].z - m->b[0];
    for (int64_t i = 1; i < m->n; i++) {
        m->b[i] = placed[i - 1].z + (placed[i].z - placed[i - 1].z) / 2;
        m->smallest = fmin(m->smallest, placed[i].z - m->b[i]);
    }
}

/* w_i = (y_i - sum_{j < i} A_ij w_j) / A_ii */
static enum er_status substitute(struct er_memorise *m, const struct placed *placed, const double *y,
                                 const struct er_progress *progress, struct er_error *err)
{
    const int64_t k = m->k;
    for (int64_t i = 0; i < m->n; i++) {
        double *w = m->w + i * k;
        if (i % 256 == 0 && er_progress_stopped(progress))
            return er_fail(err, ER_E_STOPPED, "memorise: interrupted");
        for (int64_t c = 0; c < k; c++) w[c] = y[placed[i].example * k + c];
        for (int64_t j = 0; j < i; j++) {
            const double A = placed[i].z - m->b[j];
            for (int64_t c = 0; c < k; c++) w[c] -= A * m->w[j * k + c];
        }
        for (int64_t c = 0; c < k; c++) w[c] /= placed[i].z - m->b[i];
    }
    return ER_OK;
}

static void sum_up(struct er_memorise *m)
{
    const int64_t k = m->k;
    for (int64_t c = 0; c < k; c++) m->slope[c] = m->w[c];
    for (int64_t j = 1; j < m->n; j++)
        for (int64_t c = 0; c < k; c++) {
            const double slope = m->slope[(j - 1) * k + c];
            m->slope[j * k + c] = slope + m->w[j * k + c];
            m->value[j * k + c] = m->value[(j - 1) * k + c] + slope * (m->b[j] - m->b[j - 1]);
        }
}

enum er_status er_memorise_new(int64_t n, int64_t d, int64_t k, const float *x, const double *y,
                               uint64_t seed, const struct er_progress *progress, struct er_memorise_tie *tie,
                               struct er_memorise *out, struct er_error *err)
{
    struct er_memorise m = {.n = n, .d = d, .k = k};
    struct placed *placed = NULL;
    struct er_random r = er_random_open(seed, er_stream(ER_PURPOSE_INITIALISE, 0));
    enum er_status status = allocate(&m, &placed, err);
    if (status == ER_OK) {
        for (int64_t j = 0; j < d; j++) m.a[j] = er_random_normal(&r);
        place(&m, x, placed);
        *tie = find_tie(&m, x, placed);
        if (!tie->tied) {
            set_thresholds(&m, placed);
            status = substitute(&m, placed, y, progress, err);
            sum_up(&m);
        }
    }
    er_free(placed);
    if (status != ER_OK || tie->tied)
        er_memorise_clear(&m);
    else
        *out = m;
    return status;
}

void er_memorise_sum(const struct er_memorise *m, double z, double *out)
{
    for (int64_t c = 0; c < m->k; c++) out[c] = 0;
    for (int64_t j = 0; j < m->n && z > m->b[j]; j++)
        for (int64_t c = 0; c < m->k; c++) out[c] += (z - m->b[j]) * m->w[j * m->k + c];
}

void er_memorise_output(const struct er_memorise *m, double z, double *out)
{
    int64_t low = 0, high = m->n; /* thresholds below z: low..high of them */
    while (low < high) {
        const int64_t middle = low + (high - low) / 2;
        if (m->b[middle] < z)
            low = middle + 1;
        else
            high = middle;
    }
    const int64_t at = (low - 1) * m->k;
    for (int64_t c = 0; c < m->k; c++)
        out[c] = low == 0 ? 0 : m->value[at + c] + m->slope[at + c] * (z - m->b[low - 1]);
}

double er_memorise_largest_weight(const struct er_memorise *m)
{
    double most = 0;
    for (int64_t i = 0; i < m->n * m->k; i++) most = fmax(most, fabs(m->w[i]));
    return most;
}
