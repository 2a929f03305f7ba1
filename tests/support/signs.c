/* signs.c - texts with typographical signs as plain ones. */
#include "support/signs.h"

#include <stdio.h>
#include <string.h>

char *signs_plain(const char *text, char *out, int size)
{
    static const char *const sign[][2] = {
        {"\xe2\x80\xaf", "~"},  {"\xc2\xa0", "_"},      {"\xe2\x88\x92", "-"},  {"\xc2\xb1", "+-"},
        {"\xc3\x97", "x"},      {"\xc2\xb5", "u"},      {"\xe2\x81\xb0", "^0"}, {"\xc2\xb9", "^1"},
        {"\xc2\xb2", "^2"},     {"\xc2\xb3", "^3"},     {"\xe2\x81\xb4", "^4"}, {"\xe2\x81\xb5", "^5"},
        {"\xe2\x81\xb6", "^6"}, {"\xe2\x81\xb7", "^7"}, {"\xe2\x81\xb8", "^8"}, {"\xe2\x81\xb9", "^9"},
        {"\xe2\x81\xbb", "^-"}};
    int n = 0;
    out[0] = '\0';
    while (*text && n + 1 < size) {
        size_t k = 0;
        while (k < sizeof sign / sizeof *sign && strncmp(text, sign[k][0], strlen(sign[k][0])) != 0) k++;
        if (k < sizeof sign / sizeof *sign) {
            n += snprintf(out + n, (size_t)(size - n), "%s", sign[k][1]);
            text += strlen(sign[k][0]);
        } else {
            n += snprintf(out + n, (size_t)(size - n), "%c", *text++);
        }
    }
    return out;
}
