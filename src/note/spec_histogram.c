/* spec_histogram.c - bars of counts, over each other where there are several series. */
#include "note/spec_parts.h"

static json_t *rows(struct er_spec *m)
{
    const struct er_aggregate *aggregate = &m->drawing->aggregate;
    json_t *values = er_spec_made(m, json_array());
    for (int64_t s = 0; s < aggregate->n_series; s++)
        for (int64_t i = 0; i < aggregate->series[s].points; i++) {
            const struct er_summary *bin = &aggregate->series[s].point[i];
            json_t *row = er_spec_row(m, &aggregate->series[s], bin->x, 0);
            er_spec_put(m, row, "low", er_spec_number(m, bin->x));
            er_spec_put(m, row, "high", er_spec_number(m, bin->high));
            er_spec_put(m, row, "count", er_spec_number(m, bin->mean));
            er_spec_append(m, values, row);
        }
    return er_spec_object(m, "values", values);
}

void er_spec_draw_histogram(struct er_spec *m, json_t *spec, json_t *layers)
{
    er_spec_put(m, spec, "data", rows(m));
    json_t *from = er_spec_along(m, "low"), *count = er_spec_y(m, "count");
    er_spec_put(m, from, "bin", er_spec_object(m, "binned", json_true()));
    er_spec_put(m, count, "stack", json_null());
    json_t *bar = er_spec_object(m, "x", from);
    er_spec_put(m, bar, "x2", er_spec_object(m, "field", json_string("high")));
    er_spec_put(m, bar, "y", count);
    if (er_spec_twofold(m)) er_spec_put(m, bar, "detail", er_spec_quantity(m));
    er_spec_put(m, bar, "tooltip", er_spec_tooltip(m, ER_SPEC_COUNTS));
    er_spec_layer(m, layers, NULL,
                  er_spec_mark(m, "bar", m->folded || m->view->colour >= 0 ? "overlaid" : NULL), bar);
}
