/* <ermine/memory.h> - the one door through which the library takes memory.
 *
 * Blocks are zeroed and aligned to ER_ALIGN bytes (a cache line and an AVX-512 register). A test can make the
 * n-th request fail, so that every constructor's failure path is walked (tests/t.h, T_ALLOCATIONS).
 */
#ifndef ERMINE_MEMORY_H
#define ERMINE_MEMORY_H

#include <ermine/status.h>
#include <stdbool.h>

#define ER_ALIGN 64

/**
 * `count` zeroed elements of `size` bytes, aligned to ER_ALIGN; freed by er_free().
 *
 * @return NULL when count < 0, when the product overflows, or when memory is out. A request for 0 bytes gives
 * a block that may be freed and not read.
 */
ER_API void *er_alloc(int64_t count, size_t size);

/**
 * Moves a block of `old_count` elements to one of `count` elements; what is new is zeroed, the old block is
 * freed.
 *
 * @return the new block; NULL as er_alloc(), with the old block untouched.
 */
ER_API void *er_grow(void *block, int64_t old_count, int64_t count, size_t size);

/** A copy of `text` that er_free() frees, or NULL when memory is out. */
ER_API char *er_strdup(const char *text);

/** Frees a block; NULL is allowed. */
ER_API void er_free(void *block);

/** A hook asked before each allocation with its size in bytes; false makes the allocation fail. */
typedef bool er_alloc_hook(void *ctx, size_t bytes);

/** Sets the hook of this thread (NULL: none). For tests. */
ER_API void er_alloc_set_hook(er_alloc_hook *hook, void *ctx);

/* An arena: many small blocks that die together, such as the nodes of a parsed file. Not thread safe. */
struct er_arena;

/** An empty arena that holds at most `limit` bytes. ER_E_NOMEM. */
ER_API enum er_status er_arena_new(size_t limit, struct er_arena **out, struct er_error *err);

/** `count` zeroed elements, aligned for any C object; NULL when memory is out or the limit is reached. */
ER_API void *er_arena_alloc(struct er_arena *arena, int64_t count, size_t size);

/** A copy of the first `length` bytes of `text` and a NUL; NULL as er_arena_alloc(). */
ER_API char *er_arena_strndup(struct er_arena *arena, const char *text, size_t length);

/** A copy of `text`; NULL as er_arena_alloc(). */
ER_API char *er_arena_strdup(struct er_arena *arena, const char *text);

/** Frees the arena and all that came from it; NULL is allowed. */
ER_API void er_arena_free(struct er_arena *arena);

#endif
