/* digest.c - hashes of hashes. */
#include "pgdl/digest.h"

#include <string.h>

enum { HASH = ER_SHA256_HEX - 1 };

void er_digest_open(struct er_digest *digest)
{
    digest->n = 0;
}

void er_digest_add(struct er_digest *digest, const void *bytes, size_t n)
{
    char hex[ER_SHA256_HEX];
    if (digest->n == (size_t)ER_DIGEST_BLOCKS * HASH) {
        er_sha256(digest->text, digest->n, hex);
        memcpy(digest->text, hex, HASH);
        digest->n = HASH;
    }
    er_sha256(bytes, n, hex);
    memcpy(digest->text + digest->n, hex, HASH);
    digest->n += HASH;
}

void er_digest_close(struct er_digest *digest, char hex[ER_SHA256_HEX])
{
    er_sha256(digest->text, digest->n, hex);
}
