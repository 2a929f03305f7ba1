/* select_draw.c - mistakes counted by population counts of random words, or by products with Gaussian inputs.
 */
#include "experiments/select_draw.h"

#include "core/available.h"
#include "core/vector.h"
#include "math/binomial.h"
#include "math/task_count.h"

#include <cblas.h>
#include <ermine/memory.h>
#include <string.h>

enum {
    COUNTERS = 1024,      /* of 128 random bits, drawn at a time */
    MOST_ROWS = 256,      /* linear classifiers at a time */
    MOST_CELLS = 1 << 20, /* of their outputs */
    UNASKED = 10000000    /* numbers drawn before asking again whether to stop: some tenths of a second */
};

struct work {
    const struct er_select *select;
    int64_t *least, *fresh, *count;
    int64_t rows;            /* linear classifiers at a time */
    double *scratch;         /* linear: doubles of all workers */
    int64_t scratch_doubles; /* of each */
    struct er_task_count done;
};

static double flops_of(const struct er_select *s)
{
    return (double)s->classifiers * (double)s->examples * (double)(s->dimension > 0 ? 2 * s->dimension : 1);
}

/* One classifier's mistakes are known; whether it is the best so far. Repeat 0 also fills the histogram. */
static bool take(struct work *w, int64_t repeat, int64_t mistakes)
{
    const bool better = mistakes < w->least[repeat];
    if (better) w->least[repeat] = mistakes;
    if (repeat == 0) w->count[mistakes]++;
    return better;
}

/* Ones in each of `rows` rows of `words` words, of which bits from n on become 0. The usual sums of halves, for
 * vectors: few machines' baseline counts bits by one instruction. */
ER_VECTOR
static void count_ones(uint32_t *word, int64_t rows, int64_t words, int64_t n, int64_t *ones)
{
    for (int64_t r = 0; r < rows; r++, word += words) {
        uint32_t sum = 0;
        for (int64_t i = n / 32; i < words; i++) word[i] &= i > n / 32 ? 0 : (1U << n % 32) - 1;
#pragma omp simd reduction(+ : sum)
        for (int64_t i = 0; i < words; i++) {
            uint32_t v = word[i];
            v -= v >> 1 & 0x55555555U;
            v = (v & 0x33333333U) + (v >> 2 & 0x33333333U);
            v = (v + (v >> 4)) & 0x0f0f0f0fU;
            sum += v * 0x01010101U >> 24;
        }
        ones[r] = sum;
    }
}

/* What the one that was chosen gets wrong on n examples more: fair coins, again. */
static int64_t fresh_coins(const struct er_select *s, int64_t repeat)
{
    const uint64_t stream = er_stream(ER_PURPOSE_FRESH, (uint64_t)repeat);
    uint32_t word[4];
    int64_t sum = 0, ones;
    for (int64_t i = 0; i < s->examples; i += 128) {
        er_random_words(s->seed, stream, (uint64_t)i / 128, word);
        count_ones(word, 1, 4, s->examples - i < 128 ? s->examples - i : 128, &ones);
        sum += ones;
    }
    return sum;
}

static void coins_task(void *ctx, int64_t repeat, int worker)
{
    struct work *w = ctx;
    const struct er_select *s = w->select;
    const int64_t each = (s->examples + 127) / 128, at_once = COUNTERS / each;
    const uint64_t stream = er_stream(ER_PURPOSE_GENERATE, (uint64_t)repeat);
    uint32_t word[4 * COUNTERS];
    int64_t mistakes[COUNTERS];
    (void)worker;
    for (int64_t from = 0; from < s->classifiers && !er_task_count_stopped(&w->done); from += at_once) {
        const int64_t left = s->classifiers - from, n = left < at_once ? left : at_once;
        er_random_many_words(s->seed, stream, (uint64_t)(from * each), n * each, word);
        count_ones(word, n, 4 * each, s->examples, mistakes);
        for (int64_t i = 0; i < n; i++) take(w, repeat, mistakes[i]);
    }
    w->fresh[repeat] = fresh_coins(s, repeat);
    er_task_count_add(&w->done, flops_of(s));
}

/* Examples as z_i = y_i x_i, which is distributed as x_i is: a mistake is w . z_i < 0. False: stopped, not all drawn. */
static bool draw_examples(const struct work *w, enum er_purpose purpose, int64_t repeat, double *z)
{
    const struct er_select *s = w->select;
    struct er_random inputs = er_random_open(s->seed, er_stream(purpose, (uint64_t)repeat));
    for (int64_t i = 0; i < s->examples * s->dimension; i++) {
        if (i % UNASKED == 0 && er_task_count_stopped(&w->done)) return false;
        z[i] = er_random_normal(&inputs);
    }
    return true;
}

/* Outputs of `rows` classifiers v on the examples z. */
static void linear_outputs(const struct er_select *s, int64_t rows, const double *v, const double *z,
                           double *out)
{
    const blasint m = (blasint)rows, n = (blasint)s->examples, d = (blasint)s->dimension;
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, m, n, d, 1, v, d, z, d, 0, out, n);
}

static int64_t negative(const double *out, int64_t n)
{
    int64_t sum = 0;
    for (int64_t i = 0; i < n; i++) sum += out[i] < 0;
    return sum;
}

static void linear_task(void *ctx, int64_t repeat, int worker)
{
    struct work *w = ctx;
    const struct er_select *s = w->select;
    const int64_t n = s->examples, d = s->dimension;
    double *best = w->scratch + worker * w->scratch_doubles, *z = best + d, *v = z + n * d,
           *out = v + w->rows * d;
    struct er_random weights = er_random_open(s->seed, er_stream(ER_PURPOSE_INITIALISE, (uint64_t)repeat));
    if (!draw_examples(w, ER_PURPOSE_GENERATE, repeat, z)) return;
    for (int64_t from = 0; from < s->classifiers && !er_task_count_stopped(&w->done); from += w->rows) {
        const int64_t left = s->classifiers - from, rows = left < w->rows ? left : w->rows;
        for (int64_t i = 0; i < rows * d; i++) v[i] = er_random_normal(&weights);
        linear_outputs(s, rows, v, z, out);
        for (int64_t r = 0; r < rows; r++)
            if (take(w, repeat, negative(out + r * n, n))) memcpy(best, v + r * d, (size_t)d * sizeof *best);
    }
    if (draw_examples(w, ER_PURPOSE_FRESH, repeat, z)) {
        linear_outputs(s, 1, best, z, out);
        w->fresh[repeat] = negative(out, n);
    }
    er_task_count_add(&w->done, flops_of(s));
}

/* Linear classifiers that are drawn at a time. */
static int64_t rows_of(const struct er_select *s)
{
    return MOST_CELLS / s->examples < MOST_ROWS ? MOST_CELLS / s->examples : MOST_ROWS;
}

/* Of a thread: the best classifier, inputs, classifiers, and outputs. */
static int64_t scratch_of(const struct er_select *s)
{
    return s->dimension + s->examples * s->dimension + rows_of(s) * (s->dimension + s->examples);
}

double er_select_scratch_bytes(const struct er_select *select, int threads)
{
    return select->dimension > 0 ? (double)threads * (double)scratch_of(select) * sizeof(double) : 0;
}

static enum er_status open_scratch(struct work *w, int threads, struct er_error *err)
{
    w->rows = rows_of(w->select);
    w->scratch_doubles = scratch_of(w->select);
    const double bytes = er_select_scratch_bytes(w->select, threads);
    const enum er_status status = er_memory_check(bytes, "select: examples and classifiers", err);
    if (status != ER_OK) return status;
    w->scratch = er_alloc(threads * w->scratch_doubles, sizeof *w->scratch);
    return w->scratch ? ER_OK
                      : er_fail(err, ER_E_NOMEM, "select: out of memory for examples and classifiers");
}

enum er_status er_select_draw(const struct er_select *select, int64_t repeats, int64_t *least, int64_t *fresh,
                              int64_t *count, struct er_pool *pool, const struct er_progress *progress,
                              struct er_error *err)
{
    struct work w = {.select = select, .least = least, .fresh = fresh, .count = count};
    if (select->dimension > 0) {
        const enum er_status status = open_scratch(&w, er_pool_threads(pool), err);
        if (status != ER_OK) return status;
    }
    memset(count, 0, (size_t)(select->examples + 1) * sizeof *count);
    for (int64_t r = 0; r < repeats; r++) least[r] = select->examples + 1;
    er_task_count_open(&w.done, progress, (double)repeats * flops_of(select));
    er_pool_run(pool, repeats, select->dimension > 0 ? linear_task : coins_task, &w);
    er_free(w.scratch);
    return er_task_count_close(&w.done, "select", err);
}

enum er_status er_select_draw_least(const struct er_select *select, int64_t from, int64_t repeats,
                                    int64_t *least, int64_t *fresh, const struct er_progress *progress,
                                    struct er_error *err)
{
    struct er_binomial mistakes;
    enum er_status status = er_binomial_new(select->examples, 0.5, &mistakes, err);
    if (status != ER_OK) return status;
    for (int64_t r = from; r < repeats; r++) {
        if (er_progress_stopped(progress)) {
            status = er_fail(err, ER_E_STOPPED, "select: interrupted");
            break;
        }
        struct er_random draw = er_random_open(select->seed, er_stream(ER_PURPOSE_GENERATE, (uint64_t)r));
        least[r] = er_binomial_least(&mistakes, select->classifiers, &draw);
        fresh[r] = fresh_coins(select, r);
    }
    er_binomial_clear(&mistakes);
    return status;
}
