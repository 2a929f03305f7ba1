/* Fuzzes ratings in text and in Matrix Market files: pairs sorted, none twice, finite, memory bounded by the text. */
#include "data/ratings.h"

#include <math.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void check(const struct er_ratings *r)
{
    for (int64_t k = 0; k < r->n; k++) {
        if (!isfinite(r->value[k])) __builtin_trap();
        if (r->row[k] < 0 || r->row[k] >= r->rows || r->column[k] < 0 || r->column[k] >= r->columns)
            __builtin_trap();
        if (k == 0 || r->row[k] > r->row[k - 1]) continue;
        if (r->row[k] < r->row[k - 1] || r->column[k] <= r->column[k - 1]) __builtin_trap();
    }
    for (int64_t i = 0; i < r->rows; i++)
        if (!r->row_name[i][0]) __builtin_trap();
    for (int64_t j = 0; j < r->columns; j++)
        if (!r->column_name[j][0]) __builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    for (int64_t most = 0; most < 3; most++) {
        struct er_rating_list list = {0};
        struct er_ratings ratings;
        struct er_error err;
        if (er_ratings_read((const char *)bytes, n, &list, &err) != ER_OK) {
            er_rating_list_clear(&list);
            return 0;
        }
        if ((uint64_t)list.n > n || (uint64_t)list.room > n + 1) __builtin_trap();
        if (er_rating_list_settle(&list, most, most, &ratings, &err) != ER_OK) continue;
        check(&ratings);
        er_ratings_clear(&ratings);
    }
    return 0;
}
