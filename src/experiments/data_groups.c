/* data_groups.c - runs sorted by their data; splits in memory a budget's worth at a time. */
#include "experiments/data_groups.h"

#include "data/dataset.h"
#include "experiments/data_keys.h"

#include <ermine/memory.h>
#include <stdlib.h>

struct entry {
    const struct er_point *point;
    int64_t run;
};

static int by_data(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    const int order = er_data_keys_compare(x->point, y->point);
    return order != 0 ? order : (x->run > y->run) - (x->run < y->run);
}

static int by_first_run(const void *a, const void *b)
{
    const struct er_data_group *x = a, *y = b;
    return (x->run[0] > y->run[0]) - (x->run[0] < y->run[0]);
}

enum er_status er_data_groups_new(const struct er_point *point, int64_t n, struct er_data_groups *out,
                                  struct er_error *err)
{
    struct er_data_groups groups = {0};
    struct entry *entry = er_alloc(n, sizeof *entry);
    groups.run = er_alloc(n, sizeof *groups.run);
    groups.group = er_alloc(n, sizeof *groups.group);
    if (!entry || !groups.run || !groups.group) {
        er_free(entry);
        er_data_groups_clear(&groups);
        return er_fail(err, ER_E_NOMEM, "train: out of memory for %lld runs", (long long)n);
    }
    for (int64_t i = 0; i < n; i++) entry[i] = (struct entry){.point = &point[i], .run = i};
    qsort(entry, (size_t)n, sizeof *entry, by_data);
    for (int64_t i = 0; i < n; i++) {
        const bool same = i > 0 && er_data_keys_compare(entry[i - 1].point, entry[i].point) == 0;
        groups.run[i] = entry[i].run;
        if (!same) groups.group[groups.n++].run = &groups.run[i];
        groups.group[groups.n - 1].n++;
    }
    qsort(groups.group, (size_t)groups.n, sizeof *groups.group, by_first_run);
    er_free(entry);
    *out = groups;
    return ER_OK;
}

/* The most that a run of the group asks for: fewer are the beginning of these. */
static int64_t most_others(const struct er_data_group *group, const struct er_point *point)
{
    int64_t most = 0;
    for (int64_t i = 0; i < group->n; i++) {
        const int64_t others = er_data_keys_spec(&point[group->run[i]]).others;
        most = others > most ? others : most;
    }
    return most;
}

enum er_status er_data_groups_load(struct er_data_groups *groups, const struct er_point *point,
                                   const struct er_data_places *places, int64_t from, size_t limit,
                                   int64_t *to, struct er_error *err)
{
    size_t bytes = 0;
    int64_t g = from;
    while (g < groups->n && bytes < limit) {
        struct er_data_group *group = &groups->group[g];
        const struct er_point *p = &point[group->run[0]];
        struct er_data_spec spec = er_data_keys_spec(p);
        spec.others = most_others(group, point);
        struct er_error why = {0};
        if (er_data_open(&spec, places, &group->split, &why) != ER_OK) {
            er_data_groups_release(groups, from, g);
            return er_data_keys_fail(p, &why, err);
        }
        bytes += er_dataset_bytes(&group->split.train) + er_dataset_bytes(&group->split.test) +
                 er_dataset_bytes(&group->split.others);
        g++;
    }
    *to = g;
    return ER_OK;
}

void er_data_groups_release(struct er_data_groups *groups, int64_t from, int64_t to)
{
    for (int64_t g = from; g < to; g++) er_split_clear(&groups->group[g].split);
}

void er_data_groups_clear(struct er_data_groups *groups)
{
    if (groups->group) er_data_groups_release(groups, 0, groups->n);
    er_free(groups->group);
    er_free(groups->run);
    *groups = (struct er_data_groups){0};
}
