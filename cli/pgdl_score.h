/* pgdl_score.h - how well measures rank the models of tasks: a row for each measure and task, and means over tasks. */
#ifndef ERMINE_CLI_PGDL_SCORE_H
#define ERMINE_CLI_PGDL_SCORE_H

#include <ermine/pgdl.h>

/* Scores of one measure on one task; NaN where there is none. */
struct pgdl_score {
    double pgdl, strict, tau_a, tau_b, psi;
    int64_t models, missing; /* compared; without a value */
};

struct pgdl_scores {
    int64_t tasks, measures;
    const char **task;        /* their names */
    const char **why;         /* why a task has no official score of any measure; NULL: it has */
    struct pgdl_score *score; /* tasks x measures */
    const struct er_measure *const *measure;
    struct er_arena *memory;
};

/* Room for that many tasks. ER_E_NOMEM. pgdl_scores_clear() frees it. */
enum er_status pgdl_scores_new(int64_t tasks, const struct er_measure *const *measure, int64_t measures,
                               struct pgdl_scores *out, struct er_error *err);
void pgdl_scores_clear(struct pgdl_scores *scores);

/* Scores of task t from what was measured of it. A task without accuracies has none: `why` says so. */
enum er_status pgdl_score_task(struct pgdl_scores *scores, int64_t t, const struct er_pgdl_task *task,
                               const struct er_pgdl_measured *measured, struct er_pool *pool,
                               struct er_error *err);

/* Rows of task t; -1: of all tasks and, where there are several, their means, named "mean": over the tasks that have an official
 * score of the measure, as the competition takes it. Cleared by er_table_clear(). */
enum er_status pgdl_scores_table(const struct pgdl_scores *scores, int64_t t, struct er_table *out,
                                 struct er_error *err);

#endif
