/* download.c - one file by HTTP: resumed, watched, bounded, checked, renamed.
 *
 * A server may answer a request for the rest of a file (Range) with the rest (206), with the whole (200) or
 * not at all (416): the part grows, starts over, or starts over with a second request. A resumed file whose
 * checksum is wrong is fetched once more from its beginning, for the fault may lie in the old part.
 */
#include "data/download.h"

#include "core/file.h"

#include <curl/curl.h>
#include <ermine/hash.h>
#include <ermine/memory.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST_REDIRECTS = 5, CONNECT_S = 30 };

/* Why receive() refused bytes. */
enum refusal { REFUSED_NOTHING, REFUSED_RANGE, REFUSED_LENGTH, REFUSED_WRITE };

struct transfer {
    const struct er_download *d;
    const struct er_progress *progress;
    CURL *curl;
    char *part;
    int fd;
    int64_t size;     /* of the part now */
    int64_t from;     /* where this request starts */
    int64_t answered; /* where the server says that its answer starts */
    bool body;        /* the answer's body has begun */
    bool resumed;     /* an earlier call's bytes are in the part */
    enum refusal refusal;
    int write_error; /* errno */
    char text[CURL_ERROR_SIZE];
};

static int64_t most_bytes(const struct er_download *d)
{
    return d->bytes > 0 ? d->bytes : d->limit;
}

/* Throws the part's bytes away; 0 or an errno. */
static int start_over(struct transfer *t)
{
    if (ftruncate(t->fd, 0) != 0) return errno;
    t->size = 0;
    t->resumed = false;
    return 0;
}

static int append(struct transfer *t, const char *bytes, size_t n)
{
    while (n > 0) {
        const ssize_t put = pwrite(t->fd, bytes, n, t->size);
        if (put < 0 && errno == EINTR) continue;
        if (put < 0) return errno;
        t->size += put;
        bytes += put;
        n -= (size_t)put;
    }
    return 0;
}

/* The first bytes of an answer say whether it is the part's rest, or the whole file. */
static bool begin_body(struct transfer *t)
{
    long code = 0;
    t->body = true;
    curl_easy_getinfo(t->curl, CURLINFO_RESPONSE_CODE, &code);
    if (code == 206 && t->answered != t->from) {
        t->refusal = REFUSED_RANGE;
        return false;
    }
    if (code != 206 && t->from > 0) t->write_error = start_over(t);
    if (t->write_error) t->refusal = REFUSED_WRITE;
    return !t->write_error;
}

static size_t receive(char *bytes, size_t size, size_t count, void *ctx)
{
    struct transfer *t = ctx;
    const size_t n = size * count;
    if (!t->body && !begin_body(t)) return 0;
    if (n > (size_t)(most_bytes(t->d) - t->size)) {
        t->refusal = REFUSED_LENGTH;
        return 0;
    }
    t->write_error = append(t, bytes, n);
    if (t->write_error) t->refusal = REFUSED_WRITE;
    return t->write_error ? 0 : n;
}

/* "Content-Range: bytes FROM-TO/ALL"; a new status line (after a redirect) forgets the last answer's. */
static size_t receive_header(char *line, size_t size, size_t count, void *ctx)
{
    static const char name[] = "Content-Range: bytes ";
    struct transfer *t = ctx;
    const size_t n = size * count;
    const size_t head = sizeof name - 1;
    if (n >= 5 && strncmp(line, "HTTP/", 5) == 0) t->answered = -1;
    if (n <= head || strncasecmp(line, name, head) != 0) return n;
    t->answered = 0;
    for (size_t i = head; i < n && line[i] >= '0' && line[i] <= '9' && t->answered < INT64_MAX / 16; i++)
        t->answered = 10 * t->answered + (line[i] - '0');
    return n;
}

static int watch(void *ctx, curl_off_t total, curl_off_t now, curl_off_t up_total, curl_off_t up)
{
    (void)total, (void)now, (void)up_total, (void)up;
    const struct transfer *t = ctx;
    const struct er_progress *p = t->progress;
    const struct er_progress_report report = {
        .what = t->d->what, .unit = "bytes", .done = t->d->before + (double)t->size, .total = t->d->total};
    if (p && p->report) p->report(p->ctx, &report);
    return er_progress_stopped(p);
}

static CURLcode request(struct transfer *t)
{
    char range[32];
    CURL *c = t->curl;
    curl_easy_reset(c);
    t->from = t->size;
    t->answered = -1;
    t->body = false;
    t->refusal = REFUSED_NOTHING;
    t->text[0] = '\0';
    snprintf(range, sizeof range, "%" PRId64 "-", t->from);
    const bool safe = strncasecmp(t->d->url, "https:", 6) == 0; /* then a redirect can't make it less so */
    curl_easy_setopt(c, CURLOPT_URL, t->d->url);
    if (t->from > 0) curl_easy_setopt(c, CURLOPT_RANGE, range);
    curl_easy_setopt(c, CURLOPT_USERAGENT, "ermine/" ERMINE_VERSION);
    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(c, CURLOPT_REDIR_PROTOCOLS_STR, safe ? "https" : "http,https");
    curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(c, CURLOPT_MAXREDIRS, (long)MOST_REDIRECTS);
    curl_easy_setopt(c, CURLOPT_FAILONERROR, 1L);
    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_S);
    curl_easy_setopt(c, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(c, CURLOPT_LOW_SPEED_TIME, (long)t->d->stall_s);
    curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, receive);
    curl_easy_setopt(c, CURLOPT_WRITEDATA, t);
    curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, receive_header);
    curl_easy_setopt(c, CURLOPT_HEADERDATA, t);
    curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, watch);
    curl_easy_setopt(c, CURLOPT_XFERINFODATA, t);
    curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(c, CURLOPT_ERRORBUFFER, t->text);
    return curl_easy_perform(c);
}

static enum er_status refused(const struct transfer *t, struct er_error *err)
{
    if (t->refusal == REFUSED_WRITE) return er_fail_errno(err, t->write_error, t->part, "cannot write");
    if (t->refusal == REFUSED_RANGE)
        return er_fail(err, ER_E_NETWORK, "%s: asked for the bytes from %" PRId64 ", got others", t->d->url,
                       t->from);
    if (t->d->bytes > 0)
        return er_fail(err, ER_E_CHECKSUM, "%s is longer than the official file's %" PRId64 " bytes",
                       t->d->url, t->d->bytes);
    return er_fail(err, ER_E_LIMIT, "%s is longer than the %" PRId64 " bytes that are read of it", t->d->url,
                   t->d->limit);
}

static enum er_status http_error(const struct transfer *t, struct er_error *err)
{
    long code = 0;
    curl_easy_getinfo(t->curl, CURLINFO_RESPONSE_CODE, &code);
    const bool gone = code == 404 || code == 410;
    return er_fail(err, gone ? ER_E_NOT_FOUND : ER_E_NETWORK, "%s: the server answers with error %ld",
                   t->d->url, code);
}

static enum er_status transfer_failed(const struct transfer *t, CURLcode code, struct er_error *err)
{
    const char *url = t->d->url;
    switch (code) {
    case CURLE_WRITE_ERROR:
        return refused(t, err);
    case CURLE_HTTP_RETURNED_ERROR:
        return http_error(t, err);
    case CURLE_ABORTED_BY_CALLBACK:
        return er_fail(err, ER_E_STOPPED,
                       "%s: stopped after %" PRId64 " bytes; the same command goes on from there", url,
                       t->size);
    case CURLE_OUT_OF_MEMORY:
        return er_fail(err, ER_E_NOMEM, "%s: out of memory", url);
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_URL_MALFORMAT:
        return er_fail(err, ER_E_USAGE, "%s: not an http or https address", url);
    default:
        break;
    }
    const char *why = t->text[0] ? t->text : curl_easy_strerror(code);
    if (t->size == 0) return er_fail(err, ER_E_NETWORK, "%s: %s", url, why);
    return er_fail(err, ER_E_NETWORK,
                   "%s: %s; %" PRId64 " bytes are kept, the same command goes on from there", url, why,
                   t->size);
}

/* True when the server could not give the rest of a part: the whole may do. */
static bool range_refused(const struct transfer *t, CURLcode code)
{
    long answer = 0;
    if (t->from == 0) return false;
    if (code == CURLE_WRITE_ERROR) return t->refusal == REFUSED_RANGE;
    curl_easy_getinfo(t->curl, CURLINFO_RESPONSE_CODE, &answer);
    return code == CURLE_HTTP_RETURNED_ERROR && answer == 416;
}

static enum er_status get(struct transfer *t, struct er_error *err)
{
    if (t->d->bytes > 0 && t->size == t->d->bytes) return ER_OK;
    CURLcode code = request(t);
    if (code != CURLE_OK && range_refused(t, code)) {
        const int error = start_over(t);
        if (error) return er_fail_errno(err, error, t->part, "cannot write");
        code = request(t);
    }
    return code == CURLE_OK ? ER_OK : transfer_failed(t, code, err);
}

/* Length and checksum of the part. */
static enum er_status check(struct transfer *t, struct er_error *err)
{
    const struct er_download *d = t->d;
    char sha256[ER_SHA256_HEX];
    enum er_status status = ER_OK;
    if (d->bytes > 0 && t->size != d->bytes)
        status = er_fail(err, ER_E_CHECKSUM, "%s: %" PRId64 " bytes came, the official file has %" PRId64,
                         d->url, t->size, d->bytes);
    if (status != ER_OK || !d->sha256) return status;
    status = er_sha256_file(t->part, sha256, err);
    if (status == ER_OK && strcmp(sha256, d->sha256) != 0)
        status = er_fail(err, ER_E_CHECKSUM, "%s: SHA-256 is %.16s..., the official file's is %.16s...",
                         d->url, sha256, d->sha256);
    return status;
}

static enum er_status open_part(struct transfer *t, struct er_error *err)
{
    struct stat st;
    t->fd = open(t->part, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (t->fd < 0) return er_fail_errno(err, errno, t->part, "cannot write");
    if (fstat(t->fd, &st) != 0) return er_fail_errno(err, errno, t->part, "cannot read");
    t->size = st.st_size;
    t->resumed = t->size > 0;
    const int error = t->size > most_bytes(t->d) ? start_over(t) : 0;
    return error ? er_fail_errno(err, error, t->part, "cannot write") : ER_OK;
}

static enum er_status fetch_part(struct transfer *t, struct er_error *err)
{
    enum er_status status = open_part(t, err);
    if (status == ER_OK) status = get(t, err);
    if (status == ER_OK) status = check(t, err);
    if (status == ER_E_CHECKSUM && t->resumed) {
        const int error = start_over(t);
        status = error ? er_fail_errno(err, error, t->part, "cannot write") : get(t, err);
        if (status == ER_OK) status = check(t, err);
    }
    if (status == ER_E_CHECKSUM || status == ER_E_LIMIT || (status != ER_OK && t->size == 0)) unlink(t->part);
    if (status == ER_OK && fsync(t->fd) != 0) status = er_fail_errno(err, errno, t->part, "cannot write");
    if (status == ER_OK && rename(t->part, t->d->path) != 0)
        status = er_fail_errno(err, errno, t->d->path, "cannot write");
    return status;
}

enum er_status er_download(const struct er_download *download, const struct er_progress *progress,
                           struct er_error *err)
{
    struct transfer t = {.d = download, .progress = progress, .fd = -1};
    const size_t size = strlen(download->path) + sizeof ".part";
    enum er_status status = ER_E_NOMEM;
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return er_fail(err, ER_E_NOMEM, "the network library can't start");
    t.part = er_alloc((int64_t)size, 1);
    t.curl = curl_easy_init();
    if (t.part && t.curl) {
        snprintf(t.part, size, "%s.part", download->path);
        status = fetch_part(&t, err);
    } else {
        er_fail(err, ER_E_NOMEM, "%s: out of memory", download->url);
    }
    if (t.fd >= 0) close(t.fd);
    curl_easy_cleanup(t.curl);
    er_free(t.part);
    curl_global_cleanup();
    return status;
}
