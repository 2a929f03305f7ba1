/* version.c - the library's version. */
#include <ermine/version.h>

const char *er_version(void)
{
    return ERMINE_VERSION;
}
