/* problem_ratings.c - a problem of completion from ratings: the beginning of one permutation of them is observed, what comes
 * next is held out. */
#include "recovery/chosen.h"

#include <ermine/memory.h>
#include <ermine/random.h>
#include <inttypes.h>

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
    const struct er_triples from = {ratings->rows, ratings->columns, ratings->row, ratings->column,
                                    ratings->value};
    enum er_status status = er_sparse_chosen(&from, train, order, &p.train, err);
    if (status == ER_OK)
        status = er_sparse_chosen(&from, test > 0 ? test : n - train, order + train, &p.test, err);
    er_free(order);
    if (status == ER_OK)
        *out = p;
    else
        er_recovery_clear(&p);
    return status;
}
