/* drawn.c - which training examples a measure looks at. */
#include "measures/drawn.h"

#include <ermine/memory.h>
#include <ermine/random.h>

int64_t *er_drawn_order(const struct er_measured_run *run, uint64_t draw)
{
    const int64_t m = run->is.train->n;
    int64_t *order = er_alloc(m, sizeof *order);
    struct er_random r = er_random_open(run->is.seed, er_stream(ER_PURPOSE_MIXTURE, draw));
    if (order) er_random_permutation(&r, m, order);
    return order;
}

enum er_status er_drawn_classes_of(const struct er_dataset *set, const int64_t *order,
                                   struct er_drawn_classes *out, struct er_error *err)
{
    const int64_t K = set->classes, m = set->n;
    *out = (struct er_drawn_classes){.classes = K,
                                     .first = er_alloc(K + 2, sizeof *out->first),
                                     .member = er_alloc(m, sizeof *out->member)};
    if (!out->first || !out->member) {
        er_drawn_classes_clear(out);
        return er_fail(err, ER_E_NOMEM, "measures: out of memory for %lld classes", (long long)K);
    }
    int64_t *at = out->first +
                  1; /* of class k: where its next member goes; in the end where those of class k + 1 begin */
    for (int64_t i = 0; i < m; i++) at[set->label[i] + 1]++;
    for (int64_t k = 0; k < K; k++) at[k + 1] += at[k];
    for (int64_t i = 0; i < m; i++) out->member[at[set->label[order[i]]]++] = order[i];
    return ER_OK;
}

void er_drawn_classes_clear(struct er_drawn_classes *classes)
{
    er_free(classes->first);
    er_free(classes->member);
    *classes = (struct er_drawn_classes){.first = NULL};
}
