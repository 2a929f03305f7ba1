/* chapter_path.c - which address in a book is a chapter, which one of a picture lies beside a note,
 * and the paths of their files. */
#include "note/chapter_path.h"

#include "note/utf8.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Length of the scheme (RFC 3986: a letter, then letters, digits, + - .) before the colon; 0: there is none. */
static size_t scheme(const char *address)
{
    size_t n = 0;
    if (!is_letter(address[0])) return 0;
    while (is_letter(address[n]) || is_digit(address[n]) || (address[n] && strchr("+-.", address[n]))) n++;
    return address[n] == ':' ? n : 0;
}

static bool is_slash(char c)
{
    return c == '/' || c == '\\';
}

static bool is_control(const char *address)
{
    for (; *address; address++)
        if ((unsigned char)*address < 0x20 || *address == 0x7f) return true;
    return false;
}

/* The value of two hexadecimal digits, or -1. */
static int hexadecimal(const char *text)
{
    int value = 0;
    for (int i = 0; i < 2; i++) {
        const char c = text[i];
        if (!is_digit(c) && !(c >= 'a' && c <= 'f') && !(c >= 'A' && c <= 'F')) return -1;
        value = 16 * value + (is_digit(c) ? c - '0' : (c | 0x20) - 'a' + 10);
    }
    return value;
}

/* The path of an address without its fragment, decoded; false when it is none that a file can have. */
static bool decode(const char *address, struct er_buffer *out)
{
    for (; *address && *address != '#'; address++) {
        const int byte = *address == '%' ? hexadecimal(address + 1) : -1;
        if (*address == '?' || byte == 0) return false;
        er_buffer_char(out, byte > 0 ? (char)byte : *address);
        if (byte > 0) address += 2;
    }
    const char *text = out->data ? out->data : "";
    for (size_t n = out->length, bytes; n > 0; text += bytes, n -= bytes) {
        uint32_t character;
        bytes = er_utf8_next(text, n, &character);
        if (bytes == 0 || character < 0x20) return false;
    }
    return true;
}

/* Appends the path with "." and ".." resolved; false when it leads out of the folder. */
static bool resolve(const char *decoded, struct er_buffer *path)
{
    const size_t start = path->length;
    while (*decoded) {
        const size_t n = strcspn(decoded, "/");
        if (n == 2 && decoded[0] == '.' && decoded[1] == '.') {
            if (path->length == start || path->status != ER_OK) return false;
            while (path->length > start && path->data[path->length - 1] != '/') path->length--;
            if (path->length > start) path->length--;
            path->data[path->length] = '\0';
        } else if (n > 0 && !(n == 1 && decoded[0] == '.')) {
            if (path->length > start) er_buffer_char(path, '/');
            er_buffer_add(path, decoded, n);
        }
        decoded += n;
        if (*decoded == '/') decoded++;
    }
    return true;
}

/* ER_ADDRESS_BESIDE for every relative one. */
static enum er_address origin(const char *address)
{
    const size_t n = scheme(address);
    if (is_control(address) || (is_slash(address[0]) && is_slash(address[1]))) return ER_ADDRESS_REFUSED;
    if ((n == 4 && strncasecmp(address, "http", n) == 0) ||
        (n == 5 && strncasecmp(address, "https", n) == 0) ||
        (n == 6 && strncasecmp(address, "mailto", n) == 0))
        return ER_ADDRESS_ELSEWHERE;
    return n > 0 ? ER_ADDRESS_REFUSED : ER_ADDRESS_BESIDE;
}

enum er_address er_chapter_path(const char *address, struct er_buffer *path)
{
    struct er_buffer decoded = {0};
    enum er_address what = origin(address);
    if (what == ER_ADDRESS_BESIDE && decode(address, &decoded) && decoded.length > 3 &&
        decoded.data[0] != '/' && strcmp(decoded.data + decoded.length - 3, ".md") == 0)
        what = resolve(decoded.data, path) ? ER_ADDRESS_CHAPTER : ER_ADDRESS_OUTSIDE;
    if (decoded.status != ER_OK) path->status = decoded.status;
    er_buffer_clear(&decoded);
    return what;
}

enum er_address er_picture_path(const char *address, struct er_buffer *path)
{
    struct er_buffer decoded = {0};
    enum er_address what = origin(address);
    if (what == ER_ADDRESS_BESIDE &&
        (!decode(address, &decoded) ||
         (decoded.length > 0 && (decoded.data[0] == '/' || !resolve(decoded.data, path)))))
        what = ER_ADDRESS_OUTSIDE;
    if (decoded.status != ER_OK) path->status = decoded.status;
    er_buffer_clear(&decoded);
    return what;
}

static void encode(const char *path, struct er_buffer *out)
{
    static const char digit[] = "0123456789ABCDEF";
    for (; *path; path++) {
        if (is_letter(*path) || is_digit(*path) || strchr("-_.!~*'();/:@&=+$,", *path)) {
            er_buffer_char(out, *path);
        } else {
            const char code[3] = {'%', digit[(unsigned char)*path >> 4], digit[(unsigned char)*path & 15]};
            er_buffer_add(out, code, sizeof code);
        }
    }
}

void er_chapter_address(const char *from, const char *to, struct er_buffer *out)
{
    size_t common = 0; /* bytes of the folders that both are in */
    for (size_t i = 0; from[i] && from[i] == to[i]; i++)
        if (from[i] == '/') common = i + 1;
    for (const char *c = from + common; (c = strchr(c, '/')); c++) er_buffer_text(out, "../");
    encode(to + common, out);
}
