/* moments.c - moments of batches pooled: at a mean's place the sum of n_k mu_k, at its variance's that of (n_k - 1) v_k,
 * and S places behind the mean that of n_k mu_k^2. Means and variances lie together by layers, means first
 * (net/layers/batch_norm.c).
 */
#include "landscape/moments.h"

#include <string.h>

/* The momentum of a layer with statistics. */
static double momentum_of(const struct er_layer *l)
{
    for (int i = 0; l->ops->argument && l->ops->argument[i].name; i++)
        if (strcmp(l->ops->argument[i].name, "momentum") == 0) return l->argument[i];
    return 0;
}

enum er_status er_moments_check(const struct er_net *net, struct er_error *err)
{
    for (int64_t i = 0; i < net->n; i++) {
        const struct er_layer *l = &net->node[i].layer;
        if (l->n_statistics && !(momentum_of(l) > 0))
            return er_fail(err, ER_E_UNSUPPORTED,
                           "statistics: layer %lld, %s: with momentum 0 it never measures its input",
                           (long long)l->index + 1, l->ops->name);
    }
    return ER_OK;
}

int64_t er_moments_size(const struct er_net *net)
{
    return 2 * net->n_statistics;
}

/* Values of a channel in so many examples: statistics are mean and variance, one of each a channel. */
static double values_of(const struct er_layer *l, int64_t rows)
{
    const int64_t each = 2 * l->n_in / l->n_statistics;
    return (double)(rows * each);
}

void er_moments_add(const struct er_net *net, const float *batch, int64_t rows, double *gathered)
{
    double *squares = gathered + net->n_statistics;
    for (int64_t i = 0; i < net->n; i++) {
        const struct er_layer *l = &net->node[i].layer;
        if (!l->n_statistics) continue;
        const double n = values_of(l, rows);
        const int64_t C = l->n_statistics / 2, at = net->bound[i].statistics_at;
        for (int64_t c = at; c < at + C; c++) {
            const double mean = (double)batch[c];
            gathered[c] += n * mean;
            gathered[c + C] += (n - 1) * (double)batch[c + C];
            squares[c] += n * mean * mean;
        }
    }
}

void er_moments_give(const struct er_net *net, const double *gathered, int64_t rows, float *statistics)
{
    const double *squares = gathered + net->n_statistics;
    for (int64_t i = 0; i < net->n; i++) {
        const struct er_layer *l = &net->node[i].layer;
        if (!l->n_statistics) continue;
        const double n = values_of(l, rows);
        const int64_t C = l->n_statistics / 2, at = net->bound[i].statistics_at;
        for (int64_t c = at; c < at + C; c++) {
            const double mean = gathered[c] / n, between = squares[c] - n * mean * mean;
            const double all = gathered[c + C] + (between > 0 ? between : 0);
            statistics[c] = (float)mean;
            statistics[c + C] = n > 1 ? (float)(all / (n - 1)) : 1; /* of one value training keeps its 1 */
        }
    }
}
