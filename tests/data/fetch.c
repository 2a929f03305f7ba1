/* Fetching, from a server on this machine that also truncates, stalls, lies and loops: each fault has its
 * status, nothing half-written ever stands under a final name, and the next fetch completes. */
#include "t.h"

#include "core/file.h"
#include "data/fetch.h"
#include "support/http_server.h"
#include "support/scratch.h"

#include <archive.h>
#include <archive_entry.h>
#include <ermine/random.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SIZE_A = 300000, SIZE_B = 1000, STALL_S = 1, RECORD = 3073, RECORDS = 3, SOCKET_BUFFERS = 1 << 25 };

static char bytes_a[SIZE_A];
static char bytes_b[SIZE_B];
static char sha_a[ER_SHA256_HEX];
static char sha_b[ER_SHA256_HEX];
static char top[64];
static struct http_server server;

static void fill(char *bytes, int n, uint64_t index)
{
    struct er_random r = er_random_open(1, er_stream(ER_PURPOSE_TEST, index));
    for (int i = 0; i < n; i++) bytes[i] = (char)er_random_u32(&r);
}

/* The set under test: two files with known sums. Addresses are replaced by the server's. */
static const struct er_set_file files[] = {{"a", SIZE_A, sha_a, "http://official.invalid/x/a.gz"},
                                           {"b", SIZE_B, sha_b, "http://official.invalid/x/b.gz"}};
static const char *const set_folder[] = {"mini", NULL};
static const struct er_set mini = {.name = "mini",
                                   .format = ER_SET_IDX,
                                   .classes = 2,
                                   .folder = set_folder,
                                   .train_files = 1,
                                   .n_files = 2,
                                   .file = files};

static const char *in_cache(const char *name)
{
    static char path[256];
    snprintf(path, sizeof path, "%s/mini/%s", top, name);
    return path;
}

static int64_t size_of(const char *name)
{
    struct stat st;
    return stat(in_cache(name), &st) == 0 ? (int64_t)st.st_size : -1;
}

static bool is_right(const char *name, const char *sha)
{
    char hex[ER_SHA256_HEX];
    return er_sha256_file(in_cache(name), hex, NULL) == ER_OK && strcmp(hex, sha) == 0;
}

static void empty_cache(void)
{
    static const char *const names[] = {"a.gz", "b.gz", "a.gz.part", "b.gz.part"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) unlink(in_cache(names[i]));
}

static enum er_status fetch(enum http_manner manner, struct er_error *err)
{
    server.manner = (int)manner;
    server.bytes_sent = 0;
    return er_set_fetch(&mini, top, server.base, STALL_S, NULL, err);
}

static void check_plain(void)
{
    struct er_error err;
    T_STATUS(fetch(HTTP_SERVES, &err), ER_OK, "a fetch");
    T_OK(is_right("a.gz", sha_a) && is_right("b.gz", sha_b), "both files are there and right");
    T_EQ_INT(size_of("a.gz.part"), -1, "no part is left");
    const int requests = server.requests;
    T_STATUS(fetch(HTTP_SERVES, &err), ER_OK, "again");
    T_EQ_INT(server.requests, requests, "asks for nothing");
    er_file_write(in_cache("b.gz"), "spoilt", 6, NULL);
    T_STATUS(fetch(HTTP_SERVES, &err), ER_OK, "a spoilt file");
    T_OK(is_right("b.gz", sha_b) && server.requests == requests + 1, "is fetched again, and only that");
}

struct fault {
    enum http_manner manner;
    enum er_status status;
    const char *name;
    int64_t kept; /* bytes of the part afterwards; -1: none */
};

static const struct fault faults[] = {
    {HTTP_TRUNCATES, ER_E_NETWORK, "closes halfway", SIZE_A / 2},
    {HTTP_STALLS, ER_E_NETWORK, "stalls", SIZE_A / 2},
    {HTTP_CLAIMS_LESS, ER_E_CHECKSUM, "claims a smaller length", -1},
    {HTTP_CLAIMS_MORE, ER_E_NETWORK, "claims a greater length", SIZE_A},
    {HTTP_ENDLESS, ER_E_CHECKSUM, "never ends", -1},
    {HTTP_NOT_FOUND, ER_E_NOT_FOUND, "404", -1},
    {HTTP_FAILS, ER_E_NETWORK, "500", -1},
    {HTTP_PAGE, ER_E_CHECKSUM, "a page in the file's place", -1},
    {HTTP_LOOPS, ER_E_NETWORK, "a loop of redirects", -1},
};

static void check_faults(void)
{
    struct er_error err;
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        const struct fault *f = &faults[i];
        empty_cache();
        T_STATUS(fetch(f->manner, &err), f->status, "%s", f->name);
        T_OK(strstr(err.msg, "/mini/a.gz"), "%s: names the address: %s", f->name, err.msg);
        T_EQ_INT(size_of("a.gz"), -1, "%s: nothing under the final name", f->name);
        T_EQ_INT(size_of("a.gz.part"), f->kept, "%s: what is kept to go on with", f->name);
        T_OK(server.bytes_sent < SIZE_A + SOCKET_BUFFERS, "%s: the length is bounded", f->name);
        T_STATUS(fetch(HTTP_SERVES, &err), ER_OK, "%s, then a good server", f->name);
        T_OK(is_right("a.gz", sha_a), "%s: the file is whole in the end", f->name);
    }
}

/* A part of 1000 bytes is there before the fetch. */
static enum er_status resume(const char *part, enum http_manner manner, struct er_error *err)
{
    empty_cache();
    er_file_write(in_cache("a.gz.part"), part, 1000, NULL);
    er_file_write(in_cache("b.gz"), bytes_b, SIZE_B, NULL);
    server.requests = 0;
    return fetch(manner, err);
}

static void check_resume(void)
{
    struct er_error err;
    T_STATUS(resume(bytes_a, HTTP_SERVES, &err), ER_OK, "a part is gone on with");
    T_EQ_INT(server.range, 1000, "from its end");
    T_EQ_INT(server.bytes_sent, SIZE_A - 1000, "the rest is sent");
    T_OK(is_right("a.gz", sha_a), "and the file is right");
    T_STATUS(resume(bytes_a, HTTP_IGNORES_RANGE, &err), ER_OK, "a server that ignores Range");
    T_OK(is_right("a.gz", sha_a) && server.requests == 1, "sends the whole, once");
    T_STATUS(resume(bytes_a, HTTP_REFUSES_RANGE, &err), ER_OK, "a server that refuses Range (416)");
    T_OK(is_right("a.gz", sha_a) && server.range == -1, "is asked for the whole");
    T_STATUS(resume(bytes_a, HTTP_OTHER_RANGE, &err), ER_OK,
             "a server that sends other bytes than asked for");
    T_OK(is_right("a.gz", sha_a) && server.range == -1, "is asked for the whole");
    T_STATUS(resume(bytes_a + 7, HTTP_SERVES, &err), ER_OK, "a part of another file");
    T_OK(is_right("a.gz", sha_a) && server.requests == 2, "is found out by the checksum and thrown away");
    static char long_part[SIZE_A + 5];
    empty_cache();
    er_file_write(in_cache("a.gz.part"), long_part, sizeof long_part, NULL);
    T_STATUS(fetch(HTTP_SERVES, &err), ER_OK, "a part that is too long");
    T_OK(is_right("a.gz", sha_a), "starts over");
    empty_cache();
    er_file_write(in_cache("a.gz.part"), bytes_a, SIZE_A, NULL);
    er_file_write(in_cache("b.gz"), bytes_b, SIZE_B, NULL);
    server.requests = 0;
    T_STATUS(fetch(HTTP_SERVES, &err), ER_OK, "a part that is complete");
    T_OK(is_right("a.gz", sha_a) && server.requests == 0, "is checked and renamed");
}

struct seen {
    atomic_bool stop;
    double done, total;
    bool back;
};

static void report(void *ctx, const struct er_progress_report *r)
{
    struct seen *s = ctx;
    if (r->done < s->done) s->back = true;
    s->done = r->done;
    s->total = r->total;
}

static void stop_soon(void *ctx, const struct er_progress_report *r)
{
    struct seen *s = ctx;
    if (r->done > 0) s->stop = true;
}

static void check_progress(void)
{
    struct er_error err;
    struct seen seen = {0};
    struct er_progress progress = {.report = report, .ctx = &seen, .stop = &seen.stop};
    empty_cache();
    server.manner = HTTP_SERVES;
    T_STATUS(er_set_fetch(&mini, top, server.base, STALL_S, &progress, &err), ER_OK, "a watched fetch");
    T_OK(seen.done == SIZE_A + SIZE_B && seen.total == SIZE_A + SIZE_B && !seen.back,
         "progress ends at %g of %g bytes and never goes back", seen.done, seen.total);
    empty_cache();
    server.manner = HTTP_STALLS;
    progress.report = stop_soon;
    T_STATUS(er_set_fetch(&mini, top, server.base, 600, &progress, &err), ER_E_STOPPED,
             "stopped by the caller");
    T_OK(size_of("a.gz") == -1 && size_of("a.gz.part") > 0, "the part is kept");
}

/* Two at once: the second waits for the first, and nothing is fetched twice. */
static void *fetch_in_thread(void *ctx)
{
    enum er_status *status = ctx;
    *status = er_set_fetch(&mini, top, server.base, STALL_S, NULL, NULL);
    return NULL;
}

static void check_two_at_once(void)
{
    pthread_t thread[2];
    enum er_status status[2] = {ER_E_IO, ER_E_IO};
    empty_cache();
    server.manner = HTTP_SERVES;
    server.requests = 0;
    for (int i = 0; i < 2; i++) pthread_create(&thread[i], NULL, fetch_in_thread, &status[i]);
    for (int i = 0; i < 2; i++) pthread_join(thread[i], NULL);
    T_OK(status[0] == ER_OK && status[1] == ER_OK, "two at once both succeed");
    T_OK(is_right("a.gz", sha_a) && is_right("b.gz", sha_b), "the files are right");
    T_EQ_INT(server.requests, 2, "each file is fetched once");
}

/* A disk that is full, played by the limit on the size of files. */
static void check_full(void)
{
    struct er_error err;
    struct rlimit old;
    empty_cache();
    getrlimit(RLIMIT_FSIZE, &old);
    const struct rlimit small = {.rlim_cur = SIZE_A / 3, .rlim_max = old.rlim_max};
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &small);
    enum er_status status = fetch(HTTP_SERVES, &err);
    setrlimit(RLIMIT_FSIZE, &old);
    T_OK(status == ER_E_FULL || status == ER_E_IO, "no room: %s", err.msg);
    T_OK(size_of("a.gz") == -1 && strstr(err.msg, "a.gz.part"),
         "nothing is there, the message names the file");
    T_STATUS(fetch(HTTP_SERVES, &err), ER_OK, "with room again");
    T_OK(is_right("a.gz", sha_a), "it goes on");
}

static void check_refusals(void)
{
    struct er_error err;
    char path[256];
    const struct er_data_places nowhere = {0};
    const struct er_data_places here = {.cache = top};
    T_STATUS(er_data_fetch("mnist", &nowhere, NULL, NULL, &err), ER_E_USAGE, "no cache");
    T_STATUS(er_data_fetch("parity", &here, NULL, NULL, &err), ER_E_USAGE, "a generator");
    T_STATUS(er_data_fetch("mnits", &here, NULL, NULL, &err), ER_E_NOT_FOUND, "an unknown set");
    T_STATUS(er_set_fetch(&mini, top, "file:///etc", STALL_S, NULL, &err), ER_OK, "all is there already");
    empty_cache();
    T_STATUS(er_set_fetch(&mini, top, "file:///etc", STALL_S, NULL, &err), ER_E_USAGE,
             "neither http nor https");
    T_STATUS(er_set_fetch(&mini, top, "http://127.0.0.1:1", STALL_S, NULL, &err), ER_E_NETWORK,
             "nobody answers");
    snprintf(path, sizeof path, "%s/a-file", top);
    er_file_write(path, "x", 1, NULL);
    T_STATUS(er_set_fetch(&mini, path, server.base, STALL_S, NULL, &err), ER_E_IO, "a cache that is a file");
}

/* --- an archive
 * ------------------------------------------------------------------------------------------------ */

static const struct er_set_file batches[] = {{"data_batch_1.bin", RECORD *RECORDS, NULL, NULL},
                                             {"test_batch.bin", RECORD *RECORDS, NULL, NULL}};
static const char *const batch_folder[] = {"mini-cifar", NULL};
static const struct er_set mini_cifar = {.name = "mini-cifar",
                                         .format = ER_SET_CIFAR,
                                         .shape = {32, 32, 3},
                                         .classes = 10,
                                         .folder = batch_folder,
                                         .archive = "http://official.invalid/mini.tar.gz",
                                         .inside = "inside/",
                                         .train_files = 1,
                                         .n_files = 2,
                                         .file = batches};

static void add_entry(struct archive *a, const char *name, const void *bytes, size_t n, bool link)
{
    struct archive_entry *entry = archive_entry_new();
    archive_entry_set_pathname(entry, name);
    archive_entry_set_filetype(entry, link ? AE_IFLNK : AE_IFREG);
    if (link) archive_entry_set_symlink(entry, "/etc/passwd");
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_size(entry, link ? 0 : (la_int64_t)n);
    archive_write_header(a, entry);
    if (!link) archive_write_data(a, bytes, n);
    archive_entry_free(entry);
}

enum archive_kind { ARCHIVE_GOOD, ARCHIVE_BAD_LABEL, ARCHIVE_SHORT, ARCHIVE_LINK, ARCHIVE_LACKS };

/* A .tar.gz with a readme, a name that leads out of the folder, and the two batches, spoilt as `kind` says.
 */
static size_t make_archive(char *out, size_t room, enum archive_kind kind)
{
    static unsigned char batch[RECORD * RECORDS];
    size_t used = 0;
    struct archive *a = archive_write_new();
    archive_write_add_filter_gzip(a);
    archive_write_set_format_ustar(a);
    archive_write_open_memory(a, out, room, &used);
    for (size_t i = 0; i < sizeof batch; i++) batch[i] = i % RECORD ? (unsigned char)i : 9;
    add_entry(a, "inside/readme.html", "hello", 5, false);
    add_entry(a, "inside/../../escaped.bin", batch, sizeof batch, false);
    add_entry(a, "inside/data_batch_1.bin", batch, sizeof batch, kind == ARCHIVE_LINK);
    if (kind == ARCHIVE_BAD_LABEL) batch[RECORD] = 10;
    if (kind != ARCHIVE_LACKS)
        add_entry(a, "inside/test_batch.bin", batch, sizeof batch - (kind == ARCHIVE_SHORT), false);
    archive_write_close(a);
    archive_write_free(a);
    return used;
}

/* An archive whose length and SHA-256 are known is checked before anything is unpacked. */
static void check_pinned_archive(void)
{
    static char tar[1 << 16];
    char sha256[ER_SHA256_HEX];
    char folder[128];
    char path[256];
    struct er_error err;
    struct stat st;
    struct http_server other;
    struct er_set pinned = mini_cifar;
    const struct http_file file = {"/mini-cifar/mini.tar.gz", tar,
                                   make_archive(tar, sizeof tar, ARCHIVE_GOOD)};
    if (http_server_start(&other, &file, 1) != 0) return;
    snprintf(folder, sizeof folder, "%s/mini-cifar", top);
    snprintf(path, sizeof path, "%s/data_batch_1.bin", folder);
    er_sha256(tar, file.size, sha256);
    pinned.archive_sha256 = sha256;
    for (int wrong = 2; wrong >= 0; wrong--) {
        scratch_remove(folder);
        pinned.archive_bytes = (int64_t)file.size - (wrong == 1);
        sha256[0] = wrong == 2 ? (sha256[0] == '0' ? '1' : '0') : sha256[0];
        T_STATUS(er_set_fetch(&pinned, top, other.base, STALL_S, NULL, &err), wrong ? ER_E_CHECKSUM : ER_OK,
                 "%s: %s",
                 wrong == 2 ? "another SHA-256"
                 : wrong    ? "another length"
                            : "as pinned",
                 err.msg);
        T_OK((stat(path, &st) == 0) == !wrong, "unpacked only when it is right");
        er_sha256(tar, file.size, sha256);
    }
    http_server_stop(&other);
}

static void check_archive(void)
{
    static const enum er_status wanted[] = {ER_OK, ER_E_CHECKSUM, ER_E_CHECKSUM, ER_E_CHECKSUM,
                                            ER_E_CHECKSUM};
    static char tar[1 << 16];
    struct er_error err;
    struct http_file file = {"/mini-cifar/mini.tar.gz", tar, 0};
    struct http_server other;
    char batch_cache[128];
    char path[256];
    struct stat st;
    snprintf(batch_cache, sizeof batch_cache, "%s/mini-cifar", top);
    for (int kind = ARCHIVE_LACKS; kind >= ARCHIVE_GOOD; kind--) {
        file.size = make_archive(tar, sizeof tar, (enum archive_kind)kind);
        if (http_server_start(&other, &file, 1) != 0) return;
        const char *spoilt = kind == ARCHIVE_LINK ? "data_batch_1.bin" : "test_batch.bin";
        const char *sound = kind == ARCHIVE_LINK ? "test_batch.bin" : "data_batch_1.bin";
        scratch_remove(batch_cache);
        T_STATUS(er_set_fetch(&mini_cifar, top, other.base, STALL_S, NULL, &err), wanted[kind],
                 "archive of kind %d: %s", kind, err.msg);
        snprintf(path, sizeof path, "%s/%s", batch_cache, sound);
        T_EQ_INT(stat(path, &st), 0, "kind %d: the sound file is there", kind);
        snprintf(path, sizeof path, "%s/%s", batch_cache, spoilt);
        T_OK((stat(path, &st) == 0) == (wanted[kind] == ER_OK), "kind %d: a spoilt file isn't there", kind);
        if (kind == ARCHIVE_GOOD) unlink(path);
        snprintf(path, sizeof path, "%s/mini.tar.gz", batch_cache);
        T_OK(stat(path, &st) != 0, "kind %d: the archive is gone", kind);
        snprintf(path, sizeof path, "%s/escaped.bin", top);
        T_OK(stat(path, &st) != 0, "kind %d: nothing outside the folder", kind);
        if (kind == ARCHIVE_GOOD) {
            T_STATUS(er_set_fetch(&mini_cifar, top, other.base, STALL_S, NULL, &err), ER_OK,
                     "a file missing");
            T_EQ_INT(other.requests, 2, "fetches the archive once more");
            T_STATUS(er_set_fetch(&mini_cifar, top, other.base, STALL_S, NULL, &err), ER_OK, "again");
            T_EQ_INT(other.requests, 2, "asks for nothing");
            scratch_remove(batch_cache);
            mkdir(batch_cache, 0777);
            snprintf(path, sizeof path, "%s/mini.tar.gz.part", batch_cache);
            er_file_write(path, tar, 100, NULL);
            other.manner = HTTP_OTHER_RANGE;
            T_STATUS(er_set_fetch(&mini_cifar, top, other.base, STALL_S, NULL, &err), ER_OK,
                     "other bytes than asked for do not get into an archive that has no checksum");
        }
        http_server_stop(&other);
    }
    check_pinned_archive();
    const char *const folders[] = {top};
    const struct er_data_places places = {.folder = folders, .n = 1};
    struct er_set_paths paths;
    T_STATUS(er_set_locate(&mini_cifar, &places, &paths, &err), ER_OK, "what was fetched is found");
    er_free(paths.path);
}

int main(void)
{
    const struct http_file served[] = {{"/mini/a.gz", bytes_a, SIZE_A}, {"/mini/b.gz", bytes_b, SIZE_B}};
    setenv("no_proxy", "127.0.0.1", 1);
    fill(bytes_a, SIZE_A, 0);
    fill(bytes_b, SIZE_B, 1);
    er_sha256(bytes_a, SIZE_A, sha_a);
    er_sha256(bytes_b, SIZE_B, sha_b);
    if (!scratch_make(top) || http_server_start(&server, served, 2) != 0) return 1;
    check_plain();
    check_faults();
    check_resume();
    check_progress();
    check_two_at_once();
    check_full();
    check_refusals();
    check_archive();
    http_server_stop(&server);
    scratch_remove(top);
    return t_done();
}
