/* destination.c - asks the file system. */
#include "destination.h"
#include "cli.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Where the last name of a path begins. */
static const char *last_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* The folder of `path` without links, written to out; false when it is not there. */
static bool folder_of(const char *path, char out[PATH_MAX])
{
    char folder[PATH_MAX];
    const size_t n = (size_t)(last_name(path) - path);
    if (n >= sizeof folder) return false;
    memcpy(folder, path, n);
    folder[n] = '\0';
    return realpath(n > 0 ? folder : ".", out) != NULL;
}

int destination_check(const struct cli_command *command, const char *path)
{
    struct stat at;
    char target[PATH_MAX], folder[PATH_MAX];
    const bool exists = stat(path, &at) == 0;
    bool takes;
    if (exists && S_ISDIR(at.st_mode))
        return cli_usage(command, "%s is a folder; --output names a file", path);
    if (exists && !S_ISREG(at.st_mode))
        takes = access(path, W_OK) == 0;
    else /* a file is replaced by a new one beside it, behind its links */
        takes = folder_of(exists && realpath(path, target) ? target : path, folder) &&
                access(folder, W_OK | X_OK) == 0;
    if (takes) return CLI_DONE;
    if (exists && !S_ISREG(at.st_mode))
        cli_message(command, "cannot write %s", path);
    else
        cli_message(command, "cannot write %s: its folder is not there or takes no files", path);
    return CLI_FAILED;
}

bool destination_same(const char *a, const char *b)
{
    struct stat at, bt;
    char a_folder[PATH_MAX], b_folder[PATH_MAX];
    if (strcmp(a, b) == 0) return true;
    if (stat(a, &at) == 0 && stat(b, &bt) == 0) return at.st_dev == bt.st_dev && at.st_ino == bt.st_ino;
    return folder_of(a, a_folder) && folder_of(b, b_folder) && strcmp(a_folder, b_folder) == 0 &&
           strcmp(last_name(a), last_name(b)) == 0;
}
