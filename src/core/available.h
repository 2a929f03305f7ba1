/* available.h - memory that this process may still take. */
#ifndef ERMINE_CORE_AVAILABLE_H
#define ERMINE_CORE_AVAILABLE_H

#include <ermine/status.h>
#include <stddef.h>

/* Bytes that can be taken without the system swapping or killing: the least of what the kernel calls
 * available (/proc/meminfo), what the process's control groups leave, and what RLIMIT_AS and RLIMIT_DATA leave.
 * SIZE_MAX where none of these can be read. A moment's answer: others may take it meanwhile. Any thread. */
size_t er_memory_available(void);

/* What the process's control groups alone leave, its own and those above it, version 2 and version 1: limit
 * less usage, where pages of files that nobody used of late are not usage, for the kernel gives them up before
 * it kills. SIZE_MAX: no limit. `root` is "", or a folder that stands for / (tests). */
size_t er_memory_left_in_groups(const char *root);

/* ER_E_NOMEM, "WHAT take 12.3 MB of memory, 4.5 MB are available", when they are not: asked before something
 * large of outside choice is allocated, for memory that the system promises may not be there when it is
 * written to. Below 64 MB nothing is asked. */
enum er_status er_memory_check(double bytes, const char *what, struct er_error *err);

/* ER_E_NOMEM when this process's limits of address space leave less than OpenBLAS maps for matrix products on so many threads
 * (128 MB each, of which it touches little): it would try again and again, for ever, deaf to all signals but kill -9. */
enum er_status er_memory_check_blas(int threads, struct er_error *err);

#endif
