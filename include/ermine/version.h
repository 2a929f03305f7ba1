/* <ermine/version.h> - what this library is.
 */
#ifndef ERMINE_VERSION_H
#define ERMINE_VERSION_H

#include <ermine/status.h>

/** "0.1.0" */
ER_API const char *er_version(void);

/** The instruction set of the arithmetic on this machine: "avx512", "avx2", "avx", "sse" or "portable". Part
 * of every run's key. */
ER_API const char *er_isa(void);

#endif
