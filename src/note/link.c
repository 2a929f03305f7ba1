/* link.c - which addresses of a note become links and images. */
#include "note/link.h"

#include <string.h>
#include <strings.h>

static bool letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool later(char c)
{
    return letter(c) || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
}

static bool slash(char c)
{
    return c == '/' || c == '\\';
}

/* Length of the scheme (RFC 3986: a letter, then letters, digits, + - .) before the colon; 0 when there is
 * none. */
static size_t scheme(const char *address, size_t n)
{
    if (n == 0 || !letter(address[0])) return 0;
    size_t i = 1;
    while (i < n && later(address[i])) i++;
    return i < n && address[i] == ':' ? i : 0;
}

static bool starts(const char *address, size_t n, const char *word)
{
    return n >= strlen(word) && strncasecmp(address, word, strlen(word)) == 0;
}

static bool relative(const char *address, size_t n)
{
    bool network = n >= 2 && slash(address[0]) && slash(address[1]);
    return scheme(address, n) == 0 && !network;
}

bool er_link_external(const char *address, size_t n)
{
    return starts(address, n, "http://") || starts(address, n, "https://");
}

bool er_link_allowed(const char *address, size_t n)
{
    return er_link_external(address, n) || starts(address, n, "mailto:") || relative(address, n);
}

bool er_image_allowed(const char *address, size_t n)
{
    static const char *const data[] = {"data:image/png", "data:image/jpeg", "data:image/gif",
                                       "data:image/webp"};
    for (size_t i = 0; i < sizeof data / sizeof *data; i++) {
        size_t length = strlen(data[i]);
        if (starts(address, n, data[i]) && n > length && (address[length] == ';' || address[length] == ','))
            return true;
    }
    return er_link_external(address, n) || relative(address, n);
}
