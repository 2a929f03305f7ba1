/* find.c - where the examples of a specification are, and the checksum of what lies there. */
#include "data/generator.h"
#include "data/part.h"
#include "data/regression.h"
#include "data/source.h"

#include <ermine/memory.h>
#include <ermine/ratings.h>
#include <string.h>

void er_hash_text(crypto_hash_sha256_state *hash, char hex[ER_SHA256_HEX])
{
    unsigned char digest[crypto_hash_sha256_BYTES];
    crypto_hash_sha256_final(hash, digest);
    sodium_bin2hex(hex, ER_SHA256_HEX, digest, sizeof digest);
}

/* The checksum of a generator, or of a source of real targets. */
static void made_checksum(const char *name, char hex[ER_SHA256_HEX])
{
    const struct er_generator *generator = er_generator_named(name);
    if (generator)
        er_generator_checksum(generator, hex);
    else
        er_regression_checksum(er_regression_named(name), hex);
}

/* A generator is always there, in no folder. */
static void found_generated(const char *name, struct er_data_found *out)
{
    *out = (struct er_data_found){.official = true};
    made_checksum(name, out->checksum);
}

static enum er_status count_part(void *ctx, int which, const struct er_part *part, struct er_error *err)
{
    struct er_data_found *found = ctx;
    (void)err;
    *(which ? &found->test : &found->train) = part->n;
    return ER_OK;
}

/* Ratings have no parts: all of them count as `train`. */
static enum er_status find_ratings(const struct er_set *set, const struct er_data_places *places,
                                   struct er_data_found *found, struct er_error *err)
{
    const struct er_ratings_spec spec = {.name = set->name};
    struct er_ratings ratings;
    enum er_status status = er_ratings_open(&spec, places, &ratings, err);
    if (status != ER_OK) return status;
    found->train = ratings.n + ratings.repeated;
    memcpy(found->checksum, ratings.checksum, sizeof found->checksum);
    er_ratings_clear(&ratings);
    return ER_OK;
}

enum er_status er_data_find(const char *name, const struct er_data_places *places, struct er_data_found *out,
                            struct er_error *err)
{
    const struct er_set *set = er_set_named(name);
    if (!set && !er_generator_named(name) && !er_regression_named(name)) return er_set_unknown(name, err);
    if (!set) {
        found_generated(name, out);
        return ER_OK;
    }
    struct er_set_paths paths;
    struct er_data_found found = {0};
    enum er_status status = er_set_locate(set, places, &paths, err);
    if (status != ER_OK) return status;
    status = set->format == ER_SET_RATINGS
                 ? find_ratings(set, places, &found, err)
                 : er_part_each(set, &paths, count_part, &found, found.checksum, err);
    if (status == ER_OK) {
        memcpy(found.folder, paths.folder, sizeof found.folder);
        found.official = set->checksum && strcmp(set->checksum, found.checksum) == 0;
        *out = found;
    }
    er_free(paths.path);
    return status;
}

enum er_status er_set_checksum(const struct er_set *set, const struct er_data_places *places,
                               char hex[ER_SHA256_HEX], struct er_error *err)
{
    struct er_set_paths paths;
    crypto_hash_sha256_state hash;
    enum er_status status = er_set_locate(set, places, &paths, err);
    if (status != ER_OK) return status;
    crypto_hash_sha256_init(&hash);
    for (int64_t i = 0; i < paths.n && status == ER_OK; i++) {
        unsigned char *bytes;
        size_t size;
        status = er_data_bytes(paths.path[i], ER_SET_FILE_MAX, &bytes, &size, err);
        if (status != ER_OK) break;
        crypto_hash_sha256_update(&hash, bytes, size);
        er_free(bytes);
    }
    er_free(paths.path);
    if (status == ER_OK) er_hash_text(&hash, hex);
    return status;
}

enum er_status er_data_checksum(const struct er_data_spec *spec, const struct er_data_places *places,
                                char hex[ER_SHA256_HEX], struct er_error *err)
{
    enum er_status status = er_data_spec_check(spec, err);
    if (status != ER_OK) return status;
    char path[ER_PLACE_PATH];
    if (spec->file) return er_table_checksum(er_data_file_path(spec, places, path), hex, err);
    const struct er_set *set = er_set_named(spec->name);
    if (set) return er_set_checksum(set, places, hex, err);
    made_checksum(spec->name, hex);
    return ER_OK;
}

/* One path, as the block of paths that er_data_files() gives. */
static enum er_status one_path(const char *path, char ***paths, int64_t *n, struct er_error *err)
{
    const size_t size = strlen(path) + 1;
    char **block = er_alloc((int64_t)(sizeof *block + size), 1);
    if (!block) return er_fail(err, ER_E_NOMEM, "%s: out of memory", path);
    block[0] = memcpy(block + 1, path, size);
    *paths = block;
    *n = 1;
    return ER_OK;
}

enum er_status er_data_files(const struct er_data_spec *spec, const struct er_data_places *places,
                             char ***paths, int64_t *n, struct er_error *err)
{
    enum er_status status = er_data_spec_check(spec, err);
    if (status != ER_OK) return status;
    char path[ER_PLACE_PATH];
    if (spec->file) return one_path(er_data_file_path(spec, places, path), paths, n, err);
    const struct er_set *set = er_set_named(spec->name);
    struct er_set_paths found = {0};
    if (set) status = er_set_locate(set, places, &found, err);
    if (status != ER_OK) return status;
    *paths = found.path;
    *n = found.n;
    return ER_OK;
}
