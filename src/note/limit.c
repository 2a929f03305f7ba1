/* limit.c - how much of a figure is drawn: within the bytes that it may have on its page, and within what a
 * browser draws in a blink.
 *
 * A row of the specification is an object {"epoch":12,"width":64,"mean":0.0123,...}. Numbers have up to 12
 * characters, and the longest word counts for every word, so that the bytes come out at most as asked for
 * (words full of quotes or control characters, which JSON writes longer, aside).
 */
#include "note/figure.h"

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
    size_t bytes = ROW + field(column[view->x].name, view->x_numeric ? NULL : &aggregate->x);
    if (view->colour >= 0)
        bytes += field(column[view->colour].name, column[view->colour].numeric ? NULL : &aggregate->colour);
    if (view->n_y > 1) bytes += sizeof "quantity" - 1 + AROUND + longest(view->quantity, view->n_y) + 2;
    return bytes;
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

enum er_status er_drawing_limit(struct er_drawing *drawing, size_t bytes, struct er_error *err)
{
    static const size_t mean = sizeof "mean" - 1 + AROUND + NUMBER,
                        seed = sizeof "seed" - 1 + AROUND + NUMBER;
    static const size_t range = sizeof "low" + sizeof "high" - 2 + 2 * (AROUND + NUMBER);
    const struct er_aggregate *aggregate = &drawing->aggregate;
    const int64_t n = aggregate->n_series;
    int64_t *points = er_arena_alloc(drawing->memory, n + 1, sizeof *points);
    int64_t *samples = er_arena_alloc(drawing->memory, n + 1, sizeof *samples);
    if (!points || !samples) return er_fail(err, ER_E_NOMEM, "out of memory while drawing a figure");
    int64_t all_points = 0, all_samples = 0;
    for (int64_t s = 0; s < n; s++) {
        all_points += points[s] = aggregate->series[s].points;
        all_samples += samples[s] = aggregate->series[s].samples;
    }
    const size_t common = row_bytes(drawing);
    const size_t of_mean = common + mean + (aggregate->most > 1 ? range : 0), of_run = common + mean + seed;
    const bool lines = drawing->view.mark == ER_MARK_LINE;
    /* Beside runs, their means take what they need of the first half. */
    const int64_t for_means = (int64_t)((lines ? bytes : bytes / 2) / of_mean);
    const int64_t means = least(least(for_means, all_points), ER_FIGURE_ROWS);
    const size_t used = (size_t)means * of_mean;
    const int64_t for_runs = used < bytes ? (int64_t)((bytes - used) / of_run) : 0;
    const int64_t runs = least(least(for_runs, all_samples), ER_FIGURE_MAX_POINTS);
    drawing->most_points = least(er_thin_share(points, n, means), ER_FIGURE_LINE_POINTS);
    drawing->most_runs = er_thin_share(samples, n, runs);
    return ER_OK;
}
