/* plain.c - the plain text of a heading, an item or a paragraph. */
#include "note/plain.h"

#include "note/entity.h"

#include <stdbool.h>
#include <string.h>

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n';
}

void er_plain_begin(struct er_plain *plain)
{
    plain->text.length = 0;
    if (plain->text.data) plain->text.data[0] = '\0';
    plain->pictures = 0;
}

void er_plain_trim(struct er_plain *plain)
{
    struct er_buffer *text = &plain->text;
    size_t begin = 0;
    while (text->length > 0 && is_blank(text->data[text->length - 1])) text->length--;
    while (begin < text->length && is_blank(text->data[begin])) begin++;
    if (!text->data) return;
    text->length -= begin;
    memmove(text->data, text->data + begin, text->length);
    text->data[text->length] = '\0';
}

void er_plain_enter(struct er_plain *plain, MD_SPANTYPE type)
{
    if (type == MD_SPAN_IMG) plain->pictures++;
    if (type != MD_SPAN_LATEXMATH || plain->pictures > 0) return;
    plain->formula = plain->text.length;
    er_buffer_char(&plain->text, '$');
}

void er_plain_leave(struct er_plain *plain, MD_SPANTYPE type, const char *behind)
{
    if (type == MD_SPAN_IMG) plain->pictures--;
    if (type != MD_SPAN_LATEXMATH || plain->pictures > 0 || plain->text.status != ER_OK) return;
    char *source = plain->text.data + plain->formula + 1;
    const size_t n = plain->text.length - plain->formula - 1;
    const char next = behind[0] == '$' ? behind[1] : '\0';
    if (n == 0 || is_blank(source[0]) || is_blank(source[n - 1]) || (next >= '0' && next <= '9')) {
        er_buffer_char(&plain->text, '$');
        return;
    }
    memmove(source - 1, source, n + 1);
    plain->text.length--;
}

void er_plain_text(struct er_plain *plain, MD_TEXTTYPE type, const char *text, size_t n)
{
    if (plain->pictures > 0 || type == MD_TEXT_HTML) return;
    if (type == MD_TEXT_BR || type == MD_TEXT_SOFTBR)
        er_buffer_char(&plain->text, ' ');
    else if (type == MD_TEXT_ENTITY)
        er_entity_add(&plain->text, text, n);
    else
        er_buffer_add(&plain->text, text, n);
}
