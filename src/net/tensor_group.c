/* tensor_group.c - tensors gathered by the name before their role, sorted by the numbers in it.
 *
 * A run of digits in a name is a number; two names are alike when they are the same text with each number
 * replaced by one sign. Names sort by that text first, so that those alike are together, then by their
 * numbers from left to right, of any length.
 */
#include "net/tensor_group.h"

#include "data/shown.h"

#include <ermine/memory.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

size_t er_tensor_module_length(const char *name)
{
    const char *dot = strrchr(name, '.');
    return dot ? (size_t)(dot - name) : 0;
}

const char *er_tensor_role(const char *name)
{
    const char *dot = strrchr(name, '.');
    return dot ? dot + 1 : name;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* A name before its role. */
struct span {
    const char *at, *end;
};

static struct span module_of(const struct er_tensor *t)
{
    return (struct span){t->name, t->name + er_tensor_module_length(t->name)};
}

/* Takes a number without its leading zeros. */
static struct span take_number(struct span *s)
{
    while (s->at + 1 < s->end && *s->at == '0' && is_digit(s->at[1])) s->at++;
    struct span number = {s->at, s->at};
    while (s->at < s->end && is_digit(*s->at)) s->at++;
    number.end = s->at;
    return number;
}

static int compare_numbers(struct span a, struct span b)
{
    const ptrdiff_t n_a = a.end - a.at, n_b = b.end - b.at;
    if (n_a != n_b) return n_a < n_b ? -1 : 1;
    return memcmp(a.at, b.at, (size_t)n_a);
}

/* By text, in which each number is '0'; *numbers by the first number that differs. */
static int compare_texts(struct span a, struct span b, int *numbers)
{
    *numbers = 0;
    while (a.at < a.end && b.at < b.end) {
        const unsigned char x = (unsigned char)(is_digit(*a.at) ? '0' : *a.at);
        const unsigned char y = (unsigned char)(is_digit(*b.at) ? '0' : *b.at);
        if (x != y) return x < y ? -1 : 1;
        if (x == '0') {
            const int order = compare_numbers(take_number(&a), take_number(&b));
            if (*numbers == 0) *numbers = order;
        } else {
            a.at++;
            b.at++;
        }
    }
    return (a.at < a.end) - (b.at < b.end);
}

static bool same_module(const struct er_tensor *a, const struct er_tensor *b)
{
    const size_t n = er_tensor_module_length(a->name);
    return n == er_tensor_module_length(b->name) && memcmp(a->name, b->name, n) == 0;
}

static int by_module(const void *a, const void *b)
{
    const struct er_tensor *x = *(const struct er_tensor *const *)a, *y = *(const struct er_tensor *const *)b;
    int numbers;
    const int text = compare_texts(module_of(x), module_of(y), &numbers);
    if (text) return text;
    return numbers ? numbers : strcmp(x->name, y->name);
}

enum er_status er_tensor_groups_new(const struct er_tensor *tensor, int64_t n, struct er_tensor_groups *out,
                                    struct er_error *err)
{
    struct er_tensor_groups g = {.tensor = er_alloc(n, sizeof(struct er_tensor *)),
                                 .group = er_alloc(n, sizeof *g.group)};
    if (!g.tensor || !g.group) {
        er_tensor_groups_clear(&g);
        return er_fail(err, ER_E_NOMEM, "names of tensors: out of memory");
    }
    for (int64_t i = 0; i < n; i++)
        if (strcmp(er_tensor_role(tensor[i].name), "num_batches_tracked") != 0)
            g.tensor[g.n_tensors++] = &tensor[i];
    *out = g;
    return ER_OK;
}

void er_tensor_groups_clear(struct er_tensor_groups *groups)
{
    er_free(groups->tensor);
    er_free(groups->group);
    *groups = (struct er_tensor_groups){0};
}

void er_tensor_groups_gather(struct er_tensor_groups *groups)
{
    groups->n = 0;
    for (int64_t i = 0; i < groups->n_tensors; i++) {
        if (i == 0 || !same_module(groups->tensor[i - 1], groups->tensor[i]))
            groups->group[groups->n++] = (struct er_tensor_group){&groups->tensor[i], 0};
        groups->group[groups->n - 1].n++;
    }
}

void er_tensor_groups_sort(struct er_tensor_groups *groups)
{
    if (groups->n_tensors)
        qsort(groups->tensor, (size_t)groups->n_tensors, sizeof(struct er_tensor *), by_module);
    er_tensor_groups_gather(groups);
}

bool er_tensor_same_shape(const struct er_tensor *a, const struct er_tensor *b)
{
    for (int i = 0; i < a->rank && i < b->rank; i++)
        if (a->dim[i] != b->dim[i]) return false;
    return a->rank == b->rank;
}

bool er_tensor_groups_fit(const struct er_tensor_group *a, const struct er_tensor_group *b)
{
    if (a->n != b->n) return false;
    for (int64_t i = 0; i < a->n; i++) {
        int64_t j = 0;
        while (j < b->n &&
               strcmp(er_tensor_role(a->tensor[i]->name), er_tensor_role(b->tensor[j]->name)) != 0)
            j++;
        if (j == b->n || !er_tensor_same_shape(a->tensor[i], b->tensor[j])) return false;
    }
    return true;
}

bool er_tensor_groups_alike(const struct er_tensor_group *a, const struct er_tensor_group *b)
{
    int numbers;
    return compare_texts(module_of(a->tensor[0]), module_of(b->tensor[0]), &numbers) == 0;
}

bool er_tensor_groups_follow(const struct er_tensor_group *a, const struct er_tensor_group *b)
{
    int numbers;
    return compare_texts(module_of(a->tensor[0]), module_of(b->tensor[0]), &numbers) == 0 && numbers < 0;
}

char *er_tensor_group_name(const struct er_tensor_group *group, char out[ER_GROUP_NAME])
{
    _Static_assert((int)ER_GROUP_NAME == (int)ER_SHOWN, "a name is shown in as much room as any text");
    const char *name = group->tensor[0]->name;
    return er_text_shown(name, er_tensor_module_length(name), out);
}

char *er_tensor_group_text(const struct er_tensor_group *group, char out[ER_GROUP_TEXT])
{
    char shown[ER_SHOWN], shape[ER_SHAPE_TEXT];
    size_t used = (size_t)snprintf(out, ER_GROUP_TEXT, "%s (", er_tensor_group_name(group, shown));
    for (int64_t i = 0; i < group->n && used < ER_GROUP_TEXT; i++) {
        const struct er_tensor *t = group->tensor[i];
        const char *role = er_tensor_role(t->name);
        used += (size_t)snprintf(out + used, ER_GROUP_TEXT - used, "%s%s %s", i ? ", " : "",
                                 er_text_shown(role, strlen(role), shown),
                                 er_tensor_shape_text(t->rank, t->dim, shape));
    }
    if (used < ER_GROUP_TEXT) used += (size_t)snprintf(out + used, ER_GROUP_TEXT - used, ")");
    if (used >= ER_GROUP_TEXT) memcpy(out + ER_GROUP_TEXT - 5, "...)", 5);
    return out;
}
