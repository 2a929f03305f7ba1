/* markdown.c - md4c reads the body of a note. */
#include "note/markdown.h"

#include "note/entity.h"
#include "note/mathblock.h"
#include "note/nesting.h"

#include <ermine/memory.h>
#include <string.h>

enum er_status er_markdown_read(struct er_markdown *markdown, const MD_PARSER *parser, void *ctx,
                                struct er_error *err)
{
    const size_t n = markdown->n - markdown->body;
    enum er_status status =
        er_nesting_check(markdown->text, markdown->body, markdown->n, ER_NOTE_MAX_DEPTH, markdown->file, err);
    if (status != ER_OK) return status;
    markdown->seen = markdown->body;
    markdown->copy = er_alloc((int64_t)n + 1, 1);
    if (!markdown->copy) return er_fail(err, ER_E_NOMEM, "out of memory while reading %s", markdown->file);
    memcpy(markdown->copy, markdown->text + markdown->body, n);
    er_math_mask(markdown->copy, n);
    const int read = md_parse(markdown->copy, (MD_SIZE)n, parser, ctx);
    if (read != 0 && read != ER_MARKDOWN_STOP)
        status = er_fail(err, ER_E_NOMEM, "out of memory while reading %s", markdown->file);
    er_free(markdown->copy);
    markdown->copy = NULL;
    return status;
}

const char *er_markdown_own(struct er_markdown *markdown, const char *piece, size_t n)
{
    const uintptr_t at = (uintptr_t)piece, begin = (uintptr_t)markdown->copy;
    if (at < begin || at >= begin + (markdown->n - markdown->body)) return NULL;
    const size_t from = markdown->body + (at - begin);
    markdown->seen = from + n;
    return markdown->text + from;
}

void er_markdown_attribute(const MD_ATTRIBUTE *attribute, struct er_buffer *out)
{
    for (size_t i = 0; attribute->size > 0 && attribute->substr_offsets[i] < attribute->size; i++) {
        const char *text = attribute->text + attribute->substr_offsets[i];
        const size_t n = attribute->substr_offsets[i + 1] - attribute->substr_offsets[i];
        if (attribute->substr_types[i] == MD_TEXT_ENTITY)
            er_entity_add(out, text, n);
        else
            er_buffer_add(out, text, n);
    }
}
