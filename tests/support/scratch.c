/* scratch.c - a folder of the test's own, removed with all that is in it. */
#include "support/scratch.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

char *scratch_make(char path[64])
{
    snprintf(path, 64, "/tmp/ermine-test-XXXXXX");
    return mkdtemp(path);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

void scratch_remove(const char *path)
{
    nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}
