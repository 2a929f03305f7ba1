/* sparse_pass.h - one pass over the entries of a matrix: products with it, and what a matrix of low rank leaves of it.
 *
 * Rows (or columns) in blocks of a fixed size are the tasks, and no sum is cut: the same bits for any number of threads. The
 * pool may be NULL: the caller's thread alone.
 */
#ifndef ERMINE_RECOVERY_SPARSE_PASS_H
#define ERMINE_RECOVERY_SPARSE_PASS_H

#include <ermine/pool.h>
#include <ermine/recovery.h>

/* The entries by rows, or by columns: those of line i are start[i] .. start[i + 1] - 1, each at across[.] on the other side,
 * its value in the order of the entries at entry[.], or at its own place where `entry` is NULL. */
struct er_sparse_side {
    int64_t lines, n_across;
    const int64_t *start, *entry;
    const int32_t *across;
};

struct er_sparse_side er_sparse_rows(const struct er_sparse *s);
struct er_sparse_side er_sparse_columns(const struct er_sparse *s);

/* The place of the value of the e-th of them. */
static inline int64_t er_sparse_place(const struct er_sparse_side *side, int64_t e)
{
    return side->entry ? side->entry[e] : e;
}

/* The side's task for blocks of lines: context, first line and the one behind the last. */
typedef void er_sparse_lines(void *ctx, int64_t from, int64_t to, int worker);

/* Runs `lines` on all blocks of `of` lines. */
void er_sparse_run(int64_t n_lines, int64_t of, er_sparse_lines *lines, void *ctx, struct er_pool *pool);

/* out[e] = target[e] - left_i . right_j for each entry; with target NULL, left_i . right_j. */
void er_sparse_misfit(const struct er_sparse *s, int64_t rank, const double *left, const double *right,
                      const double *target, double *out, struct er_pool *pool);

/* out = S v with S the matrix of these values (one for each entry) and zeros: v is n_across x k, out lines x k. */
void er_sparse_times(const struct er_sparse_side *side, const double *value, int64_t k, const double *v,
                     double *out, struct er_pool *pool);

/* a . b in 8 partial sums, the same bits at every vector width. */
double er_sparse_dot(int64_t n, const double *a, const double *b);

#endif
