/* arena.c - blocks that die together: a list of chunks, each filled from its front. */
#include <ermine/memory.h>

#include <stdalign.h>
#include <string.h>

enum { CHUNK_BYTES = 1 << 14 };

struct chunk {
    struct chunk *next;
    size_t used, size;
    alignas(max_align_t) unsigned char bytes[];
};

struct er_arena {
    struct chunk *chunk;
    size_t taken, limit;
};

enum er_status er_arena_new(size_t limit, struct er_arena **out, struct er_error *err)
{
    struct er_arena *arena = er_alloc(1, sizeof *arena);
    if (!arena) return er_fail(err, ER_E_NOMEM, "arena: out of memory");
    arena->limit = limit;
    *out = arena;
    return ER_OK;
}

void *er_arena_alloc(struct er_arena *arena, int64_t count, size_t size)
{
    size_t bytes;
    if (count < 0 || __builtin_mul_overflow((size_t)count, size, &bytes)) return NULL;
    if (bytes > arena->limit) return NULL;
    bytes = (bytes + alignof(max_align_t) - 1) / alignof(max_align_t) * alignof(max_align_t);
    if (bytes > arena->limit - arena->taken) return NULL;
    struct chunk *chunk = arena->chunk;
    if (!chunk || chunk->size - chunk->used < bytes) {
        size_t room = bytes > CHUNK_BYTES ? bytes : CHUNK_BYTES;
        chunk = er_alloc((int64_t)(sizeof *chunk + room), 1);
        if (!chunk) return NULL;
        chunk->size = room;
        chunk->next = arena->chunk;
        arena->chunk = chunk;
    }
    void *block = chunk->bytes + chunk->used;
    chunk->used += bytes;
    arena->taken += bytes;
    return block;
}

char *er_arena_strndup(struct er_arena *arena, const char *text, size_t length)
{
    if (length >= INT64_MAX) return NULL;
    char *copy = er_arena_alloc(arena, (int64_t)length + 1, 1);
    if (copy) memcpy(copy, text, length);
    return copy;
}

char *er_arena_strdup(struct er_arena *arena, const char *text)
{
    return er_arena_strndup(arena, text, strlen(text));
}

void er_arena_free(struct er_arena *arena)
{
    if (!arena) return;
    while (arena->chunk) {
        struct chunk *next = arena->chunk->next;
        er_free(arena->chunk);
        arena->chunk = next;
    }
    er_free(arena);
}
