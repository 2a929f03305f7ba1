/* kernel_matrices.h - the kernel matrices of a model's limit on a split, block by block.
 *
 *     k_train = K_DD (n x n)     k_test = K_*D (m x n)     k_self = K(x,x) of test examples (m)     Theta likewise
 *
 * The matrices come in blocks of a few rows and columns, in an order that sizes and the model alone decide. What is done
 * so far can be kept, and gone on with by another process: the result has the same bits.
 */
#ifndef ERMINE_EXPERIMENTS_KERNEL_MATRICES_H
#define ERMINE_EXPERIMENTS_KERNEL_MATRICES_H

#include <ermine/limit.h>

struct er_kernel_matrices {
    int64_t n, m, d;
    bool ntk;
    double *x;                     /* (n + m) x d: training, then test examples */
    double *k_train, *theta_train; /* theta NULL unless ntk */
    double *k_test, *theta_test;
    double *k_self;
    int64_t side;   /* rows and columns of a block */
    int64_t done;   /* blocks */
    double seconds; /* that they took */
};

/* Bytes of the matrices of n and m examples of d values, with the points behind them, on so many threads. */
double er_kernel_matrices_bytes(const struct er_limit *limit, int64_t n, int64_t m, bool ntk, int threads);

/* Entries that are computed: n (n + 1) / 2 + n m. */
double er_kernel_matrices_entries(int64_t n, int64_t m);

/* Room for a split's matrices, none computed. ER_E_NOMEM, with the numbers when it is known beforehand. */
enum er_status er_kernel_matrices_new(const struct er_limit *limit, const struct er_split *split, bool ntk,
                                      struct er_kernel_matrices *out, struct er_error *err);
void er_kernel_matrices_clear(struct er_kernel_matrices *matrices);

/* Asked after each block: keeps what is done (er_kernel_state_save()), or not. */
typedef enum er_status er_kernel_keeper(void *ctx, const struct er_kernel_matrices *matrices,
                                        struct er_error *err);

/* Computes the blocks that are not done, with a limit that was made with ntk as the matrices have it. Progress counts
 * er_limit_flops(). ER_E_STOPPED (`keep` has been asked), ER_E_NOMEM, ER_E_NONFINITE, errors of `keep`. */
enum er_status er_kernel_matrices_compute(struct er_kernel_matrices *matrices, const struct er_limit *limit,
                                          er_kernel_keeper *keep, void *ctx, struct er_pool *pool,
                                          const struct er_progress *progress, struct er_error *err);

/* Bytes of the first `done` blocks, K and then Theta of each, and what writes them or takes them back. */
size_t er_kernel_matrices_packed(const struct er_kernel_matrices *matrices, int64_t done);
void er_kernel_matrices_pack(const struct er_kernel_matrices *matrices, double *out);
/* Sets `done`. */
void er_kernel_matrices_unpack(struct er_kernel_matrices *matrices, int64_t done, const double *in);

/* How many blocks there are in all. */
int64_t er_kernel_matrices_blocks(const struct er_kernel_matrices *matrices);

#endif
