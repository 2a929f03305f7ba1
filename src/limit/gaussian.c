/* gaussian.c - the check as sets of nodes, one node after the other. */
#include "limit/gaussian.h"

#include <ermine/memory.h>
#include <stdio.h>

/* Of each node: sets of nodes as bits, `words` of them. */
struct facts {
    const struct er_limit *limit;
    int64_t words;
    uint64_t *behind;  /* what its output depends on, itself included */
    uint64_t *summed;  /* the layers with weights whose sum it is, up to means and multiples */
    uint64_t *nearest; /* the nearest layers with weights, whatever lies between */
    bool *is_sum;      /* whether it is a sum of such layers and of nothing else */
    bool *is_drawn;    /* whether there are layers with weights on every way from the data */
    bool *gaussian;
    bool *alike; /* whether all channels have one law */
};

static uint64_t *set_of(const struct facts *f, uint64_t *sets, int64_t node)
{
    return sets + node * f->words;
}

static void insert(const struct facts *f, uint64_t *sets, int64_t node, int64_t member)
{
    set_of(f, sets, node)[member / 64] |= (uint64_t)1 << (member % 64);
}

static void unite(const struct facts *f, uint64_t *sets, int64_t node, int64_t with)
{
    for (int64_t i = 0; i < f->words; i++) set_of(f, sets, node)[i] |= set_of(f, sets, with)[i];
}

static bool meet(const struct facts *f, const uint64_t *a, const uint64_t *b)
{
    for (int64_t i = 0; i < f->words; i++)
        if (a[i] & b[i]) return true;
    return false;
}

/* Whether branch a ends in weights of its own, which branch b does not use. */
static bool own(const struct facts *f, bool product, int64_t a, int64_t b)
{
    if (a < 0 || !(product ? f->is_drawn[a] : f->is_sum[a])) return false;
    return b < 0 || !meet(f, set_of(f, product ? f->nearest : f->summed, a), set_of(f, f->behind, b));
}

static enum er_status fail_at(const struct er_limit_node *node, const char *why, struct er_error *err)
{
    return er_fail(err, ER_E_UNSUPPORTED, "infinite width: layer %lld, %s: %s",
                   (long long)node->layer->index + 1, node->layer->ops->name, why);
}

static enum er_status check_branches(const struct facts *f, const struct er_limit_node *node,
                                     struct er_error *err)
{
    const bool product = node->map.form == ER_KERNEL_PRODUCT;
    for (int64_t i = 0; i < node->n_from; i++)
        for (int64_t j = 0; j < i; j++)
            if (!own(f, product, node->from[i], node->from[j]) &&
                !own(f, product, node->from[j], node->from[i]))
                return fail_at(
                    node,
                    product
                        ? "two of its branches are not independent: one of them must have weights of its own"
                        : "two of its branches are correlated: one of them must end in weights of its own",
                    err);
    return ER_OK;
}

static enum er_status check_input(const struct facts *f, const struct er_limit_node *node,
                                  struct er_error *err)
{
    const int64_t from = node->from[0];
    char why[200];
    if (from < 0) return fail_at(node, "its input is the data; a layer with weights must come before", err);
    if (f->gaussian[from]) return ER_OK;
    const struct er_layer *before = f->limit->node[from].layer;
    snprintf(why, sizeof why,
             "its input, from layer %lld, %s, is not Gaussian; a layer with weights must come between",
             (long long)before->index + 1, before->ops->name);
    return fail_at(node, why, err);
}

static bool alike(const struct facts *f, int64_t node)
{
    return node >= 0 && f->alike[node];
}

/* A mean over channels of products is the product of the means where all factors but one are the same for every channel. */
static enum er_status check_factors(const struct facts *f, const struct er_limit_node *node,
                                    struct er_error *err)
{
    int64_t unlike = 0;
    for (int64_t b = 0; b < node->n_from; b++) unlike += !alike(f, node->from[b]);
    if (unlike < 2) return ER_OK;
    return fail_at(
        node, "two of its branches (the data, or channels side by side) have channels that differ in law",
        err);
}

static enum er_status check(const struct facts *f, int64_t i, struct er_error *err)
{
    const struct er_limit_node *node = &f->limit->node[i];
    switch (node->map.form) {
    case ER_KERNEL_POINTWISE:
    case ER_KERNEL_NORMALISE:
        return check_input(f, node, err);
    case ER_KERNEL_SUM:
        return check_branches(f, node, err);
    case ER_KERNEL_PRODUCT: {
        const enum er_status status = check_branches(f, node, err);
        return status == ER_OK ? check_factors(f, node, err) : status;
    }
    case ER_KERNEL_DROPOUT:
        if (node->from[0] >= 0 && f->is_drawn[node->from[0]]) return ER_OK;
        return fail_at(node, "it drops values of the data; a layer with weights must come before", err);
    case ER_KERNEL_AFFINE:
        if (!node->map.grouped || alike(f, node->from[0])) return ER_OK;
        return fail_at(node, "its groups see channels that differ in law (of the data, or side by side)",
                       err);
    case ER_KERNEL_SCALE:
    case ER_KERNEL_AVERAGE:
    case ER_KERNEL_CONCAT:
        break;
    }
    return ER_OK;
}

static void learn(struct facts *f, int64_t i)
{
    const struct er_limit_node *node = &f->limit->node[i];
    const enum er_kernel_form form = node->map.form;
    const bool affine = form == ER_KERNEL_AFFINE;
    const bool linear = form == ER_KERNEL_SCALE || form == ER_KERNEL_AVERAGE || form == ER_KERNEL_SUM;
    bool gaussian = linear || form == ER_KERNEL_NORMALISE;
    f->is_sum[i] = affine || linear;
    f->is_drawn[i] = true;
    f->alike[i] = form != ER_KERNEL_CONCAT;
    insert(f, f->behind, i, i);
    if (affine) {
        insert(f, f->summed, i, i);
        insert(f, f->nearest, i, i);
    }
    for (int64_t b = 0; b < node->n_from; b++) {
        const int64_t from = node->from[b];
        if (from >= 0) unite(f, f->behind, i, from);
        gaussian &= from >= 0 && f->gaussian[from];
        if (affine) continue;
        f->alike[i] &= alike(f, from);
        f->is_sum[i] &= from >= 0 && f->is_sum[from];
        f->is_drawn[i] &= from >= 0 && f->is_drawn[from];
        if (from < 0) continue;
        unite(f, f->nearest, i, from);
        if (linear) unite(f, f->summed, i, from);
    }
    f->gaussian[i] = affine || gaussian;
}

enum er_status er_limit_check_gaussian(const struct er_limit *limit, struct er_error *err)
{
    const int64_t n = limit->n, words = (n + 63) / 64;
    uint64_t *sets = er_alloc(3 * n * words, sizeof *sets);
    bool *flags = er_alloc(4 * n, sizeof *flags);
    if (!sets || !flags) {
        er_free(sets);
        er_free(flags);
        return er_fail(err, ER_E_NOMEM, "infinite width: out of memory for %lld layers", (long long)n);
    }
    struct facts f = {limit, words,     sets,          sets + n * words, sets + 2 * n * words,
                      flags, flags + n, flags + 2 * n, flags + 3 * n};
    enum er_status status = ER_OK;
    for (int64_t i = 0; i < n && status == ER_OK; i++) {
        status = check(&f, i, err);
        learn(&f, i);
    }
    er_free(sets);
    er_free(flags);
    return status;
}
