/* figure_check.c - which keys of a figure go together. */
#include "study/study.h"

#include <string.h>

enum { LINE = 1, POINT = 2, BAR = 4, HISTOGRAM = 8, ALL = LINE | POINT | BAR | HISTOGRAM };

static unsigned mark_of(const struct er_figure *figure)
{
    static const char *const word[] = {"line", "point", "bar", "histogram"};
    for (unsigned i = 0; i < sizeof word / sizeof *word; i++)
        if (strcmp(word[i], figure->mark) == 0) return 1U << i;
    return 0;
}

/* The marks that a key belongs to, and what to say of the others. */
static const struct {
    const char *key;
    unsigned marks;
    const char *why;
} belongs[] = {
    {"x", ALL & ~HISTOGRAM, "a histogram has counts along its other axis; leave x out"},
    {"x_scale", ALL & ~HISTOGRAM,
     "a histogram has counts along its other axis; y_scale is that of the values"},
    {"statistic", ALL & ~HISTOGRAM, "a histogram shows every value and averages none"},
    {"points", LINE, "points lie over lines; use mark: line"},
    {"bins", HISTOGRAM, "only a histogram has bins; use mark: histogram"},
    {"at_x", LINE | POINT, "only lines and points have numbers along x; at_y is a value of y"},
};

static const struct er_node *find(const struct er_node *map, const char *key)
{
    for (const struct er_node *m = map->child; m; m = m->next)
        if (strcmp(m->key, key) == 0) return m;
    return NULL;
}

static enum er_status refuse(const struct er_study *study, const struct er_node *node, const char *why,
                             struct er_error *err)
{
    return er_fail_at(err, ER_E_INPUT, study->file, node->key_line, node->key_column, "figures.%s: %s",
                      node->key, why);
}

enum er_status er_study_figure_check(const struct er_study *study, const struct er_node *node,
                                     const struct er_figure *figure, struct er_error *err)
{
    const unsigned mark = mark_of(figure);
    for (size_t i = 0; i < sizeof belongs / sizeof *belongs; i++) {
        const struct er_node *at = find(node, belongs[i].key);
        if (at && !(belongs[i].marks & mark)) return refuse(study, at, belongs[i].why, err);
    }
    const struct er_node *at_x = find(node, "at_x"), *slider = find(node, "slider");
    if (at_x && er_study_has_words(study, figure->x))
        return refuse(study, at_x, "the x axis has words and no place for a number", err);
    if (slider && figure->x && strcmp(figure->slider, figure->x) == 0)
        return refuse(study, slider, "this column is along x already", err);
    if (slider && figure->colour && strcmp(figure->slider, figure->colour) == 0)
        return refuse(study, slider, "this column is the colour already", err);
    return ER_OK;
}
