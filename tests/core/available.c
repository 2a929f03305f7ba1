/* What control groups leave, read from files that a test has made. */
#include "t.h"

#include "core/available.h"
#include "core/file.h"
#include "support/scratch.h"

#include <sys/resource.h>

static struct er_error err;
static char root[64];

/* Writes a file under the root, and the folders above it. */
static void put(const char *path, const char *text)
{
    char whole[512];
    snprintf(whole, sizeof whole, "%s%s", root, path);
    char *slash = strrchr(whole, '/');
    *slash = '\0';
    T_STATUS(er_directory_make(whole, &err), ER_OK, "a folder for %s", path);
    *slash = '/';
    T_STATUS(er_file_write(whole, text, strlen(text), &err), ER_OK, "%s", path);
}

static void version_2(void)
{
    put("/proc/self/cgroup", "0::/user/run\n");
    T_OK(er_memory_left_in_groups(root) == SIZE_MAX, "a group without files is no limit");
    put("/sys/fs/cgroup/user/run/memory.max", "max\n");
    put("/sys/fs/cgroup/user/run/memory.current", "700\n");
    T_OK(er_memory_left_in_groups(root) == SIZE_MAX, "nor is \"max\"");
    put("/sys/fs/cgroup/user/memory.max", "1000\n");
    put("/sys/fs/cgroup/user/memory.current", "900\n");
    T_EQ_INT(er_memory_left_in_groups(root), 100, "the group above has one");
    put("/sys/fs/cgroup/user/memory.stat",
        "anon 500\nfile 400\ninactive_anon 70\ninactive_file 300\ntotal_inactive_file 1\n");
    T_EQ_INT(er_memory_left_in_groups(root), 400, "pages of files that can be given up are left, too");
    put("/sys/fs/cgroup/user/run/memory.max", "850\n");
    T_EQ_INT(er_memory_left_in_groups(root), 150, "the least of both counts");
    put("/sys/fs/cgroup/user/memory.current", "1400\n");
    T_EQ_INT(er_memory_left_in_groups(root), 0, "more than the limit leaves nothing");
    put("/sys/fs/cgroup/user/memory.stat", "inactive_file 99999\n");
    T_EQ_INT(er_memory_left_in_groups(root), 150, "and never is more given up than there is");
}

static void version_1(void)
{
    put("/sys/fs/cgroup/memory/box/memory.limit_in_bytes", "1000\n");
    put("/sys/fs/cgroup/memory/box/memory.usage_in_bytes", "800\n");
    put("/sys/fs/cgroup/memory/box/memory.stat", "inactive_file 3\ntotal_inactive_file 250\n");
    static const char *const alone[] = {"4:memory:/box\n", "4:memory,hugetlb:/box\n", "4:cpu,memory:/box\n",
                                        "9:name=systemd:/\n4:cpu,memory,pids:/box/without:colons\n0::/\n"};
    for (int i = 0; i < 4; i++) {
        put("/proc/self/cgroup", alone[i]);
        T_EQ_INT(er_memory_left_in_groups(root), 450, "controllers: %s", alone[i]);
    }
    static const char *const none[] = {
        "4:cpu:/box\n", "4:hugememory:/box\n", "4:memory2:/box\n", "4:cpu:/memory:/box\n", "memory\n", "\n"};
    for (int i = 0; i < 6; i++) {
        put("/proc/self/cgroup", none[i]);
        T_OK(er_memory_left_in_groups(root) == SIZE_MAX, "not of memory: %s", none[i]);
    }
}

/* Bytes of address space that this process has. */
static double address_space(void)
{
    char line[256];
    unsigned long kilobytes = 0;
    FILE *f = fopen("/proc/self/status", "r");
    while (f && fgets(line, sizeof line, f))
        if (strncmp(line, "VmSize:", 7) == 0) kilobytes = strtoul(line + 7, NULL, 10);
    if (f) fclose(f);
    return 1024 * (double)kilobytes;
}

static void products_in_little_address_space(void)
{
    struct rlimit before, little;
    T_STATUS(er_memory_check_blas(1000, &err), ER_OK, "no limit, nothing to refuse");
    if (getrlimit(RLIMIT_AS, &before) != 0) abort();
    little = before;
    little.rlim_cur = (rlim_t)(address_space() + 190e6);
    if (setrlimit(RLIMIT_AS, &little) != 0) abort();
    T_STATUS(er_memory_check_blas(1, &err), ER_OK, "room for a thread");
    T_STATUS(er_memory_check_blas(2, &err), ER_E_NOMEM, "and not for two");
    T_OK(strstr(err.msg, "2 threads take 268.4 MB of address space") != NULL, "is said: %s", err.msg);
    setrlimit(RLIMIT_AS, &before);
}

int main(void)
{
    if (!T_OK(scratch_make(root) != NULL, "a folder")) return t_done();
    T_OK(er_memory_left_in_groups(root) == SIZE_MAX, "a system without groups");
    version_2();
    version_1();
    T_OK(er_memory_available() > 0, "this system has memory");
    products_in_little_address_space();
    scratch_remove(root);
    return t_done();
}
