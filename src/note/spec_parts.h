/* spec_parts.h - the parts that a Vega-Lite specification is put together from: rows and channels.
 *
 * Fields have names without dots; a field is null where a logarithmic axis has no place for its value.
 * Numbers have six significant digits. Out of memory is noted in `failed` and said once at the end.
 */
#ifndef ERMINE_NOTE_SPEC_PARTS_H
#define ERMINE_NOTE_SPEC_PARTS_H

#include "note/figure.h"

#include <jansson.h>

enum {
    ER_SPEC_FIELD = 40,
    ER_SPEC_NAMES = 6 /* colours that the theme has for names; more names take a second mark of difference */
};

/* A stretch of an axis. */
struct er_span {
    double low, high;
};

struct er_spec {
    const struct er_drawing *drawing;
    const struct er_view *view;
    char x[ER_SPEC_FIELD], colour[ER_SPEC_FIELD], slider[ER_SPEC_FIELD];
    char y_field[ER_SPEC_FIELD]; /* of a map, whose y is a column as x is */
    bool folded;                 /* several quantities: rows say which in "quantity" */
    struct er_span x_span, y;    /* what the axes have to show; low > high: nothing */
    double top;                  /* where lines that diverge are cut; NaN: there are none */
    bool cut;                    /* lines are cut a little beyond the points over them */
    bool failed;
};

/* --- JSON */

json_t *er_spec_made(struct er_spec *m, json_t *value); /* value, and notes when it is NULL */
void er_spec_put(struct er_spec *m, json_t *object, const char *key, json_t *value); /* takes value */
void er_spec_append(struct er_spec *m, json_t *array, json_t *value);                /* takes value */
void er_spec_text(struct er_spec *m, json_t *object, const char *key, const char *text);
json_t *er_spec_object(struct er_spec *m, const char *key, json_t *value); /* {key: value} */

json_t *er_spec_number(struct er_spec *m, double value); /* null when it is not finite */

/* --- rows */

/* {"values": [...]} of all series: the means, the means with their range, or the runs. (ER_SPEC_OVERLAY, the
 * points over lines, and ER_SPEC_COUNTS, bins, are for tooltips only.) */
enum er_spec_rows { ER_SPEC_MEANS, ER_SPEC_RANGES, ER_SPEC_RUNS, ER_SPEC_OVERLAY, ER_SPEC_COUNTS };
json_t *er_spec_data(struct er_spec *m, enum er_spec_rows which);

/* What all rows have: x (but in a histogram), the colour, which quantity, the slider's value. */
json_t *er_spec_row(struct er_spec *m, const struct er_series *series, double x, int64_t table_row);

/* A row for one run of a series; nothing where a logarithmic axis has no place for it. */
void er_spec_add_run(struct er_spec *m, json_t *values, const struct er_series *series,
                     const struct er_sample *s);

/* The name of a row's field of means: "mean" or "median". */
const char *er_spec_middle(const struct er_spec *m);

/* --- layers */

/* A layer at the end of `layers`; it takes its parts. own_data NULL: that of the figure. */
void er_spec_layer(struct er_spec *m, json_t *layers, json_t *own_data, json_t *drawn, json_t *channels);

/* A mark, in a style of the theme (NULL: its own). */
json_t *er_spec_mark(struct er_spec *m, const char *type, const char *style);

void er_spec_draw_overlay(struct er_spec *m, json_t *layers); /* points over lines */
void er_spec_draw_histogram(struct er_spec *m, json_t *spec, json_t *layers);
void er_spec_draw_references(struct er_spec *m, json_t *layers);

/* The whole of a strip or a ridgeline but its slider, with the encoding that its layers share. */
void er_spec_draw_values(struct er_spec *m, json_t *spec, json_t *layers);

/* The whole of a map but its slider, in the place of the layers. */
void er_spec_draw_map(struct er_spec *m, json_t *spec, json_t **layers);

/* What the page's script needs for a slider, as "usermeta". */
enum er_status er_spec_slider(struct er_spec *m, json_t *spec, struct er_error *err);

/* --- scales */

void er_spec_spans(struct er_spec *m);       /* fills x_span, y, top and cut */
bool er_spec_years(const struct er_spec *m); /* x is between 1000 and 2100: no commas beside data */
void er_spec_scale_x(struct er_spec *m, json_t *channel);
void er_spec_scale_y(struct er_spec *m, json_t *channel);
void er_spec_fix_colours(struct er_spec *m, json_t *channel); /* of numbers, the same for all of a slider */

/* --- channels */

json_t *er_spec_channel(struct er_spec *m, const char *field, const char *type, const char *title);
json_t *er_spec_x(struct er_spec *m);
json_t *er_spec_along(struct er_spec *m, const char *field); /* x of numbers, in any field */
json_t *er_spec_y(struct er_spec *m, const char *field);     /* of the quantities, along whichever axis */
bool er_spec_clipped(const struct er_spec *m);               /* some of it lies beyond the y axis */
json_t *er_spec_quantity(struct er_spec *m);
json_t *er_spec_dash(struct er_spec *m);  /* the quantity as a dash pattern */
json_t *er_spec_names(struct er_spec *m); /* bars: x as the name of a bar */

/* The colour: the column that the figure names, else the quantity when there are several; NULL: none. */
json_t *er_spec_colour(struct er_spec *m);
const char *er_spec_colour_field(const struct er_spec *m);

/* The legend of a layer that has n of the quantities, from the first on. */
json_t *er_spec_legend(struct er_spec *m, int64_t first, int64_t n);

/* Colour and quantity at once: the quantity is a dash pattern, a shape or a strength beside the colour. */
bool er_spec_twofold(const struct er_spec *m);

/* Lines coloured by more numbers than a legend lists: the colour is a continuum, and `detail` parts them. */
bool er_spec_many(const struct er_spec *m);

/* Lines and the points over them are told apart by colour. */
bool er_spec_overlaid(const struct er_spec *m);

/* Each layer says its colour, and one of them has the legend: a gradient is drawn for one kind of mark only,
 * and dashes or shapes come into the legend of the marks that have them. */
bool er_spec_apart(const struct er_spec *m);

/* What names have beside their colour when there are more than ER_SPEC_NAMES of them; NULL: nothing. */
json_t *er_spec_second_dash(struct er_spec *m);
json_t *er_spec_second_shape(struct er_spec *m);

json_t *er_spec_tooltip(struct er_spec *m, enum er_spec_rows which);

#endif
