/* pristine.c - the weights of a run as they are perturbed: of its network without batch norm. */
#include "measures/perturbed.h"

#include <ermine/memory.h>

struct pristine {
    struct er_normless normless;
    float *w, *initial; /* P each; NULL: the run has none */
};

static enum er_status weights_of(const struct er_normless *normless, const float *w, const float *statistics,
                                 float **out, struct er_error *err)
{
    if (!w) return ER_OK;
    *out = er_alloc(er_net_parameters(normless->net), sizeof **out);
    if (!*out) return er_fail(err, ER_E_NOMEM, "measures: out of memory for weights without batch norm");
    return er_normless_weights(normless, w, statistics, *out, err);
}

static enum er_status make_pristine(struct er_measured_run *run, int which, void *part, struct er_error *err)
{
    const struct er_measured *is = &run->is;
    struct pristine *p = part;
    (void)which;
    enum er_status status = er_normless_new(is->net, &p->normless, err);
    if (status == ER_OK) status = weights_of(&p->normless, is->w, is->statistics, &p->w, err);
    if (status == ER_OK)
        status = weights_of(&p->normless, is->initial_w, is->initial_statistics, &p->initial, err);
    return status;
}

static void clear_pristine(void *part)
{
    struct pristine *p = part;
    er_normless_clear(&p->normless);
    er_free(p->w);
    er_free(p->initial);
}

static const struct er_part pristine = {"weights without batch norm", sizeof(struct pristine), make_pristine,
                                        clear_pristine, 0};

enum er_status er_measured_normless(struct er_measured_run *run, struct er_perturbed_weights *out,
                                    struct er_error *err)
{
    void *part;
    const enum er_status status = er_measured_part(run, &pristine, &part, err);
    if (status != ER_OK) return status;
    const struct pristine *p = part;
    *out = (struct er_perturbed_weights){&p->normless, p->w, p->initial};
    return ER_OK;
}
