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
    float *zero; /* of images to learn from, standardised per image or per channel, n x channels: what a
                              raw 0 (black) in example i has become. NULL: not standardised, and 0 is 0; or
                              there is no such value (a table, ER_STANDARDISE_FEATURE, test examples) */
};

/** Frees the arrays and zeroes the struct. */
ER_API void er_dataset_clear(struct er_dataset *set);

/* --- formats: one file of bytes in, one data set out ----------------------------------------------------
 *
 * The `_parse` functions take bytes that are already in memory (plain, not gzipped), for fuzzing and for
 * callers with their own storage; `er_data_bytes()` reads a file, unpacking it when it is gzip, within a
 * limit. Pixels are byte/255. Errors: ER_E_INPUT with the byte offset or line in the message, ER_E_LIMIT,
 * ER_E_NOMEM. */

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
 * place, as is a column whose name is empty. Numbers beside nothing but words for missing ones (nan, na, n/a,
 * null, none, ?, inf, in any case) are no header either, and refused as in any row. Blanks around cells, a
 * byte order mark and empty lines at the end are dropped. ER_E_INPUT with line and column (in bytes, from 1):
 * a cell that is no finite number, a row longer or shorter than the first, an empty line inside, a quote out
 * of place, no rows. ER_E_LIMIT: more than 100 000 columns, a cell of more than 4096 bytes. Memory: at most 8
 * bytes for each byte of text. */
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
 * refused by name; pickled objects are never loaded. Memory: the result, at most 8 bytes for each byte of the
 * file. Source: NumPy enhancement proposal 1 (the npy format). */
ER_API enum er_status er_npy_parse(const unsigned char *bytes, size_t n, struct er_array *out,
                                   struct er_error *err);

/** One array of an `.npz` (a zip of .npy members, stored or deflated, not encrypted) by name, without ".npy".
 * ER_E_NOT_FOUND names the arrays that there are. `limit` bounds the result, 8 bytes a value, whatever the
 * values are in the file (ER_E_LIMIT, before the values are read); the member itself is at most as long as
 * the result and its header. Unpacks that array alone; its checksum must hold. At most 10 000 members are
 * looked at. Memory: the member and the result. */
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
 * ERMINE_DATA, the user's cache, /usr/share/datasets). A set NAME is looked for in FOLDER/NAME and under the
 * names that other programs give its folder (MNIST/raw, FashionMNIST/raw, cifar10, cifar-10-batches-bin); a
 * file may lie there plain or with ".gz". */
struct er_data_places {
    const char *const *folder;
    int64_t n;
    const char *cache; /* where er_data_fetch() writes, into CACHE/NAME; NULL: nowhere */
};

/* What is known of a named set or a generator. Static. */
struct er_data_info {
    const char *name, *title, *licence, *source; /* source: where it officially is, for people */
    bool generated;                              /* made, not read: needs no file */
    bool regression;              /* targets are real: er_regression_open() reads it (<ermine/regression.h>),
                                     er_data_open() does not, and classes is 0. Also `generated`: it needs no
                                     file; train is its size when its examples come with Ermine, else 0 */
    bool ratings;                 /* of items by users: er_ratings_open() reads it (<ermine/ratings.h>),
                                     er_data_open() does not; classes is 0, shape users x items, train the
                                     number of ratings, test 0 */
    struct er_shape shape;        /* of a generator: with its defaults */
    int64_t classes, train, test; /* numbers of examples in the official split; 0 for generators */
    const char *checksum;         /* er_data_found.checksum of the whole official set; NULL when it isn't
                                     pinned (generators; CIFAR-10, of which no whole copy could be hashed) */
};

/** The list of all named sets and generators, with classes, real targets or ratings; *n of them. */
ER_API const struct er_data_info *er_data_list(int64_t *n);

/* Where a named set was found, and what its bytes are. */
struct er_data_found {
    char folder[4096];            /* "" for a generator */
    int64_t train, test;          /* examples that the files there hold; 0 for a generator */
    char checksum[ER_SHA256_HEX]; /* of the unpacked bytes of all its files, one after the other, training
                                     first; of a generator: see er_split */
    bool official;                /* the checksum is the pinned one: this is the whole, unchanged set */
};

/**
 * Looks a named set up and reads it through. A generator is always there.
 *
 * Of CIFAR-10 a part will do: when an official file is missing, all data_batch_*.bin (or .bin.gz) are taken
 * in the order of their names, and so are all test_batch*.bin; `train` and `test` say how many records there
 * are.
 *
 * @return ER_OK; ER_E_NOT_FOUND: the message says where it looked, what a folder lacked, and the command that
 *         fetches the set (or the nearest name, when no set is called so); errors of the readers.
 * Cost: reads all files of the set (60,000 images: about 0.3 s). Threads: any.
 */
ER_API enum er_status er_data_find(const char *name, const struct er_data_places *places,
                                   struct er_data_found *out, struct er_error *err);

/**
 * Downloads a named set's official files into places->cache: resumes a part, checks length and SHA-256 before
 * the files appear under their names (by rename). Files that are there and right are not fetched again. An
 * archive (CIFAR-10) is checked in the same way and unpacked, its files are checked for their length and
 * labels, and it is removed. Two processes that fetch one set at once take turns. A redirect from https leads
 * to https only.
 *
 * @param base      NULL, or an address that replaces the official ones (a mirror, a test server):
 *                  base/NAME/FILE, http or https.
 * @param progress  "bytes" of the whole set; may be NULL.
 * @return ER_OK; ER_E_NETWORK (no answer, broken off, 60 s without a byte, too many redirects: what came is
 * kept and gone on with next time); ER_E_NOT_FOUND (404; an unknown name); ER_E_CHECKSUM (the server sent
 *         something else: thrown away); ER_E_LIMIT; ER_E_USAGE (a generator, no cache); ER_E_IO; ER_E_FULL;
 *         ER_E_STOPPED (the part is kept); ER_E_NOMEM.
 * The addresses are followed through libcurl, which heeds the usual proxy variables of the environment.
 */
ER_API enum er_status er_data_fetch(const char *name, const struct er_data_places *places, const char *base,
                                    const struct er_progress *progress, struct er_error *err);

/* --- splits
 * ------------------------------------------------------------------------------------------------------ */

/* The data conditions of Zhang, Bengio, Hardt, Recht and Vinyals, "Understanding deep learning requires
 * rethinking generalization", ICLR 2017, section 2. All is drawn once. x_i[q, c] is channel c at position q
 * of the image with record number i in its official part, or its file; a record is treated in the same way in
 * every subset. */
enum er_condition {
    ER_CONDITION_TRUE_LABELS,     /* unchanged */
    ER_CONDITION_RANDOM_LABELS,   /* each training label uniform over all classes: the same as corrupt = 1 */
    ER_CONDITION_SHUFFLED_PIXELS, /* x_i[q, c] <- x_i[pi(q), c]: one permutation pi for all images, training
                                     and test */
    ER_CONDITION_RANDOM_PIXELS,   /* x_i[q, c] <- x_i[pi_i(q), c]: one permutation for each image, training
                                     and test */
    ER_CONDITION_GAUSSIAN /* x_i[q, c] ~ N(m_c, s_c^2), training and test; m_c and s_c over the training
                             subset and all positions */
};

/* m and s are mean and population standard deviation, computed in double precision. */
enum er_standardise {
    ER_STANDARDISE_NONE,  /* as read: pixels in [0, 1] */
    ER_STANDARDISE_IMAGE, /* x <- (x - m) / max(s, 1 / sqrt(d)), m and s over the d values of the image (Zhang
                             et al.) */
    ER_STANDARDISE_CHANNEL, /* x <- (x - m_c) / s_c over positions and training examples of channel c */
    ER_STANDARDISE_FEATURE, /* x <- (x - m_j) / s_j over the training examples, for each coordinate j. A
                               channel or coordinate that is constant in training becomes 0, in the test set
                               too; a test value that leaves float32 becomes its largest. */
    ER_STANDARDISE_SET, /* x <- (x - m) / s, one m and one s over all values of all training examples; 0 when
                             they are constant */
    ER_STANDARDISE_CENTRED, /* x <- (x - m_j) / s, m_j over the training examples for each coordinate j, s^2 the
                               mean of (x - m_j)^2 over all values of all of them; 0 when all are constant */
    ER_STANDARDISE_GIVEN    /* x <- (x - m) / s with the specification's `mean` and `deviation` */
};

/* What the labels are. */
enum er_task {
    ER_TASK_AS_READ, /* the labels of the source; of a .csv file in a regression, real numbers */
    ER_TASK_CLASSES, /* the labels of the source */
    ER_TASK_PARITY,  /* label mod 2, in both parts: two classes, 0 the even ones and 1 the odd ones */
    ER_TASK_HALVES /* whether label >= K / 2, K the classes of the source, in both parts: of digits, 1 from 5 on */
};

/* What a training label that is to be corrupted becomes. */
enum er_draw {
    ER_DRAW_ALL,  /* uniform over all classes, its own among them (Zhang et al.) */
    ER_DRAW_WRONG /* uniform over the other ones (P. Nakkiran, G. Kaplun, Y. Bansal, T. Yang, B. Barak and I.
                     Sutskever, "Deep double descent", ICLR 2020) */
};

/* A data set, completely specified. Start from er_data_spec_default(): zeroed fields have the meaning in
 * brackets, but a noise or separation of 0 is 0; their default is asked for by NaN.
 *
 * Named sets: training and test examples come from the official parts, pixels are byte / 255 (optdigits:
 * value / 16). A file has no test part of its own: both come from its rows, and no row is in both.
 *
 * Generators (formulas in src/data/generators/NAME.c): example i is a function of (parameters, seed, part,
 * i), the test part is another draw from the same distribution; `first` makes no difference. Defaults, with
 * what can't be chosen in brackets:
 *
 *     name              dimension  classes  noise  separation  width
 *     gaussian-mixture  2          2        1      3           -
 *     two-spirals       (2)        (2)      0.5    -           -
 *     teacher           20         2        0      -           10
 *     even-supports     (2)        (2)      -      -           -
 *     uneven-supports   (2)        (2)      -      -           -
 *     parity            30         (2)      0      -           3
 *     modular-addition  2 classes  97       -      -           -
 *
 * gaussian-mixture: the nearest means are `separation` apart, `noise` is the standard deviation around them.
 * two-spirals: `noise` in units where neighbouring arms are 4.71 apart; then scaled to mean square 1.
 * teacher: a random ReLU network with `width` hidden units labels N(0, I); `noise` is on its outputs.
 * even-supports, uneven-supports: separable by a margin of sqrt 2 along (1, 1), x not standardised; the first
 * 16 or 12 examples are fixed.
 * parity: of the first `width` of the random signs; `noise` is on the inputs.
 * modular-addition: two numbers below K = classes as one-hot vectors, labelled with their sum modulo K; no
 * pair is twice in the two parts, so there are K^2 examples at most.
 *
 * A parameter that a set doesn't have is refused (ER_E_USAGE). */
struct er_data_spec {
    const char *name; /* a named set or generator; or NULL and a file: */
    const char *file; /* .csv, .csv.gz, or .npz with arrays x and y */
    const char
        *within; /* NULL, or a path relative to a place: where `file` is not there, FOLDER/within of the
                            first place that has it is read instead */
    const char *target;  /* CSV: the label's column [the last] */
    int64_t train, test; /* sizes [named sets: all; generators: 1000; files: 4/5 of the rows, rounded down,
                            and the rest; what the other leaves] */
    bool no_test;        /* no test part, whatever `test` says: of a file, training has all rows. Not for
                            er_regression_open() */
    bool first;    /* take the first records of the files instead of a random subset. Random subsets of one
                      seed are nested: a smaller one is the beginning of a larger one. */
    bool stratify; /* class shares as in the whole part, to within one example a class (largest remainder).
                      The generators gaussian-mixture, two-spirals and the two of supports always have equal shares,
                      the others refuse it, and so they do with: */
    bool balance;  /* as many of each class, to within one, the lower classes first; not with stratify */
    const char
        *only;     /* the classes that are kept, as numbers of the source, rising, one blank between: "3 8";
                         NULL: all. Records of the others are neither chosen nor counted, in both parts. Labels
                         are then renumbered from 0 in the order of their classes; the parity of
                         ER_TASK_PARITY is that of the numbers as read. Not for generators */
    uint64_t seed; /* of the split, the corruption, the pixels, the generator */
    enum er_condition condition;
    double corrupt; /* p in [0, 1]: u_i ~ U[0, 1), r_i uniform over the K classes that `draw` says; label_i <-
                       r_i when u_i < p. So a share p (1 - 1/K) of training labels is expected to change (p
                       with ER_DRAW_WRONG), and with one seed what is replaced at p is replaced by the same
                       labels at every p' > p. */
    enum er_standardise standardise;
    double mean, deviation; /* of ER_STANDARDISE_GIVEN, in units of the values as read (a pixel: byte / 255);
                               deviation above 0. er_regression_open() knows neither */
    int64_t dimension, classes; /* generators [their defaults]; 1..65536, 2..1024 */
    double noise, separation;   /* generators; NaN: their defaults; 0..10^6 */
    int64_t width;              /* generators [their defaults]; 1..65536 */
    int64_t crop; /* images: the middle crop x crop positions, row and column (H - crop) / 2 and (W - crop) /
                     2 the first, rounded down [0: all]; at most H and W */
    int64_t pool; /* images, after the crop: means over pool x pool positions that do not overlap [0 and 1:
                     none]; divides height and width */
    enum er_task task;
    enum er_draw draw; /* of the labels that `corrupt` replaces; not of ER_CONDITION_RANDOM_LABELS */
    int64_t
        others; /* so many more examples from where those of training come from, which are neither in training
                       nor in test: the next ones in the same order, never stratified. A smaller number is the
                       beginning of a larger one, and takes nothing from the other parts of a set with official
                       ones [0]. er_regression_open() knows none */
};

/** The specification that every unset field of a study has: all zero, noise and separation NaN. */
ER_API struct er_data_spec er_data_spec_default(void);

/* A split and what is needed to name it. */
struct er_split {
    struct er_dataset train, test;
    struct er_dataset others; /* er_data_spec.others: standardised as training is, with their true labels */
    char checksum[ER_SHA256_HEX]; /* of the source's unpacked bytes, whatever the subset; of "ermine NAME
                                     VERSION" for a generator */
    int64_t changed_labels;       /* training labels that differ from the true ones */
};

/** Frees the sets and zeroes the struct. */
ER_API void er_split_clear(struct er_split *split);

/**
 * Reads, splits, randomises and standardises, in this order: subset (of the classes that
 * are kept; stratified or balanced by the labels as read), crop,
 * pool, task, inputs, corruption of labels, standardisation from training statistics only. Labels of
 * test examples, and of others, are always the true ones.
 *
 * @param places  where named sets are; may be NULL for generators and files.
 * @param out     freed by er_split_clear(); untouched on failure.
 * @return ER_OK; errors of er_data_find() and of the readers, with the file; ER_E_USAGE when more examples
 * are asked for than there are (names both numbers), when a condition, crop or pool needs images and the set
 * is a table, when a crop or pool doesn't fit the images, when `corrupt` is out of range or comes with
 * ER_CONDITION_RANDOM_LABELS, for a parameter that the set doesn't have, or for a set with real targets;
 * ER_E_NOMEM. Cost: reads and hashes all files of the set. Memory: the unpacked bytes
 * of one official part and the subset as float32. A .csv or .npz is held as a whole, first as doubles: a file
 * of at most 4 GiB, and of an .npz at most 2 GiB of doubles each in x and y (ER_E_LIMIT). Threads: any. The
 * same specification and files give the same bits.
 */
ER_API enum er_status er_data_open(const struct er_data_spec *spec, const struct er_data_places *places,
                                   struct er_split *out, struct er_error *err);

/** The checksum alone, as er_data_open() would give it, without keeping the data. */
ER_API enum er_status er_data_checksum(const struct er_data_spec *spec, const struct er_data_places *places,
                                       char hex[ER_SHA256_HEX], struct er_error *err);

/** The paths of the files that er_data_open() would read (none when generated), so that a caller can remember
 * a checksum by path, size and time; *paths is freed by er_free() (one block; NULL when there are none). */
ER_API enum er_status er_data_files(const struct er_data_spec *spec, const struct er_data_places *places,
                                    char ***paths, int64_t *n, struct er_error *err);

#endif
