/* hold_out.c - observed entries held out from a problem of completion: a permutation says which. */
#include <ermine/factored.h>

#include <ermine/memory.h>
#include <ermine/random.h>
#include <inttypes.h>
#include <math.h>

struct triples {
    int32_t *row, *column;
    double *value;
};

static bool take(const struct er_sparse *from, int64_t n, const int64_t *which, const int32_t *row_of,
                 struct triples *out)
{
    out->row = er_alloc(n, sizeof *out->row);
    out->column = er_alloc(n, sizeof *out->column);
    out->value = er_alloc(n, sizeof *out->value);
    if (!out->row || !out->column || !out->value) return false;
    for (int64_t k = 0; k < n; k++) {
        out->row[k] = row_of[which[k]];
        out->column[k] = from->column[which[k]];
        out->value[k] = from->value[which[k]];
    }
    return true;
}

static enum er_status sort_out(const struct er_sparse *from, int64_t n, const int64_t *which,
                               const int32_t *row_of, struct er_sparse *out, struct er_error *err)
{
    struct triples t = {0};
    enum er_status status =
        take(from, n, which, row_of, &t)
            ? er_sparse_new(from->rows, from->columns, n, t.row, t.column, t.value, out, err)
            : er_fail(err, ER_E_NOMEM, "hold out: out of memory for %" PRId64 " entries", n);
    er_free(t.row);
    er_free(t.column);
    er_free(t.value);
    return status;
}

enum er_status er_recovery_hold_out(const struct er_recovery *problem, double share, uint64_t seed,
                                    struct er_recovery *out, struct er_error *err)
{
    const struct er_sparse *all = &problem->train;
    if (problem->kind != ER_COMPLETION)
        return er_fail(err, ER_E_UNSUPPORTED, "hold out: a problem of sensing has no entries to hold out");
    const int64_t kept = all->n - (int64_t)llround(share * (double)all->n);
    if (!(share > 0 && share < 1) || kept < 1 || kept >= all->n)
        return er_fail(err, ER_E_USAGE,
                       "hold out: a share of %g of %" PRId64 " entries leaves one part without any", share,
                       all->n);
    struct er_recovery made = {
        .kind = ER_COMPLETION, .rows = problem->rows, .columns = problem->columns, .n = kept};
    int64_t *order = er_alloc(all->n, sizeof *order);
    int32_t *row_of = er_alloc(all->n, sizeof *row_of);
    enum er_status status = ER_OK;
    if (!order || !row_of) {
        status = er_fail(err, ER_E_NOMEM, "hold out: out of memory for %" PRId64 " entries", all->n);
    } else {
        struct er_random random = er_random_open(seed, er_stream(ER_PURPOSE_VALIDATION, 0));
        er_random_permutation(&random, all->n, order);
        for (int64_t i = 0; i < all->rows; i++)
            for (int64_t e = all->row_start[i]; e < all->row_start[i + 1]; e++) row_of[e] = (int32_t)i;
        status = sort_out(all, kept, order, row_of, &made.train, err);
        if (status == ER_OK) status = sort_out(all, all->n - kept, order + kept, row_of, &made.test, err);
    }
    er_free(order);
    er_free(row_of);
    if (status == ER_OK)
        *out = made;
    else
        er_recovery_clear(&made);
    return status;
}
