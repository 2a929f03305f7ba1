/* regression_table.c - a .csv file whose target is a real number. */
#include "core/file.h"
#include "data/columns.h"
#include "data/dataset.h"
#include "data/regression.h"
#include "data/source.h"

#include <ermine/memory.h>
#include <string.h>

/* The target's name and, when there is one input, that one's; copies, in one block. */
static enum er_status take_names(const struct er_columns *table, int64_t target,
                                 struct er_regression_split *out, struct er_error *err)
{
    const char *x = table->columns == 2 ? table->name[!target] : "", *y = table->name[target];
    const size_t x_size = strlen(x) + 1, y_size = strlen(y) + 1;
    out->names = er_alloc((int64_t)(x_size + y_size), 1);
    if (!out->names) return er_fail(err, ER_E_NOMEM, "out of memory for the names of columns");
    out->x_name = memcpy(out->names, x, x_size);
    out->y_name = memcpy(out->names + x_size, y, y_size);
    return ER_OK;
}

static enum er_status check_values(const struct er_columns *table, int64_t target, struct er_error *err)
{
    for (int64_t r = 0; r < table->rows; r++)
        for (int64_t c = 0; c < table->columns; c++) {
            const char *flaw = er_feature_flaw(table->value[r * table->columns + c]);
            if (flaw) return er_columns_fail(table, r, c, c == target ? "target" : "value", flaw, err);
        }
    return ER_OK;
}

static enum er_status take(const struct er_columns *table, const struct er_data_spec *spec,
                           struct er_regression_split *out, struct er_error *err)
{
    int64_t target = 0, size[2];
    enum er_status status = er_columns_find(table, spec->target, &target, err);
    if (status == ER_OK) status = check_values(table, target, err);
    if (status == ER_OK) status = er_table_sizes(spec, table->rows, size, err);
    if (status == ER_OK) status = take_names(table, target, out, err);
    const struct er_regression_rows rows = {
        .value = table->value, .n = table->rows, .columns = table->columns, .target = target};
    return status == ER_OK ? er_regression_take(&rows, spec, size, false, out, err) : status;
}

enum er_status er_regression_table(const struct er_data_spec *spec, struct er_regression_split *out,
                                   struct er_error *err)
{
    unsigned char *bytes;
    size_t n;
    struct er_columns table = {0};
    enum er_status status = er_table_bytes(spec->file, &bytes, &n, out->checksum, err);
    if (status != ER_OK) return status;
    status = er_csv_parse((const char *)bytes, n, &table, err);
    er_free(bytes);
    if (status == ER_OK) status = take(&table, spec, out, err);
    if (status != ER_OK) er_error_place(err, spec->file, 0, 0);
    er_columns_clear(&table);
    return status;
}
