/* npz.c - one array out of NumPy's zip of .npy files.
 *
 * libarchive reads the zip from memory. Only stored and deflated members are unpacked, which is all that
 * NumPy writes: other methods would bring decompressors with memory needs of their own. Members other than
 * the one asked for are never unpacked, and a zip inside the zip is a member like any other. A few bytes of
 * deflate may hold many: the array's own header is read first and says how many are to come.
 */
#include "core/buffer.h"
#include "data/npy.h"
#include "data/recognise.h"
#include "data/shown.h"

#include <archive.h>
#include <archive_entry.h>
#include <ermine/memory.h>
#include <locale.h>
#include <string.h>

enum { WINDOW = 1 << 16, MEMBERS_MAX = 10000 };

static const char *reason(struct archive *zip)
{
    const char *text = archive_error_string(zip);
    return text ? text : "malformed";
}

/* The length of a member's name without ".npy"; 0 when it is no array. */
static size_t array_name(const char *path)
{
    const size_t n = path ? strlen(path) : 0;
    return n > 4 && strcmp(path + n - 4, ".npy") == 0 ? n - 4 : 0;
}

static enum er_status fail_not_found(const char *name, struct er_buffer *names, struct er_error *err)
{
    char shown[ER_SHOWN];
    char *list;
    enum er_status status = er_buffer_take(names, &list, err);
    if (status != ER_OK) return status;
    er_fail(err, ER_E_NOT_FOUND, "npz: no array is named \"%s\"; %s%s",
            er_text_shown(name, strlen(name), shown), *list ? "there are " : "there are none", list);
    er_free(list);
    return ER_E_NOT_FOUND;
}

/* Goes to the member NAME.npy. A warning means that the member and the directory disagree. */
static enum er_status find_member(struct archive *zip, const char *name, struct er_error *err)
{
    char shown[ER_SHOWN];
    struct er_buffer names = {0};
    enum er_status status = ER_OK;
    for (int members = 0;; members++) {
        struct archive_entry *entry;
        const int said = archive_read_next_header(zip, &entry);
        if (said == ARCHIVE_EOF) return fail_not_found(name, &names, err);
        if (said != ARCHIVE_OK && said != ARCHIVE_WARN) {
            status = er_fail(err, ER_E_INPUT, "npz: %s", reason(zip));
            break;
        }
        if (members == MEMBERS_MAX) {
            status = er_fail(err, ER_E_LIMIT, "npz: more than %d members", MEMBERS_MAX);
            break;
        }
        const char *path = archive_entry_pathname_utf8(entry);
        if (!path) path = archive_entry_pathname(entry);
        const size_t length = array_name(path);
        if (length == 0 || archive_entry_filetype(entry) != AE_IFREG) continue;
        if (length == strlen(name) && memcmp(path, name, length) == 0) {
            if (said == ARCHIVE_WARN) status = er_fail(err, ER_E_INPUT, "npz: %s", reason(zip));
            break;
        }
        er_buffer_format(&names, "%s%s", names.length ? ", " : "", er_text_shown(path, length, shown));
    }
    er_buffer_clear(&names);
    return status;
}

/* Unpacks until there are more than `enough` bytes, or to the end; *whole says which. */
static enum er_status unpack_some(struct archive *zip, size_t enough, struct er_buffer *bytes, bool *whole,
                                  struct er_error *err)
{
    char window[WINDOW];
    *whole = false;
    while (!*whole && bytes->length <= enough) {
        const la_ssize_t got = archive_read_data(zip, window, sizeof window);
        if (got < 0) return er_fail(err, ER_E_INPUT, "npz: %s", reason(zip));
        er_buffer_add(bytes, window, (size_t)got);
        if (bytes->status != ER_OK) return er_fail(err, bytes->status, "npz: out of memory");
        *whole = got == 0;
    }
    return ER_OK;
}

static enum er_status unpack(struct archive *zip, size_t limit, struct er_buffer *bytes, struct er_error *err)
{
    const char *format = archive_format_name(zip);
    if (!format || (!strstr(format, "(uncompressed)") && !strstr(format, "(deflation)")))
        return er_fail(err, ER_E_INPUT, "npz: a member is neither stored nor deflated: %s",
                       format ? format : "unknown");
    size_t length = 0;
    bool whole;
    enum er_status status = unpack_some(zip, ER_NPY_FRONT, bytes, &whole, err);
    if (status == ER_OK)
        status = er_npy_length((const unsigned char *)bytes->data, bytes->length, limit, &length, err);
    if (status == ER_OK && !whole) status = unpack_some(zip, length, bytes, &whole, err);
    if (status == ER_OK && !whole)
        status = er_fail(err, ER_E_INPUT, "npz: the array goes on behind the %zu bytes that its header says",
                         length);
    return status;
}

static enum er_status read_member(struct archive *zip, const unsigned char *bytes, size_t n, const char *name,
                                  size_t limit, struct er_buffer *member, struct er_error *err)
{
    if (archive_read_support_format_zip_seekable(zip) != ARCHIVE_OK ||
        archive_read_open_memory(zip, bytes, n) != ARCHIVE_OK)
        return er_fail(err, ER_E_INPUT, "npz: %s", reason(zip));
    enum er_status status = find_member(zip, name, err);
    return status == ER_OK ? unpack(zip, limit, member, err) : status;
}

enum er_status er_npz_parse(const unsigned char *bytes, size_t n, const char *name, size_t limit,
                            struct er_array *out, struct er_error *err)
{
    struct er_buffer member = {0};
    if (n < 4 || memcmp(bytes, "PK", 2) != 0)
        return er_fail(err, ER_E_INPUT, "npz: the file does not begin as a zip does%s",
                       er_data_looks(bytes, n));
    struct archive *zip = archive_read_new();
    if (!zip) return er_fail(err, ER_E_NOMEM, "npz: out of memory");
    /* libarchive converts names to the locale's characters; where they are not UTF-8, some would be lost. */
    locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    locale_t before = utf8 ? uselocale(utf8) : (locale_t)0;
    enum er_status status = read_member(zip, bytes, n, name, limit, &member, err);
    if (status == ER_OK) status = er_npy_parse((const unsigned char *)member.data, member.length, out, err);
    archive_read_free(zip);
    if (utf8) {
        uselocale(before);
        freelocale(utf8);
    }
    er_buffer_clear(&member);
    return status;
}
