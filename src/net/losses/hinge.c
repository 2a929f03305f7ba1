/* hinge.c - hinge loss.
 *
 *     two classes: one output f, s = +1 for label 1, -1 for label 0:    loss = max(0, 1 - s f)
 *     K > 2 classes: K outputs:                                         loss = max(0, 1 + max_{k != y} f_k -
 * f_y)
 *
 * The derivative at the kink is 0; of several largest rivals the first one counts.
 * Source: Crammer and Singer, "On the algorithmic implementation of multiclass kernel-based vector machines",
 * JMLR 2001.
 */
#include "net/loss.h"

#include <math.h>
#include <string.h>

static int64_t outputs(int64_t classes)
{
    return classes == 2 ? 1 : classes;
}

static void evaluate(int64_t rows, int64_t n_out, const float *f, const int32_t *label, float scale,
                     float *df, double *loss_sum, int64_t *errors)
{
    double loss = 0;
    int64_t wrong = 0;
    if (df) memset(df, 0, (size_t)(rows * n_out) * sizeof *df);
    for (int64_t b = 0; b < rows; b++, f += n_out) {
        const int32_t y = label[b];
        const float sign = y == 1 ? 1.0f : -1.0f;
        int64_t rival = 0;
        float margin = INFINITY;
        if (n_out == 1) {
            margin = sign * f[0];
            wrong += !(margin > 0);
        } else {
            for (int64_t k = 0; k < n_out; k++)
                if (k != y && !isnan(margin) && !(f[y] - f[k] >= margin)) {
                    margin = f[y] - f[k];
                    rival = k;
                }
            wrong += !er_row_predicts(f, n_out, y);
        }
        if (margin >= 1) continue;
        loss += 1 - (double)margin; /* a NaN comes here too, and shows in the loss */
        if (df && n_out == 1) df[b] = -sign * scale;
        if (df && n_out > 1) {
            df[b * n_out + y] = -scale;
            df[b * n_out + rival] = scale;
        }
    }
    *loss_sum = loss;
    *errors = wrong;
}

const struct er_loss_ops er_loss_hinge = {
    .name = "hinge",
    .help = "max(0, 1 - margin); more than two classes: Crammer and Singer's",
    .outputs = outputs,
    .evaluate = evaluate,
};
