/* digest.h - one hash of several blocks of bytes: that of their hashes, one after the other. */
#ifndef ERMINE_PGDL_DIGEST_H
#define ERMINE_PGDL_DIGEST_H

#include <ermine/hash.h>

enum { ER_DIGEST_BLOCKS = 4 };

struct er_digest {
    char text[ER_DIGEST_BLOCKS * (ER_SHA256_HEX - 1) + ER_SHA256_HEX];
    size_t n;
};

/* Any number of blocks: what was added is folded into one hash when the room is used up. */
void er_digest_open(struct er_digest *digest);
void er_digest_add(struct er_digest *digest, const void *bytes, size_t n);
void er_digest_close(struct er_digest *digest, char hex[ER_SHA256_HEX]);

#endif
