/* figure_limits.c - whether a figure can be drawn, as far as the grid tells before anything is computed. */
#include "study/study.h"

#include <inttypes.h>
#include <string.h>

/* Different values of the axis `path` among the points: exactly while they are at most `most` (<=
 * ER_FIGURE_MAX_WORDS), else any number above. The values of an axis may repeat where several paths vary
 * together. */
static int64_t different(const struct er_study *study, const struct er_axis *axis, int64_t most)
{
    const char *seen[ER_FIGURE_MAX_WORDS];
    if (axis->values <= most || strcmp(axis->path, "seed") == 0) return axis->values;
    int64_t n = 0, last = 0;
    for (int64_t i = 0; i < study->runs; i++) {
        const struct er_setting *setting = er_point_get(&study->point[i], axis->path);
        if (!setting) continue;
        const char *text = setting->label ? setting->label : setting->text;
        if (last >= n || strcmp(seen[last], text) != 0) /* neighbouring points mostly agree */
            for (last = 0; last < n && strcmp(seen[last], text) != 0;) last++;
        if (last < n) continue;
        if (n == most) return most + 1;
        seen[n++] = text;
    }
    return n;
}

static const struct er_axis *find(const struct er_study *study, const char *path)
{
    for (int64_t a = 0; path && a < study->axes; a++)
        if (strcmp(study->axis[a].path, path) == 0) return &study->axis[a];
    return NULL;
}

bool er_study_colours_fit(const struct er_study *study, const char *path, int64_t quantities)
{
    const struct er_axis *axis = find(study, path);
    const int64_t most = ER_FIGURE_MAX_SERIES / quantities;
    return !axis || different(study, axis, most) <= most;
}

/* How many different values the column has; one where it is no axis. */
static int64_t values(const struct er_study *study, const char *path, int64_t most)
{
    const struct er_axis *axis = find(study, path);
    return axis ? different(study, axis, most) : 1;
}

static enum er_status slider_fits(const struct er_study *study, const struct er_figure *figure,
                                  struct er_error *err)
{
    const int64_t steps = values(study, figure->slider, ER_FIGURE_MAX_STEPS);
    if (steps > ER_FIGURE_MAX_STEPS)
        return er_fail_at(err, ER_E_LIMIT, study->file, figure->line, figure->column,
                          "figures.slider: %s has more than the %d values that a slider shows",
                          figure->slider, ER_FIGURE_MAX_STEPS);
    const int64_t colours = figure->colour ? values(study, figure->colour, ER_FIGURE_MAX_SERIES) : 1;
    const int64_t series = colours * (figure->n_y + figure->n_points) * steps;
    if (series <= ER_FIGURE_MAX_ALL_SERIES) return ER_OK;
    return er_fail_at(err, ER_E_LIMIT, study->file, figure->line, figure->column,
                      "figures.slider: %" PRId64 " series at the %" PRId64
                      " values of %s together; a figure holds at most %d",
                      series, steps, figure->slider, ER_FIGURE_MAX_ALL_SERIES);
}

enum er_status er_study_figure_fits(const struct er_study *study, const struct er_figure *figure,
                                    struct er_error *err)
{
    const struct er_axis *x = find(study, figure->x);
    const bool continuum = figure->colour && !er_study_has_words(study, figure->colour) &&
                           (strcmp(figure->mark, "point") == 0 || strcmp(figure->mark, "map") == 0);
    const int64_t quantities = figure->n_y + figure->n_points;
    if (!continuum && !er_study_colours_fit(study, figure->colour, quantities))
        return er_fail_at(err, ER_E_LIMIT, study->file, figure->line, figure->column,
                          "figures.colour: %s has more than %" PRId64
                          " values; a figure shows at most %d series, values times columns of y",
                          figure->colour, ER_FIGURE_MAX_SERIES / quantities, ER_FIGURE_MAX_SERIES);
    if (x && er_study_has_words(study, figure->x) &&
        different(study, x, ER_FIGURE_MAX_WORDS) > ER_FIGURE_MAX_WORDS)
        return er_fail_at(err, ER_E_LIMIT, study->file, figure->line, figure->column,
                          "figures.x: %s has more than the %d different words that a figure shows", figure->x,
                          ER_FIGURE_MAX_WORDS);
    return figure->slider ? slider_fits(study, figure, err) : ER_OK;
}
