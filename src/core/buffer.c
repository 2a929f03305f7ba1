/* buffer.c - a text that grows at its end, doubling its room. */
#include "core/buffer.h"

#include <ermine/memory.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static bool reserve(struct er_buffer *buffer, size_t more)
{
    if (buffer->status != ER_OK) return false;
    if (more > SIZE_MAX / 4 - buffer->length) goto fail;
    size_t need = buffer->length + more + 1;
    if (need <= buffer->capacity) return true;
    size_t capacity = buffer->capacity ? buffer->capacity : 256;
    while (capacity < need) capacity *= 2;
    char *data = er_grow(buffer->data, (int64_t)buffer->capacity, (int64_t)capacity, 1);
    if (!data) goto fail;
    buffer->data = data;
    buffer->capacity = capacity;
    return true;
fail:
    buffer->status = ER_E_NOMEM;
    return false;
}

void er_buffer_add(struct er_buffer *buffer, const char *text, size_t length)
{
    if (length == 0 || !reserve(buffer, length)) return;
    memcpy(buffer->data + buffer->length, text, length);
    buffer->length += length;
    buffer->data[buffer->length] = '\0';
}

void er_buffer_text(struct er_buffer *buffer, const char *text)
{
    er_buffer_add(buffer, text, strlen(text));
}

void er_buffer_char(struct er_buffer *buffer, char c)
{
    er_buffer_add(buffer, &c, 1);
}

void er_buffer_format(struct er_buffer *buffer, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (length <= 0 || !reserve(buffer, (size_t)length)) return;
    va_start(args, format);
    vsnprintf(buffer->data + buffer->length, (size_t)length + 1, format, args);
    va_end(args);
    buffer->length += (size_t)length;
}

enum er_status er_buffer_take(struct er_buffer *buffer, char **out, struct er_error *err)
{
    enum er_status status = reserve(buffer, 0) ? ER_OK : buffer->status;
    if (status != ER_OK) {
        er_buffer_clear(buffer);
        return er_fail(err, status, "out of memory while building a text");
    }
    *out = buffer->data;
    *buffer = (struct er_buffer){0};
    return ER_OK;
}

void er_buffer_clear(struct er_buffer *buffer)
{
    er_free(buffer->data);
    *buffer = (struct er_buffer){0};
}
