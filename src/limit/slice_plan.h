/* slice_plan.h - how a program of images is run: displacement by displacement.
 *
 *     slice D of a node:   S_D[p] = K[p, p + D]         D = (dy, dx), every p with p and p + D inside the image
 *
 * A convolution moves both pixels by the same tap, so it maps slices to slices by an ordinary filter: displacement D of its
 * output comes from stride D of its input. An activation is pointwise. A pair of images thus needs no P x P matrix: the
 * slices run through all layers one after the other, in memory of a few images, and what the output takes of each (its mean,
 * for a global average; D = 0 alone in front of a dense layer) is added up.
 *
 * The slices of a node are the products of displacements along y and along x. Along one axis a node holds a list of
 * displacements, one segment of entries for each, side - |D| long, side by side. Of a side of n, D and D - n fill one row of n
 * entries together: nothing is wasted.
 *
 * A mean over windows (average pooling) needs the displacements stride D + e, |e| < size, of its input, so each of these adds to
 * several of D. What is behind it would ask for them again and again; so the mean is stored, all displacements that the
 * output needs of it, and adds up while its input runs through, each displacement once: a run of its own. Where it has more
 * than ER_SLICE_STORED entries it is not: so many of D are then run together that few are computed twice.
 *
 * Plans are made once for a program and never change; threads share them.
 */
#ifndef ERMINE_LIMIT_SLICE_PLAN_H
#define ERMINE_LIMIT_SLICE_PLAN_H

#include "limit/program.h"

#include <ermine/memory.h>

/* What a node holds along one axis. */
struct er_slice_axis {
    int64_t side, n, length;
    const int64_t *d;  /* n displacements, by (D mod side), of two the positive first */
    const int64_t *at; /* n: where the entries of each begin */
    bool in_order;     /* entry p belongs to pixel p, for all p */
};

/* The first pixel p of a segment, and its entries. */
static inline int64_t er_slice_first(int64_t d)
{
    return d < 0 ? -d : 0;
}
static inline int64_t er_slice_count(const struct er_slice_axis *axis, int64_t segment)
{
    const int64_t d = axis->d[segment];
    return axis->side - (d < 0 ? -d : d);
}

/* Neighbouring entries of an output whose taps are neighbours too: entries at .. at + n are the sums of `terms` stretches
 * of the input, which begin at from[0 .. terms). */
struct er_slice_stretch {
    int64_t at, n, terms;
    const int64_t *from;
};

/* Part of what a tap does: entries that lie equally far on. `cut`: it applies to some of the entries only. */
struct er_slice_move {
    int64_t tap, shift;
    bool cut;
};

/* What a window makes of the entries along one axis: out[i] = weight[i] sum over taps in[from[tap, i]]. */
struct er_slice_map {
    const struct er_slice_axis *in, *out;
    const struct er_window *window;
    bool both; /* a mean: p and p' move on their own, size^2 taps */
    int64_t taps;
    const int64_t *from;  /* taps x out->length; in->length stands for an entry that is zero */
    const double *weight; /* out->length: 1 / (m(p) m(p')) of a mean; NULL: 1 / taps */
    int64_t n_stretches;
    const struct er_slice_stretch *stretch;
    /* In and out equally long, and all taps made of moves: out[i] = sum over moves of in[i + shift], where a move applies. A
     * tap of a circular window has two. Else n_moves is 0. */
    int64_t n_moves;
    const struct er_slice_move *move;
};

/* Entries along one axis and those that they are added to: out[to + i] += in[from + step i] for i < n. */
struct er_slice_link {
    int64_t from, step, to, n;
};
struct er_slice_links {
    int64_t n;
    const struct er_slice_link *link;
};

/* One axis of one chunk of displacements. By node + 1: [0] is the data. NULL where a node has no part in it. */
struct er_slice_side {
    const struct er_slice_axis **axis;
    const struct er_slice_map **map; /* AFFINE and AVERAGE with windows */
    const double *weight;            /* what each entry of the source of a sum counts */
    struct er_slice_links links;     /* from the entries of a stored mean's source to its own */
};

/* A mean that is stored: its displacements, what each entry's sum is to be multiplied by, where it lies. y NULL: it is not. */
struct er_slice_store {
    const struct er_slice_axis *y, *x;
    const double *weight_y, *weight_x;
    int64_t at; /* among the numbers of a pair, K or Theta */
};

/* All that is run to get one node. Arrays are by node + 1: [0] is the data. */
struct er_slice_run {
    int64_t
        target; /* a node that adds up what its only input has, chunk after chunk; or the output, one chunk */
    int64_t source;                     /* its input; the output itself */
    bool sums;                          /* to one pixel */
    bool stores;                        /* a mean that is stored */
    bool tail;                          /* of single pixels alone */
    const bool *part;                   /* whether it is computed here, or was by an earlier run */
    const struct er_slice_store *store; /* of all nodes */
    int64_t chunks_y, chunks_x;
    struct er_slice_side *y, *x;
    const int64_t *slot;      /* the buffer it is written to, of n_slots; one more is spare */
    int64_t n_slots, entries; /* numbers of the longest */
    const int64_t *fused;     /* of an AFFINE the POINTWISE behind it that could be done with it; else -1 */
    /* Where the planes of variances (or of the data) begin among those of one point: as they are, and as entries of a
     * chunk. -1: it has none. */
    const int64_t *plane, *spread;
    int64_t plane_numbers, spread_numbers;
    int64_t line_numbers; /* sums along y, margins included */
    int64_t mask_numbers, margin;
};

enum { ER_SLICE_STORED = 1 << 20 };

struct er_slices {
    struct er_arena *arena;
    int64_t n_runs; /* the last one gives the output; those before it are sums and stored means */
    struct er_slice_run *run;
    struct er_slice_store *store; /* by node */
    int64_t stored_numbers;       /* of a pair, K or Theta */
    int64_t line_numbers;         /* sums along y of a stored mean while it is made, the most of any */
    int64_t rows, columns;        /* pairs that are run together: fewer where means are stored */
    bool float32;                 /* images are run in float32 */
};

/* A sum ends the part of a program that has images: what is behind it has one pixel. */
bool er_slice_sums(const struct er_limit *limit, int64_t node);

/* Whether a node is a sum or stored: done by a run of its own. */
static inline bool er_slice_ends(const struct er_limit *limit, const struct er_slice_run *run, int64_t node)
{
    return run->store[node].y || er_slice_sums(limit, node);
}

/* Whether a move applies to entry i. */
static inline bool er_slice_applies(const struct er_slice_map *map, const struct er_slice_move *move,
                                    int64_t i)
{
    const int64_t from = map->from[move->tap * map->out->length + i];
    return from != map->in->length && from - i == move->shift;
}

/* The displacements `wanted` of an output (wanted[D + side - 1], 2 side - 1 of them) need these of the input. */
void er_slice_need(const struct er_window *w, bool both, int64_t out, const bool *wanted, int64_t in,
                   bool *needed);

/* Axis and map, in the arena; NULL when memory is out. */
const struct er_slice_axis *er_slice_axis_new(struct er_arena *arena, int64_t side, const bool *wanted);
const struct er_slice_map *er_slice_map_new(struct er_arena *arena, const struct er_window *w, bool both,
                                            bool counts_padding, const struct er_slice_axis *in,
                                            const struct er_slice_axis *out);
/* From the entries of `in` to those of a mean `out`: false when memory is out. */
bool er_slice_links_new(struct er_arena *arena, const struct er_window *w, const struct er_slice_axis *in,
                        const struct er_slice_axis *out, struct er_slice_links *links);
/* 1 / (m(p) m(p')) of every entry of a mean. */
const double *er_slice_window_weights(struct er_arena *arena, const struct er_window *w, bool counts_padding,
                                      const struct er_slice_axis *out);
/* What each entry counts in the mean over the pixels p = p', or over one window of p and of p'. */
const double *er_slice_weights(struct er_arena *arena, const struct er_window *w, bool counts_padding,
                               const struct er_slice_axis *axis);

/* The plan of a program that is not of vectors; means of more than `stored` entries are not stored. ER_E_NOMEM. */
enum er_status er_slices_new(const struct er_limit *limit, int64_t stored, struct er_slices **out,
                             struct er_error *err);
void er_slices_free(struct er_slices *slices);

#endif
