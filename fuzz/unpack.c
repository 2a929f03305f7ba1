/* Fuzzes the archives of data sets: whatever is in one, nothing but the expected files comes out, with the
 * expected length and labels. */
#include "data/unpack.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { RECORD = 3073 };

static const struct er_set_file batches[] = {{"data_batch_1.bin", RECORD, NULL, NULL},
                                             {"test_batch.bin", RECORD, NULL, NULL}};
static const struct er_set set = {.name = "mini-cifar",
                                  .format = ER_SET_CIFAR,
                                  .shape = {32, 32, 3},
                                  .classes = 10,
                                  .inside = "inside/",
                                  .train_files = 1,
                                  .n_files = 2,
                                  .file = batches};

/* top/archive is read, top/folder is written. */
static char top[64], archive[128], folder[128];

static void remove_top(void)
{
    unlink(archive);
    rmdir(folder);
    rmdir(top);
}

static void make_top(void)
{
    snprintf(top, sizeof top, "/tmp/ermine-fuzz-XXXXXX");
    if (!mkdtemp(top)) abort();
    snprintf(archive, sizeof archive, "%s/archive", top);
    snprintf(folder, sizeof folder, "%s/folder", top);
    if (mkdir(folder, 0700) != 0) abort();
    atexit(remove_top);
}

static int entries(const char *path)
{
    int n = 0;
    DIR *dir = opendir(path);
    if (!dir) abort();
    while (readdir(dir)) n++;
    closedir(dir);
    return n - 2; /* "." and ".." */
}

/* Removes an expected file; true when it was there. */
static bool take(const char *name)
{
    char path[256];
    struct stat st;
    unsigned char label;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    if (lstat(path, &st) != 0) return false;
    if (!S_ISREG(st.st_mode) || st.st_size != RECORD) __builtin_trap();
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || read(fd, &label, 1) != 1 || label > 9) __builtin_trap();
    close(fd);
    unlink(path);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    if (!top[0]) make_top();
    const int fd = open(archive, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0 || write(fd, bytes, n) != (ssize_t)n) abort();
    close(fd);
    const enum er_status status = er_unpack(&set, archive, folder, NULL, NULL);
    int taken = 0;
    for (int i = 0; i < 2; i++) taken += take(batches[i].name);
    if (status == ER_OK && taken != 2) __builtin_trap();
    if (entries(folder) != 0 || entries(top) != 2) __builtin_trap();
    return 0;
}
