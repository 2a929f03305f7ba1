/* network.c - the walk through the layers of the oracle: shapes and places first, then values. */
#include "oracles/network_layer.h"

#include <stdlib.h>
#include <string.h>

static const struct rule *const rules[] = {
    &network_dense,   &network_conv,       &network_max_pool,   &network_avg_pool, &network_global_avg_pool,
    &network_flatten, &network_batch_norm, &network_layer_norm, &network_dropout,  &network_gain,
    &network_lrn,     &network_add,        &network_multiply,   &network_concat,
};

enum { N_RULES = sizeof rules / sizeof rules[0] };

const struct rule *network_rule(const char *name)
{
    for (int i = 0; i < N_RULES; i++)
        if (strcmp(rules[i]->name, name) == 0) return rules[i];
    for (const struct rule *r = network_pointwise; r->name; r++)
        if (strcmp(r->name, name) == 0) return r;
    return NULL;
}

int64_t shape_size(struct shape s)
{
    return s.h * s.w * s.c;
}

void *network_memory(int64_t count, size_t size)
{
    void *block = er_alloc(count, size);
    if (!block) abort();
    return block;
}

/* Shapes of a list of layers on `in`, and where each finds its parameters, statistics and mask. */
static bool bind_list(struct network *n, struct layer *first, struct shape in, int64_t outputs,
                      struct shape *out)
{
    for (struct layer *l = first; l; l = l->next) {
        l->in = l->out = in;
        if (l->rule->bind && !l->rule->bind(l, outputs)) return false;
        l->w_at = n->parameters;
        l->s_at = n->statistics;
        l->dropout = n->dropouts;
        n->parameters += l->parameters;
        n->statistics += l->statistics;
        n->dropouts += l->is_dropout;
        for (struct branch *b = l->branch; b; b = b->next) {
            if (!bind_list(n, b->first, in, outputs, &b->out)) return false;
            if (b == l->branch) l->out = b->out;
            if (b != l->branch && !l->rule->join(l, b->out)) return false;
        }
        if (l->out.h < 1 || l->out.w < 1 || l->out.c < 1) return false;
        in = l->out;
    }
    *out = in;
    return true;
}

struct network *network_new(const char *model_text, int64_t h, int64_t w, int64_t c, int64_t outputs,
                            const char *loss)
{
    struct network *n = network_memory(1, sizeof *n);
    n->in = (struct shape){h, w, c};
    n->loss = loss;
    if (er_arena_new(1 << 20, &n->arena, NULL) != ER_OK) abort();
    n->first = network_read(n->arena, model_text);
    if (!n->first || !bind_list(n, n->first, n->in, outputs, &n->out)) {
        network_free(n);
        return NULL;
    }
    return n;
}

void network_free(struct network *n)
{
    if (n) er_arena_free(n->arena);
    er_free(n);
}

static void evaluate_list(const struct layer *first, const struct pass *p, const struct hyper *x,
                          struct hyper *out);

static void evaluate_layer(const struct layer *l, const struct pass *p, const struct hyper *x,
                           struct hyper *y)
{
    if (!l->rule->each) {
        l->rule->evaluate(l, p, x, y);
        return;
    }
    for (int64_t i = 0; i < p->B * shape_size(l->in); i++) y[i] = l->rule->each(l, x[i]);
}

static bool join_same(struct layer *l, struct shape s)
{
    return s.h == l->out.h && s.w == l->out.w && s.c == l->out.c;
}

/* The branches taken together one after the other. */
static void evaluate_each(const struct layer *l, const struct pass *p, const struct hyper *x,
                          struct hyper start, struct hyper (*take)(struct hyper, struct hyper),
                          struct hyper *y)
{
    const int64_t n = p->B * shape_size(l->out);
    struct hyper *one = network_memory(n, sizeof *one);
    for (int64_t i = 0; i < n; i++) y[i] = start;
    for (const struct branch *b = l->branch; b; b = b->next) {
        evaluate_list(b->first, p, x, one);
        for (int64_t i = 0; i < n; i++) y[i] = take(y[i], one[i]);
    }
    er_free(one);
}

static void evaluate_add(const struct layer *l, const struct pass *p, const struct hyper *x, struct hyper *y)
{
    evaluate_each(l, p, x, (struct hyper){0}, hyper_add, y);
}

static void evaluate_multiply(const struct layer *l, const struct pass *p, const struct hyper *x,
                              struct hyper *y)
{
    evaluate_each(l, p, x, (struct hyper){1, 0, 0, 0}, hyper_multiply, y);
}

static bool join_concat(struct layer *l, struct shape s)
{
    l->out.c += s.c;
    return s.h == l->out.h && s.w == l->out.w;
}

static void evaluate_concat(const struct layer *l, const struct pass *p, const struct hyper *x,
                            struct hyper *y)
{
    const int64_t pixels = p->B * l->out.h * l->out.w;
    for (const struct branch *b = l->branch; b; b = b->next) {
        struct hyper *part = network_memory(pixels * b->out.c, sizeof *part);
        evaluate_list(b->first, p, x, part);
        for (int64_t i = 0; i < pixels; i++)
            for (int64_t c = 0; c < b->out.c; c++) y[i * l->out.c + c] = part[i * b->out.c + c];
        y += b->out.c;
        er_free(part);
    }
}

const struct rule network_add = {.name = "add", .evaluate = evaluate_add, .join = join_same};
const struct rule network_multiply = {.name = "multiply", .evaluate = evaluate_multiply, .join = join_same};
const struct rule network_concat = {.name = "concat", .evaluate = evaluate_concat, .join = join_concat};

static void evaluate_list(const struct layer *first, const struct pass *p, const struct hyper *x,
                          struct hyper *out)
{
    struct hyper *before = NULL;
    for (const struct layer *l = first; l; l = l->next) {
        struct hyper *y = l->next ? network_memory(p->B * shape_size(l->out), sizeof *y) : out;
        evaluate_layer(l, p, before ? before : x, y);
        er_free(before);
        before = y;
    }
}

struct hyper *network_evaluate(const struct network *n, const struct pass *p, const struct hyper *x)
{
    struct hyper *f = network_memory(p->B * shape_size(n->out), sizeof *f);
    evaluate_list(n->first, p, x, f);
    return f;
}

int64_t network_parameters(const struct network *n)
{
    return n->parameters;
}

int64_t network_statistics(const struct network *n)
{
    return n->statistics;
}

int64_t network_width(const struct network *n)
{
    return shape_size(n->out);
}

static void start_list(const struct layer *first, double *statistics)
{
    for (const struct layer *l = first; l; l = l->next) {
        for (int64_t i = 0; i < l->statistics; i++) statistics[l->s_at + i] = i < l->statistics / 2 ? 0 : 1;
        for (const struct branch *b = l->branch; b; b = b->next) start_list(b->first, statistics);
    }
}

void network_start_statistics(const struct network *n, double *statistics)
{
    start_list(n->first, statistics);
}

int64_t network_dropouts(const struct network *n)
{
    return n->dropouts;
}

static int64_t find_dropout(const struct layer *first, int64_t i)
{
    int64_t units = 0;
    for (const struct layer *l = first; l && !units; l = l->next) {
        if (l->is_dropout && l->dropout == i) return shape_size(l->in);
        for (const struct branch *b = l->branch; b && !units; b = b->next) units = find_dropout(b->first, i);
    }
    return units;
}

int64_t network_dropout_units(const struct network *n, int64_t i)
{
    return find_dropout(n->first, i);
}

void network_set_masks(struct network *n, const double *const *mask)
{
    n->mask = mask;
}
