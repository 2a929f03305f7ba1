/* recognise.c - file formats by their first bytes, for messages only: nothing is read on the strength of
 * them.
 */
#include "data/recognise.h"

#include <string.h>
#include <strings.h>

#define LOOKS "; it looks like "

static const struct signature {
    const char *bytes;
    size_t n;
    const char *text;
} signatures[] = {
    {"\x1f\x8b", 2, LOOKS "a gzip file"},
    {"PK\x03\x04", 4, LOOKS "a zip file (such as .npz or .xlsx)"},
    {"PK\x05\x06", 4, LOOKS "an empty zip file"},
    {"\x93NUMPY", 6, LOOKS "a NumPy array (.npy)"},
    {"\0\0\x08\x01", 4, LOOKS "a file of IDX labels"},
    {"\0\0\x08\x03", 4, LOOKS "a file of IDX images"},
    {"BZh91AY&SY", 10, LOOKS "a bzip2 file"},
    {"\xfd"
     "7zXZ",
     5, LOOKS "an xz file"},
    {"\x28\xb5\x2f\xfd", 4, LOOKS "a zstd file"},
    {"\x89PNG", 4, LOOKS "a PNG picture"},
    {"\x89HDF", 4, LOOKS "an HDF5 file"},
    {"\xff\xfe", 2, LOOKS "text in UTF-16, where UTF-8 is read"},
    {"\xfe\xff", 2, LOOKS "text in UTF-16, where UTF-8 is read"},
    {"version https://git-lfs", 23, LOOKS "a Git LFS pointer, not the file it stands for"},
};

/* Markup may follow blanks and a byte order mark, in any case of letters. */
static const char *looks_like_markup(const unsigned char *bytes, size_t n)
{
    size_t i = n >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    while (i < n && strchr(" \t\r\n", bytes[i]) && bytes[i]) i++;
    const char *rest = (const char *)bytes + i;
    if ((n - i >= 9 && strncasecmp(rest, "<!doctype", 9) == 0) ||
        (n - i >= 5 && strncasecmp(rest, "<html", 5) == 0) ||
        (n - i >= 5 && strncasecmp(rest, "<head", 5) == 0))
        return LOOKS "an HTML page, perhaps one that a login page or a server's error put in its place";
    if (n - i >= 5 && strncasecmp(rest, "<?xml", 5) == 0) return LOOKS "an XML file";
    return NULL;
}

const char *er_data_looks(const unsigned char *bytes, size_t n)
{
    if (n == 0) return "; it is empty";
    for (size_t i = 0; i < sizeof signatures / sizeof *signatures; i++)
        if (n >= signatures[i].n && memcmp(bytes, signatures[i].bytes, signatures[i].n) == 0)
            return signatures[i].text;
    const char *markup = looks_like_markup(bytes, n);
    return markup ? markup : "";
}
