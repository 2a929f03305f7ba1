/* hinge.c - hinge loss.
 *
 *     two classes: one output f, s = +1 for label 1,
 *     -1 for label 0:                                    loss = max(0, 1 - s f)
 *     K > 2 classes: K outputs:                          loss = max(0, 1 + max_{k != y} f_k - f_y)
 *
 * The derivative at the kink is 0; of several largest rivals the first one counts. Margins are exact, in
 * double.
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

/* The margin of a row; *rival: the class (K > 2) whose output comes nearest. NaN when an output is. */
static double margin_of(int64_t n_out, const float *f, int32_t y, int64_t *rival)
{
    if (n_out == 1) return (double)(y == 1 ? f[0] : -f[0]);
    float most = -INFINITY;
    *rival = y == 0;
    for (int64_t k = 0; k < n_out; k++)
        if (k != y && !isnan(most) && !(f[k] <= most)) {
            most = f[k];
            *rival = k;
        }
    return (double)f[y] - (double)most;
}

static void evaluate(int64_t rows, int64_t n_out, const float *f, const int32_t *label, float scale,
                     float *df, double *loss, unsigned char *wrong)
{
    if (df) memset(df, 0, (size_t)(rows * n_out) * sizeof *df);
    for (int64_t b = 0; b < rows; b++, f += n_out) {
        const int32_t y = label[b];
        int64_t rival;
        const double margin = margin_of(n_out, f, y, &rival);
        const bool met = margin >= 1; /* false for a NaN, which shows in the loss */
        if (wrong) wrong[b] = n_out == 1 ? !(margin > 0) : !er_row_predicts(f, n_out, y);
        if (loss) loss[b] = met ? 0 : 1 - margin;
        if (!df || met) continue;
        if (n_out == 1) {
            df[b] = y == 1 ? -scale : scale;
        } else {
            df[b * n_out + y] = -scale;
            df[b * n_out + rival] = scale;
        }
    }
}

const struct er_loss_ops er_loss_hinge = {
    .name = "hinge",
    .help = "max(0, 1 - margin); more than two classes: Crammer and Singer's",
    .outputs = outputs,
    .evaluate = evaluate,
};
