/* memory.c - aligned, zeroed blocks behind a hook. */
#include <ermine/memory.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { PAGE = 4096, LARGE = 8 << 20 };

static _Thread_local struct {
    er_alloc_hook *hook;
    void *ctx;
} allocation;

void er_alloc_set_hook(er_alloc_hook *hook, void *ctx)
{
    allocation.hook = hook;
    allocation.ctx = ctx;
}

/* Asks for large pages, before the first touch: a matrix whose rows are pages apart else waits for the page table at each. */
static void advise(void *block, size_t bytes)
{
#ifdef MADV_HUGEPAGE
    const size_t skipped = -(uintptr_t)block % PAGE;
    if (block && bytes >= LARGE)
        madvise((char *)block + skipped, (bytes - skipped) / PAGE * PAGE, MADV_HUGEPAGE);
#else
    (void)block;
    (void)bytes;
#endif
}

void *er_alloc(int64_t count, size_t size)
{
    size_t bytes;
    if (count < 0 || __builtin_mul_overflow((size_t)count, size, &bytes)) return NULL;
    if (bytes > SIZE_MAX - ER_ALIGN) return NULL;
    if (allocation.hook && !allocation.hook(allocation.ctx, bytes)) return NULL;
    size_t rounded = bytes ? (bytes + ER_ALIGN - 1) / ER_ALIGN * ER_ALIGN : ER_ALIGN;
    void *block = aligned_alloc(ER_ALIGN, rounded);
    advise(block, rounded);
    if (block) memset(block, 0, rounded);
    return block;
}

void *er_grow(void *block, int64_t old_count, int64_t count, size_t size)
{
    void *bigger = er_alloc(count, size);
    if (!bigger) return NULL;
    int64_t kept = old_count < count ? old_count : count;
    if (block && kept > 0) memcpy(bigger, block, (size_t)kept * size);
    er_free(block);
    return bigger;
}

char *er_strdup(const char *text)
{
    size_t n = strlen(text) + 1;
    char *copy = er_alloc((int64_t)n, 1);
    if (copy) memcpy(copy, text, n);
    return copy;
}

void er_free(void *block)
{
    free(block);
}
