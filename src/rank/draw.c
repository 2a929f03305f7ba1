/* draw.c - resamples of configurations, or of the models within each. */
#include "rank/points.h"

#include <ermine/random.h>
#include <string.h>

void er_rank_points_draw(const struct er_rank_points *points, const struct er_rank_options *options,
                         int64_t number, int32_t *copies)
{
    const int64_t configurations = points->configurations;
    struct er_random r = er_random_open(options->seed, er_stream(ER_PURPOSE_RESAMPLES, (uint64_t)number));
    for (int64_t i = 0; i < points->models; i++) copies[i] = number == 0;
    if (number == 0) return;
    if (options->resample == ER_RANK_RESAMPLE_SEEDS) {
        for (int64_t c = 0; c < configurations; c++) {
            const int64_t models = points->first[c + 1] - points->first[c];
            for (int64_t i = 0; i < models; i++) copies[points->first[c] + er_random_below(&r, models)]++;
        }
        return;
    }
    for (int64_t c = 0; c < configurations; c++) copies[er_random_below(&r, configurations)]++;
    /* from the last, so that no configuration's is overwritten before it is read: first[c] >= c */
    for (int64_t c = configurations - 1; c >= 0; c--)
        for (int64_t i = points->first[c + 1] - 1; i >= points->first[c]; i--) copies[i] = copies[c];
}
