/* results.c - lines read, sorted by key, and appended. */
#include "pgdl/results.h"

#include "core/buffer.h"
#include "core/file.h"
#include "core/number.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FIELDS = 6, FILE_MOST = 1 << 28 };
enum { MODEL, DIGEST, MEASURE, VERSION, VALUE, REASON };
static const char head[] = "model\tdigest\tmeasure\tversion\tvalue\treason\n";

struct er_pgdl_results {
    char *path;
    int fd;
    pthread_mutex_t appending;
    char *text; /* of the file, its fields ended by NUL */
    struct er_pgdl_result *result;
    int64_t n;
};

static int by_key(const void *a, const void *b)
{
    const struct er_pgdl_result *x = a, *y = b;
    const int digest = strcmp(x->digest, y->digest);
    if (digest != 0) return digest;
    const int measure = strcmp(x->measure, y->measure);
    return measure != 0 ? measure : (x->version > y->version) - (x->version < y->version);
}

/* Cuts a line into its fields. False where it has too few. */
static bool cut(char *line, char *field[FIELDS])
{
    for (int i = 0; i < FIELDS; i++) {
        field[i] = line;
        line = strchr(line, '\t');
        if (i + 1 == FIELDS) return true;
        if (!line) return false;
        *line++ = '\0';
    }
    return true;
}

static bool read_line(char *line, struct er_pgdl_result *out)
{
    char *field[FIELDS];
    int64_t version;
    if (!cut(line, field) || !er_number_integer(field[VERSION], &version) || version < 0 ||
        version > INT32_MAX)
        return false;
    *out = (struct er_pgdl_result){field[DIGEST], field[MEASURE], (int)version, (double)NAN, NULL};
    if (field[REASON][0]) out->reason = field[REASON];
    return out->reason || er_number_real(field[VALUE], &out->value);
}

/* Lines behind the head; one without an end is left out. */
static enum er_status read_lines(struct er_pgdl_results *r, struct er_error *err)
{
    int64_t lines = 0, number = 2;
    for (const char *c = r->text; *c; c++) lines += *c == '\n';
    r->result = er_alloc(lines, sizeof *r->result);
    if (!r->result) return er_fail(err, ER_E_NOMEM, "%s: out of memory", r->path);
    for (char *line = r->text + sizeof head - 1, *end; (end = strchr(line, '\n')); line = end + 1, number++) {
        *end = '\0';
        if (!read_line(line, &r->result[r->n]))
            return er_fail_at(err, ER_E_INPUT, r->path, number, 0, "a line of results has %d fields", FIELDS);
        r->n++;
    }
    if (r->n) qsort(r->result, (size_t)r->n, sizeof *r->result, by_key);
    return ER_OK;
}

/* Appends all bytes in one call, so that lines of several processes do not mix. */
static enum er_status append(const struct er_pgdl_results *r, const char *bytes, size_t n,
                             struct er_error *err)
{
    for (;;) {
        const ssize_t wrote = write(r->fd, bytes, n);
        if (wrote == (ssize_t)n) return ER_OK;
        if (wrote < 0 && errno == EINTR) continue;
        return er_fail_errno(err, wrote < 0 ? errno : ENOSPC, r->path, "cannot write");
    }
}

/* The head of a new file, or the end of a line that was cut. */
static enum er_status mend(const struct er_pgdl_results *r, size_t n, struct er_error *err)
{
    if (n == 0) return append(r, head, sizeof head - 1, err);
    if (strncmp(r->text, head, sizeof head - 1) != 0)
        return er_fail(err, ER_E_INPUT, "%s is no file of results: its first line is another", r->path);
    const char *last = strrchr(r->text, '\n');
    if (last[1] && ftruncate(r->fd, last + 1 - r->text) != 0)
        return er_fail_errno(err, errno, r->path, "cannot write");
    return ER_OK;
}

static enum er_status open_file(struct er_pgdl_results *r, const char *path, struct er_error *err)
{
    size_t n = 0;
    r->path = er_strdup(path);
    if (!r->path) return er_fail(err, ER_E_NOMEM, "%s: out of memory", path);
    r->fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
    if (r->fd < 0) return er_fail_errno(err, errno, path, "cannot write");
    enum er_status status = er_file_read_regular(path, FILE_MOST, &r->text, &n, err);
    if (status == ER_OK) status = mend(r, n, err);
    return status == ER_OK && n > 0 ? read_lines(r, err) : status;
}

enum er_status er_pgdl_results_open(const char *path, struct er_pgdl_results **out, struct er_error *err)
{
    struct er_pgdl_results *r = er_alloc(1, sizeof *r);
    if (!r) return er_fail(err, ER_E_NOMEM, "results: out of memory");
    r->fd = -1;
    pthread_mutex_init(&r->appending, NULL);
    const enum er_status status = path ? open_file(r, path, err) : ER_OK;
    if (status == ER_OK)
        *out = r;
    else
        er_pgdl_results_close(r);
    return status;
}

void er_pgdl_results_close(struct er_pgdl_results *r)
{
    if (!r) return;
    if (r->fd >= 0) close(r->fd);
    pthread_mutex_destroy(&r->appending);
    er_free(r->path);
    er_free(r->text);
    er_free(r->result);
    er_free(r);
}

const struct er_pgdl_result *er_pgdl_results_find(const struct er_pgdl_results *r, const char *digest,
                                                  const char *measure, int version)
{
    const struct er_pgdl_result key = {.digest = digest, .measure = measure, .version = version};
    return r->n ? bsearch(&key, r->result, (size_t)r->n, sizeof *r->result, by_key) : NULL;
}

/* A text without what ends fields and lines. */
static void add_tame(struct er_buffer *line, const char *text)
{
    for (; *text; text++) er_buffer_char(line, strchr("\t\r\n", *text) ? ' ' : *text);
}

enum er_status er_pgdl_results_add(struct er_pgdl_results *r, const char *model,
                                   const struct er_pgdl_result *result, struct er_error *err)
{
    char number[ER_NUMBER_TEXT], *text = NULL;
    struct er_buffer line = {0};
    if (r->fd < 0) return ER_OK;
    add_tame(&line, model);
    er_buffer_format(&line, "\t%s\t%s\t%d\t%s\t", result->digest, result->measure, result->version,
                     result->reason ? "" : er_number_text(result->value, number));
    if (result->reason) add_tame(&line, result->reason);
    er_buffer_char(&line, '\n');
    const size_t n = line.length;
    enum er_status status = er_buffer_take(&line, &text, err);
    if (status != ER_OK) return status;
    pthread_mutex_lock(&r->appending);
    status = append(r, text, n, err);
    pthread_mutex_unlock(&r->appending);
    er_free(text);
    return status;
}
