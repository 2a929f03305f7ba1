/* tfrecord.c - lengths, checksums, bytes. */
#include "pgdl/tfrecord.h"

#include "data/recognise.h"
#include "pgdl/crc32c.h"

#include <inttypes.h>

enum { FRONT = 12, BACK = 4 };

static uint64_t little_endian(const unsigned char *b, int n)
{
    uint64_t value = 0;
    for (int i = 0; i < n; i++) value |= (uint64_t)b[i] << 8 * i;
    return value;
}

/* The length of the record at `at`, whose front and end are in the file. */
static enum er_status length_at(const struct er_tfrecords *f, size_t *length, struct er_error *err)
{
    const unsigned char *b = f->bytes + f->at;
    const size_t left = f->n - f->at;
    if (left < FRONT + BACK)
        return er_fail(err, ER_E_INPUT,
                       "record %" PRId64 " at byte %zu: %zu bytes are left, a record has %d and more%s",
                       f->record + 1, f->at, left, FRONT + BACK, f->record ? "" : er_data_looks(b, left));
    const uint64_t n = little_endian(b, 8);
    if (n > left - (FRONT + BACK))
        return er_fail(err, ER_E_INPUT,
                       "record %" PRId64 " at byte %zu: it is to have %" PRIu64 " bytes, %zu are left%s",
                       f->record + 1, f->at, n, left - (FRONT + BACK),
                       f->record ? "" : er_data_looks(b, left));
    *length = (size_t)n;
    return ER_OK;
}

static enum er_status check(const struct er_tfrecords *f, const unsigned char *bytes, size_t n,
                            const char *what, struct er_error *err)
{
    const uint32_t want = (uint32_t)little_endian(bytes + n, 4), got = er_crc32c_masked(bytes, n);
    if (got == want) return ER_OK;
    return er_fail(err, ER_E_INPUT,
                   "record %" PRId64 " at byte %zu: the checksum of its %s is %08" PRIx32 ", not %08" PRIx32,
                   f->record + 1, f->at, what, got, want);
}

enum er_status er_tfrecord_next(struct er_tfrecords *f, struct er_wire *out, bool *more, struct er_error *err)
{
    size_t length = 0;
    if (f->at == f->n) {
        *more = false;
        return ER_OK;
    }
    const unsigned char *b = f->bytes + f->at;
    enum er_status status = length_at(f, &length, err);
    if (status == ER_OK) status = check(f, b, 8, "length", err);
    if (status == ER_OK) status = check(f, b + FRONT, length, "bytes", err);
    if (status != ER_OK) return status;
    *out = er_wire_of(b + FRONT, length);
    *more = true;
    f->at += FRONT + length + BACK;
    f->record++;
    return ER_OK;
}

enum er_status er_tfrecord_count(const unsigned char *bytes, size_t n, int64_t *out, struct er_error *err)
{
    struct er_tfrecords f = {.bytes = bytes, .n = n};
    while (f.at < f.n) {
        size_t length = 0;
        const enum er_status status = length_at(&f, &length, err);
        if (status != ER_OK) return status;
        f.at += FRONT + length + BACK;
        f.record++;
    }
    *out = f.record;
    return ER_OK;
}
