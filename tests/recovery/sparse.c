/* Entries of a matrix: every one is found by its row and by its column, in order; bad ones are refused. */
#include "t.h"

#include <ermine/random.h>
#include <ermine/recovery.h>

enum { ROWS = 37, COLUMNS = 53, N = 700 };

/* Distinct places in a random order; values say where they are. */
static void draw(int32_t row[N], int32_t column[N], double value[N])
{
    static bool taken[ROWS][COLUMNS];
    memset(taken, 0, sizeof taken);
    struct er_random r = er_random_open(3, er_stream(ER_PURPOSE_TEST, 0));
    for (int k = 0; k < N; k++) {
        do {
            row[k] = (int32_t)er_random_below(&r, ROWS - 1) + 1; /* row 0 stays empty */
            column[k] = (int32_t)er_random_below(&r, COLUMNS);
        } while (taken[row[k]][column[k]]);
        taken[row[k]][column[k]] = true;
        value[k] = row[k] * 1000 + column[k];
    }
}

static void check_order(void)
{
    int32_t row[N], column[N];
    double value[N];
    struct er_error err;
    struct er_sparse s;
    int64_t wrong = 0;
    draw(row, column, value);
    T_STATUS(er_sparse_new(ROWS, COLUMNS, N, row, column, value, &s, &err), ER_OK, "entries");
    T_OK(s.row_start[0] == 0 && s.row_start[1] == 0, "an empty row");
    T_OK(s.row_start[ROWS] == N && s.column_start[COLUMNS] == N, "all of them");
    for (int64_t i = 0; i < ROWS; i++)
        for (int64_t e = s.row_start[i]; e < s.row_start[i + 1]; e++)
            wrong += s.value[e] != (double)(i * 1000 + s.column[e]) ||
                     (e > s.row_start[i] && s.column[e] <= s.column[e - 1]);
    T_EQ_INT(wrong, 0, "by rows, columns rising");
    for (int64_t j = 0; j < COLUMNS; j++)
        for (int64_t p = s.column_start[j]; p < s.column_start[j + 1]; p++)
            wrong += s.value[s.entry[p]] != (double)(s.row[p] * 1000 + j) ||
                     (p > s.column_start[j] && s.row[p] <= s.row[p - 1]);
    T_EQ_INT(wrong, 0, "by columns, rows rising");
    er_sparse_row_indices(&s, row);
    for (int64_t e = 0; e < N; e++) {
        wrong += s.value[e] != (double)(row[e] * 1000 + s.column[e]);
        value[e] = s.value[e] + (e < 7 ? 10 : 0);
    }
    T_EQ_INT(wrong, 0, "the row of each");
    T_CLOSE(er_sparse_mean_square(&s, value), 1, 1e-15, "seven of 700 off by 10");
    er_sparse_clear(&s);
    draw(row, column, value);
    T_ALLOCATIONS(er_sparse_new(ROWS, COLUMNS, N, row, column, value, &s, &err), er_sparse_clear(&s),
                  "allocations");
}

static void check_bad(void)
{
    const int32_t row[] = {0, 1, 1}, column[] = {0, 2, 2};
    const double value[] = {1, 2, 3};
    struct er_error err;
    struct er_sparse s;
    T_STATUS(er_sparse_new(2, 3, 3, row, column, value, &s, &err), ER_E_INPUT, "a pair twice");
    T_EQ_STR(err.msg, "the entry (1, 2) is given twice", "which");
    T_STATUS(er_sparse_new(2, 2, 3, row, column, value, &s, &err), ER_E_INPUT, "outside");
    T_EQ_STR(err.msg, "entry 1 is at (1, 2), the matrix has 2 x 2", "where");
    T_STATUS(er_sparse_new(0, 2, 0, row, column, value, &s, &err), ER_E_SHAPE, "no rows");
    T_STATUS(er_sparse_new(2, 3, 0, row, column, value, &s, &err), ER_OK, "no entries");
    T_OK(isnan(er_sparse_mean_square(&s, NULL)), "and no mean of none");
    T_OK(s.n == 0 && s.row_start[2] == 0 && s.column_start[3] == 0, "are none");
    er_sparse_clear(&s);
}

int main(void)
{
    check_order();
    check_bad();
    return t_done();
}
