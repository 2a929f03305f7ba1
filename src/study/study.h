/* study.h - the inside of a parsed study. */
#ifndef ERMINE_STUDY_STUDY_H
#define ERMINE_STUDY_STUDY_H

#include "study/grid.h"

#include <ermine/measure.h>

/* The seeds of each point: 0..n-1, or a list. */
struct er_seeds {
    const uint64_t *list; /* NULL: 0..n-1 */
    int64_t n;
};

struct er_study {
    struct er_arena *arena; /* holds all but point and setting */
    const char *name, *title, *file, *source;
    const struct er_experiment *experiment;
    const struct er_study *reads; /* the earlier study whose results it reads, or NULL */
    const struct er_column
        *run_column; /* the experiment's, its reader's, then a column for each measure asked for */
    struct er_axis *axis;
    int64_t axes;
    struct er_point *point; /* runs of them; the seeds of a grid point share its settings */
    int64_t runs;
    const struct er_setting **setting; /* of all grid points, one after the other */
    struct er_figure *figure;
    int64_t figures;
    struct er_claim *claim;
    int64_t claims;
};

/* Fills runs, point and setting from the grid, and has the experiment check each grid point. */
enum er_status er_study_points(struct er_study *study, const struct er_grid *grid,
                               const struct er_seeds *seeds, struct er_error *err);

/* Fills axis and axes: the columns that vary. */
enum er_status er_study_columns(struct er_study *study, const struct er_grid *grid,
                                const struct er_seeds *seeds, struct er_error *err);

/* Fills `reads` with the study that is named, one of origin->earlier, and *source (cleared by the caller in any case)
 * with its runs as er_study_grid() has them; adds the axis that the experiment makes of it. ER_E_INPUT with the place. */
enum er_status er_study_read_source(struct er_study *study, struct er_grid *grid,
                                    const struct er_study_origin *origin, struct er_table *source,
                                    struct er_error *err);

/* What the experiment has to say of each point and its source; `table` is that of er_study_read_source(). */
enum er_status er_study_check_source(const struct er_study *study, const struct er_grid *grid,
                                     const struct er_table *table, struct er_error *err);

/* The study that `study` reads, as its experiment sees it, in *room; NULL when it reads none. */
const struct er_source *er_study_source_of(const struct er_study *study, const struct er_table *table,
                                           struct er_source *room);

/* The table of a study's runs, with the values of its axes alone; cleared by er_table_clear(). ER_E_NOMEM. */
enum er_status er_study_grid(const struct er_study *study, struct er_table *out, struct er_error *err);

/* Fills run_column; `table` as above. */
enum er_status er_study_run_columns(struct er_study *study, const struct er_table *table,
                                    struct er_error *err);

struct er_buffer;

/* Appends " NAME VERSION" to a key's line of versions, which it begins unless it is `begun`; nothing for a measure of
 * version 0. Returns whether the line is begun then. */
bool er_key_version(struct er_buffer *text, const struct er_measure *measure, bool begun);

/* Whether the key `path` is a seed, of whatever: its values are repetitions of one experiment. */
bool er_study_is_repetition(const char *path);

/* Whether the key `path` holds a number. */
bool er_study_is_number(const char *path);

/* Whether the values of the axis `path` (NULL or no axis: one) times the quantities are no more series than a
 * figure shows. Cost: at most the points times ER_FIGURE_MAX_SERIES, and nothing for a short axis. */
bool er_study_colours_fit(const struct er_study *study, const char *path, int64_t quantities);

/* The same of a figure as asked for, and its words along x: ER_E_LIMIT at the figure's place. What the grid
 * does not tell, such as a colour that is a result, is seen when it is drawn. */
enum er_status er_study_figure_fits(const struct er_study *study, const struct er_figure *figure,
                                    struct er_error *err);

/* Whether runs or curves have the column `name`. */
bool er_study_has_column(const struct er_study *study, const char *name);

/* Whether the column `name` holds words: why a run ended, models, the words of a choice. */
bool er_study_has_words(const struct er_study *study, const char *name);

/* True for a histogram, a strip and a ridgeline: the values of y lie along x, and no column does. */
bool er_study_is_distribution(const struct er_figure *figure);

/* Whether the keys of a figure go together, which was read from the map `node`: ER_E_INPUT at the place of the
 * one that does not. */
enum er_status er_study_figure_check(const struct er_study *study, const struct er_node *node,
                                     const struct er_figure *figure, struct er_error *err);

/* Fills at_x, at_y and their labels from the map `node`. ER_E_INPUT with the place. */
enum er_status er_study_references_read(const struct er_study *study, const struct er_node *node,
                                        struct er_figure *figure, struct er_error *err);

/* A reference line as an author would write it. False where `text` is neither a number nor a key that is the
 * same number in all runs. */
bool er_study_reference(const struct er_study *study, const char *text, double *at);

/* The figures' row of the schema for a key; NULL: there is none. */
const struct er_schema_row *er_study_figure_row(const char *key);

/* Fills figure and figures with those of the experiment's defaults that suit the axes. Cost: as reading the
 * grid. */
enum er_status er_study_default_figures(struct er_study *study, struct er_error *err);

/* Fills figure and figures from the list `node`, or with the defaults when it is NULL. The axes and points are
 * known. */
enum er_status er_study_figures_read(struct er_study *study, const struct er_node *node,
                                     struct er_error *err);

/* Whether the first run has one of the keys (separated by blanks): what a default asks for. */
bool er_study_has_one(const struct er_study *study, const char *keys);

/* Fills claim and claims from the list `node`, or with the defaults that suit when it is NULL. The axes and
 * points are known. */
enum er_status er_study_claims_read(struct er_study *study, const struct er_node *node, struct er_error *err);

#endif
