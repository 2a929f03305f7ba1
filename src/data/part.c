/* part.c - the records of one part of a named set, from bytes to examples. */
#include "data/part.h"

#include <ermine/memory.h>
#include <inttypes.h>

static const size_t largest_file = (size_t)1 << 30;

static enum er_status check_shape(const struct er_set *set, struct er_shape got, struct er_error *err)
{
    const struct er_shape want = set->shape;
    if (got.height == want.height && got.width == want.width && got.channels == want.channels) return ER_OK;
    return er_fail(err, ER_E_INPUT,
                   "%s has examples of %" PRId64 " x %" PRId64 " x %" PRId64 ", this file of %" PRId64
                   " x %" PRId64 " x %" PRId64,
                   set->name, want.height, want.width, want.channels, got.height, got.width, got.channels);
}

enum er_status er_part_open(const struct er_set *set, const struct er_set_paths *paths, int part,
                            crypto_hash_sha256_state *hash, struct er_part *out, struct er_error *err)
{
    char *const *path = paths->path + (part ? paths->train : 0);
    const int64_t n_files = part ? paths->n - paths->train : paths->train;
    struct er_part p = {.classes = set->classes, .n_files = n_files};
    size_t size[2] = {0};
    p.bytes = er_alloc(n_files, sizeof *p.bytes);
    if (!p.bytes) return er_fail(err, ER_E_NOMEM, "%s: out of memory", set->name);
    enum er_status status = ER_OK;
    for (int64_t i = 0; i < n_files && status == ER_OK; i++) {
        status = er_data_bytes(path[i], largest_file, &p.bytes[i], &size[i], err);
        if (status == ER_OK) crypto_hash_sha256_update(hash, p.bytes[i], size[i]);
    }
    if (status != ER_OK) goto fail;
    status = er_idx_open(p.bytes[0], size[0], p.bytes[1], size[1], set->classes, &p.idx, err);
    if (status == ER_OK) status = check_shape(set, p.idx.shape, err);
    if (status != ER_OK) goto fail;
    p.n = p.idx.n;
    *out = p;
    return ER_OK;
fail:
    er_error_place(err, path[0], 0, 0);
    er_part_close(&p);
    return status;
}

void er_part_labels(const struct er_part *part, int32_t *label)
{
    for (int64_t i = 0; i < part->n; i++) label[i] = part->idx.label[i];
}

enum er_status er_part_take(const struct er_part *part, const int64_t *chosen, int64_t k,
                            struct er_dataset *out, struct er_error *err)
{
    return er_idx_take(&part->idx, chosen, k, out, err);
}

void er_part_close(struct er_part *part)
{
    for (int64_t i = 0; part->bytes && i < part->n_files; i++) er_free(part->bytes[i]);
    er_free(part->bytes);
    *part = (struct er_part){0};
}
