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
        const char *text = er_point_text(&study->point[i], axis->path, NULL);
        if (!text) continue;
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

enum er_status er_study_figure_fits(const struct er_study *study, const struct er_figure *figure,
                                    bool x_words, bool colour_words, struct er_error *err)
{
    const struct er_axis *x = find(study, figure->x);
    const bool continuum = !colour_words && strcmp(figure->mark, "point") == 0;
    if (!continuum && !er_study_colours_fit(study, figure->colour, figure->n_y))
        return er_fail_at(err, ER_E_LIMIT, study->file, figure->line, figure->column,
                          "figures.colour: %s has more than %" PRId64
                          " values; a figure shows at most %d series, values times columns of y",
                          figure->colour, ER_FIGURE_MAX_SERIES / figure->n_y, ER_FIGURE_MAX_SERIES);
    if (x && x_words && different(study, x, ER_FIGURE_MAX_WORDS) > ER_FIGURE_MAX_WORDS)
        return er_fail_at(err, ER_E_LIMIT, study->file, figure->line, figure->column,
                          "figures.x: %s has more than the %d different words that a figure shows", figure->x,
                          ER_FIGURE_MAX_WORDS);
    return ER_OK;
}
