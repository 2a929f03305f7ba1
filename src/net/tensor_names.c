/* tensor_names.c - which tensor of a file is which parameter: by name, by a given order, or by shape.
 *
 * Files of the safetensors library do not keep the order of PyTorch's state_dict(): its writer sorts by type,
 * then by name, byte by byte ("10.weight" before "2.weight"). Shapes and numbers in names are what is left,
 * unless the order was saved besides.
 */
#include "net/tensor_names.h"

#include "data/shown.h"
#include "net/tensor_group.h"

#include <ermine/memory.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HINT "; say which is which in a map of names"

enum { CANDIDATES = 240 };

/* The matching under way: module[i] of layer i, or -1. */
struct match {
    const struct er_tensor *want, *have;
    struct er_tensor_groups layers, modules;
    int64_t *module, *layer;
};

static enum er_status fail_memory(struct er_error *err)
{
    return er_fail(err, ER_E_NOMEM, "names of tensors: out of memory");
}

/* "a, b and 3 more" of the groups i for which of[i] is `value`. */
static char *list_names(const struct er_tensor_groups *g, const int64_t *of, int64_t value,
                        char out[CANDIDATES])
{
    enum { ROOM_FOR_REST = 32 };
    char name[ER_GROUP_NAME];
    size_t used = 0;
    int64_t left = 0, shown = 0;
    out[0] = '\0';
    for (int64_t i = 0; i < g->n; i++) {
        if (of[i] != value) continue;
        er_tensor_group_name(&g->group[i], name);
        if (used + strlen(name) + ROOM_FOR_REST > CANDIDATES)
            left++;
        else
            used += (size_t)snprintf(out + used, CANDIDATES - used, "%s%s", shown++ ? ", " : "", name);
    }
    if (left) snprintf(out + used, CANDIDATES - used, " and %" PRId64 " more", left);
    return out;
}

static enum er_status check_shape(const struct er_tensor *want, const struct er_tensor *have,
                                  struct er_error *err)
{
    char name[ER_SHOWN], a[ER_SHAPE_TEXT], b[ER_SHAPE_TEXT];
    if (er_tensor_same_shape(want, have)) return ER_OK;
    return er_fail(err, ER_E_SHAPE, "%s: the network has shape %s, the file's \"%s\" has %s", want->name,
                   er_tensor_shape_text(want->rank, want->dim, a),
                   er_text_shown(have->name, strlen(have->name), name),
                   er_tensor_shape_text(have->rank, have->dim, b));
}

/* Rule 2. *found: all names are there, and no others. */
static enum er_status match_names(const struct match *m, int64_t *from, bool *found, struct er_error *err)
{
    const struct er_tensor_groups *w = &m->layers, *h = &m->modules;
    *found = false;
    if (w->n_tensors != h->n_tensors) return ER_OK;
    for (int pass = 0; pass < 2; pass++) /* all names, then all shapes, then the outcome */
        for (int64_t i = 0; i < w->n_tensors; i++) {
            int64_t j = 0;
            while (j < h->n_tensors && strcmp(w->tensor[i]->name, h->tensor[j]->name) != 0) j++;
            if (j == h->n_tensors) return ER_OK;
            enum er_status status = pass ? check_shape(w->tensor[i], h->tensor[j], err) : ER_OK;
            if (status != ER_OK) return status;
        }
    for (int64_t i = 0; i < w->n_tensors; i++)
        for (int64_t j = 0; j < h->n_tensors; j++)
            if (strcmp(w->tensor[i]->name, h->tensor[j]->name) == 0)
                from[w->tensor[i] - m->want] = h->tensor[j] - m->have;
    *found = true;
    return ER_OK;
}

static int by_name(const void *a, const void *b)
{
    return strcmp((*(const struct er_tensor *const *)a)->name, (*(const struct er_tensor *const *)b)->name);
}

/* A line of the order, as a key to search by. */
struct line {
    const char *at;
    size_t n;
};

static int compare_line(const void *key, const void *element)
{
    const struct line *line = key;
    const char *name = (*(const struct er_tensor *const *)element)->name;
    const int order = strncmp(line->at, name, line->n);
    return order ? order : -(name[line->n] != '\0');
}

static bool is_batch_count(struct line line)
{
    static const char role[] = "num_batches_tracked";
    const size_t n = sizeof role - 1;
    return line.n >= n && memcmp(line.at + line.n - n, role, n) == 0 &&
           (line.n == n || line.at[line.n - n - 1] == '.');
}

/* Puts the tensors of `g` into the order of the lines, each once. `sorted` and `used` have their number. */
static enum er_status order_tensors(struct er_tensor_groups *g, const char *order,
                                    const struct er_tensor **sorted, bool *used, struct er_error *err)
{
    char shown[ER_SHOWN];
    int64_t n = 0;
    memcpy(sorted, g->tensor, (size_t)g->n_tensors * sizeof(struct er_tensor *));
    if (g->n_tensors) qsort(sorted, (size_t)g->n_tensors, sizeof(struct er_tensor *), by_name);
    for (struct line line = {order, strcspn(order, "\n")}; line.at[0];) {
        if (line.n > 0 && !is_batch_count(line)) {
            const struct er_tensor **at = g->n_tensors ? bsearch(&line, sorted, (size_t)g->n_tensors,
                                                                 sizeof(struct er_tensor *), compare_line)
                                                       : NULL;
            er_text_shown(line.at, line.n, shown);
            if (!at)
                return er_fail(err, ER_E_NOT_FOUND, "the note of names lists \"%s\", which the file lacks",
                               shown);
            if (used[at - sorted])
                return er_fail(err, ER_E_INPUT, "the note of names lists \"%s\" twice", shown);
            used[at - sorted] = true;
            g->tensor[n++] = *at;
        }
        line.at += line.n + (line.at[line.n] == '\n');
        line.n = strcspn(line.at, "\n");
    }
    for (int64_t i = 0; i < g->n_tensors; i++)
        if (!used[i])
            return er_fail(err, ER_E_INPUT, "the note of names leaves out \"%s\"",
                           er_text_shown(sorted[i]->name, strlen(sorted[i]->name), shown));
    return ER_OK;
}

/* Rule 3. */
static enum er_status match_order(struct match *m, const char *order, struct er_error *err)
{
    char a[ER_GROUP_TEXT], b[ER_GROUP_TEXT];
    struct er_tensor_groups *h = &m->modules;
    const struct er_tensor **sorted = er_alloc(h->n_tensors, sizeof(struct er_tensor *));
    bool *used = er_alloc(h->n_tensors, sizeof *used);
    enum er_status status = sorted && used ? order_tensors(h, order, sorted, used, err) : fail_memory(err);
    er_free(sorted);
    er_free(used);
    if (status != ER_OK) return status;
    er_tensor_groups_gather(h);
    for (int64_t i = 0; i < m->layers.n && i < h->n; i++) {
        if (!er_tensor_groups_fit(&m->layers.group[i], &h->group[i]))
            return er_fail(
                err, ER_E_SHAPE, "in the order of the file, %s has the place of %s, which it does not fit",
                er_tensor_group_text(&h->group[i], b), er_tensor_group_text(&m->layers.group[i], a));
        m->module[i] = i;
    }
    if (m->layers.n < h->n)
        return er_fail(err, ER_E_SHAPE,
                       "the network has no layer for %s, nor for what follows it in the file",
                       er_tensor_group_text(&h->group[m->layers.n], b));
    if (m->layers.n > h->n)
        return er_fail(err, ER_E_SHAPE, "the file ends before %s",
                       er_tensor_group_text(&m->layers.group[h->n], a));
    return ER_OK;
}

/* The class of layer i: its layers get the modules in their order. */
static enum er_status match_class(struct match *m, int64_t i, struct er_error *err)
{
    const struct er_tensor_groups *w = &m->layers, *h = &m->modules;
    const struct er_tensor_group *like = &w->group[i], *last = NULL;
    char text[ER_GROUP_TEXT], list[CANDIDATES];
    int64_t next = i, modules = 0, layers = 0;
    bool ordered = true;
    for (int64_t k = 0; k < h->n; k++) {
        if (!er_tensor_groups_fit(like, &h->group[k])) continue;
        ordered = ordered && (!last || er_tensor_groups_follow(last, &h->group[k]));
        last = &h->group[k];
        m->layer[k] = i;
        modules++;
        while (next < w->n && !er_tensor_groups_fit(like, &w->group[next])) next++;
        if (next < w->n) m->module[next++] = k;
    }
    for (int64_t j = i; j < w->n; j++) layers += er_tensor_groups_fit(like, &w->group[j]);
    er_tensor_group_text(like, text);
    list_names(h, m->layer, i, list);
    if (modules == 0) return er_fail(err, ER_E_SHAPE, "%s: nothing in the file has these shapes", text);
    if (modules != layers)
        return er_fail(err, ER_E_SHAPE,
                       "the network has %" PRId64 " layers like %s, the file %" PRId64 ": %s", layers, text,
                       modules, list);
    if (!ordered)
        return er_fail(err, ER_E_INPUT,
                       "%s fits each of %s, and their names do not say in which order they come" HINT, text,
                       list);
    return ER_OK;
}

/* Of modules that are alike but for numbers, the layers must ascend: they are neighbours in the order. */
static enum er_status check_ascent(struct match *m, struct er_error *err)
{
    char a[ER_GROUP_NAME], b[ER_GROUP_NAME], x[ER_GROUP_NAME], y[ER_GROUP_NAME];
    const struct er_tensor_groups *w = &m->layers, *h = &m->modules;
    for (int64_t i = 0; i < w->n; i++) m->layer[m->module[i]] = i;
    for (int64_t k = 0; k + 1 < h->n; k++) {
        if (!er_tensor_groups_alike(&h->group[k], &h->group[k + 1]) || m->layer[k] < m->layer[k + 1])
            continue;
        return er_fail(
            err, ER_E_INPUT, "by shape %s is %s and %s is %s, against the order of their numbers" HINT,
            er_tensor_group_name(&h->group[k], a), er_tensor_group_name(&w->group[m->layer[k]], x),
            er_tensor_group_name(&h->group[k + 1], b), er_tensor_group_name(&w->group[m->layer[k + 1]], y));
    }
    return ER_OK;
}

/* Rule 4. */
static enum er_status match_shapes(struct match *m, struct er_error *err)
{
    char text[ER_GROUP_TEXT];
    for (int64_t i = 0; i < m->layers.n; i++) {
        enum er_status status = m->module[i] < 0 ? match_class(m, i, err) : ER_OK;
        if (status != ER_OK) return status;
    }
    for (int64_t k = 0; k < m->modules.n; k++)
        if (m->layer[k] < 0)
            return er_fail(err, ER_E_SHAPE, "the network has no layer for %s",
                           er_tensor_group_text(&m->modules.group[k], text));
    return check_ascent(m, err);
}

static void assign(const struct match *m, int64_t *from)
{
    for (int64_t i = 0; i < m->layers.n; i++) {
        const struct er_tensor_group *w = &m->layers.group[i], *h = &m->modules.group[m->module[i]];
        for (int64_t a = 0; a < w->n; a++)
            for (int64_t b = 0; b < h->n; b++)
                if (strcmp(er_tensor_role(w->tensor[a]->name), er_tensor_role(h->tensor[b]->name)) == 0)
                    from[w->tensor[a] - m->want] = h->tensor[b] - m->have;
    }
}

static enum er_status match_modules(struct match *m, const char *order, int64_t *from, struct er_error *err)
{
    bool found;
    enum er_status status = match_names(m, from, &found, err);
    if (status != ER_OK || found) return status;
    er_tensor_groups_gather(&m->layers);
    er_tensor_groups_sort(&m->modules);
    m->module = er_alloc(m->layers.n, sizeof *m->module);
    m->layer = er_alloc(m->modules.n, sizeof *m->layer);
    if (!m->module || !m->layer) return fail_memory(err);
    for (int64_t i = 0; i < m->layers.n; i++) m->module[i] = -1;
    for (int64_t k = 0; k < m->modules.n; k++) m->layer[k] = -1;
    status = order ? match_order(m, order, err) : match_shapes(m, err);
    if (status == ER_OK) assign(m, from);
    return status;
}

enum er_status er_tensor_names_match(const struct er_tensor *want, int64_t n_want,
                                     const struct er_tensor *have, int64_t n_have, const char *order,
                                     int64_t *from, struct er_error *err)
{
    struct match m = {.want = want, .have = have};
    enum er_status status = er_tensor_groups_new(want, n_want, &m.layers, err);
    if (status == ER_OK) status = er_tensor_groups_new(have, n_have, &m.modules, err);
    if (status == ER_OK) status = match_modules(&m, order, from, err);
    er_tensor_groups_clear(&m.layers);
    er_tensor_groups_clear(&m.modules);
    er_free(m.module);
    er_free(m.layer);
    return status;
}
