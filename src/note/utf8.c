/* utf8.c - reading UTF-8, and the text model of a note. */
#include "note/utf8.h"

#include <ermine/memory.h>
#include <inttypes.h>
#include <string.h>

size_t er_utf8_next(const char *text, size_t n, uint32_t *character)
{
    const unsigned char *byte = (const unsigned char *)text;
    size_t length = byte[0] < 0x80       ? 1
                    : byte[0] >> 5 == 6  ? 2
                    : byte[0] >> 4 == 14 ? 3
                    : byte[0] >> 3 == 30 ? 4
                                         : 0;
    if (length == 0 || length > n) return 0;
    uint32_t c = length == 1 ? byte[0] : byte[0] & (0x7fu >> length);
    for (size_t i = 1; i < length; i++) {
        if (byte[i] >> 6 != 2) return 0;
        c = c << 6 | (byte[i] & 0x3fu);
    }
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    if (c < least[length] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff)) return 0;
    *character = c;
    return length;
}

size_t er_utf8_put(uint32_t character, char out[4])
{
    if (character < 0x80) {
        out[0] = (char)character;
        return 1;
    }
    size_t length = character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
    for (size_t i = length - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (character & 0x3f));
        character >>= 6;
    }
    out[0] = (char)(0xf00u >> length | character);
    return length;
}

int64_t er_utf8_count(const char *text, size_t n)
{
    int64_t count = 0;
    for (size_t i = 0; i < n; i++) count += ((unsigned char)text[i] & 0xc0) != 0x80;
    return count;
}

void er_utf8_clean(char *text)
{
    for (size_t n = strlen(text), bytes; n > 0; text += bytes, n -= bytes) {
        uint32_t character;
        bytes = er_utf8_next(text, n, &character);
        if (bytes > 0) continue;
        text[0] = '?';
        bytes = 1;
    }
}

enum er_status er_text_normalise(const char *text, size_t n, const char *file, char **out, size_t *length,
                                 struct er_error *err)
{
    if (n >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
        text += 3;
        n -= 3;
    }
    int64_t line = 1, nuls = 0;
    size_t start = 0;
    for (size_t i = 0; i < n;) {
        uint32_t character;
        size_t bytes = er_utf8_next(text + i, n - i, &character);
        if (bytes == 0)
            return er_fail_at(err, ER_E_INPUT, file, line, er_utf8_count(text + start, i - start) + 1,
                              "not UTF-8: byte 0x%02x", (unsigned)(unsigned char)text[i]);
        nuls += character == 0;
        i += bytes;
        if (character == '\n' || (character == '\r' && (i == n || text[i] != '\n'))) {
            line++;
            start = i;
        }
    }
    char *copy = er_alloc((int64_t)n + 2 * nuls + 1, 1);
    if (!copy) return er_fail(err, ER_E_NOMEM, "out of memory while reading %s", file);
    size_t k = 0;
    for (size_t i = 0; i < n; i++) {
        if (text[i] == '\r' && i + 1 < n && text[i + 1] == '\n') continue;
        if (text[i] == '\0')
            k += er_utf8_put(0xfffd, copy + k);
        else
            copy[k++] = (char)(text[i] == '\r' ? '\n' : text[i]);
    }
    *out = copy;
    *length = k;
    return ER_OK;
}
