/* forgetting_truth.c - see forgetting_truth.h. */
#include "experiments/forgetting_truth.h"

#include "experiments/data_groups.h"
#include "experiments/data_keys.h"

#include <ermine/memory.h>
#include <inttypes.h>

/* The true labels of a point's training set. */
static enum er_status read_labels(const struct er_point *point, const struct er_data_places *places,
                                  int32_t **out, struct er_error *err)
{
    struct er_data_spec spec = er_data_keys_spec(point);
    struct er_split split;
    struct er_error why = {0};
    spec.corrupt = 0;
    if (spec.condition == ER_CONDITION_RANDOM_LABELS) spec.condition = ER_CONDITION_TRUE_LABELS;
    const enum er_status status = er_data_open(&spec, places, &split, &why);
    if (status != ER_OK) return er_data_keys_fail(point, &why, err);
    *out = split.train.label;
    split.train.label = NULL;
    er_split_clear(&split);
    return ER_OK;
}

enum er_status er_truth_read(const struct er_point *point, int64_t n, const struct er_data_places *places,
                             struct er_truth *out, struct er_error *err)
{
    struct er_data_groups groups;
    struct er_truth truth = {.label = er_alloc(n, sizeof *truth.label),
                             .owned = er_alloc(n, sizeof *truth.owned)};
    if (!truth.label || !truth.owned) {
        er_truth_clear(&truth);
        return er_fail(err, ER_E_NOMEM, "forgetting: out of memory for %" PRId64 " runs", n);
    }
    enum er_status status = er_data_groups_new(point, n, &groups, err);
    if (status == ER_OK) {
        for (; truth.n < groups.n && status == ER_OK; truth.n++) {
            const struct er_data_group *group = &groups.group[truth.n];
            status = read_labels(&point[group->run[0]], places, &truth.owned[truth.n], err);
            for (int64_t i = 0; i < group->n; i++) truth.label[group->run[i]] = truth.owned[truth.n];
        }
        er_data_groups_clear(&groups);
    }
    if (status == ER_OK)
        *out = truth;
    else
        er_truth_clear(&truth);
    return status;
}

void er_truth_clear(struct er_truth *truth)
{
    for (int64_t i = 0; i < truth->n; i++) er_free(truth->owned[i]);
    er_free(truth->label);
    er_free(truth->owned);
    *truth = (struct er_truth){0};
}
