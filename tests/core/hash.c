/* SHA-256 gives the published values, of bytes and of files read in pieces. */
#include "t.h"

#include "core/file.h"
#include "support/scratch.h"

#include <ermine/hash.h>

int main(void)
{
    /* NIST, "Secure hash standard: example values", and FIPS 180-2 appendix B.3 (a million letters a). */
    static const char empty[] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    static const char abc[] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    static const char two_blocks[] = "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1";
    static const char million[] = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";
    char hex[ER_SHA256_HEX];
    er_sha256("", 0, hex);
    T_EQ_STR(hex, empty, "nothing");
    er_sha256("abc", 3, hex);
    T_EQ_STR(hex, abc, "abc");
    er_sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 56, hex);
    T_EQ_STR(hex, two_blocks, "two blocks");
    char *letters = er_alloc(1000000, 1);
    if (!letters) return 1;
    memset(letters, 'a', 1000000);
    er_sha256(letters, 1000000, hex);
    T_EQ_STR(hex, million, "a million letters");

    struct er_error err;
    char dir[64], path[128];
    if (!scratch_make(dir)) return 1;
    snprintf(path, sizeof path, "%s/letters", dir);
    T_STATUS(er_file_write(path, letters, 1000000, &err), ER_OK, "write");
    memset(hex, 'x', sizeof hex);
    T_STATUS(er_sha256_file(path, hex, &err), ER_OK, "a file of many pieces");
    T_EQ_STR(hex, million, "a file of a million letters");
    T_STATUS(er_file_write(path, "", 0, &err), ER_OK, "write");
    T_STATUS(er_sha256_file(path, hex, &err), ER_OK, "an empty file");
    T_EQ_STR(hex, empty, "an empty file");
    snprintf(path, sizeof path, "%s/none", dir);
    T_STATUS(er_sha256_file(path, hex, &err), ER_E_NOT_FOUND, "no such file");
    T_OK(strstr(err.msg, path) != NULL, "the message names the path: %s", err.msg);
    T_STATUS(er_sha256_file(dir, hex, &err), ER_E_IO, "a directory");
    T_EQ_STR(hex, empty, "failures leave the output alone");
    er_free(letters);
    scratch_remove(dir);
    return t_done();
}
