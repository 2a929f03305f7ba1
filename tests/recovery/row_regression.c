/* Regressions for rows of a factor that are singular: the least norm of what fits, by a closed form; and what becomes of it in
 * alternating least squares. */
#include "recovery/row_regression.h"

#include <ermine/als.h>

#include "support/completion.h"
#include "t.h"
#include <float.h>

static struct er_pool *pool;
static struct er_error err;

/* Rows across that are all multiples of one, v_e = c_e a: u = a (sum c_e y_e) / (sum c_e^2 |a|^2), whether a line has more
 * entries than columns or fewer. a and c are no numbers that cancel to the bit. */
static void check_singular(void)
{
    enum { LINES = 12, ACROSS = 9, RANK = 5 };
    struct er_recovery p = completion(LINES, ACROSS, 1, 70, 0.5, 3);
    const struct er_sparse_side side = er_sparse_rows(&p.train);
    struct er_row_regression r;
    double v[ACROSS * RANK], u[LINES * RANK], squared[LINES], a[RANK], length = 0;
    for (int k = 0; k < RANK; k++) {
        a[k] = sin(1.3 * k + 0.4);
        length += a[k] * a[k];
    }
    for (int i = 0; i < ACROSS * RANK; i++) v[i] = cos(2.1 * (double)(i / RANK) + 0.7) * a[i % RANK];
    T_STATUS(er_row_regression_open(&r, RANK, 0, false, pool, NULL, &err), ER_OK, "regressions");
    er_row_regression_run(&r, &side, p.train.value, v, u, squared);
    int few = 0;
    for (int64_t i = 0; i < LINES; i++) {
        double cy = 0, cc = 0, y2 = 0;
        for (int64_t e = side.start[i]; e < side.start[i + 1]; e++) {
            const double c = cos(2.1 * side.across[e] + 0.7), y = p.train.value[e];
            cy += c * y;
            cc += c * c;
            y2 += y * y;
        }
        few += side.start[i + 1] - side.start[i] < RANK;
        for (int k = 0; k < RANK; k++) /* the condition of a line is 1 / cc, and values are of about 1 */
            T_CLOSE(u[i * RANK + k], a[k] * cy / (cc * length), 1e3 * DBL_EPSILON / cc, "line %d, column %d",
                    (int)i, k);
        T_CLOSE(squared[i], y2 - cy * cy / cc, 1e4 * DBL_EPSILON * (1 + y2), "what it leaves");
    }
    T_OK(few > 0 && few < LINES, "%d lines of fewer entries than columns", few);
    er_row_regression_close(&r);
    er_recovery_clear(&p);
}

/* Rows without entries and with fewer than unknowns, lambda 0: the least norm, and nothing that is no number. */
static void check_few(void)
{
    static const int32_t row[] = {0, 0, 0, 2, 3, 3}, column[] = {0, 1, 2, 1, 0, 2};
    static const double value[] = {1, 2, 3, -1, 0.5, 4};
    struct er_recovery p = {.kind = ER_COMPLETION, .rows = 4, .columns = 3, .n = 6};
    struct er_als_options o = er_als_defaults();
    struct er_als_state state;
    struct er_factored x = {0};
    double w[12];
    o.rank = 3;
    o.lambda = o.tolerance = 0;
    T_STATUS(er_sparse_new(4, 3, 6, row, column, value, &p.train, &err), ER_OK, "entries");
    for (int start = 0; start < 2; start++) {
        o.start = start ? ER_ALS_GAUSSIAN : ER_ALS_SPECTRAL;
        T_STATUS(er_als(&p, &o, &x, &state, pool, NULL, &err), ER_OK, "few entries");
        er_factored_dense(&x, w);
        T_OK(er_recovery_loss(&p, w) < 1e-24, "all fit: %g", er_recovery_loss(&p, w));
        T_OK(fabs(w[3]) + fabs(w[4]) + fabs(w[5]) < 1e-12, "a row without entries is 0");
        T_OK(fabs(w[6]) < 100 && fabs(w[8]) < 100, "a row with one stays small: %g, %g", w[6], w[8]);
        er_factored_clear(&x);
    }
    er_recovery_clear(&p);
}

int main(void)
{
    pool = needed_pool(1);
    check_singular();
    check_few();
    er_pool_free(pool);
    return t_done();
}
