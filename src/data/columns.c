/* columns.c - a table of numbers, and the classification set in it: one column holds the class, the others
 * are features. */
#include "data/columns.h"

#include "core/buffer.h"
#include "core/number.h"
#include "data/dataset.h"
#include "data/shown.h"

#include <ermine/memory.h>
#include <inttypes.h>
#include <string.h>

enum { LISTED_MAX = 20 }; /* columns that a message lists by name */

void er_columns_clear(struct er_columns *table)
{
    for (int64_t i = 0; table->name && i < table->columns; i++) er_free(table->name[i]);
    er_free(table->name);
    er_free(table->value);
    *table = (struct er_columns){0};
}

static enum er_status fail_target(const struct er_columns *t, const char *target, struct er_error *err)
{
    char shown[ER_SHOWN];
    struct er_buffer text = {0};
    er_buffer_format(&text, "no column is named \"%s\"", er_text_shown(target, strlen(target), shown));
    const char *nearest = er_nearest(target, (const char *const *)t->name, t->columns);
    if (nearest) er_buffer_format(&text, "; is it \"%s\"?", er_text_shown(nearest, strlen(nearest), shown));
    er_buffer_text(&text, nearest ? " " : ". ");
    if (t->columns > LISTED_MAX) er_buffer_format(&text, "The table has %" PRId64 " columns", t->columns);
    for (int64_t i = 0; i < t->columns && t->columns <= LISTED_MAX; i++)
        er_buffer_format(&text, "%s %s", i ? "," : "The columns are",
                         er_text_shown(t->name[i], strlen(t->name[i]), shown));
    char *message;
    enum er_status status = er_buffer_take(&text, &message, err);
    if (status != ER_OK) return status;
    er_fail(err, ER_E_NOT_FOUND, "%s", message);
    er_free(message);
    return ER_E_NOT_FOUND;
}

enum er_status er_columns_find(const struct er_columns *t, const char *target, int64_t *column,
                               struct er_error *err)
{
    char shown[ER_SHOWN];
    if (t->columns < 2 || t->rows < 1)
        return er_fail(err, ER_E_INPUT,
                       "a table of %" PRId64 " rows and %" PRId64
                       " columns; a feature, a label and a row are the least",
                       t->rows, t->columns);
    int64_t found = target ? -1 : t->columns - 1;
    for (int64_t i = 0; target && i < t->columns; i++) {
        if (strcmp(t->name[i], target) != 0) continue;
        if (found >= 0)
            return er_fail(err, ER_E_INPUT,
                           "the target \"%s\" is the name of columns %" PRId64 " and %" PRId64,
                           er_text_shown(target, strlen(target), shown), found + 1, i + 1);
        found = i;
    }
    if (found < 0) return fail_target(t, target, err);
    *column = found;
    return ER_OK;
}

enum er_status er_columns_fail(const struct er_columns *t, int64_t row, int64_t column, const char *what,
                               const char *flaw, struct er_error *err)
{
    char shown[ER_SHOWN];
    char number[ER_NUMBER_TEXT];
    const double value = t->value[row * t->columns + column];
    const bool missing = value != value;
    return er_fail(err, ER_E_INPUT, "row %" PRId64 ", column %s: the %s%s%s %s", row + 1,
                   er_text_shown(t->name[column], strlen(t->name[column]), shown), what, missing ? "" : " ",
                   missing ? "" : er_number_text(value, number), flaw);
}

enum er_status er_columns_dataset(const struct er_columns *t, const char *target, struct er_dataset *out,
                                  struct er_error *err)
{
    int64_t column = 0;
    struct er_dataset set = {0};
    enum er_status status = er_columns_find(t, target, &column, err);
    if (status != ER_OK) return status;
    const struct er_shape shape = {.height = 1, .width = 1, .channels = t->columns - 1};
    status = er_dataset_new(t->rows, shape, 0, &set, err);
    if (status != ER_OK) return status;
    for (int64_t r = 0; r < t->rows; r++) {
        float *x = set.x + r * shape.channels;
        for (int64_t c = 0; c < t->columns; c++) {
            const double value = t->value[r * t->columns + c];
            const char *flaw = c == column ? er_label_flaw(value) : er_feature_flaw(value);
            if (flaw) {
                status = er_columns_fail(t, r, c, c == column ? "label" : "value", flaw, err);
                goto fail;
            }
            if (c == column)
                set.label[r] = (int32_t)value;
            else
                *x++ = (float)value;
        }
    }
    status = er_dataset_count_classes(&set, "", err);
    if (status != ER_OK) goto fail;
    *out = set;
    return ER_OK;
fail:
    er_dataset_clear(&set);
    return status;
}
