/* rank.c - seconds of a ranking of many models by all criteria, with intervals.
 *
 *     bench_rank [--threads N] [--resamples N] [ROW...]      all rows when none is named
 *
 * Models on a grid of seven hyper-parameters, 60 measures that know more or less of the gap. The tau of some measures is
 * first held to er_kendall(); then the whole is timed. One JSON object a row.
 */
#include "core/clock.h"
#include "named_rows.h"
#include "timed.h"

#include <ermine/kendall.h>
#include <ermine/memory.h>
#include <ermine/random.h>
#include <ermine/rank.h>
#include <math.h>
#include <stdlib.h>

enum { AXES = 7, LEVELS = 3, MEASURES = 60, VERIFIED = 5, CELLS = 2187 };
static const double TAUS_AGREE = 1e-15;

static const struct rank_row {
    const char *id;
    int64_t models, seeds;
} rows[] = {{"rank-200", 200, 1},
            {"rank-2000", 2000, 1},
            {"rank-10000", 10000, 5},
            {"rank-10000-points", 10000, 1},
            {0}};

struct bench {
    struct er_rank_table table;
    struct er_rank_parameter parameter[AXES + 1];
    struct er_rank_measure measure[MEASURES];
    int32_t *level;      /* (AXES + 1) x n */
    double *gap, *value; /* n; MEASURES x n */
};

static void bench_close(struct bench *b)
{
    er_free(b->level);
    er_free(b->gap);
    er_free(b->value);
}

/* Seeds of a cell follow each other; an eighth hyper-parameter where the grid of seven is too small. */
static enum er_status bench_open(const struct rank_row *row, struct bench *b, struct er_error *err)
{
    static const char *const name[AXES + 1] = {"batch",     "dropout",      "rate",  "depth",
                                               "optimiser", "weight_decay", "width", "data"};
    const int64_t n = row->models, configurations = (n + row->seeds - 1) / row->seeds;
    *b = (struct bench){.level = er_alloc(n, (AXES + 1) * sizeof *b->level),
                        .gap = er_alloc(n, sizeof *b->gap),
                        .value = er_alloc(n, MEASURES * sizeof *b->value)};
    if (!b->level || !b->gap || !b->value) return er_fail(err, ER_E_NOMEM, "out of memory");
    struct er_random r = er_random_open(1, er_stream(ER_PURPOSE_TEST, 0));
    for (int64_t i = 0; i < n; i++) {
        int64_t rest = i / row->seeds;
        b->gap[i] = 0.02 * er_random_normal(&r);
        for (int a = 0; a <= AXES; a++, rest /= LEVELS) {
            b->level[a * n + i] = (int32_t)(a < AXES ? rest % LEVELS : rest);
            b->gap[i] += 0.02 * (double)b->level[a * n + i];
        }
        for (int k = 0; k < MEASURES; k++)
            b->value[k * n + i] =
                (k % 3 ? b->gap[i] : b->level[k % AXES * n + i]) + 0.01 * k * er_random_normal(&r);
    }
    for (int a = 0; a <= AXES; a++)
        b->parameter[a] = (struct er_rank_parameter){.name = name[a],
                                                     .levels = a < AXES ? LEVELS : configurations / CELLS + 1,
                                                     .level = b->level + a * n};
    for (int k = 0; k < MEASURES; k++)
        b->measure[k] =
            (struct er_rank_measure){.name = "measure", .value = b->value + k * n, .direction = 1};
    b->table = (struct er_rank_table){.n = n,
                                      .gap = b->gap,
                                      .parameters = AXES + 1,
                                      .parameter = b->parameter,
                                      .measures = MEASURES,
                                      .measure = b->measure};
    return ER_OK;
}

/* Without intervals and all models apart by their number as seed, tau is Kendall's of the table. */
static enum er_status verify(const struct rank_row *row, const struct bench *b, struct er_error *err)
{
    struct er_rank_table table = b->table;
    struct er_rank_options options = er_rank_options_default();
    struct er_rank_results results = {0};
    int32_t *seed = er_alloc(table.n, sizeof *seed);
    if (!seed) return er_fail(err, ER_E_NOMEM, "out of memory");
    for (int64_t i = 0; i < table.n; i++) seed[i] = (int32_t)(i % row->seeds);
    table.seed = seed;
    table.measures = VERIFIED;
    options.seeds = ER_RANK_SEEDS_APART;
    options.resamples = 0;
    enum er_status status = er_rank(&table, &options, NULL, NULL, &results, err);
    for (int k = 0; k < VERIFIED && status == ER_OK; k++) {
        struct er_kendall is;
        status = er_kendall(table.n, b->measure[k].value, b->gap, &is, err);
        if (status == ER_OK && !(fabs(er_kendall_tau_a(&is) - results.result[k].tau_a.value) <= TAUS_AGREE))
            status = er_fail(err, ER_E_NONFINITE, "tau of measure %d is %.17g by counting, %.17g by sorting",
                             k, results.result[k].tau_a.value, er_kendall_tau_a(&is));
    }
    er_rank_results_clear(&results);
    er_free(seed);
    return status;
}

static enum er_status run_row(const struct rank_row *row, int64_t resamples, struct er_pool *pool,
                              struct er_error *err)
{
    struct bench b;
    struct er_rank_options options = er_rank_options_default();
    struct er_rank_results results = {0};
    options.resamples = resamples;
    enum er_status status = bench_open(row, &b, err);
    if (status == ER_OK) status = verify(row, &b, err);
    const double start = er_clock_s();
    if (status == ER_OK) status = er_rank(&b.table, &options, pool, NULL, &results, err);
    if (status == ER_OK)
        printf("{\"id\": \"%s\", \"threads\": %d, \"models\": %d, \"points\": %d, \"measures\": %d, "
               "\"resamples\": "
               "%d, \"seconds\": %.4g}\n",
               row->id, er_pool_threads(pool), (int)row->models, (int)results.result[0].points, MEASURES,
               (int)resamples, er_clock_s() - start);
    fflush(stdout);
    er_rank_results_clear(&results);
    bench_close(&b);
    return status;
}

static int usage(const char *why, const char *word)
{
    return named_rows_usage(NAMED_ROWS(rows), "bench_rank", "[--threads N] [--resamples N]", why, word);
}

int main(int argc, char **argv)
{
    int threads = 0, first = 1;
    int64_t resamples = er_rank_options_default().resamples;
    for (; first + 1 < argc && strncmp(argv[first], "--", 2) == 0; first += 2) {
        const bool counts = strcmp(argv[first], "--resamples") == 0;
        if (counts && er_number_integer(argv[first + 1], &resamples) && resamples >= 0) continue;
        if (counts || strcmp(argv[first], "--threads") != 0 || !timed_threads(argv[first + 1], &threads))
            return usage("not understood: ", argv[first]);
    }
    for (int i = first; i < argc; i++)
        if (!named_rows_has(NAMED_ROWS(rows), argv[i])) return usage("no such row: ", argv[i]);

    struct er_error err = {0};
    struct er_pool *pool = NULL;
    enum er_status status = er_pool_new(threads, &pool, &err);
    for (const struct rank_row *row = rows; row->id && status == ER_OK; row++)
        if (named_rows_chosen(row->id, argc - first, argv + first))
            status = run_row(row, resamples, pool, &err);
    er_pool_free(pool);
    if (status == ER_OK) return EXIT_SUCCESS;
    fprintf(stderr, "bench_rank: %s\n", err.msg);
    return EXIT_FAILURE;
}
