/* er_data_bytes(): plain files as they are, gzip unpacked member by member, within its limit to the byte. */
#include "support/scratch.h"
#include "t.h"

#include "data/gzip.h"

#include <ermine/data.h>

/* gzip -9n of "ermine\n" and of "data\n", as gzip(1) writes them. */
static const unsigned char ermine_gz[] = {0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02,
                                          0x03, 0x4b, 0x2d, 0xca, 0xcd, 0xcc, 0x4b, 0xe5, 0x02,
                                          0x00, 0x55, 0x8b, 0x92, 0x9f, 0x07, 0x00, 0x00, 0x00};
static const unsigned char data_gz[] = {0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02,
                                        0x03, 0x4b, 0x49, 0x2c, 0x49, 0xe4, 0x02, 0x00, 0x82,
                                        0xc5, 0xc1, 0xe6, 0x05, 0x00, 0x00, 0x00};

static char folder[64];

/* Writes parts one behind the other to a file and reads it back through er_data_bytes(). */
static enum er_status through_file(const void *a, size_t n_a, const void *b, size_t n_b, size_t limit,
                                   unsigned char **out, size_t *n, struct er_error *err)
{
    char path[80];
    snprintf(path, sizeof path, "%s/file", folder);
    FILE *file = fopen(path, "wb");
    bool written = file && fwrite(a, 1, n_a, file) == n_a && fwrite(b, 1, n_b, file) == n_b;
    if (file) written = fclose(file) == 0 && written;
    if (!written) return ER_E_IO;
    return er_data_bytes(path, limit, out, n, err);
}

static void comes_out(const void *a, size_t n_a, const void *b, size_t n_b, const char *want,
                      const char *what)
{
    struct er_error err;
    unsigned char *out = NULL;
    size_t n = 0;
    T_STATUS(through_file(a, n_a, b, n_b, 1000, &out, &n, &err), ER_OK, "%s", what);
    T_OK(out && n == strlen(want) && memcmp(out, want, n) == 0, "%s: %zu bytes", what, n);
    er_free(out);
}

static void refused(const void *a, size_t n_a, const void *b, size_t n_b, const char *says, const char *what)
{
    struct er_error err;
    unsigned char *out = NULL;
    size_t n = 0;
    T_STATUS(through_file(a, n_a, b, n_b, 1000, &out, &n, &err), ER_E_INPUT, "%s", what);
    T_OK(strstr(err.msg, says), "%s: \"%s\" says \"%s\"", what, err.msg, says);
    T_OK(strstr(err.file, "/file") && !out, "%s: the file is named, nothing comes out", what);
}

static void limits(void)
{
    struct er_error err;
    unsigned char *out = NULL;
    size_t n;
    T_STATUS(through_file("ermine\n", 7, "", 0, 7, &out, &n, &err), ER_OK, "plain, exactly the limit");
    er_free(out);
    out = NULL;
    T_STATUS(through_file("ermine\n", 7, "", 0, 6, &out, &n, &err), ER_E_LIMIT, "plain, one byte more");
    T_STATUS(through_file(ermine_gz, sizeof ermine_gz, "", 0, 7, &out, &n, &err), ER_OK, "gzip, the limit");
    er_free(out);
    T_STATUS(through_file(ermine_gz, sizeof ermine_gz, "", 0, 6, &out, &n, &err), ER_E_LIMIT, "gzip, more");
    T_STATUS(through_file(ermine_gz, sizeof ermine_gz, data_gz, sizeof data_gz, 11, &out, &n, &err),
             ER_E_LIMIT, "the limit is that of all members together");
}

static enum er_status unpack(unsigned char **out)
{
    size_t n;
    return er_gzip_unpack(ermine_gz, sizeof ermine_gz, 100, out, &n, NULL);
}

int main(void)
{
    struct er_error err;
    unsigned char *out;
    size_t n;
    if (!T_OK(scratch_make(folder), "a folder")) return t_done();

    comes_out("ermine\n", 7, "", 0, "ermine\n", "a plain file");
    comes_out("", 0, "", 0, "", "an empty file");
    comes_out("\x1f", 1, "", 0, "\x1f", "half a magic is a plain file");
    comes_out(ermine_gz, sizeof ermine_gz, "", 0, "ermine\n", "one member");
    comes_out(ermine_gz, sizeof ermine_gz, data_gz, sizeof data_gz, "ermine\ndata\n", "two members");
    comes_out(ermine_gz, sizeof ermine_gz, "\0\0\0", 3, "ermine\n", "zeros behind the member are padding");

    refused(ermine_gz, sizeof ermine_gz, "x", 1, "1 bytes behind the last member", "garbage behind");
    refused(ermine_gz, sizeof ermine_gz, "\0\0x", 3, "from byte 29", "garbage behind padding");
    refused(ermine_gz, sizeof ermine_gz, "\x1f\x8b", 2, "cut off at byte 29",
            "a second member without a body");
    for (size_t cut = 2; cut < sizeof ermine_gz; cut++)
        refused(ermine_gz, cut, "", 0, "cut off", "a member cut anywhere");
    for (size_t at = 19; at < sizeof ermine_gz; at++) {
        unsigned char bent[sizeof ermine_gz];
        memcpy(bent, ermine_gz, sizeof bent);
        bent[at] ^= 0x10;
        refused(bent, sizeof bent, "", 0, "corrupt at byte", "a wrong checksum or length");
    }
    refused("\x1f\x8b\x09\0\0\0\0\0\0\3", 10, "", 0, "corrupt at byte", "an unknown method");
    limits();

    T_STATUS(er_gzip_unpack((const unsigned char *)"plain", 5, 100, &out, &n, &err), ER_E_INPUT, "no gzip");
    T_STATUS(er_data_bytes("/nowhere/at-all", 100, &out, &n, &err), ER_E_NOT_FOUND, "no such file");
    T_ALLOCATIONS(unpack(&out), er_free(out), "gzip survives every failed allocation");
    scratch_remove(folder);
    return t_done();
}
