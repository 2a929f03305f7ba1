/* select_draw.c - mistakes counted by population counts of random words, or by products with Gaussian inputs.
 */
#include "experiments/select_draw.h"

#include "core/available.h"
#include "math/binomial.h"
#include "math/task_count.h"

#include <cblas.h>
#include <ermine/memory.h>
#include <string.h>

enum {
    COUNTERS = 1024,     /* of 128 random bits, drawn at a time */
    MOST_ROWS = 256,     /* linear classifiers at a time */
    MOST_CELLS = 1 << 20 /* of their outputs */
};

struct work {
    const struct er_select *select;
    int64_t *least, *count;
    int64_t rows;            /* linear classifiers at a time */
    double *scratch;         /* linear: doubles of all workers */
    int64_t scratch_doubles; /* of each */
    struct er_task_count done;
};

static double flops_of(const struct er_select *s)
{
    return (double)s->classifiers * (double)s->examples * (double)(s->dimension > 0 ? 2 * s->dimension : 1);
}

/* One classifier's mistakes are known. Task 0 is repeat 0, which also fills the histogram. */
static void take(struct work *w, int64_t repeat, int64_t mistakes)
{
    if (mistakes < w->least[repeat]) w->least[repeat] = mistakes;
    if (repeat == 0) w->count[mistakes]++;
}

/* Ones among the first n bits. */
static int64_t ones(const uint32_t *word, int64_t n)
{
    int64_t sum = 0;
    for (; n >= 32; n -= 32) sum += __builtin_popcount(*word++);
    return n > 0 ? sum + __builtin_popcount(*word & ((1U << n) - 1)) : sum;
}

static void coins_task(void *ctx, int64_t repeat, int worker)
{
    struct work *w = ctx;
    const struct er_select *s = w->select;
    const int64_t each = (s->examples + 127) / 128, at_once = COUNTERS / each;
    const uint64_t stream = er_stream(ER_PURPOSE_GENERATE, (uint64_t)repeat);
    uint32_t word[4 * COUNTERS];
    (void)worker;
    for (int64_t from = 0; from < s->classifiers && !er_task_count_stopped(&w->done); from += at_once) {
        const int64_t left = s->classifiers - from, n = left < at_once ? left : at_once;
        er_random_many_words(s->seed, stream, (uint64_t)(from * each), n * each, word);
        for (int64_t i = 0; i < n; i++) take(w, repeat, ones(word + 4 * i * each, s->examples));
    }
    er_task_count_add(&w->done, flops_of(s));
}

/* With z_i = y_i x_i, which is distributed as x_i is, a mistake is w . z_i < 0. */
static void linear_task(void *ctx, int64_t repeat, int worker)
{
    struct work *w = ctx;
    const struct er_select *s = w->select;
    const int64_t n = s->examples, d = s->dimension;
    double *z = w->scratch + worker * w->scratch_doubles, *v = z + n * d, *out = v + w->rows * d;
    struct er_random inputs = er_random_open(s->seed, er_stream(ER_PURPOSE_GENERATE, (uint64_t)repeat));
    struct er_random weights = er_random_open(s->seed, er_stream(ER_PURPOSE_INITIALISE, (uint64_t)repeat));
    for (int64_t i = 0; i < n * d; i++) z[i] = er_random_normal(&inputs);
    for (int64_t from = 0; from < s->classifiers && !er_task_count_stopped(&w->done); from += w->rows) {
        const int64_t left = s->classifiers - from, rows = left < w->rows ? left : w->rows;
        for (int64_t i = 0; i < rows * d; i++) v[i] = er_random_normal(&weights);
        cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (blasint)rows, (blasint)n, (blasint)d, 1, v,
                    (blasint)d, z, (blasint)d, 0, out, (blasint)n);
        for (int64_t r = 0; r < rows; r++) {
            int64_t mistakes = 0;
            for (int64_t i = 0; i < n; i++) mistakes += out[r * n + i] < 0;
            take(w, repeat, mistakes);
        }
    }
    er_task_count_add(&w->done, flops_of(s));
}

static enum er_status open_scratch(struct work *w, int threads, struct er_error *err)
{
    const int64_t n = w->select->examples, d = w->select->dimension;
    w->rows = MOST_CELLS / n < MOST_ROWS ? MOST_CELLS / n : MOST_ROWS;
    w->scratch_doubles = n * d + w->rows * (d + n);
    const double bytes = (double)threads * (double)w->scratch_doubles * sizeof(double);
    const enum er_status status = er_memory_check(bytes, "select: examples and classifiers", err);
    if (status != ER_OK) return status;
    w->scratch = er_alloc(threads * w->scratch_doubles, sizeof *w->scratch);
    return w->scratch ? ER_OK
                      : er_fail(err, ER_E_NOMEM, "select: out of memory for examples and classifiers");
}

enum er_status er_select_draw(const struct er_select *select, int64_t repeats, int64_t *least, int64_t *count,
                              struct er_pool *pool, const struct er_progress *progress, struct er_error *err)
{
    struct work w = {.select = select, .least = least, .count = count};
    if (select->dimension > 0) {
        const enum er_status status = open_scratch(&w, er_pool_threads(pool), err);
        if (status != ER_OK) return status;
    }
    memset(count, 0, (size_t)(select->examples + 1) * sizeof *count);
    for (int64_t r = 0; r < repeats; r++) least[r] = select->examples;
    er_task_count_open(&w.done, progress, (double)repeats * flops_of(select));
    er_pool_run(pool, repeats, select->dimension > 0 ? linear_task : coins_task, &w);
    er_free(w.scratch);
    return er_task_count_close(&w.done, "select", err);
}

enum er_status er_select_draw_least(const struct er_select *select, int64_t from, int64_t repeats,
                                    int64_t *least, struct er_error *err)
{
    struct er_binomial mistakes;
    const enum er_status status = er_binomial_new(select->examples, 0.5, &mistakes, err);
    if (status != ER_OK) return status;
    for (int64_t r = from; r < repeats; r++) {
        struct er_random draw = er_random_open(select->seed, er_stream(ER_PURPOSE_GENERATE, (uint64_t)r));
        least[r] = er_binomial_least(&mistakes, select->classifiers, &draw);
    }
    er_binomial_clear(&mistakes);
    return ER_OK;
}
