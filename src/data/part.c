/* part.c - the records of one part of a named set, from bytes to examples. */
#include "data/part.h"

#include "data/dataset.h"
#include "data/source.h"

#include <ermine/memory.h>
#include <inttypes.h>
#include <string.h>

static enum er_status check_shape(const struct er_set *set, struct er_shape got, struct er_error *err)
{
    const struct er_shape want = set->shape;
    if (got.height == want.height && got.width == want.width && got.channels == want.channels) return ER_OK;
    return er_fail(err, ER_E_INPUT,
                   "%s has examples of %" PRId64 " x %" PRId64 " x %" PRId64 ", this file of %" PRId64
                   " x %" PRId64 " x %" PRId64,
                   set->name, want.height, want.width, want.channels, got.height, got.width, got.channels);
}

static enum er_status open_idx(struct er_part *part, char *const *path, struct er_error *err)
{
    enum er_status status = er_idx_open(part->bytes[0], part->size[0], part->bytes[1], part->size[1],
                                        part->set->classes, &part->idx, err);
    if (status == ER_OK) status = check_shape(part->set, part->idx.shape, err);
    if (status != ER_OK) er_error_place(err, path[0], 0, 0);
    part->n = part->idx.n;
    return status;
}

static enum er_status open_cifar(struct er_part *part, char *const *path, struct er_error *err)
{
    part->batch = er_alloc(part->n_files, sizeof *part->batch);
    if (!part->batch) return er_fail(err, ER_E_NOMEM, "%s: out of memory", part->set->name);
    for (int64_t i = 0; i < part->n_files; i++) {
        enum er_status status =
            er_cifar_open(part->bytes[i], part->size[i], part->set->classes, &part->batch[i], err);
        if (status != ER_OK) {
            er_error_place(err, path[i], 0, 0);
            return status;
        }
        part->n += part->batch[i].n;
    }
    return ER_OK;
}

/* The table has one row of features for each example: they get the set's shape, classes and scale. */
static enum er_status open_csv(struct er_part *part, char *const *path, struct er_error *err)
{
    const struct er_set *set = part->set;
    struct er_columns table = {0};
    enum er_status status = er_csv_parse((const char *)part->bytes[0], part->size[0], &table, err);
    if (status == ER_OK) status = er_columns_dataset(&table, NULL, &part->whole, err);
    er_columns_clear(&table);
    if (status == ER_OK && part->whole.shape.channels != er_shape_size(set->shape))
        status = check_shape(set, part->whole.shape, err);
    if (status == ER_OK && part->whole.classes > set->classes)
        status = er_fail(err, ER_E_INPUT, "%s has %" PRId64 " classes, this file %" PRId64, set->name,
                         set->classes, part->whole.classes);
    if (status != ER_OK) {
        er_error_place(err, path[0], 0, 0);
        return status;
    }
    part->n = part->whole.n;
    part->whole.shape = set->shape;
    part->whole.classes = set->classes;
    const int64_t size = part->n * er_shape_size(set->shape);
    for (int64_t i = 0; i < size; i++) part->whole.x[i] = (float)((double)part->whole.x[i] * set->scale);
    return ER_OK;
}

static enum er_status open_format(struct er_part *part, char *const *path, struct er_error *err)
{
    switch (part->set->format) {
    case ER_SET_IDX:
        return open_idx(part, path, err);
    case ER_SET_CIFAR:
        return open_cifar(part, path, err);
    case ER_SET_CSV:
    case ER_SET_RATINGS:
        break;
    }
    return open_csv(part, path, err);
}

static void close_part(struct er_part *part)
{
    for (int64_t i = 0; part->bytes && i < part->n_files; i++) er_free(part->bytes[i]);
    er_free(part->bytes);
    er_free(part->size);
    er_free(part->batch);
    er_dataset_clear(&part->whole);
    *part = (struct er_part){0};
}

/* The unpacked bytes go into `hash`, in the order of the files. */
static enum er_status open_part(const struct er_set *set, const struct er_set_paths *paths, int which,
                                crypto_hash_sha256_state *hash, struct er_part *out, struct er_error *err)
{
    char *const *path = paths->path + (which ? paths->train : 0);
    const int64_t n_files = which ? paths->n - paths->train : paths->train;
    struct er_part part = {.set = set, .n_files = n_files};
    enum er_status status = ER_E_NOMEM;
    part.bytes = er_alloc(n_files, sizeof *part.bytes);
    part.size = er_alloc(n_files, sizeof *part.size);
    if (!part.bytes || !part.size) {
        er_fail(err, status, "%s: out of memory", set->name);
        goto fail;
    }
    for (int64_t i = 0; i < n_files; i++) {
        status = er_data_bytes(path[i], ER_SET_FILE_MAX, &part.bytes[i], &part.size[i], err);
        if (status != ER_OK) goto fail;
        crypto_hash_sha256_update(hash, part.bytes[i], part.size[i]);
    }
    status = open_format(&part, path, err);
    if (status != ER_OK) goto fail;
    *out = part;
    return ER_OK;
fail:
    close_part(&part);
    return status;
}

enum er_status er_part_each(const struct er_set *set, const struct er_set_paths *paths, er_part_visit *visit,
                            void *ctx, char hex[ER_SHA256_HEX], struct er_error *err)
{
    enum er_status status = ER_OK;
    crypto_hash_sha256_state hash;
    crypto_hash_sha256_init(&hash);
    for (int which = 0; which < 2; which++) {
        struct er_part part;
        status = open_part(set, paths, which, &hash, &part, err);
        if (status != ER_OK) return status;
        status = visit(ctx, which, &part, err);
        close_part(&part);
        if (status != ER_OK) return status;
    }
    er_hash_text(&hash, hex);
    return ER_OK;
}

/* The batch that holds record i, which becomes its number there. */
static const struct er_cifar *batch_of(const struct er_part *part, int64_t *i)
{
    const struct er_cifar *batch = part->batch;
    for (; *i >= batch->n; batch++) *i -= batch->n;
    return batch;
}

/* Writes record i to x, when x isn't NULL; returns its label. */
static int32_t read_record(const struct er_part *part, int64_t i, float *x)
{
    const int64_t d = er_shape_size(part->set->shape);
    switch (part->set->format) {
    case ER_SET_IDX:
        if (x) er_idx_read(&part->idx, i, x);
        return part->idx.label[i];
    case ER_SET_CIFAR: {
        const struct er_cifar *batch = batch_of(part, &i);
        return er_cifar_read(batch, i, x);
    }
    case ER_SET_CSV:
    case ER_SET_RATINGS:
        break;
    }
    if (x) memcpy(x, part->whole.x + i * d, (size_t)d * sizeof *x);
    return part->whole.label[i];
}

void er_part_labels(const struct er_part *part, int32_t *label)
{
    for (int64_t i = 0; i < part->n; i++) label[i] = read_record(part, i, NULL);
}

enum er_status er_part_take(const struct er_part *part, const int64_t *chosen, int64_t k,
                            struct er_dataset *out, struct er_error *err)
{
    struct er_dataset set;
    enum er_status status = er_dataset_new(k, part->set->shape, part->set->classes, &set, err);
    if (status != ER_OK) return status;
    const int64_t d = er_shape_size(set.shape);
    for (int64_t i = 0; i < k; i++) set.label[i] = read_record(part, chosen[i], set.x + i * d);
    *out = set;
    return ER_OK;
}
