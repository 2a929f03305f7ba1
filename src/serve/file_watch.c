/* file_watch.c - inotify on two folders, and stat() where it says nothing. */
#include "serve/file_watch.h"

#include "core/clock.h"

#include <ermine/memory.h>
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

/* A file in its folder, as its folder's watch tells of it. */
struct place {
    int watch; /* -1: not watched */
    char folder[PATH_MAX];
    char name[NAME_MAX + 1];
};

/* What stat() says of the file. */
struct stamp {
    bool there;
    dev_t device;
    ino_t inode;
    off_t size;
    struct timespec modified, changed;
};

struct er_file_watch {
    char *path;
    int fd;                /* inotify; -1: none to be had */
    struct place place[2]; /* of the path as given, and of the file behind links */
    struct stamp seen;
    bool lost; /* a folder went away: it may be another one next time */
};

static struct stamp look(const char *path)
{
    struct stat st;
    if (stat(path, &st) != 0) return (struct stamp){0};
    return (struct stamp){.there = true,
                          .device = st.st_dev,
                          .inode = st.st_ino,
                          .size = st.st_size,
                          .modified = st.st_mtim,
                          .changed = st.st_ctim};
}

static bool same_time(struct timespec a, struct timespec b)
{
    return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

static bool same_stamp(const struct stamp *a, const struct stamp *b)
{
    return a->there == b->there && a->device == b->device && a->inode == b->inode && a->size == b->size &&
           same_time(a->modified, b->modified) && same_time(a->changed, b->changed);
}

/* Folder and last name of a path; false when they are too long to be those of a file. */
static bool split(const char *path, struct place *place)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    const size_t n = slash ? (size_t)(slash - path) + 1 : 0;
    if (n >= sizeof place->folder || strlen(name) >= sizeof place->name) return false;
    snprintf(place->folder, sizeof place->folder, "%.*s", (int)n, n > 0 ? path : "");
    if (n == 0) snprintf(place->folder, sizeof place->folder, ".");
    snprintf(place->name, sizeof place->name, "%s", name);
    return true;
}

static void watch_place(const struct er_file_watch *watch, struct place *place)
{
    const uint32_t events = IN_MODIFY | IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO |
                            IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR;
    place->watch = watch->fd < 0 ? -1 : inotify_add_watch(watch->fd, place->folder, events);
}

/* Watches afresh, since folders and links may be others than before. */
static void arm(struct er_file_watch *watch)
{
    char real[PATH_MAX];
    if (watch->fd >= 0) close(watch->fd);
    watch->fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    watch->lost = false;
    for (int i = 0; i < 2; i++) {
        struct place *place = &watch->place[i];
        const char *path = i == 0 ? watch->path : realpath(watch->path, real);
        place->watch = -1;
        place->name[0] = '\0';
        if (path && split(path, place)) watch_place(watch, place);
    }
}

/* Whether the links lead to another file than when they were watched. */
static bool moved(const struct er_file_watch *watch)
{
    char real[PATH_MAX];
    struct place now;
    if (!realpath(watch->path, real) || !split(real, &now)) return false;
    return strcmp(now.folder, watch->place[1].folder) != 0 || strcmp(now.name, watch->place[1].name) != 0;
}

static bool concerns(struct er_file_watch *watch, const struct inotify_event *event)
{
    if (event->mask & (IN_DELETE_SELF | IN_MOVE_SELF | IN_IGNORED)) watch->lost = true;
    if (event->mask & (IN_DELETE_SELF | IN_MOVE_SELF | IN_Q_OVERFLOW)) return true;
    for (int i = 0; i < 2; i++)
        if (event->len > 0 && event->wd == watch->place[i].watch &&
            strcmp(event->name, watch->place[i].name) == 0)
            return true;
    return false;
}

/* Takes what inotify has; true when any of it concerns the file. */
static bool drain(struct er_file_watch *watch)
{
    _Alignas(struct inotify_event) char bytes[16 * (sizeof(struct inotify_event) + NAME_MAX + 1)];
    bool any = false;
    for (;;) {
        const ssize_t n = read(watch->fd, bytes, sizeof bytes);
        if (n <= 0) return any;
        for (const char *at = bytes; at < bytes + n;) {
            const struct inotify_event *event = (const struct inotify_event *)at;
            any = concerns(watch, event) || any;
            at += sizeof *event + event->len;
        }
    }
}

/* True when something concerned the file within that time. */
static bool listen_for(struct er_file_watch *watch, double seconds, bool *interrupted)
{
    const double end = er_clock_s() + seconds;
    for (;;) {
        struct pollfd from = {.fd = watch->fd, .events = POLLIN};
        const double left = end - er_clock_s();
        const int ready = poll(&from, 1, left > 0 ? (int)(1e3 * left) + 1 : 0);
        if (ready < 0 && errno == EINTR) {
            if (interrupted) *interrupted = true;
            return false;
        }
        if (ready > 0 && drain(watch)) return true;
        if (left <= 0) return false;
    }
}

/* Until the save that has begun is over. */
static void settle(struct er_file_watch *watch)
{
    const double began = er_clock_s();
    while (listen_for(watch, 1e-3 * ER_FILE_WATCH_QUIET_MS, NULL) &&
           er_clock_s() - began < 1e-3 * ER_FILE_WATCH_LONG_MS) {}
    while (!look(watch->path).there && er_clock_s() - began < 1e-3 * ER_FILE_WATCH_GONE_MS)
        listen_for(watch, 1e-3 * ER_FILE_WATCH_QUIET_MS, NULL);
}

enum er_status er_file_watch_open(const char *path, struct er_file_watch **out, struct er_error *err)
{
    struct er_file_watch *watch = er_alloc(1, sizeof *watch);
    if (!watch || !(watch->path = er_strdup(path))) {
        er_free(watch);
        return er_fail(err, ER_E_NOMEM, "cannot watch %s: out of memory", path);
    }
    watch->fd = -1;
    arm(watch);
    watch->seen = look(path);
    *out = watch;
    return ER_OK;
}

void er_file_watch_close(struct er_file_watch *watch)
{
    if (!watch) return;
    if (watch->fd >= 0) close(watch->fd);
    er_free(watch->path);
    er_free(watch);
}

bool er_file_watch_wait(struct er_file_watch *watch, int timeout_ms)
{
    const double end = er_clock_s() + 1e-3 * timeout_ms;
    for (;;) {
        bool interrupted = false;
        const double left = end - er_clock_s(), most = 1e-3 * ER_FILE_WATCH_LOOK_MS;
        bool told = listen_for(watch, left < most ? left : most, &interrupted);
        struct stamp now = look(watch->path);
        if (told || !same_stamp(&now, &watch->seen)) {
            settle(watch);
            if (watch->lost || watch->fd < 0 || watch->place[0].watch < 0 || moved(watch)) arm(watch);
            watch->seen = look(watch->path);
            return true;
        }
        if (watch->lost || watch->place[0].watch < 0) arm(watch);
        if (interrupted || left <= 0) return false;
    }
}
