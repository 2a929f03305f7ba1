/* figure.c - a figure from its tables: names, numbers, specification, words. */
#include "note/figure.h"

#include <ermine/note.h>

enum er_status er_drawing_make(const struct er_figure *figure, const struct er_table *runs,
                               const struct er_table *curves, struct er_drawing *out, struct er_error *err)
{
    struct er_drawing made = {.figure = figure};
    enum er_status status = er_arena_new((size_t)4 << 30, &made.memory, err);
    if (status != ER_OK) return status;
    status = er_view_open(figure, runs, curves, made.memory, &made.view, err);
    if (status == ER_OK) status = er_aggregate_make(&made.view, figure, made.memory, &made.aggregate, err);
    if (status == ER_OK && made.view.mark == ER_MARK_MAP)
        status = er_map_make(&made.view, figure, &made.aggregate, made.memory, &made.map, err);
    if (status == ER_OK) status = er_drawing_limit(&made, ER_FIGURE_BYTES, err);
    if (status == ER_OK)
        *out = made;
    else
        er_drawing_clear(&made);
    return status;
}

void er_drawing_clear(struct er_drawing *drawing)
{
    er_arena_free(drawing->memory);
    *drawing = (struct er_drawing){0};
}

bool er_drawing_has_mean_line(const struct er_drawing *drawing)
{
    const struct er_view *view = &drawing->view;
    return view->mark == ER_MARK_POINT && view->x_numeric && view->table->column[view->x].axis &&
           !drawing->aggregate.continuum;
}

/* The first and the number of the series of a step; they are sorted by it. */
static struct er_series *of_step(struct er_series *series, int64_t n, int64_t step, int64_t *found)
{
    int64_t begin = 0, end;
    while (begin < n && series[begin].step < step) begin++;
    for (end = begin; end < n && series[end].step == step;) end++;
    *found = end - begin;
    return series + begin;
}

struct er_drawing er_drawing_step(const struct er_drawing *drawing, int64_t step)
{
    struct er_drawing shown = *drawing;
    const struct er_aggregate *all = &drawing->aggregate;
    struct er_aggregate *some = &shown.aggregate;
    if (drawing->view.mark == ER_MARK_MAP) {
        shown.map.plane += step;
        shown.map.planes = 1;
        return shown;
    }
    some->series = of_step(all->series, all->n_series, step, &some->n_series);
    some->overlay = of_step(all->overlay, all->n_overlay, step, &some->n_overlay);
    return shown;
}

int64_t er_drawing_not_positive(const struct er_drawing *drawing)
{
    const struct er_view *view = &drawing->view;
    int64_t count = 0;
    for (int64_t s = 0; s < drawing->aggregate.n_overlay; s++)
        for (int64_t i = 0; i < drawing->aggregate.overlay[s].samples; i++) {
            const struct er_sample *sample = &drawing->aggregate.overlay[s].sample[i];
            count += (view->x_log && sample->x <= 0) || (view->y_log && sample->y <= 0);
        }
    for (int64_t s = 0; s < drawing->aggregate.n_series; s++) {
        const struct er_series *series = &drawing->aggregate.series[s];
        if (view->mark == ER_MARK_LINE)
            for (int64_t i = 0; i < series->points; i++)
                count +=
                    (view->x_log && series->point[i].x <= 0) || (view->y_log && series->point[i].mean <= 0);
        else
            for (int64_t i = 0; i < series->samples; i++)
                count +=
                    (view->x_log && series->sample[i].x <= 0) || (view->y_log && series->sample[i].y <= 0);
    }
    return count;
}

enum er_status er_figure_spec(const struct er_figure *figure, const struct er_table *runs,
                              const struct er_table *curves, char **spec, char **alternative,
                              struct er_error *err)
{
    struct er_drawing drawing;
    enum er_status status = er_drawing_make(figure, runs, curves, &drawing, err);
    if (status != ER_OK) return status;
    char *json = NULL, *words = NULL;
    status = er_drawing_spec(&drawing, &json, err);
    if (status == ER_OK) status = er_drawing_alternative(&drawing, &words, err);
    if (status == ER_OK) {
        *spec = json;
        *alternative = words;
    } else {
        er_free(json);
    }
    er_drawing_clear(&drawing);
    return status;
}
