/* scratch.h - a folder of the test's own. */
#ifndef ERMINE_TESTS_SUPPORT_SCRATCH_H
#define ERMINE_TESTS_SUPPORT_SCRATCH_H

/* Makes an empty folder under /tmp and writes its path; NULL on failure. */
char *scratch_make(char path[64]);

/* Removes it with all that is in it. */
void scratch_remove(const char *path);

#endif
