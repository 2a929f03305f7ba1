/* derivatives.h - the inside of er_derivatives, and the sweep over the data that all its calls are made of.
 */
#ifndef ERMINE_DERIVATIVES_DERIVATIVES_H
#define ERMINE_DERIVATIVES_DERIVATIVES_H

#include "net/plan.h"

#include <ermine/derivatives.h>

/* The data in blocks of so many rows; the last one may be shorter. */
struct er_blocks {
    int64_t rows, n;
    struct er_plan *whole, *rest; /* rest: NULL when there is none */
};

struct er_derivatives {
    const struct er_net *net;
    const struct er_network *network;
    const struct er_dataset *set;
    struct er_pool *pool;
    int threads;
    int64_t n, P;
    struct er_blocks chunks, examples;

    unsigned char *scratch; /* threads x scratch_bytes */
    size_t scratch_bytes;
    float *partial; /* threads x partial_floats: a block's sum, or the gradients of its rows */
    int64_t partial_floats;
    double *sum;          /* P */
    double *row;          /* n: a number for each example */
    double *block_loss;   /* of each chunk */
    int64_t *block_wrong; /* likewise */
};

/* The same of another network, which is borrowed: plans and memory are d's, so that one of the two is at work at a time.
 * Nothing to free. */
static inline struct er_derivatives er_derivatives_at(const struct er_derivatives *d,
                                                      const struct er_network *network)
{
    struct er_derivatives at = *d;
    at.network = network;
    return at;
}

/* A block at work. */
struct er_block {
    int64_t first, rows; /* examples */
    int64_t index;
    const struct er_plan *plan;
    const float *x;       /* rows x D */
    const int32_t *label; /* rows */
    float *partial;       /* partial_floats of its own: until they have been added, or while at work */
    void *scratch;
};

typedef void er_block_work(struct er_derivatives *d, const struct er_block *block, void *ctx);

/* One pass over blocks from .. to - 1. With `summed`, what work leaves in `partial` (P floats; of each row
 * with row_sums) is added to d->sum, which starts from 0, in the order of blocks and rows. */
struct er_sweep {
    const struct er_blocks *blocks;
    int64_t from, to;
    bool summed, row_sums;
    er_block_work *work;
    void *ctx;
};
void er_sweep(struct er_derivatives *d, const struct er_sweep *sweep);

/* A call of the block's plan with what all calls share. */
struct er_plan_call er_block_call(const struct er_derivatives *d, const struct er_block *block);

/* Whether a call may begin: training as planned for, weights and statistics finite; v too (n floats). */
enum er_status er_derivatives_ready(const struct er_derivatives *d, struct er_error *err);
enum er_status er_derivatives_check(const char *what, int64_t n, const float *v, struct er_error *err);

/* out = d->sum / divisor, if all of it is finite in float32; else ER_E_NONFINITE with out untouched. */
enum er_status er_derivatives_give(const struct er_derivatives *d, const char *what, double divisor,
                                   float *out, struct er_error *err);

/* Takes rows `first` .. of gradients, g (rows x P), which live for the call. Calls come from any thread, each
 * example once. */
typedef void er_take_rows(void *ctx, int64_t first, int64_t rows, const float *g);

/* Gradients g_i = J_i' df_i of single examples, for df (n x O): formed block by block as in
 * er_derivatives_moments(), with its cost and errors; whether they are finite is for `take` to see. */
enum er_status er_derivatives_outputs(struct er_derivatives *d, const float *df, er_take_rows *take,
                                      void *ctx, struct er_error *err);

#endif
