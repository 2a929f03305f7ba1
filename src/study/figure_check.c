/* figure_check.c - which keys of a figure go together. */
#include "study/study.h"

#include <string.h>

enum {
    LINE = 1,
    POINT = 2,
    BAR = 4,
    HISTOGRAM = 8,
    STRIP = 16,
    RIDGELINE = 32,
    MAP = 64,
    DISTRIBUTION = HISTOGRAM | STRIP | RIDGELINE,
    ALL = LINE | POINT | BAR | DISTRIBUTION | MAP
};

static unsigned mark_of(const struct er_figure *figure)
{
    static const char *const word[] = {"line", "point", "bar", "histogram", "strip", "ridgeline", "map"};
    for (unsigned i = 0; i < sizeof word / sizeof *word; i++)
        if (strcmp(word[i], figure->mark) == 0) return 1U << i;
    return 0;
}

bool er_study_is_distribution(const struct er_figure *figure)
{
    return (mark_of(figure) & DISTRIBUTION) != 0;
}

/* The marks that a key belongs to, and what to say of the others. */
static const struct {
    const char *key;
    unsigned marks;
    const char *why;
} belongs[] = {
    {"x", ALL & ~HISTOGRAM, "a histogram has counts along its other axis; leave x out"},
    {"x", ALL & ~DISTRIBUTION, "values lie along x here, in a row for each colour; leave x out"},
    {"x_scale", ALL & ~DISTRIBUTION, "only y names values here; y_scale is their scale"},
    {"x_scale", ALL & ~MAP, "a map shows a plane, both of whose axes are linear"},
    {"y_scale", ALL & ~MAP, "a map shows a plane, both of whose axes are linear"},
    {"statistic", ALL & ~HISTOGRAM, "a histogram shows every value and averages none"},
    {"statistic", ALL & ~(DISTRIBUTION | MAP), "this mark shows every value and averages none"},
    {"points", LINE, "points lie over lines; use mark: line"},
    {"bins", HISTOGRAM, "only a histogram has bins; use mark: histogram"},
    {"at_x", LINE | POINT, "only lines and points have numbers along x; at_y is a value of y"},
    {"at_y", ALL & ~MAP, "a map has no reference lines; contours are lines of one value"},
    {"colour_scale", MAP, "only the colours of a map have a scale; use mark: map"},
    {"regions", MAP, "only a map has regions; use mark: map"},
    {"contours", MAP, "only a map has contours; use mark: map"},
    {"marks", MAP, "only a map has marks; use mark: map"},
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

/* What a map must have, and what not together. */
static enum er_status check_map(const struct er_study *study, const struct er_node *node,
                                const struct er_figure *figure, struct er_error *err)
{
    static const char *const columns[] = {"x", "colour", "color", "contours", "marks"};
    const struct er_node *regions = find(node, "regions"), *y = find(node, "y");
    if (figure->n_y > 1) return refuse(study, y, "a map has one column along y", err);
    if (regions && figure->n_regions != 2) return refuse(study, regions, "two columns are expected", err);
    if (regions && figure->colour)
        return refuse(study, regions, "colour fills the map already; leave one of them out", err);
    if (!regions && !figure->colour && !figure->contours)
        return er_fail_at(err, ER_E_INPUT, study->file, figure->line, figure->column,
                          "figures: a map shows colour, regions or contours; this one has none of them");
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        const struct er_node *at = find(node, columns[i]);
        if (at && er_study_has_words(study, at->text))
            return refuse(study, at, "this column holds words, not numbers", err);
    }
    return ER_OK;
}

enum er_status er_study_figure_check(const struct er_study *study, const struct er_node *node,
                                     const struct er_figure *figure, struct er_error *err)
{
    const unsigned mark = mark_of(figure);
    for (size_t i = 0; i < sizeof belongs / sizeof *belongs; i++) {
        const struct er_node *at = find(node, belongs[i].key);
        if (at && !(belongs[i].marks & mark)) return refuse(study, at, belongs[i].why, err);
    }
    if (mark == MAP) return check_map(study, node, figure, err);
    const struct er_node *at_x = find(node, "at_x"), *slider = find(node, "slider");
    if (at_x && er_study_has_words(study, figure->x))
        return refuse(study, at_x, "the x axis has words and no place for a number", err);
    if (slider && figure->x && strcmp(figure->slider, figure->x) == 0)
        return refuse(study, slider, "this column is along x already", err);
    if (slider && figure->colour && strcmp(figure->slider, figure->colour) == 0)
        return refuse(study, slider, "this column is the colour already", err);
    return ER_OK;
}
