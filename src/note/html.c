/* html.c - text made safe for the places of an HTML page where it is put. */
#include "note/html.h"

#include "note/utf8.h"

#include <stdbool.h>
#include <string.h>

void er_html_text(struct er_buffer *out, const char *text, size_t n)
{
    size_t done = 0;
    for (size_t i = 0; i < n;) {
        const char *instead = NULL;
        uint32_t character;
        size_t bytes = er_utf8_next(text + i, n - i, &character);
        if (bytes == 0) {
            bytes = 1;
            instead = "\xef\xbf\xbd";
        } else if (bytes == 1) {
            switch (text[i]) {
            case '&':
                instead = "&amp;";
                break;
            case '<':
                instead = "&lt;";
                break;
            case '>':
                instead = "&gt;";
                break;
            case '"':
                instead = "&quot;";
                break;
            case '\'':
                instead = "&#39;";
                break;
            case '\0':
                instead = "\xef\xbf\xbd";
                break;
            default:
                break;
            }
        }
        if (instead) {
            er_buffer_add(out, text + done, i - done);
            er_buffer_text(out, instead);
            done = i + bytes;
        }
        i += bytes;
    }
    er_buffer_add(out, text + done, n - done);
}

void er_html_string(struct er_buffer *out, const char *text)
{
    er_html_text(out, text, strlen(text));
}

static void percent(struct er_buffer *out, char c)
{
    static const char digit[] = "0123456789ABCDEF";
    const char code[3] = {'%', digit[(unsigned char)c >> 4], digit[(unsigned char)c & 15]};
    er_buffer_add(out, code, sizeof code);
}

static bool plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != '\0' && strchr("-._~", c));
}

void er_html_data(struct er_buffer *out, const char *text)
{
    for (; *text; text++)
        if (plain(*text) || *text == ',')
            er_buffer_char(out, *text);
        else
            percent(out, *text);
}

void er_html_json(struct er_buffer *out, const char *json)
{
    for (const char *next; (next = strchr(json, '<')); json = next + 1) {
        er_buffer_add(out, json, (size_t)(next - json));
        er_buffer_text(out, "\\u003c");
    }
    er_buffer_text(out, json);
}
