/* points.c - models grouped by configuration. */
#include "rank/points.h"
#include "rank/order.h"

#include <ermine/memory.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

static enum er_status no_memory(int64_t n, struct er_error *err)
{
    return er_fail(err, ER_E_NOMEM, "rank: out of memory for %" PRId64 " models", n);
}

/* The parameters with two or more levels among the models; present[l] becomes the number of each such level. */
static enum er_status find_axes(const struct er_rank_table *t, struct er_rank_points *p, int32_t **renamed,
                                struct er_error *err)
{
    for (int64_t i = 0; i < t->parameters; i++) {
        const struct er_rank_parameter *parameter = &t->parameter[i];
        int32_t *number = er_alloc(parameter->levels, sizeof *number);
        if (!number) return no_memory(p->models, err);
        for (int64_t m = 0; m < p->models; m++) number[parameter->level[p->model[m]]] = 1;
        int32_t present = 0;
        for (int64_t l = 0; l < parameter->levels; l++)
            if (number[l]) number[l] = present++;
        if (present < 2) {
            er_free(number);
            continue;
        }
        renamed[p->axes] = number;
        p->axis[p->axes] = i;
        p->levels[p->axes++] = present;
    }
    return ER_OK;
}

/* levels of each model, M x A. */
static void fill_levels(const struct er_rank_table *t, const struct er_rank_points *p,
                        int32_t *const *renamed, int32_t *level)
{
    for (int64_t m = 0; m < p->models; m++)
        for (int64_t a = 0; a < p->axes; a++)
            level[m * p->axes + a] = renamed[a][t->parameter[p->axis[a]].level[p->model[m]]];
}

static int64_t most_levels(const struct er_rank_points *p)
{
    int64_t most = p->seeds;
    for (int64_t a = 0; a < p->axes; a++)
        if (p->levels[a] > most) most = p->levels[a];
    return most;
}

/* Puts models in the order of their levels, and finds where configurations begin. `level` is M x A of models as they stand,
 * before[m] room. */
static enum er_status group(struct er_rank_points *p, const int32_t *level, struct er_error *err)
{
    const int64_t m = p->models, axes = p->axes;
    int32_t *order = er_alloc(m, 3 * sizeof *order);
    int64_t *count = er_alloc(most_levels(p) + 1, sizeof *count);
    if (!order || !count) {
        er_free(order);
        er_free(count);
        return no_memory(m, err);
    }
    int32_t *work = order + m, *model = order + 2 * m;
    for (int64_t i = 0; i < m; i++) order[i] = (int32_t)i;
    for (int64_t a = axes - 1; a >= 0; a--)
        er_rank_order_levels(m, level + a, axes, p->levels[a], order, work, count);
    for (int64_t i = 0; i < m; i++) {
        const int32_t *own = level + order[i] * axes;
        const bool new = i == 0 || memcmp(own, level + order[i - 1] * axes, (size_t)axes * sizeof *own) != 0;
        if (new) {
            memcpy(p->level + p->configurations * axes, own, (size_t)axes * sizeof *own);
            p->first[p->configurations++] = i;
        }
        model[i] = p->model[order[i]];
    }
    p->first[p->configurations] = m;
    memcpy(p->model, model, (size_t)m * sizeof *model);
    er_free(order);
    er_free(count);
    return ER_OK;
}

/* Seeds as numbers from 0: those that differ have different ones. */
static enum er_status number_seeds(const struct er_rank_table *t, struct er_rank_points *p,
                                   struct er_error *err)
{
    if (!t->seed)
        return er_fail(err, ER_E_USAGE, "rank: seeds are to be kept apart, but the table has no seeds");
    struct er_rank_entry *entry = er_alloc(p->models, sizeof *entry);
    if (!entry) return no_memory(p->models, err);
    for (int64_t m = 0; m < p->models; m++)
        entry[m] = (struct er_rank_entry){(double)t->seed[p->model[m]], m};
    er_rank_sort(p->models, entry);
    p->seeds = 0;
    for (int64_t i = 0; i < p->models; i++) {
        p->seeds += i == 0 || entry[i].value != entry[i - 1].value;
        p->seed[entry[i].index] = (int32_t)(p->seeds - 1);
    }
    er_free(entry);
    for (int64_t c = 0; c < p->configurations; c++)
        for (int64_t i = p->first[c]; i < p->first[c + 1]; i++)
            for (int64_t j = i + 1; j < p->first[c + 1]; j++)
                if (p->seed[i] == p->seed[j])
                    return er_fail(err, ER_E_USAGE,
                                   "rank: models %" PRId32 " and %" PRId32
                                   " (from 0) have the same hyper-parameters and the same seed",
                                   p->model[i], p->model[j]);
    return ER_OK;
}

static enum er_status make_points(const struct er_rank_table *t, struct er_rank_points *p,
                                  struct er_error *err)
{
    p->n = p->apart ? p->models : p->configurations;
    p->at = er_alloc(p->n, sizeof *p->at);
    p->seed = er_alloc(p->n, sizeof *p->seed);
    if (!p->at || !p->seed) return no_memory(p->models, err);
    for (int64_t c = 0; c < p->configurations; c++)
        for (int64_t i = p->first[c]; p->apart && i < p->first[c + 1]; i++) p->at[i] = (int32_t)c;
    for (int64_t c = 0; !p->apart && c < p->configurations; c++) p->at[c] = (int32_t)c;
    return p->apart ? number_seeds(t, p, err) : ER_OK;
}

static enum er_status build(const struct er_rank_table *t, struct er_rank_points *p, int32_t **renamed,
                            struct er_error *err)
{
    p->axis = er_alloc(t->parameters, sizeof *p->axis);
    p->levels = er_alloc(t->parameters, sizeof *p->levels);
    if (!p->axis || !p->levels) return no_memory(p->models, err);
    enum er_status status = find_axes(t, p, renamed, err);
    if (status != ER_OK) return status;
    int32_t *level = er_alloc(p->models * p->axes, sizeof *level);
    p->level = er_alloc(p->models * p->axes, sizeof *p->level);
    p->first = er_alloc(p->models + 1, sizeof *p->first);
    if (!level || !p->level || !p->first)
        status = no_memory(p->models, err);
    else {
        fill_levels(t, p, renamed, level);
        status = group(p, level, err);
    }
    er_free(level);
    return status == ER_OK ? make_points(t, p, err) : status;
}

enum er_status er_rank_points_new(const struct er_rank_table *table, const bool *kept,
                                  enum er_rank_seeds seeds, struct er_rank_points *out, struct er_error *err)
{
    struct er_rank_points p = {.seeds = 1, .apart = seeds == ER_RANK_SEEDS_APART};
    int32_t *renamed[ER_RANK_PARAMETERS_MAX] = {0};
    p.model = er_alloc(table->n, sizeof *p.model);
    if (!p.model) return no_memory(table->n, err);
    for (int64_t i = 0; i < table->n; i++)
        if (kept[i]) p.model[p.models++] = (int32_t)i;
    const enum er_status status = p.models > 0
                                      ? build(table, &p, renamed, err)
                                      : er_fail(err, ER_E_USAGE, "rank: there is no model to compare");
    for (int64_t i = 0; i < ER_RANK_PARAMETERS_MAX; i++) er_free(renamed[i]);
    if (status != ER_OK) {
        er_rank_points_clear(&p);
        return status;
    }
    *out = p;
    return ER_OK;
}

void er_rank_points_clear(struct er_rank_points *points)
{
    er_free(points->model);
    er_free(points->first);
    er_free(points->axis);
    er_free(points->levels);
    er_free(points->level);
    er_free(points->at);
    er_free(points->seed);
    *points = (struct er_rank_points){0};
}

/* To 36 bits. Gaps are whole numbers over the size of the test set, so that means of different seeds are often equal; their last
 * bits are those of rounding, and would decide which is larger. */
static double rounded(double x)
{
    int exponent;
    const double mantissa = frexp(x, &exponent);
    return ldexp(rint(ldexp(mantissa, 36)), exponent - 36);
}

/* The mean of a configuration's models [first, end), in the order of their values, so that it does not depend on that of the
 * table. Where each configuration is one model, values keep their bits. */
static double mean_of(const struct er_rank_points *points, int64_t first, int64_t end,
                      const double *of_models, const int32_t *copies)
{
    double last = -(double)INFINITY, sum = 0, least = 0;
    int64_t count = 0;
    for (;;) {
        double next = (double)INFINITY;
        int64_t times = 0;
        for (int64_t i = first; i < end; i++) {
            const double x = of_models[points->model[i]];
            const int64_t again = copies ? copies[i] : 1;
            if (again == 0 || !(x > last) || x > next) continue;
            times = x < next ? again : times + again;
            next = x;
        }
        if (times == 0) break;
        if (count == 0) least = next;
        sum += (double)times * (next - least);
        count += times;
        last = next;
    }
    const double mean = least + sum / (double)count;
    return points->models == points->configurations ? mean : rounded(mean);
}

void er_rank_points_values(const struct er_rank_points *points, const double *of_models,
                           const int32_t *copies, double *value)
{
    if (points->apart) {
        for (int64_t i = 0; i < points->n; i++) value[i] = of_models[points->model[i]];
        return;
    }
    for (int64_t c = 0; c < points->configurations; c++)
        value[c] = mean_of(points, points->first[c], points->first[c + 1], of_models, copies);
}
