/* run_columns.c - the columns of a study's runs: the experiment's, those that depend on the study which it reads, then one
 * for each measure asked for.
 */
#include "study/study.h"

#include <string.h>

static int64_t count(const struct er_column *column)
{
    int64_t n = 0;
    while (column[n].name) n++;
    return n;
}

enum er_status er_study_run_columns(struct er_study *study, const struct er_table *table,
                                    struct er_error *err)
{
    const struct er_experiment *experiment = study->experiment;
    int64_t measures, more = 0, n = count(experiment->run_column);
    struct er_column *further = NULL;
    const char *words = er_point_text(&study->point[0], "measures", "");
    enum er_status status = ER_OK;
    struct er_source room;
    er_measure_list(&measures);
    if (experiment->reads)
        status = experiment->reads->columns(&study->point[0], er_study_source_of(study, table, &room),
                                            study->arena, &further, &more, err);
    if (status != ER_OK) return status;
    struct er_column *column = er_arena_alloc(study->arena, n + more + measures + 1, sizeof *column);
    if (!column) return er_fail(err, ER_E_NOMEM, "study: out of memory");
    memcpy(column, experiment->run_column, (size_t)n * sizeof *column);
    for (int64_t i = 0; i < more; i++) column[n++] = further[i];
    for (const struct er_measure *measure; (measure = er_measure_next(&words));)
        column[n++] = (struct er_column){.name = measure->name,
                                         .unit = measure->unit,
                                         .help = measure->help,
                                         .logarithmic = measure->logarithmic};
    study->run_column = column;
    return ER_OK;
}
