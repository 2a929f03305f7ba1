/* aggregate.c - a figure's rows gathered into series, and over the seeds into mean, smallest and largest. */
#include "note/aggregate.h"

#include "note/utf8.h"
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

static int compare_numbers(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The different numbers of a column, rising. */
static bool distinct_numbers(const struct er_table *table, int64_t column, struct er_arena *memory,
                             struct er_values *out)
{
    double *number = er_arena_alloc(memory, table->rows, sizeof *number);
    if (!number) return false;
    int64_t n = 0, kept = 0;
    for (int64_t i = 0; i < table->rows; i++)
        if (isfinite(cell(table, i, column)->number)) number[n++] = cell(table, i, column)->number;
    qsort(number, (size_t)n, sizeof *number, compare_numbers);
    for (int64_t i = 0; i < n; i++)
        if (kept == 0 || number[i] != number[kept - 1]) number[kept++] = number[i];
    *out = (struct er_values){.numeric = true, .n = kept, .number = number};
    return true;
}

/* A copy in UTF-8. */
static const char *clean(struct er_arena *memory, const char *text)
{
    char *copy = er_arena_strdup(memory, text);
    if (copy) er_utf8_clean(copy);
    return copy;
}

/* The different words of a column in the order of the table, and for each row the index of its word (-1:
 * none). */
static enum er_status distinct_words(const struct er_table *table, int64_t column, int64_t limit,
                                     struct er_arena *memory, struct er_values *out, int64_t *index)
{
    const char **raw = er_arena_alloc(memory, limit, sizeof *raw);
    const char **text = er_arena_alloc(memory, limit, sizeof *text);
    if (!raw || !text) return ER_E_NOMEM;
    int64_t n = 0, last = 0;
    for (int64_t i = 0; i < table->rows; i++) {
        const char *word = cell(table, i, column)->text;
        index[i] = -1;
        if (!word) continue;
        if (last >= n || strcmp(raw[last], word) != 0) /* neighbouring rows mostly agree */
            for (last = 0; last < n && strcmp(raw[last], word) != 0;) last++;
        if (last == n) {
            if (n == limit) return ER_E_LIMIT;
            raw[n] = word;
            text[n] = clean(memory, word);
            if (!text[n++]) return ER_E_NOMEM;
        }
        index[i] = last;
    }
    *out = (struct er_values){.n = n, .text = text};
    return ER_OK;
}

static int64_t find_number(const struct er_values *values, double number)
{
    int64_t low = 0, high = values->n;
    while (low < high) {
        int64_t middle = (low + high) / 2;
        if (values->number[middle] < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static int compare_samples(const void *a, const void *b)
{
    const struct er_sample *s = a, *t = b;
    if (s->colour != t->colour) return s->colour < t->colour ? -1 : 1;
    if (s->x != t->x) return s->x < t->x ? -1 : 1;
    return (s->row > t->row) - (s->row < t->row);
}

struct making {
    const struct er_view *view;
    struct er_arena *memory;
    struct er_aggregate *out;
    bool *lacking;       /* for each row: some quantity, x or the colour has no value */
    int64_t *word, *hue; /* for each row: index of x's word, index of the colour's value; -1: no value */
    bool *astray;        /* for each row: it is of the curve of a run that diverged; NULL: none is */
    bool *sound;         /* for each colour: some run did not diverge */
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

/* Marks the curves of runs that diverged. Curves come in the order of their runs. */
static bool find_astray(struct making *m)
{
    const struct er_table *curves = m->view->table, *runs = m->view->runs;
    bool any = false;
    for (int64_t i = 0; i < runs->rows && m->view->curves && !any; i++) any = diverged(runs, i);
    if (!any) return true;
    const int64_t colours = m->out->colour.n > 0 ? m->out->colour.n : 1;
    m->astray = er_arena_alloc(m->memory, curves->rows, sizeof *m->astray);
    m->sound = er_arena_alloc(m->memory, colours, sizeof *m->sound);
    if (!m->astray || !m->sound) return false;
    for (int64_t i = 0, run = 0; i < curves->rows; i++) {
        while (run < runs->rows && !is_of(curves, i, runs, run)) run++;
        m->astray[i] = run < runs->rows && diverged(runs, run);
        if (!m->astray[i] && m->hue[i] >= 0) m->sound[m->hue[i]] = true;
    }
    return true;
}

/* Samples of quantity q, sorted by colour, x and row. */
static struct er_sample *gather(struct making *m, int64_t q, int64_t *n)
{
    const struct er_table *table = m->view->table;
    struct er_sample *sample = er_arena_alloc(m->memory, table->rows, sizeof *sample);
    *n = 0;
    for (int64_t i = 0; sample && i < table->rows; i++) {
        const double y = cell(table, i, m->view->y[q])->number;
        const double x = m->view->x_numeric ? cell(table, i, m->view->x)->number
                         : m->word[i] < 0   ? (double)NAN
                                            : (double)m->word[i];
        if (isinf(x) || isinf(y)) m->out->infinite++;
        if (isnan(x) || isnan(y) || m->hue[i] < 0) m->lacking[i] = true;
        if (!isfinite(x) || !isfinite(y) || m->hue[i] < 0) continue;
        if (m->astray && m->astray[i] && m->sound[m->hue[i]]) continue;
        sample[(*n)++] = (struct er_sample){.colour = m->hue[i], .x = x, .y = y, .row = i};
    }
    if (sample) qsort(sample, (size_t)*n, sizeof *sample, compare_samples);
    return sample;
}

static bool summarise(struct making *m, struct er_series *series)
{
    struct er_summary *point = er_arena_alloc(m->memory, series->samples, sizeof *point);
    if (!point) return false;
    int64_t n = 0;
    for (int64_t i = 0; i < series->samples; i++) {
        const struct er_sample *s = &series->sample[i];
        if (n == 0 || point[n - 1].x != s->x)
            point[n++] = (struct er_summary){.x = s->x, .low = s->y, .high = s->y};
        struct er_summary *p = &point[n - 1];
        p->mean += s->y;
        p->low = fmin(p->low, s->y);
        p->high = fmax(p->high, s->y);
        p->n++;
    }
    for (int64_t i = 0; i < n; i++) {
        point[i].mean /= (double)point[i].n;
        if (m->out->fewest == 0 || point[i].n < m->out->fewest) m->out->fewest = point[i].n;
        if (point[i].n > m->out->most) m->out->most = point[i].n;
    }
    series->point = point;
    series->points = n;
    return true;
}

static enum er_status make_series(struct making *m, struct er_error *err)
{
    struct er_aggregate *out = m->out;
    out->series = er_arena_alloc(m->memory, ER_FIGURE_MAX_SERIES, sizeof *out->series);
    if (!out->series) return out_of_memory(err);
    for (int64_t q = 0; q < m->view->n_y; q++) {
        int64_t n;
        struct er_sample *sample = gather(m, q, &n);
        if (!sample) return out_of_memory(err);
        for (int64_t begin = 0, end; begin < n; begin = end) {
            for (end = begin; end < n && sample[end].colour == sample[begin].colour;) end++;
            if (out->n_series == ER_FIGURE_MAX_SERIES) return ER_E_LIMIT;
            struct er_series *series = &out->series[out->n_series++];
            *series = (struct er_series){
                .y = q, .colour = sample[begin].colour, .sample = sample + begin, .samples = end - begin};
            series->diverged = m->astray && !m->sound[series->colour];
            if (!summarise(m, series)) return out_of_memory(err);
        }
    }
    return ER_OK;
}

static enum er_status colour_rows(struct making *m, struct er_error *err)
{
    const struct er_table *table = m->view->table;
    const int64_t column = m->view->colour;
    struct er_aggregate *out = m->out;
    if (column < 0) return ER_OK;
    if (!table->column[column].numeric)
        return distinct_words(table, column, ER_FIGURE_MAX_SERIES, m->memory, &out->colour, m->hue);
    if (!distinct_numbers(table, column, m->memory, &out->colour)) return out_of_memory(err);
    out->continuum = out->colour.n > ER_FIGURE_FEW && m->view->mark == ER_MARK_POINT;
    for (int64_t i = 0; i < table->rows; i++) {
        const double number = cell(table, i, column)->number;
        m->hue[i] = !isfinite(number) ? -1 : out->continuum ? 0 : find_number(&out->colour, number);
    }
    return ER_OK;
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
        if (!table->column[j].axis || j == m->view->x || j == m->view->colour || j == m->view->seed) continue;
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
    m.lacking = er_arena_alloc(memory, table->rows, sizeof *m.lacking);
    if (!m.word || !m.hue || !m.lacking) return out_of_memory(err);
    enum er_status status = ER_OK;
    if (!view->x_numeric)
        status = distinct_words(table, view->x, ER_FIGURE_MAX_WORDS, memory, &made.x, m.word);
    if (status == ER_E_LIMIT)
        return er_fail_at(err, status, NULL, figure->line, figure->column,
                          "figure: x: \"%s\" has more than %d different words", figure->x,
                          ER_FIGURE_MAX_WORDS);
    if (status == ER_OK) status = colour_rows(&m, err);
    if (status == ER_OK && !find_astray(&m)) status = ER_E_NOMEM;
    if (status == ER_OK) status = make_series(&m, err);
    if (status == ER_E_LIMIT)
        return er_fail_at(err, status, NULL, figure->line, figure->column,
                          "figure: more than %d series; choose a colour with fewer values",
                          ER_FIGURE_MAX_SERIES);
    if (status == ER_OK) count_lacking(&m);
    if (status == ER_OK) status = name_averaged(&m, err);
    if (status == ER_E_NOMEM) return out_of_memory(err);
    if (status != ER_OK) return status;
    if (view->seed >= 0 && view->seed != view->x && view->seed != view->colour &&
        table->column[view->seed].numeric) {
        struct er_values seeds;
        if (!distinct_numbers(table, view->seed, memory, &seeds)) return out_of_memory(err);
        made.seeds = seeds.n;
    }
    *out = made;
    return ER_OK;
}
