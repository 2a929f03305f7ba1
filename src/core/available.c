/* available.c - the least of several limits; one that can't be read is none. */
#include "core/available.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum { PATH_MOST = 512, UNASKED = 1 << 26 };

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* The number behind `key` in a file of lines "key number"; with key NULL the file's first number. */
static bool number_in(const char *path, const char *key, uint64_t *out)
{
    FILE *file = fopen(path, "re");
    char line[256];
    bool found = false;
    while (file && !found && fgets(line, sizeof line, file)) {
        const size_t n = key ? strlen(key) : 0;
        const char *text = line + n;
        char *end;
        if (key && strncmp(line, key, n) != 0) continue;
        errno = 0;
        *out = strtoull(text, &end, 10);
        found = end != text && errno == 0;
        if (!key) break;
    }
    if (file) fclose(file);
    return found;
}

/* How a version of control groups names things: where its hierarchy lies, limit and usage of a group, and, in
 * memory.stat, pages of files that nobody used of late: counted as used, and given up when memory is asked for.
 */
struct version {
    const char *folder, *limit, *usage, *reclaimable;
};
static const struct version first = {"/sys/fs/cgroup/memory", "memory.limit_in_bytes",
                                     "memory.usage_in_bytes", "total_inactive_file "};
static const struct version second = {"/sys/fs/cgroup", "memory.max", "memory.current", "inactive_file "};

/* A number in a file of one group; group is "" or "/a/b". */
static bool number_of(const char *root, const struct version *version, const char *group, const char *name,
                      const char *key, uint64_t *out)
{
    char path[2 * PATH_MOST];
    snprintf(path, sizeof path, "%s%s%s/%s", root, version->folder, group, name);
    return number_in(path, key, out);
}

/* What one group leaves; "max" is no number, and so no limit. */
static size_t left_in(const char *root, const struct version *version, const char *group)
{
    uint64_t limit, usage, reclaimable;
    if (!number_of(root, version, group, version->limit, NULL, &limit) ||
        !number_of(root, version, group, version->usage, NULL, &usage))
        return SIZE_MAX;
    if (!number_of(root, version, group, "memory.stat", version->reclaimable, &reclaimable)) reclaimable = 0;
    usage -= reclaimable < usage ? reclaimable : usage;
    return limit > usage ? (size_t)(limit - usage) : 0;
}

/* Whether `word` is one of the words between commas in text[0 .. n). */
static bool is_among(const char *word, const char *text, size_t n)
{
    const size_t length = strlen(word);
    for (size_t at = 0; at < n; at += strcspn(text + at, ",:") + 1)
        if (strncmp(text + at, word, length) == 0 && strchr(",:", text[at + length])) return true;
    return false;
}

/* A line of /proc/self/cgroup, "0::/a/b" (version 2) or "N:cpu,memory:/a/b" (version 1): the version, or NULL
 * for controllers of other things, and the group, "" for the root. */
static const struct version *read_line(char *line, char **group)
{
    char *controllers = strchr(line, ':');
    char *path = controllers ? strchr(controllers + 1, ':') : NULL;
    if (!path) return NULL;
    *group = path + 1;
    (*group)[strcspn(*group, "\n")] = '\0';
    if (strncmp(line, "0::", 3) == 0) return &second;
    return is_among("memory", controllers + 1, (size_t)(path - controllers - 1)) ? &first : NULL;
}

/* The process's group and all above it. */
size_t er_memory_left_in_groups(const char *root)
{
    char line[PATH_MOST];
    snprintf(line, sizeof line, "%s/proc/self/cgroup", root);
    FILE *file = fopen(line, "re");
    size_t left = SIZE_MAX;
    while (file && fgets(line, sizeof line, file)) {
        char *group = NULL;
        const struct version *version = read_line(line, &group);
        while (version && group) {
            char *slash = strrchr(group, '/');
            left = least(left, left_in(root, version, group));
            if (slash) *slash = '\0';
            group = slash ? group : NULL;
        }
    }
    if (file) fclose(file);
    return left;
}

/* What a resource limit leaves of what the process has: total or data pages of /proc/self/status, in kB. */
static size_t left_of_limit(int resource, const char *key)
{
    struct rlimit limit;
    uint64_t used;
    if (getrlimit(resource, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return SIZE_MAX;
    if (!number_in("/proc/self/status", key, &used)) return (size_t)limit.rlim_cur;
    used *= 1024;
    return limit.rlim_cur > used ? (size_t)(limit.rlim_cur - used) : 0;
}

size_t er_memory_available(void)
{
    uint64_t kilobytes;
    size_t left = SIZE_MAX;
    if (number_in("/proc/meminfo", "MemAvailable:", &kilobytes)) left = (size_t)kilobytes * 1024;
    left = least(left, er_memory_left_in_groups(""));
    left = least(left, left_of_limit(RLIMIT_AS, "VmSize:"));
    return least(left, left_of_limit(RLIMIT_DATA, "VmData:"));
}

enum er_status er_memory_check(double bytes, const char *what, struct er_error *err)
{
    const size_t available = bytes > UNASKED ? er_memory_available() : SIZE_MAX;
    if (bytes <= (double)available) return ER_OK;
    return er_fail(err, ER_E_NOMEM, "%s take %.1f MB of memory, %.1f MB are available", what, bytes / 1e6,
                   (double)available / 1e6);
}

enum er_status er_memory_check_blas(int threads, struct er_error *err)
{
    const double each = 128 * 1024 * 1024, bytes = threads * each;
    const size_t left = least(left_of_limit(RLIMIT_AS, "VmSize:"), left_of_limit(RLIMIT_DATA, "VmData:"));
    if (left == SIZE_MAX || bytes <= (double)left) return ER_OK;
    return er_fail(
        err, ER_E_NOMEM,
        "matrix products on %d threads take %.1f MB of address space, the limits of this process leave "
        "%.1f MB",
        threads, bytes / 1e6, (double)left / 1e6);
}
