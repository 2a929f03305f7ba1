/* hold_out.c - observed entries held out from a problem of completion: a permutation says which. */
#include "recovery/chosen.h"

#include <ermine/factored.h>
#include <ermine/memory.h>
#include <ermine/random.h>
#include <inttypes.h>
#include <math.h>

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
    int32_t *row = er_alloc(all->n, sizeof *row);
    enum er_status status = ER_OK;
    if (!order || !row) {
        status = er_fail(err, ER_E_NOMEM, "hold out: out of memory for %" PRId64 " entries", all->n);
    } else {
        struct er_random random = er_random_open(seed, er_stream(ER_PURPOSE_VALIDATION, 0));
        er_random_permutation(&random, all->n, order);
        er_sparse_row_indices(all, row);
        const struct er_triples from = {all->rows, all->columns, row, all->column, all->value};
        status = er_sparse_chosen(&from, kept, order, &made.train, err);
        if (status == ER_OK) status = er_sparse_chosen(&from, all->n - kept, order + kept, &made.test, err);
    }
    er_free(order);
    er_free(row);
    if (status == ER_OK)
        *out = made;
    else
        er_recovery_clear(&made);
    return status;
}
