/* passes.h - forward passes over examples that are made as they are needed, such as mixtures of two, with what lies inside
 * the network at hand; and backward ones from them. In evaluation, at the weights where training ended.
 *
 * Examples go in blocks of a size by the net and n alone, on the threads of the run's pool: what is written a row is the same
 * to the bit for any number of them.
 */
#ifndef ERMINE_MEASURES_PASSES_H
#define ERMINE_MEASURES_PASSES_H

#include "measures/measured.h"
#include "net/plan.h"

/* A block of rows that have been through the network. */
struct er_passed {
    int64_t first, rows;       /* examples first .. first + rows - 1 */
    int64_t index;             /* of the block */
    const float *x;            /* rows x D */
    const float *f;            /* rows x O: finite */
    struct er_plan_call *call; /* as it was run: for the two below */
    const struct er_plan *plan;
    int worker;
};

/* The output of a node, rows x its n_out; of ER_FROM_INPUT: x. Where a pointwise node works in place, what it left of that of
 * the node before is its own. */
const float *er_passed_value(const struct er_passed *block, int64_t node);

/* The gradients of sum_b df_b . f_b (df: rows x O) with respect to x (rows x D; NULL: not wanted), and to the outputs of
 * nodes (d_node as in er_plan_call). Only where er_passes was made for it. */
void er_passed_backward(const struct er_passed *block, const float *df, float *dx, float *const *d_node);

/* Makes example i of 0 .. n-1 in x (D); any thread. */
typedef void er_passes_fill(void *ctx, int64_t i, float *x);
/* Takes a block; any thread, blocks in any order. */
typedef void er_passes_take(void *ctx, const struct er_passed *block);

struct er_passes;

/* Plans passes over n >= 1 examples; with `backward`, ways back too. ER_E_NOMEM, ER_E_LIMIT. */
enum er_status er_passes_new(struct er_measured_run *run, int64_t n, bool backward, struct er_passes **out,
                             struct er_error *err);
void er_passes_free(struct er_passes *p);

int64_t er_passes_blocks(const struct er_passes *p);
int64_t er_passes_rows(const struct er_passes *p); /* of a block, at most */
int er_passes_workers(const struct er_passes *p);

/* Bytes of passes over n examples on one thread; 0 where they can't be planned. */
double er_passes_bytes(const struct er_net *net, int64_t n, bool backward);

/* One pass. ER_E_NONFINITE where an output is not finite: blocks with such a one are not taken. */
enum er_status er_passes_run(struct er_passes *p, er_passes_fill *fill, er_passes_take *take, void *ctx,
                             struct er_error *err);

/* The class that outputs say: the first of the largest; with one output, 1 above 0. */
int64_t er_predicted(const float *f, int64_t O);

/* A layer with weights (dense, conv) and the pointwise one that alone takes its output, as one. */
struct er_stage {
    int64_t node, end; /* the layer; the node whose output is the stage's */
    int64_t input;     /* the node whose output goes in, or ER_FROM_INPUT */
};

/* The stages of a net in their order: *n of them, freed by er_free(). ER_E_UNSUPPORTED where there is none, ER_E_NOMEM. */
enum er_status er_stages(const struct er_net *net, struct er_stage **out, int64_t *n, struct er_error *err);

/* Of a node's output, or of the input (ER_FROM_INPUT): its shape. */
struct er_shape er_node_shape(const struct er_net *net, const struct er_dataset *set, int64_t node);

#endif
