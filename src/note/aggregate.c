/* aggregate.c - a figure's rows gathered into series, and over the seeds into mean, smallest and largest. */
#include "note/aggregate.h"

#include "note/groups.h"
#include "note/overlay.h"
#include "note/words.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static enum er_status out_of_memory(struct er_error *err)
{
    return er_fail(err, ER_E_NOMEM, "out of memory while drawing a figure");
}

static const struct er_cell *cell(const struct er_table *table, int64_t row, int64_t column)
{
    return &table->cell[row * table->columns + column];
}

static int compare_samples(const void *a, const void *b)
{
    const struct er_sample *s = a, *t = b;
    if (s->step != t->step) return s->step < t->step ? -1 : 1;
    if (s->colour != t->colour) return s->colour < t->colour ? -1 : 1;
    if (s->x != t->x) return s->x < t->x ? -1 : 1;
    return (s->row > t->row) - (s->row < t->row);
}

static int compare_series(const void *a, const void *b)
{
    const struct er_series *s = a, *t = b;
    if (s->step != t->step) return s->step < t->step ? -1 : 1;
    if (s->y != t->y) return s->y < t->y ? -1 : 1;
    return (s->colour > t->colour) - (s->colour < t->colour);
}

struct making {
    const struct er_view *view;
    struct er_arena *memory;
    struct er_aggregate *out;
    bool *lacking;       /* for each row: some quantity, x or the colour has no value */
    int64_t *word, *hue; /* for each row: index of x's word, index of the colour's value; -1: no value */
    int64_t *step;       /* for each row: index of the slider's value */
    bool *astray;        /* for each row: it is of the curve of a run that diverged; NULL: none is */
    bool *sound;         /* for each colour and value of the slider: some run did not diverge */
};

static bool diverged(const struct er_table *runs, int64_t row)
{
    const int64_t outcome = er_table_find(runs, "outcome");
    const char *word = outcome < 0 ? NULL : cell(runs, row, outcome)->text;
    return word && strcmp(word, "diverged") == 0;
}

/* Whether a row of curves is of this run: they have the same axes. */
static bool is_of(const struct er_table *curves, int64_t row, const struct er_table *runs, int64_t run)
{
    for (int64_t j = 0; j < curves->columns && curves->column[j].axis; j++) {
        const int64_t k = er_table_find(runs, curves->column[j].name);
        if (k < 0) return false;
        const struct er_cell *a = cell(curves, row, j), *b = cell(runs, run, k);
        if (!curves->column[j].numeric && strcmp(a->text ? a->text : "", b->text ? b->text : "") != 0)
            return false;
        if (curves->column[j].numeric && a->number != b->number && !(isnan(a->number) && isnan(b->number)))
            return false;
    }
    return true;
}

/* Where `sound` has the flag of a colour at a value of the slider. */
static int64_t flag(const struct making *m, int64_t step, int64_t colour)
{
    return step * (m->out->colour.n > 0 ? m->out->colour.n : 1) + colour;
}

/* Marks the curves of runs that diverged. Curves come in the order of their runs. */
static bool find_astray(struct making *m)
{
    const struct er_table *curves = m->view->table, *runs = m->view->runs;
    bool any = false;
    for (int64_t i = 0; i < runs->rows && m->view->curves && !any; i++) any = diverged(runs, i);
    if (!any) return true;
    const int64_t steps = m->out->slider.n > 0 ? m->out->slider.n : 1;
    m->astray = er_arena_alloc(m->memory, curves->rows, sizeof *m->astray);
    m->sound = er_arena_alloc(m->memory, flag(m, steps, 0), sizeof *m->sound);
    if (!m->astray || !m->sound) return false;
    for (int64_t i = 0, run = 0; i < curves->rows; i++) {
        while (run < runs->rows && !is_of(curves, i, runs, run)) run++;
        m->astray[i] = run < runs->rows && diverged(runs, run);
        if (!m->astray[i] && m->hue[i] >= 0 && m->step[i] >= 0)
            m->sound[flag(m, m->step[i], m->hue[i])] = true;
    }
    return true;
}

/* x of a row of quantity q; NaN: it has none. */
static double x_of(const struct making *m, int64_t row, int64_t q)
{
    const struct er_view *view = m->view;
    if (view->x_numeric) return cell(view->table, row, view->x < 0 ? view->y[q] : view->x)->number;
    return m->word[row] < 0 ? (double)NAN : (double)m->word[row];
}

/* Samples of quantity q, sorted by slider, colour, x and row. */
static struct er_sample *gather(struct making *m, int64_t q, int64_t *n)
{
    const struct er_table *table = m->view->table;
    struct er_sample *sample = er_arena_alloc(m->memory, table->rows, sizeof *sample);
    *n = 0;
    for (int64_t i = 0; sample && i < table->rows; i++) {
        const double y = cell(table, i, m->view->y[q])->number;
        const double x = x_of(m, i, q);
        const bool placed = m->hue[i] >= 0 && m->step[i] >= 0;
        if (isinf(x) || isinf(y)) m->out->infinite++;
        if (isnan(x) || isnan(y) || !placed) m->lacking[i] = true;
        if (!isfinite(x) || !isfinite(y) || !placed) continue;
        if (m->astray && m->astray[i] && m->sound[flag(m, m->step[i], m->hue[i])]) continue;
        sample[(*n)++] =
            (struct er_sample){.step = m->step[i], .colour = m->hue[i], .x = x, .y = y, .row = i};
    }
    if (sample) qsort(sample, (size_t)*n, sizeof *sample, compare_samples);
    return sample;
}

static enum er_status count_groups(struct making *m, struct er_series *series)
{
    if (!er_groups_make(series, m->view->median, m->memory)) return ER_E_NOMEM;
    for (int64_t i = 0; i < series->points; i++) {
        const int64_t n = series->point[i].n;
        if (m->out->fewest == 0 || n < m->out->fewest) m->out->fewest = n;
        if (n > m->out->most) m->out->most = n;
    }
    return ER_OK;
}

/* Adds the series of quantity q to `list`, which has room for `most`. ER_E_LIMIT, ER_E_NOMEM. */
static enum er_status add_series(struct making *m, int64_t q, struct er_series *list, int64_t *n_list,
                                 int64_t most)
{
    int64_t n;
    const struct er_sample *sample = gather(m, q, &n);
    if (!sample) return ER_E_NOMEM;
    for (int64_t begin = 0, end; begin < n; begin = end) {
        const int64_t step = sample[begin].step, colour = sample[begin].colour;
        for (end = begin; end < n && sample[end].step == step && sample[end].colour == colour;) end++;
        if (*n_list == most) return ER_E_LIMIT;
        list[(*n_list)++] = (struct er_series){.y = q,
                                               .step = step,
                                               .colour = colour,
                                               .sample = sample + begin,
                                               .samples = end - begin,
                                               .diverged = m->astray && !m->sound[flag(m, step, colour)]};
    }
    return ER_OK;
}

static enum er_status make_series(struct making *m)
{
    struct er_aggregate *out = m->out;
    const struct er_view *view = m->view;
    const int64_t most = view->slider >= 0 ? ER_FIGURE_MAX_ALL_SERIES : ER_FIGURE_MAX_SERIES;
    out->series = er_arena_alloc(m->memory, most, sizeof *out->series);
    out->overlay = er_arena_alloc(m->memory, most, sizeof *out->overlay);
    if (!out->series || !out->overlay) return ER_E_NOMEM;
    enum er_status status = ER_OK;
    for (int64_t q = 0; q < view->n_y && status == ER_OK; q++)
        status = add_series(m, q, out->series, &out->n_series, most);
    for (int64_t q = view->n_y; q < view->n_y + view->n_points && status == ER_OK; q++)
        status = add_series(m, q, out->overlay, &out->n_overlay, most);
    for (int64_t s = 0; s < out->n_series && status == ER_OK && !er_mark_is_distribution(view->mark); s++)
        status = count_groups(m, &out->series[s]);
    qsort(out->series, (size_t)out->n_series, sizeof *out->series, compare_series);
    qsort(out->overlay, (size_t)out->n_overlay, sizeof *out->overlay, compare_series);
    if (status == ER_OK && !er_overlay_merge(view, out, m->memory)) status = ER_E_NOMEM;
    return status;
}

static enum er_status colour_rows(struct making *m, struct er_error *err)
{
    const struct er_table *table = m->view->table;
    const int64_t column = m->view->colour;
    struct er_aggregate *out = m->out;
    if (column < 0) return ER_OK;
    if (!table->column[column].numeric)
        return er_levels_words(table, column, ER_FIGURE_MAX_SERIES, m->memory, &out->colour, m->hue);
    if (!er_levels_numbers(table, column, m->memory, &out->colour)) return out_of_memory(err);
    out->continuum = out->colour.n > ER_FIGURE_FEW && m->view->mark == ER_MARK_POINT;
    for (int64_t i = 0; i < table->rows; i++) {
        const double number = cell(table, i, column)->number;
        m->hue[i] = !isfinite(number) ? -1 : out->continuum ? 0 : er_levels_find(&out->colour, number);
    }
    return ER_OK;
}

static enum er_status slider_rows(struct making *m)
{
    const struct er_table *table = m->view->table;
    const int64_t column = m->view->slider;
    struct er_values *slider = &m->out->slider;
    if (column < 0) return ER_OK;
    if (!table->column[column].numeric)
        return er_levels_words(table, column, ER_FIGURE_MAX_STEPS, m->memory, slider, m->step);
    if (!er_levels_numbers(table, column, m->memory, slider)) return ER_E_NOMEM;
    for (int64_t i = 0; i < table->rows; i++) {
        const double number = cell(table, i, column)->number;
        m->step[i] = isfinite(number) ? er_levels_find(slider, number) : -1;
    }
    return slider->n > ER_FIGURE_MAX_STEPS ? ER_E_LIMIT : ER_OK;
}

/* Runs that a figure of runs cannot show. A curve ends earlier where its run did, which is no gap; how many
 * diverged is counted. */
static void count_lacking(struct making *m)
{
    const struct er_table *runs = m->view->runs;
    for (int64_t i = 0; i < runs->rows; i++) {
        if (!m->view->curves && !m->lacking[i]) continue;
        m->out->lacking += !m->view->curves;
        m->out->diverged += diverged(runs, i);
    }
}

/* Words for the axes that are neither x nor colour nor seed and take more than one value. */
static enum er_status name_averaged(struct making *m, struct er_error *err)
{
    const struct er_table *table = m->view->table;
    struct er_buffer text = {0};
    for (int64_t j = 0; j < table->columns; j++) {
        if (!table->column[j].axis || j == m->view->x || j == m->view->colour || j == m->view->seed ||
            j == m->view->slider)
            continue;
        bool varies = false;
        for (int64_t i = 1; i < table->rows && !varies; i++) {
            const struct er_cell *a = cell(table, i, j), *b = cell(table, 0, j);
            varies = table->column[j].numeric
                         ? a->number != b->number && !(isnan(a->number) && isnan(b->number))
                         : strcmp(a->text ? a->text : "", b->text ? b->text : "") != 0;
        }
        if (!varies) continue;
        if (text.length > 0) er_buffer_text(&text, ", ");
        er_words_column(&text, table->column[j].name);
    }
    if (text.length > 0) m->out->averaged = er_arena_strdup(m->memory, text.data);
    const bool failed = text.status != ER_OK || (text.length > 0 && !m->out->averaged);
    er_buffer_clear(&text);
    return failed ? out_of_memory(err) : ER_OK;
}

enum er_status er_aggregate_make(const struct er_view *view, const struct er_figure *figure,
                                 struct er_arena *memory, struct er_aggregate *out, struct er_error *err)
{
    struct er_aggregate made = {0};
    const struct er_table *table = view->table;
    struct making m = {.view = view, .memory = memory, .out = &made};
    m.word = er_arena_alloc(memory, table->rows, sizeof *m.word);
    m.hue = er_arena_alloc(memory, table->rows, sizeof *m.hue);
    m.step = er_arena_alloc(memory, table->rows, sizeof *m.step);
    m.lacking = er_arena_alloc(memory, table->rows, sizeof *m.lacking);
    if (!m.word || !m.hue || !m.step || !m.lacking) return out_of_memory(err);
    enum er_status status = ER_OK;
    if (!view->x_numeric)
        status = er_levels_words(table, view->x, ER_FIGURE_MAX_WORDS, memory, &made.x, m.word);
    if (status == ER_E_LIMIT)
        return er_fail_at(err, status, NULL, figure->line, figure->column,
                          "figure: x: \"%s\" has more than %d different words", figure->x,
                          ER_FIGURE_MAX_WORDS);
    if (status == ER_OK) status = slider_rows(&m);
    if (status == ER_E_LIMIT)
        return er_fail_at(err, status, NULL, figure->line, figure->column,
                          "figure: slider: \"%s\" has more than the %d values that a slider shows",
                          figure->slider, ER_FIGURE_MAX_STEPS);
    if (status == ER_OK && view->mark == ER_MARK_MAP) { /* nothing falls together (map.h) */
        made.step = m.step;
        *out = made;
        return ER_OK;
    }
    if (status == ER_OK) status = colour_rows(&m, err);
    if (status == ER_OK && !find_astray(&m)) status = ER_E_NOMEM;
    if (status == ER_OK) status = make_series(&m);
    if (status == ER_E_LIMIT)
        return er_fail_at(err, status, NULL, figure->line, figure->column,
                          "figure: more than %d series; choose a colour with fewer values",
                          view->slider >= 0 ? ER_FIGURE_MAX_ALL_SERIES : ER_FIGURE_MAX_SERIES);
    if (status == ER_OK) count_lacking(&m);
    if (status == ER_OK) status = name_averaged(&m, err);
    if (status == ER_E_NOMEM) return out_of_memory(err);
    if (status != ER_OK) return status;
    if (view->seed >= 0 && view->seed != view->x && view->seed != view->colour &&
        view->seed != view->slider && table->column[view->seed].numeric) {
        struct er_values seeds;
        if (!er_levels_numbers(table, view->seed, memory, &seeds)) return out_of_memory(err);
        made.seeds = seeds.n;
    }
    *out = made;
    return ER_OK;
}
