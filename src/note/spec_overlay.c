/* spec_overlay.c - points over the lines of a figure. */
#include "note/spec_parts.h"
#include "note/thin.h"

/* The points of series that have a colour of their own, or of those that all colours share; NULL: none. */
static json_t *rows(struct er_spec *m, bool shared)
{
    const struct er_aggregate *aggregate = &m->drawing->aggregate;
    json_t *values = er_spec_made(m, json_array());
    for (int64_t s = 0; s < aggregate->n_overlay; s++) {
        const struct er_series *series = &aggregate->overlay[s];
        if ((series->colour == ER_SHARED) != shared) continue;
        bool *keep = er_alloc(series->samples, sizeof *keep);
        if (!keep) m->failed = true;
        if (keep) er_thin_runs(series->sample, series->samples, m->drawing->most_runs, keep);
        for (int64_t i = 0; i < series->samples && keep; i++)
            if (keep[i]) er_spec_add_run(m, values, series, &series->sample[i]);
        er_free(keep);
    }
    if (json_array_size(values) > 0) return er_spec_object(m, "values", values);
    json_decref(values);
    return NULL;
}

static void draw(struct er_spec *m, json_t *layers, bool shared)
{
    json_t *data = rows(m, shared);
    if (!data) return;
    json_t *point = er_spec_object(m, "y", er_spec_y(m, "value"));
    if (m->view->n_points > 1 && !er_spec_overlaid(m)) er_spec_put(m, point, "shape", er_spec_quantity(m));
    if (shared) {
        er_spec_put(m, point, "color", json_null());
    } else if (er_spec_apart(m)) {
        json_t *colour = er_spec_colour(m);
        er_spec_put(m, colour, "legend",
                    er_spec_overlaid(m) ? er_spec_legend(m, m->view->n_y, m->view->n_points) : json_null());
        er_spec_put(m, point, "color", colour);
    }
    er_spec_put(m, point, "tooltip", er_spec_tooltip(m, ER_SPEC_OVERLAY));
    er_spec_layer(m, layers, data, er_spec_mark(m, "point", shared ? "data" : NULL), point);
}

void er_spec_draw_overlay(struct er_spec *m, json_t *layers)
{
    draw(m, layers, false);
    draw(m, layers, true);
}
