/* npz_write.c - npy headers and values, put into a zip by libarchive.
 *
 * Source: NumPy enhancement proposal 1 (the npy format).
 */
#include "data/npz_write.h"

#include "core/file.h"

#include <archive.h>
#include <archive_entry.h>
#include <ermine/memory.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "values are written as they are in memory"
#endif

enum { HEADER = 128, FRONT = 10, BLOCK = 1 << 20 }; /* a header of version 1.0, with the bytes before it */

struct writing {
    const char *path;
    const struct er_npz_matrix *matrix;
    int64_t n;
    const struct er_progress *progress;
    struct archive *zip;
};

static enum er_status fail_zip(const struct writing *w, struct er_error *err)
{
    const int error = archive_errno(w->zip);
    return er_fail_errno(err, error > 0 ? error : EIO, w->path, "cannot write");
}

static void make_header(const struct er_npz_matrix *m, char out[HEADER])
{
    char shape[64], text[HEADER];
    if (m->flat)
        snprintf(shape, sizeof shape, "(%" PRId64 ",)", m->rows);
    else
        snprintf(shape, sizeof shape, "(%" PRId64 ", %" PRId64 ")", m->rows, m->columns);
    const int n =
        snprintf(text, sizeof text, "{'descr': '<f8', 'fortran_order': False, 'shape': %s, }", shape);
    memset(out, ' ', HEADER);
    memcpy(out, "\x93NUMPY\x01", 8); /* with the NUL: version 1.0 */
    out[8] = HEADER - FRONT;
    out[9] = 0;
    memcpy(out + FRONT, text, (size_t)n); /* two sizes of 19 digits at most: it fits */
    out[HEADER - 1] = '\n';
}

static enum er_status put_data(const struct writing *w, const void *bytes, size_t n, struct er_error *err)
{
    const char *at = bytes;
    while (n > 0) {
        const la_ssize_t put = archive_write_data(w->zip, at, n);
        if (put <= 0) return fail_zip(w, err);
        at += put;
        n -= (size_t)put;
    }
    return ER_OK;
}

static enum er_status put_rows(const struct writing *w, const struct er_npz_matrix *m, struct er_error *err)
{
    double *rows = er_alloc(m->together, (size_t)m->columns * sizeof *rows);
    enum er_status status = ER_OK;
    if (!rows) return er_fail(err, ER_E_NOMEM, "%s: out of memory for rows of %s", w->path, m->name);
    for (int64_t from = 0; from < m->rows && status == ER_OK; from += m->together) {
        const int64_t n = m->rows - from < m->together ? m->rows - from : m->together;
        m->read(m->ctx, from, n, rows);
        status = put_data(w, rows, (size_t)(n * m->columns) * sizeof *rows, err);
        if (status == ER_OK && er_progress_stopped(w->progress))
            status = er_fail(err, ER_E_STOPPED, "%s: interrupted", w->path);
    }
    er_free(rows);
    return status;
}

static enum er_status put_member(const struct writing *w, const struct er_npz_matrix *m, struct er_error *err)
{
    char name[256], header[HEADER];
    struct archive_entry *entry = archive_entry_new();
    if (!entry) return er_fail(err, ER_E_NOMEM, "%s: out of memory", w->path);
    snprintf(name, sizeof name, "%s.npy", m->name);
    archive_entry_set_pathname(entry, name);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_size(entry, HEADER + m->rows * m->columns * (int64_t)sizeof(double));
    const int said = archive_write_header(w->zip, entry);
    archive_entry_free(entry);
    if (said != ARCHIVE_OK) return fail_zip(w, err);
    make_header(m, header);
    enum er_status status = put_data(w, header, HEADER, err);
    return status == ER_OK ? put_rows(w, m, err) : status;
}

static enum er_status put_zip(void *ctx, int fd, struct er_error *err)
{
    struct writing *w = ctx;
    w->zip = archive_write_new();
    if (!w->zip) return er_fail(err, ER_E_NOMEM, "%s: out of memory", w->path);
    enum er_status status = ER_OK;
    if (archive_write_set_format_zip(w->zip) != ARCHIVE_OK ||
        archive_write_set_options(w->zip, "zip:compression=store") != ARCHIVE_OK ||
        archive_write_set_bytes_per_block(w->zip, BLOCK) != ARCHIVE_OK ||
        archive_write_set_bytes_in_last_block(w->zip, 1) != ARCHIVE_OK ||
        archive_write_open_fd(w->zip, fd) != ARCHIVE_OK)
        status = fail_zip(w, err);
    for (int64_t i = 0; i < w->n && status == ER_OK; i++) status = put_member(w, &w->matrix[i], err);
    if (status == ER_OK && archive_write_close(w->zip) != ARCHIVE_OK) status = fail_zip(w, err);
    archive_write_free(w->zip); /* after a failure this ends a file that nobody will see */
    return status;
}

enum er_status er_npz_write(const char *path, const struct er_npz_matrix *matrix, int64_t n,
                            const struct er_progress *progress, struct er_error *err)
{
    struct writing w = {.path = path, .matrix = matrix, .n = n, .progress = progress};
    return er_file_write_by(path, put_zip, &w, err);
}

double er_npz_bytes(const struct er_npz_matrix *matrix, int64_t n)
{
    const double besides = 256; /* a member's names and sizes, in its place and in the directory */
    double bytes = 64;
    for (int64_t i = 0; i < n; i++)
        bytes += HEADER + besides + (double)matrix[i].rows * (double)matrix[i].columns * sizeof(double);
    return bytes;
}
