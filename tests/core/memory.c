/* Blocks are zeroed, aligned and bounded; arenas keep their limit; every failure is survived. */
#include "t.h"

#include "core/buffer.h"

static enum er_status make_arena(struct er_arena **arena)
{
    struct er_error err = {0};
    enum er_status status = er_arena_new(1 << 20, arena, &err);
    if (status != ER_OK) return status;
    for (int i = 0; i < 100; i++)
        if (!er_arena_alloc(*arena, 1000, 1)) {
            er_arena_free(*arena);
            return ER_E_NOMEM;
        }
    return ER_OK;
}

static enum er_status make_text(char **text)
{
    struct er_error err = {0};
    struct er_buffer buffer = {0};
    for (int i = 0; i < 1000; i++) er_buffer_format(&buffer, "%d,", i);
    return er_buffer_take(&buffer, text, &err);
}

int main(void)
{
    struct er_error err = {0};
    unsigned char *block = er_alloc(1000, 3);
    T_OK(block && (uintptr_t)block % ER_ALIGN == 0, "aligned");
    int sum = 0;
    for (int i = 0; i < 3000; i++) sum += block[i];
    T_EQ_INT(sum, 0, "zeroed");
    for (int i = 0; i < 3000; i++) block[i] = (unsigned char)i;
    block = er_grow(block, 1000, 2000, 3);
    T_OK(block && block[2999] == (unsigned char)2999 && block[3000] == 0 && block[5999] == 0, "grown");
    er_free(block);
    T_OK(!er_alloc(-1, 1) && !er_alloc(INT64_MAX, 16),
         "a negative count and an overflowing product are refused");

    struct er_arena *arena;
    T_STATUS(er_arena_new(100, &arena, &err), ER_OK, "arena");
    T_OK(er_arena_alloc(arena, 60, 1) && !er_arena_alloc(arena, 60, 1), "an arena keeps its limit");
    T_EQ_STR(er_arena_strndup(arena, "ermine", 3), "erm", "a cut copy");
    er_arena_free(arena);

    char *text;
    T_ALLOCATIONS(make_arena(&arena), er_arena_free(arena), "arena survives every failed allocation");
    T_ALLOCATIONS(make_text(&text), er_free(text), "buffer survives every failed allocation");
    T_STATUS(make_text(&text), ER_OK, "text");
    T_OK(strncmp(text, "0,1,2,3,", 8) == 0 && strlen(text) == 3890, "the text holds what was added");
    er_free(text);

    char line[256];
    er_fail_at(&err, ER_E_INPUT, "a.yaml", 3, 7, "rate: %d is below 0", -1);
    T_EQ_STR(er_error_text(&err, line, sizeof line), "a.yaml:3:7: rate: -1 is below 0",
             "an error with its place");
    er_fail(&err, ER_E_NOMEM, "x");
    er_error_place(&err, "b.yaml", 0, 0);
    T_EQ_STR(er_error_text(&err, line, sizeof line), "b.yaml: x", "a place given later");
    return t_done();
}
