/* tau.c - rank correlations of points with copies: over all pairs, and along lines. */
#include "rank/comparison.h"

#include <math.h>

/* sum sign sign = 4 sum h h - sum 1, since h = (1 + sign) / 2 and pairs come in both orders, whose signs cancel. */
void er_rank_tau(int64_t pairs, int64_t both, int64_t tied_gap, int64_t tied_measure, double tau[2])
{
    const double agreeing = (double)(both - pairs), gap = (double)(pairs - tied_gap),
                 measure = (double)(pairs - tied_measure);
    tau[0] = pairs > 0 ? agreeing / (double)pairs : (double)NAN;
    tau[1] = gap > 0 && measure > 0 ? agreeing / (sqrt(gap) * sqrt(measure)) : (double)NAN;
}

int64_t er_rank_ties(const struct er_rank_sequence *x, int64_t n, const int32_t *w)
{
    int64_t ties = 0;
    for (int64_t i = 0, end; i < n; i = end) {
        end = x->to[x->order[i]];
        int64_t sum = 0, squares = 0;
        for (int64_t j = i; j < end; j++) {
            const int64_t copies = w[x->order[j]];
            sum += copies;
            squares += copies * copies;
        }
        ties += sum * sum - squares;
    }
    return ties;
}

static int sign(const struct er_rank_sequence *x, int32_t p, int32_t q)
{
    return (x->from[p] > x->from[q]) - (x->from[p] < x->from[q]);
}

double er_rank_psi_axis(const struct er_rank_lines *lines, const int32_t *w,
                        const struct er_rank_sequence *gap, const struct er_rank_sequence *x)
{
    double agreeing = 0, all = 0;
    for (int64_t l = 0; l < lines->n; l++) {
        const int64_t length = lines->first[l + 1] - lines->first[l];
        const int32_t *point = lines->point + lines->first[l];
        int64_t signs = 0, pairs = 0;
        for (int64_t i = 1; i < length; i++)
            for (int64_t j = 0; j < i; j++) {
                const int64_t copies = (int64_t)w[point[i]] * w[point[j]];
                signs += copies * sign(gap, point[i], point[j]) * sign(x, point[i], point[j]);
                pairs += copies;
            }
        if (length < 2) continue;
        const double share = 1 / (0.5 * (double)length * (double)(length - 1));
        agreeing += share * (double)signs;
        all += share * (double)pairs;
    }
    return all > 0 ? agreeing / all : (double)NAN;
}
