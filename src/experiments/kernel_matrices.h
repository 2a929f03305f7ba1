/* kernel_matrices.h - the kernel matrices of a model's limit on a split.
 *
 *     k_train = K_DD (n x n)     k_test = K_*D (m x n)     k_self = K(x,x) of test examples (m)     Theta likewise
 *
 * They are in memory; or, where every prediction reads them row after row, in two work files (<ermine/gram_file.h>) alone.
 * Matrices that take long are computed in such files, too, and then read: whoever is killed goes on with the tiles that are
 * there. The variances of single points, which take about as long as so many entries, are computed anew each time. The bits
 * are the same with files and without. Names of files are made of the work, so two processes with the same work meet: the
 * second does without.
 */
#ifndef ERMINE_EXPERIMENTS_KERNEL_MATRICES_H
#define ERMINE_EXPERIMENTS_KERNEL_MATRICES_H

#include <ermine/gram_file.h>

/* Where the files are, and what for. */
struct er_kernel_place {
    const char *folder; /* borrowed; made when needed. NULL: no files */
    bool rows;          /* the matrices stay in the files; else they are read into memory */
    bool anew;          /* what earlier processes left is not used */
};

struct er_kernel_matrices {
    int64_t n, m, d;
    bool ntk;
    double *x;                     /* (n + m) x d: training, then test examples */
    double *k_train, *theta_train; /* NULL where files have them; theta NULL unless ntk, too */
    double *k_test, *theta_test;
    double *k_self;
    double seconds; /* of computing so far */
    struct er_kernel_place place;
    struct er_gram_file *train, *test; /* NULL where there are none */
    struct er_limit_points *train_points, *test_points;
    struct er_error unkept; /* why there are no files though there is a folder; "" */
};

/* Bytes of memory for matrices of n and m examples of d values, with the points behind them, on so many threads; `rows`:
 * that stay in files. And bytes of the files. */
double er_kernel_matrices_bytes(const struct er_limit *limit, int64_t n, int64_t m, bool ntk, bool rows,
                                int threads);
double er_kernel_matrices_file_bytes(const struct er_limit *limit, int64_t n, int64_t m, bool ntk);

/* Whether files are worth their room and the time that they take to write: an entry takes 20,000 flops or more, and all
 * 10^11, some ten seconds of a core. Images do, vectors do not. */
bool er_kernel_matrices_worth(const struct er_limit *limit, int64_t n, int64_t m);

/* Flops of the matrices and of single points, as er_limit_flops() has them. */
double er_kernel_matrices_flops(const struct er_limit *limit, int64_t n, int64_t m);

/* Entries that are computed: n (n + 1) / 2 + n m. */
double er_kernel_matrices_entries(int64_t n, int64_t m);

/* Room for a split's matrices, none computed. ER_E_NOMEM, with the numbers when it is known beforehand. */
enum er_status er_kernel_matrices_new(const struct er_limit *limit, const struct er_split *split, bool ntk,
                                      const struct er_kernel_place *place, struct er_kernel_matrices *out,
                                      struct er_error *err);

/* Before the limit is freed. Files are deleted if `remove`. */
void er_kernel_matrices_clear(struct er_kernel_matrices *matrices, bool remove);

/* Computes them, with a limit that was made with ntk as the matrices have it and outlives them. Progress counts flops, from
 * 0 on, files' tiles included. ER_E_STOPPED, ER_E_NOMEM, ER_E_NONFINITE. A file that can't be made is no error while there
 * is memory: see `unkept`. */
enum er_status er_kernel_matrices_compute(struct er_kernel_matrices *k, const struct er_limit *limit,
                                          struct er_pool *pool, const struct er_progress *progress,
                                          struct er_error *err);

/* Rows from..from+rows of K_DD, or of K_*D; of Theta. Where they are in memory, or read into `room` (rows x n). */
const double *er_kernel_matrices_rows(const struct er_kernel_matrices *k, bool test, bool theta, int64_t from,
                                      int64_t rows, double *room);

/* K_DD or Theta_DD to be read in blocks; borrows the matrices. */
struct er_kernel_matrix er_kernel_matrices_train(const struct er_kernel_matrices *k, bool theta);

#endif
