/* spec_reference.c - reference lines across a figure, with their words. */
#include "note/spec_parts.h"

#include <math.h>

/* Whether a value lies in the right part of what the axis shows: its words stand on the left of its line then. */
static bool is_right(const struct er_span *span, double at, bool logarithmic)
{
    double low = fmin(span->low, at), high = fmax(span->high, at);
    if (logarithmic && low > 0) {
        at = log(at);
        low = log(low);
        high = log(high);
    }
    return high > low && (at - low) / (high - low) > 0.6;
}

static json_t *data(struct er_spec *m, const struct er_reference *line)
{
    json_t *values = er_spec_made(m, json_array()),
           *row = er_spec_object(m, "reference", er_spec_number(m, line->at));
    if (line->label) er_spec_text(m, row, "label", line->label);
    er_spec_append(m, values, row);
    return er_spec_object(m, "values", values);
}

/* The channels of a layer that has nothing of the others but one axis. */
static json_t *bare(struct er_spec *m)
{
    const enum er_mark mark = m->view->mark;
    json_t *channels = er_spec_made(m, json_object());
    const bool rows = mark == ER_MARK_BAR || mark == ER_MARK_STRIP; /* along y; a ridgeline shares x */
    if (mark != ER_MARK_HISTOGRAM) er_spec_put(m, channels, rows ? "y" : "x", json_null());
    er_spec_put(m, channels, "color", json_null());
    if (mark == ER_MARK_BAR) er_spec_put(m, channels, "yOffset", json_null());
    if (mark == ER_MARK_POINT) er_spec_put(m, channels, "xOffset", json_null());
    return channels;
}

/* A line that stands upright, its words at the top. */
static void draw_upright(struct er_spec *m, json_t *layers, const struct er_reference *line,
                         json_t *(*channel)(struct er_spec *m, const char *field), bool logarithmic,
                         const struct er_span *span)
{
    json_t *rule = bare(m);
    er_spec_put(m, rule, "x", channel(m, "reference"));
    er_spec_layer(m, layers, data(m, line), er_spec_mark(m, "rule", "reference"), rule);
    if (!line->label) return;
    const bool left = is_right(span, line->at, logarithmic);
    json_t *words = bare(m), *mark = er_spec_object(m, "type", json_string("text"));
    er_spec_text(m, mark, "style", left ? "reference-label-left" : "reference-label-right");
    er_spec_put(m, words, "x", channel(m, "reference"));
    er_spec_put(m, words, "y", er_spec_object(m, "value", json_integer(0)));
    er_spec_put(m, words, "text", er_spec_object(m, "field", json_string("label")));
    er_spec_layer(m, layers, data(m, line), mark, words);
}

/* A lying line, its words above its end. */
static void draw_lying(struct er_spec *m, json_t *layers, const struct er_reference *line)
{
    json_t *rule = bare(m);
    er_spec_put(m, rule, "y", er_spec_y(m, "reference"));
    er_spec_layer(m, layers, data(m, line), er_spec_mark(m, "rule", "reference"), rule);
    if (!line->label) return;
    json_t *words = bare(m), *mark = er_spec_object(m, "type", json_string("text"));
    er_spec_text(m, mark, "style", "reference-label-end");
    er_spec_put(m, words, "x", er_spec_object(m, "value", json_string("width")));
    er_spec_put(m, words, "y", er_spec_y(m, "reference"));
    er_spec_put(m, words, "text", er_spec_object(m, "field", json_string("label")));
    er_spec_layer(m, layers, data(m, line), mark, words);
}

void er_spec_draw_references(struct er_spec *m, json_t *layers)
{
    const struct er_figure *figure = m->drawing->figure;
    const struct er_view *view = m->view;
    if (figure->at_x.drawn) draw_upright(m, layers, &figure->at_x, er_spec_along, view->x_log, &m->x_span);
    if (!figure->at_y.drawn) return;
    if (er_mark_is_distribution(view->mark))
        draw_upright(m, layers, &figure->at_y, er_spec_along, view->x_log, &m->x_span);
    else if (view->mark == ER_MARK_BAR)
        draw_upright(m, layers, &figure->at_y, er_spec_y, false, &m->y);
    else
        draw_lying(m, layers, &figure->at_y);
}
