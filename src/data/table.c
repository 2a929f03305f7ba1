/* table.c - a split of a user's file: .csv, .csv.gz (one column is the label) or .npz (arrays x and y).
 *
 * A file has no test part of its own: all parts come from its rows, n without those that go to the others. Where
 * the sizes are 0, training takes floor(4 n / 5) rows and the test the rest; where one size is given, the other
 * part takes what is left.
 */
#include "core/file.h"
#include "data/choose.h"
#include "data/dataset.h"
#include "data/source.h"

#include <ermine/memory.h>
#include <ermine/random.h>
#include <inttypes.h>
#include <string.h>

static const size_t largest_table = (size_t)4 << 30;
static const size_t largest_array = (size_t)2 << 30; /* as doubles; those of CIFAR-10 take 1.5 GB */

enum er_status er_table_bytes(const char *path, unsigned char **bytes, size_t *n, char hex[ER_SHA256_HEX],
                              struct er_error *err)
{
    enum er_status status = er_data_bytes(path, largest_table, bytes, n, err);
    if (status == ER_OK) er_sha256(*bytes, *n, hex);
    return status;
}

/* Both parsers free the file's bytes as soon as its numbers are out of them. */
static enum er_status parse_csv(unsigned char *bytes, size_t n, const char *target, struct er_dataset *out,
                                struct er_error *err)
{
    struct er_columns table = {0};
    enum er_status status = er_csv_parse((const char *)bytes, n, &table, err);
    er_free(bytes);
    if (status == ER_OK) status = er_columns_dataset(&table, target, out, err);
    er_columns_clear(&table);
    return status;
}

static enum er_status parse_npz(unsigned char *bytes, size_t n, struct er_dataset *out, struct er_error *err)
{
    struct er_array x = {0};
    struct er_array y = {0};
    enum er_status status = er_npz_parse(bytes, n, "x", largest_array, &x, err);
    if (status == ER_OK) status = er_npz_parse(bytes, n, "y", largest_array, &y, err);
    er_free(bytes);
    if (status == ER_OK) status = er_array_dataset(&x, &y, out, err);
    er_array_clear(&x);
    er_array_clear(&y);
    return status;
}

/* Which of the two formats the name says. */
static enum er_status check_name(const struct er_data_spec *spec, bool *csv, struct er_error *err)
{
    *csv = er_path_ends(spec->file, ".csv") || er_path_ends(spec->file, ".csv.gz");
    if (!*csv && !er_path_ends(spec->file, ".npz"))
        return er_fail(err, ER_E_USAGE, "%s: a data file ends in .csv, .csv.gz or .npz", spec->file);
    if (!*csv && spec->target)
        return er_fail(err, ER_E_USAGE, "%s: the label is array y; a target column (\"%s\") is for .csv",
                       spec->file, spec->target);
    return ER_OK;
}

static enum er_status parse(const struct er_data_spec *spec, struct er_dataset *out, char hex[ER_SHA256_HEX],
                            struct er_error *err)
{
    unsigned char *bytes = NULL;
    size_t n = 0;
    bool csv;
    enum er_status status = check_name(spec, &csv, err);
    if (status == ER_OK) status = er_table_bytes(spec->file, &bytes, &n, hex, err);
    if (status != ER_OK) return status;
    status = csv ? parse_csv(bytes, n, spec->target, out, err) : parse_npz(bytes, n, out, err);
    if (status != ER_OK) er_error_place(err, spec->file, 0, 0);
    return status;
}

enum er_status er_table_sizes(const struct er_data_spec *spec, int64_t n, int64_t size[2],
                              struct er_error *err)
{
    size[0] = spec->train;
    size[1] = spec->test;
    if (spec->no_test) {
        size[0] = size[0] ? size[0] : n;
        size[1] = 0;
        if (size[0] > 0 && size[0] <= n) return ER_OK;
        return er_fail(err, ER_E_USAGE,
                       "%s: has %" PRId64 " example%s%s, too few for %" PRId64 " of training", spec->file, n,
                       n == 1 ? "" : "s", spec->only ? " of the classes that are kept" : "",
                       spec->train ? spec->train : 1);
    }
    if (!size[0]) size[0] = size[1] ? n - size[1] : n / 5 * 4 + n % 5 * 4 / 5;
    if (!size[1]) size[1] = n - size[0];
    if (size[0] > 0 && size[1] > 0 && size[0] <= n - size[1]) return ER_OK;
    return er_fail(err, ER_E_USAGE,
                   "%s: has %" PRId64 " example%s%s, too few for %s%" PRId64 " of training and %s%" PRId64
                   " of test",
                   spec->file, n, n == 1 ? "" : "s", spec->only ? " of the classes that are kept" : "",
                   spec->train ? "" : "at least ", spec->train ? spec->train : 1,
                   spec->test ? "" : "at least ", spec->test ? spec->test : 1);
}

static enum er_status take_rows(const struct er_dataset *whole, int which, struct er_parts *parts, int64_t k,
                                struct er_error *err)
{
    struct er_dataset *set = &parts->set[which];
    const size_t d = (size_t)er_shape_size(whole->shape);
    enum er_status status = er_dataset_new(k, whole->shape, whole->classes, set, err);
    if (status != ER_OK) return status;
    for (int64_t i = 0; i < k; i++) {
        const int64_t row = parts->record[which][i];
        memcpy(set->x + (size_t)i * d, whole->x + (size_t)row * d, d * sizeof *set->x);
        set->label[i] = whole->label[row];
    }
    return ER_OK;
}

/* Which rows go where: those of classes that are kept, each part a random choice, or the first ones. */
static enum er_status choose_rows(const struct er_data_spec *spec, const struct er_only *only,
                                  const struct er_dataset *whole, int64_t size[ER_PARTS], int64_t *chosen,
                                  struct er_error *err)
{
    int32_t *label = er_alloc(whole->n, sizeof *label);
    if (!label) return er_fail(err, ER_E_NOMEM, "%s: out of memory", spec->file);
    memcpy(label, whole->label, (size_t)whole->n * sizeof *label);
    enum er_status status =
        er_table_sizes(spec, er_only_leave_out(only, whole->n, label) - spec->others, size, err);
    size[ER_PART_OTHERS] = spec->others;
    const struct er_choice choice = {.seed = spec->seed,
                                     .stream = er_stream(ER_PURPOSE_SPLIT, 0),
                                     .first = spec->first,
                                     .stratify = spec->stratify,
                                     .balance = spec->balance,
                                     .as_they_come = 1,
                                     .n = whole->n,
                                     .classes = whole->classes,
                                     .label = label};
    if (status == ER_OK) status = er_choose(&choice, ER_PARTS, size, chosen, err);
    er_free(label);
    return status;
}

enum er_status er_table_take(const struct er_data_spec *spec, struct er_only *only, struct er_parts *out,
                             char hex[ER_SHA256_HEX], struct er_error *err)
{
    struct er_dataset whole = {0};
    struct er_parts parts = {.one_source = true};
    int64_t size[ER_PARTS] = {0};
    int64_t *chosen = NULL;
    enum er_status status = parse(spec, &whole, hex, err);
    if (status == ER_OK) status = er_only_read(spec->only, spec->file, whole.classes, only, err);
    if (status != ER_OK) goto done;
    chosen = er_alloc(whole.n, sizeof *chosen);
    if (!chosen) {
        status = er_fail(err, ER_E_NOMEM, "%s: out of memory", spec->file);
        goto done;
    }
    status = choose_rows(spec, only, &whole, size, chosen, err);
    int64_t at = 0;
    for (int which = 0; which < ER_PARTS && status == ER_OK; at += size[which++]) {
        if (size[which] == 0) continue;
        status = er_parts_number(&parts, which, size[which], err);
        if (status != ER_OK) break;
        memcpy(parts.record[which], chosen + at, (size_t)size[which] * sizeof *chosen);
        status = take_rows(&whole, which, &parts, size[which], err);
    }
    if (status == ER_OK) {
        *out = parts;
        parts = (struct er_parts){0};
    }
done:
    er_parts_clear(&parts);
    er_free(chosen);
    er_dataset_clear(&whole);
    return status;
}

enum er_status er_table_checksum(const char *path, char hex[ER_SHA256_HEX], struct er_error *err)
{
    unsigned char *bytes;
    size_t n;
    enum er_status status = er_table_bytes(path, &bytes, &n, hex, err);
    if (status == ER_OK) er_free(bytes);
    return status;
}
