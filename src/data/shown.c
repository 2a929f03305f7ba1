/* shown.c - text from outside made fit for one line of a message. */
#include "data/shown.h"

#include <string.h>

size_t er_utf8_length(const char *text, size_t n)
{
    const unsigned char *b = (const unsigned char *)text;
    if (b[0] < 0x80) return 1;
    const size_t length = b[0] < 0xc2 ? 0 : b[0] < 0xe0 ? 2 : b[0] < 0xf0 ? 3 : b[0] < 0xf5 ? 4 : 0;
    if (length == 0 || length > n) return 0;
    for (size_t i = 1; i < length; i++)
        if ((b[i] & 0xc0) != 0x80) return 0;
    const bool overlong = (b[0] == 0xe0 && b[1] < 0xa0) || (b[0] == 0xf0 && b[1] < 0x90);
    const bool surrogate = b[0] == 0xed && b[1] >= 0xa0;
    const bool beyond = b[0] == 0xf4 && b[1] >= 0x90;
    return overlong || surrogate || beyond ? 0 : length;
}

/* The length of the plain character at `text`, or 0. U+0080 to U+009F (c2 80 to c2 9f) are controls as well.
 */
static size_t plain_length(const char *text, size_t n)
{
    const unsigned char *b = (const unsigned char *)text;
    const size_t length = er_utf8_length(text, n);
    if (b[0] < 0x20 || b[0] == 0x7f || (length == 2 && b[0] == 0xc2 && b[1] < 0xa0)) return 0;
    return length;
}

bool er_text_plain(const char *text, size_t n)
{
    for (size_t i = 0; i < n;) {
        const size_t length = plain_length(text + i, n - i);
        if (length == 0) return false;
        i += length;
    }
    return true;
}

void er_text_tame(char *text)
{
    for (size_t n = strlen(text); n > 0;) {
        const size_t length = plain_length(text, n), step = length ? length : 1;
        if (length == 0) *text = '?';
        text += step;
        n -= step;
    }
}

char *er_text_shown(const char *text, size_t n, char out[ER_SHOWN])
{
    const size_t room = ER_SHOWN - sizeof "...";
    size_t used = 0;
    for (size_t i = 0; i < n;) {
        const size_t length = plain_length(text + i, n - i);
        const size_t put = length ? length : 1;
        if (used + put > room) {
            memcpy(out + used, "...", 3);
            used += 3;
            break;
        }
        memcpy(out + used, length ? text + i : "?", put);
        used += put;
        i += put;
    }
    out[used] = '\0';
    return out;
}
