/* default_figures.c - the figures of a study whose author asked for none, chosen by the axes that it has.
 *
 * An axis counts when it has more than one value, when every run has it, and when no earlier axis fixes its
 * value (paths that are zipped, or are together in a list of maps, vary as one). Seeds of any kind are
 * repetitions and count for nothing: figures show means over them. Along x goes the axis of numbers with
 * the most values, else the first one of words, and then points become bars.
 */
#include "study/study.h"

#include <string.h>

enum { MOST_AXES = 16, MOST_Y = 20 };

struct choice {
    const struct er_study *study;
    const struct er_axis *axis[MOST_AXES]; /* those that count */
    int64_t n;
    const struct er_axis *x; /* NULL: none counts */
};

/* Points differ where their settings do; seeds of one grid point share them. */
static bool repeats(const struct er_study *study, int64_t run)
{
    return run > 0 && study->point[run].setting == study->point[run - 1].setting;
}

bool er_study_is_repetition(const char *path)
{
    const size_t n = strlen(path), seed = sizeof "seed" - 1;
    return strstr(path, ".seed.") || (n >= seed && strcmp(path + n - seed, "seed") == 0);
}

static bool everywhere(const struct er_study *study, const char *path)
{
    for (int64_t i = 0; i < study->runs; i++)
        if (!repeats(study, i) && !er_point_get(&study->point[i], path)) return false;
    return true;
}

/* Whether the value of a fixes that of b: as far as ER_FIGURE_MAX_WORDS values of a tell. */
static bool fixes(const struct er_study *study, const char *a, const char *b)
{
    const char *of_a[ER_FIGURE_MAX_WORDS], *of_b[ER_FIGURE_MAX_WORDS];
    int64_t n = 0, k = 0;
    for (int64_t i = 0; i < study->runs; i++) {
        if (repeats(study, i)) continue;
        const char *value = er_point_text(&study->point[i], a, ""),
                   *other = er_point_text(&study->point[i], b, "");
        if (k >= n || strcmp(of_a[k], value) != 0) /* neighbouring points mostly agree */
            for (k = 0; k < n && strcmp(of_a[k], value) != 0;) k++;
        if (k < n && strcmp(of_b[k], other) != 0) return false;
        if (k < n) continue;
        if (n == ER_FIGURE_MAX_WORDS) return false;
        of_a[n] = value;
        of_b[n++] = other;
    }
    return true;
}

static struct choice choose(const struct er_study *study)
{
    struct choice choice = {.study = study};
    for (int64_t a = 0; a < study->axes && choice.n < MOST_AXES; a++) {
        const struct er_axis *axis = &study->axis[a];
        bool counts =
            axis->values > 1 && !er_study_is_repetition(axis->path) && everywhere(study, axis->path);
        for (int64_t k = 0; k < choice.n && counts; k++)
            counts = !fixes(study, choice.axis[k]->path, axis->path);
        if (counts) choice.axis[choice.n++] = axis;
    }
    for (int64_t k = 0; k < choice.n; k++)
        if (er_study_is_number(choice.axis[k]->path) &&
            (!choice.x || choice.axis[k]->values > choice.x->values))
            choice.x = choice.axis[k];
    if (!choice.x && choice.n > 0) choice.x = choice.axis[0];
    return choice;
}

/* The first axis, other than `except`, with no more values than a figure of so many quantities shows; or NULL.
 */
static const char *colour(const struct choice *choice, const char *except, int64_t quantities)
{
    for (int64_t k = 0; k < choice->n; k++) {
        const char *path = choice->axis[k]->path;
        if ((!except || strcmp(path, except) != 0) && er_study_colours_fit(choice->study, path, quantities))
            return path;
    }
    return NULL;
}

bool er_study_has_one(const struct er_study *study, const char *keys)
{
    for (int64_t i = 0; i < study->point[0].n; i++) {
        const struct er_setting *setting = study->point[0].setting[i];
        const char *path = setting->row->path, *at = strstr(keys, path);
        const size_t n = strlen(path);
        for (; at && setting->present; at = strstr(at + 1, path))
            if ((at == keys || at[-1] == ' ') && (at[n] == ' ' || at[n] == '\0')) return true;
    }
    return false;
}

/* Whether all points are such; NULL: any are. */
static bool all_are(const struct er_study *study, er_default_when *when)
{
    for (int64_t i = 0; when && i < study->runs; i++)
        if (!repeats(study, i) && !when(&study->point[i])) return false;
    return true;
}

static bool wanted(const struct choice *choice, const struct er_default_figure *from)
{
    if (from->with && !er_study_has_one(choice->study, from->with)) return false;
    if (from->without && er_study_has_one(choice->study, from->without)) return false;
    if (!all_are(choice->study, from->when)) return false;
    switch (from->axes) {
    case ER_DEFAULT_ANY_AXES:
        return true;
    case ER_DEFAULT_NO_AXIS:
        return choice->n == 0;
    case ER_DEFAULT_ONE_AXIS:
        return choice->n == 1;
    case ER_DEFAULT_SOME_AXES:
        return choice->n >= 1;
    case ER_DEFAULT_MORE_AXES:
        return choice->n >= 2;
    }
    return false;
}

/* The names in `names`, which are separated by blanks. */
static enum er_status split(struct er_study *study, const char *names, const char *const **out, int64_t *n,
                            struct er_error *err)
{
    char *text = er_arena_strdup(study->arena, names), *rest = NULL;
    const char **name = er_arena_alloc(study->arena, MOST_Y, sizeof *name);
    if (!text || !name) return er_fail(err, ER_E_NOMEM, "study: out of memory");
    for (char *word = strtok_r(text, " ", &rest); word && *n < MOST_Y; word = strtok_r(NULL, " ", &rest))
        name[(*n)++] = word;
    *out = name;
    return ER_OK;
}

static struct er_reference reference(const struct er_study *study, const char *text, const char *label)
{
    struct er_reference line = {.label = label};
    line.drawn = text && er_study_reference(study, text, &line.at);
    return line;
}

/* The column of a slider: it is one of the study's, and not shown in another way. */
static const char *slider(const struct choice *choice, const struct er_default_figure *from,
                          const struct er_figure *figure)
{
    const char *by = from->slider;
    if (by && strcmp(by, "axis") == 0)
        by = choice->x ? choice->x->path : NULL;
    else if (by && strcmp(by, "other") == 0)
        by = colour(choice, figure->x, figure->n_y);
    const bool shown = by && ((figure->x && strcmp(by, figure->x) == 0) ||
                              (figure->colour && strcmp(by, figure->colour) == 0));
    return by && !shown && er_study_has_column(choice->study, by) ? by : NULL;
}

static enum er_status make(struct er_study *study, const struct choice *choice,
                           const struct er_default_figure *from, const char *x, struct er_figure *out,
                           struct er_error *err)
{
    *out = (struct er_figure){.mark = from->mark,
                              .x = x,
                              .title = from->title,
                              .caption = from->caption,
                              .x_scale = from->x_scale,
                              .y_scale = from->y_scale,
                              .statistic = from->statistic,
                              .bins = from->bins,
                              .from = from->from,
                              .colour_scale = from->colour_scale,
                              .contours = from->contours,
                              .marks = from->marks};
    enum er_status status = split(study, from->y, &out->y, &out->n_y, err);
    if (status == ER_OK && from->regions)
        status = split(study, from->regions, &out->region, &out->n_regions, err);
    if (status == ER_OK && from->points)
        status = split(study, from->points, &out->points, &out->n_points, err);
    if (status != ER_OK) return status;
    if (x && x != from->x && strcmp(from->mark, "point") == 0 && !er_study_is_number(x)) out->mark = "bar";
    const char *by = from->colour;
    if (by && strcmp(by, "axis") == 0)
        by = colour(choice, NULL, out->n_y);
    else if (by && strcmp(by, "other") == 0)
        by = colour(choice, out->x, out->n_y);
    out->colour = by;
    out->slider = slider(choice, from, out);
    if (out->n_regions > 0) {
        out->region_label[0] = from->x_label;
        out->region_label[1] = from->y_label;
    }
    const bool numbers = x && !er_study_has_words(study, x) && strcmp(out->mark, "bar") != 0;
    if (numbers) out->at_x = reference(study, from->at_x, from->x_label);
    out->at_y = reference(study, from->at_y, from->y_label);
    return ER_OK;
}

enum er_status er_study_default_figures(struct er_study *study, struct er_error *err)
{
    const struct er_default_figure *usual = study->experiment->figure;
    const struct choice choice = choose(study);
    int64_t n = 0;
    while (usual[n].mark) n++;
    study->figure = er_arena_alloc(study->arena, n, sizeof *study->figure);
    if (!study->figure) return er_fail(err, ER_E_NOMEM, "study: out of memory");
    for (int64_t i = 0; i < n; i++) {
        const bool values = er_study_is_distribution(&(struct er_figure){.mark = usual[i].mark});
        const bool axis = usual[i].x && strcmp(usual[i].x, "axis") == 0;
        const char *x = values ? NULL : !axis ? usual[i].x : choice.x ? choice.x->path : NULL;
        if ((!x && !values) || !wanted(&choice, &usual[i])) continue;
        struct er_figure *figure = &study->figure[study->figures];
        enum er_status status = make(study, &choice, &usual[i], x, figure, err);
        if (status != ER_OK) return status;
        if (er_study_figure_fits(study, figure, NULL) == ER_OK) study->figures++;
    }
    return ER_OK;
}
