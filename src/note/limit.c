/* limit.c - how much of a figure is drawn: within the bytes that it may have on its page, and within what a
 * browser draws in a blink.
 *
 * A row of the specification is an object {"epoch":12,"width":64,"mean":0.0123,...}. Numbers have up to 12
 * characters, and the longest word counts for every word, so that the bytes come out at most as asked for
 * (words full of quotes or control characters, which JSON writes longer, aside).
 */
#include "note/figure.h"

#include "note/bins.h"
#include "note/density.h"
#include "note/thin.h"
#include "note/words.h"

#include <string.h>

enum { NUMBER = 12, AROUND = 4, /* quotes, colon, comma */ ROW = 3 };

static size_t longest(const char *const *text, int64_t n)
{
    size_t most = 0;
    for (int64_t i = 0; i < n; i++) most = strlen(text[i]) > most ? strlen(text[i]) : most;
    return most;
}

/* A field, named by the last part of a column. */
static size_t field(const char *column, const struct er_values *words)
{
    const char *dot = strrchr(column, '.');
    const size_t value = words ? longest(words->text, words->n) + 2 : NUMBER;
    return strlen(dot ? dot + 1 : column) + AROUND + value;
}

/* Of a row's x, colour and quantity. */
static size_t row_bytes(const struct er_drawing *drawing)
{
    const struct er_view *view = &drawing->view;
    const struct er_aggregate *aggregate = &drawing->aggregate;
    const struct er_table_column *column = view->table->column;
    size_t bytes = ROW;
    if (view->x >= 0) bytes += field(column[view->x].name, view->x_numeric ? NULL : &aggregate->x);
    if (view->slider >= 0)
        bytes += field(column[view->slider].name, column[view->slider].numeric ? NULL : &aggregate->slider);
    if (view->colour >= 0)
        bytes += field(column[view->colour].name, column[view->colour].numeric ? NULL : &aggregate->colour);
    const int64_t quantities = view->n_y + view->n_points;
    if (quantities > 1) bytes += sizeof "quantity" - 1 + AROUND + longest(view->quantity, quantities) + 2;
    return bytes;
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static enum er_status no_memory(struct er_error *err)
{
    return er_fail(err, ER_E_NOMEM, "out of memory while drawing a figure");
}

/* Of a histogram no bin may be missing: it gets wider ones. */
static enum er_status limit_bins(struct er_drawing *drawing, size_t bytes, struct er_error *err)
{
    static const size_t bin = sizeof "low" + sizeof "high" + sizeof "count" - 3 + 3 * (AROUND + NUMBER);
    const int64_t rows = least((int64_t)(bytes / (row_bytes(drawing) + bin)), ER_FIGURE_ROWS);
    const int64_t n = drawing->aggregate.n_series > 0 ? drawing->aggregate.n_series : 1;
    drawing->most_points = rows / n > 1 ? rows / n : 1;
    drawing->most_runs = ER_FIGURE_MAX_POINTS;
    return er_bins_make(&drawing->view, &drawing->aggregate, drawing->figure->bins, drawing->most_points,
                        drawing->memory)
               ? ER_OK
               : no_memory(err);
}

/* Of a strip all goes to the values, of a ridgeline half. */
static enum er_status limit_values(struct er_drawing *drawing, size_t bytes, struct er_error *err)
{
    enum { PLACES = 128, FEWEST = 16 };
    static const size_t run = sizeof "value" + sizeof "seed" - 2 + 2 * (AROUND + NUMBER);
    static const size_t place = sizeof "base" + sizeof "value" + sizeof "top" - 3 + 3 * (AROUND + NUMBER);
    const struct er_aggregate *aggregate = &drawing->aggregate;
    const bool ridges = drawing->view.mark == ER_MARK_RIDGELINE;
    const int64_t n = aggregate->n_series;
    const size_t row = row_bytes(drawing), name = sizeof "group" - 1 + AROUND + NUMBER;
    int64_t *samples = er_arena_alloc(drawing->memory, n + 1, sizeof *samples), all = 0;
    if (!samples) return no_memory(err);
    for (int64_t s = 0; s < n; s++) all += samples[s] = aggregate->series[s].samples;
    const int64_t for_runs = (int64_t)((ridges ? bytes / 2 : bytes) / (2 * row + name + run));
    drawing->most_runs = er_thin_share(samples, n, least(least(for_runs, all), ER_FIGURE_MAX_POINTS));
    const int64_t places = (int64_t)(bytes / 2 / (row + place)) / (n > 0 ? n : 1);
    drawing->most_points = places < FEWEST ? FEWEST : least(places, PLACES);
    return er_density_make(&drawing->view, &drawing->aggregate, drawing->most_points, drawing->memory)
               ? ER_OK
               : no_memory(err);
}

/* Of a map outlines lose vertices. */
static void limit_map(struct er_drawing *drawing, size_t bytes)
{
    const struct er_view *view = &drawing->view;
    const struct er_table_column *column = view->table->column;
    const size_t row = row_bytes(drawing) + field(column[view->y[0]].name, NULL);
    drawing->most_points = least((int64_t)(bytes / row), ER_FIGURE_VERTICES);
}

enum er_status er_drawing_limit(struct er_drawing *drawing, size_t bytes, struct er_error *err)
{
    static const size_t mean = sizeof "mean" - 1 + AROUND + NUMBER,
                        seed = sizeof "seed" - 1 + AROUND + NUMBER;
    static const size_t range = sizeof "low" + sizeof "high" - 2 + 2 * (AROUND + NUMBER);
    const struct er_aggregate *aggregate = &drawing->aggregate;
    if (drawing->view.mark == ER_MARK_HISTOGRAM) return limit_bins(drawing, bytes, err);
    if (er_mark_is_distribution(drawing->view.mark)) return limit_values(drawing, bytes, err);
    if (drawing->view.mark == ER_MARK_MAP) {
        limit_map(drawing, bytes);
        return ER_OK;
    }
    const bool over = aggregate->n_overlay > 0;
    const struct er_series *shown = over ? aggregate->overlay : aggregate->series; /* as points */
    const int64_t n = aggregate->n_series, n_shown = over ? aggregate->n_overlay : n;
    int64_t *points = er_arena_alloc(drawing->memory, n + 1, sizeof *points);
    int64_t *samples = er_arena_alloc(drawing->memory, n_shown + 1, sizeof *samples);
    if (!points || !samples) return no_memory(err);
    int64_t all_points = 0, all_samples = 0;
    for (int64_t s = 0; s < n; s++) all_points += points[s] = aggregate->series[s].points;
    for (int64_t s = 0; s < n_shown; s++) all_samples += samples[s] = shown[s].samples;
    const size_t common = row_bytes(drawing);
    const size_t of_mean = common + mean + (aggregate->most > 1 ? range : 0), of_run = common + mean + seed;
    const bool lines = drawing->view.mark == ER_MARK_LINE && !over;
    /* Beside runs, their means take what they need of the first half; beside points over them, which are mostly few,
     * lines take what these leave, half at the least. */
    const size_t of_points = (size_t)least(all_samples, ER_FIGURE_MAX_POINTS) * of_run;
    const size_t share = over && of_points < bytes / 2 ? bytes - of_points : bytes / 2;
    const int64_t for_means = (int64_t)((lines ? bytes : share) / of_mean);
    const int64_t means = least(least(for_means, all_points), ER_FIGURE_ROWS);
    const size_t used = (size_t)means * of_mean;
    const int64_t for_runs = used < bytes ? (int64_t)((bytes - used) / of_run) : 0;
    const int64_t runs = least(least(for_runs, all_samples), ER_FIGURE_MAX_POINTS);
    drawing->most_points = least(er_thin_share(points, n, means), ER_FIGURE_LINE_POINTS);
    drawing->most_runs = er_thin_share(samples, n_shown, runs);
    return ER_OK;
}
