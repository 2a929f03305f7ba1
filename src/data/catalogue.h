/* catalogue.h - what is known of each named set: its files, how to read them, where they officially are.
 *
 * The entries are lines of catalogue.def; the generators are lines of generators.def (generator.h).
 */
#ifndef ERMINE_DATA_CATALOGUE_H
#define ERMINE_DATA_CATALOGUE_H

#include <ermine/data.h>

enum { ER_SET_FILE_MAX = 1 << 30 }; /* unpacked bytes of one file */

enum er_set_format { ER_SET_IDX, ER_SET_CIFAR, ER_SET_CSV, ER_SET_RATINGS };

struct er_set_file {
    const char *name;   /* unpacked; on disk it may carry ".gz" */
    int64_t bytes;      /* at the address, or of the archive's file; 0: not pinned */
    const char *sha256; /* of these bytes; NULL: not pinned */
    const char *url;    /* NULL: it comes out of the archive */
};

struct er_set {
    const char *name;
    enum er_set_format format;
    struct er_shape shape;
    int64_t classes;
    double scale;                 /* of a table's values */
    const char *checksum;         /* of the whole official set; NULL: not pinned */
    const char *const *folder;    /* names of its folder inside a place, ended by NULL; the first is ours */
    const char *archive, *inside; /* address of the archive, folder of the files in it; or NULL */
    int64_t archive_bytes;        /* 0: not pinned */
    const char *archive_sha256;   /* NULL: not pinned */
    int64_t train_files; /* how many of file[] hold the training part; the rest is the test part. Ratings have
                                     no parts: one file */
    int64_t n_files;
    const struct er_set_file *file;
};

/* The named set, or NULL. */
const struct er_set *er_set_named(const char *name);

/* ER_E_NOT_FOUND for a name that is neither a set's nor a generator's, with the nearest one as a hint. */
enum er_status er_set_unknown(const char *name, struct er_error *err);

/* The files of a set in one folder: training part first, then the test part. */
struct er_set_paths {
    char folder[4096];
    int64_t train, n;
    char **path; /* n paths, one block, freed by er_free() */
};

/* Finds a set's files. For CIFAR a part of the set will do: when an official name is missing, all files
 * data_batch_*.bin and test_batch*.bin (or .bin.gz) in the order of their names. ER_E_NOT_FOUND says where it
 * looked and what fetches the set; ER_E_NOMEM. */
enum er_status er_set_locate(const struct er_set *set, const struct er_data_places *places,
                             struct er_set_paths *out, struct er_error *err);

#endif
