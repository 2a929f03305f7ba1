/* <ermine/data.h> - data sets: where they are found, how they are read, split, randomised and standardised.
 *
 * Everything here is a function of (specification, files): the same specification gives the same bits.
 */
#ifndef ERMINE_DATA_H
#define ERMINE_DATA_H

#include <ermine/hash.h>
#include <ermine/progress.h>
#include <stdbool.h>

/* The shape of one example: height x width x channels, channels fastest (NHWC). A table row is 1 x 1 x
 * features. */
struct er_shape {
    int64_t height, width, channels;
};

/** height * width * channels. */
static inline int64_t er_shape_size(struct er_shape s)
{
    return s.height * s.width * s.channels;
}

/* Labelled examples. Owned by whoever holds the struct; er_dataset_clear() frees what it points to. */
struct er_dataset {
    int64_t n;             /* examples */
    struct er_shape shape; /* of one example, d = its size */
    int64_t classes;       /* K >= 2 */
    float *x;              /* n x d */
    int32_t *label;        /* n values in 0..K-1 */
};

/** Frees the arrays and zeroes the struct. */
ER_API void er_dataset_clear(struct er_dataset *set);

/* --- formats: one file of bytes in, one data set out
 * ------------------------------------------------------------ The `_parse` functions take bytes that are
 * already in memory (plain, not gzipped), for fuzzing and for callers with their own storage;
 * `er_data_bytes()` reads a file, unpacking it when it is gzip, within a limit. Pixels are byte/255. Errors:
 * ER_E_INPUT with the byte offset or line in the message, ER_E_LIMIT, ER_E_NOMEM.
 */

/** The bytes of a file, unpacked when it is gzip (any number of members), with a NUL behind them that is not
 * counted; freed by er_free(). At most `limit` bytes come out (ER_E_LIMIT beyond, as soon as they do: no size
 * in the file is trusted). A truncated or corrupt gzip stream is ER_E_INPUT with the byte where it ends; zero
 * bytes behind the last member are padding, anything else there is refused. ER_E_NOT_FOUND, ER_E_IO. */
ER_API enum er_status er_data_bytes(const char *path, size_t limit, unsigned char **out, size_t *n,
                                    struct er_error *err);

/** IDX images (magic 0x00000803: count, rows, columns, bytes) and labels (0x00000801: count, bytes) of one
 * set. Counts must agree and lengths be exact, which is checked before anything is allocated; K = `classes`
 * >= 2, labels at or above it are refused. ER_E_INPUT also says what a mistaken file looks like (labels for
 * images, gzip, a page). Source: LeCun, Cortes and Burges, "The MNIST database". */
ER_API enum er_status er_idx_parse(const unsigned char *images, size_t n_images, const unsigned char *labels,
                                   size_t n_labels, int64_t classes, struct er_dataset *out,
                                   struct er_error *err);

/** CIFAR binary: records of label bytes (1 for CIFAR-10; 2, coarse then fine, for CIFAR-100: the fine one is
 * taken) and 3072 bytes of red, green and blue planes; turned into 32 x 32 x 3. `classes` is 10 or 100. */
ER_API enum er_status er_cifar_parse(const unsigned char *bytes, size_t n, int64_t classes,
                                     struct er_dataset *out, struct er_error *err);

/* A table of numbers with named columns, row-major. A cell that is empty is NaN. */
struct er_columns {
    int64_t rows, columns;
    char **name;   /* columns names */
    double *value; /* rows x columns */
};
ER_API void er_columns_clear(struct er_columns *table);

/** CSV (RFC 4180: quotes, doubled quotes, CRLF or LF) of numbers, in UTF-8. The first line is the header;
 * when its cells are numbers, or some of them empty, there is no header and columns are named v1, v2, ... by
 * place, as is a column whose name is empty. Blanks around cells, a byte order mark and empty lines at the
 * end are dropped. ER_E_INPUT with line and column (in bytes, from 1): a cell that is no finite number, a row
 * longer or shorter than the first, an empty line inside, a quote out of place, no rows. ER_E_LIMIT: more
 * than 100 000 columns, a cell of more than 4096 bytes. Memory: at most 8 bytes for each byte of text. */
ER_API enum er_status er_csv_parse(const char *text, size_t n, struct er_columns *out, struct er_error *err);

/** A classification set from a table: column `target` (by name; NULL: the last) holds integers 0..K-1, K =
 * largest + 1, 2 to 10 000; the other columns are features, in order. ER_E_NOT_FOUND: no such column (names
 * the nearest, and all when they are few). ER_E_INPUT: a missing value, a label that is no class, a feature
 * beyond float32 (each with row, from 1, and column), or two columns named `target`. */
ER_API enum er_status er_columns_dataset(const struct er_columns *table, const char *target,
                                         struct er_dataset *out, struct er_error *err);

/* An array of NumPy: C order on return, converted from any of |u1 |i1 |b1 and little- or big-endian u2 i2 u4
 * i4 i8 u8 f4 f8 to double (i8 and u8 beyond 2^53 to the nearest one; infinities and NaN are kept). */
struct er_array {
    int rank; /* 0..8 */
    int64_t dim[8];
    double *value;
};
ER_API void er_array_clear(struct er_array *array);

/** `.npy` versions 1 to 3, C or Fortran order, a header of at most 65535 bytes. The length is exact:
 * ER_E_INPUT names shape, bytes needed and bytes there. Objects, records, text, complex and half floats are
 * refused by name; pickled objects are never loaded. Source: NumPy enhancement proposal 1 (the npy format).
 */
ER_API enum er_status er_npy_parse(const unsigned char *bytes, size_t n, struct er_array *out,
                                   struct er_error *err);

/** One array of an `.npz` (a zip of .npy members, stored or deflated, not encrypted) by name, without ".npy".
 * ER_E_NOT_FOUND names the arrays that there are. Unpacks at most `limit` bytes, and only of that array; its
 * checksum must hold. At most 10 000 members are looked at. */
ER_API enum er_status er_npz_parse(const unsigned char *bytes, size_t n, const char *name, size_t limit,
                                   struct er_array *out, struct er_error *err);

/** A set from arrays x (n x ..., up to n x H x W x C; values as they are) and y (n integers 0..K-1, K =
 * largest
 * + 1, 2 to 10 000). x of n is one feature, n x d is 1 x 1 x d, n x H x W has one channel. ER_E_SHAPE:
 * another rank, an empty dimension, different counts. ER_E_INPUT: a label that is no class, a value beyond
 * float32. */
ER_API enum er_status er_array_dataset(const struct er_array *x, const struct er_array *y,
                                       struct er_dataset *out, struct er_error *err);

/* --- named sets
 * -------------------------------------------------------------------------------------------------- */

/* Where named sets are looked for, first match wins; the caller lists the folders (the CLI: --data,
 * ERMINE_DATA, the user's cache, /usr/share/datasets). A set NAME is looked for in FOLDER/NAME under the
 * usual file names. */
struct er_data_places {
    const char *const *folder;
    int64_t n;
    const char *cache; /* where er_data_fetch() writes; NULL: nowhere */
};

/* What is known of a named set or a generator. Static. */
struct er_data_info {
    const char *name, *title, *licence, *source; /* source: where it officially is, for people */
    bool generated;                              /* made, not read: needs no file */
    struct er_shape shape;
    int64_t classes, train, test; /* numbers of examples in the official split; 0 for generators */
};

/** The list of all named sets and generators; *n of them. */
ER_API const struct er_data_info *er_data_list(int64_t *n);

/* Where a named set was found, and what its bytes are. */
struct er_data_found {
    char folder[4096];
    int64_t train, test; /* examples that the files there hold; a part of a set is allowed and said */
    char checksum[ER_SHA256_HEX]; /* of the unpacked bytes of all its files in their fixed order */
    bool official;                /* the checksum is the one published for the whole set */
};

/** Looks a named set up. ER_E_NOT_FOUND: the message says where it looked and the command that fetches it. */
ER_API enum er_status er_data_find(const char *name, const struct er_data_places *places,
                                   struct er_data_found *out, struct er_error *err);

/** Downloads a named set's official files into places->cache: resumes a part, checks length and SHA-256
 * before the files appear under their names (by rename). Files that are there and right are not fetched
 * again. ER_E_NOT_FOUND, ER_E_NETWORK, ER_E_CHECKSUM, ER_E_IO, ER_E_FULL, ER_E_STOPPED.
 * @param base  NULL, or an address that replaces the official ones (a mirror, a test server): base/NAME/FILE.
 */
ER_API enum er_status er_data_fetch(const char *name, const struct er_data_places *places, const char *base,
                                    const struct er_progress *progress, struct er_error *err);

/* --- splits
 * ------------------------------------------------------------------------------------------------------ */

/* Zhang et al.'s data conditions (ICLR 2017, section 2; reference/experiments.md 2.1). */
enum er_condition {
    ER_CONDITION_TRUE_LABELS,     /* unchanged */
    ER_CONDITION_RANDOM_LABELS,   /* each training label uniform over all classes */
    ER_CONDITION_SHUFFLED_PIXELS, /* one permutation of positions for all images, train and test; channels
                                     together */
    ER_CONDITION_RANDOM_PIXELS,   /* an independent permutation for each image */
    ER_CONDITION_GAUSSIAN         /* every value from N(mean_c, std_c) of its channel over the training set */
};

enum er_standardise {
    ER_STANDARDISE_NONE,  /* as read: pixels in [0, 1] */
    ER_STANDARDISE_IMAGE, /* per image: (x - mean) / max(std, 1/sqrt(d)), all channels together (Zhang et al.)
                           */
    ER_STANDARDISE_CHANNEL, /* per channel, mean and std over the training set */
    ER_STANDARDISE_FEATURE /* per input coordinate, mean and std over the training set; constant ones become 0
                            */
};

/* A data set, completely specified. Zeroed fields have the meaning in brackets. */
struct er_data_spec {
    const char *name;    /* a named set or generator; or NULL and a file: */
    const char *file;    /* .csv, .npz (arrays x, y) */
    const char *target;  /* CSV: the label's column [the last] */
    int64_t train, test; /* sizes [all; for a file without its own test part: 80 % and the rest] */
    bool first;          /* take the first records of the files instead of a random subset */
    bool stratify;       /* class shares as in the whole set, to within one example a class */
    uint64_t seed;       /* of the split, the corruption, the pixels, the generator */
    enum er_condition condition;
    double
        corrupt; /* probability with which a training label is replaced by a uniform draw from all classes */
    enum er_standardise standardise;
    int64_t dimension, classes; /* generators [their defaults] */
    double noise, separation;   /* generators [NaN or 0 is a value: see er_data_spec_default()] */
    int64_t width;              /* teacher: hidden units */
};

/** The specification that every unset field of a study has. */
ER_API struct er_data_spec er_data_spec_default(void);

/* A split and what is needed to name it. */
struct er_split {
    struct er_dataset train, test;
    char checksum[ER_SHA256_HEX]; /* of the source's bytes; of the generator's name and version when generated
                                   */
    int64_t changed_labels;       /* training labels that differ from the true ones */
};
ER_API void er_split_clear(struct er_split *split);

/**
 * Reads, splits, randomises and standardises, in this order: subset, pixels, labels, standardisation from
 * training statistics only. Test labels are always the true ones.
 *
 * Errors: those of the readers; ER_E_USAGE when more examples are asked for than there are (names both
 * numbers), when a condition needs images, or when `corrupt` comes with ER_CONDITION_RANDOM_LABELS.
 */
ER_API enum er_status er_data_open(const struct er_data_spec *spec, const struct er_data_places *places,
                                   struct er_split *out, struct er_error *err);

/** The checksum alone, as er_data_open() would give it, without keeping the data. */
ER_API enum er_status er_data_checksum(const struct er_data_spec *spec, const struct er_data_places *places,
                                       char hex[ER_SHA256_HEX], struct er_error *err);

/** The paths of the files that er_data_open() would read (none when generated), so that a caller can remember
 * a checksum by path, size and time; *paths is freed by er_free() (one block). */
ER_API enum er_status er_data_files(const struct er_data_spec *spec, const struct er_data_places *places,
                                    char ***paths, int64_t *n, struct er_error *err);

#endif
