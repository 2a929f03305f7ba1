/* needed.h - what a test cannot go on without: it ends where there is none. */
#ifndef ERMINE_TESTS_SUPPORT_NEEDED_H
#define ERMINE_TESTS_SUPPORT_NEEDED_H

#include <ermine/memory.h>
#include <ermine/pool.h>
#include <stdlib.h>

/* n values of so many bytes, zeroed; freed by er_free(). */
static inline void *needed(int64_t n, size_t size)
{
    void *block = er_alloc(n, size);
    if (!block) abort();
    return block;
}

/* A pool by er_pool_new(); freed by er_pool_free(). */
static inline struct er_pool *needed_pool(int threads)
{
    struct er_pool *pool;
    struct er_error err;
    if (er_pool_new(threads, &pool, &err) != ER_OK) abort();
    return pool;
}

#endif
