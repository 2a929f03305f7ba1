/* spec_channels.c - what x, y, colour, dashes and shapes of a figure mean. */
#include "note/spec_parts.h"

#include <ermine/memory.h>
#include <stdlib.h>
#include <string.h>

json_t *er_spec_channel(struct er_spec *m, const char *field, const char *type, const char *title)
{
    json_t *object = er_spec_object(m, "field", json_string(field));
    er_spec_text(m, object, "type", type);
    er_spec_put(m, object, "title", title ? json_string(title) : json_null());
    return object;
}

static void percent(struct er_spec *m, json_t *channel, const char *guide)
{
    er_spec_put(m, channel, guide, er_spec_object(m, "format", json_string("~%")));
}

json_t *er_spec_along(struct er_spec *m, const char *field)
{
    json_t *object = er_spec_channel(m, field, "quantitative", m->view->x_title);
    er_spec_scale_x(m, object);
    if (m->view->x_fraction) percent(m, object, "axis");
    if (er_spec_years(m)) er_spec_put(m, object, "axis", er_spec_object(m, "format", json_string("d")));
    return object;
}

json_t *er_spec_x(struct er_spec *m)
{
    if (m->view->x_numeric) return er_spec_along(m, m->x);
    json_t *object = er_spec_channel(m, m->x, "ordinal", m->view->x_title);
    er_spec_put(m, object, "sort", json_null()); /* words keep the order of the study */
    return object;
}

json_t *er_spec_y(struct er_spec *m, const char *field)
{
    json_t *object = er_spec_channel(m, field, "quantitative", m->view->y_title);
    er_spec_scale_y(m, object);
    if (m->view->y_fraction) percent(m, object, "axis");
    return object;
}

/* Falling; equal ones stay in the order of the study. */
static int compare_means(const void *a, const void *b)
{
    const struct er_summary *x = a, *y = b;
    if (x->mean != y->mean) return x->mean < y->mean ? 1 : -1;
    return (x->x > y->x) - (x->x < y->x);
}

/* Words keep the order of the study; of more than a reader can keep in sight, the one with the longest bar comes first. */
static json_t *order_of_names(struct er_spec *m)
{
    const struct er_aggregate *a = &m->drawing->aggregate;
    if (m->view->x_numeric || a->n_series != 1 || a->series[0].points <= ER_FIGURE_FEW) return json_null();
    const struct er_series *series = &a->series[0];
    json_t *order = er_spec_made(m, json_array());
    struct er_summary *point = er_alloc(series->points, sizeof *point);
    if (!point) m->failed = true;
    if (point) memcpy(point, series->point, (size_t)series->points * sizeof *point);
    if (point) qsort(point, (size_t)series->points, sizeof *point, compare_means);
    for (int64_t i = 0; point && i < series->points; i++)
        er_spec_append(m, order, json_string(a->x.text[(int64_t)point[i].x]));
    er_free(point);
    return order;
}

json_t *er_spec_names(struct er_spec *m)
{
    const struct er_view *view = m->view;
    json_t *name = er_spec_channel(m, m->x, view->x_numeric ? "ordinal" : "nominal",
                                   view->x_numeric ? view->x_title : NULL);
    er_spec_put(m, name, "sort", order_of_names(m));
    if (view->x_numeric && view->x_fraction) percent(m, name, "axis");
    return name;
}

json_t *er_spec_quantity(struct er_spec *m)
{
    json_t *object = er_spec_channel(m, "quantity", "nominal", NULL);
    er_spec_put(m, object, "sort", json_null());
    return object;
}

bool er_spec_twofold(const struct er_spec *m)
{
    return m->folded && m->view->colour >= 0;
}

bool er_spec_many(const struct er_spec *m)
{
    const struct er_aggregate *aggregate = &m->drawing->aggregate;
    return m->view->colour >= 0 && aggregate->colour.numeric && !aggregate->continuum &&
           aggregate->colour.n > ER_FIGURE_FEW && m->view->mark != ER_MARK_BAR;
}

const char *er_spec_colour_field(const struct er_spec *m)
{
    return m->view->colour >= 0 ? m->colour : "quantity";
}

/* How many names the colour tells apart; 0: it tells numbers apart, or nothing. */
static int64_t names(const struct er_spec *m)
{
    const struct er_values *colour = &m->drawing->aggregate.colour;
    if (m->view->colour < 0) return m->folded ? m->view->n_y + m->view->n_points : 0;
    return colour->numeric ? 0 : colour->n;
}

/* More of them than the theme has colours, and a second mark of difference is free. */
static bool many_names(const struct er_spec *m)
{
    return names(m) > ER_SPEC_NAMES && !er_spec_twofold(m) && m->view->mark != ER_MARK_BAR;
}

bool er_spec_overlaid(const struct er_spec *m)
{
    return m->view->n_points > 0 && m->view->colour < 0;
}

const char *er_spec_middle(const struct er_spec *m)
{
    return m->view->median ? "median" : "mean";
}

bool er_spec_apart(const struct er_spec *m)
{
    return er_spec_many(m) || many_names(m) || er_spec_overlaid(m);
}

/* All names in their order: scales of one field share a legend when they say the same domain. */
static json_t *domain(struct er_spec *m)
{
    json_t *list = er_spec_made(m, json_array());
    for (int64_t i = 0; i < names(m); i++)
        er_spec_append(
            m, list,
            json_string(m->view->colour < 0 ? m->view->quantity[i] : m->drawing->aggregate.colour.text[i]));
    return list;
}

static json_t *plain_colour(struct er_spec *m)
{
    const struct er_view *view = m->view;
    if (view->colour < 0) return er_spec_quantity(m);
    const struct er_values *values = &m->drawing->aggregate.colour;
    const bool continuum = m->drawing->aggregate.continuum || er_spec_many(m);
    const char *type = continuum ? "quantitative" : values->numeric ? "ordinal" : "nominal";
    json_t *object = er_spec_channel(m, m->colour, type, view->colour_title);
    if (!values->numeric) er_spec_put(m, object, "sort", json_null());
    if (continuum && view->table->column[view->colour].logarithmic && values->n > 0 && values->number[0] > 0)
        er_spec_put(m, object, "scale", er_spec_object(m, "type", json_string("log")));
    if (view->colour_fraction) percent(m, object, "legend");
    return object;
}

json_t *er_spec_colour(struct er_spec *m)
{
    if (m->view->colour < 0 && !m->folded) return NULL;
    json_t *object = plain_colour(m);
    const bool names_stay = names(m) > 0 && (er_spec_overlaid(m) || m->view->slider >= 0);
    if (many_names(m) || names_stay)
        er_spec_put(m, object, "scale", er_spec_object(m, "domain", domain(m)));
    else if (m->view->slider >= 0)
        er_spec_fix_colours(m, object);
    return object;
}

json_t *er_spec_legend(struct er_spec *m, int64_t first, int64_t n)
{
    json_t *list = er_spec_made(m, json_array());
    for (int64_t i = first; i < first + n; i++) er_spec_append(m, list, json_string(m->view->quantity[i]));
    return er_spec_object(m, "values", list);
}

/* Dashes with gaps that round caps leave open. A solid line is one long dash: of short ones without a gap a
 * printed page keeps every one. */
static json_t *dash_pattern(struct er_spec *m, int64_t i)
{
    switch (i % 4) {
    case 0:
        return er_spec_made(m, json_pack("[ii]", 9999, 0));
    case 1:
        return er_spec_made(m, json_pack("[ii]", 7, 6));
    case 2:
        return er_spec_made(m, json_pack("[ii]", 1, 6));
    default:
        return er_spec_made(m, json_pack("[iiii]", 9, 6, 1, 6));
    }
}

static json_t *shape(struct er_spec *m, int64_t i)
{
    static const char *const name[] = {"circle", "square", "triangle-up", "diamond"};
    return er_spec_made(m, json_string(name[i % 4]));
}

json_t *er_spec_dash(struct er_spec *m)
{
    json_t *object = er_spec_quantity(m), *range = er_spec_made(m, json_array());
    for (int64_t i = 0; i < 4; i++) er_spec_append(m, range, dash_pattern(m, i));
    er_spec_put(m, object, "scale", er_spec_object(m, "range", range));
    return object;
}

/* The field of the colour again, whose first ER_SPEC_NAMES names get the first value, the next the second. */
static json_t *second(struct er_spec *m, json_t *(*value)(struct er_spec *m, int64_t i))
{
    if (!many_names(m)) return NULL;
    json_t *object = plain_colour(m), *range = er_spec_made(m, json_array());
    for (int64_t i = 0; i < names(m); i++) er_spec_append(m, range, value(m, i / ER_SPEC_NAMES));
    json_t *scale = er_spec_object(m, "domain", domain(m));
    er_spec_put(m, scale, "range", range);
    er_spec_put(m, object, "scale", scale);
    return object;
}

json_t *er_spec_second_dash(struct er_spec *m)
{
    return second(m, dash_pattern);
}

json_t *er_spec_second_shape(struct er_spec *m)
{
    return second(m, shape);
}

static void add_tooltip(struct er_spec *m, json_t *list, const char *field, const char *title, bool fraction)
{
    json_t *object = er_spec_object(m, "field", json_string(field));
    er_spec_text(m, object, "title", title);
    if (fraction) er_spec_text(m, object, "format", ".1%");
    er_spec_append(m, list, object);
}

json_t *er_spec_tooltip(struct er_spec *m, enum er_spec_rows which)
{
    const struct er_view *view = m->view;
    const bool percents = view->y_fraction;
    const bool one = view->n_points > 0 && view->n_y == 1; /* the axis is called after the points too */
    const char *title = one ? view->quantity[0] : view->y_title;
    json_t *list = er_spec_made(m, json_array());
    if (m->folded || which == ER_SPEC_OVERLAY) add_tooltip(m, list, "quantity", "quantity", false);
    if (view->colour >= 0) add_tooltip(m, list, m->colour, view->colour_title, view->colour_fraction);
    if (which != ER_SPEC_COUNTS) add_tooltip(m, list, m->x, view->x_title, view->x_fraction);
    if (which == ER_SPEC_COUNTS) {
        add_tooltip(m, list, "low", "from", view->x_fraction);
        add_tooltip(m, list, "high", "to", view->x_fraction);
        add_tooltip(m, list, "count", view->y_title, false);
        return list;
    }
    if (which == ER_SPEC_RUNS || which == ER_SPEC_OVERLAY) {
        if (view->seed >= 0 && !(which == ER_SPEC_OVERLAY && view->curves)) /* data, the same for all seeds */
            add_tooltip(m, list, "seed", "seed", false);
        add_tooltip(m, list, "value", which == ER_SPEC_OVERLAY ? "value" : view->y_title, percents);
        return list;
    }
    add_tooltip(m, list, er_spec_middle(m), title, percents);
    if (which == ER_SPEC_RANGES && m->drawing->aggregate.most > 1) {
        add_tooltip(m, list, "low", "smallest", percents);
        add_tooltip(m, list, "high", "largest", percents);
    }
    return list;
}
