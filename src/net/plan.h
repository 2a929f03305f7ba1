/* plan.h - the inside of a plan, and the one call that all its public calls are made of. */
#ifndef ERMINE_NET_PLAN_H
#define ERMINE_NET_PLAN_H

#include "core/team.h"
#include "net/net.h"

enum { ER_PLAN_NONE = -1 };

/* A node in a plan. Offsets are in floats of scratch; slots are numbers of gradient buffers. */
struct er_planned_node {
    struct er_layer_plan plan;
    int64_t out, cache, shared;
    int64_t turned, t_turned; /* turned may lie in the tangent part: see plan.c */
    int64_t t_out;            /* of its tangent, in the tangent part of scratch */
    int64_t slot;             /* where the gradient with respect to its output is gathered */
    uint64_t adds;            /* bit b: what it gives to input b comes on top of what a later node gave */
    int64_t then, before;     /* the pointwise node that is done with this one: in forward, in backward */
    bool done_forward, done_backward; /* by a neighbour */
};

struct er_plan {
    const struct er_net *net;
    int64_t rows;
    struct er_planned_node *node;
    int64_t loss_at, wrong_at;                  /* B doubles; B bytes */
    int64_t slot_at, slots, slot_floats;        /* gradient buffers, the last one for what is added */
    int64_t t_slot_at;                          /* the tangents of the gradient buffers */
    int64_t forward_floats, floats, all_floats; /* up to where a call's use of scratch reaches */
    int64_t part_floats;                        /* behind all: scratch of the layer at work, for each part */
};

/* Everything that one run of a plan may take and give; what is NULL is not asked for. */
struct er_plan_call {
    const struct er_plan *plan;
    const struct er_network *network;
    float *statistics_next; /* moved statistics are written here; may be the network's own */
    const float *x;
    int64_t first_row; /* the number of the first one, where a larger batch comes in pieces: for dropout */
    void *scratch;     /* er_plan_call_bytes() */
    struct er_team *team;
    const bool *given; /* a flag a node: its output lies in scratch already */
    const bool *only;  /* a flag a node: the others are not computed */
    double momentum;   /* of the statistics, instead of the layers' own; 0: theirs */

    const int32_t *label;
    float scale;      /* of the loss's gradient */
    const float *df;  /* the gradient with respect to the outputs, instead of the loss's */
    double *loss_sum; /* with errors */
    int64_t *errors;
    double *loss;             /* B */
    bool *finite;             /* whether all outputs are */
    float *outputs;           /* B x O */
    double *slope;            /* B: the derivative of each row's loss along (tw, tx) */
    const double *row_weight; /* B: backward takes row b's loss so many times; may be `slope` */

    bool backward; /* dw, or pieces of it for the sink; dx */
    float *dw, *dx;
    const struct er_sink *sink;
    float *examples; /* B x P, instead of dw */
    /* A pointer a node: where the gradient with respect to its output goes, B x n_out; NULL: it is not wanted. With it a
     * gradient of all nodes is formed, also between neighbours that are done together. Not beside tangents. */
    float *const *d_node;

    const float *tw, *tx; /* not NULL tw: tangents are carried along */
    float *tf;            /* B x O */
    float *tdw;           /* the gradient's tangent: the Hessian product */
    bool gauss_newton;    /* backward starts from H_loss tf and gives dw = the Gauss-Newton product */
};

/* Runs it. Every pointer is the caller's; nothing is allocated. */
void er_plan_run(struct er_plan_call *call);

/* Whether every layer has the readings that tangents need: forward, and backward too; that gradients of
 * single rows need. ER_E_UNSUPPORTED. */
enum er_status er_net_check_tangents(const struct er_net *net, bool backward, struct er_error *err);
enum er_status er_net_check_examples(const struct er_net *net, bool training, struct er_error *err);

/* How many matrix products were planned for it. */
int64_t er_plan_products(const struct er_plan *plan);

/* What a call asks for: outputs and losses; dw as well; or more, dx or tangents. */
enum er_plan_use { ER_PLAN_FORWARD, ER_PLAN_BACKWARD, ER_PLAN_TANGENTS };

/* Bytes of scratch for a call on `parts` threads that asks for no more than that. */
size_t er_plan_call_bytes(const struct er_plan *plan, int parts, enum er_plan_use use);

#endif
