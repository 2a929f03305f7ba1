/* gzip.c - members of a gzip file unpacked through a window, so that no size in the file is trusted. */
#define ZLIB_CONST
#include "data/gzip.h"

#include "core/buffer.h"

#include <ermine/memory.h>
#include <zlib.h>

enum { WINDOW = 1 << 16, GZIP_ONLY = 16, INPUT_AT_ONCE = 1 << 30 };

static voidpf take(voidpf ctx, uInt count, uInt size)
{
    (void)ctx;
    return er_alloc((int64_t)count, size);
}

static void give(voidpf ctx, voidpf block)
{
    (void)ctx;
    er_free(block);
}

bool er_gzip_is(const unsigned char *bytes, size_t n)
{
    return n >= 2 && bytes[0] == 0x1f && bytes[1] == 0x8b;
}

static enum er_status append(struct er_buffer *text, const unsigned char *bytes, size_t n, size_t limit,
                             struct er_error *err)
{
    if (n > limit - text->length)
        return er_fail(err, ER_E_LIMIT, "gzip: unpacks to more than the limit of %zu bytes", limit);
    er_buffer_add(text, (const char *)bytes, n);
    return text->status == ER_OK
               ? ER_OK
               : er_fail(err, text->status, "gzip: out of memory after %zu bytes", text->length);
}

/* Unpacks the member that begins at *at and moves *at behind it. */
static enum er_status unpack_member(z_stream *z, const unsigned char *bytes, size_t n, size_t *at,
                                    size_t limit, struct er_buffer *text, struct er_error *err)
{
    unsigned char window[WINDOW];
    for (;;) {
        const size_t left = n - *at;
        const uInt given = left < INPUT_AT_ONCE ? (uInt)left : INPUT_AT_ONCE;
        z->next_in = bytes + *at;
        z->avail_in = given;
        z->next_out = window;
        z->avail_out = WINDOW;
        const int said = inflate(z, Z_NO_FLUSH);
        *at += given - z->avail_in;
        const size_t made = WINDOW - z->avail_out;
        if (said == Z_MEM_ERROR) return er_fail(err, ER_E_NOMEM, "gzip: out of memory");
        if (said != Z_OK && said != Z_STREAM_END && said != Z_BUF_ERROR)
            return er_fail(err, ER_E_INPUT, "gzip: corrupt at byte %zu of %zu (%s)", *at, n,
                           z->msg ? z->msg : "not a gzip stream");
        enum er_status status = append(text, window, made, limit, err);
        if (status != ER_OK || said == Z_STREAM_END) return status;
        if (*at == n && made < WINDOW)
            return er_fail(err, ER_E_INPUT,
                           "gzip: the stream is cut off at byte %zu, after %zu unpacked bytes", n,
                           text->length);
    }
}

enum er_status er_gzip_unpack(const unsigned char *bytes, size_t n, size_t limit, unsigned char **out,
                              size_t *length, struct er_error *err)
{
    struct er_buffer text = {0};
    z_stream z = {.zalloc = take, .zfree = give};
    size_t at = 0;
    enum er_status status = ER_OK;
    if (!er_gzip_is(bytes, n)) return er_fail(err, ER_E_INPUT, "gzip: does not begin with the bytes 1f 8b");
    if (inflateInit2(&z, MAX_WBITS + GZIP_ONLY) != Z_OK)
        return er_fail(err, ER_E_NOMEM, "gzip: out of memory");
    do {
        inflateReset(&z);
        status = unpack_member(&z, bytes, n, &at, limit, &text, err);
    } while (status == ER_OK && er_gzip_is(bytes + at, n - at));
    inflateEnd(&z);
    if (status != ER_OK) goto fail;
    for (size_t i = at; i < n; i++)
        if (bytes[i] != 0) {
            status = er_fail(err, ER_E_INPUT,
                             "gzip: %zu bytes behind the last member are not gzip, from byte %zu", n - i, i);
            goto fail;
        }
    const size_t unpacked = text.length;
    char *data;
    status = er_buffer_take(&text, &data, err);
    if (status != ER_OK) return status;
    *out = (unsigned char *)data;
    *length = unpacked;
    return ER_OK;
fail:
    er_buffer_clear(&text);
    return status;
}
