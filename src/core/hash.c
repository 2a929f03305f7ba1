/* hash.c - SHA-256 of bytes and files as text; the arithmetic is libsodium's. */
#include <ermine/hash.h>

#include "core/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>

static void to_hex(const unsigned char digest[crypto_hash_sha256_BYTES], char hex[ER_SHA256_HEX])
{
    sodium_bin2hex(hex, ER_SHA256_HEX, digest, crypto_hash_sha256_BYTES);
}

void er_sha256(const void *bytes, size_t n, char hex[ER_SHA256_HEX])
{
    unsigned char digest[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(digest, bytes, n);
    to_hex(digest, hex);
}

enum er_status er_sha256_file(const char *path, char hex[ER_SHA256_HEX], struct er_error *err)
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return er_fail_errno(err, errno, path, "cannot read");
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    unsigned char block[1 << 16];
    ssize_t got;
    while ((got = read(fd, block, sizeof block)) != 0) {
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) {
            const int error = errno;
            close(fd);
            return er_fail_errno(err, error, path, "cannot read");
        }
        crypto_hash_sha256_update(&state, block, (unsigned long long)got);
    }
    close(fd);
    unsigned char digest[crypto_hash_sha256_BYTES];
    crypto_hash_sha256_final(&state, digest);
    to_hex(digest, hex);
    return ER_OK;
}
