/* kernel_selection_run.c - candidates, one kernel matrix at a time, on one thread. */
#include "experiments/kernel_selection_run.h"

#include "core/clock.h"
#include "experiments/network_kernel.h"
#include "math/gram.h"

#include <ermine/memory.h>
#include <ermine/random.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { PENALTIES = 7, RATES = 8, MOST_TRIED = 400 };

struct candidate {
    int64_t layers, fixed;
    double rate;
};

/* A table and what is computed on it. */
struct table {
    const struct er_selection_spec *spec;
    int64_t n, d, classes;
    float *x;
    double *wide;   /* x in float64 */
    int32_t *label; /* n */
    double *k;      /* n x n, of the candidate at hand */
    int64_t *part;  /* n: which half, or fold, a row is in */
    int64_t *learn, *predict;
    struct er_pool *pool; /* one thread: this one */
    const struct er_progress *progress;
    int64_t unfinished;
};

double er_selection_bytes(const struct er_split *split)
{
    const int64_t n = split->train.n + split->test.n;
    const double rows = (double)n, d = (double)er_shape_size(split->train.shape);
    return rows * rows * sizeof(double) + rows * d * 12 + er_one_against_one_bytes(n, split->train.classes);
}

static void clear(struct table *t)
{
    er_free(t->x);
    er_free(t->wide);
    er_free(t->label);
    er_free(t->k);
    er_free(t->part);
    er_pool_free(t->pool);
}

static void take_rows(struct table *t, const struct er_dataset *set, int64_t from)
{
    for (int64_t i = 0; i < set->n && from + i < t->n; i++) t->label[from + i] = set->label[i];
    for (int64_t i = 0; i < set->n * t->d && from * t->d + i < t->n * t->d; i++) {
        t->x[from * t->d + i] = set->x[i];
        t->wide[from * t->d + i] = (double)set->x[i];
    }
}

/* The first n rows of both parts. */
static enum er_status open_table(const struct er_selection_spec *spec, const struct er_split *split,
                                 int64_t n, const struct er_progress *progress, struct table *out,
                                 struct er_error *err)
{
    const int64_t d = er_shape_size(split->train.shape);
    struct table t = {.spec = spec, .n = n, .d = d, .classes = split->train.classes, .progress = progress};
    t.x = er_alloc(n * d, sizeof *t.x);
    t.wide = er_alloc(n * d, sizeof *t.wide);
    t.label = er_alloc(n, sizeof *t.label);
    t.k = er_alloc(n, (size_t)n * sizeof *t.k);
    t.part = er_alloc(3 * n, sizeof *t.part);
    if (!t.x || !t.wide || !t.label || !t.k || !t.part) {
        clear(&t);
        er_fail(err, ER_E_NOMEM, "kernel-selection: out of memory for %" PRId64 " rows", n);
        return ER_E_NOMEM;
    }
    const enum er_status status = er_pool_new(1, &t.pool, err);
    if (status != ER_OK) {
        clear(&t);
        return status;
    }
    t.learn = t.part + n;
    t.predict = t.learn + n;
    take_rows(&t, &split->train, 0);
    take_rows(&t, &split->test, split->train.n);
    *out = t;
    return ER_OK;
}

static enum er_status fill_kernel(struct table *t, const struct candidate *c, struct er_error *err)
{
    const struct er_kernel gaussian = {.kind = ER_KERNEL_GAUSSIAN, .rate = c->rate};
    const struct er_progress stop = {.stop = t->progress ? t->progress->stop : NULL};
    if (t->spec->kernel != ER_SELECTION_GAUSSIAN)
        return er_network_kernel(c->layers,
                                 t->spec->kernel == ER_SELECTION_NTK ? c->fixed : ER_NETWORK_UNTRAINED, t->n,
                                 t->d, t->wide, t->k, t->pool, t->progress, err);
    return er_gram(&gaussian, t->n, t->d, t->x, t->k, t->pool, &stop, err);
}

/* Rows dealt to `parts` parts, class by class, in a random order. */
static enum er_status deal(struct table *t, int64_t parts, uint64_t stream, struct er_error *err)
{
    struct er_random random = er_random_open(t->spec->seed, er_stream(ER_PURPOSE_FOLDS, stream));
    int64_t *next = er_alloc(t->classes, sizeof *next);
    if (!next) return er_fail(err, ER_E_NOMEM, "kernel-selection: out of memory");
    er_random_permutation(&random, t->n, t->learn);
    /* Each class begins where the one before it ended, so that parts are of one size. */
    for (int64_t c = 1, before = 0; c < t->classes; c++) {
        for (int64_t i = 0; i < t->n; i++) before += t->label[i] == c - 1;
        next[c] = before % parts;
    }
    for (int64_t i = 0; i < t->n; i++) {
        const int64_t row = t->learn[i];
        t->part[row] = next[t->label[row]]++ % parts;
    }
    er_free(next);
    return ER_OK;
}

/* Mistakes on one part of machines that learn from the others, as a share of it. */
static enum er_status judge(struct table *t, int64_t part, double C, double *error, struct er_error *err)
{
    const struct er_labelled_kernel kernel = {.n = t->n, .classes = t->classes, .k = t->k, .label = t->label};
    struct er_rows rows = {.learn = t->learn, .predict = t->predict};
    int64_t wrong;
    for (int64_t i = 0; i < t->n; i++) {
        if (t->part[i] == part)
            t->predict[rows.n_predict++] = i;
        else
            t->learn[rows.n_learn++] = i;
    }
    const enum er_status status =
        er_one_against_one(&kernel, &rows, C, t->progress, &wrong, &t->unfinished, err);
    if (status == ER_OK) *error = (double)wrong / (double)rows.n_predict;
    return status;
}

/* Candidate i; false behind the last. */
static bool candidate_at(const struct table *t, int64_t i, struct candidate *out)
{
    *out = (struct candidate){0};
    if (t->spec->kernel == ER_SELECTION_GAUSSIAN) {
        out->rate = pow(4, (double)(i - 4)) / (double)t->d;
        return i < RATES;
    }
    const bool ntk = t->spec->kernel == ER_SELECTION_NTK;
    for (out->layers = 1; i >= (ntk ? out->layers : 1); out->layers++) i -= ntk ? out->layers : 1;
    out->fixed = i;
    return out->layers <= t->spec->depth;
}

static enum er_status choose(struct table *t, struct candidate *best, struct er_selection_result *result,
                             struct er_error *err)
{
    struct candidate c;
    enum er_status status = deal(t, 2, 0, err);
    result->validation_error = 2;
    for (int64_t i = 0; status == ER_OK && candidate_at(t, i, &c); i++) {
        status = fill_kernel(t, &c, err);
        for (int p = 0; p < PENALTIES && status == ER_OK; p++) {
            double error;
            status = judge(t, 1, pow(10, p - 2), &error, err);
            if (status != ER_OK || error >= result->validation_error) continue;
            *best = c;
            result->validation_error = error;
            result->penalty = pow(10, p - 2);
        }
    }
    return status;
}

static enum er_status cross_validate(struct table *t, const struct candidate *c,
                                     struct er_selection_result *result, struct er_error *err)
{
    const int64_t folds = t->spec->folds;
    double sum = 0, squares = 0;
    enum er_status status = fill_kernel(t, c, err);
    if (status == ER_OK) status = deal(t, folds, 1, err);
    for (int64_t fold = 0; fold < folds && status == ER_OK; fold++) {
        double error;
        status = judge(t, fold, result->penalty, &error, err);
        if (status != ER_OK) break;
        sum += error;
        squares += error * error;
    }
    result->test_error = sum / (double)folds;
    result->spread = sqrt(fmax(squares - sum * sum / (double)folds, 0) / (double)(folds - 1));
    return status;
}

enum er_status er_selection_run(const struct er_selection_spec *spec, const struct er_split *split,
                                const struct er_progress *progress, struct er_selection_result *out,
                                struct er_error *err)
{
    const int64_t n = split->train.n + split->test.n;
    struct table t = {0};
    struct candidate best = {0};
    struct er_selection_result result = {0};
    enum er_status status = open_table(spec, split, n, progress, &t, err);
    if (status == ER_OK) status = choose(&t, &best, &result, err);
    if (status == ER_OK) status = cross_validate(&t, &best, &result, err);
    if (status == ER_OK) {
        *out = result;
        out->layers = best.layers;
        out->fixed = best.fixed;
        out->rate = best.rate;
        out->unfinished = t.unfinished;
    }
    clear(&t);
    return status;
}

enum er_status er_selection_time(const struct er_selection_spec *spec, const struct er_split *split,
                                 const struct er_progress *progress, double *seconds, struct er_error *err)
{
    const int64_t all = split->train.n + split->test.n, n = all < MOST_TRIED ? all : MOST_TRIED;
    const double larger = (double)all / (double)n;
    struct table t = {0};
    struct candidate c;
    int64_t candidates = 0;
    double error;
    enum er_status status = open_table(spec, split, n, progress, &t, err);
    if (status != ER_OK) return status;
    while (candidate_at(&t, candidates, &c)) candidates++;
    candidate_at(&t, candidates - 1, &c);
    const double began = er_clock_s();
    status = fill_kernel(&t, &c, err);
    const double between = er_clock_s();
    if (status == ER_OK) status = deal(&t, 2, 0, err);
    if (status == ER_OK) status = judge(&t, 1, 10, &error, err);
    const double fits = PENALTIES * (double)candidates + 3 * (double)spec->folds;
    *seconds =
        larger * larger * ((between - began) * (double)(candidates + 1) + (er_clock_s() - between) * fits);
    clear(&t);
    return status;
}
