/* gram_state.c - opening, reserving, locking, checking. */
#include "limit/gram_state.h"

#include "core/file.h"

#include <ermine/memory.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { PAGE = 4096, MAGIC = 8, LANES = 4, OPENS = 100 };

static const char magic[MAGIC + 1] = "ERGRAM01";

struct front {
    char magic[MAGIC];
    uint64_t text, tiles, tile_doubles;
};

static size_t pages(size_t bytes)
{
    return (bytes + PAGE - 1) / PAGE * PAGE;
}

static size_t marks_at(size_t text)
{
    return pages(sizeof(struct front) + text);
}

static size_t tiles_at(size_t text, int64_t tiles)
{
    return marks_at(text) + pages((size_t)tiles * sizeof(uint64_t));
}

double er_gram_state_bytes(size_t text, double tiles, double tile_doubles)
{
    return (double)marks_at(text) + PAGE * ceil(tiles * sizeof(uint64_t) / PAGE) +
           tiles * tile_doubles * sizeof(double);
}

/* Four lanes of multiplications by an odd number, each word turned into the next; the tile's number is in it, and it is never
 * 0. Two tiles that differ in one word have different sums. */
static uint64_t checksum(const struct er_gram_state *state, int64_t t)
{
    const uint64_t odd = 0x9e3779b97f4a7c15u;
    const double *tile = er_gram_state_tile(state, t);
    uint64_t lane[LANES], sum = (uint64_t)t + 1;
    for (int l = 0; l < LANES; l++) lane[l] = odd * (uint64_t)(l + 1);
    for (int64_t i = 0; i < state->tile_doubles; i++) {
        uint64_t word;
        memcpy(&word, tile + i, sizeof word);
        uint64_t *h = &lane[i % LANES];
        *h = (*h ^ word) * odd;
        *h ^= *h >> 32;
    }
    for (int l = 0; l < LANES; l++) {
        sum = (sum ^ lane[l]) * odd;
        sum ^= sum >> 29;
    }
    return sum ? sum : 1;
}

void er_gram_state_mark(struct er_gram_state *state, int64_t t)
{
    atomic_store_explicit(&state->mark[t], checksum(state, t), memory_order_release);
}

/* What an earlier process left, or a power cut. */
static void check_marks(struct er_gram_state *state)
{
    for (int64_t t = 0; t < state->tiles; t++)
        if (er_gram_state_has(state, t) && atomic_load(&state->mark[t]) != checksum(state, t))
            atomic_store(&state->mark[t], 0);
}

/* Opens and locks. A file that was deleted between the two is another's past: once more. */
static enum er_status open_locked(struct er_gram_state *state, struct stat *at, struct er_error *err)
{
    for (int i = 0; i < OPENS; i++) {
        struct stat there;
        state->fd = open(state->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0666);
        if (state->fd < 0 || fstat(state->fd, at) != 0)
            return er_fail_errno(err, errno, state->path, "cannot write");
        if (!S_ISREG(at->st_mode)) return er_fail(err, ER_E_INPUT, "%s is not a regular file", state->path);
        if (flock(state->fd, LOCK_EX | LOCK_NB) != 0)
            return errno == EWOULDBLOCK
                       ? er_fail(err, ER_E_BUSY, "%s is being computed by another process", state->path)
                       : er_fail_errno(err, errno, state->path, "cannot lock");
        if (fstat(state->fd, at) == 0 && stat(state->path, &there) == 0 && there.st_ino == at->st_ino &&
            there.st_dev == at->st_dev)
            return ER_OK;
        close(state->fd);
        state->fd = -1;
    }
    return er_fail(err, ER_E_BUSY, "%s comes and goes", state->path);
}

static enum er_status fail_full(const struct er_gram_state *state, struct er_error *err)
{
    struct statvfs fs;
    const double free = fstatvfs(state->fd, &fs) == 0 ? (double)fs.f_bavail * (double)fs.f_frsize : 0;
    return er_fail(err, ER_E_FULL, "%s takes %.1f MB of disk, %.1f MB are free", state->path,
                   (double)state->bytes / 1e6, free / 1e6);
}

/* All its bytes, zero; or nothing. */
static enum er_status reserve(const struct er_gram_state *state, struct er_error *err)
{
    struct rlimit most;
    if (getrlimit(RLIMIT_FSIZE, &most) == 0 && most.rlim_cur != RLIM_INFINITY && most.rlim_cur < state->bytes)
        return er_fail(err, ER_E_FULL, "%s takes %.1f MB, this process may write files of %.1f MB",
                       state->path, (double)state->bytes / 1e6, (double)most.rlim_cur / 1e6);
    if (ftruncate(state->fd, 0) != 0) return er_fail_errno(err, errno, state->path, "cannot write");
    int error;
    do error = posix_fallocate(state->fd, 0, (off_t)state->bytes);
    while (error == EINTR);
    if (error == ENOSPC || error == EDQUOT || error == EFBIG) return fail_full(state, err);
    return error ? er_fail_errno(err, error, state->path, "cannot write") : ER_OK;
}

static enum er_status map(struct er_gram_state *state, size_t text, struct er_error *err)
{
    void *at = mmap(NULL, state->bytes, PROT_READ | PROT_WRITE, MAP_SHARED, state->fd, 0);
    if (at == MAP_FAILED) return er_fail_errno(err, errno, state->path, "cannot map");
    state->map = at;
    state->mark = (_Atomic uint64_t *)(void *)(state->map + marks_at(text));
    state->tile = (double *)(void *)(state->map + tiles_at(text, state->tiles));
    return ER_OK;
}

static enum er_status make(struct er_gram_state *state, const char *text, struct er_error *err)
{
    const size_t n = strlen(text);
    const struct front front = {{0}, n, (uint64_t)state->tiles, (uint64_t)state->tile_doubles};
    enum er_status status = reserve(state, err);
    if (status == ER_OK) status = map(state, n, err);
    if (status != ER_OK) return status;
    memcpy(state->map, &front, sizeof front);
    memcpy(state->map + sizeof front, text, n);
    msync(state->map, marks_at(n), MS_SYNC);
    memcpy(state->map, magic, MAGIC);
    return ER_OK;
}

/* The first line in which two texts of lines differ, as "model". */
static enum er_status fail_other(const struct er_gram_state *state, const char *have, const char *want,
                                 struct er_error *err)
{
    size_t line = 0;
    for (size_t i = 0; have[i] && have[i] == want[i]; i++)
        if (have[i] == '\n') line = i + 1;
    if (!want[line]) return er_fail(err, ER_E_INPUT, "%s is damaged", state->path);
    return er_fail(err, ER_E_INPUT, "%s is of other work: its %.*s differs", state->path,
                   (int)strcspn(want + line, " \n"), want + line);
}

static enum er_status read_text(struct er_gram_state *state, const struct front *front, const char *text,
                                const struct stat *at, struct er_error *err)
{
    const size_t n = strlen(text), size = (size_t)at->st_size;
    char *have = er_alloc((int64_t)n + 1, 1);
    if (!have) return er_fail(err, ER_E_NOMEM, "%s: out of memory", state->path);
    const ssize_t got = pread(state->fd, have, front->text < n ? front->text : n, sizeof *front);
    const bool whole = size >= sizeof *front && front->text <= size - sizeof *front;
    enum er_status status = ER_OK;
    if (got < 0)
        status = er_fail_errno(err, errno, state->path, "cannot read");
    else if (whole && (front->text != n || strcmp(have, text) != 0))
        status = fail_other(state, have, text, err);
    else if (!whole || front->tiles != (uint64_t)state->tiles ||
             front->tile_doubles != (uint64_t)state->tile_doubles || size != state->bytes)
        status = er_fail(err, ER_E_INPUT, "%s has been cut", state->path);
    er_free(have);
    return status;
}

static enum er_status open_or_make(struct er_gram_state *state, const char *text, bool anew,
                                   struct er_error *err)
{
    static const struct front none;
    struct front front = none;
    struct stat at = {0};
    enum er_status status = open_locked(state, &at, err);
    if (status != ER_OK) return status;
    const ssize_t got = pread(state->fd, &front, sizeof front, 0);
    if (got < 0) return er_fail_errno(err, errno, state->path, "cannot read");
    const size_t seen = got < MAGIC ? (size_t)got : MAGIC;
    const bool ours = seen > 0 && memcmp(front.magic, magic, seen) == 0;
    if (!ours && memcmp(&front, &none, sizeof front.magic) != 0)
        return er_fail(err, ER_E_INPUT, "%s is there and is no work file of Ermine", state->path);
    if (anew || !ours) {
        status = make(state, text, err);
        if (status != ER_OK) unlink(state->path);
        return status;
    }
    status = read_text(state, &front, text, &at, err);
    if (status == ER_OK) status = map(state, strlen(text), err);
    if (status == ER_OK) check_marks(state);
    return status;
}

enum er_status er_gram_state_open(struct er_gram_state *state, const char *path, const char *text,
                                  int64_t tiles, int64_t tile_doubles, bool anew, struct er_error *err)
{
    const double bytes = er_gram_state_bytes(strlen(text), (double)tiles, (double)tile_doubles);
    *state = (struct er_gram_state){.fd = -1, .tiles = tiles, .tile_doubles = tile_doubles};
    if (!(bytes < 0x1p62)) return er_fail(err, ER_E_LIMIT, "%s: more than 2^62 bytes", path);
    state->bytes = tiles_at(strlen(text), tiles) + (size_t)tiles * (size_t)tile_doubles * sizeof(double);
    state->path = er_strdup(path);
    if (!state->path) return er_fail(err, ER_E_NOMEM, "%s: out of memory", path);
    const enum er_status status = open_or_make(state, text, anew, err);
    if (status != ER_OK) er_gram_state_close(state, false);
    return status;
}

void er_gram_state_close(struct er_gram_state *state, bool remove)
{
    if (state->map) munmap(state->map, state->bytes);
    if (remove && state->fd >= 0) unlink(state->path);
    if (state->fd >= 0) close(state->fd);
    er_free(state->path);
    *state = (struct er_gram_state){.fd = -1};
}
