/* blas_lock.h - lets several threads call the serial OpenBLAS at once.
 *
 * Products and LAPACK's blocked routines take work buffers from one table in the library. The serial build,
 * as Debian makes it (0.3.21, without USE_LOCKING), finds a free place and marks it in two steps without a
 * lock: two threads that call at the same moment may get one buffer, and then results are wrong without a
 * word: of small triangular solutions by two threads, up to one in fifty.
 *
 * The missing lock is put around the two functions, under their own names: the program's definition comes
 * before the library's, whose own calls go through the linker's table. Nothing else calls them. A build of
 * OpenBLAS that locks by itself is locked twice, which does no harm; cost: some tens of nanoseconds a call.
 *
 * The program must be linked with this file (cmake/libraries.cmake asks the linker for it), and OpenBLAS
 * must be a shared library. tests/math/blas_lock.c says whether it works where it is built.
 */
#ifndef ERMINE_MATH_BLAS_LOCK_H
#define ERMINE_MATH_BLAS_LOCK_H

#include <stdint.h>

/* OpenBLAS's names: a buffer, and its return. */
__attribute__((visibility("default"))) void *blas_memory_alloc(int place);
__attribute__((visibility("default"))) void blas_memory_free(void *buffer);

/* Buffers handed out so far: rises with a product, or else the lock is not in its place. */
int64_t er_blas_lock_buffers(void);

#endif
