/* posterior_compare.c - samples of functions counted, and two of them compared.
 *
 *     p_k(f) = count_k(f) / sum count_k      overlap = sum_f min(p_0(f), p_1(f))
 */
#include "experiments/posterior.h"

#include <ermine/memory.h>
#include <math.h>
#include <stdlib.h>

double er_posterior_functions(int64_t classes, int64_t m)
{
    const double n = pow((double)classes, (double)m);
    return n <= 0x1p53 ? n : (double)INFINITY;
}

/* The class that outputs predict; of equal ones the first. */
static int64_t predicted(int64_t n_out, const float *f)
{
    int64_t best = 0;
    if (n_out == 1) return f[0] > 0;
    for (int64_t k = 1; k < n_out; k++)
        if (f[k] > f[best]) best = k;
    return best;
}

double er_posterior_of_outputs(int64_t classes, int64_t m, int64_t n_out, const float *f)
{
    double name = 0, power = 1;
    for (int64_t i = 0; i < m; i++) {
        name += power * (double)predicted(n_out, f + i * n_out);
        power *= (double)classes;
    }
    return name;
}

double er_posterior_of_labels(int64_t classes, int64_t m, const int32_t *label)
{
    double name = 0, power = 1;
    for (int64_t i = 0; i < m; i++) {
        name += power * (double)label[i];
        power *= (double)classes;
    }
    return name;
}

static int64_t mistakes(double name, const struct er_dataset *test)
{
    int64_t wrong = 0;
    for (int64_t i = 0; i < test->n; i++) {
        const double rest = floor(name / (double)test->classes);
        wrong += (int32_t)(name - rest * (double)test->classes) != test->label[i];
        name = rest;
    }
    return wrong;
}

static int by_name(const void *left, const void *right)
{
    const struct er_posterior_function *a = left, *b = right;
    return (a->name > b->name) - (a->name < b->name);
}

static int by_count(const void *left, const void *right)
{
    const struct er_posterior_function *a = left, *b = right;
    for (int k = 1; k >= 0; k--)
        if (a->count[k] != b->count[k]) return a->count[k] > b->count[k] ? -1 : 1;
    return by_name(left, right);
}

/* One entry for each row, sorted, equal ones put together. */
static int64_t count(const struct er_asked sample[2], struct er_posterior_function *function)
{
    int64_t n = 0, distinct = 0;
    for (int k = 0; k < 2; k++)
        for (int64_t i = 0; i < sample[k].n; i++) {
            function[n].name = sample[k].row[i].value[ER_POSTERIOR_FUNCTION];
            function[n++].count[k] = 1;
        }
    qsort(function, (size_t)n, sizeof *function, by_name);
    for (int64_t i = 0; i < n; i++) {
        if (distinct > 0 && function[distinct - 1].name == function[i].name) {
            for (int k = 0; k < 2; k++) function[distinct - 1].count[k] += function[i].count[k];
        } else {
            function[distinct++] = function[i];
        }
    }
    qsort(function, (size_t)distinct, sizeof *function, by_count);
    return distinct;
}

static bool is_compared(const struct er_posterior_function *f, int64_t least)
{
    return f->count[0] >= least && f->count[1] >= least;
}

/* Pearson's correlation of pairs that are added one by one; NaN below three. */
struct pairs {
    double n, x, y, xx, yy, xy;
};

/* The means move by a share of the difference, and sums about them with them (Welford). */
static void add_pair(struct pairs *p, double x, double y)
{
    const double dx = x - p->x, dy = y - p->y;
    p->n++;
    p->x += dx / p->n;
    p->y += dy / p->n;
    p->xx += dx * (x - p->x);
    p->yy += dy * (y - p->y);
    p->xy += dx * (y - p->y);
}

static double correlation(const struct pairs *p)
{
    return p->n > 2 && p->xx > 0 && p->yy > 0 ? p->xy / sqrt(p->xx * p->yy) : (double)NAN;
}

struct er_posterior_wide er_posterior_compare_wide(struct er_posterior *p, const struct er_wide *wide,
                                                   const struct er_dataset *test, int64_t least)
{
    struct er_posterior_wide out = {.evidence = wide->evidence};
    struct pairs pairs = {0};
    for (int64_t i = 0; i < wide->n; i++)
        out.errors += wide->function[i].share * (double)mistakes(wide->function[i].name, test);
    for (int64_t i = 0; i < p->n; i++) {
        struct er_posterior_function *f = &p->function[i];
        const double found = (double)f->count[1] / (double)p->total[1];
        f->wide = er_wide_share(wide, f->name);
        out.overlap += f->wide < found ? f->wide : found;
        if (f->count[1] >= least && f->wide > 0) add_pair(&pairs, log(f->wide), log(found));
    }
    if (p->total[1] == 0 || wide->n == 0) out.overlap = (double)NAN;
    if (wide->n == 0) out.errors = (double)NAN;
    out.correlation = correlation(&pairs);
    return out;
}

enum er_status er_posterior_compare(const struct er_asked sample[2], const struct er_dataset *test,
                                    int64_t least, struct er_posterior *out, struct er_error *err)
{
    struct pairs pairs = {0};
    *out = (struct er_posterior){.total = {sample[0].n, sample[1].n}};
    out->function = er_alloc(sample[0].n + sample[1].n, sizeof *out->function);
    if (!out->function) return er_fail(err, ER_E_NOMEM, "posterior: out of memory for functions");
    out->n = count(sample, out->function);
    for (int64_t i = 0; i < out->n; i++) {
        struct er_posterior_function *f = &out->function[i];
        double share[2];
        f->wrong = mistakes(f->name, test);
        f->wide = (double)NAN;
        for (int k = 0; k < 2; k++) {
            share[k] = (double)f->count[k] / (double)out->total[k]; /* NaN of an empty sample */
            out->errors[k] += share[k] * (double)f->wrong;
            if (f->wrong == 0) out->truth[k] = share[k];
        }
        out->overlap += share[0] < share[1] ? share[0] : share[1];
        out->compared += is_compared(f, least);
        if (is_compared(f, least)) add_pair(&pairs, log(share[0]), log(share[1]));
    }
    if (out->total[0] == 0 || out->total[1] == 0) out->overlap = (double)NAN;
    for (int k = 0; k < 2; k++)
        if (out->total[k] == 0) out->errors[k] = out->truth[k] = (double)NAN;
    out->correlation = correlation(&pairs);
    return ER_OK;
}
