/* signs.c - pairs of points counted by cell and signs. */
#include "rank/signs.h"
#include "core/vector.h"

#include <ermine/memory.h>
#include <inttypes.h>
#include <string.h>

enum { BLOCK = 16 }; /* places of a leaf */

struct er_rank_signs_tree {
    int64_t blocks;
    uint32_t *node;   /* (blocks + 1) x columns: node k sums the blocks (k - (k & -k), k], from 1 */
    uint16_t *inside; /* blocks + 1: which places of a block have entered */
    int32_t *place;   /* n: of each point in x */
    uint32_t *row;    /* columns */
};

enum er_status er_rank_signs_tree_new(const struct er_rank_signs *signs, struct er_rank_signs_tree **out,
                                      struct er_error *err)
{
    struct er_rank_signs_tree *t = er_alloc(1, sizeof *t);
    if (!t) return er_fail(err, ER_E_NOMEM, "rank: out of memory");
    t->blocks = (signs->n + BLOCK - 1) / BLOCK;
    t->node = er_alloc((t->blocks + 1) * signs->columns, sizeof *t->node);
    t->inside = er_alloc(t->blocks + 1, sizeof *t->inside);
    t->place = er_alloc(signs->n, sizeof *t->place);
    t->row = er_alloc(signs->columns, sizeof *t->row);
    if (!t->node || !t->inside || !t->place || !t->row) {
        er_rank_signs_tree_free(t);
        return er_fail(err, ER_E_NOMEM, "rank: out of memory for signs of %" PRId64 " points", signs->n);
    }
    *out = t;
    return ER_OK;
}

void er_rank_signs_tree_free(struct er_rank_signs_tree *tree)
{
    if (!tree) return;
    er_free(tree->node);
    er_free(tree->inside);
    er_free(tree->place);
    er_free(tree->row);
    er_free(tree);
}

/* count[cells of the row of point i] += times row. */
static inline void add_row(const struct er_rank_signs *s, int64_t i, uint32_t times,
                           const uint32_t *restrict row, int64_t *restrict count)
{
    const int32_t *own = s->column + i * s->sets;
    for (int64_t k = 0; k < s->sets; k++) {
        const struct er_rank_signs_set *set = &s->set[k];
        const uint32_t *restrict from = row + set->column;
        int64_t *restrict to = count + set->cell + (own[k] - set->column) * set->groups;
#pragma omp simd
        for (int64_t u = 0; u < set->groups; u++) to[u] += (int64_t)((uint64_t)times * from[u]);
    }
}

/* Point i counts w in its groups. */
static inline void enter_row(const struct er_rank_signs *s, int64_t i, uint32_t w, uint32_t *row)
{
    const int32_t *own = s->column + i * s->sets;
    for (int64_t k = 0; k < s->sets; k++) row[own[k]] += w;
}

/* The pair of a point with itself leaves its cells. */
static inline void leave_self(const struct er_rank_signs *s, int64_t i, int64_t w, int64_t *count)
{
    for (int64_t k = 0; k < s->sets; k++) {
        const struct er_rank_signs_set *set = &s->set[k];
        count[set->cell + (s->column[i * s->sets + k] - set->column) * (set->groups + 1)] -= w * w;
    }
}

void er_rank_signs_pairs(const struct er_rank_signs *signs, const int32_t *w, bool halves, int64_t *count)
{
    memset(count, 0, (size_t)signs->cells * sizeof *count);
    for (int64_t k = 0; k < signs->sets; k++) {
        const struct er_rank_signs_set *set = &signs->set[k];
        int64_t *cell = count + set->cell,
                *own = cell; /* the first row holds the groups' sizes till the end */
        for (int64_t i = 0; i < signs->n; i++) own[signs->column[i * signs->sets + k] - set->column] += w[i];
        for (int64_t u = set->groups - 1; u >= 0; u--) {
            const int64_t size = own[u];
            for (int64_t v = 0; v < set->groups; v++) cell[u * set->groups + v] = size * own[v];
        }
    }
    for (int64_t i = 0; halves && i < signs->n; i++) leave_self(signs, i, w[i], count);
}

ER_VECTOR
void er_rank_signs_one(const struct er_rank_signs *signs, const int32_t *w, const struct er_rank_ordered *x,
                       bool halves, struct er_rank_signs_tree *tree, int64_t *count)
{
    memset(count, 0, (size_t)signs->cells * sizeof *count);
    memset(tree->row, 0, (size_t)signs->columns * sizeof *tree->row);
    for (int64_t i = 0, end; i < signs->n; i = end) {
        end = x->to[x->order[i]];
        const bool tied = end - i > 1;
        for (int64_t j = i; j < end; j++) {
            const int32_t p = x->order[j];
            if (w[p]) add_row(signs, p, (halves && !tied ? 2U : 1U) * (uint32_t)w[p], tree->row, count);
        }
        for (int64_t j = i; j < end; j++) {
            const int32_t p = x->order[j];
            if (w[p]) enter_row(signs, p, (uint32_t)w[p], tree->row);
        }
        for (int64_t j = i; halves && tied && j < end; j++) {
            const int32_t p = x->order[j];
            if (!w[p]) continue;
            add_row(signs, p, (uint32_t)w[p], tree->row, count);
            leave_self(signs, p, w[p], count);
        }
    }
}

/* row += what has entered at places before `end`. */
static inline void add_before(const struct er_rank_signs *s, const struct er_rank_signs_tree *t,
                              const int32_t *w, const int32_t *order, int64_t end, uint32_t *restrict row)
{
    const int64_t block = end / BLOCK, columns = s->columns;
    for (int64_t k = block; k > 0; k &= k - 1) {
        const uint32_t *restrict node = t->node + k * columns;
#pragma omp simd
        for (int64_t c = 0; c < columns; c++) row[c] += node[c];
    }
    unsigned inside = t->inside[block] & ((1U << (end % BLOCK)) - 1);
    for (; inside; inside &= inside - 1) {
        const int32_t p = order[block * BLOCK + __builtin_ctz(inside)];
        enter_row(s, p, (uint32_t)w[p], row);
    }
}

static inline void enter(const struct er_rank_signs *s, struct er_rank_signs_tree *t, int64_t i, int32_t w)
{
    const int64_t block = t->place[i] / BLOCK;
    t->inside[block] = (uint16_t)(t->inside[block] | 1U << (t->place[i] % BLOCK));
    for (int64_t k = block + 1; k <= t->blocks; k += k & -k)
        enter_row(s, i, (uint32_t)w, t->node + k * s->columns);
}

/* Adds to the cells of point i what has entered and is smaller in x; of halves also half of what is equal. */
static inline void ask(const struct er_rank_signs *s, struct er_rank_signs_tree *t, const int32_t *w,
                       const struct er_rank_ordered *x, int32_t i, uint32_t times, bool halves,
                       int64_t *count)
{
    const bool tied = halves && x->to[i] - x->from[i] > 1;
    memset(t->row, 0, (size_t)s->columns * sizeof *t->row);
    add_before(s, t, w, x->order, x->from[i], t->row);
    if (tied) add_before(s, t, w, x->order, x->to[i], t->row);
    add_row(s, i, (halves && !tied ? 2U : 1U) * times * (uint32_t)w[i], t->row, count);
}

ER_VECTOR
void er_rank_signs_both(const struct er_rank_signs *signs, const int32_t *w, const struct er_rank_ordered *x,
                        const struct er_rank_ordered *y, bool halves, struct er_rank_signs_tree *tree,
                        int64_t *count)
{
    memset(count, 0, (size_t)signs->cells * sizeof *count);
    memset(tree->node, 0, (size_t)((tree->blocks + 1) * signs->columns) * sizeof *tree->node);
    memset(tree->inside, 0, (size_t)(tree->blocks + 1) * sizeof *tree->inside);
    for (int64_t i = 0; i < signs->n; i++) tree->place[x->order[i]] = (int32_t)i;
    for (int64_t i = 0, end; i < signs->n; i = end) {
        end = y->to[y->order[i]];
        const bool tied = halves && end - i > 1;
        for (int64_t j = i; j < end; j++) {
            const int32_t p = y->order[j];
            if (w[p]) ask(signs, tree, w, x, p, halves && !tied ? 2U : 1U, halves, count);
        }
        for (int64_t j = i; j < end; j++)
            if (w[y->order[j]]) enter(signs, tree, y->order[j], w[y->order[j]]);
        for (int64_t j = i; tied && j < end; j++) {
            const int32_t p = y->order[j];
            if (!w[p]) continue;
            ask(signs, tree, w, x, p, 1, halves, count);
            if (x->to[p] - x->from[p] > 1) leave_self(signs, p, w[p], count);
        }
    }
}
