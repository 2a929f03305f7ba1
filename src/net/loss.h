/* loss.h - what a loss is: one file in src/net/losses, one line in losses.def.
 */
#ifndef ERMINE_NET_LOSS_H
#define ERMINE_NET_LOSS_H

#include <ermine/net.h>

struct er_loss_ops {
    const char *name, *help;
    bool likelihood; /* it is a negative log-likelihood whose Fisher information the Hessian in f is */

    /* O for K classes: K, or 1 where two classes are told apart by a sign. */
    int64_t (*outputs)(int64_t classes);

    /* Over B rows of outputs f (B x O), each of which may be NULL: loss[b], wrong[b] = 0 or 1 (ties are
     * wrong), df (B x O) = scale * d loss[b] / d f. */
    void (*evaluate)(int64_t rows, int64_t n_out, const float *f, const int32_t *label, float scale,
                     float *df, double *loss, unsigned char *wrong);

    /* out (B x O) = scale * (the Hessian of loss[b] in f) tf. NULL: it is 0 wherever it exists. */
    void (*curvature)(int64_t rows, int64_t n_out, const float *f, const int32_t *label, float scale,
                      const float *tf, float *out);
};

/* The loss called `name`, or NULL. */
const struct er_loss_ops *er_loss_find(const char *name);

/* The name of a loss that is nearest to `word`, or NULL: er_nearest(). */
const char *er_loss_nearest(const char *word);

/* A row of K >= 2 outputs predicts class `label`: f[label] is above all others. Ties and NaN are wrong. */
static inline int er_row_predicts(const float *f, int64_t n_out, int32_t label)
{
    int right = 1;
    for (int64_t k = 0; k < n_out; k++) right &= k == label || f[label] > f[k];
    return right;
}

#endif
