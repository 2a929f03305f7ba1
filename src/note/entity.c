/* entity.c - character references as characters. */
#include "note/entity.h"

#include "note/utf8.h"

#include <stdbool.h>
#include <string.h>

static uint32_t number(const char *text, size_t n)
{
    const bool hexadecimal = n > 0 && (text[0] == 'x' || text[0] == 'X');
    uint32_t value = 0;
    for (size_t i = hexadecimal; i < n && value <= 0x10ffff; i++) {
        uint32_t digit = (uint32_t)(text[i] <= '9' ? text[i] - '0' : (text[i] | 32) - 'a' + 10);
        value = value * (hexadecimal ? 16 : 10) + digit;
    }
    return value == 0 || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff) ? 0xfffd : value;
}

void er_entity_add(struct er_buffer *out, const char *text, size_t n)
{
    static const struct {
        const char *name;
        uint32_t character;
    } named[] = {{"&amp;", '&'},  {"&lt;", '<'},    {"&gt;", '>'},
                 {"&quot;", '"'}, {"&apos;", '\''}, {"&nbsp;", 0xa0}};
    uint32_t character = 0;
    if (n > 3 && text[1] == '#') character = number(text + 2, n - 3);
    for (size_t i = 0; i < sizeof named / sizeof *named; i++)
        if (strlen(named[i].name) == n && memcmp(text, named[i].name, n) == 0) character = named[i].character;
    char utf8[4];
    if (character)
        er_buffer_add(out, utf8, er_utf8_put(character, utf8));
    else
        er_buffer_add(out, text, n);
}
