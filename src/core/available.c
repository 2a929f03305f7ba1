/* available.c - the least of several limits; one that can't be read is none. */
#include "core/available.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum { PATH_MOST = 512 };

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

/* What one group leaves; "max" is no number, and so no limit. */
static size_t left_in(const char *limit_path, const char *usage_path)
{
    uint64_t limit, usage;
    if (!number_in(limit_path, NULL, &limit) || !number_in(usage_path, NULL, &usage)) return SIZE_MAX;
    return limit > usage ? (size_t)(limit - usage) : 0;
}

/* The process's group and all above it: "0::/a/b" in /proc/self/cgroup (version 2), "N:memory:/a/b" (1). */
static size_t left_in_groups(void)
{
    FILE *file = fopen("/proc/self/cgroup", "re");
    char line[PATH_MOST];
    size_t left = SIZE_MAX;
    while (file && fgets(line, sizeof line, file)) {
        const bool second = strncmp(line, "0::", 3) == 0;
        const char *first = strstr(line, ":memory:");
        char *group = second ? line + 2 : first ? strrchr(line, ':') : NULL;
        if (!group) continue;
        group++;
        group[strcspn(group, "\n")] = '\0';
        for (;;) {
            char limit[PATH_MOST + 64], usage[PATH_MOST + 64];
            snprintf(limit, sizeof limit,
                     second ? "/sys/fs/cgroup%s/memory.max" : "/sys/fs/cgroup/memory%s/memory.limit_in_bytes",
                     group);
            snprintf(usage, sizeof usage,
                     second ? "/sys/fs/cgroup%s/memory.current"
                            : "/sys/fs/cgroup/memory%s/memory.usage_in_bytes",
                     group);
            left = least(left, left_in(limit, usage));
            char *slash = strrchr(group, '/');
            if (!slash || !group[0]) break;
            *slash = '\0';
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
    left = least(left, left_in_groups());
    left = least(left, left_of_limit(RLIMIT_AS, "VmSize:"));
    return least(left, left_of_limit(RLIMIT_DATA, "VmData:"));
}
