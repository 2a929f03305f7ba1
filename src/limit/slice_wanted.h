/* slice_wanted.h - which displacements of every node are wanted along one axis, while a plan is made. */
#ifndef ERMINE_LIMIT_SLICE_WANTED_H
#define ERMINE_LIMIT_SLICE_WANTED_H

#include "limit/slice_plan.h"

struct er_slice_wanted {
    const struct er_limit *limit;
    bool along_x;
    int64_t *at; /* by node + 1: where its 2 side - 1 begin in `want`, D = 1 - side first */
    bool *want;
    int64_t n;
};

/* Nothing is wanted. False when memory is out; to be closed either way. */
bool er_slice_wanted_open(const struct er_limit *limit, bool along_x, struct er_slice_wanted *out);
void er_slice_wanted_close(struct er_slice_wanted *w);

static inline int64_t er_slice_side_of(const struct er_slice_wanted *w, int64_t node)
{
    return w->along_x ? er_limit_width(w->limit, node) : er_limit_height(w->limit, node);
}

/* 2 side - 1 of them. */
static inline bool *er_slice_wants(const struct er_slice_wanted *w, int64_t node)
{
    return w->want + w->at[node + 1];
}

/* D of the node, and D - side unless D is 0. */
void er_slice_want_class(struct er_slice_wanted *w, int64_t node, int64_t d);
/* What the node needs of its inputs for what is wanted of it. */
void er_slice_want_inputs(struct er_slice_wanted *w, int64_t node);

/* The node's window along the axis; NULL when it has none. */
const struct er_window *er_slice_window_of(const struct er_slice_wanted *w, int64_t node);
/* The entries of a node along the axis. */
int64_t er_slice_length_of(const struct er_slice_wanted *w, int64_t node);

#endif
