/* factorise.c - steps per second of deep matrix factorisation, and what PyTorch needs to take the same.
 *
 *     bench_factorise [--threads N] [--precision 32|64] [--seconds S] [--export FOLDER] [ROW...]
 *
 * GroupRMSprop on a product of factors: small problems alone and eight runs at once, a thread each; problems of the size of
 * MovieLens-100K; and 100 thousand to 10 million ratings with width 32, whose time a step should be linear in them. First the
 * loss is held to that of the product's entries in float64, and the gradient to differences of it. One JSON object a row, with
 * the share of the peak that the counted operations reach and the largest memory of the process.
 *
 * With --export nothing is timed: the folder is filled as bench/peers/README.md says.
 */
#include <ermine/factorise.h>

#include "core/clock.h"
#include "factorise_export.h"
#include "math/peak.h"
#include "named_rows.h"
#include "timed.h"

#include <ermine/memory.h>
#include <ermine/random.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <sys/resource.h>

enum { MEMBERS = 8, FIRST = 3 };
static const double RATE = 1e-3, SECONDS = 1;

static const struct row {
    const char *id;
    int64_t rows, columns, n, depth, width; /* width 0: the shorter side */
    int members, precision;
} rows[] = {{"100-depth-3", 100, 100, 2000, 3, 0, 1, 64},
            {"100-depth-3-ensemble", 100, 100, 2000, 3, 0, MEMBERS, 64},
            {"movielens-depth-2", 943, 1682, 10000, 2, 0, 1, 64},
            {"movielens-depth-3", 943, 1682, 10000, 3, 0, 1, 64},
            {"movielens-depth-2-80k", 943, 1682, 80000, 2, 0, 1, 64},
            {"movielens-depth-3-80k", 943, 1682, 80000, 3, 0, 1, 64},
            {"ratings-100k", 943, 1682, 100000, 2, 32, 1, 32},
            {"ratings-1m", 6040, 3706, 1000000, 2, 32, 1, 32},
            {"ratings-10m", 69878, 10677, 10000000, 2, 32, 1, 32},
            {0}};

struct bench {
    const struct row *row;
    struct er_recovery problem;
    struct er_factorise_spec spec;
    struct er_factorisation *member[MEMBERS];
    int64_t steps;
    bool failed[MEMBERS];
};

/* As many entries in every row, give or take one; each at a random place of its share of the columns. */
static enum er_status make_problem(const struct row *row, struct er_recovery *out, struct er_error *err)
{
    int32_t *i = er_alloc(2 * row->n, sizeof *i);
    double *value = er_alloc(row->n, sizeof *value);
    struct er_random r = er_random_open(1, er_stream(ER_PURPOSE_TEST, 0));
    if (!i || !value) {
        er_free(i);
        er_free(value);
        return er_fail(err, ER_E_NOMEM, "out of memory");
    }
    int32_t *j = i + row->n;
    for (int64_t k = 0, line = 0; k < row->n; line++) {
        const int64_t count = row->n * (line + 1) / row->rows - row->n * line / row->rows;
        for (int64_t q = 0; q < count; q++, k++) {
            const int64_t from = row->columns * q / count, to = row->columns * (q + 1) / count;
            i[k] = (int32_t)line;
            j[k] = (int32_t)(from + er_random_below(&r, to - from));
            value[k] = er_random_normal(&r);
        }
    }
    *out =
        (struct er_recovery){.kind = ER_COMPLETION, .rows = row->rows, .columns = row->columns, .n = row->n};
    const enum er_status status =
        er_sparse_new(row->rows, row->columns, row->n, i, j, value, &out->train, err);
    er_free(i);
    er_free(value);
    return status;
}

static void bench_close(struct bench *b)
{
    for (int m = 0; m < MEMBERS; m++) er_factorisation_free(b->member[m]);
    er_recovery_clear(&b->problem);
}

static enum er_status bench_open(const struct row *row, int precision, struct bench *b, struct er_error *err)
{
    *b = (struct bench){.row = row, .spec = er_factorise_spec_default()};
    b->spec.depth = row->depth;
    b->spec.width = row->width;
    b->spec.scale = 1;
    b->spec.rate = RATE;
    b->spec.single = (precision ? precision : row->precision) == 32;
    enum er_status status = make_problem(row, &b->problem, err);
    for (int m = 0; m < row->members && status == ER_OK; m++) {
        b->spec.seed = (uint64_t)m;
        status = er_factorisation_new(&b->problem, &b->spec, &b->member[m], err);
    }
    return status;
}

static enum er_status step_to(struct er_factorisation *f, int64_t step, struct er_pool *pool,
                              struct er_error *err)
{
    enum er_factorise_end end;
    enum er_status status = er_factorisation_run(
        f, &(struct er_factorise_until){.step = step, .loss = -1, .gradient = -1}, pool, NULL, &end, err);
    if (status == ER_OK && end != ER_FACTORISE_STEPS)
        return er_fail(err, ER_E_NONFINITE, "the loss is not finite at step %" PRId64,
                       er_factorisation_step(f));
    return status;
}

static void member_task(void *ctx, int64_t task, int worker)
{
    struct bench *b = ctx;
    struct er_error err;
    (void)worker;
    b->failed[task] = step_to(b->member[task], b->steps, NULL, &err) != ER_OK;
}

/* All members to a step, side by side. */
static enum er_status advance(struct bench *b, int64_t step, struct er_pool *pool, struct er_error *err)
{
    if (b->row->members == 1) return step_to(b->member[0], step, pool, err);
    b->steps = step;
    er_pool_run(pool, b->row->members, member_task, b);
    for (int m = 0; m < b->row->members; m++)
        if (b->failed[m]) return er_fail(err, ER_E_NONFINITE, "member %d went astray", m);
    return ER_OK;
}

/* The loss of the entries, in float64. */
static enum er_status entry_loss(const struct bench *b, double *value, double *loss, struct er_error *err)
{
    const struct er_sparse *train = &b->problem.train;
    enum er_status status = er_factorisation_entries(b->member[0], train, value, err);
    *loss = 0;
    for (int64_t e = 0; e < train->n && status == ER_OK; e++)
        *loss += (value[e] - train->value[e]) * (value[e] - train->value[e]) / (double)train->n;
    return status;
}

/* Moves factor j along its gradient, by h to either side: the slope must be |gradient|^2. */
static enum er_status verify_factor(struct bench *b, int64_t j, double *value, struct er_error *err)
{
    int64_t m, n;
    struct er_factorisation *f = b->member[0];
    er_factorisation_shape(f, j, &m, &n);
    double *w = er_alloc(3 * m * n, sizeof *w), square = 0, loss[2] = {0};
    if (!w) return er_fail(err, ER_E_NOMEM, "out of memory");
    double *g = w + m * n, *moved = g + m * n;
    enum er_status status = er_factorisation_gradient(f, j, g, err);
    er_factorisation_factor(f, j, w);
    for (int64_t i = 0; i < m * n && status == ER_OK; i++) square += g[i] * g[i];
    const double h = 1e-2 / sqrt(square), tolerance = b->spec.single ? 2e-2 : 1e-3;
    for (int side = 0; side < 2 && status == ER_OK; side++) {
        for (int64_t i = 0; i < m * n; i++) moved[i] = w[i] + (side ? h : -h) * g[i];
        er_factorisation_set(f, j, moved);
        status = entry_loss(b, value, &loss[side], err);
    }
    if (status == ER_OK) er_factorisation_set(f, j, w);
    const double slope = (loss[1] - loss[0]) / (2 * h);
    if (status == ER_OK && !(fabs(slope - square) <= tolerance * square))
        status = er_fail(err, ER_E_NONFINITE, "the slope along dL/dW_%" PRId64 " is %.9g, its square %.9g", j,
                         slope, square);
    er_free(w);
    return status;
}

static enum er_status verify(struct bench *b, struct er_pool *pool, struct er_error *err)
{
    double *value = er_alloc(b->problem.n, sizeof *value), loss;
    if (!value) return er_fail(err, ER_E_NOMEM, "out of memory");
    enum er_status status = step_to(b->member[0], FIRST, pool, err);
    if (status == ER_OK) status = entry_loss(b, value, &loss, err);
    if (status == ER_OK) {
        const double is = er_factorisation_loss(b->member[0]);
        if (!(fabs(is - loss) <= (b->spec.single ? 1e-5 : 1e-12) * loss))
            status = er_fail(err, ER_E_NONFINITE, "the loss is %.17g, that of the entries %.17g", is, loss);
    }
    for (int64_t j = 1; j <= b->spec.depth && status == ER_OK; j++) status = verify_factor(b, j, value, err);
    er_free(value);
    return status;
}

static double memory_gb(void)
{
    struct rusage used;
    return getrusage(RUSAGE_SELF, &used) == 0 ? (double)used.ru_maxrss * 1024 / 1e9 : 0;
}

static enum er_status time_row(struct bench *b, double seconds, struct er_pool *pool, struct er_error *err)
{
    const struct row *row = b->row;
    const double flops = er_factorise_flops(ER_COMPLETION, row->rows, row->columns, row->n, &b->spec);
    const double peak = er_peak_gflops(pool, 0.1, NULL) / (b->spec.single ? 1 : 2);
    const int64_t chunk = (int64_t)(2e9 / flops) + 1;
    int64_t step = FIRST + 1;
    enum er_status status = advance(b, step, pool, err);
    const int64_t began_at = step;
    const double began = er_clock_s();
    while (status == ER_OK && er_clock_s() - began < seconds) status = advance(b, step += chunk, pool, err);
    const double steps = (double)((step - began_at) * row->members), spent = er_clock_s() - began;
    if (status == ER_OK)
        printf("{\"id\": \"%s\", \"precision\": %d, \"threads\": %d, \"members\": %d, \"steps_per_s\": %.5g, "
               "\"ns_per_rating\": %.4g, \"gflops\": %.4g, \"of_peak\": %.3f, \"gb\": %.3f}\n",
               row->id, b->spec.single ? 32 : 64, er_pool_threads(pool), row->members, steps / spent,
               spent / steps / (double)row->n * 1e9, steps / spent * flops / 1e9,
               steps / spent * flops / 1e9 / peak, memory_gb());
    fflush(stdout);
    return status;
}

static enum er_status run_row(const struct row *row, int precision, double seconds, const char *folder,
                              struct er_pool *pool, struct er_error *err)
{
    struct bench b;
    enum er_status status = bench_open(row, precision, &b, err);
    if (status == ER_OK && folder)
        status = factorise_export(folder, row->id, &b.problem, &b.spec, row->members, b.member, err);
    if (status == ER_OK && !folder) status = verify(&b, pool, err);
    if (status == ER_OK && !folder) status = time_row(&b, seconds, pool, err);
    bench_close(&b);
    return status;
}

static int usage(const char *why, const char *word)
{
    return named_rows_usage(NAMED_ROWS(rows), "bench_factorise",
                            "[--threads N] [--precision 32|64] [--seconds S] [--export FOLDER]", why, word);
}

int main(int argc, char **argv)
{
    const char *folder = NULL;
    int threads = 0, precision = 0, first = 1;
    double seconds = SECONDS;
    for (; first + 1 < argc && strncmp(argv[first], "--", 2) == 0; first += 2) {
        const char *option = argv[first], *value = argv[first + 1];
        if (strcmp(option, "--export") == 0)
            folder = value;
        else if ((strcmp(option, "--precision") == 0 && timed_threads(value, &precision) &&
                  (precision == 32 || precision == 64)) ||
                 (strcmp(option, "--seconds") == 0 && er_number_real(value, &seconds) && seconds > 0))
            continue;
        else if (strcmp(option, "--threads") != 0 || !timed_threads(value, &threads))
            return usage("not understood: ", option);
    }
    for (int i = first; i < argc; i++)
        if (!named_rows_has(NAMED_ROWS(rows), argv[i])) return usage("no such row: ", argv[i]);
    if (folder && argc - first != 1) return usage("--export takes one row", "");

    struct er_error err = {0};
    struct er_pool *pool = NULL;
    enum er_status status = er_pool_new(threads, &pool, &err);
    for (const struct row *row = rows; row->id && status == ER_OK; row++) {
        if (named_rows_chosen(row->id, argc - first, argv + first))
            status = run_row(row, precision, seconds, folder, pool, &err);
    }
    er_pool_free(pool);
    if (status != ER_OK) fprintf(stderr, "bench_factorise: %s\n", err.msg);
    return status == ER_OK ? 0 : 1;
}
