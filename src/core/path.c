/* path.c - names of files joined, and the directories on the way made. */
#include "core/file.h"

#include <ermine/memory.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

char *er_path_join(const char *dir, const char *name)
{
    const size_t n_dir = strlen(dir), size = n_dir + strlen(name) + 2;
    char *path = er_alloc((int64_t)size, 1);
    if (!path) return NULL;
    const bool ends = n_dir > 0 && dir[n_dir - 1] == '/';
    snprintf(path, size, "%s%s%s", dir, ends ? "" : "/", name);
    return path;
}

static int make_one(const char *path)
{
    if (mkdir(path, 0777) == 0) return 0;
    const int error = errno;
    struct stat st;
    if (stat(path, &st) == 0) return S_ISDIR(st.st_mode) ? 0 : ENOTDIR;
    return error;
}

enum er_status er_directory_make(const char *path, struct er_error *err)
{
    char *part = er_strdup(path);
    if (!part) return er_fail(err, ER_E_NOMEM, "cannot make directory %s: out of memory", path);
    int error = 0;
    for (char *s = part; *s && !error; s++) {
        if (*s != '/' || s == part) continue;
        *s = '\0';
        error = make_one(part);
        *s = '/';
    }
    if (!error) error = make_one(part);
    er_free(part);
    return error ? er_fail_errno(err, error, path, "cannot make directory") : ER_OK;
}

bool er_path_ends(const char *path, const char *ending)
{
    const size_t n = strlen(path), m = strlen(ending);
    return n >= m && strcmp(path + n - m, ending) == 0;
}
