/* problem_ratings.c - a problem of completion from ratings: the beginning of one permutation of them is observed, what comes
 * next is held out. */
#include <ermine/memory.h>
#include <ermine/random.h>
#include <ermine/recovery.h>
#include <inttypes.h>

static enum er_status take(const struct er_ratings *r, int64_t n, const int64_t *which, struct er_sparse *out,
                           struct er_error *err)
{
    int32_t *row = er_alloc(n, sizeof *row), *column = er_alloc(n, sizeof *column);
    double *value = er_alloc(n, sizeof *value);
    enum er_status status = ER_OK;
    if (row && column && value) {
        for (int64_t k = 0; k < n; k++) {
            row[k] = r->row[which[k]];
            column[k] = r->column[which[k]];
            value[k] = r->value[which[k]];
        }
        status = er_sparse_new(r->rows, r->columns, n, row, column, value, out, err);
    } else {
        status = er_fail(err, ER_E_NOMEM, "matrix recovery: out of memory for %" PRId64 " ratings", n);
    }
    er_free(row);
    er_free(column);
    er_free(value);
    return status;
}

enum er_status er_recovery_from_ratings(const struct er_ratings *ratings, int64_t train, int64_t test,
                                        uint64_t seed, struct er_recovery *out, struct er_error *err)
{
    const int64_t n = ratings->n;
    if (train < 1 || train > n || test < 0 || test > n - train)
        return er_fail(err, ER_E_USAGE,
                       "matrix recovery: %" PRId64 " ratings to be observed and %" PRId64
                       " to be held out, there are %" PRId64,
                       train, test, n);
    struct er_recovery p = {
        .kind = ER_COMPLETION, .rows = ratings->rows, .columns = ratings->columns, .n = train};
    struct er_random r = er_random_open(seed, er_stream(ER_PURPOSE_PLACES, 0));
    int64_t *order = er_alloc(n, sizeof *order);
    if (!order)
        return er_fail(err, ER_E_NOMEM, "matrix recovery: out of memory for the order of %" PRId64 " ratings",
                       n);
    er_random_permutation(&r, n, order);
    enum er_status status = take(ratings, train, order, &p.train, err);
    if (status == ER_OK) status = take(ratings, test > 0 ? test : n - train, order + train, &p.test, err);
    er_free(order);
    if (status == ER_OK)
        *out = p;
    else
        er_recovery_clear(&p);
    return status;
}
