/* baseline.c - the mean of the ratings, and what users and items add to it. */
#include <ermine/baseline.h>
#include <ermine/memory.h>
#include <inttypes.h>
#include <math.h>

enum { SWEEPS = 1000, BLOCK = 4096 /* rows or columns of one task */ };

static const double movement = 1e-12; /* of the largest |y - mu|, by which a last sweep still moves */

void er_baseline_clear(struct er_baseline *b)
{
    er_free(b->row);
    er_free(b->column);
    *b = (struct er_baseline){0};
}

enum er_status er_baseline_mean(const struct er_sparse *train, struct er_baseline *out, struct er_error *err)
{
    if (train->n == 0) return er_fail(err, ER_E_USAGE, "the mean of no ratings is asked for");
    struct er_baseline b = {.rows = train->rows,
                            .columns = train->columns,
                            .row = er_alloc(train->rows, sizeof *b.row),
                            .column = er_alloc(train->columns, sizeof *b.column)};
    if (!b.row || !b.column) {
        er_baseline_clear(&b);
        return er_fail(err, ER_E_NOMEM, "out of memory for a mean of %" PRId64 " x %" PRId64, train->rows,
                       train->columns);
    }
    for (int64_t k = 0; k < train->n; k++) b.mean += (train->value[k] - b.mean) / (double)(k + 1);
    for (int64_t k = 0; k < train->n; k++)
        b.objective += (train->value[k] - b.mean) * (train->value[k] - b.mean);
    *out = b;
    return ER_OK;
}

/* One half of a sweep: all b_i, or all c_j. */
struct half {
    const struct er_sparse *train;
    struct er_baseline *b;
    double lambda;
    bool columns;
    double *moved; /* of each task: the largest |change| */
};

/* sum of y - mu - b_i - c_j over the entries of row i, or of column j. */
static double residual_sum(const struct half *h, int64_t at)
{
    const struct er_sparse *t = h->train;
    const struct er_baseline *b = h->b;
    double sum = 0;
    if (h->columns) {
        for (int64_t p = t->column_start[at]; p < t->column_start[at + 1]; p++)
            sum += t->value[t->entry[p]] - b->mean - b->row[t->row[p]] - b->column[at];
        return sum;
    }
    for (int64_t e = t->row_start[at]; e < t->row_start[at + 1]; e++)
        sum += t->value[e] - b->mean - b->row[at] - b->column[t->column[e]];
    return sum;
}

/* A Newton step of one effect, which ends at its minimum; returns |change|. */
static double improve(const struct half *h, int64_t at)
{
    const int64_t *start = h->columns ? h->train->column_start : h->train->row_start;
    double *effect = h->columns ? &h->b->column[at] : &h->b->row[at];
    const int64_t n = start[at + 1] - start[at];
    if (n == 0) return 0;
    const double change = (residual_sum(h, at) - h->lambda * *effect) / ((double)n + h->lambda);
    *effect += change;
    return fabs(change);
}

static void improve_block(void *ctx, int64_t task, int worker)
{
    const struct half *h = ctx;
    const int64_t all = h->columns ? h->train->columns : h->train->rows, from = task * BLOCK;
    double moved = 0;
    (void)worker;
    for (int64_t at = from; at < all && at < from + BLOCK; at++) moved = fmax(moved, improve(h, at));
    h->moved[task] = moved;
}

static double run_half(struct half *h, bool columns, struct er_pool *pool)
{
    const int64_t all = columns ? h->train->columns : h->train->rows, tasks = (all + BLOCK - 1) / BLOCK;
    double moved = 0;
    h->columns = columns;
    if (pool)
        er_pool_run(pool, tasks, improve_block, h);
    else
        for (int64_t task = 0; task < tasks; task++) improve_block(h, task, 0);
    for (int64_t task = 0; task < tasks; task++) moved = fmax(moved, h->moved[task]);
    return moved;
}

/* b + t and c - t predict the same: takes the t of the least penalty, which sweeps alone would creep towards,
 * over what has entries. Returns |t|. */
static double level(const struct er_sparse *t, struct er_baseline *b)
{
    double sum = 0, n = 0;
    for (int64_t i = 0; i < b->rows; i++) sum -= b->row[i];
    for (int64_t j = 0; j < b->columns; j++) sum += b->column[j];
    for (int64_t i = 0; i < b->rows; i++) n += t->row_start[i + 1] > t->row_start[i];
    for (int64_t j = 0; j < b->columns; j++) n += t->column_start[j + 1] > t->column_start[j];
    const double shift = sum / n;
    for (int64_t i = 0; i < b->rows; i++)
        if (t->row_start[i + 1] > t->row_start[i]) b->row[i] += shift;
    for (int64_t j = 0; j < b->columns; j++)
        if (t->column_start[j + 1] > t->column_start[j]) b->column[j] -= shift;
    return fabs(shift);
}

/* What is minimised, and the largest part of its gradient. */
static void measure(struct half *h, double scale)
{
    struct er_baseline *b = h->b;
    const struct er_sparse *t = h->train;
    double gradient = 0, penalty = 0, squares = 0;
    for (int columns = 0; columns < 2; columns++) {
        const double *effect = columns ? b->column : b->row;
        h->columns = columns;
        for (int64_t at = 0; at < (columns ? t->columns : t->rows); at++) {
            gradient = fmax(gradient, fabs(residual_sum(h, at) - h->lambda * effect[at]));
            penalty += effect[at] * effect[at];
        }
    }
    for (int64_t i = 0; i < t->rows; i++)
        for (int64_t e = t->row_start[i]; e < t->row_start[i + 1]; e++) {
            const double r = t->value[e] - er_baseline_at(b, i, t->column[e]);
            squares += r * r;
        }
    b->objective = squares + h->lambda * penalty;
    b->gradient = scale > 0 ? gradient / scale : 0;
}

enum er_status er_baseline_bias(const struct er_sparse *train, double lambda, struct er_pool *pool,
                                struct er_baseline *out, struct er_error *err)
{
    if (!(lambda >= 0 && lambda <= 1e300))
        return er_fail(err, ER_E_USAGE, "the penalty of biases is %g, and must be 0 or more", lambda);
    struct er_baseline b = {0};
    enum er_status status = er_baseline_mean(train, &b, err);
    if (status != ER_OK) return status;
    const int64_t most = train->rows > train->columns ? train->rows : train->columns;
    struct half h = {
        .train = train, .b = &b, .lambda = lambda, .moved = er_alloc(most / BLOCK + 1, sizeof *h.moved)};
    if (!h.moved) {
        er_baseline_clear(&b);
        return er_fail(err, ER_E_NOMEM, "out of memory for biases of %" PRId64 " rows or columns", most);
    }
    double largest = 0, sum = 0;
    for (int64_t k = 0; k < train->n; k++) {
        const double r = fabs(train->value[k] - b.mean);
        largest = fmax(largest, r);
        sum += r;
    }
    for (double moved = largest; b.sweeps < SWEEPS && moved > movement * largest; b.sweeps++) {
        moved = run_half(&h, false, pool);
        moved = fmax(moved, run_half(&h, true, pool));
        moved = fmax(moved, level(train, &b));
    }
    measure(&h, sum);
    er_free(h.moved);
    *out = b;
    return ER_OK;
}

void er_baseline_residual(const struct er_baseline *b, const struct er_sparse *entries, double *residual)
{
    for (int64_t i = 0; i < entries->rows; i++)
        for (int64_t e = entries->row_start[i]; e < entries->row_start[i + 1]; e++)
            residual[e] = entries->value[e] - er_baseline_at(b, i, entries->column[e]);
}
