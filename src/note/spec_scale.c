/* spec_scale.c - where the axes of a figure begin and end.
 *
 * Vega-Lite chooses that from what is drawn. It is said here where that would not do: lines that diverge, or that
 * swing far beyond the points which they are to be compared with, leave the figure; and an axis stays as it is
 * while a slider moves.
 */
#include "note/spec_parts.h"

#include <math.h>
#include <string.h>

/* A log axis ends where the data end. */
static json_t *scale_of(struct er_spec *m, json_t *channel, bool logarithmic)
{
    json_t *scale = json_object_get(channel, "scale");
    if (scale) return scale;
    scale = er_spec_made(m, json_object());
    if (logarithmic) {
        er_spec_text(m, scale, "type", "log");
        er_spec_put(m, scale, "nice", json_false());
    }
    er_spec_put(m, channel, "scale", scale);
    return scale;
}

static void widen(struct er_span *span, double value, bool logarithmic)
{
    if (!isfinite(value) || (logarithmic && value <= 0)) return;
    span->low = fmin(span->low, value);
    span->high = fmax(span->high, value);
}

/* Where all lies far from 0, the stretch from there would be empty. */
static bool zero_is_far(const struct er_span *span)
{
    return span->low > 0.4 * span->high && span->high > span->low;
}

static struct er_span span_x(const struct er_spec *m)
{
    const struct er_aggregate *aggregate = &m->drawing->aggregate;
    const bool logarithmic = m->view->x_log, bins = m->view->mark == ER_MARK_HISTOGRAM;
    struct er_span span = {(double)INFINITY, -(double)INFINITY};
    for (int64_t s = 0; s < aggregate->n_series; s++) {
        const struct er_series *series = &aggregate->series[s];
        if (series->points == 0) continue;
        if (er_mark_is_distribution(m->view->mark) && !bins) {
            widen(&span, series->sample[0].x, logarithmic);
            widen(&span, series->sample[series->samples - 1].x, logarithmic);
        }
        for (int64_t i = 0; i < series->points; i++) widen(&span, series->point[i].x, logarithmic);
        if (bins) widen(&span, series->point[series->points - 1].high, logarithmic);
    }
    for (int64_t s = 0; s < aggregate->n_overlay; s++)
        for (int64_t i = 0; i < aggregate->overlay[s].samples; i++)
            widen(&span, aggregate->overlay[s].sample[i].x, logarithmic);
    const struct er_reference *at =
        er_mark_is_distribution(m->view->mark) ? &m->drawing->figure->at_y : &m->drawing->figure->at_x;
    if (at->drawn) widen(&span, at->at, logarithmic);
    return span;
}

static struct er_span span_overlay(const struct er_spec *m)
{
    const struct er_aggregate *aggregate = &m->drawing->aggregate;
    struct er_span span = {(double)INFINITY, -(double)INFINITY};
    for (int64_t s = 0; s < aggregate->n_overlay; s++)
        for (int64_t i = 0; i < aggregate->overlay[s].samples; i++)
            widen(&span, aggregate->overlay[s].sample[i].y, m->view->y_log);
    return span;
}

static struct er_span span_y(const struct er_spec *m)
{
    const struct er_aggregate *aggregate = &m->drawing->aggregate;
    const bool logarithmic = m->view->y_log, bins = m->view->mark == ER_MARK_HISTOGRAM;
    struct er_span span = span_overlay(m);
    for (int64_t s = 0; s < aggregate->n_series; s++)
        for (int64_t i = 0; i < aggregate->series[s].points; i++) {
            const struct er_summary *p = &aggregate->series[s].point[i];
            widen(&span, bins ? 0 : p->low, logarithmic);
            widen(&span, bins ? p->mean : p->high, logarithmic);
        }
    if (!bins && m->drawing->figure->at_y.drawn) widen(&span, m->drawing->figure->at_y.at, logarithmic);
    return span;
}

/* The largest value of the lines whose runs did not diverge, when others did; else NaN. */
static double sound_top(const struct er_spec *m)
{
    double top = -(double)INFINITY;
    bool diverged = false;
    for (int64_t s = 0; s < m->drawing->aggregate.n_series; s++) {
        const struct er_series *series = &m->drawing->aggregate.series[s];
        diverged = diverged || series->diverged;
        for (int64_t i = 0; i < series->points && !series->diverged; i++)
            top = fmax(top, series->point[i].high);
    }
    return diverged && top > 0 ? top : (double)NAN;
}

/* Lines that go beyond twice the range of the points, on an axis that is not logarithmic, are cut half that range
 * away from them. */
static void cut_at_points(struct er_spec *m)
{
    const struct er_span points = span_overlay(m);
    const double range = points.high - points.low;
    if (m->view->y_log || !(range > 0)) return;
    if (m->y.low < points.low - range || m->y.high > points.high + range) m->cut = true;
    if (!m->cut) return;
    m->y.low = fmax(m->y.low, points.low - range / 2);
    m->y.high = fmin(m->y.high, points.high + range / 2);
}

void er_spec_spans(struct er_spec *m)
{
    m->x_span = span_x(m);
    m->y = span_y(m);
    m->top = sound_top(m);
    cut_at_points(m);
    if (!isnan(m->top)) m->y.high = fmin(m->y.high, m->top * (m->view->y_log ? 10 : 1.5));
}

bool er_drawing_cuts(const struct er_drawing *drawing)
{
    struct er_spec m = {.drawing = drawing, .view = &drawing->view};
    er_spec_spans(&m);
    return m.cut;
}

bool er_spec_clipped(const struct er_spec *m)
{
    return !isnan(m->top) || m->cut;
}

/* From end to end of what there is at any value of the slider. */
static void fix(struct er_spec *m, json_t *channel, struct er_span span, bool logarithmic, bool from_zero)
{
    if (!(span.low <= span.high)) return;
    if (from_zero) {
        span.low = fmin(span.low, 0);
        span.high = fmax(span.high, 0);
    }
    json_t *scale = scale_of(m, channel, logarithmic), *domain = er_spec_made(m, json_array());
    er_spec_append(m, domain, er_spec_number(m, span.low));
    er_spec_append(m, domain, er_spec_number(m, span.high));
    er_spec_put(m, scale, "domain", domain);
    if (!logarithmic) er_spec_put(m, scale, "nice", json_true());
}

bool er_spec_years(const struct er_spec *m)
{
    const struct er_view *view = m->view;
    return (view->n_points > 0 || view->slider >= 0) && view->mark == ER_MARK_LINE && !view->x_log &&
           m->x_span.low >= 1000 && m->x_span.high <= 2100 && zero_is_far(&m->x_span);
}

void er_spec_scale_x(struct er_spec *m, json_t *channel)
{
    const bool far = zero_is_far(&m->x_span) || er_mark_is_distribution(m->view->mark);
    if (m->view->slider >= 0)
        fix(m, channel, m->x_span, m->view->x_log, !m->view->x_log && !far);
    else if (m->view->x_log)
        scale_of(m, channel, true);
    else if (zero_is_far(&m->x_span))
        er_spec_put(m, scale_of(m, channel, false), "zero", json_false());
}

void er_spec_scale_y(struct er_spec *m, json_t *channel)
{
    const bool logarithmic = m->view->y_log, over = m->view->n_points > 0;
    const bool far = zero_is_far(&m->y) && (over || m->view->slider >= 0) && m->view->mark != ER_MARK_BAR &&
                     m->view->mark != ER_MARK_HISTOGRAM;
    if (m->view->slider >= 0 || m->cut) {
        fix(m, channel, m->y, logarithmic, !logarithmic && !far);
        return;
    }
    if (logarithmic || !isnan(m->top)) scale_of(m, channel, logarithmic);
    if (!isnan(m->top)) /* lines that diverge leave through the top */
        er_spec_put(m, scale_of(m, channel, logarithmic), "domainMax",
                    json_real(m->top * (logarithmic ? 10 : 1.5)));
    else if (!logarithmic && far)
        er_spec_put(m, scale_of(m, channel, false), "zero", json_false());
}

void er_spec_fix_colours(struct er_spec *m, json_t *channel)
{
    const struct er_values *colour = &m->drawing->aggregate.colour;
    const bool ends = strcmp(json_string_value(json_object_get(channel, "type")), "quantitative") == 0;
    json_t *domain = er_spec_made(m, json_array());
    for (int64_t i = 0; i < colour->n; i++)
        if (!ends || i == 0 || i + 1 == colour->n)
            er_spec_append(m, domain, er_spec_number(m, colour->number[i]));
    er_spec_put(m, scale_of(m, channel, false), "domain", domain);
}
