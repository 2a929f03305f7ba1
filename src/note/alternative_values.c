/* alternative_values.c - values by themselves in words: the bins of a histogram, a row of a strip or of a ridgeline. */
#include "note/alternative.h"

#include "note/density.h"

#include <inttypes.h>

void er_say_bins(struct er_buffer *out, const struct er_drawing *drawing, const struct er_series *series)
{
    double sum = 0;
    int64_t most = 0;
    for (int64_t i = 0; i < series->samples; i++) sum += series->sample[i].x;
    for (int64_t i = 1; i < series->points; i++)
        if (series->point[i].n > series->point[most].n) most = i;
    er_buffer_format(out, ": %" PRId64 " %s, mean ", series->samples,
                     series->samples == 1 ? "value" : "values");
    er_say_x(out, drawing, sum / (double)series->samples);
    if (series->points < 2) return;
    er_buffer_format(out, ", most (%" PRId64 ") from ", series->point[most].n);
    er_say_x(out, drawing, series->point[most].x);
    er_buffer_text(out, " to ");
    er_say_x(out, drawing, series->point[most].high);
}

void er_say_distribution(struct er_buffer *out, const struct er_drawing *drawing,
                         const struct er_series *series)
{
    const int64_t n = series->samples;
    er_buffer_format(out, ": %" PRId64 " %s, median ", n, n == 1 ? "value" : "values");
    er_say_x(out, drawing, er_density_median(series));
    if (n < 2) return;
    er_buffer_text(out, ", from ");
    er_say_x(out, drawing, series->sample[0].x);
    er_buffer_text(out, " to ");
    er_say_x(out, drawing, series->sample[n - 1].x);
}
